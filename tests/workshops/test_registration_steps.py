"""Registering in the browser: three steps of a newcomer, one button for whom we know, and cancelling."""

import re
from urllib.parse import quote

import pytest
from time_machine import travel

from participants import consents
from participants.models import ConsentEvent
from portal.models import Message, User
from tests import factories
from workshops import registration
from workshops.models import Registration, Workshop

pytestmark = pytest.mark.django_db
State = Registration.State
WHO = {"call_me": "Oksana", "email": "Oksana@Example.org"}


@pytest.fixture(autouse=True)
def _texts():
    consents.load_texts()


def address(workshop, step="") -> str:
    return f"/en/workshops/{workshop.slug}/register/{step}"


def agreed(**fields) -> dict:
    texts = consents.current_texts("en", required_only=True)
    return {f"consent_{text.pk}": "on" for text in texts} | fields


def code_for(email: str) -> str:
    return re.search(r"\b\d{6}\b", Message.objects.filter(address=email).latest("id").text)[0]


def type_code(client, response, email: str):
    page = response["Location"]
    return client.post(page, {"code": code_for(email)}, follow=True)


def come_in(client, workshop, **who):
    """All three steps of a newcomer."""
    client.post(address(workshop), WHO | who)
    response = client.post(address(workshop, "consents/"), agreed(note="With a child"))
    return type_code(client, response, "oksana@example.org")


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_newcomer_registers_in_three_steps(client, workshop):
    first = client.get(address(workshop))
    assert "Step 1 of 3" in text(first)
    second = client.post(address(workshop), WHO, follow=True)
    assert "Step 2 of 3" in text(second)
    assert not User.objects.filter(email="oksana@example.org").exists()
    done = client.post(address(workshop, "consents/"), agreed(note="With a child"))
    assert not Registration.objects.exists()  # the address is not proved yet
    page = type_code(client, done, "oksana@example.org")
    assert page.redirect_chain[-1][0] == f"/en/workshops/{workshop.slug}/"
    assert "You have a place" in text(page)
    row = Registration.objects.get()
    assert (row.user.email, row.user.call_me, row.user.language) == ("oksana@example.org", "Oksana", "en")
    assert (row.state, row.note) == (State.CONFIRMED, "With a child")
    event = ConsentEvent.objects.get()
    assert (event.user, event.is_given, event.text.language) == (row.user, True, "en")


def test_newcomer_is_asked_for_no_more_than_is_needed(client, workshop):
    client.post(address(workshop), WHO)
    form = client.get(address(workshop, "consents/")).context["form"]
    shown = [field.name for field in form.first_fields]
    assert len(shown) == 2
    assert "note" in shown
    assert [field.name for field in form if field.field.required] == shown[:1]
    assert not form.has_wishes  # what she may need is folded away


def test_newcomer_sees_the_consents_in_her_language(client, workshop):
    client.post(address(workshop).replace("/en/", "/ar/"), WHO)
    page = text(client.get(address(workshop, "consents/").replace("/en/", "/ar/")))
    assert '<div lang="ar">' in page


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ({"email": "oksana.example.org"}, "This is not an e-mail address."),
        ({"email": ""}, "Please write your e-mail address."),
        ({"call_me": " "}, "Please write what we should call you."),
    ],
)
def test_newcomer_with_a_mistake_reads_a_sentence_and_loses_nothing(client, workshop, who, sentence):
    page = text(client.post(address(workshop), WHO | who))
    assert sentence in page
    for value in (WHO | who).values():
        assert value in page


def test_newcomer_finds_what_she_typed_when_she_comes_back(client, workshop):
    client.post(address(workshop), WHO)
    assert 'value="Oksana@Example.org"' in text(client.get(address(workshop)))


def test_newcomer_who_does_not_agree_keeps_what_she_wrote(client, workshop):
    client.post(address(workshop), WHO)
    page = text(client.post(address(workshop, "consents/"), {"note": "With a child"}))
    assert "We cannot register you without this." in page
    assert "With a child" in page
    assert not Message.objects.exists()


def test_newcomer_cannot_jump_over_the_first_step(client, workshop):
    response = client.get(address(workshop, "consents/"))
    assert response["Location"] == address(workshop)


def test_known_address_goes_through_the_same_steps(client, workshop, migrant):
    """Nobody learns from the pages who is known; the place is hers once she has typed her code."""
    pages = []
    for email in ("migrant@example.org", "nobody-yet@example.org"):
        client.post(address(workshop), {"call_me": "Eve", "email": email})
        response = client.post(address(workshop, "consents/"), agreed())
        shown = (
            text(client.get(response["Location"])).replace(email, "ADDRESS").replace(quote(email), "ADDRESS")
        )
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"|nonce="\w*"', "", shown))
        assert not Registration.objects.exists()
        client.cookies.clear()
    assert pages[0] == pages[1]
    migrant.refresh_from_db()
    assert migrant.call_me == "Olena"  # what a stranger typed has not become her name


def test_known_person_who_forgot_to_sign_in_gets_her_place(client, workshop, migrant):
    client.post(address(workshop), {"call_me": "Olena", "email": migrant.email})
    response = client.post(address(workshop, "consents/"), agreed())
    page = type_code(client, response, migrant.email)
    assert page.status_code == 200
    assert Registration.objects.get().user == migrant
    assert page.redirect_chain[-1][0] == f"/uk/workshops/{workshop.slug}/"


