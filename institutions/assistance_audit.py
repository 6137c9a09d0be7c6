"""Looks whether what must never be false of requests, searches and hours is true, and changes nothing.

Verbs keep these rules under a lock and the database holds some of them; this is the proof from outside, for
``manage.py audit_assistance``, for the nightly look, and for tests after every step.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from institutions import states
from institutions.models import (
    Assignment,
    AssistanceRequest,
    Attempt,
    AttemptTransition,
    Offer,
    RequestTransition,
    TimeChange,
    TimeReport,
)
from portal.models import DiaryEntry
from projects.models import LedgerEntry

State = AssistanceRequest.State
Reason = RequestTransition.Reason
Job = Assignment.State

#: Time itself may be so late before something counts as forgotten: beat looks every minute.
LATE = timedelta(minutes=5)
#: Everybody who is needed goes, or was there.
STAFFED = (
    State.CONFIRMED,
    State.IN_PROGRESS,
    State.AWAITING_REPORT,
    State.AWAITING_CONFIRMATION,
    State.CLOSED,
)
#: Nobody is going any more.
CALLED_OFF = (*AssistanceRequest.CALLED_OFF, State.DECLINED)


@dataclass(frozen=True)
class Finding:
    """``ids``: of the rows concerned; names and texts are never in it."""

    rule: str
    says: str
    ids: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.rule}: {self.says}: {', '.join(map(str, self.ids))}"


def findings(now: datetime | None = None) -> Iterator[Finding]:
    """Everything that is wrong, rule by rule; nothing where all is well."""
    now = now or timezone.now()
    for rule in RULES:
        for says, ids in rule(now):
            if found := tuple(ids):
                yield Finding(rule.__name__.strip("_").replace("_", " "), says, found)


def broken_chains(
    steps: Iterable[tuple[int, str, str]], standing: dict[int, str], ways: dict[str, set[str]]
) -> list[int]:
    """Whose history is no way of the machine, or does not end where the row stands.

    ``steps``: (row, from, to), in the order in which they were written.
    """
    reached: dict[int, str] = defaultdict(str)
    broken = set()
    for pk, old, new in steps:
        if old != reached[pk] or new not in ways[old]:
            broken.add(pk)
        reached[pk] = new
    broken |= {pk for pk, state in standing.items() if reached[pk] != state}
    return sorted(broken)


def _histories(now: datetime) -> Iterator[tuple[str, list[int]]]:
    """What is written down leads, step by step along the machine, to where each row stands."""
    orders = RequestTransition.objects.order_by("id").values_list("request", "old_state", "new_state")
    standing = dict(AssistanceRequest.objects.order_by().values_list("pk", "state"))
    yield "the history is no way to the state, requests", broken_chains(orders, standing, states.ORDER)
    tries = AttemptTransition.objects.order_by("id").values_list("attempt", "old_state", "new_state")
    standing = dict(Attempt.objects.order_by().values_list("pk", "state"))
    yield "the history is no way to the state, attempts", broken_chains(tries, standing, states.ATTEMPT)


def _places(now: datetime) -> Iterator[tuple[str, list[int]]]:
    """Who is needed goes; nobody goes to what was called off; and no place is held twice."""
    twice = Assignment.objects.standing().order_by().values("request", "place")
    twice = twice.annotate(number=Count("pk")).filter(number__gt=1)
    yield "a place is held twice, requests", sorted({row["request"] for row in twice})
    standing = Count("assignments", filter=Q(assignments__state__in=Assignment.STANDING))
    # Did not come, or came too late and was sent away: the meeting went on with the other one.
    absent = Count("assignments", filter=Q(assignments__state__in=(Job.NO_SHOW, Job.CANCELLED)))
    decided = RequestTransition.objects.filter(
        request=OuterRef("pk"), new_state=State.CONFIRMED, reason=Reason.ONE_IS_ENOUGH
    )
    rows = AssistanceRequest.objects.annotate(going=standing, absent=absent, one_is_enough=Exists(decided))
    staffed = rows.filter(state__in=STAFFED)
    yield "somebody is to come and nobody goes, requests", _ids(staffed.filter(going=0))
    lacking = staffed.filter(one_is_enough=False, assistants_needed__gt=F("going") + F("absent"))
    yield "fewer go than are needed, and nobody decided so, requests", _ids(lacking)
    yield "more go than are needed, requests", _ids(rows.filter(going__gt=F("assistants_needed")))
    looking = rows.unfilled()
    complete = looking.filter(going__gte=F("assistants_needed"))
    yield "somebody is looked for and everybody is there, requests", _ids(complete)
    active = Count("assignments", filter=Q(assignments__state=Job.ACTIVE))
    ended = AssistanceRequest.objects.filter(state__in=(*CALLED_OFF, State.CLOSED)).annotate(going=active)
    yield "it is over and somebody still goes, requests", _ids(ended.filter(going__gt=0))


def _searches(now: datetime) -> Iterator[tuple[str, list[int]]]:
    """Somebody is looked for exactly while a request says so, and somebody's answer is awaited."""
    live = Attempt.objects.live().filter(request=OuterRef("pk"))
    awaited = Offer.objects.filter(request=OuterRef("pk"), state__in=Offer.STANDING)
    rows = AssistanceRequest.objects.annotate(is_tried=Exists(live), is_awaited=Exists(awaited))
    looking = rows.filter(state=State.OFFERING)
    ahead = looking.filter(start_at__gt=now - LATE)
    yield "somebody is looked for and nothing is tried, requests", _ids(ahead.filter(is_tried=False))
    forgotten = rows.filter(is_tried=True, is_awaited=False, start_at__gt=now)
    yield "something is tried and nobody's answer is awaited, requests", _ids(forgotten)
    pointless = rows.filter(is_tried=True).exclude(state=State.OFFERING)
    yield "something is tried and nobody is looked for, requests", _ids(pointless)
    over = looking.filter(start_at__lte=now - LATE)
    yield "the meeting has begun and somebody is looked for, requests", _ids(over)
    filled = Attempt.objects.filter(state=Attempt.State.FILLED, assignment__isnull=True)
    yield "filled, but nobody goes, attempts", _ids(filled)
    untimed = Attempt.objects.filter(Q(ended_at__isnull=True), ~Q(state__in=Attempt.LIVE))
    yield "over without a time, attempts", _ids(untimed)
    alive = Attempt.objects.live().filter(ended_at__isnull=False)
    yield "live with a time of its end, attempts", _ids(alive)


