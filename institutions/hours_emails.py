"""Letters about hours: to write them down, to confirm them, and what became of them."""

from django.conf import settings

from institutions.emails import tell_assistant, tell_official
from institutions.models import Assignment, TimeReport
from portal.models import Message


def report_wanted(assignment: Assignment, *, number: int | None = None) -> Message | None:
    """``number``: of the decision after which she is asked anew."""
    return tell_assistant(
        assignment,
        "report_wanted",
        kind="work",
        key=f"report_wanted:{assignment.pk}" + (f":{number}" if number else ""),
        page="assistant_report",
        assignment=assignment,
    )


def hours_to_confirm(report: TimeReport) -> Message | None:
    return tell_official(
        report.assignment.request,
        "hours_to_confirm",
        key=f"hours_to_confirm:{report.pk}:{report.reported_at:%Y%m%dT%H%M%S}",
        kind="work",
        page="assistance_confirm",
        report=report,
        days=settings.ASSISTANCE["confirm_by_silence_days"],
        not_to_pass_on=report.assignment.assistant.user,
    )


def hours_disputed(report: TimeReport) -> Message | None:
    assignment = report.assignment
    return tell_assistant(
        assignment,
        "hours_disputed",
        kind="work",
        key=f"hours_disputed:{report.pk}:{report.disputed_at:%Y%m%dT%H%M%S}",
        page="assistant_report",
        report=report,
    )


def hours_confirmed(report: TimeReport) -> Message | None:
    assignment = report.assignment
    return tell_assistant(
        assignment, "hours_confirmed", kind="work", key=f"hours_confirmed:{report.pk}", report=report
    )
