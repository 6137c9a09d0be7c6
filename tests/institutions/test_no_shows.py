"""Somebody did not come: what each side says, what it is worth, and what a coordinator decides."""

from datetime import timedelta

import pytest
import time_machine

from institutions import codes, day, no_shows, proposals, requests, staffing, time_reports
from institutions import credits as kept_free
from institutions.models import Assignment, Credit, PresenceStatement, TimeChange
from institutions.tasks import move_requests_on
from institutions.transitions import NotThere, NotYours, State
from portal.models import AuditEntry, Message
from projects.models import LedgerEntry
from tests import factories
from tests.institutions.visits import END, START, make_visit, told

pytestmark = pytest.mark.django_db
Missing = PresenceStatement.Missing
TIMES = {"start_at": START, "end_at": END}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START + timedelta(minutes=20), tick=False) as traveller:
        yield traveller


@pytest.fixture
def job(institution, official, assistant):
    job = make_visit(institution, official, assistant, briefing_minutes=10)[0]
    day.begin(job.request)
    return job


def standing_of(job):
    job.refresh_from_db()
    job.request.refresh_from_db()
    return job.request.state, job.state


# --- The assistant says -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("missing", "state"),
    [(Missing.CLIENT, State.CLIENT_NO_SHOW), (Missing.INSTITUTION, State.INSTITUTION_NO_SHOW)],
)
def test_assistant_says_nobody_came_and_her_time_is_credited(job, assistant, official, missing, state):
    said = no_shows.assistant_says(job, by=assistant, missing=missing, travel_minutes=40)
    assert standing_of(job) == (state, "done")
    credit = Credit.objects.get()
    assert (credit.reason, credit.minutes, credit.travel_minutes) == (state, 70, 40)
    assert told(official, f"missing:{said.pk}")
    assert not LedgerEntry.objects.exists()
    before = Message.objects.count(), AuditEntry.objects.count()
    no_shows.assistant_says(job, by=assistant, missing=missing)
    assert (Message.objects.count(), AuditEntry.objects.count()) == before


def test_assistant_says_gives_way_to_nothing_else_she_said(job, assistant):
    no_shows.assistant_says(job, by=assistant, missing=Missing.CLIENT)
    with pytest.raises(no_shows.AlreadySaid):
        no_shows.assistant_says(job, by=assistant, missing=Missing.INSTITUTION)


def test_her_own_report_that_waits_gives_way_to_a_no_show(job, assistant, clock):
    clock.move_to(END + timedelta(minutes=5))
    time_reports.report_times(job, by=assistant, **TIMES)
    no_shows.assistant_says(job, by=assistant, missing=Missing.CLIENT)
    assert standing_of(job) == (State.CLIENT_NO_SHOW, "done")
    assert AuditEntry.objects.filter(action="report.withdrawn").count() == 1


@pytest.mark.parametrize(
    ("moment", "refusal"),
    [
        (START + timedelta(minutes=14), no_shows.TooEarlyToSay),
        (END + timedelta(days=7), no_shows.TooLateToSay),
    ],
)
def test_assistant_says_in_time(job, assistant, clock, moment, refusal):
    clock.move_to(moment)
    with pytest.raises(refusal):
        no_shows.assistant_says(job, by=assistant, missing=Missing.CLIENT)


def test_each_side_says_its_own(job, assistant, official, coordinator, outsider):
    for user in (official, coordinator, outsider):
        with pytest.raises(NotYours):
            no_shows.assistant_says(job, by=user, missing=Missing.CLIENT)
    for user in (assistant, coordinator, outsider):
        with pytest.raises(NotYours):
            no_shows.institution_says(job, by=user, missing=Missing.CLIENT)
    with pytest.raises(no_shows.WhoWasMissing):
        no_shows.assistant_says(job, by=assistant, missing=Missing.ASSISTANT)
    with pytest.raises(no_shows.WhoWasMissing):
        no_shows.institution_says(job, by=official, missing=Missing.INSTITUTION)
    with pytest.raises(no_shows.NothingToObjectTo):
        no_shows.institution_says(job, by=official, missing=Missing.NOBODY)


def test_nothing_is_said_about_confirmed_hours(job, assistant, official, clock):
    clock.move_to(END + timedelta(minutes=5))
    report = time_reports.report_times(job, by=assistant, **TIMES)
    time_reports.confirm_report(report, by=official)
    with pytest.raises(no_shows.TooLateToSay):
        no_shows.institution_says(job, by=official, missing=Missing.ASSISTANT)


# --- The institution says ---------------------------------------------------------------------------------


