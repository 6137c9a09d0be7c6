"""What both sides read of the day and the hours: one line for each assistant, with what can be done now."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from django.utils import timezone

from institutions import codes, day, hours, no_shows
from institutions.appointments import first_name
from institutions.models import Assignment, AssistanceRequest, PresenceStatement, TimeReport
from portal.models import User

Side, Missing = PresenceStatement.Side, PresenceStatement.Missing


@dataclass(frozen=True)
class Line:
    """One assistant's part in a meeting. ``code`` is empty where this side may not see it now."""

    job: Assignment
    name: str
    report: TimeReport | None
    code: str
    expected_at: datetime | None
    is_over_plan: bool
    own: PresenceStatement | None
    other: PresenceStatement | None
    is_contested: bool
    choices: list[str]
    can_refuse_late: bool
    can_confirm: bool

    @cached_property
    def is_for_coordinator(self) -> bool:
        """Nobody of the institution was asked about the hours: silence means nothing. One query, if asked."""
        return self.can_confirm and not hours.put_to_somebody([self.report])

    @property
    def counts_at(self) -> datetime | None:
        return None if not self.can_confirm or self.is_for_coordinator else hours.counts_at(self.report)

    @property
    def can_object(self) -> bool:
        """Somebody has spoken, and this side can say that it was different."""
        return Missing.NOBODY in self.choices

    @property
    def can_say_missing(self) -> bool:
        return bool(self.choices) and not self.can_object


def for_institution(
    request: AssistanceRequest, jobs: Iterable[Assignment] | None = None, *, reader: User | None = None
) -> list[Line]:
    """From the start on, or once somebody is late. Two queries; none where all ``jobs`` are at hand, with
    their reports and with what was said about their presence.

    ``reader``: an official who went there as the assistant does not read the code of her own hours.
    """
    rows = jobs_of(request) if jobs is None else [job for job in jobs if job.state in Assignment.KEPT]
    lines = [_line(job, request, Side.INSTITUTION) for job in rows]
    return [
        replace(line, code="") if reader and line.job.assistant.user_id == reader.pk else line
        for line in lines
    ]


def for_assistant(job: Assignment) -> Line:
    """``job`` with its request and its report at hand."""
    return _line(job, job.request, Side.ASSISTANT)


def jobs_of(request: AssistanceRequest) -> list[Assignment]:
    """Who goes, was to go or did not come, by place. Two queries."""
    rows = request.assignments.kept().select_related("assistant__user", "report")
    jobs = list(rows.prefetch_related("presence").order_by("place", "agreed_at"))
    for job in jobs:
        job.request = request
    return jobs


def _line(job: Assignment, request: AssistanceRequest, side: str) -> Line:
    now = timezone.now()
    report = getattr(job, "report", None)
    if report:
        report.assignment = job
    said = [row for row in job.presence.all() if row.decided_at is None]
    own = next((row for row in said if row.side == side), None)
    other = next((row for row in said if row.side != side), None)
    is_contested = any(row.contested_at for row in said)
    is_open = bool(report) and job.state == Assignment.State.ACTIVE and request.state in hours.OPEN
    is_over_plan = is_open and hours.needs_approval(report)
    can_confirm = is_open and not (report.disputed_at or report.confirmed_at or is_over_plan or is_contested)
    return Line(
        job=job,
        name=first_name(job.assistant.user),
        report=report,
        code=codes.code_of(job) if side == Side.INSTITUTION and shows_code(job, request, now) else "",
        expected_at=_expected_at(job, request),
        is_over_plan=is_over_plan,
        own=own,
        other=other,
        is_contested=is_contested,
        choices=_choices(job, request, side, own, other, now),
        can_refuse_late=can_refuse_late(job, request, now),
        can_confirm=can_confirm,
    )


def shows_code(job: Assignment, request: AssistanceRequest, now: datetime) -> bool:
    """From the start until it was given, or the hours wait to be confirmed in the other way."""
    report = getattr(job, "report", None)
    is_asked_here = report is not None and not report.disputed_at
    is_waiting = job.state == Assignment.State.ACTIVE and not (job.code_given_at or is_asked_here)
    return is_waiting and request.start_at <= now and request.state in (*day.EXPECTED, *hours.OPEN)


def can_refuse_late(job: Assignment, request: AssistanceRequest, now: datetime) -> bool:
    is_expected = job.state == Assignment.State.ACTIVE and request.state in day.EXPECTED
    return is_expected and day.late_from(request) < now and not (job.arrived_at or job.code_given_at)


def _expected_at(job: Assignment, request: AssistanceRequest) -> datetime | None:
    """When she comes, if she said that she would be late and is not there yet."""
    if job.arrived_at or not job.delay_minutes or job.state != Assignment.State.ACTIVE:
        return None
    return request.start_at + timedelta(minutes=job.delay_minutes)


def _choices(job, request, side, own, other, now) -> list[str]:
    """What this side can say of who was there, as institutions.no_shows will take it."""
    report = getattr(job, "report", None)
    is_decided = any(row.decided_at for row in job.presence.all())
    if own or is_decided or (report and report.confirmed_at) or now >= no_shows.until(request):
        return []
    # Of two assistants the second one was told what the first one, or the institution about her, has said.
    is_told = (
        side == Side.ASSISTANT and request.state in no_shows.NO_SHOWS and job.state in Assignment.STANDING
    )
    if other or is_told:
        return [*no_shows.CHOICES[side], Missing.NOBODY]
    if request.state not in hours.OPEN or job.state != Assignment.State.ACTIVE:
        return []
    return [one for one in no_shows.CHOICES[side] if no_shows.earliest(request, one) <= now]
