"""The assistant reports, the official confirms, and the hours reach the ledger once."""

from datetime import datetime, timedelta

import pytest
import time_machine

from institutions import offers, requests, time_reports
from institutions.client_data import ClientIdentified
from institutions.models import Assignment, AssistanceRequest, TimeReport
from institutions.tasks import move_requests_on
from institutions.transitions import NotYours
from portal.clock import WARSAW
from portal.models import Message
from projects.models import BudgetTask, LedgerEntry
from tests import factories

pytestmark = pytest.mark.django_db
State = AssistanceRequest.State
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=WARSAW)
START = datetime(2026, 11, 27, 10, 0, tzinfo=WARSAW)
END = START + timedelta(minutes=60)
TIMES = {"start_at": START, "end_at": END + timedelta(minutes=15), "travel_minutes": 40}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def assignment(institution, official, assistant, clock):
    """A job that ended half an hour ago."""
    request = requests.submit(
        institution, by=official, start_at=START, minutes=60, language="uk", subject="health", town="Toruń"
    )
    assignment = offers.accept(request.offers.get(), by=assistant)
    clock.move_to(END + timedelta(minutes=30))
    return assignment


@pytest.fixture
def report(assignment, assistant):
    return time_reports.report_times(assignment, by=assistant, **TIMES)


def state_of(assignment):
    return AssistanceRequest.objects.get(pk=assignment.request_id).state


def keys(user):
    return set(Message.objects.filter(recipient=user).values_list("key", flat=True))


def test_move_requests_on_asks_the_assistant_once(assignment, assistant):
    move_requests_on()
    assert state_of(assignment) == State.AWAITING_REPORT
    assert f"report_wanted:{assignment.pk}" in keys(assistant)
    before = Message.objects.count()
    move_requests_on()
    assert Message.objects.count() == before


def test_move_requests_on_lets_a_running_meeting_run(assignment, clock):
    clock.move_to(END - timedelta(minutes=1))
    move_requests_on()
    assert state_of(assignment) == State.IN_PROGRESS


def test_report_times_asks_the_official(report, assignment, official):
    assert (report.minutes, report.travel_minutes) == (75, 40)
    assert state_of(assignment) == State.AWAITING_CONFIRMATION
    assert any(key.startswith(f"hours_to_confirm:{report.pk}:") for key in keys(official))
    assert not LedgerEntry.objects.exists()


def test_report_times_twice_is_one_report(report, assignment, assistant):
    before = Message.objects.count()
    assert time_reports.report_times(assignment, by=assistant, **TIMES) == report
    assert Message.objects.count() == before


def test_report_times_can_be_corrected_until_confirmed(report, assignment, assistant, official, clock):
    clock.shift(timedelta(minutes=5))
    time_reports.report_times(assignment, by=assistant, **TIMES | {"end_at": END})
    report.refresh_from_db()
    assert report.minutes == 60
    time_reports.confirm_report(report, by=official)
    with pytest.raises(time_reports.NothingToReport):
        time_reports.report_times(assignment, by=assistant, **TIMES)


@pytest.mark.parametrize(
    ("times", "refusal"),
    [
        ({"end_at": START}, time_reports.WrongTimes),
        ({"end_at": START - timedelta(minutes=1)}, time_reports.WrongTimes),
        ({"start_at": START - timedelta(hours=13)}, time_reports.WrongTimes),
        ({"start_at": START - timedelta(days=1), "end_at": END - timedelta(days=1)}, time_reports.WrongTimes),
        ({"end_at": END + timedelta(minutes=31)}, time_reports.NotYetOver),
        ({"travel_minutes": 601}, time_reports.WrongTravel),
        ({"travel_minutes": -1}, time_reports.WrongTravel),
    ],
)
def test_report_times_refuses(assignment, assistant, times, refusal):
    with pytest.raises(refusal):
        time_reports.report_times(assignment, by=assistant, **TIMES | times)
    assert not TimeReport.objects.exists()


def test_report_times_is_hers_or_the_coordinators(assignment, official, outsider, coordinator):
    for user in (official, outsider):
        with pytest.raises(NotYours):
            time_reports.report_times(assignment, by=user, **TIMES)
    assert time_reports.report_times(assignment, by=coordinator, **TIMES).pk