def test_institution_says_she_did_not_come_and_nothing_is_credited(job, assistant, official, coordinator):
    said = no_shows.institution_says(job, by=official, missing=Missing.ASSISTANT)
    assert standing_of(job) == (State.ASSISTANT_NO_SHOW, "no_show")
    assert not Credit.objects.exists()
    assert told(assistant, f"missing:{said.pk}")
    assert told(coordinator, f"missing:{said.pk}")


def test_institution_says_ten_minutes_for_an_assistant_a_quarter_for_a_client(job, official, clock):
    clock.move_to(START + timedelta(minutes=10))
    with pytest.raises(no_shows.TooEarlyToSay):
        no_shows.institution_says(job, by=official, missing=Missing.CLIENT)
    no_shows.institution_says(job, by=official, missing=Missing.ASSISTANT)


def test_both_say_that_the_client_did_not_come_and_her_way_is_credited(job, assistant, official):
    no_shows.institution_says(job, by=official, missing=Missing.CLIENT)
    assert Credit.objects.get().travel_minutes == 0
    no_shows.assistant_says(job, by=assistant, missing=Missing.CLIENT, travel_minutes=30)
    assert Credit.objects.get().travel_minutes == 30
    assert not PresenceStatement.objects.contested().exists()


def test_a_second_assistant_who_came_goes_on(institution, official, assistant, project):
    other = factories.make_assistant(project).user
    here, missing = make_visit(institution, official, assistant, other)
    day.begin(here.request)
    no_shows.institution_says(missing, by=official, missing=Missing.ASSISTANT)
    assert standing_of(missing) == (State.IN_PROGRESS, "no_show")
    assert standing_of(here) == (State.IN_PROGRESS, "active")


def test_a_client_who_does_not_come_is_missed_by_both_assistants(institution, official, assistant, project):
    other = factories.make_assistant(project).user
    first, second = make_visit(institution, official, assistant, other)
    day.begin(first.request)
    no_shows.assistant_says(first, by=assistant, missing=Missing.CLIENT)
    assert Credit.objects.count() == 2
    assert told(other, "missing:")
    assert not told(assistant, "missing:")
    assert standing_of(second) == (State.CLIENT_NO_SHOW, "done")


# --- The two sides differ ---------------------------------------------------------------------------------


def test_who_said_that_she_is_there_cannot_be_missed_without_a_decision(
    job, assistant, official, coordinator
):
    day.arrive(job, by=assistant)
    said = no_shows.institution_says(job, by=official, missing=Missing.ASSISTANT)
    assert said.contested_at
    assert standing_of(job) == (State.IN_PROGRESS, "active")
    assert told(coordinator, f"sides_differ:{said.pk}")


def test_hours_do_not_count_while_the_two_sides_differ(job, assistant, official, coordinator, clock):
    day.arrive(job, by=assistant)
    no_shows.institution_says(job, by=official, missing=Missing.ASSISTANT)
    clock.move_to(END + timedelta(minutes=5))
    report = time_reports.report_times(job, by=assistant, **TIMES)
    with pytest.raises(time_reports.SidesDiffer):
        time_reports.confirm_report(report, by=official)
    clock.shift(timedelta(days=30))
    move_requests_on()
    report.refresh_from_db()
    assert report.confirmed_at is None
    no_shows.decide(job, by=coordinator, missing=Missing.NOBODY)
    assert told(official, f"hours_to_confirm:{report.pk}")
    time_reports.confirm_report(report, by=official)
    assert LedgerEntry.objects.get().minutes == 60


def test_an_objection_takes_the_credit_back_until_somebody_decides(job, assistant, official, coordinator):
    no_shows.assistant_says(job, by=assistant, missing=Missing.CLIENT)
    no_shows.institution_says(job, by=official, missing=Missing.NOBODY)
    assert not Credit.objects.exists()
    assert PresenceStatement.objects.contested().count() == 1
    assert standing_of(job) == (State.CLIENT_NO_SHOW, "done")
    no_shows.decide(job, by=coordinator, missing=Missing.CLIENT)
    assert Credit.objects.get().minutes == 70
    assert not PresenceStatement.objects.standing().exists()
    assert told(assistant, "presence_decided")
    assert told(official, "presence_decided")


def test_decide_that_it_took_place_asks_for_the_hours(job, assistant, official, coordinator, clock):
    no_shows.institution_says(job, by=official, missing=Missing.ASSISTANT)
    clock.move_to(END + timedelta(minutes=5))
    no_shows.assistant_says(job, by=assistant, missing=Missing.NOBODY)
    no_shows.decide(job, by=coordinator, missing=Missing.NOBODY)
    assert standing_of(job) == (State.AWAITING_REPORT, "active")
    assert job.request.closed_at is None
    assert told(assistant, "report_wanted")
    report = time_reports.report_times(job, by=assistant, **TIMES)
    time_reports.confirm_report(report, by=official)
    assert standing_of(job) == (State.CLOSED, "done")


