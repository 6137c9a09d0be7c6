"""The coordinator decides: who goes, who goes instead, who is chosen among those interested, and how many."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import (
    appointments,
    attempts,
    choosing,
    emails,
    filling,
    matching,
    moving,
    searching,
    staffing_emails,
)
from institutions.credits import credit_replacement
from institutions.matching import Candidate, Misfit
from institutions.models import Assignment, AssistanceRequest, Assistant, Attempt, Offer
from institutions.transitions import (
    NotYours,
    Reason,
    ReasonNeeded,
    State,
    end_assignment,
    is_coordinator_of,
    is_official_of,
    lock,
    move,
    move_attempt,
)
from portal import audit, diary, messages
from portal.models import User
from portal.refusals import Refused

BY_HAND_REASONS = [Reason.AGREED_BY_PHONE, Reason.INSTITUTION_AGREED, Reason.NOBODY_ELSE, Reason.OTHER]
REPLACEMENT_REASONS = [
    Reason.ILL,
    Reason.FAMILY,
    Reason.TRAVEL,
    Reason.CONFLICT,
    Reason.LANGUAGE,
    Reason.MISTAKE,
    Reason.OTHER,
]

#: She asked for it herself: she could not have come.
HER_OWN_REASONS = frozenset({Reason.ILL, Reason.FAMILY, Reason.TRAVEL, Reason.CONFLICT})

#: More hours than allowed: a coordinator may decide so, with a reason, by sending her by hand.
LIMITS = frozenset({Misfit.DAY_LIMIT, Misfit.WEEK_LIMIT})


class AlreadyStaffed(Refused):
    sentence = _("Somebody is already coming to this meeting.")


class NotLooking(Refused):
    sentence = _("Nobody is looked for any more: the meeting is over or was cancelled.")


class AssistantBusy(Refused):
    sentence = _("This assistant has something else at that time, with the way there and back.")


class NobodyCanSetThisAside(Refused):
    sentence = _("This assistant must not go: what is missing is demanded by law or by our own rules.")


class MisfitNeedsReason(Refused):
    sentence = _("This assistant does not fit in every point. Please choose why you decide so.")
    field = "reason"


class NoLongerInterested(Refused):
    sentence = _("This assistant is not among those interested any more. Please choose another one.")


class NotGoing(Refused):
    sentence = _("This assistant is not going to this meeting any more.")


class TooLateToReplace(Refused):
    sentence = _("The meeting has started. Nobody else can be sent by this page any more.")


class NotOneOfTwo(Refused):
    sentence = _("This is only possible where one of two assistants has agreed to come.")


@transaction.atomic
def assign_by_hand(
    request: AssistanceRequest, assistant: Assistant, *, by: User, reason: str = ""
) -> Assignment:
    """A coordinator decides who goes. What speaks against it needs a reason; an overlap stays impossible."""
    request = _lock_for_coordinator(request, by)
    if assistant.project_id != request.institution.project_id:
        raise NotYours
    held = request.assignments.standing().filter(assistant=assistant).first()
    if held:
        return held
    if request.assignments.standing().count() >= request.assistants_needed:
        raise AlreadyStaffed
    _refuse_unless_looking(request)
    attempt = next(iter(attempts.live(request)), None)
    if attempt is None:
        attempt = attempts.open_attempt(request, by=by, place=attempts.free_places(request)[0])
    assignment = _send(attempt, request, assistant, by=by, reason=reason)
    if not attempts.live(request) and not attempts.is_complete(request):
        searching.reopen(request, by=by)
    if request.is_looking:
        searching.go_on(request)
    return assignment


@transaction.atomic
def choose(offer: Offer, *, by: User) -> Assignment:
    """One of those interested goes; the others are told that somebody else was chosen."""
    request = _lock_for_coordinator(offer.request_id, by)
    offer = request.offers.select_related("assistant__user", "attempt").get(pk=offer.pk)
    held = request.assignments.standing().filter(assistant=offer.assistant).first()
    if held:
        return held
    _refuse_unless_looking(request)
    if offer.state != Offer.State.INTERESTED or not offer.attempt.is_live:
        raise NoLongerInterested
    choosing.hold(request, offer.assistant)
    _refuse_changed(matching.candidate(request, offer.assistant, attempt=offer.attempt))
    try:
        assignment = filling.fill(offer.attempt, request, offer.assistant, by=by)
    except diary.DoubleBooked:
        raise AssistantBusy from None
    staffing_emails.chosen(assignment)
    if request.is_looking:
        searching.go_on(request)
    return assignment


@transaction.atomic
def replace(
    assignment: Assignment,
    assistant: Assistant | None = None,
    *,
    by: User,
    reason: str,
    misfit_reason: str = "",
) -> AssistanceRequest:
    """Somebody else goes: this one, or whoever is found. What was agreed before stays on the page."""
    request = _lock_for_coordinator(assignment.request_id, by)
    assignment = Assignment.objects.select_related("assistant__user").get(pk=assignment.pk)
    assignment.request = request
    if assignment.state == Assignment.State.REPLACED:
        return request
    if assignment.state != Assignment.State.ACTIVE:
        raise NotGoing
    if request.start_at <= timezone.now():
        raise TooLateToReplace
    if reason not in REPLACEMENT_REASONS:
        raise ReasonNeeded
    end_assignment(assignment, Assignment.State.REPLACED, by=by)
    moving.ask_no_more(assignment)
    appointments.take_out(assignment)
    credit = None if reason in HER_OWN_REASONS else credit_replacement(assignment, by=by)
    staffing_emails.job_replaced(assignment, credit)
    if assistant is None:
        searching.reopen(request, by=by, reason=reason)
        staffing_emails.somebody_else_wanted(assignment)
        searching.go_on(request)
        return request
    if assistant.project_id != request.institution.project_id:
        raise NotYours
    attempt = attempts.open_attempt(request, by=by, place=assignment.place, reason=reason)
    _send(attempt, request, assistant, by=by, reason=misfit_reason, instead_of=assignment)
    return request


@transaction.atomic
def change_choice(request: AssistanceRequest, choice: str, *, by: User) -> AssistanceRequest:
    """The first who agrees, or the coordinator chooses: changed while somebody is looked for.

    Those who said that they are interested can take it at once where the first now gets it.
    """
    request = _lock_for_coordinator(request, by)
    _refuse_unless_looking(request)
    if request.choice == choice:
        return request
    request.choice = AssistanceRequest.Choice(choice)
    request.save(update_fields=["choice"])
    audit.record("request.choice_changed", request, by=by, choice=choice)
    chooses = request.choice == AssistanceRequest.Choice.COORDINATOR
    for attempt in attempts.live(request):
        move_attempt(attempt, Attempt.State.CHOOSING if chooses else Attempt.State.SEARCHING, by=by)
    if not chooses:
        searching.let_interested_answer(request)
    searching.go_on(request)
    return request


@transaction.atomic
def look_again(request: AssistanceRequest, *, by: User) -> AssistanceRequest:
    """Nobody was found; the coordinator has it tried once more, from the best way down."""
    request = _lock_for_coordinator(request, by)
    _refuse_unless_looking(request)
    if not attempts.live(request):
        searching.reopen(request, by=by)
        searching.go_on(request)
    return request


@transaction.atomic
def go_on_with_one(request: AssistanceRequest, *, by: User) -> AssistanceRequest:
    """One of two assistants comes, and that is enough: the official or the coordinator says so."""
    request = lock(request)
    if not is_official_of(by, request) and not is_coordinator_of(by, request):
        raise NotYours
    going = list(request.assignments.filter(state=Assignment.State.ACTIVE).select_related("assistant__user"))
    if request.assistants_needed == 1 and request.state == State.CONFIRMED:
        return request
    if request.assistants_needed != 2 or len(going) != 1 or not request.is_looking:
        raise NotOneOfTwo
    attempts.call_off(request, by=by)
    going[0].place, request.assistants_needed = 1, 1
    going[0].save(update_fields=["place"])
    request.filled_at, request.told_unfilled_at = timezone.now(), None
    columns = ("assistants_needed", "filled_at", "told_unfilled_at")
    move(request, State.CONFIRMED, by=by, reason=Reason.ONE_IS_ENOUGH, fields=columns)
    going[0].request = request
    appointments.enter_for_officials(going[0])
    staffing_emails.one_is_enough(request, going[0], by=by)
    return request


def _send(
    attempt: Attempt,
    request: AssistanceRequest,
    assistant: Assistant,
    *,
    by: User,
    reason: str,
    instead_of: Assignment | None = None,
) -> Assignment:
    """Guards and the letter to her; raises where nobody may set aside what speaks against it."""
    choosing.hold(request, assistant)
    candidate = matching.candidate(request, assistant, attempt=attempt)
    _refuse_misfit(candidate, reason)
    messages.silence(source=request.source, recipient=candidate.assistant.user)
    try:
        assignment = filling.fill(
            attempt,
            request,
            candidate.assistant,
            by=by,
            by_hand=True,
            reason=reason,
            instead_of=instead_of,
        )
    except diary.DoubleBooked:
        raise AssistantBusy from None
    if candidate.reasons:
        audit.record("assignment.misfit", assignment, by=by, misfits=list(candidate.reasons), reason=reason)
    emails.job_given(assignment)
    return assignment


def _refuse_misfit(candidate: Candidate, reason: str) -> None:
    if candidate.is_busy:
        raise AssistantBusy
    if candidate.is_final:
        raise NobodyCanSetThisAside
    if candidate.reasons and reason not in BY_HAND_REASONS:
        raise MisfitNeedsReason


def _refuse_changed(candidate: Candidate) -> None:
    """Since she said that she could come: papers ran out, her hours filled up, or she gets no jobs now."""
    if candidate.is_busy:
        raise AssistantBusy
    if candidate.is_final or Misfit.SUSPENDED in candidate.reasons:
        raise NobodyCanSetThisAside
    if not LIMITS.isdisjoint(candidate.reasons):
        raise MisfitNeedsReason


def _lock_for_coordinator(request: AssistanceRequest | int, by: User) -> AssistanceRequest:
    request = lock(request)
    if not is_coordinator_of(by, request):
        raise NotYours
    return request


def _refuse_unless_looking(request: AssistanceRequest) -> None:
    if not request.is_looking or request.start_at <= timezone.now():
        raise NotLooking