def test_wrong_code_gives_no_place(client, workshop):
    client.post(address(workshop), WHO)
    response = client.post(address(workshop, "consents/"), agreed())
    wrong = "000000" if code_for("oksana@example.org") != "000000" else "111111"
    client.post(response["Location"], {"code": wrong})
    assert not Registration.objects.exists()
    assert client.get(address(workshop, "finish/")).status_code == 302
    assert not Registration.objects.exists()


def test_finish_without_the_steps_registers_nobody(client, workshop, migrant):
    client.force_login(migrant)
    assert client.get(address(workshop, "finish/"))["Location"] == address(workshop)
    assert not Registration.objects.exists()


def test_finish_is_for_the_address_that_asked(client, workshop, migrant):
    """Somebody began on a shared computer and left; the next one signs in."""
    client.post(address(workshop), WHO)
    client.post(address(workshop, "consents/"), agreed(note="With a child"))
    client.force_login(migrant)
    client.get(address(workshop, "finish/"))
    assert not Registration.objects.exists()


def test_newcomer_asking_too_often_for_codes_reads_why(client, workshop):
    client.post(address(workshop), WHO)
    pages = [client.post(address(workshop, "consents/"), agreed(note="With a child")) for _try in range(4)]
    assert pages[0].status_code == 302
    assert "With a child" in text(pages[-1])
    assert "Please wait a minute" in text(pages[-1])


def test_newcomer_too_late_reads_why(client):
    workshop = factories.make_workshop(sessions=[(0, "00:00", 60)])
    page = client.get(address(workshop), follow=True)
    assert "Registration closed on" in text(page)


def test_newcomer_who_comes_when_all_is_full_waits(client):
    workshop = factories.make_workshop(capacity=1)
    factories.make_registration(workshop)
    assert "You are number 1 on the waiting list" in text(come_in(client, workshop))


def test_newcomer_who_became_overlapping_reads_what_and_when(client, workshop, migrant):
    """Known, busy then, and not signed in: she reads it after the code."""
    registration.register(factories.make_workshop(title_uk="Хор"), migrant, by=migrant)
    client.post(address(workshop), {"call_me": "Olena", "email": migrant.email})
    response = client.post(address(workshop, "consents/"), agreed())
    assert "Хор" in text(type_code(client, response, migrant.email))


# --- somebody we know --------------------------------------------------------------------------------------


@pytest.fixture
def known(client, migrant):
    """Signed in, with everything agreed to."""
    for required in consents.current_texts("uk", required_only=True):
        consents.give(migrant, required, by=migrant)
    client.force_login(migrant)
    return migrant


def test_one_button_registers(client, workshop, known):
    page = client.post(address(workshop), follow=True)
    assert "You have a place" in text(page)
    assert Registration.objects.get().user == known


def test_one_button_twice_is_kind(client, workshop, known):
    client.post(address(workshop))
    page = client.post(address(workshop), follow=True)
    assert page.status_code == 200
    assert "You are already registered for this workshop." in text(page)
    assert Registration.objects.count() == 1


def test_button_shows_what_has_to_be_agreed_to_first(client, workshop, migrant):
    client.force_login(migrant)
    page = client.post(address(workshop))
    assert "consent_" in text(page)
    assert "error-summary" not in text(page)
    assert not Registration.objects.exists()
    client.post(address(workshop), agreed(note=""))
    assert Registration.objects.get().state == State.CONFIRMED
    assert consents.missing_required(migrant, "en") == []


def test_refusal_keeps_what_she_wrote(client, workshop, known):
    registration.register(factories.make_workshop(title_en="Choir"), known, by=known)
    page = text(client.post(address(workshop), {"note": "I come with a pram"}))
    assert "Choir" in page
    assert "I come with a pram" in page


def test_asking_where_approval_is_needed(client, known):
    workshop = factories.make_workshop(signup_mode=Workshop.SignupMode.BY_APPROVAL)
    assert "You are waiting for approval" in text(client.post(address(workshop), follow=True))


# --- cancelling --------------------------------------------------------------------------------------------


def cancelling(workshop) -> str:
    return f"/en/workshops/{workshop.slug}/cancel/"


def test_cancel_asks_once_and_gives_the_place_back(client, workshop, known):
    row = registration.register(workshop, known, by=known)
    assert "Yes, cancel my registration" in text(client.get(cancelling(workshop)))
    row.refresh_from_db()
    assert row.state == State.CONFIRMED  # looking changes nothing
    response = client.post(cancelling(workshop))
    assert response["Location"] == "/en/me/"
    row.refresh_from_db()
    assert row.state == State.WITHDRAWN
    assert client.post(cancelling(workshop))["Location"] == "/en/me/"


def test_cancel_too_late_says_until_when(client, workshop, known):
    row = registration.register(workshop, known, by=known)
    with travel(factories.at(7, "10:00"), tick=False):
        client.force_login(known)
        assert "You could cancel until" in text(client.get(cancelling(workshop)))
        assert "You could cancel until" in text(client.post(cancelling(workshop), follow=True))
    row.refresh_from_db()
    assert row.state == State.CONFIRMED


def test_cancel_is_for_the_registered_only(client, workshop, known, other_migrant):
    registration.register(workshop, other_migrant, by=other_migrant)
    assert client.get(cancelling(workshop)).status_code == 404
    client.logout()
    assert "/account/login/" in client.get(cancelling(workshop))["Location"]


@pytest.mark.parametrize("step", ["", "consents/"])
def test_what_a_newcomer_typed_stays_in_no_cache(client, workshop, step):
    client.post(address(workshop), WHO)
    page = client.get(address(workshop, step))
    assert page.status_code == 200
    assert "no-store" in page.headers.get("Cache-Control", "")
