"""A meeting moves to the time that was proposed: when all have answered, with those who can come then.

The row of the request is locked. See ``proposals`` for how the question comes up and is answered.
"""

from copy import copy
from datetime import datetime

from django.utils import timezone

from institutions import appointments, deadlines, emails, order_emails, order_rules
from institutions.amendments import active, renew
from institutions.credits import credit_replacement
from institutions.models import Assignment, AssistanceRequest, Mode, TimeChange
from institutions.transitions import Reason, State, end_assignment, move
from portal import audit, diary, messages
from portal.models import User
from portal.names import is_same_name

#: What a proposal may change.
FACTS = ("start_at", "end_at", "mode", "town", "county")


def open_changes(request: AssistanceRequest):
    return TimeChange.objects.filter(assignment__request=request, state=TimeChange.State.OPEN).order_by("pk")


def county_of(request: AssistanceRequest, town: str, county: str) -> str:
    """Of another town nothing is known unless it is said: then the way there counts as a long one."""
    return county or ("" if _is_elsewhere(request, town) else request.county)


def answer_until(request: AssistanceRequest, start_at: datetime, now: datetime) -> datetime:
    is_night_call = emails.must_be_told_at_night(request)
    nearest = min(start_at, request.start_at)
    return deadlines.answer_by(request.urgency, start_at=nearest, now=now, is_night_call=is_night_call)


def call_off(request: AssistanceRequest) -> list[TimeChange]:
    """The question is over before all have answered it. Returns what somebody has read already: a letter
    that still waits for the morning is not sent.
    """
    read = []
    for change in open_changes(request).select_related("assignment__assistant__user"):
        change.assignment.request = request
        change.state, change.answered_at = TimeChange.State.CALLED_OFF, timezone.now()
        change.save(update_fields=["state", "answered_at"])
        if not _silence(change):
            read.append(change)
    return read


def ask_no_more(assignment: Assignment) -> None:
    """She does not go, so that her answer is of no use. The new time still holds for whoever goes instead."""
    for change in open_changes(assignment.request).filter(assignment=assignment):
        _silence(change)


def settle(request: AssistanceRequest, *, by: User | None) -> None:
    """All have answered: the meeting moves, with those who said yes. The request and the diaries are held."""
    if open_changes(request).exists():
        return
    last = TimeChange.objects.filter(assignment__request=request).order_by("proposed_at", "pk").last()
    if _ask_newcomers(request, last):
        return
    staying, released = _who_comes(request, last)
    for job in released:  # for the old time, which they kept free
        credit_replacement(job, by=by)
    is_nearer = last.start_at < request.start_at
    is_elsewhere = _take_over(request, last)
    for job in released:
        end_assignment(job, Assignment.State.REPLACED, by=by)
        diary.drop(request.source, user=job.assistant.user)
        order_emails.released(job)
    if not staying:
        appointments.clear(request)
    for job in staying:
        appointments.enter_for_officials(job)
    audit.record("request.moved", request, by=by, staying=len(staying), released=len(released))
    order_emails.change_settled(
        request, staying=len(staying), key=str(last.pk), is_address_wanted=is_elsewhere
    )
    if len(staying) < request.assistants_needed:
        _look_for_others(request, by=by, is_nearer=is_nearer)


def as_proposed(request: AssistanceRequest, change: TimeChange) -> AssistanceRequest:
    """The meeting as it would be; nothing of it is written."""
    moved = copy(request)
    for name in FACTS:
        setattr(moved, name, getattr(change, name))
    return moved


def enter_for_assistant(job: Assignment, change: TimeChange) -> None:
    """Her diary alone moves now. Raises diary.DoubleBooked where she has something else then."""
    request, job.request = job.request, as_proposed(job.request, change)
    try:
        appointments.enter_for_assistant(job)
    finally:
        job.request = request


def _who_comes(request: AssistanceRequest, last: TimeChange) -> tuple[list[Assignment], list[Assignment]]:
    """Who said yes and still can; and who goes without blame."""
    answers = TimeChange.objects.filter(assignment__request=request, proposed_at=last.proposed_at)
    said_yes = set(answers.filter(state=TimeChange.State.ACCEPTED).values_list("assignment", flat=True))
    staying, released = [], []
    for job in active(request):
        comes = job.pk in said_yes and _can_still(job, last)
        (staying if comes else released).append(job)
    return staying, released


def _can_still(job: Assignment, last: TimeChange) -> bool:
    """Since she said yes the way may have become longer: she lives elsewhere now."""
    try:
        enter_for_assistant(job, last)
    except diary.DoubleBooked:
        return False
    return True


def _take_over(request: AssistanceRequest, change: TimeChange) -> bool:
    """True where it is in another town now: nobody is sent to the old street there."""
    is_elsewhere = change.mode == Mode.ON_SITE and _is_elsewhere(request, change.town)
    for name in FACTS:
        setattr(request, name, getattr(change, name))
    if change.mode not in request.ranked_modes:
        request.ranked_modes = [change.mode, *request.ranked_modes]
    if is_elsewhere:
        request.address = ""
    request.save(update_fields=[*FACTS, "ranked_modes", "address"])
    return is_elsewhere


def _is_elsewhere(request: AssistanceRequest, town: str) -> bool:
    return town != request.town and not is_same_name(town, request.town)


def _look_for_others(request: AssistanceRequest, *, by: User | None, is_nearer: bool) -> None:
    request.filled_at = None
    if is_nearer:
        request.urgency = order_rules.urgency_for(request)
    request.save(update_fields=["filled_at", "urgency"])
    if request.state != State.OFFERING:
        move(request, State.OFFERING, by=by, reason=Reason.OTHER_DATE)
    renew(request, by=by, is_moved=True)


def _ask_newcomers(request: AssistanceRequest, last: TimeChange) -> list[TimeChange]:
    """Who agreed to the old time while the others were thinking is asked too, not sent away unasked."""
    now = timezone.now()
    asked = TimeChange.objects.filter(assignment__request=request, proposed_at=last.proposed_at)
    asked = set(asked.values_list("assignment", flat=True))
    new = [job for job in active(request) if job.pk not in asked]
    if min(last.start_at, request.start_at) <= now:
        return []
    facts = {name: getattr(last, name) for name in (*FACTS, "proposed_by", "proposed_at")}
    facts["answer_until"] = answer_until(request, last.start_at, now)
    changes = [TimeChange.objects.create(assignment=job, **facts) for job in new]
    for change in changes:
        change.assignment.request = request
        audit.record("change.newcomer_asked", change, by=None, request=request.pk)
        order_emails.change_proposed(change)
    return changes


def _silence(change: TimeChange) -> int:
    return messages.silence(source=change.source, recipient=change.assignment.assistant.user)
