"""Every change of a request's state leaves two traces: its own history, and a line of the audit."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.models import AssistanceRequest, Official, RequestTransition
from portal import audit
from portal.models import User
from portal.refusals import Refused
from projects.models import Project

State = AssistanceRequest.State
Reason = RequestTransition.Reason


class NotYours(Refused):
    sentence = _("This request belongs to another institution.")


class ReasonNeeded(Refused):
    sentence = _("Please choose a reason.")
    field = "reason"


def lock(request: AssistanceRequest | int) -> AssistanceRequest:
    """The request's row, for this transaction alone. Always locked before any person's row."""
    pk = request if isinstance(request, int) else request.pk
    rows = AssistanceRequest.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("institution__project", "unit", "requested_by").get(pk=pk)


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
    old_state, request.state = request.state, state
    request.save(update_fields=["state", *fields])
    if old_state == state:
        return None
    return write_down(request, old_state, by=by, reason=reason, is_late=is_late)


def write_down(
    request: AssistanceRequest, old_state: str, *, by: User | None, reason: str = "", is_late: bool = False
) -> RequestTransition:
    audit.record(
        f"request.{request.state}", request, by=by, old_state=old_state, reason=reason, is_late=is_late
    )
    return RequestTransition.objects.create(
        request=request,
        old_state=old_state,
        new_state=request.state,
        actor=by,
        reason=reason,
        is_late=is_late,
    )


def is_short_notice(request: AssistanceRequest) -> bool:
    """Somebody was about to come, and it is called off late (domain.md A5.5)."""
    notice = timedelta(hours=settings.ASSISTANCE["late_cancellation_hours"])
    return request.start_at - timezone.now() < notice


def is_official_of(user: User, request: AssistanceRequest) -> bool:
    return Official.objects.serving().filter(user=user, institution=request.institution_id).exists()


def is_coordinator_of(user: User, request: AssistanceRequest) -> bool:
    return Project.objects.coordinated_by(user).filter(pk=request.institution.project_id).exists()
