"""The audit finds what is wrong, each rule by itself, and nothing where all is well."""

import logging
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from institutions import offers, proposals, requests, tasks, time_reports
from institutions.assistance_audit import broken_chains, findings
from institutions.models import (
    Assignment,
    AssistanceRequest,
    Attempt,
    AttemptTransition,
    Offer,
    RequestTransition,
    TimeReport,
)
from portal.models import DiaryEntry
from projects.models import LedgerEntry
from tests import factories

pytestmark = pytest.mark.django_db
State = AssistanceRequest.State


def rules() -> list[str]:
    return [finding.rule for finding in findings()]


def says() -> set[str]:
    return {finding.says for finding in findings()}


@pytest.fixture
def asked(institution, official, assistant):
    """A request that looks for somebody."""
    return requests.submit(
        institution,
        by=official,
        start_at=factories.at(factories.AHEAD, "10:00"),
        minutes=60,
        subject="health",
        language="uk",
        town="Toruń",
        county="Toruń",
    )


@pytest.fixture
def taken(asked, assistant):
    """A request to which somebody goes."""
    offers.accept(Offer.objects.get(request=asked), by=assistant)
    return AssistanceRequest.objects.get(pk=asked.pk)


@pytest.fixture
def done(taken, assistant, official):
    """A meeting whose hours are confirmed."""
    begins = timezone.now() - timedelta(hours=3)
    ends = begins + timedelta(hours=1)
    AssistanceRequest.objects.filter(pk=taken.pk).update(start_at=begins, end_at=ends)
    DiaryEntry.objects.filter(source=taken.source).update(start_at=begins, end_at=ends)
    job = Assignment.objects.get(request=taken)
    report = time_reports.report_times(job, by=assistant, start_at=begins, end_at=ends)
    return time_reports.confirm_report(report, by=official)


def test_all_is_well(done, capsys):
    assert rules() == []
    call_command("audit_assistance")
    assert "All is well" in capsys.readouterr().out


def test_all_is_well_while_somebody_is_looked_for_and_goes(taken):
    assert rules() == []


def test_a_state_that_nobody_wrote_down(taken, capsys):
    AssistanceRequest.objects.filter(pk=taken.pk).update(state=State.AWAITING_REPORT)
    assert rules() == ["histories"]
    with pytest.raises(CommandError) as no:
        call_command("audit_assistance")
    assert no.value.returncode == 1
    assert f": {taken.pk}" in capsys.readouterr().out


def test_a_history_with_a_gap_or_a_way_that_is_none(asked):
    RequestTransition.objects.create(request=asked, old_state=State.OFFERING, new_state=State.DRAFT)
    RequestTransition.objects.create(request=asked, old_state=State.DRAFT, new_state=State.OFFERING)
    assert rules() == ["histories"]


def test_an_attempt_whose_history_does_not_lead_there(asked):
    AttemptTransition.objects.all().delete()
    assert says() == {"the history is no way to the state, attempts"}


@pytest.mark.parametrize(
    ("steps", "state", "is_broken"),
    [
        ([("", "a"), ("a", "b")], "b", False),
        ([("", "a"), ("a", "b")], "a", True),
        ([("", "a"), ("b", "a")], "a", True),
        ([("", "b")], "b", True),
        ([], "a", True),
    ],
)
def test_chains(steps, state, is_broken):
    ways = {"": {"a"}, "a": {"b"}, "b": {"a"}}
    found = broken_chains([(7, *step) for step in steps], {7: state}, ways)
    assert found == ([7] if is_broken else [])


def test_confirmed_and_nobody_goes(taken):
    Assignment.objects.update(state=Assignment.State.WITHDRAWN)
    assert "somebody is to come and nobody goes, requests" in says()


def test_fewer_than_needed_unless_somebody_decided_so(taken, official):
    AssistanceRequest.objects.filter(pk=taken.pk).update(assistants_needed=2)
    assert says() == {"fewer go than are needed, and nobody decided so, requests"}
    RequestTransition.objects.filter(new_state=State.CONFIRMED).update(reason="one_is_enough")
    assert rules() == []


def test_two_go_where_one_is_needed(taken, project):
    factories.make_assignment(taken, factories.make_assistant(project), place=2)
    assert "more go than are needed, requests" in says()


def test_looked_for_although_everybody_goes(asked, project):
    factories.make_assignment(asked, factories.make_assistant(project))
    assert "somebody is looked for and everybody is there, requests" in says()


