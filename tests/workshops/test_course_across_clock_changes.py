"""A course of 24 meetings from autumn to spring, across both changes of the clocks: 18:00 stays 18:00.

People's diaries, hours, reminders and calendars follow the local clock; what is stored is UTC.
"""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from icalendar import Calendar

from portal import calendars, diary, messages
from portal.clock import WARSAW, local
from portal.models import DiaryEntry, Message
from tests.calendar_client import CalendarClient
from tests.factories import make_workshop
from workshops import attendance, registration, series
from workshops.models import Attendance

FIRST = date(2026, 10, 19)
BACK, FORWARD = date(2026, 10, 25), date(2027, 3, 28)
#: The day after the clocks go forward is Easter Monday, a public holiday.
EASTER_MONDAY = date(2027, 3, 29)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel(local(date(2026, 9, 1), time(9)), tick=False) as traveller:
        yield traveller


@pytest.fixture
def course(clock, theme, coordinator, trainer):
    workshop = make_workshop(theme=theme, sessions=[], trainers=[trainer])
    sessions, skipped = series.add(
        workshop, first_on=FIRST, times=24, starts=time(18), minutes=110, break_minutes=20, by=coordinator
    )
    assert skipped == [EASTER_MONDAY]
    assert len(sessions) == 24
    return workshop


@pytest.fixture
def learner(course, migrant):
    migrant.language = "en"
    migrant.save(update_fields=["language"])
    registration.register(course, migrant, by=migrant)
    return migrant


def hour_in_utc(day: date) -> int:
    return 16 if day <= BACK or day >= FORWARD else 17


def test_course_keeps_its_local_time_over_both_changes(course):
    sessions = list(course.sessions.all())
    days = [timezone.localdate(session.start_at) for session in sessions]
    assert days[0] == FIRST
    assert days[0] < BACK < FORWARD < days[-1]
    assert {day.weekday() for day in days} == {0}
    assert {timezone.localtime(session.start_at).time() for session in sessions} == {time(18)}
    assert {timezone.localtime(session.end_at).time() for session in sessions} == {time(19, 50)}
    assert [session.start_at.astimezone(UTC).hour for session in sessions] == list(map(hour_in_utc, days))
    assert {hour_in_utc(day) for day in days} == {16, 17}
    assert {session.minutes for session in sessions} == {90}


def test_course_counts_the_same_minutes_before_and_after_each_change(course, learner, coordinator, clock):
    row = course.registrations.get()
    for session in course.sessions.all():
        clock.move_to(session.end_at)
        attendance.mark(session, row, Attendance.Mark.PRESENT, by=coordinator)
    assert set(Attendance.objects.values_list("minutes", flat=True)) == {90}
    assert sum(Attendance.objects.values_list("minutes", flat=True)) == 24 * 90  # 48 teaching hours


def test_reminders_of_the_course_are_due_at_its_hour_the_day_before(course, learner, clock):
    for session in course.sessions.all():
        moment = local(timezone.localdate(session.start_at) - timedelta(days=1), time(18))
        clock.move_to(moment - timedelta(minutes=5))
        assert diary.queue_due_reminders() == 0
        clock.move_to(moment)
        assert diary.queue_due_reminders() == 2  # hers, and the trainer's
    reminders = Message.objects.filter(kind="reminder", recipient=learner).order_by("due_at")
    assert reminders.count() == 24
    assert "18:00–19:50" in reminders.first().text
    assert all("18:00" in reminder.text for reminder in reminders)
    days = [timezone.localdate(session.start_at) for session in course.sessions.all()]
    assert [timezone.localdate(reminder.due_at) for reminder in reminders] == [
        day - timedelta(days=1) for day in days
    ]
    assert {timezone.localtime(reminder.due_at).time() for reminder in reminders} == {time(18)}


@pytest.mark.parametrize("day", [BACK, FORWARD])
def test_reminder_over_the_night_of_a_change_is_due_at_the_same_hour(clock, day):
    """That day has 25 or 23 hours."""
    start = local(day, time(18))
    moment = local(day - timedelta(days=1), time(18))
    assert diary.reminder_moment(start, 24 * 60) == moment
    assert start.astimezone(UTC) - moment.astimezone(UTC) != timedelta(days=1)
    assert diary.reminder_moment(start, 120) == start - timedelta(hours=2)


def test_calendars_show_the_course_at_its_local_time(course, learner):
    mail.outbox.clear()
    messages.deliver_due()
    phone, watch = CalendarClient(address=learner.email), CalendarClient()
    for message in mail.outbox:
        if message.to == [learner.email]:
            phone.read_mail(message)
    feed, _changed = calendars.feed_of(learner)
    watch.subscribe(feed)
    planned = [(session.start_at, session.end_at) for session in course.sessions.all()]
    for program in (phone, watch):
        shown = [(event.start, event.end) for event in program.shown]
        assert shown == planned
        assert {start.astimezone(WARSAW).time() for start, _end in shown} == {time(18)}
    written = [event["DTSTART"].to_ical() for event in Calendar.from_ical(feed).walk("VEVENT")]
    assert {b"20261019T160000Z", b"20261026T170000Z", b"20270405T160000Z"} <= set(written)


def test_course_moved_across_a_change_keeps_its_new_local_time(course, learner, coordinator):
    """From the second meeting, the first one in winter time, on Tuesdays at half past five."""
    second = course.sessions.all()[1]
    series.move(
        second, scope="following", day=date(2026, 10, 27), starts=time(17, 30), minutes=110, by=coordinator
    )
    moved = list(course.sessions.all())[1:]
    assert {timezone.localtime(session.start_at).time() for session in moved} == {time(17, 30)}
    assert {timezone.localdate(session.start_at).weekday() for session in moved} == {1}
    assert datetime(2026, 10, 27, 16, 30, tzinfo=UTC) == moved[0].start_at
    assert datetime(2027, 4, 6, 15, 30, tzinfo=UTC) == moved[-1].start_at
    in_diary = DiaryEntry.objects.firm().filter(user=learner).order_by("start_at")
    assert [entry.start_at for entry in in_diary][1:] == [session.start_at for session in moved]
