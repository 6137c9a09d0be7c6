"""What a coordinator sees and does about requests that wait for her, and on the phone."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from institutions import offers
from institutions.models import AssistanceRequest
from tests import factories
from tests.institutions.orders import FRIDAY, NOW, ask

pytestmark = pytest.mark.django_db
State = AssistanceRequest.State


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(client, coordinator):
    client.force_login(coordinator)
    return client


@pytest.fixture
def held(institution, official, assistant):
    institution.agreements.all().delete()
    return ask(institution, official, address="ul. Sekretna 7")


def url(name, *arguments):
    return reverse(name, args=arguments)


def test_what_waits_is_listed_with_the_reason_and_relatives_first(desk, held, institution, official):
    urgent = ask(institution, official, start_at=FRIDAY + timedelta(days=7), is_relative_interpreting=True)
    response = desk.get("/en/work/assistance/waiting/")
    assert [row["asked"] for row in response.context["rows"]] == [urgent, held]
    text = response.content.decode()
    assert "there is no valid agreement" in text
    assert "a relative or a child interprets now" in text


def test_the_list_takes_the_same_number_of_queries(desk, institution, official):
    counts = []
    for number in (3, 27):
        for _index in range(number):
            factories.make_request(institution, official, state=State.SUBMITTED)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(url("work_waiting")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_take_on_by_a_button(desk, held):
    address = url("work_review", held.public_id)
    assert desk.get(address).status_code == 200
    desk.post(url("work_take_on", held.public_id), {"take_on-choice": "first"})
    held.refresh_from_db()
    assert held.state == State.OFFERING
    assert desk.get(address).url == url("work_assistance_request", held.public_id)


def test_take_on_a_long_one_asks_how_many(desk, institution, official, assistant):
    long = ask(institution, official, minutes=150)
    address = f"/en/work/assistance/{long.public_id}/take-on/"
    response = desk.post(address, {"take_on-choice": "first"})
    assert "two assistants go or one is enough" in response.content.decode()
    desk.post(address, {"take_on-choice": "coordinator", "take_on-assistants_needed": "1"})
    long.refresh_from_db()
    assert (long.state, long.assistants_needed, long.choice) == (State.OFFERING, 1, "coordinator")


def test_ask_and_decline_by_a_button(desk, held):
    address = url("work_ask", held.public_id)
    assert desk.post(address, {"text": "PESEL 44051401359"}).status_code == 200
    assert desk.post(address, {"text": "Jaka odmiana?"}).status_code == 302
    assert "Jaka odmiana?" in desk.get(url("work_review", held.public_id)).content.decode()
    decline = url("work_request_decline", held.public_id)
    assert desk.post(decline, {"reason": "nonsense"}).status_code == 200
    assert desk.post(decline, {"reason": "no_language"}).status_code == 302
    held.refresh_from_db()
    assert held.state == State.DECLINED


def test_a_request_is_written_down_for_an_institution(desk, institution, coordinator, assistant):
    factories.make_institution(institution.project)
    fields = {
        "institution": institution.pk,
        "language": "uk",
        "subject": "health",
        "role": "interpreting",
        "gender_preference": "any",
        "start_on": "2026-11-27",
        "starts": "10:00",
        "minutes": "60",
        "urgency": "planned",
        "mode_1": "on_site",
        "town": "Toruń",
        "assistants_needed": "1",
    }
    address = url("work_request_new")
    assert desk.get(address).status_code == 200
    assert desk.post(address, fields | {"subject": "police_court"}).status_code == 200
    desk.post(address, fields)
    asked = AssistanceRequest.objects.get()
    assert (asked.state, asked.requested_by) == (State.OFFERING, coordinator)
    assert asked.institution == institution


def test_a_coordinator_changes_a_request_on_the_phone(desk, institution, official, assistant):
    asked = ask(institution, official)
    page = url("work_assistance_request", asked.public_id)
    assert url("work_change", asked.public_id) in desk.get(page).content.decode()
    shown = desk.get(url("work_change", asked.public_id)).context["form"]
    fields = {name: value for name, value in shown.initial.items() if value not in (None, False)}
    desk.post(url("work_change", asked.public_id), fields | {"starts": "12:00"})
    asked.refresh_from_db()
    assert asked.start_at == FRIDAY + timedelta(hours=2)
    offers.accept(asked.offers.get(state="open"), by=assistant)
    assert url("work_move", asked.public_id) in desk.get(page).content.decode()
    desk.post(url("work_details", asked.public_id), {"address": "ul. Nowa 1"})
    asked.refresh_from_db()
    assert asked.address == "ul. Nowa 1"


@pytest.mark.parametrize(
    "name", ["work_take_on", "work_ask", "work_request_decline", "work_change", "work_move"]
)
def test_requests_of_other_networks_do_not_exist(desk, other_project, name):
    foreign = factories.make_request(factories.make_institution(other_project), state=State.SUBMITTED)
    assert desk.post(url(name, foreign.public_id)).status_code == 404
    assert desk.get(url("work_review", foreign.public_id)).status_code == 404


def test_the_public_page_names_languages_and_where_sworn_interpreters_are(client, assistant, settings):
    response = client.get("/en/for-institutions/")
    text = response.content.decode()
    assert "Russian, Ukrainian" in text or "Ukrainian, Russian" in text
    assert settings.ASSISTANCE["sworn_interpreters_url"] in text
    assert "Iryna" not in text
    assert "Polish" not in response.context["spoken"]
