"""Working time, waking hours, and how long everybody has; on ordinary days, holidays and clock changes."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from institutions import deadlines
from portal.clock import WARSAW, is_working_day


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WARSAW)


@pytest.mark.parametrize(
    ("begin", "minutes", "end"),
    [
        ("2026-11-24 09:00", 60, "2026-11-24 10:00"),
        ("2026-11-24 15:30", 60, "2026-11-25 08:30"),
        ("2026-11-24 15:00", 60, "2026-11-24 16:00"),
        ("2026-11-24 20:00", 60, "2026-11-25 09:00"),
        ("2026-11-24 05:00", 60, "2026-11-24 09:00"),
        ("2026-11-27 15:30", 60, "2026-11-30 08:30"),  # over a weekend
        ("2026-11-28 12:00", 0, "2026-11-30 08:00"),
        ("2026-11-10 12:00", 480, "2026-11-12 12:00"),  # Independence Day lies between
        ("2026-12-23 12:00", 480, "2026-12-28 12:00"),  # Christmas Eve is a holiday since 2025
        ("2026-11-24 09:00", 2400, "2026-12-01 09:00"),
        ("2027-03-26 15:00", 120, "2027-03-30 09:00"),  # Easter Monday, and the clock change of Sunday
    ],
)
def test_add_working_minutes(begin, minutes, end):
    assert deadlines.add_working_minutes(at(begin), minutes) == at(end)


@pytest.mark.parametrize(
    ("begin", "days", "end"),
    [
        ("2026-11-24 09:00", 2, "2026-11-26 09:00"),
        ("2026-11-27 15:00", 2, "2026-12-01 15:00"),
        ("2026-11-28 15:00", 2, "2026-12-02 00:00"),
        ("2026-11-10 09:00", 1, "2026-11-12 09:00"),
        ("2026-10-23 09:00", 1, "2026-10-26 09:00"),  # the clocks go back on the Sunday between
        ("2026-03-27 09:00", 1, "2026-03-30 09:00"),  # and forward
        ("2026-11-24 09:00", 0, "2026-11-24 09:00"),
    ],
)
def test_add_working_days_keeps_the_hour(begin, days, end):
    assert deadlines.add_working_days(at(begin), days) == at(end)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 20), timezones=st.just(UTC))


@given(MOMENTS, st.integers(0, 6))
def test_what_is_added_lies_between(moment, days):
    here, later = (one.astimezone(WARSAW) for one in (moment, deadlines.add_working_days(moment, days)))
    passed = [here.date() + timedelta(days=number) for number in range((later.date() - here.date()).days)]
    assert sum(map(is_working_day, passed)) == days
    assert is_working_day(later.date())
    assert later.time() == (here.time() if is_working_day(here.date()) else time.min)


@given(MOMENTS, st.integers(0, 2000), st.integers(0, 2000))
def test_working_minutes_can_be_added_in_two_steps(moment, first, second):
    at_once = deadlines.add_working_minutes(moment, first + second)
    assert deadlines.add_working_minutes(deadlines.add_working_minutes(moment, first), second) == at_once
    assert deadlines.add_working_minutes(moment, first) >= moment


@pytest.mark.parametrize(
    ("now", "earliest"),
    [
        ("2026-11-24 10:00", "2026-11-26 10:00"),
        ("2026-11-27 10:00", "2026-12-01 10:00"),  # 48 hours would be a Sunday
        ("2026-12-23 10:00", "2026-12-29 10:00"),
    ],
)
def test_planned_is_two_working_days_ahead(now, earliest):
    assert deadlines.earliest_start("planned", at(now)) == at(earliest)
    assert deadlines.is_planned_ahead(at(earliest), at(now))
    assert not deadlines.is_planned_ahead(at(earliest) - timedelta(minutes=1), at(now))


def test_earliest_start_of_what_is_not_planned():
    now = at("2026-11-28 10:00")
    assert deadlines.earliest_start("urgent", now) == at("2026-11-28 12:00")
    assert deadlines.earliest_start("emergency", now) == at("2026-11-28 10:30")


@pytest.mark.parametrize(
    ("urgency", "submitted", "by"),
    [
        ("emergency", "2026-11-24 10:00", "2026-11-24 11:00"),
        ("urgent", "2026-11-24 15:00", "2026-11-25 11:00"),
        ("planned", "2026-11-27 10:00", "2026-11-30 10:00"),
    ],
)
def test_first_action_by(urgency, submitted, by):
    start = at("2026-12-04 10:00")
    assert deadlines.first_action_by(urgency, submitted_at=at(submitted), start_at=start) == at(by)


def test_first_action_is_not_awaited_longer_than_the_meeting():
    start = at("2026-11-28 11:00")
    by = deadlines.first_action_by("emergency", submitted_at=at("2026-11-28 10:00"), start_at=start)
    assert by == start


@pytest.mark.parametrize(
    ("urgency", "now", "by"),
    [
        ("planned", "2026-11-24 09:00", "2026-11-25 09:00"),
        ("planned", "2026-11-27 18:00", "2026-11-30 16:00"),  # Friday evening: not on Sunday
        ("planned", "2026-11-27 23:00", "2026-11-30 16:00"),
        ("urgent", "2026-11-24 09:00", "2026-11-24 13:00"),
        ("urgent", "2026-11-24 19:00", "2026-11-25 11:00"),  # the night is left out
        ("urgent", "2026-11-24 23:00", "2026-11-25 12:00"),
        ("emergency", "2026-11-24 09:00", "2026-11-24 10:00"),
    ],
)
def test_answer_by(urgency, now, by):
    assert deadlines.answer_by(urgency, start_at=at("2026-12-10 10:00"), now=at(now)) == at(by)


def test_answer_by_at_night_where_it_cannot_wait():
    by = deadlines.answer_by(
        "emergency", start_at=at("2026-11-25 10:00"), now=at("2026-11-24 23:00"), is_night_call=True
    )
    assert by == at("2026-11-25 00:00")


def test_answer_by_is_at_most_half_of_what_is_left_and_never_past_the_start():
    now = at("2026-11-24 09:00")
    assert deadlines.answer_by("urgent", start_at=at("2026-11-24 13:00"), now=now) == at("2026-11-24 11:00")
    assert deadlines.answer_by("emergency", start_at=at("2026-11-24 09:12"), now=now) == at(
        "2026-11-24 09:10"
    )
    assert deadlines.answer_by("emergency", start_at=at("2026-11-24 09:05"), now=now) == at(
        "2026-11-24 09:05"
    )


def test_choose_by_and_the_reminder_at_half_time():
    start, since = at("2026-12-10 10:00"), at("2026-11-24 09:00")
    assert deadlines.choose_by("planned", since=since, start_at=start) == at("2026-11-25 09:00")
    assert deadlines.remind_chooser_at("planned", since=since, start_at=start) == at("2026-11-24 21:00")
    assert deadlines.choose_by("urgent", since=since, start_at=at("2026-11-24 11:00")) == at(
        "2026-11-24 10:00"
    )


@pytest.mark.parametrize(
    ("start", "told"),
    [
        ("2026-11-27 10:00", "2026-11-26 10:00"),
        ("2026-11-30 10:00", "2026-11-27 15:00"),  # a Monday's meeting: on Friday, at her desk
        ("2026-11-27 07:00", "2026-11-25 15:00"),
        ("2026-11-27 18:00", "2026-11-26 15:00"),
        ("2026-11-12 10:00", "2026-11-10 15:00"),  # the day before is a holiday
    ],
)
def test_tell_unfilled_by_is_a_day_before_in_working_time(start, told):
    assert deadlines.tell_unfilled_by(at(start)) == at(told)
    assert at(start) - deadlines.tell_unfilled_by(at(start)) >= timedelta(hours=24)
