"""An assistant's sheet of a month: what she worked and what is credited to her, by form of contract.

She signs first, a coordinator second (domain.md A7.4). Only confirmed hours count.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import settlement, settlement_emails
from institutions.models import (
    Assignment,
    AssistanceRequest,
    Assistant,
    Contract,
    Credit,
    HoursSheet,
    TimeReport,
)
from portal.languages import OWN_NAMES
from portal.models import User
from portal.refusals import Refused
from projects.models import Project

State = AssistanceRequest.State
WORK, CREDIT = "work", "credit"


class NothingInMonth(Refused):
    sentence = _("There are no confirmed hours in this month.")


@dataclass
class Total:
    """Of one form of contract, in minutes and kilometres."""

    contract: str
    minutes: int = 0
    credited: int = 0
    travel: int = 0
    km: int = 0
    jobs: int = 0

    @property
    def label(self):
        return Contract(self.contract).label if self.contract else _("form of contract not written down")


@dataclass(frozen=True)
class Waiting:
    """A meeting of the month that is not counted yet, and what it waits for."""

    assignment: Assignment
    why: str


class Why:
    NO_REPORT = _("the report is missing")
    NOT_CONFIRMED = _("the institution has not confirmed the hours yet")
    DISPUTED = _("the hours are disputed and have to be written anew")


@transaction.atomic
def make(assistant: Assistant, month: date, *, by: User | None) -> HoursSheet:
    """The sheet as the hours stand now. Raises NothingInMonth where there are none and never were."""
    if by and by.pk != assistant.user_id:
        _refuse_foreign(assistant, by)
    assistant = _lock(assistant)
    rows = rows_of(assistant, month)
    old = settlement.latest(HoursSheet, month, assistant=assistant)
    if not rows and old is None:
        raise NothingInMonth
    sheet = settlement.write(HoursSheet, month, owner={"assistant": assistant}, facts=_facts(rows), by=by)
    is_new = old is None or old.pk != sheet.pk
    if is_new and settlement.is_over(month) and by != assistant.user:
        settlement_emails.sheet_ready(sheet)
    return sheet


@transaction.atomic
def sign(sheet: HoursSheet, *, by: User, seen: str) -> HoursSheet:
    """Her signature, or after it the coordinator's: another person. ``seen``: the fingerprint of the page."""
    assistant = _lock(sheet.assistant)
    sheet = HoursSheet.objects.select_for_update(of=("self",)).get(pk=sheet.pk)
    sheet.assistant = assistant
    is_hers = assistant.user_id == by.pk
    if not is_hers:
        _refuse_foreign(assistant, by)
    settlement.sign(
        sheet, "first" if is_hers else "second", by=by, rows=rows_of(assistant, sheet.month), seen=seen
    )
    return sheet


def make_all(assistants: QuerySet[Assistant], month: date, *, by: User) -> list[HoursSheet]:
    """For everybody who has something in that month; each in a transaction of its own."""
    start, end = settlement.bounds(month)
    worked = TimeReport.objects.confirmed().filter(start_at__gte=start, start_at__lt=end)
    credited = Credit.objects.filter(start_at__gte=start, start_at__lt=end)
    busy = assistants.filter(
        Q(assignments__in=worked.values("assignment"))
        | Q(assignments__in=credited.values("assignment"))
        | Q(sheets__month=month)
    )
    people = busy.distinct().select_related("user", "project").order_by("user__name_key", "pk")
    return [make(assistant, month, by=by) for assistant in people]


def rows_of(assistant: Assistant, month: date) -> list[dict]:
    """One for each job and each credit of the month, in the order of the days."""
    start, end = settlement.bounds(month)
    jobs = ("assignment__request__institution", "assignment__attempt")
    worked = TimeReport.objects.confirmed().filter(
        assignment__assistant=assistant, start_at__gte=start, start_at__lt=end
    )
    credited = Credit.objects.filter(assignment__assistant=assistant, start_at__gte=start, start_at__lt=end)
    rows = [_worked(report, assistant) for report in worked.select_related(*jobs)]
    rows += [_credited(credit, assistant) for credit in credited.select_related(*jobs)]
    return sorted(rows, key=lambda row: (row["on"], row["from"], row["key"]))


