"""A talk after a hard job, within two working days (domain.md A7.1, A7.2). What was said is kept nowhere."""

from datetime import datetime, time

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import visit_emails
from institutions.deadlines import add_working_days
from institutions.models import Assignment, Debriefing
from institutions.transitions import NotYours, is_coordinator_of, lock
from portal import audit, one_by_one
from portal.clock import WARSAW, local
from portal.models import User
from portal.refusals import Refused
from projects.models import Project

Why = Debriefing.Why
#: What weighs more stands before what weighs less.
WEIGHT = {Why.SENSITIVE: 1, Why.WELLBEING: 2, Why.ASKED: 3}


class HowDidItGo(Refused):
    sentence = _("Please choose how it went.")
    field = "outcome"


def managed_by(user: User) -> QuerySet[Debriefing]:
    """Those of a coordinator's networks; nobody looks after herself."""
    mine = Debriefing.objects.filter(
        assignment__request__institution__project__in=Project.objects.coordinated_by(user)
    )
    return mine.exclude(assignment__assistant__user=user)


def look_after(
    assignment: Assignment, *, by: User, wellbeing: int | None, wants_to_talk: bool
) -> Debriefing | None:
    """After a report: is a talk due? The request's row is locked. Coordinators hear that it is, not why."""
    why = _why(assignment, wellbeing, wants_to_talk)
    if why is None:
        return None
    now = timezone.now()
    debriefing, is_new = Debriefing.objects.get_or_create(
        assignment=assignment, defaults={"why": why, "due_at": _due_at(now), "made_at": now}
    )
    debriefing.assignment = assignment
    if is_new:
        audit.record("debriefing.due", debriefing, by=by, request=assignment.request_id)
        visit_emails.talk_due(debriefing)
    elif not debriefing.done_at and WEIGHT[why] > WEIGHT[debriefing.why]:
        debriefing.why = why
        debriefing.save(update_fields=["why"])
    return debriefing


@transaction.atomic
def finish(debriefing: Debriefing, *, by: User, outcome: str) -> Debriefing:
    """The talk took place, or will not."""
    request = lock(debriefing.assignment.request_id)
    debriefing = Debriefing.objects.select_related("assignment__assistant").get(pk=debriefing.pk)
    if debriefing.assignment.assistant.user_id == by.pk or not is_coordinator_of(by, request):
        raise NotYours
    if outcome not in Debriefing.Outcome.values:
        raise HowDidItGo
    if debriefing.done_at:
        return debriefing
    debriefing.outcome, debriefing.done_at, debriefing.done_by = outcome, timezone.now(), by
    debriefing.save(update_fields=["outcome", "done_at", "done_by"])
    audit.record("debriefing.done", debriefing, by=by, outcome=outcome)
    return debriefing


def remind_of_overdue() -> int:
    """Once, when the two days are over. Returns how many are overdue."""
    overdue = Debriefing.objects.filter(done_at__isnull=True, due_at__lte=timezone.now())
    rows = overdue.select_related("assignment__request__institution", "assignment__assistant")
    return len(one_by_one.each(rows.order_by("pk"), visit_emails.talk_overdue))


def _due_at(now: datetime) -> datetime:
    """Two working days later, while people are at their desks."""
    due_at = timezone.localtime(add_working_days(now, settings.ASSISTANCE["debriefing_working_days"]), WARSAW)
    opens, closes = (local(due_at.date(), time(hour)) for hour in settings.ASSISTANCE["working_hours"])
    return min(max(due_at, opens), closes)


def _why(assignment: Assignment, wellbeing: int | None, wants_to_talk: bool) -> Why | None:
    if wants_to_talk:
        return Why.ASKED
    if wellbeing is not None and wellbeing <= settings.ASSISTANCE["debriefing_wellbeing"]:
        return Why.WELLBEING
    return Why.SENSITIVE if assignment.request.is_sensitive else None
