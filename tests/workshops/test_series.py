"""Rows of dates: planned by weekday, and changed together."""

from datetime import date, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from portal.clock import local
from portal.models import AuditEntry, DiaryEntry, Message
from tests.factories import at, make_registration, make_session, make_staff, make_workshop
from workshops import attendance, planning, registration, schedule, series
from workshops.models import Registration, Session, Workshop

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 10, 12)


def days(**rule) -> list[date]:
    return series.days_of(MONDAY, **rule)[0]


@pytest.fixture
def row(theme, coordinator, trainer):
    """Five weekly meetings of a published course, the first one in a week."""
    workshop = make_workshop(theme=theme, sessions=[], trainers=[trainer])
    plan(workshop, coordinator, times=5)
    return workshop


def plan(workshop, by, **rule):
    rule = {"first_on": at(7).date(), "starts": time(17), "minutes": 120, "skip_holidays": False} | rule
    return series.add(workshop, by=by, **rule)[0]


def move(session, by, *, scope, days=1, clock="18:00", minutes=120, **more):
    day = timezone.localdate(session.start_at) + timedelta(days=days)
    hour, minute = map(int, clock.split(":"))
    return series.move(
        session, scope=scope, day=day, starts=time(hour, minute), minutes=minutes, by=by, **more
    )


def starts(workshop) -> list:
    """Local, so that a day more is the same hour after a change of the clock too."""
    return [timezone.localtime(session.start_at) for session in workshop.sessions.planned()]


def told(user, event) -> list[Message]:
    return list(Message.objects.filter(recipient=user, key__startswith=f"{event}:").order_by("id"))


# --- which days ---


def test_days_on_several_weekdays():
    assert days(weekdays=[0, 2], until=date(2026, 10, 25)) == [
        date(2026, 10, 12),
        date(2026, 10, 14),
        date(2026, 10, 19),
        date(2026, 10, 21),
    ]


def test_days_begin_with_the_first_weekday_that_fits():
    assert days(weekdays=[3], until=date(2026, 10, 25)) == [date(2026, 10, 15), date(2026, 10, 22)]


def test_days_every_second_week_count_whole_weeks():
    """Wednesday and Monday of the same weeks: a week begins on Monday."""
    found, _skipped = series.days_of(
        date(2026, 10, 14), weekdays=[0, 2], every_weeks=2, until=date(2026, 11, 1), skip_holidays=False
    )
    assert found == [date(2026, 10, 14), date(2026, 10, 26), date(2026, 10, 28)]


def test_days_so_many_times_whatever_is_left_out():
    found, skipped = series.days_of(date(2026, 11, 4), times=3)
    assert found == [date(2026, 11, 4), date(2026, 11, 18), date(2026, 11, 25)]
    assert skipped == [date(2026, 11, 11)]


def test_days_refuse_a_row_without_an_end_or_longer_than_a_year():
    for rule in ({}, {"times": 60}, {"until": MONDAY - timedelta(days=1)}, {"until": date(2028, 1, 1)}):
        with pytest.raises(series.WrongRow):
            days(**rule)


def test_days_refuse_a_row_without_a_day():
    with pytest.raises(series.NoDays):
        days(weekdays=[6], until=date(2026, 10, 14))


# --- adding ---


def test_add_makes_one_row_and_twice_is_the_same(theme, coordinator):
    workshop = make_workshop(theme=theme, sessions=[])
    first, second = plan(workshop, coordinator, times=3), plan(workshop, coordinator, times=3)
    assert first == second
    assert len(set(workshop.sessions.values_list("series", flat=True))) == 1


def test_add_again_for_longer_goes_on_with_the_same_row(row, coordinator):
    plan(row, coordinator, times=7)
    assert row.sessions.count() == 7
    assert len(set(row.sessions.values_list("series", flat=True))) == 1


