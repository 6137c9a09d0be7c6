"""Somebody did not come: each side says so, a coordinator decides where they differ (domain.md A5.3, A5.5).

The first statement counts at once. The other side can speak against it for some days; then nothing is
credited until a coordinator has decided.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import debriefings, hours, hours_emails, time_reports, visit_emails
from institutions.credits import credit_no_show, take_back_credit
from institutions.models import Assignment, AssistanceRequest, PresenceStatement, TimeReport
from institutions.states import NO_SHOWS
from institutions.transitions import (
    NotYours,
    State,
    end_assignment,
    is_coordinator_of,
    is_official_of,
    lock_job,
    move,
    reopen_assignment,
)
from portal import audit
from portal.models import User
from portal.refusals import Refused

Missing, Side = PresenceStatement.Missing, PresenceStatement.Side
STATE_OF = {
    Missing.CLIENT: State.CLIENT_NO_SHOW,
    Missing.ASSISTANT: State.ASSISTANT_NO_SHOW,
    Missing.INSTITUTION: State.INSTITUTION_NO_SHOW,
}
MISSING_OF = {state: missing for missing, state in STATE_OF.items()}
#: Whom each side may miss.
CHOICES = {
    Side.ASSISTANT: [Missing.CLIENT, Missing.INSTITUTION],
    Side.INSTITUTION: [Missing.ASSISTANT, Missing.CLIENT],
}


class TooEarlyToSay(Refused):
    sentence = _("Please wait a little longer after the start. Somebody may be on the way.")
    field = "missing"


class TooLateToSay(Refused):
    sentence = _("This was too long ago, or the hours are confirmed. Please talk to the coordinator.")


class WhoWasMissing(Refused):
    sentence = _("Please choose who did not come.")
    field = "missing"


class AlreadySaid(Refused):
    sentence = _("You have written something else already. Please talk to the coordinator.")


class NothingToObjectTo(Refused):
    sentence = _("Nobody has said that somebody was missing.")


class NothingToDecide(Refused):
    sentence = _("There is nothing to decide about this meeting.")


class HoursConfirmed(Refused):
    sentence = _("The hours of this assistant are confirmed. If they are wrong, please correct them.")
    field = "missing"


# --- What each side says ----------------------------------------------------------------------------------


@transaction.atomic
def assistant_says(
    assignment: Assignment, *, by: User, missing: str, travel_minutes: int = 0
) -> PresenceStatement:
    """She was there, and the client or the institution was not; or, against a no-show: it took place."""
    assignment = lock_job(assignment)
    if assignment.assistant.user_id != by.pk:
        raise NotYours
    return _say(assignment, Side.ASSISTANT, missing, by=by, travel_minutes=travel_minutes)


@transaction.atomic
def institution_says(assignment: Assignment, *, by: User, missing: str) -> PresenceStatement:
    """The assistant or the client did not come; or, against a no-show: it took place."""
    assignment = lock_job(assignment)
    if not is_official_of(by, assignment.request):
        raise NotYours
    return _say(assignment, Side.INSTITUTION, missing, by=by)


def _say(
    assignment: Assignment, side: str, missing: str, *, by: User, travel_minutes: int = 0
) -> PresenceStatement:
    request, rows = assignment.request, assignment.presence.standing()
    own, other = rows.filter(side=side).first(), rows.exclude(side=side).first()
    if missing not in (*CHOICES[side], Missing.NOBODY):
        raise WhoWasMissing
    if own and own.missing == missing:
        return own
    _refuse_wrong_time(assignment, missing)
    if own or assignment.presence.filter(decided_at__isnull=False).exists():
        raise AlreadySaid
    if missing == Missing.NOBODY and other is None and request.state not in NO_SHOWS:
        raise NothingToObjectTo
    said = PresenceStatement.objects.create(
        assignment=assignment,
        side=side,
        missing=missing,
        travel_minutes=max(0, min(travel_minutes, 600)),
        said_by=by,
        at=timezone.now(),
    )
    audit.record("presence.said", said, by=by, request=request.pk, side=side, missing=missing)
    if _speaks_against(assignment, said, other):
        _contest(said, by=by)
    else:
        is_known = request.state == STATE_OF[missing]
        _carry_out(assignment, missing, by=by)
        if other is None and not is_known:
            visit_emails.somebody_missing(said)
    return said


def _refuse_wrong_time(assignment: Assignment, missing: str) -> None:
    request, now = assignment.request, timezone.now()
    if request.state not in (*hours.OPEN, *NO_SHOWS) or now >= until(request):
        raise TooLateToSay
    if now < earliest(request, missing):
        raise TooEarlyToSay
    if assignment.state not in Assignment.KEPT:
        raise TooLateToSay
    if _has_confirmed_hours(assignment):
        raise TooLateToSay


def earliest(request: AssistanceRequest, missing: str = Missing.CLIENT) -> datetime:
    """Ten minutes for an assistant, a quarter of an hour for a client (settings.ASSISTANCE)."""
    name = "late_after_minutes" if missing == Missing.ASSISTANT else "absent_after_minutes"
    return request.start_at + timedelta(minutes=settings.ASSISTANCE[name])


def until(request: AssistanceRequest) -> datetime:
    return request.end_at + timedelta(days=settings.ASSISTANCE["object_days"])


def _speaks_against(assignment: Assignment, said: PresenceStatement, other: PresenceStatement | None) -> bool:
    """The other side says something else, or what was done before does.

    Where two assistants went, the order may be over by what was said about the part of the other one.
    """
    stands_as = MISSING_OF.get(assignment.request.state, said.missing)
    if said.missing == Missing.NOBODY or said.missing != stands_as:
        return True
    if other is not None:
        return other.missing != said.missing
    reports = TimeReport.objects.filter(assignment__request=assignment.request_id, disputed_at__isnull=True)
    if said.side == Side.ASSISTANT:
        # Her own report, not confirmed yet, gives way to what she says now.
        return reports.exclude(assignment=assignment).exists()
    if said.missing == Missing.ASSISTANT:
        is_proven = bool(assignment.arrived_at or assignment.code_given_at)
        return is_proven or reports.filter(assignment=assignment).exists()
    return reports.exists()


def _contest(said: PresenceStatement, *, by: User) -> None:
    said.contested_at = timezone.now()
    said.save(update_fields=["contested_at"])
    take_back_credit(said.assignment, by=by)
    audit.record("presence.contested", said, by=by, request=said.assignment.request_id)
    visit_emails.sides_differ(said)


# --- What follows -----------------------------------------------------------------------------------------


def _carry_out(assignment: Assignment, missing: str, *, by: User) -> None:
    """The order's row is locked. Whoever was there keeps a credit, whoever was not never gets one."""
    request = assignment.request
    if missing == Missing.ASSISTANT:
        if assignment.state == Assignment.State.ACTIVE:
            end_assignment(assignment, Assignment.State.NO_SHOW, by=by)
        take_back_credit(assignment, by=by)
        if request.assignments.standing().exists():
            hours.settle(request, by=by)
            return
    else:
        for job in _still_expected(request):
            _was_for_nothing(job, missing, by=by)
    if request.state != STATE_OF[missing]:
        request.closed_at = timezone.now()
        move(request, STATE_OF[missing], by=by, fields=("closed_at",))