def test_confirm_report_brings_the_hours_into_the_ledger(report, assignment, official, institution, project):
    BudgetTask.objects.create(project=project, code="a-first", title_pl="Pierwsze")
    task = BudgetTask.objects.create(project=project, code="assistance", title_pl="Asysta")
    time_reports.confirm_report(report, by=official)
    entry = LedgerEntry.objects.get()
    assert entry.source == assignment.ledger_source
    assert (entry.project, entry.task, entry.minutes, entry.on) == (project, task, 75, START.date())
    assert (entry.kind, entry.measure, entry.beneficiary_key) == ("assistance", "delivered", "")
    assert entry.partner == f"institutions.institution:{institution.pk}"
    assert state_of(assignment) == State.CLOSED
    assert Assignment.objects.get().state == Assignment.State.DONE


def test_confirm_report_takes_the_first_task_or_makes_one(report, official, project, theme):
    time_reports.confirm_report(report, by=official)
    assert LedgerEntry.objects.get().task == theme.task


def test_confirm_report_without_any_task_makes_one(report, official, project):
    time_reports.confirm_report(report, by=official)
    assert LedgerEntry.objects.get().task.code == "assistance"


def test_confirm_report_twice_is_one_entry(report, official, assistant):
    time_reports.confirm_report(report, by=official)
    before = Message.objects.count()
    time_reports.confirm_report(report, by=official)
    assert LedgerEntry.objects.count() == 1
    assert Message.objects.count() == before
    assert f"hours_confirmed:{report.pk}" in keys(assistant)


def test_confirm_and_dispute_are_the_institutions(report, assistant, outsider, project):
    other_official = factories.make_official(factories.make_institution(project))
    for user in (assistant, outsider, other_official):
        with pytest.raises(NotYours):
            time_reports.confirm_report(report, by=user)
        with pytest.raises(NotYours):
            time_reports.dispute_report(report, by=user, reason="nie")


def test_dispute_report_sends_it_back_to_the_assistant(report, assignment, official, assistant):
    time_reports.dispute_report(report, by=official, reason="Trwało krócej")
    assert state_of(assignment) == State.AWAITING_REPORT
    assert any(key.startswith(f"hours_disputed:{report.pk}:") for key in keys(assistant))
    with pytest.raises(time_reports.NothingToConfirm):
        time_reports.confirm_report(report, by=official)
    time_reports.report_times(assignment, by=assistant, **TIMES | {"end_at": END})
    report.refresh_from_db()
    assert (report.disputed_at, report.dispute_reason) == (None, "")
    time_reports.confirm_report(report, by=official)
    assert LedgerEntry.objects.get().minutes == 60


def test_dispute_report_needs_words_and_no_client_in_them(report, official):
    with pytest.raises(time_reports.WhatIsWrong):
        time_reports.dispute_report(report, by=official, reason="  ")
    with pytest.raises(ClientIdentified):
        time_reports.dispute_report(report, by=official, reason="PESEL 44051401359")
    time_reports.confirm_report(report, by=official)
    with pytest.raises(time_reports.NothingToConfirm):
        time_reports.dispute_report(report, by=official, reason="jednak nie")


def test_silence_confirms_after_some_days(report, assignment, clock):
    clock.shift(timedelta(days=7) - timedelta(seconds=1))
    move_requests_on()
    assert state_of(assignment) == State.AWAITING_CONFIRMATION
    clock.shift(timedelta(seconds=1))
    move_requests_on()
    assert state_of(assignment) == State.CLOSED
    report.refresh_from_db()
    assert (report.confirmed_by, LedgerEntry.objects.count()) == (None, 1)
    assert AssistanceRequest.objects.get().transitions.last().actor is None


def test_silence_does_not_confirm_what_was_disputed(report, assignment, official, clock):
    time_reports.dispute_report(report, by=official, reason="Trwało krócej")
    clock.shift(timedelta(days=30))
    move_requests_on()
    assert state_of(assignment) == State.AWAITING_REPORT


def test_a_cancelled_job_needs_no_report(assignment, assistant, coordinator):
    requests.cancel(assignment.request, by=coordinator, reason="other")
    with pytest.raises(time_reports.NothingToReport):
        time_reports.report_times(assignment, by=assistant, **TIMES)


def test_report_times_refuses_before_the_meeting_began(institution, official, assistant, clock):
    request = requests.submit(
        institution, by=official, start_at=START, minutes=60, language="uk", subject="health", town="Toruń"
    )
    assignment = offers.accept(request.offers.get(), by=assistant)
    clock.move_to(START - timedelta(hours=1))
    times = {"start_at": START - timedelta(hours=3), "end_at": START - timedelta(hours=2)}
    with pytest.raises(time_reports.NotYetOver):
        time_reports.report_times(assignment, by=assistant, **times)
