"""Local time, quiet hours and public holidays. Everything is stored in UTC and decided in local time."""

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
from babel.dates import format_date
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

WARSAW = ZoneInfo("Europe/Warsaw")


def format_month(month: date) -> str:
    """In the active language, with the letters that stand inside a sentence: listopad 2026, November 2026."""
    return format_date(month, "LLLL y", locale=get_language() or settings.LANGUAGE_CODE)


def local(day: date, at: time) -> datetime:
    """The moment at which clocks in Poland show ``at`` on ``day``."""
    return datetime.combine(day, at, tzinfo=WARSAW)


def is_public_holiday(day: date) -> bool:
    return day in _public_holidays(day.year)


@cache
def _public_holidays(year: int) -> frozenset[date]:
    """Making the calendar of a year takes a thousand times as long as asking it."""
    return frozenset(holidays.country_holidays("PL", years=year))


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and not is_public_holiday(day)


def after_quiet_hours(moment: datetime) -> datetime:
    """``moment`` itself, or the next moment outside the quiet hours (domain.md B2.7)."""
    quiet_from, quiet_to = settings.QUIET_HOURS
    here = timezone.localtime(moment, WARSAW)
    if here.hour >= quiet_from:
        return local(here.date() + timedelta(days=1), time(quiet_to))
    if here.hour < quiet_to:
        return local(here.date(), time(quiet_to))
    return moment


def is_quiet(moment: datetime) -> bool:
    return after_quiet_hours(moment) != moment


def quiet_since(moment: datetime) -> datetime:
    """When the quiet hours began in which ``moment`` lies."""
    quiet_from, quiet_to = settings.QUIET_HOURS
    here = timezone.localtime(moment, WARSAW)
    evening = here.date() - timedelta(days=1) if here.hour < quiet_to else here.date()
    return local(evening, time(quiet_from))
