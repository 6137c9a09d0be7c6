"""What the network has to know before it can look for somebody: one question at a time, and the answer."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import offers, order_emails, order_rules
from institutions.client_data import refuse_identifiers
from institutions.models import AssistanceRequest, RequestQuestion
from institutions.transitions import NotYours, State, is_coordinator_of, is_official_of, lock, move
from portal import audit
from portal.models import User
from portal.refusals import Refused


class NothingToAskAbout(Refused):
    sentence = _("You can ask only while the request waits for you.")
    field = "text"


class OneAtATime(Refused):
    sentence = _("There is a question already that has not been answered.")
    field = "text"


class QuestionMissing(Refused):
    sentence = _("Please write your question.")
    field = "text"


class AnswerMissing(Refused):
    sentence = _("Please write your answer.")
    field = "answer"


class AnsweredAlready(Refused):
    sentence = _("This question was answered already, or is no longer needed.")


@transaction.atomic
def ask(request: AssistanceRequest, *, by: User, text: str, is_checked: bool = False) -> RequestQuestion:
    """A coordinator asks the institution; the request waits for the answer."""
    request = lock(request)
    if not is_coordinator_of(by, request):
        raise NotYours
    text = text.strip()
    if not text:
        raise QuestionMissing
    waiting = request.questions.filter(answered_at__isnull=True).first()
    if waiting and waiting.text == text:
        return waiting
    if waiting:
        raise OneAtATime
    if request.state != State.SUBMITTED or request.start_at <= timezone.now():
        raise NothingToAskAbout
    refuse_identifiers({"text": text}, is_checked=is_checked)
    question = RequestQuestion.objects.create(request=request, text=text, asked_by=by)
    move(request, State.NEEDS_INFO, by=by)
    audit.record("request.asked", question, by=by, request=request.pk)
    order_emails.asked(question)
    return question


@transaction.atomic
def answer(question: RequestQuestion, *, by: User, text: str, is_checked: bool = False) -> RequestQuestion:
    """The institution answers. Where nothing else speaks against it, assistants are asked at once; otherwise
    the coordinator looks at it again.
    """
    request = lock(question.request_id)
    question = request.questions.get(pk=question.pk)
    question.request = request
    if not is_official_of(by, request):
        raise NotYours
    text = text.strip()
    if question.answered_at and question.answer == text:
        return question
    if question.answered_at or request.state != State.NEEDS_INFO:
        raise AnsweredAlready
    if not text:
        raise AnswerMissing
    refuse_identifiers({"answer": text}, is_checked=is_checked)
    question.answer, question.answered_by, question.answered_at = text, by, timezone.now()
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    audit.record("request.answered", question, by=by, request=request.pk)
    if order_rules.hold_reason(request, by=by) or request.start_at <= timezone.now():
        move(request, State.SUBMITTED, by=by)
    else:
        move(request, State.OFFERING, by=by)
        offers.begin(request, by=by)
    order_emails.answered(question)
    return question
