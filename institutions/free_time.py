"""When somebody can help: hours of a week, of one day, days off, in local time; hours already agreed to."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.utils import timezone

from portal.clock import WARSAW, local
from portal.models import DiaryEntry

Span = tuple[datetime, datetime]


class Hours(NamedTuple):
    """Of a week, in local time; 0 is Monday."""

    weekday: int
    starts: time
    ends: time


class DayHours(NamedTuple):
    """Of one day only, besides those of the week."""

    day: date
    starts: time
    ends: time


class Busy(NamedTuple):
    """What of a diary entry keeps somebody from a job."""

    source: str
    kind: str
    start_at: datetime
    end_at: datetime
    # With the way there and back.
    from_at: datetime
    until_at: datetime
    is_exclusive: bool

    @property
    def is_job(self) -> bool:
        return self.kind == DiaryEntry.Kind.ASSISTANCE

    @property
    def minutes(self) -> int:
        return int((self.end_at - self.start_at).total_seconds() // 60)


def local_days(start: datetime, end: datetime) -> list[tuple[date, time, time]]:
    """A span in local time, cut at midnight: (day, from, until) each; an end at midnight is 23:59."""
    start, end = timezone.localtime(start, WARSAW), timezone.localtime(end, WARSAW)
    pieces, day = [], start.date()
    while day <= end.date():
        starts = start.time() if day == start.date() else time.min
        ends = end.time() if day == end.date() else time(23, 59)
        if starts != ends or day == start.date():
            pieces.append((day, starts, ends))
        day += timedelta(days=1)
    return pieces


def hours_of(day: date, week: Iterable, extra: Iterable) -> list:
    """Which of these hours, or rows with the same names, are hers on that day, the earliest first."""
    hours = [row for row in week if row.weekday == day.weekday()] + [row for row in extra if row.day == day]
    return sorted(hours, key=lambda row: row.starts)


def is_within(
    days: Iterable[tuple[date, time, time]], week: Sequence[Hours], extra: Sequence[DayHours] = ()
) -> bool:
    return all(_is_covered(starts, ends, hours_of(day, week, extra)) for day, starts, ends in days)


def _is_covered(starts: time, ends: time, of_that_day: Iterable) -> bool:
    """Hours that follow one another without a gap count as one."""
    reached = starts
    for hours in of_that_day:
        if hours.starts <= reached < hours.ends:
            reached = hours.ends
    return reached >= ends


def has_day_off(days: Sequence[tuple[date, time, time]], days_off: Iterable[tuple[date, date]]) -> bool:
    return any(first <= days[-1][0] and days[0][0] <= last for first, last in days_off)


def is_busy(start: datetime, end: datetime, entries: Iterable[Busy]) -> bool:
    return any(entry.is_exclusive and entry.from_at < end and start < entry.until_at for entry in entries)


def minutes_of_jobs(entries: Iterable[Busy], start: datetime, end: datetime) -> int:
    """Minutes of interpreting that begin in ``[start, end)``."""
    return sum(entry.minutes for entry in entries if entry.is_job and start <= entry.start_at < end)


def hours_to_nearest_job(start: datetime, end: datetime, entries: Iterable[Busy]) -> float | None:
    """Between ``[start, end)`` and the job before or after it; None where there is no other."""
    gaps = [max(start - entry.end_at, entry.start_at - end) for entry in entries if entry.is_job]
    return max(0.0, min(gaps).total_seconds() / 3600) if gaps else None


def day_and_week(moment: datetime) -> tuple[Span, Span]:
    """The local day and the local week, Monday to Sunday, in which ``moment`` lies."""
    day = timezone.localtime(moment, WARSAW).date()
    monday = day - timedelta(days=day.weekday())
    return (
        (local(day, time.min), local(day + timedelta(days=1), time.min)),
        (local(monday, time.min), local(monday + timedelta(days=7), time.min)),
    )
