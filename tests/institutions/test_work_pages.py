"""What a coordinator sees and does: requests, institutions, assistants of her network."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from institutions import offers, officials, requests
from institutions.models import AssistanceRequest, Institution, Official
from portal.clock import WARSAW
from portal.models import Message, User
from tests import factories

pytestmark = pytest.mark.django_db
State = AssistanceRequest.State
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=WARSAW)
START = datetime(2026, 11, 27, 10, 0, tzinfo=WARSAW)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def page(client, coordinator):
    client.force_login(coordinator)
    return client


@pytest.fixture
def asked(institution, official, assistant):
    return requests.submit(
        institution, by=official, start_at=START, minutes=60, language="uk", subject="health", town="Toruń"
    )


def url(name, *arguments):
    return reverse(name, args=arguments)


def assert_same_queries(page, address, make):
    counts = []
    for number in (3, 27):
        for _index in range(number):
            make()
        with CaptureQueriesContext(connection) as queries:
            assert page.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


# --- requests --------------------------------------------------------------------------------------------


def test_the_list_starts_with_what_is_unfilled(page, institution, official):
    closed = factories.make_request(institution, official, state=State.CLOSED)
    coming = factories.make_request(institution, official, state=State.CONFIRMED)
    later = factories.make_request(
        institution, official, start_at=START + timedelta(days=9), state=State.UNFILLED
    )
    sooner = factories.make_request(institution, official, start_at=START)
    text = page.get(url("work_assistance")).content.decode()
    places = [text.index(str(one.public_id)) for one in (sooner, later, coming, closed)]
    assert places == sorted(places)


def test_the_list_starts_with_whoever_has_only_a_relative(page, institution, official):
    factories.make_request(institution, official, start_at=START, state="submitted")
    later = factories.make_request(
        institution, official, start_at=START + timedelta(days=9), is_relative_interpreting=True
    )
    assert page.get(url("work_assistance")).context["rows"][0]["asked"] == later


def test_what_goes_on_can_be_called_off_by_the_network(page, institution, official):
    going_on = factories.make_request(institution, official, state="in_progress")
    answer = page.get(url("work_assistance_request", going_on.public_id))
    assert url("work_cancel", going_on.public_id) in answer.content.decode()


def test_the_list_tells_for_how_long_nobody_was_found(page, asked, clock, assistant):
    clock.shift(timedelta(hours=3))
    assert "3\xa0hours" in page.get("/en/work/assistance/").content.decode()
    offers.accept(asked.offers.get(), by=assistant)
    assert "3\xa0hours" not in page.get("/en/work/assistance/").content.decode()


@pytest.mark.parametrize(
    ("query", "is_there"),
    [
        ("show=looking", True),
        ("show=over", False),
        ("language=uk", True),
        ("language=ar", False),
        ("show=nonsense&language=xx", True),
    ],
)
def test_the_list_is_filtered_by_its_address(page, asked, query, is_there):
    text = page.get(url("work_assistance") + "?" + query).content.decode()
    assert (str(asked.public_id) in text) == is_there


def test_the_list_is_filtered_by_institution(page, asked, project):
    other = factories.make_institution(project)
    for institution, is_there in [(asked.institution, True), (other, False)]:
        text = page.get(url("work_assistance") + f"?institution={institution.slug}").content.decode()
        assert (str(asked.public_id) in text) == is_there


def test_the_list_takes_the_same_number_of_queries(page, institution, official, assistant):
    def make():
        coming = factories.make_request(institution, official, state=State.CONFIRMED)
        factories.make_assignment(request=coming, assistant=assistant.assistant, language="uk")

    assert_same_queries(page, url("work_assistance"), make)


def test_the_candidates_say_why_and_why_not(page, asked, project):
    factories.make_assistant(project, languages=("ar",))
    text = page.get(f"/en/work/assistance/{asked.public_id}/candidates/").content.decode()
    assert "Fits in every point" in text
    assert "This assistant does not speak the language well enough." in text


def test_the_candidates_take_the_same_number_of_queries(page, asked, project):
    counts = []
    for number in (3, 27):
        for _index in range(number):
            factories.make_assistant(project)
        with CaptureQueriesContext(connection) as queries:
            assert page.get(url("work_candidates", asked.public_id)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_assigning_by_hand(page, asked, assistant, project):
    page.post(url("work_assign", asked.public_id), {"assistant": assistant.public_id})
    asked.refresh_from_db()
    assert asked.state == State.CONFIRMED
    text = page.get(url("work_assistance_request", asked.public_id)).content.decode()
    assert "Iryna Melnyk" in text


def test_assigning_a_misfit_by_hand_needs_a_reason(page, asked, project):
    helper = factories.make_assistant(project, languages=("ar",))
    data = {"assistant": helper.user.public_id}
    page.post(url("work_assign", asked.public_id), data)
    assert not asked.assignments.exists()
    page.post(url("work_assign", asked.public_id), data | {"reason": "nobody_else"})
    assert asked.assignments.get().assistant == helper


def test_withdrawing_and_cancelling_by_the_coordinator(page, asked, assistant):
    offers.accept(asked.offers.get(), by=assistant)
    job = asked.assignments.get()
    assert page.get(url("work_withdraw", job.public_id)).status_code == 200
    page.post(url("work_withdraw", job.public_id), {"reason": "other"})
    asked.refresh_from_db()
    assert asked.state == State.UNFILLED
    assert page.get(url("work_cancel", asked.public_id)).status_code == 200
    page.post(url("work_cancel", asked.public_id), {"reason": "other"})
    asked.refresh_from_db()
    assert asked.state == State.CANCELLED_BY_NETWORK


@pytest.mark.parametrize("state", State.values)
def test_the_request_stands_in_every_state(page, institution, official, assistant, state):
    asked = factories.make_request(institution, official, state=state)
    factories.make_assignment(request=asked, assistant=assistant.assistant, language="uk", state="withdrawn")
    # A draft is still its institution's own affair.
    expected = 404 if state == State.DRAFT else 200
    assert page.get(url("work_assistance_request", asked.public_id)).status_code == expected


def test_requests_of_another_network_do_not_exist(page, other_project, assistant):
    foreign = factories.make_request(factories.make_institution(other_project))
    for name in ("work_assistance_request", "work_withdraw", "work_cancel"):
        assert page.get(url(name, foreign.public_id)).status_code == 404
    data = {"assistant": assistant.public_id}
    assert page.post(url("work_assign", foreign.public_id), data).status_code == 404
    assert str(foreign.public_id) not in page.get(url("work_assistance")).content.decode()


# --- institutions ----------------------------------------------------------------------------------------


def test_an_institution_is_added_changed_and_gets_a_unit(page, project):
    data = {"project": project.pk, "name_pl": "Urząd Pracy w Łodzi", "kind": "labour_office", "town": "Łódź"}
    assert page.get(url("work_institution_new")).status_code == 200
    assert page.post(url("work_institution_new"), data | {"name_pl": ""}).status_code == 200
    page.post(url("work_institution_new"), data)
    institution = Institution.objects.get()
    assert (institution.slug, institution.name_pl) == ("urzad-pracy-w-lodzi", "Urząd Pracy w Łodzi")
    again = page.post(url("work_institution_new"), data | {"name_pl": "URZĄD PRACY w Łodzi", "town": "Lodz"})
    assert list(again.context["form"].errors) == ["name_pl"]
    page.post(url("work_institution_new"), data | {"town": "Pabianice"})
    assert Institution.objects.get(slug="urzad-pracy-w-lodzi-2").town == "Pabianice"
    page.post(url("work_institution", institution.slug), data | {"town": "Zgierz"})
    institution.refresh_from_db()
    assert institution.town == "Zgierz"
    page.post(url("unit_new", institution.slug), {"name_pl": "Wydział", "address": "pok. 3"})
    assert institution.units.get().name == "Wydział"
    assert page.post(url("unit_new", institution.slug), {"name_pl": ""}).status_code == 200


def test_an_official_is_invited_told_and_ended(page, institution):
    address = url("official_new", institution.slug)
    assert page.get(address).status_code == 200
    data = {"email": "Nowa@Example.org", "full_name": "Ewa Nowa", "position": "inspektor"}
    page.post(address, data)
    official = Official.objects.get()
    assert (official.user.email, official.user.call_me) == ("nowa@example.org", "Ewa")
    message = Message.objects.get(recipient=official.user)
    assert message.key == f"official_invited:{official.pk}"
    assert "/pl/assistance/" in message.text
    assert page.post(address, data).status_code == 200  # a second seat is refused
    assert Official.objects.count() == 1
    assert official.user.email in page.get(url("work_institution", institution.slug)).content.decode()
    page.post(url("official_end", official.pk))
    assert not Official.objects.serving().exists()
    page.post(address, data)
    assert Official.objects.serving().count() == 1


def test_inviting_somebody_known_keeps_her_name(page, institution, migrant):
    page.post(url("official_new", institution.slug), {"email": migrant.email, "full_name": "Inna Nazwa"})
    assert Official.objects.get().user == migrant
    migrant.refresh_from_db()
    assert migrant.full_name == "Olena Kowalenko"


def test_invite_and_end_are_refused_to_other_networks(institution, official, other_project):
    stranger = factories.make_staff(other_project)
    seat = official.official_seats.get()
    with pytest.raises(officials.NotYourNetwork):
        officials.invite(institution, by=stranger, email="a@example.org", full_name="A")
    with pytest.raises(officials.NotYourNetwork):
        officials.end(seat, by=stranger)
    assert not User.objects.filter(email="a@example.org").exists()


def test_institutions_of_another_network_do_not_exist(page, other_project):
    foreign = factories.make_institution(other_project)
    seat = factories.make_official(foreign).official_seats.get()
    for name in ("work_institution", "official_new"):
        assert page.get(url(name, foreign.slug)).status_code == 404
    assert page.post(url("unit_new", foreign.slug)).status_code == 404
    assert page.post(url("official_end", seat.pk)).status_code == 404


def test_an_institution_cannot_be_given_to_a_foreign_project(page, institution, other_project):
    data = {"project": other_project.pk, "name_pl": "X", "kind": "school", "town": "Y"}
    assert page.post(url("work_institution", institution.slug), data).status_code == 200
    institution.refresh_from_db()
    assert institution.project != other_project


def test_the_list_of_institutions_takes_the_same_number_of_queries(page, project):
    def make():
        place = factories.make_institution(project)
        factories.make_request(place, factories.make_official(place))

    assert_same_queries(page, url("work_institutions"), make)


def test_institution_form_names_the_project_in_polish(page):
    assert str(page.get("/pl/work/institutions/new/").context["form"].fields["project"].label) == "Projekt"
