"""What follows from reported hours: the order's state, who has to look at them, and the ledger."""

from collections import defaultdict
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from institutions.credits import planned_minutes
from institutions.deadlines import add_working_days
from institutions.models import Assignment, AssistanceRequest, Official, PresenceStatement, TimeReport
from institutions.models.institution import answering
from institutions.transitions import State, move
from portal.models import User
from projects import ledger
from projects.models import BudgetTask, Project

#: While hours can be written down, corrected and confirmed.
OPEN = (State.CONFIRMED, State.IN_PROGRESS, State.AWAITING_REPORT, State.AWAITING_CONFIRMATION)


def settle(request: AssistanceRequest, *, by: User | None) -> None:
    """Bring a locked order to where its reports stand: closed when each assistant's hours are confirmed."""
    if request.state not in OPEN:
        return
    going = request.assignments.standing().values_list(
        "report", "report__disputed_at", "report__confirmed_at"
    )
    reports = list(going)
    if not reports:
        return
    if any(pk is None or disputed_at for pk, disputed_at, _confirmed in reports):
        if request.state == State.AWAITING_CONFIRMATION or request.end_at <= timezone.now():
            move(request, State.AWAITING_REPORT, by=by)
        return
    move(request, State.AWAITING_CONFIRMATION, by=by)
    if all(confirmed_at for _pk, _disputed, confirmed_at in reports):
        request.closed_at = timezone.now()
        move(request, State.CLOSED, by=by, fields=("closed_at",))


def is_over_plan(report: TimeReport) -> bool:
    """Longer than planned by more than a little, and nobody has said yes to it."""
    tolerance = settings.ASSISTANCE["over_plan_minutes"]
    return report.minutes > planned_minutes(report.assignment) + tolerance


def needs_approval(report: TimeReport) -> bool:
    return report.approved_at is None and is_over_plan(report)


def is_contested(assignment: Assignment) -> bool:
    return PresenceStatement.objects.contested().filter(assignment__request=assignment.request_id).exists()


def asked_at(report: TimeReport) -> datetime:
    """Since when the official can confirm it."""
    return report.approved_at or report.reported_at


def put_to_somebody(reports: list[TimeReport]) -> list[TimeReport]:
    """Those about which somebody of the institution could be asked on their day; a seat taken later does not
    count. One query. Of the others silence says nothing: a coordinator confirms them.
    """
    seats = defaultdict(list)
    places = {report.assignment.request.institution_id for report in reports}
    for seat in Official.objects.filter(institution__in=places).order_by("pk"):
        seats[seat.institution_id].append(seat)
    return [report for report in reports if _answering(report, seats)]


def _answering(report: TimeReport, seats: dict[int, list[Official]]) -> list[Official]:
    request, day = report.assignment.request, timezone.localdate(asked_at(report))
    return answering([seat for seat in seats[request.institution_id] if seat.serves_on(day)], request)


def counts_at(report: TimeReport) -> datetime:
    """When silence confirms it."""
    return add_working_days(asked_at(report), settings.ASSISTANCE["confirm_by_silence_days"])


def enter_in_ledger(report: TimeReport) -> None:
    """Minutes without breaks; a correction rewrites the entry, and without any minute there is none."""
    assignment, request = report.assignment, report.assignment.request
    if report.minutes <= 0:
        ledger.withdraw(assignment.ledger_source)
        return
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


def _budget_task(project: Project) -> BudgetTask:
    """The project's line for assistance, or its first one. A project without any gets one."""
    tasks = BudgetTask.objects.filter(project=project)
    task = tasks.filter(code="assistance").first() or tasks.order_by("code").first()
    return task or BudgetTask.objects.create(project=project, code="assistance", title_en="Assistance")
