"""Confirmed hours that were wrong: a coordinator puts them right, and the ledger follows."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from institutions import visit_emails
from institutions.hours import enter_in_ledger
from institutions.models import TimeReport
from institutions.time_reports import Times
from institutions.transitions import NotYours, ReasonNeeded, is_coordinator_of, lock_report
from portal import audit
from portal.models import User
from portal.refusals import Refused


class Why(models.TextChoices):
    TYPED_WRONG = "typed_wrong", _("typed wrong")
    INSTITUTION_SAYS = "institution_says", _("the institution found a mistake")
    ASSISTANT_SAYS = "assistant_says", _("the assistant found a mistake")
    DID_NOT_COUNT = "did_not_count", _("it was not support of the network")
    OTHER = "other", _("another reason")


class NotConfirmedYet(Refused):
    sentence = _("These hours are not confirmed yet. The assistant can still correct them.")


@transaction.atomic
def correct_hours(
    report: TimeReport, *, by: User, reason: str, start_at: datetime, end_at: datetime, **rest
) -> TimeReport:
    """Other times for hours that were confirmed; both sides are told. ``rest``: breaks and travel."""
    report = lock_report(report)
    _refuse_others(report, by)
    if reason not in Why.values:
        raise ReasonNeeded
    times = Times(
        start_at=start_at, end_at=end_at, outcome=report.outcome, role_done=report.role_done, **rest
    )
    times.refuse_impossible(report.assignment.request)
    if times.is_of(report):
        return report
    return _write(report, vars(times), by=by, reason=reason)


@transaction.atomic
def strike_hours(report: TimeReport, *, by: User, reason: str) -> TimeReport:
    """Nothing of it counts: the whole time becomes a break, and the ledger's entry goes."""
    report = lock_report(report)
    _refuse_others(report, by)
    if reason not in Why.values:
        raise ReasonNeeded
    if report.minutes == 0:
        return report
    whole = report.minutes + report.break_minutes
    return _write(report, {"break_minutes": whole, "travel_minutes": 0, "travel_km": 0}, by=by, reason=reason)


def _refuse_others(report: TimeReport, by: User) -> None:
    is_own = report.assignment.assistant.user_id == by.pk
    if is_own or not is_coordinator_of(by, report.assignment.request):
        raise NotYours
    if not report.confirmed_at:
        raise NotConfirmedYet


def _write(report: TimeReport, fields: dict, *, by: User, reason: str) -> TimeReport:
    before = report.minutes
    for name, value in fields.items():
        setattr(report, name, value)
    report.save(update_fields=list(fields))
    enter_in_ledger(report)
    entry = audit.record(
        "report.corrected",
        report,
        by=by,
        request=report.assignment.request_id,
        before=before,
        minutes=report.minutes,
        reason=reason,
    )
    visit_emails.hours_corrected(report, number=entry.pk)
    return report
