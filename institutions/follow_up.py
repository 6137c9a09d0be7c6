"""What time asks for after a meeting: the assistant's hours, the official's word, and what silence means."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from institutions import debriefings, hours, time_reports, visit_emails
from institutions.deadlines import add_working_days
from institutions.models import Assignment, AssistanceRequest, PresenceStatement, TimeReport
from institutions.transitions import State, lock, move
from portal import one_by_one
from portal.refusals import Refused


@transaction.atomic
def ask_for_report(request: AssistanceRequest | int) -> AssistanceRequest:
    """The meeting is over: whoever was there and has not written yet is asked for the hours, and after a hard
    one a talk is due.
    """
    request = lock(request)
    if request.state not in (State.CONFIRMED, State.IN_PROGRESS) or request.end_at > timezone.now():
        return request
    if request.state == State.CONFIRMED:
        move(request, State.IN_PROGRESS, by=None)
    move(request, State.AWAITING_REPORT, by=None)
    time_reports.ask_who_has_not_written(request)
    debriefings.after_meeting(request, since=request.end_at)
    hours.settle(request, by=None)
    return request


def ask_for_reports() -> int:
    """Ask for the hours of every meeting that is over. Returns how many."""
    over = AssistanceRequest.objects.filter(
        state__in=[State.CONFIRMED, State.IN_PROGRESS], end_at__lte=timezone.now()
    )
    pks = list(over.order_by("pk").values_list("pk", flat=True))
    return len(one_by_one.each(pks, ask_for_report))


def confirm_by_silence() -> int:
    """Hours that nobody has spoken against for some working days are confirmed. Returns how many.

    Hours that a coordinator has to look at first, or about which nobody was asked, wait for her.
    """
    now = timezone.now()
    due = [report for report in _unconfirmed("confirm_by_silence_days") if hours.counts_at(report) <= now]
    return sum(one_by_one.each(hours.put_to_somebody(due), _confirm_unless_changed))


def put_to_nobody(requests: QuerySet[AssistanceRequest]) -> list[TimeReport]:
    """Hours that the institution has nobody to confirm: a coordinator asks by phone, and does."""
    waiting = _waiting(TimeReport.objects.filter(assignment__request__in=requests))
    asked = hours.put_to_somebody(waiting)
    return [report for report in waiting if report not in asked]


def _confirm_unless_changed(report: TimeReport) -> bool:
    """Somebody may have spoken since the list was read."""
    try:
        time_reports.confirm_report(report, by=None, seen=report.reported_at)
    except Refused:
        return False
    return True


def remind_to_confirm() -> int:
    """Once, some working days after the official was asked and before silence answers. Returns how many."""
    now, days = timezone.now(), settings.ASSISTANCE["remind_to_confirm_days"]
    due = [
        report
        for report in _unconfirmed("remind_to_confirm_days")
        if add_working_days(hours.asked_at(report), days) <= now < hours.counts_at(report)
    ]
    return len(one_by_one.each(hours.put_to_somebody(due), visit_emails.confirm_reminder))


def _unconfirmed(setting: str) -> list[TimeReport]:
    """Those that an official could confirm, written at least so many days ago."""
    days = timedelta(days=settings.ASSISTANCE[setting])
    return _waiting(TimeReport.objects.filter(reported_at__lte=timezone.now() - days))


def _waiting(rows: QuerySet[TimeReport]) -> list[TimeReport]:
    rows = rows.filter(
        assignment__state=Assignment.State.ACTIVE,
        assignment__request__state__in=hours.OPEN,
        confirmed_at__isnull=True,
        disputed_at__isnull=True,
    )
    contested = PresenceStatement.objects.contested().filter(
        assignment__request=OuterRef("assignment__request")
    )
    rows = rows.filter(~Exists(contested))
    rows = rows.select_related("assignment__assistant__user", "assignment__request__institution")
    return [row for row in rows.order_by("pk") if not hours.needs_approval(row)]
