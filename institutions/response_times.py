"""How long it takes until somebody is asked, until a person acts, and until somebody agrees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Least

from institutions.deadlines import first_action_by
from institutions.models import AssistanceRequest, Offer, RequestTransition
from institutions.outcomes import Ratio, State


@dataclass(frozen=True)
class Spell:
    """How long something took, in minutes: half of them at most ``median``, nine of ten at most ``ninth``."""

    number: int
    of: int
    median: int | None = None
    ninth: int | None = None

    @property
    def never(self) -> int:
        return self.of - self.number


@dataclass(frozen=True)
class Times:
    """``urgency`` is empty for all of them together."""

    urgency: str
    first_offer: Spell
    first_answer: Spell
    agreed: Spell
    #: First answered within the working time that the network promises (domain.md A5.7).
    kept: Ratio


def times_of(requests: QuerySet[AssistanceRequest]) -> list[Times]:
    """By urgency, the most urgent first, and all together where there is more than one kind."""
    moves = RequestTransition.objects.filter(request=OuterRef("pk"))
    offers = Offer.objects.filter(request=OuterRef("pk"))
    # Somebody of the network did something: neither time itself nor the institution.
    acted = moves.filter(actor__isnull=False).exclude(old_state__in=("", State.DRAFT, State.NEEDS_INFO))
    acted = acted.exclude(new_state__in=(State.CANCELLED_BY_INSTITUTION, State.SUBMITTED))
    answered = offers.filter(state__in=(Offer.State.ACCEPTED, Offer.State.REFUSED, Offer.State.INTERESTED))
    rows = requests.annotate(
        offered=_earliest(offers, "made_at"),
        answered=Least(_earliest(acted, "at"), _earliest(answered, "answered_at")),
        agreed=_earliest(moves.filter(new_state=State.CONFIRMED), "at"),
    ).values_list("urgency", "submitted_at", "start_at", "offered", "answered", "agreed")
    found: dict[str, list[tuple]] = {}
    for urgency, sent, start, *moments in rows.iterator():
        spent = [max(moment - sent, timedelta(0)) if moment and sent else None for moment in moments]
        found.setdefault(urgency, []).append((*spent, _is_kept(urgency, sent, start, moments[1])))
    kinds = [kind for kind in reversed(AssistanceRequest.Urgency.values) if kind in found]
    groups = [(kind, found[kind]) for kind in kinds]
    if len(kinds) != 1:
        groups.append(("", [row for kind in kinds for row in found[kind]]))
    return [
        Times(
            kind,
            *(spell([row[place] for row in rows]) for place in range(3)),
            kept=Ratio(sum(row[3] for row in rows), len(rows)),
        )
        for kind, rows in groups
    ]


def _is_kept(urgency: str, sent: datetime | None, start: datetime, answered: datetime | None) -> bool:
    if answered is None or sent is None:
        return False
    at_once = timedelta(minutes=settings.ASSISTANCE["first_action_minutes"][urgency])
    if answered - sent <= at_once:  # working time runs at most as fast as the clock
        return answered <= start
    return answered <= first_action_by(urgency, submitted_at=sent, start_at=start)


def _earliest(rows: QuerySet, moment: str) -> Subquery:
    return Subquery(rows.order_by().values("request").annotate(first=Min(moment)).values("first"))


def spell(durations: Sequence[timedelta | None]) -> Spell:
    """Of those that ever happened; the shortest that so many reached, so both sentences are true as said."""
    known = sorted(int(one.total_seconds() // 60) for one in durations if one is not None)
    return Spell(len(known), len(durations), reached_by(known, 50), reached_by(known, 90))


def reached_by(ordered: list[int], percent: int) -> int | None:
    """The nearest rank: the least value that at least ``percent`` of 100 do not exceed."""
    return ordered[-(-percent * len(ordered) // 100) - 1] if ordered else None
