"""What was tried to find somebody, attempt by attempt and wave by wave. For the coordinator."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from institutions import scores
from institutions.models import Assignment, AssistanceRequest, Attempt, Offer
from institutions.staffing_wording import ASSIGNMENT_BADGES, ATTEMPT_BADGES, OFFER_BADGES_FOR_NETWORK


@dataclass(frozen=True)
class Asked:
    offer: Offer
    badge: str
    why: list


@dataclass(frozen=True)
class Wave:
    """``number`` 0: those who came forward themselves."""

    number: int
    made_at: datetime
    asked: list[Asked]


@dataclass(frozen=True)
class Tried:
    attempt: Attempt
    badge: str
    waves: list[Wave]
    assignment: Assignment | None = None
    assignment_badge: str = ""
    is_live: bool = field(default=False)


def of(request: AssistanceRequest, assignments: list[Assignment]) -> list[Tried]:
    """The latest attempt first; two queries, however many were asked."""
    offers: dict[int, list[Offer]] = {}
    rows = request.offers.select_related("assistant__user").order_by("wave", "-score", "pk")
    for offer in rows:
        offers.setdefault(offer.attempt_id, []).append(offer)
    came = {assignment.attempt_id: assignment for assignment in assignments}
    return [
        _tried(attempt, offers.get(attempt.pk, []), came.get(attempt.pk))
        for attempt in request.attempts.order_by("-number")
    ]


def _tried(attempt: Attempt, offers: list[Offer], assignment: Assignment | None) -> Tried:
    waves = [_wave(number, list(made)) for number, made in groupby(offers, key=lambda offer: offer.wave)]
    return Tried(
        attempt=attempt,
        badge=ATTEMPT_BADGES[attempt.state],
        waves=waves,
        assignment=assignment,
        assignment_badge=ASSIGNMENT_BADGES[assignment.state] if assignment else "",
        is_live=attempt.is_live,
    )


def _wave(number: int, offers: list[Offer]) -> Wave:
    asked = [
        Asked(one, OFFER_BADGES_FOR_NETWORK[one.state], scores.explain(one.score_parts)) for one in offers
    ]
    return Wave(number, min(offer.made_at for offer in offers), asked)