def _offers(now: datetime) -> Iterator[tuple[str, list[int]]]:
    yield (
        "of another request than their attempt, offers",
        _ids(Offer.objects.exclude(request=F("attempt__request"))),
    )
    standing = Offer.objects.filter(state__in=Offer.STANDING)
    yield (
        "waits for an answer in what is over, offers",
        _ids(standing.exclude(attempt__state__in=Attempt.LIVE)),
    )
    overdue = standing.filter(state=Offer.State.OPEN, expires_at__lt=now - LATE)
    yield "open although the time to answer is over, offers", _ids(overdue)


def _assignments(now: datetime) -> Iterator[tuple[str, list[int]]]:
    """What came of an attempt is of its request, and stands in the diary of who goes."""
    yield (
        "of another request than their attempt, assignments",
        _ids(Assignment.objects.exclude(request=F("attempt__request"))),
    )
    yield (
        "of an attempt that is not filled, assignments",
        _ids(Assignment.objects.exclude(attempt__state=Attempt.State.FILLED)),
    )
    firm = DiaryEntry.objects.filter(state=DiaryEntry.State.FIRM, kind=DiaryEntry.Kind.ASSISTANCE)
    hers = firm.filter(
        user=OuterRef("assistant__user"),
        source=_source("institutions.request:", "request_id"),
        start_at=OuterRef("request__start_at"),
        end_at=OuterRef("request__end_at"),
    )
    # One of two has said yes to another time, the other one has not answered yet: her diary is ahead.
    open_round = TimeChange.objects.filter(
        assignment__request=OuterRef("assignment__request"), state=TimeChange.State.OPEN
    )
    ahead = TimeChange.objects.filter(
        Exists(open_round), assignment=OuterRef("pk"), state=TimeChange.State.ACCEPTED
    )
    going = Assignment.objects.filter(~Exists(ahead), state=Job.ACTIVE)
    yield "goes, but her diary does not say so, assignments", _ids(going.filter(~Exists(hers)))
    kept = Assignment.objects.filter(
        assistant__user=OuterRef("user"), state__in=(Job.ACTIVE, Job.DONE, Job.NO_SHOW)
    ).annotate(entered=_made("institutions.request:", "request_id"))
    free = firm.filter(source__startswith="institutions.request:")
    yield (
        "in a diary, but she does not go, diary entries",
        _ids(free.filter(~Exists(kept.filter(entered=OuterRef("source"))))),
    )


def _hours(now: datetime) -> Iterator[tuple[str, list[int]]]:
    """Hours reach the ledger when they are confirmed, no more and no less."""
    entered = LedgerEntry.objects.filter(source=_source("institutions.assignment:", "assignment_id"))
    reports = TimeReport.objects.annotate(is_entered=Exists(entered))
    early = reports.filter(is_entered=True, confirmed_at__isnull=True)
    yield "in the ledger before they are confirmed, reports", _ids(early)
    confirmed = reports.filter(confirmed_at__isnull=False).select_related("assignment")
    minutes = dict(
        LedgerEntry.objects.filter(source__startswith="institutions.assignment:").values_list(
            "source", "minutes"
        )
    )
    unequal = [
        report.pk
        for report in confirmed
        if max(report.minutes, 0) != minutes.get(report.assignment.ledger_source, 0)
    ]
    yield "minutes differ from the ledger, reports", unequal
    of_nobody = set(minutes) - {report.assignment.ledger_source for report in confirmed}
    yield (
        "in the ledger without a confirmed report, assignments",
        sorted(int(source.rpartition(":")[2]) for source in of_nobody),
    )
    unfinished = confirmed.exclude(assignment__state=Job.DONE)
    yield "confirmed, but the job is not done, reports", _ids(unfinished)
    unreported = Assignment.objects.filter(state=Job.DONE, request__state=State.CLOSED)
    unreported = unreported.exclude(report__confirmed_at__isnull=False).filter(credit__isnull=True)
    yield "done without hours or credit, assignments", _ids(unreported)


def _ids(rows) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _made(prefix: str, field: str) -> Concat:
    return Concat(Value(prefix), Cast(field, CharField()), output_field=CharField())


def _source(prefix: str, field: str) -> Concat:
    """The source that an outer row has in the diary or the ledger."""
    return Concat(Value(prefix), Cast(OuterRef(field), CharField()), output_field=CharField())


RULES = (_histories, _places, _searches, _offers, _assignments, _hours)
