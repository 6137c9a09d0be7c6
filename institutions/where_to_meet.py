"""An address, a link or a number without which nobody finds the meeting: asked for until it is there.

Nobody has to know it when she asks for an assistant. From when somebody has agreed the official is asked: in
that letter, on her pages, and once more a day before.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from institutions import emails, order_emails
from institutions.models import Assignment, AssistanceRequest, Mode
from portal import one_by_one
from portal.clock import is_quiet
from portal.models import Message


def places_missing(request: AssistanceRequest) -> list[Mode]:
    """The ways that the institution agreed to, the best first, in which one could not meet yet."""
    modes = [Mode(mode) for mode in request.ranked_modes or [request.mode]]
    return [mode for mode in modes if not getattr(request, AssistanceRequest.PLACE_IN[mode])]


def is_wanted(request: AssistanceRequest, jobs: list[Assignment], now: datetime) -> bool:
    """``jobs``: who goes. The same as ``wanted``, of one request."""
    goes = any(job.state == Assignment.State.ACTIVE for job in jobs)
    return goes and request.is_place_missing and request.start_at > now


def wanted(rows: QuerySet[AssistanceRequest], now: datetime) -> QuerySet[AssistanceRequest]:
    """Somebody has agreed to come and could not find the meeting."""
    agreed = Assignment.objects.filter(request=OuterRef("pk"), state=Assignment.State.ACTIVE)
    return rows.without_place().filter(Exists(agreed), start_at__gt=now)


def remind() -> int:
    """Once, a day before; whoever was asked later than that was asked late enough. Returns how many."""
    now = timezone.now()
    before = timedelta(hours=settings.ASSISTANCE["place_reminder_hours_before"])
    rows = wanted(AssistanceRequest.objects.filter(start_at__lte=now + before), now)
    rows = rows.select_related("institution", "unit", "requested_by").prefetch_related("assignments")
    due = [request for request in rows.order_by("pk") if _is_due(request, before, now)]
    told = Message.objects.filter(key__startswith=order_emails.PLACE_WANTED, useless_after__gt=now)
    keys = [f"{key}:" for key in told.values_list("key", flat=True)]
    new = [one for one in due if not any(key.startswith(f"{order_emails.place_key(one)}:") for key in keys)]
    return len(one_by_one.each(new, order_emails.place_wanted))


def _is_due(request: AssistanceRequest, before: timedelta, now: datetime) -> bool:
    """Not at night, unless it cannot wait: by the morning it may be there."""
    if is_quiet(now) and not emails.must_be_told_at_night(request):
        return False
    agreed = [job.agreed_at for job in request.assignments.all() if job.state == Assignment.State.ACTIVE]
    return bool(agreed) and min(agreed) <= request.start_at - before
