"""What was written in a request, in feedback and in a complaint is deleted after a time (domain.md C1.11).

Codes, times, states and ids stay, so every figure stays what it was. How long is kept what:

- free texts of a request (address, link, contact, briefing, dialect, questions, what was disputed, how the
  assistant felt, that somebody talked with her, why she could not come, comments of feedback): 30 days after
  the request is over, and at the latest 120 days after its day, whatever became of it. A complaint that is
  not decided holds them back until then.
- the institution's own case number: 400 days. It tells the network nothing of a client; a year's statement
  and the same face for the same case need it.
- texts of a complaint: 180 days after it was closed, so that a second one can be seen beside the first.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from institutions.models import (
    AssistanceRequest,
    AttemptTransition,
    Complaint,
    Debriefing,
    Feedback,
    RequestQuestion,
    TimeReport,
)
from institutions.transitions import PRIVATE_REASONS, Reason, State, lock
from portal import audit, messages, one_by_one

TEXTS = ("address", "link", "contact_name", "contact_phone", "briefing", "dialect")


def requests_to_forget(now: datetime | None = None) -> QuerySet[AssistanceRequest]:
    """Those whose texts have been kept long enough. What was cancelled counts from then."""
    now = now or timezone.now()
    limits = settings.ASSISTANCE
    soon = now - timedelta(days=limits["texts_deleted_after_days"])
    latest = now - timedelta(days=limits["texts_deleted_at_latest_after_days"])
    undecided = Complaint.objects.undecided().filter(request=OuterRef("pk"))
    is_over = Q(state__in=AssistanceRequest.OVER, over_at__lte=soon)
    is_over |= Q(state=State.UNFILLED, end_at__lte=soon)
    rows = AssistanceRequest.objects.filter(scrubbed_at__isnull=True)
    rows = rows.annotate(over_at=Coalesce("closed_at", "end_at"))
    return rows.filter((is_over & ~Exists(undecided)) | Q(end_at__lte=latest)).order_by("pk")


def case_numbers_to_forget(now: datetime | None = None) -> QuerySet[AssistanceRequest]:
    now = now or timezone.now()
    kept_since = now - timedelta(days=settings.ASSISTANCE["case_numbers_deleted_after_days"])
    return AssistanceRequest.objects.filter(end_at__lte=kept_since).exclude(case_reference="").order_by("pk")


def complaints_to_forget(now: datetime | None = None) -> QuerySet[Complaint]:
    now = now or timezone.now()
    kept_since = now - timedelta(days=settings.ASSISTANCE["complaint_texts_deleted_after_days"])
    return Complaint.objects.filter(scrubbed_at__isnull=True, closed_at__lte=kept_since).order_by("pk")


@transaction.atomic
def forget_texts(request: AssistanceRequest | int) -> bool:
    """Delete what was written; False where it is not time, or was done before."""
    request = lock(request)
    if not requests_to_forget().filter(pk=request.pk).exists():
        return False
    for name in TEXTS:
        setattr(request, name, "")
    request.is_dialect_required = False
    request.scrubbed_at = timezone.now()
    request.save(update_fields=[*TEXTS, "is_dialect_required", "scrubbed_at"])
    for question in RequestQuestion.objects.filter(request=request):
        messages.strike(f"question:{question.pk}", question.text)
    RequestQuestion.objects.filter(request=request).update(text="", answer="")
    reports = TimeReport.objects.filter(assignment__request=request)
    reports.update(dispute_reason="", wellbeing=None, wants_to_talk=False)
    Debriefing.objects.filter(assignment__request=request, done_at__isnull=False).delete()
    for trail in (request.transitions, AttemptTransition.objects.filter(attempt__request=request)):
        trail.filter(reason__in=PRIVATE_REASONS).update(reason=Reason.OTHER)
    Feedback.objects.filter(assignment__request=request).update(comment="")
    audit.record("request.texts_forgotten", request, by=None)
    return True


@transaction.atomic
def forget_case_number(request: AssistanceRequest | int) -> bool:
    request = lock(request)
    if not case_numbers_to_forget().filter(pk=request.pk).exists():
        return False
    request.case_reference = ""
    request.save(update_fields=["case_reference"])
    audit.record("request.case_number_forgotten", request, by=None)
    return True


@transaction.atomic
def forget_complaint(complaint: Complaint | int) -> bool:
    """The words of both sides and the answer; that there was a complaint and how it ended stays."""
    if isinstance(complaint, int):
        complaint = Complaint.objects.get(pk=complaint)
    lock(complaint.request_id)
    complaint = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)
    if not complaints_to_forget().filter(pk=complaint.pk).exists():
        return False
    complaint.text = complaint.question = complaint.view = complaint.answer = ""
    complaint.scrubbed_at = timezone.now()
    complaint.save(update_fields=["text", "question", "view", "answer", "scrubbed_at"])
    audit.record("complaint.texts_forgotten", complaint, by=None, request=complaint.request_id)
    return True


def due() -> dict[str, list[int]]:
    """What would be deleted now, as ids; nothing is changed."""
    return {
        "texts of requests": list(requests_to_forget().values_list("pk", flat=True)),
        "case numbers": list(case_numbers_to_forget().values_list("pk", flat=True)),
        "texts of complaints": list(complaints_to_forget().values_list("pk", flat=True)),
    }


def forget_all() -> dict[str, int]:
    """Each in a transaction of its own. Returns how many of which."""
    waiting = due()
    verbs = {
        "texts of requests": forget_texts,
        "case numbers": forget_case_number,
        "texts of complaints": forget_complaint,
    }
    return {what: sum(one_by_one.each(pks, verbs[what])) for what, pks in waiting.items()}