def test_decide_that_she_did_not_come_after_a_claim(job, assistant, official, coordinator):
    no_shows.assistant_says(job, by=assistant, missing=Missing.CLIENT)
    no_shows.institution_says(job, by=official, missing=Missing.ASSISTANT)
    no_shows.decide(job, by=coordinator, missing=Missing.ASSISTANT)
    assert standing_of(job) == (State.ASSISTANT_NO_SHOW, "no_show")
    assert not Credit.objects.exists()
    moves = list(job.request.transitions.values_list("new_state", flat=True))
    assert moves[-3:] == [State.CLIENT_NO_SHOW, State.AWAITING_REPORT, State.ASSISTANT_NO_SHOW]


def test_a_no_show_written_by_mistake_is_put_right_without_any_objection(job, official, coordinator):
    no_shows.institution_says(job, by=official, missing=Missing.CLIENT)
    no_shows.decide(job, by=coordinator, missing=Missing.NOBODY)
    assert standing_of(job) == (State.AWAITING_REPORT, "active")
    assert not Credit.objects.exists()


def test_decide_is_the_coordinators_and_never_about_herself(job, assistant, official, coordinator, project):
    with pytest.raises(no_shows.NothingToDecide):
        no_shows.decide(job, by=coordinator, missing=Missing.NOBODY)
    no_shows.institution_says(job, by=official, missing=Missing.ASSISTANT)
    factories.make_staff(project, user=assistant)
    for user in (assistant, official):
        with pytest.raises(NotYours):
            no_shows.decide(job, by=user, missing=Missing.NOBODY)
    with pytest.raises(no_shows.WhoWasMissing):
        no_shows.decide(job, by=coordinator, missing="weather")


def test_nobody_speaks_again_after_the_decision(job, assistant, official, coordinator):
    no_shows.institution_says(job, by=official, missing=Missing.CLIENT)
    no_shows.decide(job, by=coordinator, missing=Missing.CLIENT)
    with pytest.raises(no_shows.AlreadySaid):
        no_shows.institution_says(job, by=official, missing=Missing.ASSISTANT)


def test_a_right_code_counts_when_it_is_decided_that_it_took_place(
    job, assistant, official, coordinator, clock
):
    day.arrive(job, by=assistant)
    no_shows.institution_says(job, by=official, missing=Missing.ASSISTANT)
    clock.move_to(END + timedelta(minutes=5))
    report = time_reports.report_times(job, by=assistant, code=codes.code_of(job), **TIMES)
    assert report.confirmed_at is None
    no_shows.decide(job, by=coordinator, missing=Missing.NOBODY)
    assert LedgerEntry.objects.get().minutes == 60
    assert standing_of(job) == (State.CLOSED, "done")
    assert not AuditEntry.objects.filter(action="report.approved").exists(), "nobody had to say yes"


def test_a_decision_leaves_the_name_of_who_said_yes_to_longer_hours(
    job, assistant, official, coordinator, project, clock
):
    day.arrive(job, by=assistant)
    no_shows.institution_says(job, by=official, missing=Missing.ASSISTANT)
    clock.move_to(END + timedelta(minutes=50))
    longer = TIMES | {"end_at": END + timedelta(minutes=45)}
    report = time_reports.report_times(job, by=assistant, **longer)
    other = factories.make_staff(project)
    time_reports.approve_overrun(report, by=other)
    no_shows.decide(job, by=coordinator, missing=Missing.NOBODY)
    report.refresh_from_db()
    assert report.approved_by == other
    assert told(official, f"hours_to_confirm:{report.pk}")


def test_hours_that_waited_are_neither_confirmed_nor_put_right_once_she_says_that_nobody_came(
    job, assistant, official, clock
):
    clock.move_to(END + timedelta(minutes=5))
    report = time_reports.report_times(job, by=assistant, **TIMES)
    no_shows.assistant_says(job, by=assistant, missing=Missing.CLIENT)
    with pytest.raises(NotThere):
        time_reports.confirm_report(report, by=official)
    with pytest.raises(NotThere):
        time_reports.dispute_report(report, by=official, reason="Krócej")


# --- Two assistants ---------------------------------------------------------------------------------------


@pytest.fixture
def two(institution, official, assistant, project):
    other = factories.make_assistant(project).user
    jobs = make_visit(institution, official, assistant, other)
    day.begin(jobs[0].request)
    return jobs


