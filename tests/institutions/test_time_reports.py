"""The assistant reports, the official confirms, and the hours reach the ledger once."""

from datetime import datetime, timedelta

import pytest
import time_machine

from institutions import corrections, offers, requests, time_reports
from institutions.client_data import ClientIdentified
from institutions.models import Assignment, AssistanceRequest, TimeReport
from institutions.tasks import move_requests_on, remind_of_requests
from institutions.transitions import NotYours, ReasonNeeded
from portal.clock import WARSAW
from portal.models import AuditEntry, Message
from projects.models import BudgetTask, LedgerEntry
from tests import factories
from tests.institutions.visits import make_visit

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
    # Her page shows the words, as long as they are kept; a mail would keep them for ever.
    assert not Message.objects.filter(text__contains="Trwało krócej").exists()
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


# --- Breaks, and what lasted longer -----------------------------------------------------------------------


def test_breaks_are_no_work(assignment, assistant, official):
    report = time_reports.report_times(assignment, by=assistant, break_minutes=15, **TIMES)
    time_reports.confirm_report(report, by=official)
    assert LedgerEntry.objects.get().minutes == 60


@pytest.mark.parametrize(
    ("times", "refusal"),
    [
        ({"break_minutes": 75}, time_reports.WrongBreaks),
        ({"break_minutes": -1}, time_reports.WrongBreaks),
        ({"travel_km": 1001}, time_reports.WrongDistance),
    ],
)
def test_report_times_refuses_impossible_figures(assignment, assistant, times, refusal):
    with pytest.raises(refusal):
        time_reports.report_times(assignment, by=assistant, **TIMES | times)


def test_an_early_end_is_reported_at_once(assignment, assistant, clock):
    clock.move_to(START + timedelta(minutes=30))
    move_requests_on()
    times = {"start_at": START, "end_at": START + timedelta(minutes=25)}
    report = time_reports.report_times(assignment, by=assistant, outcome="ended_early", **times)
    assert (report.minutes, report.outcome) == (25, "ended_early")
    assert state_of(assignment) == State.AWAITING_CONFIRMATION


LONG = TIMES | {"end_at": END + timedelta(minutes=16)}


def test_what_lasted_longer_waits_for_the_coordinator_and_then_for_the_official(
    assignment, assistant, official, coordinator, clock
):
    report = time_reports.report_times(assignment, by=assistant, **LONG)
    assert any(key.startswith(f"longer:{report.pk}:") for key in keys(coordinator))
    assert not any(key.startswith("hours_to_confirm") for key in keys(official))
    with pytest.raises(time_reports.LongerThanPlanned):
        time_reports.confirm_report(report, by=official)
    clock.shift(timedelta(days=30))
    move_requests_on()
    assert not LedgerEntry.objects.exists()
    time_reports.approve_overrun(report, by=coordinator)
    time_reports.approve_overrun(report, by=coordinator)
    assert sum(key.startswith(f"hours_to_confirm:{report.pk}") for key in keys(official)) == 1
    move_requests_on()
    assert not LedgerEntry.objects.exists(), "silence begins when the official is asked"
    clock.shift(timedelta(days=9))  # with New Year's Day between
    move_requests_on()
    assert LedgerEntry.objects.get().minutes == 76


def test_approve_overrun_is_a_coordinators_and_never_of_her_own_hours(
    assignment, assistant, official, project
):
    report = time_reports.report_times(assignment, by=assistant, **LONG)
    factories.make_staff(project, user=assistant)
    for user in (assistant, official):
        with pytest.raises(NotYours):
            time_reports.approve_overrun(report, by=user)
    with pytest.raises(NotYours):
        time_reports.confirm_report(report, by=assistant)


def test_hours_corrected_after_the_yes_are_looked_at_again(
    assignment, assistant, official, coordinator, clock
):
    report = time_reports.report_times(assignment, by=assistant, **LONG)
    time_reports.approve_overrun(report, by=coordinator)
    clock.shift(timedelta(minutes=1))
    longer = LONG | {"end_at": END + timedelta(minutes=26)}
    time_reports.report_times(assignment, by=assistant, **longer)
    with pytest.raises(time_reports.LongerThanPlanned):
        time_reports.confirm_report(report, by=official)


def test_confirm_report_refuses_hours_that_she_has_not_seen(report, assignment, assistant, official, clock):
    seen = report.reported_at
    clock.shift(timedelta(minutes=1))
    time_reports.report_times(assignment, by=assistant, **TIMES | {"end_at": END})
    with pytest.raises(time_reports.ReportChanged):
        time_reports.confirm_report(report, by=official, seen=seen)


# --- Silence ----------------------------------------------------------------------------------------------


