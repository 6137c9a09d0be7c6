"""A coordinator looks at a request that waits for her: she takes it on, or says why not."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import attempts, offers, order_emails, order_rules
from institutions.models import Assignment, AssistanceRequest, RequestQuestion
from institutions.transitions import (
    NotYours,
    Reason,
    ReasonNeeded,
    State,
    is_coordinator_of,
    lock,
    move,
)
from portal import audit, one_by_one
from portal.models import User
from portal.refusals import Refused

#: Why the network does not take a request on.
DECLINE_REASONS = [
    Reason.SWORN_NEEDED,
    Reason.NOT_OURS,
    Reason.NO_AGREEMENT,
    Reason.NO_LANGUAGE,
    Reason.OTHER,
]
#: A coordinator has to act before anybody is asked.
WAITING = (State.SUBMITTED, State.NEEDS_INFO)


class NotWaiting(Refused):
    sentence = _("This request does not wait for you any more.")


class TooLateToTakeOn(Refused):
    sentence = _("The time of the meeting has passed.")


class TwoOrReason(Refused):
    sentence = _("The meeting is long. Please say whether two assistants go or one is enough.")
    field = "assistants_needed"


class SomebodyComes(Refused):
    sentence = _("An assistant has agreed already. Please cancel the request instead.")


@transaction.atomic
def take_on(
    request: AssistanceRequest, *, by: User, assistants_needed: int | None = None, choice: str = ""
) -> AssistanceRequest:
    """Ask assistants now. For a long meeting she decides: two, or one (domain.md A6.5)."""
    request = lock_for(request, by)
    if request.state == State.OFFERING:
        return request
    if request.state not in WAITING:
        raise NotWaiting
    if request.start_at <= timezone.now():
        raise TooLateToTakeOn
    is_long = order_rules.is_long_for_one(request)
    if is_long and assistants_needed is None:
        raise TwoOrReason
    request.assistants_needed = assistants_needed or request.assistants_needed
    request.choice = choice or request.choice
    is_override = is_long and request.assistants_needed == 1
    close_question(request)
    move(
        request,
        State.OFFERING,
        by=by,
        reason=Reason.ONE_IS_ENOUGH if is_override else "",
        fields=("assistants_needed", "choice"),
    )
    order_emails.taken_on(request)
    offers.begin(request, by=by)
    request.refresh_from_db()
    return request


@transaction.atomic
def decline(request: AssistanceRequest, *, by: User, reason: str) -> AssistanceRequest:
    """The network cannot take it on; the official is told why, and what she can do instead."""
    request = lock_for(request, by)
    if request.state == State.DECLINED:
        return request
    if request.state not in (*WAITING, *AssistanceRequest.LOOKING):
        raise NotWaiting
    if request.assignments.filter(state=Assignment.State.ACTIVE).exists():
        raise SomebodyComes
    if reason not in DECLINE_REASONS:
        raise ReasonNeeded
    attempts.call_off(request, by=by)
    close_question(request)
    request.closed_at = timezone.now()
    move(request, State.DECLINED, by=by, reason=reason, fields=("closed_at",))
    order_emails.declined(request, reason=reason)
    return request


def give_up_unlooked() -> int:
    """Requests whose time came while they waited for a decision or an answer: nobody was asked."""
    now = timezone.now()
    late = AssistanceRequest.objects.filter(state__in=WAITING, start_at__lte=now).order_by("start_at", "pk")
    pks = list(late.values_list("pk", flat=True))
    return len(one_by_one.each(pks, _give_up))


def _give_up(pk: int) -> None:
    request = lock(pk)
    if request.state in WAITING and request.start_at <= timezone.now():
        close_question(request)
        move(request, State.UNFILLED, by=None)
        order_emails.nobody_looked(request)


def lock_for(request: AssistanceRequest, by: User) -> AssistanceRequest:
    request = lock(request)
    if not is_coordinator_of(by, request):
        raise NotYours
    return request


def close_question(request: AssistanceRequest) -> None:
    """What was not answered need not be any more; an empty answer says so."""
    for question in RequestQuestion.objects.filter(request=request, answered_at__isnull=True):
        question.answered_at = timezone.now()
        question.save(update_fields=["answered_at"])
        audit.record("request.question_closed", question, by=None, request=request.pk)
