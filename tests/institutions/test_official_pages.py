"""What an official sees and does on her pages."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from institutions import offers, requests, time_reports
from institutions.models import AssistanceRequest
from portal.clock import WARSAW
from portal.models import AuditEntry
from projects.models import LedgerEntry
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
def page(client, official):
    client.force_login(official)
    return client


@pytest.fixture
def asked(institution, official, assistant):
    return requests.submit(
        institution,
        by=official,
        start_at=START,
        minutes=60,
        language="uk",
        subject="health",
        town="Toruń",
        address="ul. Sekretna 7",
    )


def url(name, *arguments):
    return reverse(name, args=arguments)


def form(place, **fields):
    return {
        "unit": place.units.get().pk,
        "language": "uk",
        "subject": "health",
        "role": "interpreting",
        "gender_preference": "any",
        "start_on": "2026-11-27",
        "starts": "10:00",
        "minutes": "60",
        "urgency": "planned",
        "mode": "on_site",
        "town": "Toruń",
        "address": "ul. Cicha 2, pok. 2.14",
        "contact_phone": "56 622 33 44",
    } | fields


def test_the_form_makes_a_request_in_local_time(page, institution, official, assistant):
    response = page.post(url("assistance_new"), form(institution))
    asked = AssistanceRequest.objects.get()
    assert response.url == url("assistance_request", asked.public_id)
    assert (asked.start_at, asked.minutes, asked.requested_by) == (START, 60, official)
    assert asked.contact_phone == "+48566223344"
    assert asked.unit == institution.units.get()
    assert asked.offers.count() == 1


def test_the_form_says_what_it_must_say_before_anybody_writes(page):
    text = page.get("/en/assistance/new/").content.decode()
    for sentence in ["sworn interpreter", "PESEL", "twice"]:
        assert sentence in text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"start_on": "2026-11-23"}, "This time has passed"),
        ({"start_on": "2026-11-25"}, "at least two days away"),
        ({"minutes": "300"}, "4 hours a day"),
        ({"subject": "police_court"}, "sworn interpreter may interpret"),
        ({"briefing": "PESEL 44051401359"}, "looks like a PESEL"),
        ({"contact_phone": "123"}, "not a phone number"),
        ({"language": ""}, "required"),
    ],
)
def test_the_form_refuses_beside_the_field_and_loses_nothing(page, institution, fields, sentence):
    typed = form(institution, dialect="lwowski") | fields
    with_translation = page.post("/en/assistance/new/", typed)
    text = with_translation.content.decode()
    assert sentence in text
    assert "lwowski" in text
    assert "ul. Cicha 2, pok. 2.14" in text
    assert not AssistanceRequest.objects.exists()


def test_the_form_lets_a_doubtful_text_through_after_a_second_look(page, institution):
    typed = form(institution, briefing="Proszę dzwonić: 500 100 200")
    text = page.post("/en/assistance/new/", typed).content.decode()
    assert "looks like a phone number" in text
    assert "is_checked" in text
    assert not AssistanceRequest.objects.exists()
    page.post("/en/assistance/new/", typed | {"is_checked": "on"})
    assert AssistanceRequest.objects.exists()


def test_the_form_never_lets_a_pesel_through(page, institution):
    text = page.post(
        "/en/assistance/new/", form(institution, briefing="44051401359", is_checked="on")
    ).content.decode()
    assert "looks like a PESEL" in text
    assert not AssistanceRequest.objects.exists()


@pytest.mark.parametrize(
    ("minutes", "sentence"), [("60", None), ("61", "Please plan a break"), ("121", "a second one")]
)
def test_long_meetings_come_with_advice(page, institution, minutes, sentence):
    text = page.post("/en/assistance/new/", form(institution, minutes=minutes), follow=True).content.decode()
    told = [one for one in ("Please plan a break", "a second one") if one in text]
    assert told == ([sentence] if sentence else [])


def test_an_official_cannot_ask_for_another_institution(page, institution, project):
    other = factories.make_institution(project)
    page.post(url("assistance_new"), form(institution, institution=other.pk))
    assert not AssistanceRequest.objects.filter(institution=other).exists()


def test_an_official_of_two_institutions_chooses(page, institution, official, project):
    other = factories.make_institution(project)
    factories.make_official(other, official)
    page.post(url("assistance_new"), form(institution, institution=other.pk, unit=other.units.get().pk))
    assert AssistanceRequest.objects.get().institution == other


def test_the_request_shows_who_comes_and_no_surname(page, asked, assistant):
    address = f"/en/assistance/{asked.public_id}/"
    assert "Iryna" not in page.get(address).content.decode()
    offers.accept(asked.offers.get(), by=assistant)
    text = page.get(address).content.decode()
    assert "Iryna" in text
    for secret in ["Melnyk", assistant.email, assistant.phone]:
        assert secret not in text
    assert AuditEntry.objects.filter(action="request.viewed", object_id=asked.pk).count() == 2


def test_cancel_takes_a_reason(page, asked):
    address = url("assistance_cancel", asked.public_id)
    assert page.get(address).status_code == 200
    assert page.post(address, {}).status_code == 200
    page.post(address, {"reason": "not_needed"})
    asked.refresh_from_db()
    assert asked.state == State.CANCELLED_BY_INSTITUTION
    assert page.get(url("assistance_request", asked.public_id)).status_code == 200


def reported(asked, assistant, clock):
    job = offers.accept(asked.offers.get(), by=assistant)
    clock.move_to(START + timedelta(hours=2))
    time_reports.report_times(job, by=assistant, start_at=START, end_at=START + timedelta(minutes=75))


def test_one_click_confirms_the_hours(page, asked, assistant, clock):
    reported(asked, assistant, clock)
    assert (
        url("assistance_confirm", asked.public_id)
        in page.get(url("assistance_request", asked.public_id)).content.decode()
    )
    page.post(url("assistance_confirm", asked.public_id))
    assert LedgerEntry.objects.get().minutes == 75
    asked.refresh_from_db()
    assert asked.state == State.CLOSED


def test_hours_can_be_disputed(page, asked, assistant, clock):
    reported(asked, assistant, clock)
    address = url("assistance_dispute", asked.public_id)
    assert page.get(address).status_code == 200
    page.post(address, {"reason": "PESEL 44051401359"})
    asked.refresh_from_db()
    assert asked.state == State.AWAITING_CONFIRMATION
    page.post(address, {"reason": "Było krócej"})
    asked.refresh_from_db()
    assert asked.state == State.AWAITING_REPORT
    assert "Było krócej" in page.get(url("assistance_request", asked.public_id)).content.decode()


@pytest.mark.parametrize("name", ["assistance_request", "assistance_cancel", "assistance_dispute"])
def test_requests_of_others_do_not_exist(page, project, name):
    foreign = factories.make_request(factories.make_institution(project))
    assert page.get(url(name, foreign.public_id)).status_code == 404
    assert page.post(url("assistance_confirm", foreign.public_id)).status_code == 404


def test_whoever_has_left_sees_nothing(page, official, asked):
    official.official_seats.update(ends_on=(NOW - timedelta(days=1)).date())
    assert page.get(url("assistance")).status_code == 404
    assert page.get(url("assistance_request", asked.public_id)).status_code == 404


@pytest.mark.parametrize("state", State.values)
def test_the_pages_stand_in_every_state(page, institution, official, state):
    asked = factories.make_request(institution, official, state=state)
    assert page.get(url("assistance_request", asked.public_id)).status_code == 200
    lists = [page.get(url("assistance") + query).content.decode() for query in ("", "?show=past")]
    assert sum(str(asked.public_id) in shown for shown in lists) == 1


@pytest.mark.parametrize("show", ["", "?show=past"])
def test_the_list_takes_the_same_number_of_queries(page, institution, official, show):
    state = State.CLOSED if show else State.OFFERING
    counts = []
    for number in (3, 27):
        for _index in range(number):
            factories.make_request(institution, official, state=state)
        with CaptureQueriesContext(connection) as queries:
            assert page.get(url("assistance") + show).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_form_speaks_the_language_of_the_page_throughout(client, official):
    client.force_login(official)
    form = client.get("/pl/assistance/new/").context["form"]
    assert [str(form.fields[name].label) for name in ("institution", "unit")] == ["Instytucja", "Jednostka"]
