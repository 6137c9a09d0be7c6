"""An institution's statement of a month: how much help it got, and what it asked for in vain.

It names no assistant (domain.md A4). A coordinator signs first, whoever looks after the institution's page
confirms.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from institutions import settlement, settlement_emails
from institutions.models import AssistanceRequest, Institution, Official, Statement, TimeReport
from institutions.officials import is_coordinator_for, lock
from institutions.sheets import names_of
from portal.models import User
from portal.refusals import Refused

State = AssistanceRequest.State


class NothingAsked(Refused):
    sentence = _("The institution asked for nobody in this month.")


class Outcome(StrEnum):
    """What became of a request, as a statement counts it."""

    SERVED = "served"
    UNSERVED = "unserved"
    CANCELLED = "cancelled"
    CALLED_OFF = "called_off"
    ABSENT = "absent"
    OPEN = "open"


LABELS = {
    Outcome.SERVED: _("an assistant helped"),
    Outcome.UNSERVED: _("nobody could be sent"),
    Outcome.CANCELLED: _("cancelled by the institution"),
    Outcome.CALLED_OFF: _("cancelled by the network"),
    Outcome.ABSENT: _("the client or the institution was not there"),
    Outcome.OPEN: _("not settled yet"),
}
OUTCOMES = {
    State.CLOSED: Outcome.SERVED,
    State.UNFILLED: Outcome.UNSERVED,
    State.DECLINED: Outcome.UNSERVED,
    State.ASSISTANT_NO_SHOW: Outcome.UNSERVED,
    State.CANCELLED_BY_INSTITUTION: Outcome.CANCELLED,
    State.CANCELLED_BY_NETWORK: Outcome.CALLED_OFF,
    State.CLIENT_NO_SHOW: Outcome.ABSENT,
    State.INSTITUTION_NO_SHOW: Outcome.ABSENT,
}


@dataclass(frozen=True)
class Count:
    """Requests and confirmed minutes of one language, subject or unit."""

    label: str
    requests: int
    minutes: int


@transaction.atomic
def make(institution: Institution, month: date, *, by: User | None) -> Statement:
    """The statement as things stand now. Raises NothingAsked where there is nothing to state."""
    institution = lock(institution)
    if by and not is_coordinator_for(institution, by):
        raise settlement.NotYourTurn
    rows = rows_of(institution, month)
    if not rows and settlement.latest(Statement, month, institution=institution) is None:
        raise NothingAsked
    facts = {"rows": rows, "minutes": sum(row["minutes"] for row in rows)}
    return settlement.write(Statement, month, owner={"institution": institution}, facts=facts, by=by)


@transaction.atomic
def sign(statement: Statement, *, by: User, seen: str) -> Statement:
    """The coordinator's signature, or after it the institution's."""
    institution = lock(statement.institution)
    statement = Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    statement.institution = institution
    is_coordinator = is_coordinator_for(institution, by)
    if not is_coordinator and not keeps(institution, by):
        raise settlement.NotYourTurn
    place = "first" if is_coordinator and not _is_confirmer(statement, by) else "second"
    is_new = settlement.sign(statement, place, by=by, rows=rows_of(institution, statement.month), seen=seen)
    if is_new and place == "first":
        settlement_emails.statement_ready(statement)
    return statement


def make_all(institutions: QuerySet[Institution], month: date, *, by: User) -> list[Statement]:
    start, end = settlement.bounds(month)
    asked = AssistanceRequest.objects.filter(start_at__gte=start, start_at__lt=end).exclude(state=State.DRAFT)
    busy = institutions.filter(pk__in=asked.values("institution")) | institutions.filter(
        pk__in=Statement.objects.filter(month=month).values("institution")
    )
    return [make(institution, month, by=by) for institution in busy.distinct().order_by("slug")]


def rows_of(institution: Institution, month: date) -> list[dict]:
    """One for each request of the month, by the day of the meeting."""
    start, end = settlement.bounds(month)
    asked = institution.requests.filter(start_at__gte=start, start_at__lt=end).exclude(state=State.DRAFT)
    asked = asked.select_related("unit").order_by("start_at", "pk")
    minutes, helpers = Counter(), Counter()
    reports = TimeReport.objects.confirmed().filter(assignment__request__in=asked)
    for request_id, worked in reports.values_list("assignment__request_id", "worked"):
        minutes[request_id] += worked
        helpers[request_id] += 1
    return [
        {
            "key": f"request:{request.pk}",
            "request": request.pk,
            "on": settlement.day_of(request.start_at),
            "from": settlement.clock_of(request.start_at),
            "unit": names_of(request.unit) if request.unit else {},
            "language": request.language,
            "subject": request.subject,
            "mode": request.mode,
            "outcome": str(OUTCOMES.get(request.state, Outcome.OPEN)),
            "helpers": helpers[request.pk],
            "minutes": minutes[request.pk],
        }
        for request in asked
    ]


def keeps(institution: Institution, user: User) -> bool:
    seats = Official.objects.serving().filter(user=user, institution=institution, is_administrator=True)
    return seats.exists()


def outcomes(rows: Iterable[dict]) -> list[Count]:
    """How many requests ended in each way; those without any are left out."""
    found = Counter(row["outcome"] for row in rows)
    return [Count(str(LABELS[way]), found[way], 0) for way in Outcome if found[way]]


def counted(rows: Iterable[dict], label_of) -> list[Count]:
    """Requests and minutes by what ``label_of`` says of a row, the most hours first."""
    requests, minutes = Counter(), Counter()
    for row in rows:
        label = str(label_of(row))
        requests[label] += 1
        minutes[label] += row["minutes"]
    found = [Count(label, requests[label], minutes[label]) for label in requests]
    return sorted(found, key=lambda count: (-count.minutes, -count.requests, count.label))


def _is_confirmer(statement: Statement, user: User) -> bool:
    """Who is both coordinator and official confirms what another coordinator signed."""
    return (
        bool(statement.first_signed_at)
        and statement.first_signed_by_id != user.pk
        and keeps(statement.institution, user)
    )
