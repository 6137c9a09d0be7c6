"""Hours of a person, of a theme, of a group; how somebody stands in a course."""

import pytest
from django.urls import reverse

from tests.factories import at, make_registration, make_session, make_user, make_workshop
from workshops import attendance, hours
from workshops.models import Attendance, ManualHours

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(theme, trainer):
    """A workshop of two hours, with a break of 20 minutes, that was held yesterday at five."""
    workshop = make_workshop(theme=theme, trainers=[trainer], sessions=[])
    make_session(workshop, days=-1, clock="17:00", minutes=140, break_minutes=20)
    return workshop


@pytest.fixture
def session(held):
    return held.sessions.get()


@pytest.fixture
def row(held, migrant):
    return had_a_place(held, migrant)


def had_a_place(workshop, user=None, **fields):
    return make_registration(workshop, user, **{"confirmed_at": at(-10)} | fields)


def test_hours_of_a_person_add_up(session, held, row, coordinator, migrant):
    make_session(held, days=-2, minutes=60)
    for day in held.sessions.all():
        attendance.mark(day, row, "present", by=coordinator)
    hers = hours.hours_of(migrant).get()
    assert (hers.minutes, hers.times) == (180, 2)
    assert not hours.hours_of(make_user()).exists()


def test_hours_by_theme_tell_delivered_from_received(session, held, row, theme, coordinator, project):
    for person in (row, had_a_place(held)):
        attendance.mark(session, person, "present", by=coordinator)
    figures = hours.hours_by_theme(project).get()
    assert (figures.delivered, figures.received, figures.sessions_held) == (120, 240, 1)


def test_hours_by_theme_without_any_are_nought(theme, project):
    figures = hours.hours_by_theme(project).get()
    assert (figures.delivered, figures.received, figures.sessions_held) == (0, 0, 0)


def test_hours_by_person_count_only_this_project(session, held, row, coordinator, migrant, project):
    elsewhere = make_workshop(sessions=[(-1, "10:00", 60)])
    there = had_a_place(elsewhere, migrant)
    attendance.mark(elsewhere.sessions.get(), there, "present", by=coordinator)
    attendance.mark(session, row, "present", by=coordinator)
    had_a_place(held)
    person = hours.hours_by_person(project).get()
    assert (person, person.minutes, person.times, person.workshops) == (migrant, 120, 1, 1)


# --- How she stands in a course ----------------------------------------------------------------------------


@pytest.fixture
def course(theme):
    """Ten meetings of an hour, weekly: six are over, four to come; another person was at all of them."""
    days = [(-40 + 7 * week, "17:00", 60) for week in range(6)]
    days += [(2 + 7 * week, "17:00", 60) for week in range(4)]
    course = make_workshop(theme=theme, sessions=days, attendance_percent=80, gives_certificate=True)
    mark_all(make_registration(course, confirmed_at=at(-60)), "pppppp")
    return course


MARKS = {"p": "present", "l": "late", "a": "absent", "e": "excused"}


def mark_all(registration, marks: str, minutes: int = 30):
    """One letter for each meeting, a dot where the roll says nothing."""
    sessions = registration.workshop.sessions.order_by("start_at")
    for session, letter in zip(sessions, marks, strict=False):
        if letter != ".":
            credited = {"p": session.minutes, "l": minutes}.get(letter, 0)
            Attendance.objects.create(
                session=session, registration=registration, mark=MARKS[letter], minutes=credited
            )
    return registration


def standing_of(course, marks, **fields):
    return hours.standing(mark_all(had_a_place(course, confirmed_at=at(-60), **fields), marks))


def test_standing_counts_credited_of_held_minutes(course):
    hers = standing_of(course, "plaeep")
    assert (hers.held_minutes, hers.credited_minutes, hers.percent) == (360, 150, 41)
    assert (hers.came, hers.missed, hers.excused, hers.unmarked) == (3, 1, 2, 0)


def test_standing_before_the_first_meeting_has_no_percent(theme):
    course = make_workshop(theme=theme)
    hers = hours.standing(make_registration(course))
    assert (hers.percent, hers.projected_percent, hers.is_enough, hers.can_reach) == (None, None, False, True)
    assert hers.needs_next == 1
    assert not hers.is_at_risk


def test_standing_is_rounded_down(course):
    course.sessions.update(break_minutes=0)
    hers = mark_all(had_a_place(course, confirmed_at=at(-60)), "pppppl", minutes=50)
    hers.workshop.attendance_percent = 98
    found = hours.standing(hers)
    assert (found.percent, found.is_enough) == (97, False)


@pytest.mark.parametrize(
    ("marks", "needs_next", "projected"),
    [
        ("pppppp", 2, 100),  # 8 of 10 are needed
        ("ppppaa", 4, 60),
        ("pppaaa", None, 40),
        ("aapppp", 4, 80),
        ("aaaaaa", None, 0),
    ],
)
def test_standing_says_what_can_still_be_reached(course, marks, needs_next, projected):
    hers = standing_of(course, marks)
    assert (hers.needs_next, hers.can_reach) == (needs_next, needs_next is not None)
    assert hers.projected_percent == projected
    assert hers.is_at_risk == (projected < 80)


