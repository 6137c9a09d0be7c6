"""The real times: the assistant reports them, the official confirms with one click or says what is wrong.

Not a word about the conversation (domain.md A7.1). Silence confirms after some days.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import emails
from institutions.client_data import refuse_identifiers
from institutions.models import Assignment, AssistanceRequest, TimeReport
from institutions.transitions import (
    NotYours,
    State,
    end_assignment,
    is_coordinator_of,
    is_official_of,
    lock,
    move,
)
from portal import audit
from portal.models import User
from portal.refusals import Refused
from projects import ledger
from projects.models import BudgetTask, Project

#: How far the real times may lie from the planned ones.
FURTHEST = timedelta(hours=12)
LONGEST_MINUTES = 12 * 60
LONGEST_TRAVEL = 600


class NotYetOver(Refused):
    sentence = _("You can write the hours down after the meeting.")


class NothingToReport(Refused):
    sentence = _("There is no report to write for this meeting.")


class WrongTimes(Refused):
    sentence = _("The end must be after the start, on the day of the meeting, and not in the future.")
    field = "end_at"


class WrongTravel(Refused):
    sentence = _("Please give the travel in minutes, 600 at most.")
    field = "travel_minutes"


class NothingToConfirm(Refused):
    sentence = _("There are no hours to confirm now. The assistant will write them down again.")


class WhatIsWrong(Refused):
    sentence = _("Please write what is wrong with the hours.")
    field = "reason"


@transaction.atomic
def ask_for_report(request: AssistanceRequest | int) -> AssistanceRequest:
    """The meeting is over: the assistant is asked for the hours."""
    request = lock(request)
    if request.state != State.CONFIRMED or request.end_at > timezone.now():
        return request
    assignment = request.assignments.select_related("assistant__user").get(state=Assignment.State.ACTIVE)
    assignment.request = request
    move(request, State.AWAITING_REPORT, by=None)
    emails.report_wanted(assignment)
    return request


@transaction.atomic
def report_times(
    assignment: Assignment, *, by: User, start_at: datetime, end_at: datetime, travel_minutes: int = 0
) -> TimeReport:
    """The hours as they were. They can be corrected until they are confirmed."""
    request = lock(assignment.request_id)
    assignment = Assignment.objects.select_related("assistant__user").get(pk=assignment.pk)
    if assignment.assistant.user_id != by.pk and not is_coordinator_of(by, request):
        raise NotYours
    if assignment.state != Assignment.State.ACTIVE:
        raise NothingToReport
    now = timezone.now()
    if request.state == State.CONFIRMED and max(request.start_at, end_at) > now:
        raise NotYetOver
    if request.state not in (State.CONFIRMED, State.AWAITING_REPORT, State.AWAITING_CONFIRMATION):
        raise NothingToReport
    is_near = abs(start_at - request.start_at) <= FURTHEST and abs(end_at - request.end_at) <= FURTHEST
    if not start_at < end_at <= now or not is_near or end_at - start_at > timedelta(minutes=LONGEST_MINUTES):
        raise WrongTimes
    if not 0 <= travel_minutes <= LONGEST_TRAVEL:
        raise WrongTravel
    times = {"start_at": start_at, "end_at": end_at, "travel_minutes": travel_minutes}
    held = TimeReport.objects.filter(assignment=assignment).first()
    if held and not held.disputed_at and {name: getattr(held, name) for name in times} == times:
        return held
    report, _created = TimeReport.objects.update_or_create(
        assignment=assignment,
        defaults=times | {"reported_at": now, "disputed_at": None, "dispute_reason": ""},
    )
    assignment.request, report.assignment = request, assignment
    move(request, State.AWAITING_CONFIRMATION, by=by)
    audit.record("report.written", report, by=by, request=request.pk, minutes=report.minutes)
    emails.hours_to_confirm(report)
    return report


@transaction.atomic
def confirm_report(report: TimeReport, *, by: User | None) -> TimeReport:
    """The hours are right and reach the ledger. ``by`` is None when silence confirms."""
    request = lock(report.assignment.request_id)
    report = _read(report, request)
    if by and not is_official_of(by, request) and not is_coordinator_of(by, request):
        raise NotYours
    if report.confirmed_at:
        return report
    if report.disputed_at or request.state != State.AWAITING_CONFIRMATION:
        raise NothingToConfirm
    now = timezone.now()
    report.confirmed_at, report.confirmed_by = now, by
    report.save(update_fields=["confirmed_at", "confirmed_by"])
    assignment = report.assignment
    end_assignment(assignment, Assignment.State.DONE, by=by)
    project = request.institution.project
    task = _budget_task(project)
    ledger.record(
        source=assignment.ledger_source,
        project=project,
        task=task,
        theme=task.themes.first(),
        kind=ledger.Kind.ASSISTANCE,
        measure=ledger.Measure.DELIVERED,
        on=timezone.localdate(report.start_at),
        minutes=report.minutes,
        activity=request.source,
        partner=f"institutions.institution:{request.institution_id}",
    )
    request.closed_at = now
    move(request, State.CLOSED, by=by, fields=("closed_at",))
    audit.record("report.confirmed", report, by=by, request=request.pk, minutes=report.minutes)
    emails.hours_confirmed(report)
    return report


@transaction.atomic
def dispute_report(report: TimeReport, *, by: User, reason: str) -> TimeReport:
    """The hours are not right: the assistant writes them down again."""
    request = lock(report.assignment.request_id)
    report = _read(report, request)
    if not is_official_of(by, request) and not is_coordinator_of(by, request):
        raise NotYours
    if report.disputed_at:
        return report
    if report.confirmed_at or request.state != State.AWAITING_CONFIRMATION:
        raise NothingToConfirm
    if not reason.strip():
        raise WhatIsWrong
    refuse_identifiers({"reason": reason})
    report.disputed_at, report.dispute_reason = timezone.now(), reason.strip()[:200]
    report.save(update_fields=["disputed_at", "dispute_reason"])
    move(request, State.AWAITING_REPORT, by=by)
    audit.record("report.disputed", report, by=by, request=request.pk)
    emails.hours_disputed(report)
    return report


def confirm_by_silence() -> int:
    """Hours that nobody has spoken against for some days are confirmed. Returns how many."""
    days = settings.ASSISTANCE["confirm_by_silence_days"]
    silent = TimeReport.objects.filter(
        assignment__request__state=State.AWAITING_CONFIRMATION,
        confirmed_at__isnull=True,
        disputed_at__isnull=True,
        reported_at__lte=timezone.now() - timedelta(days=days),
    )
    reports = list(silent.select_related("assignment").order_by("pk"))
    for report in reports:
        confirm_report(report, by=None)
    return len(reports)


def ask_for_reports() -> int:
    """Ask for the hours of every meeting that is over. Returns how many."""
    over = AssistanceRequest.objects.filter(state=State.CONFIRMED, end_at__lte=timezone.now())
    pks = list(over.order_by("pk").values_list("pk", flat=True))
    for pk in pks:
        ask_for_report(pk)
    return len(pks)


def _read(report: TimeReport, request: AssistanceRequest) -> TimeReport:
    report = TimeReport.objects.select_related("assignment__assistant__user").get(pk=report.pk)
    report.assignment.request = request
    return report


def _budget_task(project: Project) -> BudgetTask:
    """The project's line for assistance, or its first one. A project without any gets one."""
    tasks = BudgetTask.objects.filter(project=project)
    task = tasks.filter(code="assistance").first() or tasks.order_by("code").first()
    return task or BudgetTask.objects.create(project=project, code="assistance", title_en="Assistance")
