"""Every change of a state leaves two traces, the row's own history and a line of the audit, and only the ways
of ``states`` exist.
"""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import states
from institutions.models import (
    Assignment,
    AssistanceRequest,
    Attempt,
    AttemptTransition,
    RequestTransition,
    TimeReport,
)
from portal import audit
from portal.models import User
from portal.refusals import Refused
from projects.models import Project

State = AssistanceRequest.State
Reason = RequestTransition.Reason
#: They tell something of a person's life.
PRIVATE_REASONS = frozenset({Reason.ILL, Reason.FAMILY, Reason.CONFLICT})


class NoSuchWay(Exception):
    """A verb tried what no machine of ``states`` allows: a mistake of ours, not of a person."""


class NotYours(Refused):
    sentence = _("This request belongs to another institution.")


class NotThere(Refused):
    sentence = _("This is not there any more: somebody has taken it back or deleted it in the meantime.")


class ReasonNeeded(Refused):
    sentence = _("Please choose a reason.")
    field = "reason"


def lock(request: AssistanceRequest | int) -> AssistanceRequest:
    """The request's row, for this transaction alone. Always locked before any person's row.

    Raises NotThere for a draft that was deleted since the page was read.
    """
    pk = request if isinstance(request, int) else request.pk
    rows = AssistanceRequest.objects.select_for_update(of=("self",), no_key=True)
    request = rows.select_related("institution__project", "unit", "requested_by").filter(pk=pk).first()
    if request is None:
        raise NotThere
    return request


def lock_job(assignment: Assignment) -> Assignment:
    """One assistant's part, read anew with the person while the row of its request is locked."""
    request = lock(assignment.request_id)
    job = Assignment.objects.select_related("assistant__user").get(pk=assignment.pk)
    job.request = request
    return job


def lock_report(report: TimeReport) -> TimeReport:
    """The same for what she reported. Raises NotThere where she wrote meanwhile that nobody came."""
    request = lock(report.assignment.request_id)
    rows = TimeReport.objects.select_related("assignment__assistant__user")
    report = rows.filter(pk=report.pk).first()
    if report is None:
        raise NotThere
    report.assignment.request = request
    return report


def move(
    request: AssistanceRequest,
    state: str,
    *,
    by: User | None,
    reason: str = "",
    is_late: bool = False,
    fields: tuple[str, ...] = (),
) -> RequestTransition | None:
    """Bring a locked request into ``state`` and write it down; ``fields`` are saved along.

    ``by`` is None where time itself moved it. Staying in the state is no transition.
    """
    if request.state != state and state not in states.ORDER[request.state]:
        raise NoSuchWay(f"order: {request.state} to {state}")
    old_state, request.state = request.state, state
    request.save(update_fields=["state", *fields])
    if old_state == state:
        return None
    return write_down(request, old_state, by=by, reason=reason, is_late=is_late)


def write_down(
    request: AssistanceRequest, old_state: str, *, by: User | None, reason: str = "", is_late: bool = False
) -> RequestTransition:
    # The audit is for ever: why somebody stays away is told by the request's history, for as long as it may.
    told = "" if reason in PRIVATE_REASONS else reason
    audit.record(
        f"request.{request.state}", request, by=by, old_state=old_state, reason=told, is_late=is_late
    )
    return RequestTransition.objects.create(
        request=request,
        old_state=old_state,
        new_state=request.state,
        actor=by,
        reason=reason,
        is_late=is_late,
        notice_minutes=int((request.start_at - timezone.now()).total_seconds() // 60),
    )


def move_attempt(
    attempt: Attempt,
    state: str,
    *,
    by: User | None,
    reason: str = "",
) -> AttemptTransition | None:
    """The same for an attempt; the row of its request is locked. What has ended has a time of its end."""
    if attempt.state != state and state not in states.ATTEMPT[attempt.state]:
        raise NoSuchWay(f"attempt: {attempt.state} to {state}")
    old_state, attempt.state, columns = attempt.state, state, ["state"]
    if not attempt.is_live and attempt.ended_at is None:
        attempt.ended_at, attempt.next_wave_at = timezone.now(), None
        columns += ["ended_at", "next_wave_at"]
    attempt.save(update_fields=columns)
    if old_state == state:
        return None
    return write_down_attempt(attempt, old_state, by=by, reason=reason)


def write_down_attempt(
    attempt: Attempt, old_state: str, *, by: User | None, reason: str = ""
) -> AttemptTransition:
    audit.record(f"attempt.{attempt.state}", attempt, by=by, old_state=old_state, request=attempt.request_id)
    return AttemptTransition.objects.create(
        attempt=attempt, old_state=old_state, new_state=attempt.state, actor=by, reason=reason
    )


def end_assignment(assignment: Assignment, state: str, *, by: User | None) -> None:
    """She does not go any more, did not come, or is done; the audit keeps who said so."""
    if state not in states.ASSIGNMENT[assignment.state]:
        raise NoSuchWay(f"assignment: {assignment.state} to {state}")
    assignment.state, assignment.ended_at = state, timezone.now()
    assignment.save(update_fields=["state", "ended_at"])
    audit.record(f"assignment.{state}", assignment, by=by, request=assignment.request_id)


def reopen_assignment(assignment: Assignment, *, by: User | None) -> None:
    """A no-show that was none: the job stands again."""
    if Assignment.State.ACTIVE not in states.ASSIGNMENT[assignment.state]:
        raise NoSuchWay(f"assignment: {assignment.state} to active")
    old_state, assignment.state, assignment.ended_at = assignment.state, Assignment.State.ACTIVE, None
    assignment.save(update_fields=["state", "ended_at"])
    data = {"request": assignment.request_id, "old_state": old_state}
    audit.record("assignment.reopened", assignment, by=by, **data)


def is_short_notice(request: AssistanceRequest) -> bool:
    """Somebody was about to come, and it is called off late (domain.md A5.5)."""
    notice = timedelta(hours=settings.ASSISTANCE["late_cancellation_hours"])
    return request.start_at - timezone.now() < notice


def is_official_of(user: User, request: AssistanceRequest) -> bool:
    """Whoever may see it today may act on it: another unit of the same institution may do neither."""
    return AssistanceRequest.objects.visible_to(user).filter(pk=request.pk).exists()


def is_coordinator_of(user: User, request: AssistanceRequest) -> bool:
    return Project.objects.coordinated_by(user).filter(pk=request.institution.project_id).exists()
