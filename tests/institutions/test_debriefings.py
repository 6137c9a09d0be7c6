"""A talk after a hard job: who gets one, who hears that it is due, and that nobody hears why."""

from datetime import datetime, timedelta

import pytest
import time_machine

from institutions import debriefings, follow_up, no_shows, time_reports
from institutions.models import Debriefing
from institutions.tasks import remind_of_requests
from institutions.transitions import NotYours
from portal.clock import WARSAW
from portal.models import AuditEntry, Message
from tests import factories
from tests.institutions.visits import END, START, make_visit, told

pytestmark = pytest.mark.django_db
TIMES = {"start_at": START, "end_at": END}
Why = Debriefing.Why


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(END + timedelta(minutes=30), tick=False) as traveller:
        yield traveller


@pytest.fixture
def job(institution, official, assistant):
    return make_visit(institution, official, assistant, state="awaiting_report")[0]


@pytest.mark.parametrize(
    ("report", "request_", "why"),
    [
        ({}, {}, None),
        ({"wellbeing": 3}, {}, None),
        ({"wellbeing": 2}, {}, Why.WELLBEING),
        ({"wellbeing": 1}, {"sensitivities": ["violence"]}, Why.WELLBEING),
        ({"wellbeing": 5}, {"sensitivities": ["violence"]}, Why.SENSITIVE),
        ({}, {"subject": "mental_health"}, Why.SENSITIVE),
        ({"wants_to_talk": True, "wellbeing": 1}, {}, Why.ASKED),
    ],
)
def test_a_talk_is_due_after_a_hard_job(institution, official, assistant, report, request_, why):
    job = make_visit(institution, official, assistant, state="awaiting_report", **request_)[0]
    time_reports.report_times(job, by=assistant, **TIMES, **report)
    found = Debriefing.objects.first()
    assert (found and found.why) == why


def test_it_is_due_within_two_working_days_at_a_desk(job, assistant):
    """Reported on a Friday at half past eleven: Tuesday at the same hour."""
    time_reports.report_times(job, by=assistant, wants_to_talk=True, **TIMES)
    assert Debriefing.objects.get().due_at == datetime(2026, 12, 1, 11, 30, tzinfo=WARSAW)


def test_it_is_not_due_at_night(job, assistant, clock):
    clock.move_to(datetime(2026, 11, 28, 23, 0, tzinfo=WARSAW))  # a Saturday
    time_reports.report_times(job, by=assistant, wants_to_talk=True, **TIMES)
    assert Debriefing.objects.get().due_at == datetime(2026, 12, 2, 8, 0, tzinfo=WARSAW)


def test_coordinators_hear_once_that_a_call_is_due_and_not_whose_nor_why(
    job, assistant, official, coordinator, clock
):
    time_reports.report_times(job, by=assistant, wants_to_talk=True, wellbeing=1, **TIMES)
    message = Message.objects.get(recipient=coordinator, key__startswith="talk_due")
    for secret in (assistant.full_name, assistant.call_me, job.request.institution.name):
        assert secret not in message.subject + message.text
    clock.shift(timedelta(minutes=5))
    time_reports.report_times(
        job, by=assistant, wants_to_talk=True, wellbeing=1, **TIMES | {"end_at": END + timedelta(minutes=5)}
    )
    assert len(told(coordinator, "talk_due")) == 1
    assert not [message for message in Message.objects.filter(recipient=official) if "talk" in message.key]


def test_whoever_writes_sooner_than_time_looks_takes_nothing_from_the_other(
    institution, official, assistant, project
):
    other = factories.make_assistant(project).user
    visit = {"state": "in_progress", "subject": "mental_health"}
    jobs = make_visit(institution, official, assistant, other, **visit)
    time_reports.report_times(jobs[0], by=assistant, **TIMES)
    talks = Debriefing.objects.values_list("assignment", flat=True)
    assert set(talks) == {job.pk for job in jobs}
    assert told(other, "report_wanted")
    assert not told(assistant, "report_wanted")


def test_what_weighs_more_stands_in_the_end(job, assistant):
    time_reports.report_times(job, by=assistant, wellbeing=2, **TIMES)
    time_reports.report_times(job, by=assistant, wellbeing=2, wants_to_talk=True, **TIMES)
    assert Debriefing.objects.get().why == Why.ASKED
    time_reports.report_times(job, by=assistant, wellbeing=5, **TIMES)
    assert Debriefing.objects.get().why == Why.ASKED


def test_how_she_is_stays_out_of_the_audit(job, assistant):
    time_reports.report_times(job, by=assistant, wellbeing=1, wants_to_talk=True, **TIMES)
    lines = AuditEntry.objects.filter(object_type__in=["institutions.debriefing", "institutions.timereport"])
    assert lines.exists()
    for line in lines:
        assert not {"wellbeing", "why", "wants_to_talk"} & set(line.data)


