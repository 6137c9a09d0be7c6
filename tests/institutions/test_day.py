"""The day: the meeting begins and ends by itself, somebody is there, late, or too late."""

from datetime import timedelta

import pytest
import time_machine

from institutions import day
from institutions.models import Assignment, Credit
from institutions.tasks import move_requests_on
from institutions.transitions import NotYours, State
from portal.models import AuditEntry, Message
from tests import factories
from tests.institutions.visits import END, START, keys, make_visit, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START - timedelta(minutes=30), tick=False) as traveller:
        yield traveller


@pytest.fixture
def job(institution, official, assistant):
    return make_visit(institution, official, assistant)[0]


def state_of(job):
    job.request.refresh_from_db()
    return job.request.state


def minutes_after_start(clock, minutes):
    clock.move_to(START + timedelta(minutes=minutes))
    move_requests_on()


def test_a_meeting_begins_and_ends_by_itself_and_each_change_is_written_down(job, clock, assistant):
    move_requests_on()
    assert state_of(job) == State.CONFIRMED
    minutes_after_start(clock, 0)
    assert state_of(job) == State.IN_PROGRESS
    minutes_after_start(clock, 60)
    assert state_of(job) == State.AWAITING_REPORT
    moves = list(job.request.transitions.values_list("new_state", "actor"))
    assert moves == [(State.IN_PROGRESS, None), (State.AWAITING_REPORT, None)]
    assert told(assistant, "report_wanted") == [f"report_wanted:{job.pk}"]
    before = Message.objects.count()
    move_requests_on()
    assert Message.objects.count() == before


def test_a_meeting_that_nobody_moved_in_time_passes_through_all_its_states(job, clock):
    minutes_after_start(clock, 90)
    moves = list(job.request.transitions.values_list("new_state", flat=True))
    assert moves == [State.IN_PROGRESS, State.AWAITING_REPORT]


def test_one_of_two_who_agreed_is_enough_at_the_start(institution, official, assistant, clock):
    job = make_visit(institution, official, assistant, state="offering", assistants_needed=2)[0]
    factories.make_attempt(job.request, place=2)
    minutes_after_start(clock, 0)
    assert state_of(job) == State.IN_PROGRESS
    assert not job.request.attempts.live().exists()


def test_a_meeting_without_anybody_does_not_begin(institution, official, clock):
    request = factories.make_request(institution, official, start_at=START, end_at=END, state="offering")
    factories.make_attempt(request)
    minutes_after_start(clock, 0)
    request.refresh_from_db()
    assert request.state == State.UNFILLED


# --- I am here --------------------------------------------------------------------------------------------


def test_arrive_counts_the_first_time(job, assistant, clock):
    day.arrive(job, by=assistant)
    clock.shift(timedelta(minutes=5))
    assert day.arrive(job, by=assistant).arrived_at == START - timedelta(minutes=30)
    assert AuditEntry.objects.filter(action="assignment.arrived").count() == 1


@pytest.mark.parametrize("minutes", [-61, 61])
def test_arrive_is_for_the_day(job, assistant, clock, minutes):
    clock.move_to(START + timedelta(minutes=minutes))
    with pytest.raises(day.NotToday):
        day.arrive(job, by=assistant)


def test_arrive_and_late_are_hers(job, official, coordinator):
    for user in (official, coordinator):
        with pytest.raises(NotYours):
            day.arrive(job, by=user)
        with pytest.raises(NotYours):
            day.will_be_late(job, by=user, minutes=10)


def test_arrive_is_refused_where_she_is_not_expected(job, assistant):
    Assignment.objects.update(state="withdrawn")
    with pytest.raises(day.NotExpected):
        day.arrive(job, by=assistant)


# --- I will be late ---------------------------------------------------------------------------------------


def test_will_be_late_tells_the_official_at_once_and_once(job, assistant, official, clock):
    day.will_be_late(job, by=assistant, minutes=20)
    day.will_be_late(job, by=assistant, minutes=20)
    message = Message.objects.get(recipient=official)
    assert "20" in message.subject
    assert message.due_at == START - timedelta(minutes=30)
    clock.shift(timedelta(minutes=10))
    day.will_be_late(job, by=assistant, minutes=30)
    assert len(told(official, f"late:{job.pk}")) == 2
    job.refresh_from_db()
    assert job.delay_minutes == 30


def test_will_be_late_is_told_at_night_too(institution, official, assistant, clock):
    start = START.replace(hour=22)
    job = make_visit(institution, official, assistant, start_at=start, end_at=start + timedelta(hours=1))[0]
    clock.move_to(start - timedelta(minutes=20))
    day.will_be_late(job, by=assistant, minutes=10)
    assert Message.objects.get(recipient=official).due_at == start - timedelta(minutes=20)


@pytest.mark.parametrize("minutes", [0, 15, -10, 600])
def test_will_be_late_takes_one_of_the_delays(job, assistant, minutes):
    with pytest.raises(day.NoSuchDelay):
        day.will_be_late(job, by=assistant, minutes=minutes)


def test_who_is_there_is_not_late(job, assistant):
    day.arrive(job, by=assistant)
    with pytest.raises(day.AlreadyHere):
        day.will_be_late(job, by=assistant, minutes=10)


# --- The institution does not wait ------------------------------------------------------------------------


def test_refuse_late_is_a_cancellation_by_the_network_without_credit(
    job, assistant, official, coordinator, clock
):
    minutes_after_start(clock, 11)
    day.refuse_late(job, by=official)
    assert state_of(job) == State.CANCELLED_BY_NETWORK
    last = job.request.transitions.last()
    assert (last.reason, last.is_late, last.notice_minutes, last.actor) == ("late", True, -11, official)
    job.refresh_from_db()
    assert job.state == Assignment.State.CANCELLED
    assert not Credit.objects.exists()
    assert told(assistant, "refused_late") == [f"refused_late:{job.pk}"]
    assert told(coordinator, "refused_late")
    before = Message.objects.count()
    day.refuse_late(job, by=official)
    assert Message.objects.count() == before


def test_refuse_late_needs_more_than_ten_minutes_without_her(job, assistant, official, clock):
    minutes_after_start(clock, 10)
    with pytest.raises(day.NotLateYet):
        day.refuse_late(job, by=official)
    day.arrive(job, by=assistant)
    minutes_after_start(clock, 20)
    with pytest.raises(day.SheIsHere):
        day.refuse_late(job, by=official)
    assert state_of(job) == State.IN_PROGRESS


def test_refuse_late_is_the_institutions(job, assistant, coordinator, project, clock):
    minutes_after_start(clock, 20)
    other = factories.make_official(factories.make_institution(project))
    for user in (assistant, coordinator, other):
        with pytest.raises(NotYours):
            day.refuse_late(job, by=user)


def test_refuse_late_goes_on_with_the_one_who_is_there(institution, official, assistant, project, clock):
    other = factories.make_assistant(project).user
    here, late = make_visit(institution, official, assistant, other)
    minutes_after_start(clock, 5)
    day.arrive(here, by=assistant)
    minutes_after_start(clock, 15)
    day.refuse_late(late, by=official)
    assert state_of(here) == State.IN_PROGRESS
    assert told(other, "refused_late")
    assert not told(assistant, "refused_late")


def test_refuse_late_is_over_with_the_meeting(job, official, clock):
    minutes_after_start(clock, 61)
    with pytest.raises(day.NotExpected):
        day.refuse_late(job, by=official)
    assert keys(official) == []