def test_add_refuses_all_where_one_overlaps(theme, coordinator):
    workshop = make_workshop(theme=theme, sessions=[(21, "18:00", 60)])
    with pytest.raises(schedule.SessionsOverlap):
        plan(workshop, coordinator, times=4)
    assert workshop.sessions.count() == 1


def test_add_tells_each_person_once_and_warns_who_is_busy(row, coordinator, migrant, trainer):
    migrant.language = "en"
    migrant.save(update_fields=["language"])
    registration.register(row, migrant, by=migrant)
    other = make_workshop(sessions=[(8, "17:30", 60)])
    registration.register(other, migrant, by=migrant)
    plan(row, coordinator, first_on=at(8).date(), times=3)
    [message] = told(migrant, "sessions_added")
    assert "something else" in message.text
    assert len(told(trainer, "sessions_added")) == 2  # of each row once
    assert DiaryEntry.objects.firm().filter(user=migrant).count() == 5 + 1 + 3
    assert DiaryEntry.objects.firm().filter(user=trainer, kind="teaching").count() == 5 + 3


# --- moving ---


def test_move_this_and_following(row, coordinator):
    before = starts(row)
    third = row.sessions.all()[2]
    move(third, coordinator, scope="following")
    assert starts(row) == before[:2] + [start + timedelta(days=1, hours=1) for start in before[2:]]
    assert not row.sessions.filter(is_exception=True).exists()


def test_move_all_to_come_leaves_alone_what_has_begun_or_is_marked(row, coordinator):
    person = make_registration(row)
    before = starts(row)
    with time_machine.travel(row.sessions.first().start_at + timedelta(minutes=5), tick=False):
        attendance.mark(row.sessions.first(), person, "present", by=coordinator)
        move(row.sessions.all()[1], coordinator, scope="coming")
    assert starts(row) == before[:1] + [start + timedelta(days=1, hours=1) for start in before[1:]]


def test_move_only_this_one_makes_it_an_exception_that_later_moves_leave_alone(row, coordinator):
    before = starts(row)
    second = row.sessions.all()[1]
    move(second, coordinator, scope="only", days=2)
    second.refresh_from_db()
    assert second.is_exception
    move(row.sessions.first(), coordinator, scope="coming")
    assert starts(row)[1] == before[1] + timedelta(days=2, hours=1)
    assert starts(row)[2] == before[2] + timedelta(days=1, hours=1)
    with pytest.raises(series.MovedByItself):
        move(second, coordinator, scope="following")


def test_move_by_a_week_stands_nobody_in_its_own_way(row, coordinator, migrant):
    registration.register(row, migrant, by=migrant)
    before = starts(row)
    move(row.sessions.first(), coordinator, scope="coming", days=7, clock="17:00")
    assert starts(row) == [start + timedelta(days=7) for start in before]
    entries = DiaryEntry.objects.firm().filter(user=migrant)
    assert sorted(entries.values_list("start_at", flat=True)) == starts(row)
    assert all(entries.values_list("is_exclusive", flat=True))


def test_move_of_one_weekday_leaves_the_other(theme, coordinator):
    workshop = make_workshop(theme=theme, sessions=[])
    first = at(14).date() - timedelta(days=at(14).weekday())
    plan(workshop, coordinator, first_on=first, weekdays=[0, 3], times=4)
    before = starts(workshop)
    move(workshop.sessions.first(), coordinator, scope="coming", same_weekday=True)
    hour = timedelta(hours=1)
    assert starts(workshop) == [
        before[0] + timedelta(days=1) + hour,
        before[1],
        before[2] + timedelta(days=1) + hour,
        before[3],
    ]


def test_move_tells_each_person_once_with_all_old_and_new_times(row, coordinator, migrant, trainer):
    migrant.language = "en"
    migrant.save(update_fields=["language"])
    registration.register(row, migrant, by=migrant)
    waiting = make_registration(row, state=Registration.State.WAITLISTED).user
    for _twice in range(2):
        move(row.sessions.first(), coordinator, scope="coming", days=0)
    [message] = told(migrant, "sessions_moved")
    assert message.text.count("18:00–20:00") == message.text.count("17:00–19:00") == 5
    assert "Dom Sąsiedzki" in message.text
    assert len(told(trainer, "sessions_moved")) == 1
    assert "Dom Sąsiedzki" not in told(waiting, "sessions_moved")[0].text


