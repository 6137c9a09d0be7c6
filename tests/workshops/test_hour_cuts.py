"""Hours cut by workshop, trainer, month, project and person; the forecast; the file for a spreadsheet."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from portal.clock import WARSAW
from portal.models import AuditEntry, ReadEntry
from projects.figures import Period
from tests.factories import at, make_registration, make_session, make_staff, make_user, make_workshop
from workshops import attendance, hour_cuts, hours, manual_hours, schedule
from workshops.models import Session

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(theme, trainer, coordinator):
    """Two meetings of 90 minutes; two people at the first, one at the second; half an hour by hand."""
    workshop = make_workshop(
        theme=theme, trainers=[trainer], title_en="Polish", sessions=[(-40, "17:00", 90), (-5, "17:00", 90)]
    )
    first, second = workshop.sessions.order_by("start_at")
    people = [make_registration(workshop, confirmed_at=at(-60)) for _person in range(2)]
    for row in people:
        attendance.mark(first, row, "present", by=coordinator)
    attendance.mark(second, people[0], "present", by=coordinator)
    written = manual_hours.enter(
        people[0], on=at(-5).date(), minutes=30, reason="x", by=trainer, even_so=True
    )
    manual_hours.approve(written, by=coordinator)
    return workshop


def figures(line):
    return (line.held, line.received, line.by_hand, line.meetings, line.people)


def test_by_workshop(held, project, theme):
    make_workshop(theme=theme)
    line, *others = hour_cuts.by_workshop(project, Period())
    assert (figures(line), line.label, others) == ((180, 300, 30, 2, 2), held.title, [])


def test_by_trainer_says_shared_hours_of_both(held, project, trainer):
    other = make_staff(project, "trainer")
    held.trainers.add(other)
    lines = {line.label: line for line in hour_cuts.by_trainer(project, Period())}
    assert set(lines) == {str(trainer), str(other)}
    for line in lines.values():
        assert (line.held, line.received, line.by_hand, line.meetings) == (180, 300, 30, 2)


def test_by_month(held, project):
    lines = hour_cuts.by_month(project, Period())
    assert sum(line.held for line in lines) == 180
    assert lines[0].received == 120
    assert lines[-1].received == 180


def test_by_project(held, project, other_project):
    line, *others = hour_cuts.by_project([project, other_project], Period())
    assert (figures(line), others) == ((180, 300, 30, 2, 2), [])


def test_a_period_takes_its_days_only(held, project, theme):
    period = Period(at(-5).date(), at(-5).date())
    assert figures(hour_cuts.by_workshop(project, period)[0]) == (90, 120, 30, 1, 1)
    found = hours.hours_by_theme(project, period).get()
    assert (found.delivered, found.received, found.by_hand) == (90, 120, 30)
    person = hours.hours_by_person(project, period).get()
    assert (person.minutes, person.by_hand, person.times) == (120, 30, 1)


def test_all_cuts_agree(held, project):
    cuts = [cut(project, Period()) for cut in hour_cuts.CUTS.values()] + [
        hour_cuts.by_theme(project, Period())
    ]
    assert {sum(line.received for line in lines) for lines in cuts} == {300}
    assert sum(person.minutes for person in hours.hours_by_person(project)) == 300


def test_planned_ahead_is_apart_from_what_was_held(held, project, theme):
    make_session(held, days=3, minutes=60, break_minutes=15)
    make_session(held, days=4, minutes=60, state="cancelled")
    make_session(make_workshop(theme=theme, sessions=[], state="draft"), days=5)
    assert hours.planned_ahead(project) == {theme.pk: 45}


# --- Pages -----------------------------------------------------------------------------------------------


@pytest.fixture
def desk(client, coordinator):
    client.force_login(coordinator)
    return client


def test_page_tells_pace_and_plan_apart(desk, held, theme):
    make_session(held, days=3, minutes=60)
    bar = desk.get(reverse("work_hours")).context["themes"][0]
    assert (bar["delivered"], bar["ahead"], bar["by_hand"]) == (180, 60, 30)
    assert bar["forecast"] > 0
    with_days = desk.get(reverse("work_hours"), {"since": at(-5).date().isoformat()}).context["themes"][0]
    assert (with_days["delivered"], with_days["forecast"]) == (90, 0)


@pytest.mark.parametrize("cut", ["workshops", "trainers", "months", "projects"])
def test_page_of_a_cut(desk, held, cut):
    page = desk.get(reverse("work_hours_cut", args=[cut]))
    assert sum(line.received for line in page.context["page_obj"]) == 300
    assert desk.get(reverse("work_hours_cut", args=[cut]), {"until": "2020-01-01"}).status_code == 200


def test_unknown_cuts_do_not_exist(desk, held):
    for name in ("work_hours_cut", "work_hours_csv"):
        assert desk.get(reverse(name, args=["nonsense"])).status_code == 404


@pytest.mark.parametrize("days", [{"since": "soon"}, {"since": "2026-05-01", "until": "2026-04-01"}])
def test_what_is_no_period_is_said_and_shows_all(desk, held, days):
    page = desk.get(reverse("work_hours_cut", args=["workshops"]), days)
    assert page.context["asked"].errors
    assert len(page.context["page_obj"]) == 1


@pytest.mark.parametrize("cut", ["themes", "people", "workshops", "trainers", "months", "projects"])
def test_file_for_a_spreadsheet(desk, held, cut):
    answer = desk.get(reverse("work_hours_csv", args=[cut]))
    text = answer.content.decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:]), delimiter=";"))
    received = {len(row) for row in rows}
    assert received == {10}
    assert sum(int(row[9]) for row in rows[1:]) == 300
    assert AuditEntry.objects.get(action="workshops.hours_downloaded").data["cut"] == cut


def test_file_runs_no_formula(desk, held, coordinator):
    user = make_user(full_name="=cmd|' /C calc'!A0")
    row = make_registration(held, user, confirmed_at=at(-60))
    attendance.mark(held.sessions.first(), row, "present", by=coordinator)
    text = desk.get(reverse("work_hours_csv", args=["people"])).content.decode()
    assert "'=cmd" in text
    assert ReadEntry.objects.filter(subject_id=user.pk, purpose="hours as a file").exists()


def test_pages_are_for_coordinators(client, trainer, held):
    client.force_login(trainer)
    for name in ("work_hours_cut", "work_hours_csv"):
        assert client.get(reverse(name, args=["workshops"])).status_code == 404


# --- Clock changes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("clock", ["17:00", "01:30"])
def test_24_weekly_meetings_across_both_clock_changes_have_their_minutes(theme, coordinator, clock):
    """Nights too: on 29 March 2026 clocks skip an hour, on 25 October they repeat one (Europe/Warsaw)."""
    theme.project.starts_on, theme.project.ends_on = date(2026, 1, 1), date(2027, 12, 31)
    hour, minute = map(int, clock.split(":"))
    for first in (date(2026, 1, 18), date(2026, 8, 2)):  # Sundays: the change falls on a meeting
        course = make_workshop(theme=theme, sessions=[])
        for week in range(24):
            start = datetime.combine(
                first + timedelta(weeks=week), datetime.min.time(), tzinfo=WARSAW
            ).replace(hour=hour, minute=minute)
            end = start.astimezone(UTC) + timedelta(minutes=100)
            Session.objects.create(workshop=course, start_at=start, end_at=end, break_minutes=10)
        row = make_registration(course, confirmed_at=datetime(2026, 1, 1, tzinfo=UTC))
        with time_machine.travel(datetime(2027, 3, 1, tzinfo=UTC), tick=False):
            for session in course.sessions.all():
                assert session.minutes == 90
                assert timezone.localtime(session.start_at, WARSAW).strftime("%H:%M") == clock
                attendance.mark(session, row, "present", by=coordinator)
            hers = hours.standing(row)
            assert (hers.held_minutes, hers.percent, hers.came) == (24 * 90, 100, 24)
            line = next(
                one for one in hour_cuts.by_workshop(theme.project, Period()) if course.slug in one.url
            )
            assert (line.held, line.received, line.meetings) == (24 * 90, 24 * 90, 24)


def test_days_of_a_report_are_local_days(theme, coordinator, project):
    """Just after midnight in Warsaw it is still the day before in UTC, in summer by two hours."""
    course = make_workshop(theme=theme, sessions=[])
    start = datetime(2026, 7, 1, 0, 30, tzinfo=WARSAW)
    session = Session.objects.create(workshop=course, start_at=start, end_at=start + timedelta(hours=1))
    row = make_registration(course, confirmed_at=datetime(2026, 1, 1, tzinfo=UTC))
    attendance.mark(session, row, "present", by=coordinator)
    july, june = Period(date(2026, 7, 1), date(2026, 7, 31)), Period(date(2026, 6, 1), date(2026, 6, 30))
    assert hour_cuts.by_workshop(project, july)[0].held == 60
    assert hours.hours_by_person(project, july).get().minutes == 60
    assert hour_cuts.by_workshop(project, june) == []
    assert not hours.hours_by_person(project, june).exists()


def test_schedule_keeps_the_minutes_of_a_meeting_over_the_clock_change(theme, coordinator):
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False):
        start, end = schedule.times_on(date(2026, 3, 29), datetime(2026, 1, 1, 1, 30).time(), 90)
    assert end - start == timedelta(minutes=90)
