"""The confirmation code: proof that the meeting took place, told by the official, typed by the assistant."""

from datetime import timedelta

import pytest
import time_machine

from institutions import codes, time_reports
from institutions.models import TimeReport
from institutions.transitions import NotYours, State
from portal.models import AuditEntry
from projects.models import LedgerEntry
from tests import factories
from tests.institutions.visits import END, START, make_visit, told

pytestmark = pytest.mark.django_db
TIMES = {"start_at": START, "end_at": END}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(END + timedelta(minutes=30), tick=False) as traveller:
        yield traveller


@pytest.fixture
def job(institution, official, assistant):
    return make_visit(institution, official, assistant, state="awaiting_report")[0]


def wrong_for(job):
    return "000000" if codes.code_of(job) != "000 000" else "111111"


def test_each_assistant_of_each_meeting_has_a_code_of_her_own(job, institution, official, assistant, project):
    other = make_visit(institution, official, assistant, factories.make_assistant(project).user)
    found = {codes.code_of(one) for one in (job, *other)}
    assert len(found) == 3
    assert all(len(code) == 7 and code.replace(" ", "").isdigit() for code in found)
    assert codes.code_of(job) == codes.code_of(type(job).objects.get(pk=job.pk))


def test_the_code_hangs_on_the_key_of_the_site(job, settings):
    before = codes.code_of(job)
    settings.SECRET_KEY = "another key, as long as it takes to be one"
    assert codes.code_of(job) != before


def test_a_right_code_confirms_hours_within_the_plan_at_once(job, assistant, official):
    report = time_reports.report_times(job, by=assistant, code=codes.code_of(job), **TIMES)
    job.request.refresh_from_db()
    assert job.request.state == State.CLOSED
    moves = list(job.request.transitions.values_list("new_state", flat=True))
    assert moves == [State.AWAITING_CONFIRMATION, State.CLOSED]
    assert report.confirmed_at
    assert report.confirmed_by is None
    assert LedgerEntry.objects.get().minutes == 60
    assert told(official, "confirmed_by_code") == [f"confirmed_by_code:{report.pk}"]
    assert not told(official, "hours_to_confirm")


@pytest.mark.parametrize("typed", ["{0}{1}", " {0}-{1} ", "{0}\u00a0{1}"])
def test_the_code_may_be_typed_with_anything_between(job, assistant, typed):
    first, second = codes.code_of(job).split(" ")
    assert codes.give(job, typed.format(first, second), by=assistant).code_given_at


def test_the_code_may_be_typed_in_digits_of_another_script(job, assistant):
    arabic = codes.code_of(job).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert codes.give(job, arabic, by=assistant).code_given_at


def test_a_wrong_code_writes_no_hours_but_is_counted(job, assistant):
    with pytest.raises(codes.WrongCode):
        time_reports.report_times(job, by=assistant, code=wrong_for(job), **TIMES)
    assert not TimeReport.objects.exists()
    assert AuditEntry.objects.filter(action=codes.WRONG, object_id=job.pk).count() == 1
    assert codes.tries_left(job) == 4


def test_after_five_wrong_codes_even_the_right_one_is_refused_and_the_official_confirms(
    job, assistant, official
):
    for _try in range(5):
        with pytest.raises(codes.WrongCode):
            codes.give(job, wrong_for(job), by=assistant)
    with pytest.raises(codes.TooManyTries):
        codes.give(job, codes.code_of(job), by=assistant)
    assert AuditEntry.objects.filter(action=codes.WRONG).count() == 5
    report = time_reports.report_times(job, by=assistant, **TIMES)
    assert told(official, f"hours_to_confirm:{report.pk}")


def test_give_is_hers_and_twice_harmless(job, official, assistant, outsider):
    for user in (official, outsider):
        with pytest.raises(NotYours):
            codes.give(job, codes.code_of(job), by=user)
    given = codes.give(job, codes.code_of(job), by=assistant).code_given_at
    assert codes.give(job, wrong_for(job), by=assistant).code_given_at == given


def test_the_code_of_another_assistant_of_the_same_meeting_is_wrong(
    institution, official, assistant, project
):
    one, two = make_visit(institution, official, assistant, factories.make_assistant(project).user)
    with pytest.raises(codes.WrongCode):
        codes.give(one, codes.code_of(two), by=assistant)


def test_a_code_given_later_confirms_the_hours_that_wait(job, assistant, official):
    report = time_reports.report_times(job, by=assistant, **TIMES)
    time_reports.report_times(job, by=assistant, code=codes.code_of(job), **TIMES)
    report.refresh_from_db()
    assert report.confirmed_at
    assert LedgerEntry.objects.count() == 1


def test_a_code_does_not_confirm_what_lasted_longer(job, assistant, coordinator, official):
    times = TIMES | {"end_at": END + timedelta(minutes=16)}
    report = time_reports.report_times(job, by=assistant, code=codes.code_of(job), **times)
    assert report.confirmed_at is None
    assert told(coordinator, f"longer:{report.pk}")
    time_reports.approve_overrun(report, by=coordinator)
    report.refresh_from_db()
    assert report.confirmed_at
    assert LedgerEntry.objects.get().minutes == 76
    assert told(official, "confirmed_by_code")
