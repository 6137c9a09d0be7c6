"""An assistant takes a request on, of her own accord or by a coordinator's hand."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import appointments, attempts, emails, matching
from institutions.models import Assignment, AssistanceRequest, Assistant, Attempt, Offer
from institutions.transitions import (
    NotYours,
    Reason,
    State,
    is_coordinator_of,
    lock,
    move,
    move_attempt,
)
from portal import audit, diary, messages
from portal.models import User
from portal.refusals import Refused

BY_HAND_REASONS = [Reason.AGREED_BY_PHONE, Reason.INSTITUTION_AGREED, Reason.NOBODY_ELSE, Reason.OTHER]


class AlreadyStaffed(Refused):
    sentence = _("Somebody is already coming to this meeting.")


class NotLooking(Refused):
    sentence = _("Nobody is looked for any more: the meeting is over or was cancelled.")


class AssistantBusy(Refused):
    sentence = _("This assistant has something else at that time, with the way there and back.")


class MisfitNeedsReason(Refused):
    sentence = _("This assistant does not fit in every point. Please choose why you decide so.")
    field = "reason"


def staff(
    attempt: Attempt,
    request: AssistanceRequest,
    assistant: Assistant,
    *,
    language: str,
    by: User,
    by_hand: bool = False,
    reason: str = "",
) -> Assignment:
    """Write down that she comes. The request's row and hers are locked, and the guards were checked."""
    move_attempt(attempt, Attempt.State.FILLED, by=by, reason=reason)
    assignment = Assignment.objects.create(
        attempt=attempt,
        request=request,
        place=attempt.place,
        assistant=assistant,
        language=language,
        contract_form=assistant.contract_form,
        assigned_by=by if by_hand else None,
    )
    appointments.enter(assignment)
    request.filled_at, request.told_unfilled_at = timezone.now(), None
    move(request, State.CONFIRMED, by=by, reason=reason, fields=("filled_at", "told_unfilled_at"))
    audit.record("assignment.agreed", assignment, by=by, request=request.pk, by_hand=by_hand)
    for other in request.offers.filter(state=Offer.State.OPEN).select_related("assistant__user"):
        other.state, other.answered_at = Offer.State.TAKEN, timezone.now()
        other.save(update_fields=["state", "answered_at"])
        if other.assistant_id != assistant.pk and not messages.silence(
            source=request.source, recipient=other.assistant.user
        ):
            emails.taken(other, request)
    emails.assistant_comes(assignment)
    return assignment


@transaction.atomic
def assign_by_hand(
    request: AssistanceRequest, assistant: Assistant, *, by: User, reason: str = ""
) -> Assignment:
    """A coordinator decides who goes. What speaks against it needs a reason; an overlap stays impossible."""
    request = lock(request)
    if not is_coordinator_of(by, request) or assistant.project_id != request.institution.project_id:
        raise NotYours
    held = request.assignments.filter(state__in=[Assignment.State.ACTIVE, Assignment.State.DONE]).first()
    if held and held.assistant_id == assistant.pk:
        return held
    if held:
        raise AlreadyStaffed
    if not request.is_looking or request.start_at <= timezone.now():
        raise NotLooking
    User.objects.select_for_update(no_key=True).get(pk=assistant.user_id)
    candidate = matching.candidate(request, assistant)
    if candidate.is_busy:
        raise AssistantBusy
    if candidate.reasons and reason not in BY_HAND_REASONS:
        raise MisfitNeedsReason
    messages.silence(source=request.source, recipient=candidate.assistant.user)
    request.offers.filter(assistant=assistant, state=Offer.State.OPEN).update(
        state=Offer.State.ACCEPTED, answered_at=timezone.now()
    )
    try:
        attempt = next(iter(attempts.live(request)), None) or attempts.open_attempt(request, by=by)
        assignment = staff(
            attempt,
            request,
            candidate.assistant,
            language=candidate.language,
            by=by,
            by_hand=True,
            reason=reason,
        )
    except diary.DoubleBooked:
        raise AssistantBusy from None
    if candidate.reasons:
        audit.record("assignment.misfit", assignment, by=by, misfits=list(candidate.reasons), reason=reason)
    emails.job_given(assignment)
    return assignment