def test_cancelled_and_somebody_still_goes(taken):
    AssistanceRequest.objects.filter(pk=taken.pk).update(state=State.CANCELLED_BY_NETWORK)
    assert "it is over and somebody still goes, requests" in says()


def test_looked_for_and_nothing_is_tried(asked):
    Attempt.objects.update(state=Attempt.State.EXHAUSTED, ended_at=timezone.now())
    assert "somebody is looked for and nothing is tried, requests" in says()


def test_tried_and_nobody_is_asked(asked):
    Offer.objects.update(state=Offer.State.EXPIRED)
    assert says() == {"something is tried and nobody's answer is awaited, requests"}


def test_tried_although_nobody_is_looked_for(taken):
    factories.make_attempt(taken, number=9)
    assert "something is tried and nobody is looked for, requests" in says()


def test_still_looked_for_after_the_start(asked):
    begins = timezone.now() - timedelta(hours=1)
    AssistanceRequest.objects.update(start_at=begins, end_at=begins + timedelta(hours=2))
    assert "the meeting has begun and somebody is looked for, requests" in says()


def test_attempts_that_are_over_without_an_end_or_filled_for_nobody(asked):
    Attempt.objects.update(state=Attempt.State.FILLED)
    assert {"filled, but nobody goes, attempts", "over without a time, attempts"} <= says()


def test_offers_that_should_be_over(asked):
    Offer.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    assert says() == {"open although the time to answer is over, offers"}
    Attempt.objects.update(state=Attempt.State.CALLED_OFF, ended_at=timezone.now())
    assert "waits for an answer in what is over, offers" in says()


def test_offers_and_jobs_of_another_request(taken, institution):
    other = factories.make_request(institution)
    Offer.objects.update(request=other)
    Assignment.objects.update(request=other)
    assert {
        "of another request than their attempt, offers",
        "of another request than their attempt, assignments",
    } <= says()


def test_a_diary_that_says_nothing_or_something_else(taken):
    entry = DiaryEntry.objects.get(source=taken.source, kind=DiaryEntry.Kind.ASSISTANCE)
    DiaryEntry.objects.filter(pk=entry.pk).update(start_at=entry.start_at - timedelta(hours=1))
    assert says() == {"goes, but her diary does not say so, assignments"}
    Assignment.objects.update(state=Assignment.State.WITHDRAWN)
    assert "in a diary, but she does not go, diary entries" in says()


def test_a_diary_may_be_ahead_while_the_other_one_thinks_about_the_new_time(
    institution, official, assistant, project
):
    second = factories.make_assistant(project)
    request = requests.submit(
        institution, by=official, start_at=factories.at(factories.AHEAD, "10:00"), minutes=150,
        assistants_needed=2, subject="health", language="uk", town="Toruń", county="Toruń",
    )  # fmt: skip
    for person in (assistant, second.user):
        offers.accept(request.offers.get(assistant__user=person, state="open"), by=person)
    changes = proposals.propose(
        request, by=official, start_at=factories.at(factories.AHEAD + 1, "10:00"), minutes=150, mode="on_site"
    )
    change = next(one for one in changes if one.assignment.assistant.user_id == assistant.pk)
    proposals.answer(change, by=assistant, is_yes=True)
    assert not says()


def test_hours_that_are_not_in_the_ledger_or_others(done):
    LedgerEntry.objects.update(minutes=61)
    assert says() == {"minutes differ from the ledger, reports"}
    LedgerEntry.objects.all().delete()
    assert says() == {"minutes differ from the ledger, reports"}


def test_hours_in_the_ledger_too_early_or_of_nobody(done):
    TimeReport.objects.update(confirmed_at=None)
    found = says()
    assert "in the ledger before they are confirmed, reports" in found
    assert "in the ledger without a confirmed report, assignments" in found
    assert "done without hours or credit, assignments" in found


def test_confirmed_hours_of_a_job_that_goes_on(done):
    Assignment.objects.update(state=Assignment.State.ACTIVE)
    assert "confirmed, but the job is not done, reports" in says()


@pytest.mark.allow_error_logs
def test_each_night_an_error_for_what_is_wrong(taken, caplog):
    assert tasks.audit_assistance() == 0
    AssistanceRequest.objects.filter(pk=taken.pk).update(state=State.AWAITING_REPORT)
    with caplog.at_level(logging.ERROR):
        assert tasks.audit_assistance() == 1
    assert str(taken.pk) in caplog.text