def waiting_of(assistants: Iterable[Assistant], month: date) -> list[Waiting]:
    """Meetings of the month that took place and are not counted yet."""
    start, end = settlement.bounds(month)
    jobs = Assignment.objects.standing().filter(
        assistant__in=list(assistants),
        request__start_at__gte=start,
        request__start_at__lt=min(end, timezone.now()),
        report__confirmed_at__isnull=True,
        request__state__in=[
            State.CONFIRMED,
            State.IN_PROGRESS,
            State.AWAITING_REPORT,
            State.AWAITING_CONFIRMATION,
        ],
    )
    jobs = jobs.filter(credit__isnull=True, request__end_at__lte=timezone.now())
    rows = jobs.select_related("request__institution", "report", "assistant__user").order_by(
        "request__start_at", "pk"
    )
    return [Waiting(job, str(_why(job))) for job in rows]


def totals(rows: list[dict]) -> list[Total]:
    """Volunteers' hours, hours of a contract and hours for vouchers are never added up (domain.md 0.3)."""
    found: dict[str, Total] = {}
    for row in rows:
        total = found.setdefault(row["contract"], Total(row["contract"]))
        if row["kind"] == WORK:
            total.minutes += row["minutes"]
        else:
            total.credited += row["minutes"]
        total.travel += row["travel_minutes"]
        total.km += row["travel_km"]
        total.jobs += 1
    order = [*Contract.values, ""]
    return sorted(found.values(), key=lambda total: order.index(total.contract))


def names_of(thing) -> dict[str, str]:
    """Its name in each language in which it has one; a signed paper keeps the name of its day."""
    names = {code: getattr(thing, f"name_{code}") for code in OWN_NAMES}
    return {code: name for code, name in names.items() if name}


def _worked(report: TimeReport, assistant: Assistant) -> dict:
    return _job(report.assignment, assistant) | {
        "kind": WORK,
        "reason": "",
        "on": settlement.day_of(report.start_at),
        "from": settlement.clock_of(report.start_at),
        "until": settlement.clock_of(report.end_at),
        "breaks": report.break_minutes,
        "minutes": report.minutes,
        "travel_minutes": report.travel_minutes,
        "travel_km": report.travel_km,
    }


def _credited(credit: Credit, assistant: Assistant) -> dict:
    return _job(credit.assignment, assistant) | {
        "key": f"credit:{credit.assignment_id}",
        "kind": CREDIT,
        "reason": credit.reason,
        "on": settlement.day_of(credit.start_at),
        "from": settlement.clock_of(credit.start_at),
        "until": settlement.clock_of(credit.end_at),
        "breaks": 0,
        "minutes": credit.minutes,
        "travel_minutes": credit.travel_minutes,
        "travel_km": 0,
    }


def _job(job: Assignment, assistant: Assistant) -> dict:
    return {
        "key": f"assignment:{job.pk}",
        "request": job.request_id,
        "institution": names_of(job.request.institution),
        "language": job.language,
        "mode": job.attempt.mode,
        "contract": job.contract_form or assistant.contract_form,
    }


def _facts(rows: list[dict]) -> dict:
    return {
        "rows": rows,
        "minutes": sum(row["minutes"] for row in rows if row["kind"] == WORK),
        "credited_minutes": sum(row["minutes"] for row in rows if row["kind"] == CREDIT),
        "travel_minutes": sum(row["travel_minutes"] for row in rows),
        "travel_km": sum(row["travel_km"] for row in rows),
    }


def _why(job: Assignment):
    report = getattr(job, "report", None)
    if report is None:
        return Why.NO_REPORT
    return Why.DISPUTED if report.disputed_at else Why.NOT_CONFIRMED


def _lock(assistant: Assistant) -> Assistant:
    rows = Assistant.objects.select_for_update(of=("self",), no_key=True).select_related("user", "project")
    return rows.get(pk=assistant.pk)


def _refuse_foreign(assistant: Assistant, by: User) -> None:
    if not Project.objects.coordinated_by(by).filter(pk=assistant.project_id).exists():
        raise settlement.NotYourTurn
