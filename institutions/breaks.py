"""Breaks of a long meeting: five minutes at the latest after forty of interpreting (domain.md A6.5)."""

from datetime import datetime, timedelta
from math import ceil

from django.conf import settings

from institutions.models import AssistanceRequest


def breaks_of(request: AssistanceRequest) -> list[tuple[datetime, datetime]]:
    """From when until when, evenly within the planned time; none for a meeting of an hour or less."""
    return breaks_between(request.start_at, request.minutes)


def breaks_between(start_at: datetime, minutes: int) -> list[tuple[datetime, datetime]]:
    limits = settings.ASSISTANCE
    if minutes <= limits["warn_over_minutes"]:
        return []
    rest, longest = limits["break_minutes"], limits["break_after_minutes"]
    stretches = ceil((minutes + rest) / (longest + rest))
    stretch = (minutes - rest * (stretches - 1)) / stretches
    # Whole minutes, never later than reckoned: no stretch becomes longer than it may be but by a minute.
    begins = [int(number * stretch + (number - 1) * rest) for number in range(1, stretches)]
    return [
        (start_at + timedelta(minutes=begin), start_at + timedelta(minutes=begin + rest)) for begin in begins
    ]
