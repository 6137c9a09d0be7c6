"""Days and moments of the demo, relative to the day on which it is built, and a clock that verbs believe."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from unittest.mock import patch

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


@contextmanager
def as_if_it_were(then: datetime) -> Iterator[None]:
    """Verbs ask ``timezone.now``: within this block it is ``then``, so the past is made by the same verbs."""
    with patch("django.utils.timezone.now", return_value=then):
        yield
