"""Another time, way or town for a meeting to which somebody agreed: a question to the assistant, no order.

The meeting moves when all have answered, with those who said yes (``moving``). Whoever cannot come then, or
says nothing in time, goes without blame, and somebody else is looked for (domain.md A5.1).
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import matching, moving, order_emails, order_rules
from institutions.amendments import BEFORE, LongNeedsTwo, TooLateToChange, active, locked
from institutions.models import Assignment, AssistanceRequest, TimeChange
from institutions.moving import FACTS, open_changes
from institutions.offers import NotActive, TooManyHours
from institutions.papers_of_assistants import Paper
from institutions.rules import Misfit
from institutions.transitions import NotYours, State, is_coordinator_of, lock
from portal import audit, diary, one_by_one
from portal.models import User
from portal.refusals import Refused


class NobodyAgreed(Refused):
    sentence = _("Nobody has agreed yet. You can simply change the request.")


class NothingChanged(Refused):
    sentence = _("This is the time and the place that you have agreed already.")
    field = "start_at"


class SomebodySaidYes(Refused):
    sentence = _("One assistant has already agreed to the new time. Please wait for the other answer.")


class ChangeOver(Refused):
    sentence = _("This question is no longer open.")


class OtherPlans(Refused):
    sentence = _("You have something else at that time, with the way there and back.")


def can_propose(request: AssistanceRequest, jobs: list[Assignment] | None = None) -> bool:
    """``jobs``: who goes, where the page knows it."""
    is_open = request.state in (State.CONFIRMED, State.OFFERING, State.UNFILLED)
    return is_open and request.start_at > timezone.now() and bool(active(request) if jobs is None else jobs)


@transaction.atomic
def propose(
    request: AssistanceRequest,
    *,
    by: User,
    start_at: datetime,
    minutes: int,
    mode: str,
    town: str = "",
    county: str = "",
    seen: str = "",
) -> list[TimeChange]:
    """Another time, way or town for a meeting to which somebody agreed: she is asked whether she can."""
    request = locked(request, by, seen)
    jobs = active(request)
    if not can_propose(request):
        raise TooLateToChange if jobs else NobodyAgreed
    start_at = start_at.astimezone(UTC)
    now = timezone.now()
    town = town or request.town
    county = moving.county_of(request, town, county)
    proposed = (start_at, start_at + timedelta(minutes=minutes), mode, town, county)
    if proposed == tuple(getattr(request, name) for name in FACTS):
        raise NothingChanged
    if start_at <= now:
        raise order_rules.StartInThePast
    order_rules.refuse_length(minutes)
    if minutes > request.minutes and not is_coordinator_of(by, request) and _is_long(request, minutes):
        raise LongNeedsTwo(field="minutes")
    if not is_coordinator_of(by, request):
        order_rules.refuse_beyond_agreement(request, start_at)
    held = list(open_changes(request))
    if held and all(proposed == tuple(getattr(one, name) for name in FACTS) for one in held):
        return held
    if _accepted(request):
        raise SomebodySaidYes
    _take_back_open(request)
    facts = dict(zip(FACTS, proposed, strict=True))
    facts |= {
        "proposed_by": by,
        "proposed_at": now,
        "answer_until": moving.answer_until(request, start_at, now),
    }
    changes = [TimeChange.objects.create(assignment=job, **facts) for job in jobs]
    audit.record("request.change_proposed", request, by=by, assistants=len(changes))
    for change in changes:
        order_emails.change_proposed(change)
    return changes


@transaction.atomic
def take_back(request: AssistanceRequest, *, by: User) -> None:
    """The old time stays after all; possible until the first assistant has said yes."""
    request = locked(request, by)
    if _accepted(request):
        raise SomebodySaidYes
    is_asked = open_changes(request).exists()
    _take_back_open(request)
    if is_asked:
        audit.record("request.change_taken_back", request, by=by)


@transaction.atomic
def answer(change: TimeChange, *, by: User, is_yes: bool) -> TimeChange:
    """The assistant says whether she can come then. No: she is free, and nothing is held against her."""
    request = lock(change.assignment.request_id)
    diary.hold([job.assistant.user_id for job in active(request)])
    change = TimeChange.objects.select_related("assignment__assistant__user").get(pk=change.pk)
    job = change.assignment
    job.request = request
    if job.assistant.user_id != by.pk:
        raise NotYours
    wanted = TimeChange.State.ACCEPTED if is_yes else TimeChange.State.DECLINED
    if change.state == wanted:
        return change
    if change.state != TimeChange.State.OPEN or job.state != Assignment.State.ACTIVE:
        raise ChangeOver
    now = timezone.now()
    if now >= change.answer_until or now >= request.start_at:
        raise ChangeOver
    if is_yes:
        _enter_new_time(change, request)
    change.state, change.answered_at = wanted, now
    change.save(update_fields=["state", "answered_at"])
    audit.record(f"change.{wanted}", change, by=by, request=request.pk)
    moving.settle(request, by=by)
    return change


def settle_overdue() -> int:
    """Silence is no yes; and where the assistant withdrew meanwhile, the new time still holds."""
    rows = TimeChange.objects.filter(state=TimeChange.State.OPEN).exclude(
        answer_until__gt=timezone.now(), assignment__state=Assignment.State.ACTIVE
    )
    pks = sorted(set(rows.values_list("assignment__request", flat=True)))
    return len(one_by_one.each(pks, _lapse))


def _lapse(pk: int) -> None:
    """Nothing lapses where it was answered or taken back since the list was read; then nothing moves."""
    request, now, lapsed = lock(pk), timezone.now(), 0
    for change in open_changes(request).select_related("assignment"):
        is_gone = change.assignment.state != Assignment.State.ACTIVE
        if is_gone or change.answer_until <= now:
            change.state = TimeChange.State.CALLED_OFF if is_gone else TimeChange.State.LAPSED
            change.answered_at = now
            change.save(update_fields=["state", "answered_at"])
            audit.record(f"change.{change.state}", change, by=None, request=request.pk)
            lapsed += 1
    if lapsed and request.state in (*BEFORE, State.CONFIRMED):
        diary.hold([job.assistant.user_id for job in active(request)])
        moving.settle(request, by=None)


def _is_long(request: AssistanceRequest, minutes: int) -> bool:
    """Too much for one person, as when it was asked for (domain.md A6.5)."""
    return minutes > settings.ASSISTANCE["second_assistant_over_minutes"] and request.assistants_needed < 2


def _take_back_open(request: AssistanceRequest) -> None:
    for change in moving.call_off(request):
        order_emails.change_taken_back(change)


def _accepted(request: AssistanceRequest) -> bool:
    """Somebody has said yes in the round that is still open: her diary stands at the new time."""
    opened = open_changes(request).first()
    return bool(
        opened
        and TimeChange.objects.filter(
            assignment__request=request,
            proposed_at=opened.proposed_at,
            state=TimeChange.State.ACCEPTED,
        ).exists()
    )


def _enter_new_time(change: TimeChange, request: AssistanceRequest) -> None:
    """Her diary alone moves now; limits and papers are those of the new day, and what else she has then is
    refused by the database.
    """
    moved = moving.as_proposed(request, change)
    reasons = set(matching.candidate(moved, change.assignment.assistant).reasons)
    if Misfit.DAY_LIMIT in reasons or Misfit.WEEK_LIMIT in reasons:
        raise TooManyHours
    if not reasons.isdisjoint(Misfit(paper.value) for paper in Paper):
        raise NotActive
    try:
        moving.enter_for_assistant(change.assignment, change)
    except diary.DoubleBooked:
        raise OtherPlans from None
