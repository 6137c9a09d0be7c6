"""The day itself: the meeting begins, the assistant is there, or late, or too late (domain.md A5.4)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import attempts, hours, searching, visit_emails
from institutions.models import Assignment, AssistanceRequest
from institutions.transitions import (
    NotYours,
    Reason,
    State,
    end_assignment,
    is_official_of,
    lock,
    lock_job,
    move,
)
from institutions.travel import time_at_work
from portal import audit, diary, one_by_one
from portal.models import User
from portal.refusals import Refused

#: Somebody may be expected now, even where a second one was still looked for.
EXPECTED = (State.CONFIRMED, State.IN_PROGRESS, State.OFFERING, State.UNFILLED)


class NotToday(Refused):
    sentence = _("This is possible shortly before the meeting, and until it ends.")


class NoSuchDelay(Refused):
    sentence = _("Please choose how late you will be.")


class AlreadyHere(Refused):
    sentence = _("You have said that you are there.")


class NotExpected(Refused):
    sentence = _("Nobody is expected at this meeting now.")


class NotLateYet(Refused):
    sentence = _("Please wait ten minutes after the start. The assistant may be on the way.")


class SheIsHere(Refused):
    sentence = _("The assistant has said that she is there. If she is not, say that she did not come.")


# --- The assistant ----------------------------------------------------------------------------------------


@transaction.atomic
def arrive(assignment: Assignment, *, by: User) -> Assignment:
    """I am here. The first time counts."""
    assignment = _hers(assignment, by)
    if assignment.arrived_at:
        return assignment
    _refuse_too_early_or_late(assignment.request)
    assignment.arrived_at = timezone.now()
    assignment.save(update_fields=["arrived_at"])
    audit.record("assignment.arrived", assignment, by=by, request=assignment.request_id)
    return assignment


@transaction.atomic
def will_be_late(assignment: Assignment, *, by: User, minutes: int) -> Assignment:
    """The institution sees it on its page and is told at once; another delay is told anew."""
    assignment = _hers(assignment, by)
    if minutes not in settings.ASSISTANCE["delays"]:
        raise NoSuchDelay
    if assignment.delay_minutes == minutes:
        return assignment
    if assignment.arrived_at:
        raise AlreadyHere
    _refuse_too_early_or_late(assignment.request)
    assignment.delay_minutes, assignment.delay_told_at = minutes, timezone.now()
    assignment.save(update_fields=["delay_minutes", "delay_told_at"])
    audit.record("assignment.late", assignment, by=by, request=assignment.request_id, minutes=minutes)
    visit_emails.assistant_late(assignment)
    return assignment


def delays() -> list[int]:
    """Minutes she can say she will be late."""
    return settings.ASSISTANCE["delays"]


def can_say_here(request: AssistanceRequest, now: datetime) -> bool:
    early = timedelta(minutes=settings.ASSISTANCE["here_minutes_before"])
    begins, ends = time_at_work(request)
    return request.state in EXPECTED and begins - early <= now <= ends


def _hers(assignment: Assignment, by: User) -> Assignment:
    assignment = lock_job(assignment)
    if assignment.assistant.user_id != by.pk:
        raise NotYours
    if assignment.state != Assignment.State.ACTIVE:
        raise NotExpected
    return assignment


def _refuse_too_early_or_late(request: AssistanceRequest) -> None:
    if not can_say_here(request, timezone.now()):
        raise NotToday


# --- The official -----------------------------------------------------------------------------------------


@transaction.atomic
def refuse_late(assignment: Assignment, *, by: User) -> AssistanceRequest:
    """More than ten minutes without her: the institution need not wait, which is the network's fault (A5.4).

    She is told and gets no credit; where a second one is there, the meeting goes on with that one.
    """
    assignment = lock_job(assignment)
    request = assignment.request
    if not is_official_of(by, request):
        raise NotYours
    if assignment.state == Assignment.State.CANCELLED:
        return request
    if assignment.state != Assignment.State.ACTIVE or request.state not in EXPECTED:
        raise NotExpected
    if timezone.now() <= late_from(request):
        raise NotLateYet
    if assignment.arrived_at or assignment.code_given_at:
        raise SheIsHere
    end_assignment(assignment, Assignment.State.CANCELLED, by=by)
    diary.drop(request.source, user=assignment.assistant.user)
    visit_emails.refused_late(assignment)
    if request.assignments.standing().exists():
        hours.settle(request, by=by)
        return request
    attempts.call_off(request, by=by)
    diary.drop(request.source)
    request.closed_at = timezone.now()
    fields = ("closed_at",)
    move(request, State.CANCELLED_BY_NETWORK, by=by, reason=Reason.LATE, is_late=True, fields=fields)
    visit_emails.late_to_coordinators(request)
    return request


def late_from(request: AssistanceRequest) -> datetime:
    return request.start_at + timedelta(minutes=settings.ASSISTANCE["late_after_minutes"])


# --- Time -------------------------------------------------------------------------------------------------


@transaction.atomic
def begin(request: AssistanceRequest | int) -> AssistanceRequest:
    """The start: with those who agreed, even where a second one was still looked for."""
    request = lock(request)
    if request.start_at > timezone.now() or request.state not in EXPECTED:
        return request
    if request.state == State.IN_PROGRESS or not request.assignments.standing().exists():
        return request
    if request.state != State.CONFIRMED:
        searching.begin_meeting(request)
    move(request, State.IN_PROGRESS, by=None)
    return request


def begin_meetings() -> int:
    """Begin every meeting whose time has come. Returns how many."""
    going = Assignment.objects.standing().filter(request=OuterRef("pk"))
    due = AssistanceRequest.objects.filter(
        Exists(going),
        state__in=[state for state in EXPECTED if state != State.IN_PROGRESS],
        start_at__lte=timezone.now(),
    )
    pks = list(due.order_by("start_at", "pk").values_list("pk", flat=True))
    return len(one_by_one.each(pks, begin))
