"""Somebody takes a place on: the attempt is filled, both diaries know, and everybody else is told."""

from django.utils import timezone

from institutions import appointments, attempts, emails, staffing_emails
from institutions.credits import take_back_replacement
from institutions.models import Assignment, AssistanceRequest, Assistant, Attempt, Offer
from institutions.transitions import State, move, move_attempt
from portal import audit
from portal.models import User


def fill(
    attempt: Attempt,
    request: AssistanceRequest,
    assistant: Assistant,
    *,
    by: User | None,
    by_hand: bool = False,
    reason: str = "",
    instead_of: Assignment | None = None,
) -> Assignment:
    """Write down that she comes; raises diary.DoubleBooked where she has something else at that time.

    The request's row and hers are locked, and the guards were checked. A request is confirmed when all of its
    places are filled; until then the others go on being looked for.
    """
    move_attempt(attempt, Attempt.State.FILLED, by=by, reason=reason)
    assignment = Assignment.objects.create(
        attempt=attempt,
        request=request,
        place=attempt.place,
        assistant=assistant,
        language=attempt.language,
        contract_form=assistant.contract_form,
        assigned_by=by if by_hand else None,
    )
    appointments.enter(assignment)
    take_back_replacement(request, assistant, by=by)
    request.mode, request.told_unfilled_at = attempt.mode, None
    request.save(update_fields=["mode", "told_unfilled_at"])
    if attempts.is_complete(request):
        request.filled_at = request.filled_at or timezone.now()
        move(request, State.CONFIRMED, by=by, reason=reason, fields=("filled_at",))
    audit.record("assignment.agreed", assignment, by=by, request=request.pk, by_hand=by_hand)
    _pass_on(attempt, request, assistant)
    if instead_of:
        staffing_emails.assistant_changed(assignment)
    else:
        emails.assistant_comes(assignment)
    return assignment


def _pass_on(attempt: Attempt, request: AssistanceRequest, assistant: Assistant) -> None:
    """Others who were asked in this attempt: for the other place where one is free, or not at all."""
    others = [one for one in attempts.live(request) if one.pk != attempt.pk]
    for offer in attempts.standing_offers(request):
        if offer.assistant_id == assistant.pk:
            attempts.close(offer, request, Offer.State.ACCEPTED)
        elif not others:
            was_interested = offer.state == Offer.State.INTERESTED
            attempts.close(offer, request, Offer.State.NOT_CHOSEN if was_interested else Offer.State.TAKEN)
        elif offer.attempt_id == attempt.pk:
            offer.attempt, offer.language = others[0], others[0].language
            offer.save(update_fields=["attempt", "language"])
