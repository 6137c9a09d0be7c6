"""The dates of a workshop: sessions added, moved, cancelled; local time across clock changes."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from portal import diary
from portal.models import DiaryEntry, Message
from tests.factories import at, make_registration, make_session, make_workshop
from workshops import attendance, planning, registration, schedule, series
from workshops.models import Registration, Session, Workshop

pytestmark = pytest.mark.django_db


def weekly(workshop, by, **plan):
    plan = {
        "first_on": date(2026, 10, 12),
        "starts": time(17, 30),
        "minutes": 90,
        "until": date(2026, 11, 16),
    } | plan
    return series.add(workshop, by=by, **plan)


@pytest.fixture
def migrant(migrant):
    """She reads English here, so that the tests can."""
    migrant.language = "en"
    migrant.save(update_fields=["language"])
    return migrant


def told(user, event):
    return list(Message.objects.filter(recipient=user, key__startswith=f"{event}:").order_by("id"))


def test_weekly_sessions_keep_local_time_when_clocks_go_back(theme, coordinator):
    workshop = make_workshop(theme=theme, sessions=[], state=Workshop.State.DRAFT)
    sessions, _skipped = weekly(workshop, coordinator)
    assert [session.start_at for session in sessions] == [
        datetime(2026, 10, 12, 15, 30, tzinfo=UTC),
        datetime(2026, 10, 19, 15, 30, tzinfo=UTC),
        datetime(2026, 10, 26, 16, 30, tzinfo=UTC),
        datetime(2026, 11, 2, 16, 30, tzinfo=UTC),
        datetime(2026, 11, 9, 16, 30, tzinfo=UTC),
        datetime(2026, 11, 16, 16, 30, tzinfo=UTC),
    ]
    assert {session.minutes for session in Session.objects.all()} == {90}
    assert {timezone.localtime(session.start_at).time() for session in sessions} == {time(17, 30)}
    assert {timezone.localtime(session.end_at).time() for session in sessions} == {time(19)}


def test_weekly_sessions_keep_local_time_when_clocks_go_forward(theme, coordinator):
    workshop = make_workshop(theme=theme, sessions=[], state=Workshop.State.DRAFT)
    sessions, skipped = weekly(
        workshop, coordinator, first_on=date(2027, 3, 14), until=date(2027, 4, 4), starts=time(10)
    )
    # 28 March 2027 is both Easter Sunday, a public holiday, and the day the clocks change.
    assert skipped == [date(2027, 3, 28)]
    assert [session.start_at for session in sessions] == [
        datetime(2027, 3, 14, 9, tzinfo=UTC),
        datetime(2027, 3, 21, 9, tzinfo=UTC),
        datetime(2027, 4, 4, 8, tzinfo=UTC),
    ]


def test_session_through_the_night_of_the_clock_change_lasts_its_minutes():
    start, end = schedule.times_on(date(2027, 3, 28), time(1), 120)
    assert end - start == timedelta(minutes=120)
    assert timezone.localtime(end).time() == time(4)


def test_weekly_sessions_skip_public_holidays_and_say_so(theme, coordinator):
    workshop = make_workshop(theme=theme, sessions=[], state=Workshop.State.DRAFT)
    sessions, skipped = weekly(workshop, coordinator, first_on=date(2026, 11, 4), until=date(2026, 11, 18))
    assert [timezone.localdate(session.start_at) for session in sessions] == [
        date(2026, 11, 4),
        date(2026, 11, 18),
    ]
    assert skipped == [date(2026, 11, 11)]


def test_weekly_sessions_on_holidays_where_asked(theme, coordinator):
    workshop = make_workshop(theme=theme, sessions=[], state=Workshop.State.DRAFT)
    sessions, skipped = weekly(
        workshop, coordinator, first_on=date(2026, 11, 4), until=date(2026, 11, 18), skip_holidays=False
    )
    assert (len(sessions), skipped) == (3, [])


def test_weekly_sessions_twice_are_the_same_sessions(theme, coordinator):
    workshop = make_workshop(theme=theme, sessions=[], state=Workshop.State.DRAFT)
    first, _skipped = weekly(workshop, coordinator)
    second, _skipped = weekly(workshop, coordinator)
    assert first == second
    assert workshop.sessions.count() == 6


@pytest.mark.parametrize("until", [date(2026, 10, 11), date(2028, 1, 1)])
def test_weekly_sessions_refuse_a_wrong_last_day(theme, coordinator, until):
    workshop = make_workshop(theme=theme, sessions=[], state=Workshop.State.DRAFT)
    with pytest.raises(series.WrongRow):
        weekly(workshop, coordinator, until=until)


def test_add_session_enters_the_diaries_and_tells(workshop, coordinator, trainer, migrant):
    registration.register(workshop, migrant, by=migrant)
    waiting = make_registration(workshop, state=Registration.State.WAITLISTED).user
    session = planning.add_session(workshop, start_at=at(9), end_at=at(9, "19:00"), by=coordinator)
    assert DiaryEntry.objects.get(user=migrant, source=session.source).kind == "workshop"
    assert DiaryEntry.objects.get(user=trainer, start_at=at(9)).kind == "teaching"
    assert not DiaryEntry.objects.filter(user=waiting).exists()
    assert len(told(migrant, "sessions_added")) == len(told(waiting, "sessions_added")) == 1


def test_add_session_to_a_draft_tells_nobody(theme, coordinator, trainer):
    workshop = make_workshop(theme=theme, state=Workshop.State.DRAFT, trainers=[trainer])
    planning.add_session(workshop, start_at=at(9), end_at=at(9, "19:00"), by=coordinator)
    assert not DiaryEntry.objects.exists()
    assert not Message.objects.exists()


def test_add_session_makes_a_single_event_a_series_with_its_reminders(workshop, coordinator, migrant):
    registration.register(workshop, migrant, by=migrant)
    first = DiaryEntry.objects.get(user=migrant)
    assert first.remind_minutes == [4320, 1440]
    planning.add_session(workshop, start_at=at(9), end_at=at(9, "19:00"), by=coordinator)
    assert [entry.remind_minutes for entry in DiaryEntry.objects.filter(user=migrant)] == [[1440], [1440]]


def test_add_session_that_overlaps_another_plan_keeps_the_person_and_tells_her(
    workshop, coordinator, migrant
):
    registration.register(workshop, migrant, by=migrant)
    registration.register(make_workshop(sessions=[(9, "17:00", 60)]), migrant, by=migrant)
    planning.add_session(workshop, start_at=at(9, "17:30"), end_at=at(9, "19:00"), by=coordinator)
    assert DiaryEntry.objects.firm().filter(user=migrant).count() == 3
    assert "something else" in told(migrant, "sessions_added")[0].text


@pytest.mark.parametrize(
    ("start", "end", "break_minutes"), [("17:00", "17:00", 0), ("18:00", "17:00", 0), ("17:00", "18:00", 60)]
)
def test_add_session_refuses_wrong_times(workshop, coordinator, start, end, break_minutes):
    with pytest.raises(schedule.WrongTimes):
        planning.add_session(
            workshop, start_at=at(9, start), end_at=at(9, end), by=coordinator, break_minutes=break_minutes
        )


def test_add_session_refuses_an_overlap_in_the_workshop(workshop, coordinator):
    with pytest.raises(schedule.SessionsOverlap):
        planning.add_session(workshop, start_at=at(7, "18:00"), end_at=at(7, "20:00"), by=coordinator)


def test_move_session_moves_diaries_and_says_old_and_new_time(workshop, coordinator, trainer, migrant):
    registration.register(workshop, migrant, by=migrant)
    session = workshop.sessions.get()
    moved = planning.move_session(session, start_at=at(8, "10:15"), end_at=at(8, "12:15"), by=coordinator)
    assert moved.revision == 1
    assert DiaryEntry.objects.get(user=migrant).start_at == at(8, "10:15")
    for user in (migrant, trainer):
        text = told(user, "session_moved")[0].text
        assert "17:00" in text
        assert "10:15" in text
    assert "something else" not in told(migrant, "session_moved")[0].text
    assert not Message.objects.filter(recipient=coordinator).exists()


def test_move_session_moves_the_teaching_of_its_trainer(workshop, coordinator, trainer):
    workshop.state = Workshop.State.DRAFT
    workshop.save()
    planning.publish(workshop, by=coordinator)
    planning.move_session(workshop.sessions.get(), start_at=at(8), end_at=at(8, "18:00"), by=coordinator)
    assert DiaryEntry.objects.get(user=trainer).start_at == at(8)


def test_move_session_takes_back_the_old_reminder_and_brings_a_new_one(theme, coordinator, migrant):
    workshop = make_workshop(theme=theme, sessions=[(10, "17:00", 60)])
    registration.register(workshop, migrant, by=migrant)
    with time_machine.travel(at(9, "18:00"), tick=False):
        assert diary.queue_due_reminders() == 1
        planning.move_session(
            workshop.sessions.get(), start_at=at(5, "17:00"), end_at=at(5, "18:00"), by=coordinator
        )
        assert not Message.objects.filter(kind="reminder", state=Message.State.QUEUED).exists()
    with time_machine.travel(at(13, "17:30"), tick=False):
        assert diary.queue_due_reminders() == 1


def test_move_session_onto_another_plan_tells_of_the_overlap(workshop, coordinator, migrant):
    registration.register(workshop, migrant, by=migrant)
    registration.register(make_workshop(sessions=[(9, "17:00", 60)]), migrant, by=migrant)
    planning.move_session(
        workshop.sessions.get(), start_at=at(9, "17:30"), end_at=at(9, "19:00"), by=coordinator
    )
    assert Registration.objects.filter(user=migrant, state="confirmed").count() == 2
    assert "something else" in told(migrant, "session_moved")[0].text
    assert DiaryEntry.objects.filter(user=migrant, is_exclusive=False).count() == 1


def test_move_session_twice_to_the_same_time_tells_once(workshop, coordinator, migrant):
    registration.register(workshop, migrant, by=migrant)
    for _twice in range(2):
        planning.move_session(workshop.sessions.get(), start_at=at(8), end_at=at(8, "18:00"), by=coordinator)
    assert len(told(migrant, "session_moved")) == 1


def test_move_session_refuses_one_that_has_begun(theme, coordinator):
    workshop = make_workshop(theme=theme, sessions=[(-1, "17:00", 60)])
    with pytest.raises(schedule.AlreadyHeld):
        planning.move_session(workshop.sessions.get(), start_at=at(8), end_at=at(8, "18:00"), by=coordinator)


def test_move_session_refuses_one_whose_roll_was_called(workshop, coordinator):
    row = make_registration(workshop)
    session = workshop.sessions.get()
    with time_machine.travel(at(7, "09:00"), tick=False):
        attendance.mark(session, row, "present", by=coordinator)
        with pytest.raises(schedule.AlreadyHeld):
            planning.move_session(session, start_at=at(2), end_at=at(2, "18:00"), by=coordinator)
        with pytest.raises(schedule.RollWasCalled):
            planning.cancel_session(session, by=coordinator)


def test_move_session_refuses_the_past(workshop, coordinator):
    with pytest.raises(schedule.NotInThePast):
        planning.move_session(
            workshop.sessions.get(), start_at=at(-1), end_at=at(-1, "18:00"), by=coordinator
        )


def test_cancel_session_tells_once_and_drops_the_diary(workshop, coordinator, trainer, migrant):
    registration.register(workshop, migrant, by=migrant)
    make_session(workshop, days=8)
    session = workshop.sessions.first()
    for _twice in range(2):
        planning.cancel_session(session, by=coordinator, reason="Sala zajęta")
    session.refresh_from_db()
    assert (session.state, session.revision) == (Session.State.CANCELLED, 1)
    assert not DiaryEntry.objects.standing().filter(source=session.source).exists()
    assert "Sala zajęta" in told(migrant, "session_cancelled")[0].text
    assert len(told(migrant, "session_cancelled")) == len(told(trainer, "session_cancelled")) == 1


def test_cancel_session_that_did_not_take_place_tells_nobody(theme, coordinator):
    workshop = make_workshop(theme=theme, sessions=[(-1, "17:00", 60)])
    make_registration(workshop)
    planning.cancel_session(workshop.sessions.get(), by=coordinator)
    assert workshop.sessions.get().state == Session.State.CANCELLED
    assert not Message.objects.exists()


def test_change_late_in_the_evening_for_the_next_morning_is_told_at_night(theme, coordinator, migrant):
    workshop = make_workshop(theme=theme, sessions=[(1, "09:00", 60)])
    registration.register(workshop, migrant, by=migrant)
    with time_machine.travel(at(0, "23:00"), tick=False):
        planning.cancel_session(workshop.sessions.get(), by=coordinator)
        assert told(migrant, "session_cancelled")[0].due_at <= timezone.now()


def test_change_for_another_day_waits_for_the_morning(workshop, coordinator, migrant):
    registration.register(workshop, migrant, by=migrant)
    with time_machine.travel(at(0, "23:00"), tick=False):
        planning.cancel_session(workshop.sessions.get(), by=coordinator)
        due = timezone.localtime(told(migrant, "session_cancelled")[0].due_at)
    assert due.hour == 8


def test_edit_session_keeps_its_break_once_the_roll_was_called(workshop, coordinator):
    row = make_registration(workshop)
    session = workshop.sessions.get()
    assert planning.edit_session(session, by=coordinator, break_minutes=15).minutes == 105
    with time_machine.travel(at(7, "18:00"), tick=False):
        attendance.mark(session, row, "present", by=coordinator)
        planning.edit_session(session, by=coordinator, topics={"pl": "Umowa"}, break_minutes=15)
        with pytest.raises(schedule.AlreadyHeld):
            planning.edit_session(session, by=coordinator, break_minutes=0)
    session.refresh_from_db()
    assert session.topic_pl == "Umowa"
