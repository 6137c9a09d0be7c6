"""Every page with every role: what is not yours does not exist."""

import pytest
from django.urls import reverse

from institutions.models import Offer
from tests import factories

pytestmark = pytest.mark.django_db

OFFICIAL = ["assistance", "assistance_new", "assistance_request", "assistance_cancel"]
ASSISTANT = [
    "assistant_home",
    "assistant_hours",
    "assistant_offer",
    "assistant_job",
    "assistant_withdraw",
    "assistant_report",
]
COORDINATOR = [
    "work_assistance",
    "work_assistance_request",
    "work_withdraw",
    "work_cancel",
    "work_institutions",
    "work_institution_new",
    "work_institution",
    "official_new",
    "work_assistants",
    "work_assistant_new",
    "work_assistant",
]
CAST = {
    "official": OFFICIAL,
    "assistant": ASSISTANT,
    "coordinator": COORDINATOR,
    "administrator": COORDINATOR,
    "trainer": [],
    "migrant": [],
    "outsider": [],
}


@pytest.fixture
def addresses(institution, official, assistant):
    asked = factories.make_request(institution, official, state="confirmed")
    offer = factories.make_offer(
        request=asked, assistant=assistant.assistant, language="uk", expires_at=asked.start_at
    )
    job = factories.make_assignment(request=asked, assistant=assistant.assistant, language="uk")
    things = {
        "assistance_request": asked.public_id,
        "assistance_cancel": asked.public_id,
        "assistant_offer": offer.public_id,
        "assistant_job": job.public_id,
        "assistant_withdraw": job.public_id,
        "assistant_report": job.public_id,
        "work_assistance_request": asked.public_id,
        "work_withdraw": job.public_id,
        "work_cancel": asked.public_id,
        "work_institution": institution.slug,
        "official_new": institution.slug,
        "work_assistant": assistant.public_id,
    }
    return {
        name: reverse(name, args=[things[name]] if name in things else [])
        for name in [*OFFICIAL, *ASSISTANT, *COORDINATOR]
    }


@pytest.mark.parametrize("who", CAST)
def test_pages_by_role(client, request, addresses, who):
    client.force_login(request.getfixturevalue(who))
    answers = {name: client.get(address).status_code for name, address in addresses.items()}
    assert answers == {name: 200 if name in CAST[who] else 404 for name in addresses}


def test_pages_ask_strangers_to_sign_in(client, addresses):
    for address in addresses.values():
        response = client.get(address)
        assert response.status_code == 302
        assert "/account/login/" in response.url


def test_what_acts_takes_no_get(client, addresses, official, assistant, coordinator):
    offer, asked = Offer.objects.get(), Offer.objects.get().request
    for user, name, key in [
        (official, "assistance_one", asked.public_id),
        (assistant, "offer_accept", offer.public_id),
        (assistant, "offer_refuse", offer.public_id),
        (coordinator, "work_assign", asked.public_id),
    ]:
        client.force_login(user)
        assert client.get(reverse(name, args=[key])).status_code == 405


@pytest.mark.parametrize("language", ["pl", "en", "uk", "be", "ru", "ar"])
def test_the_page_for_institutions_is_for_everybody(client, language):
    assert client.get(f"/{language}/for-institutions/").status_code == 200


def test_the_page_for_institutions_leads_an_official_to_the_form(client, official):
    client.force_login(official)
    assert reverse("assistance_new") in client.get(reverse("for_institutions")).content.decode()


@pytest.mark.parametrize("language", ["pl", "uk", "ar"])
def test_pages_stand_in_other_languages(client, addresses, official, assistant, coordinator, language):
    for user, names in [(official, OFFICIAL), (assistant, ASSISTANT), (coordinator, COORDINATOR)]:
        client.force_login(user)
        for name in names:
            address = addresses[name].replace("/pl/", f"/{language}/", 1)
            assert client.get(address).status_code == 200, address