def test_the_official_is_reminded_once_before_silence_confirms(report, official, clock):
    clock.shift(timedelta(days=5))  # Friday to Wednesday: three working days
    remind_of_requests()
    remind_of_requests()
    assert sum(key.startswith(f"confirm_reminder:{report.pk}") for key in keys(official)) == 1


def test_silence_counts_working_days_only(report, assignment, clock):
    """Reported on Friday 27 November; with a holiday between it would take longer, with two weekends too."""
    clock.move_to(datetime(2026, 12, 4, 11, 29, tzinfo=WARSAW))
    move_requests_on()
    assert state_of(assignment) == State.AWAITING_CONFIRMATION
    clock.shift(timedelta(minutes=1))
    move_requests_on()
    assert state_of(assignment) == State.CLOSED


# --- Two assistants ---------------------------------------------------------------------------------------


def test_with_two_assistants_each_report_is_confirmed_by_itself(
    institution, official, assistant, project, clock
):
    other = factories.make_assistant(project).user
    clock.move_to(END + timedelta(minutes=30))
    one, two = make_visit(institution, official, assistant, other, start_at=START, end_at=END)
    move_requests_on()
    assert keys(assistant) == {f"report_wanted:{one.pk}"}
    assert keys(other) == {f"report_wanted:{two.pk}"}
    first = time_reports.report_times(one, by=assistant, **TIMES)
    assert state_of(one) == State.AWAITING_REPORT
    time_reports.confirm_report(first, by=official)
    assert state_of(one) == State.AWAITING_REPORT
    second = time_reports.report_times(two, by=other, **TIMES | {"end_at": END})
    assert state_of(one) == State.AWAITING_CONFIRMATION
    time_reports.confirm_report(second, by=official)
    assert state_of(one) == State.CLOSED
    assert sorted(LedgerEntry.objects.values_list("minutes", flat=True)) == [60, 75]


def test_a_dispute_about_one_leaves_the_other_alone(institution, official, assistant, project, clock):
    other = factories.make_assistant(project).user
    clock.move_to(END + timedelta(minutes=30))
    one, two = make_visit(institution, official, assistant, other, start_at=START, end_at=END)
    move_requests_on()
    reports = [
        time_reports.report_times(job, by=user, **TIMES) for job, user in [(one, assistant), (two, other)]
    ]
    time_reports.dispute_report(reports[0], by=official, reason="Trwało krócej")
    assert state_of(one) == State.AWAITING_REPORT
    time_reports.confirm_report(reports[1], by=official)
    assert LedgerEntry.objects.get().source == two.ledger_source


# --- Confirmed hours that were wrong ----------------------------------------------------------------------


def test_correct_hours_is_followed_by_the_ledger_and_told_to_both(
    report, assignment, official, assistant, coordinator
):
    time_reports.confirm_report(report, by=official)
    new = {"start_at": START, "end_at": END, "break_minutes": 10}
    corrections.correct_hours(report, by=coordinator, reason="typed_wrong", **new)
    entry = LedgerEntry.objects.get()
    assert (entry.source, entry.minutes) == (assignment.ledger_source, 50)
    line = AuditEntry.objects.get(action="report.corrected")
    assert (line.data["before"], line.data["minutes"], line.data["reason"]) == (75, 50, "typed_wrong")
    for user in (official, assistant):
        assert any(key.startswith(f"hours_corrected:{report.pk}:") for key in keys(user))
    corrections.correct_hours(report, by=coordinator, reason="typed_wrong", **new)
    assert AuditEntry.objects.filter(action="report.corrected").count() == 1
    assert state_of(assignment) == State.CLOSED


def test_strike_hours_takes_the_entry_out(report, official, coordinator):
    time_reports.confirm_report(report, by=official)
    corrections.strike_hours(report, by=coordinator, reason="did_not_count")
    corrections.strike_hours(report, by=coordinator, reason="did_not_count")
    assert not LedgerEntry.objects.exists()
    report.refresh_from_db()
    assert (report.minutes, report.travel_minutes) == (0, 0)
    assert AuditEntry.objects.filter(action="report.corrected").count() == 1


def test_correct_hours_is_for_confirmed_ones_with_a_reason_and_not_ones_own(
    report, official, assistant, coordinator, project
):
    new = {"start_at": START, "end_at": END}
    with pytest.raises(corrections.NotConfirmedYet):
        corrections.correct_hours(report, by=coordinator, reason="other", **new)
    time_reports.confirm_report(report, by=official)
    factories.make_staff(project, user=assistant)
    for user in (assistant, official):
        with pytest.raises(NotYours):
            corrections.correct_hours(report, by=user, reason="other", **new)
    with pytest.raises(ReasonNeeded):
        corrections.correct_hours(report, by=coordinator, reason="because", **new)
    with pytest.raises(time_reports.WrongTimes):
        corrections.correct_hours(report, by=coordinator, reason="other", **new | {"end_at": START})
