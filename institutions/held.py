"""What time does while a request waits for a coordinator, or for an answer to her question.

Nobody has been asked yet. Whoever has to act is reminded once, and the official knows in time that she cannot
count on anybody (domain.md A5.7). When the meeting begins, ``reviews.give_up_unlooked`` ends it.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from institutions import deadlines, order_emails
from institutions.models import AssistanceRequest, RequestQuestion, RequestTransition
from institutions.reviews import WAITING
from institutions.transitions import State, lock
from portal import audit, one_by_one
from portal.models import AuditEntry

#: In the trail: who has to act was reminded.
STILL_WAITS, STILL_ASKED = "request.still_waits", "request.still_asked"

#: Whoever was asked to look so short a time ago needs no reminder beside it.
LET_THEM_READ = timedelta(hours=1)


def tell_in_time() -> int:
    """Officials learn that nobody was asked so far, in time to help themselves. Returns how many requests."""
    now = timezone.now()
    waiting = AssistanceRequest.objects.filter(
        state__in=WAITING, start_at__gt=now, told_unfilled_at__isnull=True
    )
    due = [row.pk for row in waiting.order_by("start_at", "pk") if _tell_by(row) <= now]
    return sum(one_by_one.each(due, tell))


@transaction.atomic
def tell(pk: int) -> bool:
    """Coordinators who have not decided are reminded at the same time, if they were not before."""
    request, now = lock(pk), timezone.now()
    is_waiting = request.state in WAITING and not request.told_unfilled_at
    if not is_waiting or not _tell_by(request) <= now < request.start_at:
        return False
    request.told_unfilled_at = now
    request.save(update_fields=["told_unfilled_at"])
    order_emails.nobody_asked_yet(request)
    turn = _unreminded(now).filter(pk=pk).first()
    if turn and turn.since <= now - LET_THEM_READ:
        _remind(request, turn)
    return True


def remind_coordinators() -> int:
    """Where the time for the first action has passed. Returns how many requests."""
    now = timezone.now()
    due = [row.pk for row in _unreminded(now) if _act_by(row) <= now]
    return sum(one_by_one.each(due, remind))


@transaction.atomic
def remind(pk: int) -> bool:
    """Once for each time that it waits: an answer of the institution begins a new one."""
    request = lock(pk)
    turn = _unreminded(timezone.now()).filter(pk=pk).first()
    if turn:
        _remind(request, turn)
    return turn is not None


def _remind(request: AssistanceRequest, turn: AssistanceRequest) -> None:
    """``turn``: the same request as ``_unreminded`` reads it, under the lock."""
    audit.record(STILL_WAITS, request, by=None)
    order_emails.still_waits(request, since=turn.since)


def remind_of_questions() -> int:
    """The institution is asked once more, as long after the question as a coordinator has for a request."""
    now = timezone.now()
    due = [row.pk for row in _unanswered(now) if _answer_by(row) <= now]
    return sum(one_by_one.each(due, ask_again))


@transaction.atomic
def ask_again(pk: int) -> bool:
    asked = RequestQuestion.objects.only("request").get(pk=pk)
    request = lock(asked.request_id)
    question = _unanswered(timezone.now()).filter(pk=pk).first()
    if question is None:
        return False
    question.request = request
    audit.record(STILL_ASKED, question, by=None, request=request.pk)
    order_emails.asked(question, is_reminder=True)
    return True


def _unreminded(now: datetime) -> QuerySet[AssistanceRequest]:
    """With ``since``: when a coordinator's turn began."""
    moves = RequestTransition.objects.filter(request=OuterRef("pk"), new_state=State.SUBMITTED)
    last = moves.order_by("-at", "-id").values("at")[:1]
    rows = AssistanceRequest.objects.filter(state=State.SUBMITTED, start_at__gt=now)
    rows = rows.annotate(since=Coalesce(Subquery(last), "submitted_at"))
    told = _lines(rows, STILL_WAITS).filter(at__gte=OuterRef("since"))
    return rows.filter(~Exists(told)).order_by("start_at", "pk")


def _unanswered(now: datetime) -> QuerySet[RequestQuestion]:
    """Open questions; not those that were named when the official was told that nobody was asked."""
    told = Q(request__told_unfilled_at__gte=F("asked_at"))
    rows = RequestQuestion.objects.filter(
        answered_at__isnull=True, request__state=State.NEEDS_INFO, request__start_at__gt=now
    )
    rows = rows.exclude(told).select_related("request")
    return rows.filter(~Exists(_lines(rows, STILL_ASKED))).order_by("request__start_at", "pk")


def _lines(rows: QuerySet, action: str) -> QuerySet[AuditEntry]:
    of_this = {"object_type": rows.model._meta.label_lower, "object_id": OuterRef("pk")}
    return AuditEntry.objects.filter(action=action, **of_this)


def _tell_by(request: AssistanceRequest) -> datetime:
    return deadlines.tell_unasked_by(
        request.urgency, submitted_at=request.submitted_at, start_at=request.start_at
    )


def _act_by(request: AssistanceRequest) -> datetime:
    """``request`` as ``_unreminded`` reads it."""
    return deadlines.first_action_by(request.urgency, submitted_at=request.since, start_at=request.start_at)


def _answer_by(question: RequestQuestion) -> datetime:
    request = question.request
    return deadlines.first_action_by(
        request.urgency, submitted_at=question.asked_at, start_at=request.start_at
    )
