"""How long everybody has: working time for what waits for people at desks, waking hours for what cannot wait.

Working time is that of ``settings.ASSISTANCE`` (Monday to Friday, 8 to 16, Polish public holidays excluded:
domain.md A5.7), in local time; moments are returned in UTC.
"""

from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from portal.clock import WARSAW, after_quiet_hours, is_working_day, local, quiet_since

#: The values of AssistanceRequest.Urgency, which this module does not need to know more of.
PLANNED, EMERGENCY = "planned", "emergency"


def add_working_minutes(moment: datetime, minutes: int) -> datetime:
    """When ``minutes`` of working time have passed; with none, when work goes on."""
    left = timedelta(minutes=minutes)
    day = timezone.localtime(moment, WARSAW).date()
    while True:
        opens, closes = _desk_hours(day)
        begins = max(moment.astimezone(UTC), opens)
        if is_working_day(day) and begins + left <= closes and begins < closes:
            return begins + left
        if is_working_day(day) and begins < closes:
            left -= closes - begins
        day += timedelta(days=1)


def add_working_days(moment: datetime, days: int) -> datetime:
    """The same hour so many working days later. A day off counts for nothing: Monday's midnight stands in."""
    here = timezone.localtime(moment, WARSAW)
    day, hour = _on_a_working_day(here)
    for _day in range(days):
        day = _next_working_day(day)
    return local(day, hour).astimezone(UTC)


def earliest_start(urgency: str, now: datetime) -> datetime:
    """The soonest meeting that can be asked for: a planned one two working days ahead (domain.md A5.6)."""
    if urgency == PLANNED:
        return add_working_days(now, settings.ASSISTANCE["planned_working_days"])
    return now.astimezone(UTC) + timedelta(minutes=settings.ASSISTANCE["notice_minutes"][urgency])


def is_planned_ahead(start_at: datetime, now: datetime) -> bool:
    return start_at >= earliest_start(PLANNED, now)


def first_action_by(urgency: str, *, submitted_at: datetime, start_at: datetime) -> datetime:
    """Until when somebody of the network has to have looked at it (domain.md A5.7); never past its start."""
    minutes = settings.ASSISTANCE["first_action_minutes"][urgency]
    return min(add_working_minutes(submitted_at, minutes), start_at)


def answer_by(urgency: str, *, start_at: datetime, now: datetime, is_night_call: bool = False) -> datetime:
    """Until when those may answer who are asked now (domain.md A5.7).

    ``is_night_call``: it cannot wait for the morning, so time runs at night too. Nobody keeps a request for
    longer than half of what is left, so that others have a chance; nor is anybody given but a moment.
    """
    read_at = now if is_night_call else after_quiet_hours(now)
    minutes = settings.ASSISTANCE["answer_minutes"][urgency]
    if is_night_call or urgency == EMERGENCY:
        until = read_at + timedelta(minutes=minutes)
    elif urgency == PLANNED:
        until = add_working_minutes(read_at, minutes)
    else:
        until = _add_waking_minutes(read_at, minutes)
    return _within_half(until, read_at, start_at)


def choose_by(urgency: str, *, since: datetime, start_at: datetime) -> datetime:
    """Until when a coordinator chooses among those interested, ``since`` the first of them said so."""
    minutes = settings.ASSISTANCE["choose_minutes"][urgency]
    plain = since + timedelta(minutes=minutes)
    until = add_working_minutes(since, minutes) if urgency == PLANNED else plain
    return _within_half(until, since, start_at)


def remind_chooser_at(urgency: str, *, since: datetime, start_at: datetime) -> datetime:
    """Half of her time has gone."""
    return since + (choose_by(urgency, since=since, start_at=start_at) - since) / 2


def tell_unfilled_by(start_at: datetime) -> datetime:
    """When the official has to know that nobody was found: a day ahead, while she is at her desk (A5.7)."""
    latest = start_at - timedelta(hours=settings.ASSISTANCE["tell_unfilled_hours_before"])
    day = timezone.localtime(latest, WARSAW).date()
    opens, closes = _desk_hours(day)
    if is_working_day(day) and opens <= latest:
        return min(latest, closes - timedelta(hours=1)).astimezone(UTC)
    while not is_working_day(day := day - timedelta(days=1)):
        pass
    return _desk_hours(day)[1] - timedelta(hours=1)


def tell_unasked_by(urgency: str, *, submitted_at: datetime, start_at: datetime) -> datetime:
    """When the official has to know that nobody was asked so far: a planned meeting as above, else when half
    of the time has gone.
    """
    if urgency == PLANNED:
        return tell_unfilled_by(start_at)
    return submitted_at + (start_at - submitted_at) / 2


def _within_half(until: datetime, since: datetime, start_at: datetime) -> datetime:
    shortest = since + timedelta(minutes=settings.ASSISTANCE["answer_shortest_minutes"])
    half = since + (start_at - since) / 2
    return min(until, max(half, shortest), start_at).astimezone(UTC)


def _add_waking_minutes(moment: datetime, minutes: int) -> datetime:
    """Minutes outside the quiet hours; ``moment`` lies outside them."""
    left = timedelta(minutes=minutes)
    while True:
        evening = quiet_since(local(timezone.localtime(moment, WARSAW).date(), time(23, 59)))
        if moment + left <= evening or evening <= moment:
            return moment + left
        left -= evening - moment
        moment = after_quiet_hours(evening)


def _desk_hours(day: date) -> tuple[datetime, datetime]:
    opens, closes = settings.ASSISTANCE["working_hours"]
    return local(day, time(opens)).astimezone(UTC), local(day, time(closes)).astimezone(UTC)


def _on_a_working_day(here: datetime) -> tuple[date, time]:
    if is_working_day(here.date()):
        return here.date(), here.time()
    return _next_working_day(here.date()), time.min


def _next_working_day(day: date) -> date:
    while not is_working_day(day := day + timedelta(days=1)):
        pass
    return day