@pytest.mark.parametrize(
    ("marks", "streak"), [("ppppaa", 2), ("paapaa", 2), ("ppaaep", 0), ("pppaea", 2), ("pppa.a", 2)]
)
def test_standing_counts_missed_meetings_in_a_row(course, marks, streak):
    hers = standing_of(course, marks)
    assert len(hers.missed_in_a_row) == streak


def test_standing_leaves_out_what_the_roll_does_not_know(course):
    hers = standing_of(course, "pp..pp")
    assert (hers.held_minutes, hers.percent, hers.unmarked) == (240, 100, 2)


def test_standing_leaves_out_meetings_before_she_had_a_place(course):
    late = mark_all(make_registration(course, confirmed_at=at(-22)), "...ppa")
    found = hours.standing(late)
    assert (found.held_minutes, found.percent, found.unmarked) == (180, 66, 0)


def test_standing_leaves_out_meetings_that_nobody_came_to_and_cancelled_ones(theme):
    course = make_workshop(theme=theme, sessions=[(-8, "17:00", 60), (-1, "17:00", 60), (6, "17:00", 60)])
    hers = mark_all(had_a_place(course, confirmed_at=at(-20)), "pa")
    course.sessions.filter(start_at__gt=at(0)).update(state="cancelled")
    found = hours.standing(hers)
    assert (found.held_minutes, found.missed, found.ahead) == (60, 1, ())


def test_standing_of_who_gave_her_place_back_has_nothing_ahead(course):
    gone = standing_of(course, "pp", state="withdrawn")
    assert (gone.ahead, gone.held_minutes, gone.unmarked) == ((), 120, 0)


def test_standings_take_the_same_queries_for_few_and_many(course, django_assert_num_queries):
    with django_assert_num_queries(4):
        assert len(hours.standings(course)) == 1
    for _person in range(30):
        mark_all(had_a_place(course, confirmed_at=at(-60)), "papapa")
    with django_assert_num_queries(4):
        assert len(hours.standings(course)) == 31


def test_hours_written_by_hand_count_once_agreed(session, row, coordinator, migrant, project):
    attendance.mark(session, row, "present", by=coordinator)
    for state in ManualHours.State.values:
        ManualHours.objects.create(registration=row, on=at(-2).date(), minutes=30, reason="x", state=state)
    hers = hours.hours_of(migrant).get()
    assert (hers.minutes, hers.by_hand, hers.times) == (150, 30, 1)
    person = hours.hours_by_person(project).get()
    assert (person.minutes, person.by_hand, person.times) == (150, 30, 1)
    found = hours.standing(row)
    assert (found.credited_minutes, found.by_hand_minutes, found.all_minutes, found.percent) == (
        120, 30, 150, 100,
    )  # fmt: skip


def test_grid_shows_how_everybody_stands(client, course, coordinator):
    hers = mark_all(had_a_place(course, confirmed_at=at(-60)), "ppppaa")
    client.force_login(coordinator)
    page = client.get(reverse("work_attendance", args=[course.slug]))
    lines = {line["registration"]: line["standing"] for line in page.context["rows"]}
    assert lines[hers] == hours.standing(hers)
    assert (lines[hers].percent, lines[hers].projected_percent) == (66, 60)


# --- Her own page ------------------------------------------------------------------------------------------


def test_she_sees_how_she_stands_and_what_she_can_reach(client, course, migrant):
    row = mark_all(had_a_place(course, migrant, confirmed_at=at(-60)), "ppppaa")
    ManualHours.objects.create(
        registration=row, on=at(-2).date(), minutes=30, reason="Wizyta", state="approved"
    )
    client.force_login(migrant)
    page = client.get("/en/me/hours/").content.decode()
    assert "You have been there 66 % of the time" in page
    assert "You reach it if you come to the next 4 meetings" in page
    assert "Wizyta" in page
    assert "/en/staying/" in page
    my_page = client.get(reverse("my_page"))
    assert my_page.context["minutes"] == 4 * 60 + 30


def test_she_sees_only_her_own_hours(client, course, outsider):
    mark_all(had_a_place(course, confirmed_at=at(-60)), "pppppp")
    client.force_login(outsider)
    assert client.get(reverse("my_hours")).context["courses"] == []


def test_her_page_takes_the_same_queries_for_few_and_many(client, theme, migrant, django_assert_num_queries):
    client.force_login(migrant)
    for number in (3, 30):
        while migrant.registrations.count() < number:
            there = make_workshop(theme=theme, sessions=[(-3, "10:00", 60), (4, "10:00", 60)])
            mark_all(had_a_place(there, migrant), "p")
        with django_assert_num_queries(7):
            client.get(reverse("my_hours"))
