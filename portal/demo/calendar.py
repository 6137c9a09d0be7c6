"""Days and moments of the demo, relative to the day on which it is built, and a clock that verbs believe."""

from datetime import date, datetime, time, timedelta

import time_machine
from django.utils import timezone

from portal.clock import WARSAW

REAL_NOW = timezone.now()
TODAY = timezone.localdate(REAL_NOW)


def day(offset: int, weekday: int | None = None) -> date:
    """The day ``offset`` days from today, moved on to ``weekday`` (0 is Monday)."""
    there = TODAY + timedelta(days=offset)
    return there if weekday is None else there + timedelta(days=(weekday - there.weekday()) % 7)


def moment(on: date, clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime.combine(on, time(hour, minute), tzinfo=WARSAW)


def as_if_it_were(then: datetime) -> time_machine.travel:
    """Within this block the clock says ``then``: the demo's past is made by the same verbs as its present."""
    return time_machine.travel(then, tick=False)
