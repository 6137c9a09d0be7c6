"""An institution where nobody can read a letter: coordinators pass it on, and silence confirms nothing."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from institutions import follow_up, hours, offers, time_reports
from institutions.models import AssistanceRequest, Official, TimeReport
from portal.models import Message, User
from tests import factories
from tests.institutions.orders import NOW, ask, texts, told
from tests.institutions.visits import END, START, make_visit

pytestmark = pytest.mark.django_db
State = AssistanceRequest.State
WEEKS_LATER = END + timedelta(days=21)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def english(official, coordinator, assistant):
    User.objects.update(language="en")


@pytest.fixture
def empty(project):
    """An institution without anybody."""
    return factories.make_institution(project)


@pytest.fixture
def desk(client, coordinator):
    client.force_login(coordinator)
    return client


@pytest.fixture
def reported(empty, coordinator, assistant, clock):
    """Hours of a meeting that a coordinator wrote down for it."""
    (job,) = make_visit(empty, coordinator, assistant, state="awaiting_report")
    clock.move_to(END)
    return time_reports.report_times(job, by=assistant, start_at=START, end_at=END)


def url(name: str, *arguments) -> str:
    with translation.override("en"):
        return reverse(name, args=arguments)


def test_a_letter_that_nobody_can_read_is_passed_on_by_phone_once(empty, coordinator, assistant):
    request = ask(empty, coordinator)
    offers.accept(request.offers.get(), by=assistant)
    letter = Message.objects.get(recipient=coordinator, key__contains=":pass_on:")
    assert letter.key.startswith("assistant_comes:")
    assert letter.subject.startswith(f"Please pass on by phone to {empty.name_en}: ")
    assert "will help you" in letter.text
    assert f"/work/assistance/{request.public_id}/" in letter.text
    assert f"/en/assistance/{request.public_id}/" not in letter.text, "a page that she cannot open"


def test_where_somebody_answers_she_is_written_to_and_nothing_is_passed_on(
    institution, official, coordinator, assistant
):
    request = ask(institution, coordinator)
    Official.objects.filter(user=official).update(is_administrator=True)
    offers.accept(request.offers.get(), by=assistant)
    assert [key for key in told(official) if key.startswith("assistant_comes")]
    assert AssistanceRequest.objects.with_readers().get().is_read
    assert not [key for key in told(coordinator) if ":pass_on:" in key]


def test_a_unit_without_anybody_is_passed_on_too(institution, official, coordinator, assistant):
    Official.objects.filter(user=official).update(is_administrator=False, unit=None)
    request = ask(institution, coordinator, unit=institution.units.get())
    offers.accept(request.offers.get(), by=assistant)
    assert [key for key in told(coordinator) if ":pass_on:" in key]
    assert not AssistanceRequest.objects.with_readers().get().is_read


def test_silence_confirms_no_hours_that_nobody_was_asked_about(reported, coordinator, clock):
    assert "Silence does not confirm them" in texts(coordinator)
    clock.move_to(WEEKS_LATER)
    assert follow_up.remind_to_confirm() == 0
    assert follow_up.confirm_by_silence() == 0
    time_reports.confirm_report(reported, by=coordinator)
    assert TimeReport.objects.get().confirmed_by == coordinator


def test_a_seat_taken_later_does_not_make_silence_count(reported, empty, official, clock):
    clock.move_to(WEEKS_LATER)
    Official.objects.filter(user=official).update(institution=empty, starts_on=END.date() + timedelta(days=1))
    assert Official.objects.answering_for(reported.assignment.request)
    assert follow_up.confirm_by_silence() == 0
    Official.objects.update(starts_on=END.date())
    assert hours.put_to_somebody([reported]) == [reported]
    assert follow_up.confirm_by_silence() == 1


def test_a_coordinator_finds_and_confirms_such_hours(reported, desk, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        page = desk.get(url("work_after")).content.decode()
    confirm = url("work_job_confirm", reported.assignment.public_id)
    assert confirm in page
    request = reported.assignment.request
    with django_assert_max_num_queries(12):
        shown = desk.get(url("work_assistance_request", request.public_id)).content.decode()
    assert confirm in shown
    old = reported.reported_at - timedelta(minutes=1)
    desk.post(confirm, {"seen": old.isoformat()})
    assert TimeReport.objects.get().confirmed_at is None, "she read older hours"
    desk.post(confirm, {"seen": reported.reported_at.isoformat()})
    assert TimeReport.objects.get().confirmed_at
    assert confirm not in desk.get(url("work_after")).content.decode()


def test_the_assistant_reads_that_the_coordinator_asks(reported, assistant, client):
    client.force_login(assistant)
    page = client.get(url("assistant_job", reported.assignment.public_id)).content.decode()
    assert "The coordinator asks the institution by phone" in page
    assert "If it says nothing" not in page


def test_it_is_said_where_a_request_is_written_down_and_on_its_page(desk, empty, institution, official):
    page = desk.get(url("work_request_new")).content.decode()
    assert f"to pass on by phone: {empty.name_en}." in page
    for place, by in ((empty, None), (institution, official)):
        asked = factories.make_request(place, by, state=State.SUBMITTED)
        for name in ("work_assistance_request", "work_review"):
            text = desk.get(url(name, asked.public_id)).content.decode()
            assert ("can read our letters about this meeting" in text) == (place == empty)
