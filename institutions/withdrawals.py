"""An assistant who agreed cannot come after all: the request survives, and its history stays."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import emails, offers
from institutions.models import Assignment, AssistanceRequest
from institutions.transitions import (
    NotYours,
    Reason,
    ReasonNeeded,
    State,
    end_assignment,
    is_coordinator_of,
    is_short_notice,
    lock,
    move,
)
from portal import diary
from portal.models import User
from portal.refusals import Refused

WITHDRAWAL_REASONS = [Reason.ILL, Reason.FAMILY, Reason.TRAVEL, Reason.CONFLICT, Reason.OTHER]


class TooLateToWithdraw(Refused):
    sentence = _("The meeting has started. Please call your coordinator.")


class NotGoing(Refused):
    sentence = _("You are not going to this meeting any more.")


@transaction.atomic
def withdraw(assignment: Assignment, *, by: User, reason: str) -> AssistanceRequest:
    """She cannot come (or the coordinator takes her off): the request goes out again, without her."""
    request = lock(assignment.request_id)
    assignment = Assignment.objects.select_related("assistant__user").get(pk=assignment.pk)
    assignment.request = request
    if assignment.assistant.user_id != by.pk and not is_coordinator_of(by, request):
        raise NotYours
    if assignment.state == Assignment.State.WITHDRAWN:
        return request
    if assignment.state != Assignment.State.ACTIVE or request.state != State.CONFIRMED:
        raise NotGoing
    if request.start_at <= timezone.now():
        raise TooLateToWithdraw
    if reason not in WITHDRAWAL_REASONS:
        raise ReasonNeeded
    end_assignment(assignment, Assignment.State.WITHDRAWN, by=by)
    diary.drop(request.source)
    request.filled_at = None
    move(
        request,
        State.OFFERING,
        by=by,
        reason=reason,
        is_late=is_short_notice(request),
        fields=("filled_at",),
    )
    emails.assistant_withdrew(assignment)
    emails.withdrawal_to_coordinators(assignment)
    offers.offer(request, is_new_round=True)
    request.refresh_from_db()
    return request
