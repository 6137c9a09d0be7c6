"""Time credited to an assistant who kept it free for nothing (domain.md A5.5): never to the ledger.

It stands on her monthly sheet. How much of the planned time is a policy (settings.ASSISTANCE).
"""

from math import ceil

from django.conf import settings

from institutions.models import Assignment, AssistanceRequest, Assistant, Credit
from institutions.transitions import is_short_notice
from portal import audit
from portal.models import User

Reason = Credit.Reason


def planned_minutes(assignment: Assignment) -> int:
    """With the talks before and after, which are part of the work (domain.md A6.9)."""
    request = assignment.request
    return request.minutes + request.briefing_minutes + request.debriefing_minutes


def credit_late_cancellation(assignment: Assignment, *, by: User | None = None) -> Credit | None:
    """Called off at short notice, by whom ever but herself. The row of its request is locked."""
    if not is_short_notice(assignment.request):
        return None
    return _give(assignment, Reason.LATE_CANCELLATION, by=by)


def credit_replacement(assignment: Assignment, *, by: User | None = None) -> Credit | None:
    """Somebody else goes, at short notice, and she did not ask for it. The row of its request is locked."""
    if not is_short_notice(assignment.request):
        return None
    return _give(assignment, Reason.REPLACED, by=by)


def credit_no_show(
    assignment: Assignment, reason: str, *, by: User | None = None, travel_minutes: int = 0
) -> Credit:
    """She was there, and the client or the institution was not. The row of its request is locked."""
    return _give(assignment, reason, by=by, travel_minutes=travel_minutes)


def take_back_credit(assignment: Assignment, *, by: User | None = None) -> None:
    """It was not for nothing, or it was she who did not come."""
    for credit in Credit.objects.filter(assignment=assignment):
        audit.record("credit.withdrawn", credit, by=by, assignment=assignment.pk, minutes=credit.minutes)
        credit.delete()


def take_back_replacement(
    request: AssistanceRequest, assistant: Assistant, *, by: User | None = None
) -> None:
    """She goes there after all. The row of the request is locked."""
    for earlier in request.assignments.filter(assistant=assistant, credit__isnull=False):
        take_back_credit(earlier, by=by)


def _give(assignment: Assignment, reason: str, *, by: User | None = None, travel_minutes: int = 0) -> Credit:
    """One credit for one assignment; a second time corrects it. The row of its request is locked.

    The time is that of the meeting as she knew it; where the meeting moves afterwards, hers stays.
    """
    percent = settings.ASSISTANCE["credit_percent"][reason]
    facts = {
        "reason": reason,
        "minutes": ceil(planned_minutes(assignment) * percent / 100),
        "travel_minutes": travel_minutes,
    }
    held = Credit.objects.filter(assignment=assignment).first()
    if held and {name: getattr(held, name) for name in facts} == facts:
        return held
    request, kept_free = assignment.request, {}
    if held is None or held.reason != reason:
        kept_free = {"start_at": request.start_at, "end_at": request.end_at}
    credit, _is_new = Credit.objects.update_or_create(assignment=assignment, defaults=facts | kept_free)
    audit.record("credit.given", credit, by=by, assignment=assignment.pk, **facts)
    return credit