def test_move_takes_diaries_along_and_warns_who_is_busy_then(row, coordinator, migrant, trainer):
    migrant.language = "en"
    migrant.save(update_fields=["language"])
    registration.register(row, migrant, by=migrant)
    registration.register(make_workshop(sessions=[(8, "18:30", 60)]), migrant, by=migrant)
    move(row.sessions.first(), coordinator, scope="coming")
    sources = [session.source for session in row.sessions.all()]
    mine = DiaryEntry.objects.firm().filter(user=migrant, source__in=sources).order_by("start_at")
    assert list(mine.values_list("start_at", flat=True)) == starts(row)
    assert list(mine.values_list("is_exclusive", flat=True)) == [False, True, True, True, True]
    leads = DiaryEntry.objects.firm().filter(user=trainer, kind="teaching").order_by("start_at")
    assert list(leads.values_list("start_at", flat=True)) == starts(row)
    assert "something else" in told(migrant, "sessions_moved")[0].text


def test_move_refuses_the_whole_row_where_one_overlaps(row, coordinator):
    make_session(row, days=22, clock="18:30")
    before = starts(row)
    with pytest.raises(schedule.SessionsOverlap):
        move(row.sessions.first(), coordinator, scope="coming")
    assert starts(row) == before


def test_move_refuses_the_past(row, coordinator):
    with pytest.raises(schedule.NotInThePast):
        move(row.sessions.first(), coordinator, scope="coming", days=-10)


def test_move_refuses_a_row_of_a_cancelled_workshop(row, coordinator):
    first = row.sessions.first()
    planning.cancel_workshop(row, by=coordinator, reason="Sala zajęta")
    with pytest.raises(schedule.WorkshopIsCancelled):
        move(first, coordinator, scope="coming")


# --- changing and cancelling ---


def test_edit_gives_topic_and_break_to_the_following(row, coordinator):
    series.edit(
        row.sessions.all()[3],
        scope="following",
        topics={"pl": "Umowa"},
        break_minutes=15,
        by=coordinator,
    )
    assert [(s.topic_pl or "", s.break_minutes) for s in row.sessions.all()] == [("", 0)] * 3 + [
        ("Umowa", 15)
    ] * 2


def test_cancel_following_tells_each_person_once_and_twice_is_harmless(row, coordinator, migrant, trainer):
    migrant.language = "en"
    migrant.save(update_fields=["language"])
    registration.register(row, migrant, by=migrant)
    third = row.sessions.all()[2]
    for _twice in range(2):
        series.cancel(third, scope="following", by=coordinator, reason="Trenerka jest chora")
    assert row.sessions.planned().count() == 2
    assert set(row.sessions.filter(state="cancelled").values_list("revision", flat=True)) == {1}
    assert DiaryEntry.objects.standing().filter(user=migrant).count() == 2
    [message] = told(migrant, "sessions_cancelled")
    assert message.text.count("17:00–19:00") == 3
    assert "Trenerka jest chora" in message.text
    assert len(told(trainer, "sessions_cancelled")) == 1
    assert AuditEntry.objects.filter(action="sessions.cancelled").count() == 1


def test_cancel_all_to_come_keeps_what_was_held(row, coordinator):
    person = make_registration(row)
    first = row.sessions.first()
    with time_machine.travel(first.start_at + timedelta(minutes=5), tick=False):
        attendance.mark(first, person, "present", by=coordinator)
        series.cancel(row.sessions.all()[1], scope="coming", by=coordinator)
    assert list(row.sessions.planned()) == [first]


# --- the pages ---


