"""Hours that nobody writes down, or puts right: asked for again, and then coordinators look after them."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from institutions import follow_up, late_reports, no_shows, time_reports
from institutions.tasks import remind_of_requests
from portal.clock import WARSAW
from tests import factories
from tests.institutions.visits import END, START, make_visit, told

pytestmark = pytest.mark.django_db
TIMES = {"start_at": START, "end_at": END}
#: The meeting ends on a Friday at eleven.
TUESDAY, NEXT_FRIDAY = datetime(2026, 12, 1, 11, tzinfo=WARSAW), datetime(2026, 12, 4, 11, tzinfo=WARSAW)
MOMENT = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(END, tick=False) as traveller, translation.override("en"):
        yield traveller


@pytest.fixture
def job(institution, official, assistant):
    job = make_visit(institution, official, assistant, state="in_progress")[0]
    follow_up.ask_for_reports()
    return job


def disputed(job, official, assistant):
    report = time_reports.report_times(job, by=assistant, **TIMES)
    return time_reports.dispute_report(report, by=official, reason="Skończyliśmy wcześniej.")


def test_hours_that_are_missing_are_asked_for_again_once(job, assistant, coordinator, clock):
    clock.move_to(TUESDAY - MOMENT)
    remind_of_requests()
    assert not told(assistant, "hours_wanted_again")
    clock.move_to(TUESDAY)
    for _time in range(2):
        remind_of_requests()
    clock.move_to(NEXT_FRIDAY - MOMENT)
    remind_of_requests()
    assert len(told(assistant, "hours_wanted_again")) == 1
    assert not told(coordinator, "hours_owed")
    assert late_reports.managed_by(coordinator) == []


def test_coordinators_hear_once_and_see_them_until_they_are_there(job, assistant, coordinator, clock):
    clock.move_to(NEXT_FRIDAY - timedelta(days=1))
    remind_of_requests()
    clock.move_to(NEXT_FRIDAY)
    for _time in range(2):
        remind_of_requests()
    assert len(told(coordinator, "hours_owed")) == 1
    assert late_reports.managed_by(coordinator) == [job]
    time_reports.report_times(job, by=assistant, **TIMES)
    assert late_reports.managed_by(coordinator) == []


def test_coordinators_hear_only_of_who_had_a_day_to_answer(job, coordinator, clock):
    clock.move_to(NEXT_FRIDAY)
    remind_of_requests()  # time stood still, and both would be due
    assert not told(coordinator, "hours_owed")
    clock.shift(timedelta(days=1))
    remind_of_requests()
    assert len(told(coordinator, "hours_owed")) == 1


def test_disputed_hours_are_asked_for_from_each_dispute(job, assistant, official, coordinator, clock):
    clock.move_to(TUESDAY - MOMENT)
    disputed(job, official, assistant)
    clock.move_to(NEXT_FRIDAY)
    remind_of_requests()
    assert len(told(assistant, "hours_wanted_again")) == 1
    assert not told(coordinator, "hours_owed"), "five working days since the dispute are not over"
    clock.shift(timedelta(hours=1))
    disputed(job, official, assistant)
    for _time in range(2):
        clock.shift(timedelta(days=4))
        remind_of_requests()
    assert len(told(assistant, "hours_wanted_again")) == 2
    assert len(told(coordinator, "hours_owed")) == 1


@pytest.mark.parametrize("has_arrived", [True, False])
def test_nobody_is_asked_while_a_coordinator_has_to_decide(
    job, assistant, official, coordinator, clock, has_arrived
):
    if has_arrived:  # what the institution says speaks against that at once
        job.arrived_at = START
        job.save(update_fields=["arrived_at"])
    no_shows.institution_says(job, by=official, missing="assistant")
    if not has_arrived:
        no_shows.assistant_says(job, by=assistant, missing="nobody")
    clock.move_to(END + timedelta(days=5))
    remind_of_requests()
    assert not told(assistant, "hours_wanted_again")
    no_shows.decide(job, by=coordinator, missing="nobody")
    remind_of_requests()
    assert not told(assistant, "hours_wanted_again"), "she has only just been asked"
    clock.shift(timedelta(days=7))
    remind_of_requests()
    assert told(assistant, "hours_wanted_again")


def test_a_list_is_a_networks_own_and_nobody_is_on_her_own(job, assistant, coordinator, project, clock):
    clock.move_to(NEXT_FRIDAY)
    factories.make_staff(project, user=assistant)
    remind_of_requests()
    assert not told(assistant, "hours_owed")
    assert late_reports.managed_by(assistant) == []
    assert late_reports.managed_by(factories.make_staff(factories.make_project())) == []


def test_a_coordinator_writes_them_down_from_the_list(
    client, institution, official, assistant, coordinator, clock
):
    job = make_visit(institution, official, assistant, state="in_progress")[0]
    follow_up.ask_for_reports()
    time_reports.report_times(job, by=assistant, wellbeing=2, **TIMES)
    time_reports.dispute_report(job.report, by=official, reason="Skończyliśmy wcześniej.")
    clock.shift(timedelta(days=10))
    client.force_login(coordinator)
    body = client.get(reverse("work_after")).content.decode()
    page = reverse("work_job_report", args=[job.public_id])
    assert "Skończyliśmy wcześniej." in body
    assert page in body
    assert client.get(page).status_code == 200
    times = {"start_on": "2026-11-27", "starts": "10:00"}
    assert "The end must be after the start" in client.post(page, times | {"ends": "10:00"}).content.decode()
    assert client.post(page, times | {"ends": "10:45"}).url == reverse("work_after")
    job.report.refresh_from_db()
    assert (job.report.minutes, job.report.wellbeing, job.report.disputed_at) == (45, 2, None)
    assert page not in client.get(reverse("work_after")).content.decode()
