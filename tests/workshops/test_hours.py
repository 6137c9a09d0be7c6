"""Hours of a person, of a theme, of a group; how somebody stands in a course."""

import pytest

from tests.factories import at, make_registration, make_session, make_user, make_workshop
from workshops import attendance, hours

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