def post(client, name, session, **data):
    return client.post(f"/en/work/sessions/{session.pk}/{name}/", data)


def test_page_shows_a_row_before_it_moves_it(client, row, coordinator):
    client.force_login(coordinator)
    first = row.sessions.first()
    before = starts(row)
    assert "this one and those after it" in client.get(f"/en/work/sessions/{first.pk}/move/").content.decode()
    data = {"day": at(8).date().isoformat(), "starts": "18:00", "minutes": "90", "scope": "following"}
    page = post(client, "move", first, **data).content.decode()
    assert "5 meetings go to new times" in page
    assert starts(row) == before
    assert post(client, "move", first, **data, action="agreed").status_code == 302
    assert starts(row) == [at(8 + 7 * week, "18:00") for week in range(5)]


def test_page_says_why_a_row_cannot_move(client, row, coordinator):
    make_session(row, days=22, clock="18:30")
    client.force_login(coordinator)
    data = {"day": at(8).date().isoformat(), "starts": "18:00", "minutes": "90", "scope": "coming"}
    page = post(client, "move", row.sessions.first(), **data).content.decode()
    assert "already has a meeting at that time" in page


def test_page_shows_what_it_would_cancel(client, row, coordinator):
    client.force_login(coordinator)
    second = row.sessions.all()[1]
    page = post(client, "cancel", second, scope="following").content.decode()
    assert "4 meetings will be cancelled" in page
    assert row.sessions.planned().count() == 5
    post(client, "cancel", second, scope="following", action="agreed")
    assert row.sessions.planned().count() == 1


def test_page_asks_nothing_about_a_meeting_without_a_row(client, workshop, coordinator):
    client.force_login(coordinator)
    session = workshop.sessions.get()
    assert "Which meetings?" not in client.get(f"/en/work/sessions/{session.pk}/move/").content.decode()
    data = {"day": at(8).date().isoformat(), "starts": "18:00", "minutes": "90"}
    assert post(client, "move", session, **data).status_code == 302
    session.refresh_from_db()
    assert (session.start_at, session.is_exception) == (at(8, "18:00"), False)


def test_page_plans_a_row_on_two_weekdays(client, theme, coordinator):
    workshop = make_workshop(theme=theme, sessions=[], state=Workshop.State.DRAFT, published_at=None)
    client.force_login(coordinator)
    data = {
        "weekly-first_on": "2026-10-12", "weekly-weekdays": ["0", "2"], "weekly-every_weeks": "2",
        "weekly-times": "4", "weekly-starts": "18:00", "weekly-minutes": "90", "weekly-break_minutes": "0",
        "weekly-skip_holidays": "on",
    }  # fmt: skip
    address = f"/en/work/workshops/{workshop.slug}/dates/"
    assert "4 dates" in client.post(address, data | {"action": "preview"}).content.decode()
    assert not workshop.sessions.exists()
    client.post(address, data | {"action": "weekly"})
    assert starts(workshop) == [
        local(day, time(18))
        for day in (date(2026, 10, 12), date(2026, 10, 14), date(2026, 10, 26), date(2026, 10, 28))
    ]
    both = client.post(address, data | {"action": "preview", "weekly-until": "2026-12-01"})
    assert "either the last day or how many meetings" in both.content.decode()


def test_page_asks_with_few_queries_whatever_the_row(client, row, coordinator, django_assert_num_queries):
    client.force_login(coordinator)
    address = f"/en/work/sessions/{row.sessions.first().pk}/move/"
    client.get(address)
    with django_assert_num_queries(6):
        client.get(address)
    plan(row, coordinator, times=30)
    with django_assert_num_queries(6):
        client.get(address)


def test_page_of_another_project_is_not_found(client, row, other_project):
    client.force_login(make_staff(other_project))
    assert client.get(f"/en/work/sessions/{row.sessions.first().pk}/move/").status_code == 404
    assert Session.objects.count() == 5
