"""What an assistant could take and was not asked about: the outline, and one button."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from institutions.models import Offer
from portal.clock import WARSAW
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=WARSAW)
START = datetime(2026, 11, 27, 10, 0, tzinfo=WARSAW)
SECRETS = {
    "address": "ul. Sekretna 7",
    "contact_name": "Pani Kontakt",
    "contact_phone": "+48566223344",
    "briefing": "Rozmowa o zasiłku",
    "case_reference": "S-12",
}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def page(client, assistant):
    client.force_login(assistant)
    return client


def open_job(institution, **fields):
    asked = factories.make_request(institution, **({"start_at": START} | SECRETS | fields))
    factories.make_attempt(asked)
    return asked


def see(page):
    return page.get(reverse("open_jobs"))


def press(page, asked):
    return page.post(reverse("open_job_interested", args=[asked.public_id]))


def test_the_page_shows_the_outline_and_nothing_else(page, institution):
    asked = open_job(institution)
    text = see(page).content.decode()
    assert reverse("open_job_interested", args=[asked.public_id]) in text
    assert "10:00" in text
    assert institution.town in text
    for secret in [*SECRETS.values(), institution.name]:
        assert secret not in text


def test_the_page_shows_only_what_fits(page, institution, other_project):
    for fields in [{"language": "ar"}, {"start_at": START.replace(hour=5)}, {"state": "confirmed"}]:
        open_job(institution, **fields)
    assert see(page).context["jobs"] == []
    open_job(factories.make_institution(other_project))
    assert see(page).context["jobs"] == []


def test_interested_is_written_down_and_the_job_leaves_the_page(page, institution, assistant):
    asked = open_job(institution)
    # As many as are asked at a time keep their turn.
    for _other in range(3):
        factories.make_offer(asked, factories.make_assistant(institution.project))
    answer = press(page, asked)
    offer = Offer.objects.get(assistant=assistant.assistant)
    assert (offer.state, offer.wave) == (Offer.State.INTERESTED, 0)
    assert answer.url == reverse("assistant_offer", args=[offer.public_id])
    assert see(page).context["jobs"] == []
    press(page, asked)
    assert Offer.objects.filter(assistant=assistant.assistant).count() == 1


def test_interested_where_nobody_is_asked_is_her_turn_at_once(page, institution, assistant):
    press(page, open_job(institution))
    assert Offer.objects.get(assistant=assistant.assistant).state == Offer.State.OPEN


def test_interested_is_refused_in_a_sentence_where_she_does_not_fit(page, institution, assistant):
    answer = press(page, open_job(institution, language="ar"))
    assert answer.url == reverse("open_jobs")
    assert [message.level_tag for message in see(page).context["messages"]] == ["error"]
    assert not Offer.objects.exists()


def test_requests_of_another_network_do_not_exist(page, other_project):
    asked = open_job(factories.make_institution(other_project))
    assert press(page, asked).status_code == 404


def test_looking_changes_nothing(page, institution):
    asked = open_job(institution)
    assert page.get(reverse("open_job_interested", args=[asked.public_id])).status_code == 405
    see(page)
    assert not Offer.objects.exists()


@pytest.mark.parametrize("number", [3, 15])
def test_the_page_takes_the_same_number_of_queries(page, institution, number):
    for day in range(number):
        open_job(institution, start_at=START + timedelta(days=day))
    see(page)
    with CaptureQueriesContext(connection) as queries:
        assert len(see(page).context["jobs"]) == number
    assert len(queries) == 9