def _still_expected(request: AssistanceRequest) -> list[Assignment]:
    rows = request.assignments.standing().filter(report__confirmed_at__isnull=True)
    jobs = list(rows.select_related("assistant__user").order_by("place"))
    for job in jobs:
        job.request = request
    return jobs


def _was_for_nothing(job: Assignment, missing: str, *, by: User) -> None:
    for report in TimeReport.objects.filter(assignment=job):
        audit.record("report.withdrawn", report, by=by, request=job.request_id, minutes=report.minutes)
        report.delete()
    if job.state == Assignment.State.ACTIVE:
        end_assignment(job, Assignment.State.DONE, by=by)
    if job.presence.contested().exists():
        return  # a coordinator decides about her part
    own = job.presence.standing().filter(side=Side.ASSISTANT).first()
    credit_no_show(job, STATE_OF[missing], by=by, travel_minutes=own.travel_minutes if own else 0)


@transaction.atomic
def decide(assignment: Assignment, *, by: User, missing: str) -> AssistanceRequest:
    """A coordinator says who was missing, or that the meeting took place; both sides are told."""
    assignment = lock_job(assignment)
    request = assignment.request
    if assignment.assistant.user_id == by.pk or not is_coordinator_of(by, request):
        raise NotYours
    if missing not in Missing.values:
        raise WhoWasMissing
    said = assignment.presence.standing()
    if not said.exists() and _is_decided(assignment, missing):
        return request
    if not said.exists() and request.state not in NO_SHOWS:
        raise NothingToDecide
    if request.state not in (*hours.OPEN, *NO_SHOWS):
        raise NothingToDecide
    if missing == Missing.ASSISTANT and _has_confirmed_hours(assignment):
        raise HoursConfirmed
    said.update(decided_at=timezone.now(), decided_by=by)
    decision = audit.record("presence.decided", assignment, by=by, request=request.pk, missing=missing)
    reopened = _put_right(assignment, missing, by=by)
    if missing == Missing.NOBODY:
        hours.settle(request, by=by)
    else:
        _carry_out(assignment, missing, by=by)
    if request.state in hours.OPEN:
        _go_on_with_reports(assignment, reopened, by=by, number=decision.pk)
    visit_emails.presence_decided(assignment, missing)
    return request


