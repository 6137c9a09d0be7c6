"""An assistant who agreed cannot come after all: the request survives, and its history stays."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import appointments, emails, moving, searching
from institutions.models import Assignment, AssistanceRequest
from institutions.transitions import (
    NotYours,
    Reason,
    ReasonNeeded,
    State,
    end_assignment,
    is_coordinator_of,
    is_short_notice,
    lock_job,
)
from portal.models import User
from portal.refusals import Refused

WITHDRAWAL_REASONS = [
    Reason.ILL,
    Reason.FAMILY,
    Reason.TRAVEL,
    Reason.CONFLICT,
    Reason.LANGUAGE,
    Reason.OTHER,
]
#: While she can still take it back: all places are filled, or the second one is not yet.
BEFORE = (State.CONFIRMED, State.OFFERING, State.UNFILLED)


class TooLateToWithdraw(Refused):
    sentence = _("The meeting has started. Please call your coordinator.")


class NotGoing(Refused):
    sentence = _("You are not going to this meeting any more.")


@transaction.atomic
def withdraw(assignment: Assignment, *, by: User, reason: str) -> AssistanceRequest:
    """She cannot come (or the coordinator takes her off): the request goes out again, without her.

    Those who had let an offer run out are asked again, in a new attempt; the other place is untouched.
    """
    assignment = lock_job(assignment)
    request = assignment.request
    if assignment.assistant.user_id != by.pk and not is_coordinator_of(by, request):
        raise NotYours
    if assignment.state == Assignment.State.WITHDRAWN:
        return request
    if assignment.state != Assignment.State.ACTIVE or request.state not in BEFORE:
        raise NotGoing
    if request.start_at <= timezone.now():
        raise TooLateToWithdraw
    if reason not in WITHDRAWAL_REASONS:
        raise ReasonNeeded
    end_assignment(assignment, Assignment.State.WITHDRAWN, by=by)
    moving.ask_no_more(assignment)
    appointments.take_out(assignment)
    searching.reopen(request, by=by, reason=reason, is_late=is_short_notice(request))
    emails.assistant_withdrew(assignment)
    emails.withdrawal_to_coordinators(assignment)
    searching.go_on(request)
    request.refresh_from_db()
    return request