def test_who_was_there_is_asked_for_hours_when_the_other_is_found_missing(
    two, assistant, official, coordinator, clock
):
    missing, here = two
    clock.move_to(END + timedelta(minutes=5))
    move_requests_on()
    no_shows.assistant_says(missing, by=assistant, missing=Missing.CLIENT)
    no_shows.institution_says(missing, by=official, missing=Missing.ASSISTANT)
    for _twice in range(2):
        no_shows.decide(missing, by=coordinator, missing=Missing.ASSISTANT)
    other = here.assistant.user
    assert standing_of(missing) == (State.AWAITING_REPORT, "no_show")
    assert standing_of(here) == (State.AWAITING_REPORT, "active")
    assert not Credit.objects.exists()
    assert len(told(other, "counts_after_all")) == 1
    report = time_reports.report_times(here, by=other, **TIMES)
    time_reports.confirm_report(report, by=official)
    assert standing_of(here) == (State.CLOSED, "done")


def test_a_no_show_that_another_has_seen_outlasts_who_is_found_missing(two, assistant, official, coordinator):
    here, missing = two
    no_shows.assistant_says(here, by=assistant, missing=Missing.CLIENT)
    said = no_shows.institution_says(missing, by=official, missing=Missing.ASSISTANT)
    assert said.contested_at
    assert told(coordinator, f"sides_differ:{said.pk}")
    assert [credit.assignment for credit in Credit.objects.all()] == [here]
    no_shows.decide(missing, by=coordinator, missing=Missing.ASSISTANT)
    assert standing_of(missing) == (State.CLIENT_NO_SHOW, "no_show")
    assert standing_of(here) == (State.CLIENT_NO_SHOW, "done")
    assert [credit.assignment for credit in Credit.objects.all()] == [here]


def test_what_was_said_of_one_stays_when_the_other_was_there(two, official, coordinator):
    here, missing = two
    for job in two:
        no_shows.institution_says(job, by=official, missing=Missing.ASSISTANT)
    no_shows.decide(here, by=coordinator, missing=Missing.NOBODY)
    assert standing_of(here) == (State.AWAITING_REPORT, "active")
    assert standing_of(missing) == (State.AWAITING_REPORT, "no_show")
    assert not told(missing.assistant.user, "counts_after_all")


@pytest.mark.parametrize("missing", [Missing.INSTITUTION, Missing.NOBODY])
def test_the_second_assistant_can_say_something_else_than_the_first(two, assistant, coordinator, missing):
    first, second = two
    no_shows.assistant_says(first, by=assistant, missing=Missing.CLIENT)
    said = no_shows.assistant_says(second, by=second.assistant.user, missing=missing)
    assert said.contested_at
    assert standing_of(second) == (State.CLIENT_NO_SHOW, "done")
    assert [credit.assignment for credit in Credit.objects.all()] == [first]
    no_shows.decide(second, by=coordinator, missing=Missing.NOBODY)
    assert standing_of(first) == (State.AWAITING_REPORT, "active")
    assert told(assistant, "counts_after_all")
    assert not Credit.objects.exists()


def test_the_second_assistant_can_say_the_same_and_her_way_is_credited(two, assistant, official):
    first, second = two
    no_shows.assistant_says(first, by=assistant, missing=Missing.CLIENT)
    no_shows.assistant_says(second, by=second.assistant.user, missing=Missing.CLIENT, travel_minutes=30)
    assert sorted(Credit.objects.values_list("travel_minutes", flat=True)) == [0, 30]
    assert len(told(official, "missing:")) == 1


def test_nobody_whose_hours_are_confirmed_is_found_missing(two, assistant, official, coordinator, clock):
    here, other = two
    clock.move_to(END + timedelta(minutes=5))
    report = time_reports.report_times(here, by=assistant, **TIMES)
    time_reports.confirm_report(report, by=official)
    no_shows.assistant_says(other, by=other.assistant.user, missing=Missing.CLIENT)
    no_shows.decide(other, by=coordinator, missing=Missing.CLIENT)
    assert standing_of(here) == (State.CLIENT_NO_SHOW, "done")
    with pytest.raises(no_shows.HoursConfirmed):
        no_shows.decide(here, by=coordinator, missing=Missing.ASSISTANT)
    assert not told(assistant, "presence_decided")


# --- Called off late --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hours", "minutes"), [(47, 35), (49, None)])
def test_a_late_cancellation_is_credited_in_part(institution, official, assistant, clock, hours, minutes):
    job = make_visit(institution, official, assistant, briefing_minutes=10)[0]
    clock.move_to(START - timedelta(hours=hours))
    requests.cancel(job.request, by=official, reason="client_cancelled")
    credit = Credit.objects.first()
    assert (credit and credit.minutes) == minutes
    requests.cancel(job.request, by=official, reason="client_cancelled")
    assert Credit.objects.count() == (minutes is not None)