def _is_decided(assignment: Assignment, missing: str) -> bool:
    """It was decided just so, and that is how it stands."""
    last = audit.trail(assignment).filter(action="presence.decided").first()
    if last is None or last.data["missing"] != missing:
        return False
    if missing == Missing.ASSISTANT:
        return assignment.state == Assignment.State.NO_SHOW
    state = assignment.request.state
    return state not in NO_SHOWS if missing == Missing.NOBODY else state == STATE_OF[missing]


def _has_confirmed_hours(assignment: Assignment) -> bool:
    return TimeReport.objects.filter(assignment=assignment, confirmed_at__isnull=False).exists()


def _put_right(assignment: Assignment, missing: str, *, by: User) -> set[int]:
    """What was carried out before and is not so. Returns the jobs of others that stand again."""
    request, reopened = assignment.request, set()
    is_otherwise = request.state in NO_SHOWS and request.state != STATE_OF.get(missing)
    if is_otherwise and not (missing == Missing.ASSISTANT and _is_said_by_others(assignment)):
        reopened = _reopen(request, by=by)
    assignment.refresh_from_db(fields=["state"])
    # Where two assistants went, only her own part may be wrong.
    wrong = Assignment.State.DONE if missing == Missing.ASSISTANT else Assignment.State.NO_SHOW
    if assignment.state == wrong:
        reopen_assignment(assignment, by=by)
    return reopened - {assignment.pk}


def _is_said_by_others(assignment: Assignment) -> bool:
    """Whether the order stays what it is without her: another assistant was there, and others say so."""
    request = assignment.request
    said = PresenceStatement.objects.filter(
        assignment__request=request, missing=MISSING_OF[request.state]
    ).exclude(assignment=assignment, side=Side.ASSISTANT)
    was_there = Q(side=Side.INSTITUTION) | Q(assignment__state__in=Assignment.STANDING)
    others = request.assignments.standing().exclude(pk=assignment.pk)
    return said.filter(was_there).exists() and others.exists()


def _reopen(request: AssistanceRequest, *, by: User) -> set[int]:
    """It was no such no-show: the jobs stand again, and nothing is credited. Returns these jobs.

    That somebody herself did not come was said of her alone, and stays.
    """
    request.closed_at = None
    move(request, State.AWAITING_REPORT, by=by, fields=("closed_at",))
    done = request.assignments.filter(state=Assignment.State.DONE)
    jobs = list(done.exclude(report__confirmed_at__isnull=False))
    for job in jobs:
        reopen_assignment(job, by=by)
        take_back_credit(job, by=by)
    return {job.pk for job in jobs}


def _go_on_with_reports(assignment: Assignment, reopened: set[int], *, by: User, number: int) -> None:
    """Hours that waited for the decision go on; who has not written them is asked, anew where she was told
    before that nothing is left to do. ``number``: of the decision.
    """
    request = assignment.request
    if request.state in (State.AWAITING_REPORT, State.AWAITING_CONFIRMATION):
        debriefings.after_meeting(request, since=timezone.now())
    for job in request.assignments.filter(state=Assignment.State.ACTIVE).select_related("assistant__user"):
        report = TimeReport.objects.filter(assignment=job).first()
        if report:
            report.assignment = job
            time_reports.go_on_after_decision(report, by=by)
        elif job.pk in reopened:
            visit_emails.counts_after_all(job, number=number)
        elif request.end_at <= timezone.now():
            hours_emails.report_wanted(job, number=number if job.pk == assignment.pk else None)
