"""The real times: the assistant reports them, the official confirms with one click or says what is wrong.

Not a word about the conversation (domain.md A7.1). A right code confirms what lies within the plan at once,
silence after some working days; what lasted longer is looked at by a coordinator first (A5.8).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import codes, debriefings, hours_emails, visit_emails
from institutions.client_data import refuse_identifiers
from institutions.hours import OPEN, enter_in_ledger, is_contested, needs_approval, settle
from institutions.models import Assignment, AssistanceRequest, TimeReport
from institutions.transitions import (
    NotYours,
    State,
    end_assignment,
    is_coordinator_of,
    is_official_of,
    lock_job,
    lock_report,
)
from portal import audit
from portal.models import User
from portal.refusals import Refused

Outcome = TimeReport.Outcome
#: The two of a meeting without a meeting are said on a page of their own: institutions.no_shows.
OUTCOMES = [choice for choice in Outcome if choice not in (Outcome.CLIENT_ABSENT, Outcome.INSTITUTION_ABSENT)]
#: How far the real times may lie from the planned ones.
FURTHEST = timedelta(hours=12)
LONGEST = timedelta(hours=12)
LONGEST_TRAVEL = 600
LONGEST_TRAVEL_KM = 1000


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


class WrongDistance(Refused):
    sentence = _("Please give the way in kilometres, 1000 at most.")
    field = "travel_km"


class WrongBreaks(Refused):
    sentence = _("The breaks are longer than the meeting.")
    field = "break_minutes"


class NothingToConfirm(Refused):
    sentence = _("There are no hours to confirm now. The assistant will write them down again.")


class ReportChanged(Refused):
    sentence = _("The assistant has just changed the hours. Please look at them again.")


class YourOwnHours(NotYours):
    sentence = _("This is about you. Somebody else decides it.")


class LongerThanPlanned(Refused):
    sentence = _("It lasted longer than planned. The coordinator looks at it first and then asks you.")


class SidesDiffer(Refused):
    sentence = _("The two sides say different things about who was there. The coordinator decides.")


class WhatIsWrong(Refused):
    sentence = _("Please write what is wrong with the hours.")
    field = "reason"


@dataclass(frozen=True)
class Times:
    """What an assistant reports besides herself: the columns of the report that others read."""

    start_at: datetime
    end_at: datetime
    break_minutes: int = 0
    travel_minutes: int = 0
    travel_km: int = 0
    outcome: str = Outcome.DONE
    role_done: str = ""

    def refuse_impossible(self, request: AssistanceRequest) -> None:
        length = self.end_at - self.start_at
        is_near = (
            abs(self.start_at - request.start_at) <= FURTHEST
            and abs(self.end_at - request.end_at) <= FURTHEST
        )
        if not is_near or not timedelta(0) < length <= LONGEST or self.end_at > timezone.now():
            raise WrongTimes
        if not timedelta(0) <= timedelta(minutes=self.break_minutes) < length:
            raise WrongBreaks
        if not 0 <= self.travel_minutes <= LONGEST_TRAVEL:
            raise WrongTravel
        if not 0 <= self.travel_km <= LONGEST_TRAVEL_KM:
            raise WrongDistance

    def is_of(self, report: TimeReport) -> bool:
        return all(getattr(report, name) == value for name, value in vars(self).items())


# --- The assistant ----------------------------------------------------------------------------------------


def report_times(
    assignment: Assignment,
    *,
    by: User,
    code: str = "",
    wellbeing: int | None = None,
    wants_to_talk: bool = False,
    **times,
) -> TimeReport:
    """The hours as they were; they can be corrected until they are confirmed. ``times``: those of ``Times``.

    A wrong ``code`` counts even where nothing else is written down.
    """
    if code.strip():
        codes.give(assignment, code, by=by)
    return _report(assignment, Times(**times), wellbeing=wellbeing, wants_to_talk=wants_to_talk, by=by)


@transaction.atomic
def _report(
    assignment: Assignment, times: Times, *, wellbeing: int | None, wants_to_talk: bool, by: User
) -> TimeReport:
    assignment = lock_job(assignment)
    request = assignment.request
    if assignment.assistant.user_id != by.pk and not is_coordinator_of(by, request):
        raise NotYours
    held = TimeReport.objects.filter(assignment=assignment, confirmed_at__isnull=False).first()
    if held and assignment.code_given_at and times.is_of(held):
        return held
    if assignment.state != Assignment.State.ACTIVE or request.state not in OPEN:
        raise NothingToReport
    now = timezone.now()
    if max(request.start_at, times.end_at) > now and request.state in (State.CONFIRMED, State.IN_PROGRESS):
        raise NotYetOver
    times.refuse_impossible(request)
    report = TimeReport.objects.filter(assignment=assignment).first()
    herself = {"wellbeing": wellbeing, "wants_to_talk": wants_to_talk}
    if report is None or report.disputed_at or not times.is_of(report):
        fresh = {"reported_at": now, "disputed_at": None, "dispute_reason": "", "approved_at": None}
        report, _is_new = TimeReport.objects.update_or_create(
            assignment=assignment, defaults=vars(times) | herself | fresh | {"approved_by": None}
        )
        report.assignment = assignment
        audit.record("report.written", report, by=by, request=request.pk, minutes=report.minutes)
        if request.end_at <= now and request.state in (State.CONFIRMED, State.IN_PROGRESS):
            # She was quicker than time: what it does at the end is not left out for the other one.
            ask_who_has_not_written(request)
            debriefings.after_meeting(request, since=request.end_at)
        _pass_on(report, by=by)
    else:
        report.assignment = assignment
        TimeReport.objects.filter(pk=report.pk).update(**herself)
        if assignment.code_given_at and not needs_approval(report) and not is_contested(assignment):
            _confirm(report, by=by, how="code")
    debriefings.look_after(assignment, by=by, **herself)
    return report


def ask_who_has_not_written(request: AssistanceRequest) -> None:
    """The row of the request is locked."""
    silent = request.assignments.filter(state=Assignment.State.ACTIVE, report__isnull=True)
    for assignment in silent.select_related("assistant__user").order_by("place"):
        hours_emails.report_wanted(assignment)


def _pass_on(report: TimeReport, *, by: User) -> None:
    """A new or corrected report: to the coordinator, to nobody, or to the official, as A5.8 wants it."""
    assignment = report.assignment
    settle(assignment.request, by=by)
    if is_contested(assignment):
        return
    if needs_approval(report):
        visit_emails.longer_than_planned(report)
    elif assignment.code_given_at:
        _confirm(report, by=by, how="code")
    else:
        hours_emails.hours_to_confirm(report)


# --- The institution, a coordinator, or silence -----------------------------------------------------------


@transaction.atomic
def confirm_report(report: TimeReport, *, by: User | None, seen: datetime | None = None) -> TimeReport:
    """The hours are right and reach the ledger. ``by`` is None when silence confirms.

    ``seen``: when the report was written that she looked at; a newer one is not confirmed unread.
    """
    report = lock_report(report)
    request = report.assignment.request
    if by:
        _refuse_strangers(report, by)
    if report.confirmed_at:
        return report
    if report.disputed_at or request.state not in OPEN or not _is_active(report):
        raise NothingToConfirm
    if is_contested(report.assignment):
        raise SidesDiffer
    if needs_approval(report):
        raise LongerThanPlanned
    if seen and seen != report.reported_at:
        raise ReportChanged
    return _confirm(report, by=by, how="person" if by else "silence")


@transaction.atomic
def dispute_report(report: TimeReport, *, by: User, reason: str, is_checked: bool = False) -> TimeReport:
    """The hours are not right: the assistant writes them down again."""
    report = lock_report(report)
    request = report.assignment.request
    _refuse_strangers(report, by)
    if report.disputed_at:
        return report
    if report.confirmed_at or request.state not in OPEN or not _is_active(report):
        raise NothingToConfirm
    if not reason.strip():
        raise WhatIsWrong
    refuse_identifiers({"reason": reason}, is_checked=is_checked)
    report.disputed_at, report.dispute_reason = timezone.now(), reason.strip()[:200]
    report.save(update_fields=["disputed_at", "dispute_reason"])
    audit.record("report.disputed", report, by=by, request=request.pk)
    settle(request, by=by)
    hours_emails.hours_disputed(report)
    return report


@transaction.atomic
def approve_overrun(report: TimeReport, *, by: User) -> TimeReport:
    """A coordinator agrees that it lasted longer: then the official is asked, or the code counts."""
    report = lock_report(report)
    request = report.assignment.request
    if _is_own(report, by) or not is_coordinator_of(by, request):
        raise NotYours
    if report.approved_at or report.confirmed_at:
        return report
    if report.disputed_at or request.state not in OPEN or not _is_active(report):
        raise NothingToConfirm
    report.approved_at, report.approved_by = timezone.now(), by
    report.save(update_fields=["approved_at", "approved_by"])
    audit.record("report.approved", report, by=by, request=request.pk, minutes=report.minutes)
    if is_contested(report.assignment):
        return report
    if report.assignment.code_given_at:
        return _confirm(report, by=by, how="code")
    hours_emails.hours_to_confirm(report)
    return report


def go_on_after_decision(report: TimeReport, *, by: User) -> None:
    """Hours that waited until a coordinator had decided who was there. The row of the request is locked.

    The days after which silence counts begin now: nobody could confirm them before.
    """
    if report.disputed_at or report.confirmed_at or is_contested(report.assignment):
        return
    if not report.assignment.code_given_at and not needs_approval(report):
        report.approved_at = timezone.now()
        report.save(update_fields=["approved_at"])
        audit.record("report.passed_on", report, by=by, request=report.assignment.request_id)
    _pass_on(report, by=by)


def _confirm(report: TimeReport, *, by: User | None, how: str) -> TimeReport:
    """``by`` moved it on; the report names a person only where one looked at the hours."""
    request, now = report.assignment.request, timezone.now()
    report.confirmed_at, report.confirmed_by = now, by if how == "person" else None
    report.save(update_fields=["confirmed_at", "confirmed_by"])
    end_assignment(report.assignment, Assignment.State.DONE, by=by)
    enter_in_ledger(report)
    audit.record("report.confirmed", report, by=by, request=request.pk, minutes=report.minutes, how=how)
    settle(request, by=by)
    hours_emails.hours_confirmed(report)
    if how == "code":
        visit_emails.confirmed_by_code(report)
    return report


def _refuse_strangers(report: TimeReport, by: User) -> None:
    request = report.assignment.request
    if not (is_official_of(by, request) or is_coordinator_of(by, request)):
        raise NotYours
    if _is_own(report, by):
        raise YourOwnHours


def _is_own(report: TimeReport, by: User) -> bool:
    """Nobody agrees to her own hours, whatever else she is in the network."""
    return report.assignment.assistant.user_id == by.pk


def _is_active(report: TimeReport) -> bool:
    return report.assignment.state == Assignment.State.ACTIVE