@pytest.mark.parametrize(
    ("hours", "reason", "minutes"),
    [(47, "language", 35), (47, "mistake", 35), (47, "other", 35), (49, "other", None)]
    + [(47, reason, None) for reason in ("ill", "family", "travel", "conflict")],
)
def test_who_is_replaced_late_and_did_not_ask_for_it_is_credited_in_part(
    institution, official, assistant, coordinator, clock, hours, reason, minutes
):
    job = make_visit(institution, official, assistant, briefing_minutes=10)[0]
    clock.move_to(START - timedelta(hours=hours))
    for _twice in range(2):
        staffing.replace(job, by=coordinator, reason=reason)
    credit = Credit.objects.first()
    assert (credit and (credit.reason, credit.minutes)) == (minutes and ("replaced", minutes))
    assert AuditEntry.objects.filter(action="credit.given").count() == bool(minutes)
    letter = Message.objects.get(key=f"job_replaced:{job.pk}")
    assert ("35" in letter.text) == bool(minutes)


def test_who_goes_there_after_all_is_not_credited_for_it(
    institution, official, assistant, coordinator, clock
):
    job = make_visit(institution, official, assistant)[0]
    clock.move_to(START - timedelta(hours=20))
    staffing.replace(job, by=coordinator, reason="mistake")
    assert Credit.objects.exists()
    staffing.assign_by_hand(job.request, assistant.assistant, by=coordinator, reason="agreed_by_phone")
    assert not Credit.objects.exists()


@pytest.mark.parametrize(("hours", "minutes"), [(47, 30), (49, None)])
def test_who_cannot_come_at_a_time_that_was_changed_late_is_credited(
    institution, official, assistant, clock, hours, minutes
):
    job = make_visit(institution, official, assistant)[0]
    clock.move_to(START - timedelta(hours=hours))
    proposals.propose(
        job.request,
        by=official,
        start_at=START + timedelta(days=7),
        minutes=120,
        mode="on_site",
        town="Toruń",
    )
    proposals.answer(TimeChange.objects.get(), by=assistant, is_yes=False)
    assert list(Credit.objects.values_list("minutes", flat=True)) == ([minutes] if minutes else [])


def test_a_credit_is_one_for_each_job(job):
    Assignment.objects.update(state="cancelled")
    kept_free.credit_late_cancellation(job)
    kept_free.credit_late_cancellation(job)
    assert AuditEntry.objects.filter(action="credit.given").count() == 1
    kept_free.take_back_credit(job)
    kept_free.take_back_credit(job)
    assert AuditEntry.objects.filter(action="credit.withdrawn").count() == 1


@pytest.mark.parametrize(("missing", "state"), [(Missing.NOBODY, "active"), (Missing.CLIENT, "done")])
def test_one_of_two_who_did_come_after_all_gets_her_part_back(
    institution, official, assistant, project, coordinator, missing, state
):
    other = factories.make_assistant(project).user
    here, accused = make_visit(institution, official, assistant, other)
    day.begin(here.request)
    no_shows.institution_says(accused, by=official, missing=Missing.ASSISTANT)
    no_shows.assistant_says(accused, by=other, missing=Missing.NOBODY)
    no_shows.decide(accused, by=coordinator, missing=missing)
    accused.refresh_from_db()
    assert accused.state == state
    assert Credit.objects.filter(assignment=accused).exists() == (missing == Missing.CLIENT)


def test_silence_counts_from_the_decision_on(job, assistant, official, coordinator, clock):
    day.arrive(job, by=assistant)
    no_shows.institution_says(job, by=official, missing=Missing.ASSISTANT)
    clock.move_to(END + timedelta(minutes=5))
    report = time_reports.report_times(job, by=assistant, **TIMES)
    clock.shift(timedelta(days=30))
    no_shows.decide(job, by=coordinator, missing=Missing.NOBODY)
    move_requests_on()
    report.refresh_from_db()
    assert report.confirmed_at is None, "the official could not confirm them before"


def test_what_the_network_calls_off_waits_for_no_decision(job, assistant, official, coordinator):
    day.arrive(job, by=assistant)
    no_shows.institution_says(job, by=official, missing=Missing.ASSISTANT)
    assert PresenceStatement.objects.contested().exists()
    requests.cancel(job.request, by=coordinator, reason="mistake")
    assert not PresenceStatement.objects.contested().exists()