def test_finish_takes_an_outcome_of_a_coordinator_of_her_network(
    job, assistant, official, coordinator, other_project
):
    time_reports.report_times(job, by=assistant, wants_to_talk=True, **TIMES)
    talk = Debriefing.objects.get()
    stranger = factories.make_staff(other_project)
    for user in (assistant, official, stranger):
        with pytest.raises(NotYours):
            debriefings.finish(talk, by=user, outcome="talked")
    with pytest.raises(debriefings.HowDidItGo):
        debriefings.finish(talk, by=coordinator, outcome="")
    debriefings.finish(talk, by=coordinator, outcome="support")
    talk = debriefings.finish(talk, by=coordinator, outcome="not_reached")
    assert (talk.outcome, talk.done_by) == ("support", coordinator)
    assert AuditEntry.objects.filter(action="debriefing.done").count() == 1


def test_nobody_looks_after_herself(job, assistant, project):
    factories.make_staff(project, user=assistant)
    time_reports.report_times(job, by=assistant, wants_to_talk=True, **TIMES)
    assert not debriefings.managed_by(assistant).exists()
    assert not told(assistant, "talk_due")
    with pytest.raises(NotYours):
        debriefings.finish(Debriefing.objects.get(), by=assistant, outcome="talked")


def test_an_overdue_talk_is_said_once(job, assistant, coordinator, clock):
    time_reports.report_times(job, by=assistant, wants_to_talk=True, **TIMES)
    clock.move_to(datetime(2026, 12, 1, 11, 29, tzinfo=WARSAW))
    remind_of_requests()
    assert not told(coordinator, "talk_overdue")
    clock.shift(timedelta(minutes=1))
    remind_of_requests()
    remind_of_requests()
    assert len(told(coordinator, "talk_overdue")) == 1


def test_a_talk_that_was_done_is_not_overdue(job, assistant, coordinator, clock):
    time_reports.report_times(job, by=assistant, wants_to_talk=True, **TIMES)
    debriefings.finish(Debriefing.objects.get(), by=coordinator, outcome="talked")
    clock.shift(timedelta(days=10))
    remind_of_requests()
    assert not told(coordinator, "talk_overdue")


# --- By itself --------------------------------------------------------------------------------------------


@pytest.fixture
def hard(institution, official, assistant):
    """A hard meeting that has just ended; nobody has written anything."""
    return make_visit(institution, official, assistant, state="in_progress", sensitivities=["violence"])[0]


def test_a_talk_arises_from_the_end_of_a_hard_meeting_without_any_report(hard, coordinator):
    for _time in range(2):
        follow_up.ask_for_reports()
    talk = Debriefing.objects.get()
    assert (talk.assignment, talk.why) == (hard, Why.SENSITIVE)
    assert talk.due_at == datetime(2026, 12, 1, 11, 0, tzinfo=WARSAW)
    assert len(told(coordinator, "talk_due")) == 1


def test_no_talk_arises_from_an_ordinary_meeting(institution, official, assistant):
    make_visit(institution, official, assistant, state="in_progress")
    follow_up.ask_for_reports()
    assert not Debriefing.objects.exists()


def test_a_report_adds_its_own_reason_and_the_days_stay(hard, assistant, clock):
    follow_up.ask_for_reports()
    clock.shift(timedelta(days=1))
    time_reports.report_times(hard, by=assistant, wellbeing=1, **TIMES)
    talk = Debriefing.objects.get()
    assert (talk.why, talk.due_at) == (Why.WELLBEING, datetime(2026, 12, 1, 11, 0, tzinfo=WARSAW))


def test_who_asks_for_a_talk_after_the_call_is_called_again(hard, assistant, coordinator, clock):
    follow_up.ask_for_reports()
    debriefings.finish(Debriefing.objects.get(), by=coordinator, outcome="not_reached")
    clock.shift(timedelta(days=3))
    for _time in range(2):
        time_reports.report_times(hard, by=assistant, wants_to_talk=True, **TIMES)
    talk = Debriefing.objects.get()
    assert (talk.why, talk.done_at, talk.outcome) == (Why.ASKED, None, "")
    assert talk.due_at == datetime(2026, 12, 2, 11, 30, tzinfo=WARSAW)
    assert len(told(coordinator, "talk_due")) == 2


def test_what_arose_by_itself_is_not_needed_where_nobody_came(hard, assistant, coordinator, clock):
    follow_up.ask_for_reports()
    assert debriefings.waiting().exists()
    no_shows.assistant_says(hard, by=assistant, missing="client")
    assert not debriefings.waiting().exists()
    clock.shift(timedelta(days=10))
    remind_of_requests()
    assert not told(coordinator, "talk_overdue")


def test_a_talk_arises_where_it_is_decided_that_the_meeting_took_place(
    hard, assistant, official, coordinator, clock
):
    clock.move_to(START + timedelta(minutes=20))
    no_shows.institution_says(hard, by=official, missing="assistant")
    clock.move_to(END + timedelta(days=3))
    no_shows.assistant_says(hard, by=assistant, missing="nobody")
    follow_up.ask_for_reports()
    assert not Debriefing.objects.exists()
    no_shows.decide(hard, by=coordinator, missing="nobody")
    assert debriefings.waiting().get().due_at == datetime(2026, 12, 2, 11, 0, tzinfo=WARSAW)
