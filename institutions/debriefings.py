"""A talk after a hard job, within two working days (domain.md A7.1, A7.2). What was said is kept nowhere.

It arises by itself when a hard meeting is over, as whoever is shaken may write no report at all; a report can
give a reason of its own.
"""

from datetime import datetime, time

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import visit_emails
from institutions.deadlines import add_working_days
from institutions.models import Assignment, AssistanceRequest, Debriefing
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


def managed_by(user: User, *, among: QuerySet[Debriefing] | None = None) -> QuerySet[Debriefing]:
    """Those of a coordinator's networks; nobody looks after herself."""
    rows = Debriefing.objects.all() if among is None else among
    mine = rows.filter(assignment__request__institution__project__in=Project.objects.coordinated_by(user))
    return mine.exclude(assignment__assistant__user=user)


def waiting() -> QuerySet[Debriefing]:
    """Not done yet. What arose by itself is not needed where nobody met in the end, or she was not there."""
    by_itself = Q(why=Why.SENSITIVE)
    nobody_met = Q(assignment__request__state__in=AssistanceRequest.NO_SHOWS)
    was_not_there = ~Q(assignment__state__in=Assignment.STANDING)
    return Debriefing.objects.filter(done_at__isnull=True).exclude(by_itself & (nobody_met | was_not_there))


def is_waiting(debriefing: Debriefing) -> bool:
    """The same of one of them, whose job and request are at hand."""
    job = debriefing.assignment
    met = job.state in Assignment.STANDING and job.request.state not in AssistanceRequest.NO_SHOWS
    return debriefing.done_at is None and (met or debriefing.why != Why.SENSITIVE)


def after_meeting(request: AssistanceRequest, *, since: datetime) -> None:
    """A hard meeting is over: a talk with each who was there. The request's row is locked."""
    if not request.is_sensitive:
        return
    going = request.assignments.standing().select_related("assistant__user").order_by("place")
    for assignment in going:
        assignment.request = request
        _make(assignment, Why.SENSITIVE, since=since, by=None)


def look_after(
    assignment: Assignment, *, by: User, wellbeing: int | None, wants_to_talk: bool
) -> Debriefing | None:
    """After a report: is a talk due? The request's row is locked. Coordinators hear that it is, not why."""
    why = _why(assignment, wellbeing, wants_to_talk)
    if why is None:
        return None
    debriefing = _make(assignment, why, since=timezone.now(), by=by)
    if WEIGHT[why] > WEIGHT[debriefing.why]:
        debriefing.why = why
        debriefing.save(update_fields=["why"])
        if debriefing.done_at:
            _open_again(debriefing, by=by)
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
    overdue = waiting().filter(due_at__lte=timezone.now())
    rows = overdue.select_related("assignment__request__institution", "assignment__assistant")
    return len(one_by_one.each(rows.order_by("pk"), visit_emails.talk_overdue))


def _make(assignment: Assignment, why: Why, *, since: datetime, by: User | None) -> Debriefing:
    """The one of this job; a new one is due ``since`` and coordinators are told."""
    debriefing, is_new = Debriefing.objects.get_or_create(
        assignment=assignment, defaults={"why": why, "due_at": _due_at(since), "made_at": timezone.now()}
    )
    debriefing.assignment = assignment
    if is_new:
        _tell(debriefing, by=by)
    return debriefing


def _open_again(debriefing: Debriefing, *, by: User) -> None:
    """Somebody has called, and only then she said that she needs it."""
    debriefing.due_at = _due_at(timezone.now())
    debriefing.outcome, debriefing.done_at, debriefing.done_by = "", None, None
    debriefing.save(update_fields=["due_at", "outcome", "done_at", "done_by"])
    _tell(debriefing, by=by)


def _tell(debriefing: Debriefing, *, by: User | None) -> None:
    audit.record("debriefing.due", debriefing, by=by, request=debriefing.assignment.request_id)
    visit_emails.talk_due(debriefing)


def _due_at(since: datetime) -> datetime:
    """Two working days later, while people are at their desks."""
    days = settings.ASSISTANCE["debriefing_working_days"]
    due_at = timezone.localtime(add_working_days(since, days), WARSAW)
    opens, closes = (local(due_at.date(), time(hour)) for hour in settings.ASSISTANCE["working_hours"])
    return min(max(due_at, opens), closes)


def _why(assignment: Assignment, wellbeing: int | None, wants_to_talk: bool) -> Why | None:
    if wants_to_talk:
        return Why.ASKED
    if wellbeing is not None and wellbeing <= settings.ASSISTANCE["debriefing_wellbeing"]:
        return Why.WELLBEING
    return Why.SENSITIVE if assignment.request.is_sensitive else None
