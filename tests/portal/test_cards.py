"""A printed card opens the page of the one person it was printed for, once, and nothing else."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, connection
from django.urls import reverse
from django.utils import timezone

from portal import card_paper, cards
from portal.models import AuditEntry, Message, OneTimeCard, User
from portal.refusals import Refused
from projects.models import ProjectStaff
from tests import factories
from tests.portal.test_accounts import code_for
from tests.workshops.test_registration_race import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper_person(db):
    """Known to the network, without any address."""
    user = factories.make_user(full_name="Daryna Papierowa", email=None, language="uk")
    factories.make_participant(user)
    return user


@pytest.fixture
def code(paper_person, coordinator):
    return cards.issue(paper_person, by=coordinator)[1]


def open_by(client, code: str):
    return client.post("/pl/card/", {"code": code})


def who(client) -> str | None:
    return client.session.get("_auth_user_id")


# --- The card --------------------------------------------------------------------------------------------


def test_issue_keeps_no_code(paper_person, code, coordinator):
    card = OneTimeCard.objects.get()
    assert card.is_good
    assert len(cards.plain(code)) == cards.LENGTH
    assert cards.plain(code) not in card.code_hash
    entry = AuditEntry.objects.get(action="card.issued")
    assert (entry.actor_id, entry.data) == (coordinator.pk, {"person": paper_person.pk})


def test_issue_again_makes_the_lost_card_useless(paper_person, code, coordinator):
    new = cards.issue(paper_person, by=coordinator)[1]
    with pytest.raises(cards.CardTakenBack):
        cards.use(code)
    assert cards.use(new) == paper_person


def test_database_knows_one_card_in_hand_of_a_person(paper_person, code):
    with pytest.raises(IntegrityError, match="card_one_in_hand"):
        OneTimeCard.objects.create(
            user=paper_person, code_hash="other", expires_at=timezone.now() + timedelta(days=1)
        )


def test_use_opens_once(paper_person, code):
    assert cards.use(code) == paper_person
    with pytest.raises(cards.CardUsed):
        cards.use(code)
    assert AuditEntry.objects.get(action="card.used").actor_id == paper_person.pk


@pytest.mark.parametrize("typed", ["{}", " {} ", "lower", "no dashes", "spaces"])
def test_use_takes_the_code_however_it_is_typed(paper_person, code, typed):
    forms = {"lower": code.lower(), "no dashes": code.replace("-", ""), "spaces": code.replace("-", " ")}
    assert cards.use(forms.get(typed, typed.format(code))) == paper_person


def test_plain_reads_the_digits_of_an_arabic_keyboard():
    assert cards.plain("٢٣bc-4") == "23BC4"


def test_use_of_an_old_card_is_refused(code, settings):
    with (
        time_machine.travel(timezone.now() + timedelta(days=settings.CARD_DAYS, seconds=1)),
        pytest.raises(cards.CardTooOld),
    ):
        cards.use(code)


@pytest.mark.parametrize("typed", ["", "-", "K7WM-3QPX-9TRD", "٣٣٣"])
def test_use_of_a_wrong_code_is_refused(code, typed):
    with pytest.raises(cards.CardNotRight):
        cards.use(typed)


def test_revoke_makes_the_card_useless_and_is_harmless_twice(paper_person, code, coordinator):
    assert [cards.revoke(paper_person, by=coordinator), cards.revoke(paper_person, by=coordinator)] == [1, 0]
    with pytest.raises(cards.CardTakenBack):
        cards.use(code)
    assert AuditEntry.objects.filter(action="card.revoked").count() == 1


@pytest.mark.parametrize("who", ["coordinator", "trainer", "official", "administrator"])
def test_issue_is_refused_for_who_works_with_data_of_others(request, coordinator, who):
    user = request.getfixturevalue(who)
    User.objects.filter(pk=user.pk).update(email=None)
    with pytest.raises(cards.NotForStaff):
        cards.issue(user, by=coordinator)


def test_use_is_refused_once_she_works_with_data_of_others(paper_person, code, project):
    factories.make_staff(project, ProjectStaff.Role.TRAINER, paper_person)
    with pytest.raises(cards.NotForStaff):
        cards.use(code)
    assert OneTimeCard.objects.get().used_at is None


def test_use_is_refused_where_there_is_a_second_lock(paper_person, code):
    Authenticator.objects.create(user=paper_person, type="totp", data={})
    with pytest.raises(cards.NotForStaff):
        cards.use(code)


def test_use_is_refused_once_she_has_an_address(paper_person, code):
    User.objects.filter(pk=paper_person.pk).update(email="daryna@example.org")
    with pytest.raises(cards.HasAnAddress):
        cards.use(code)


def test_use_is_refused_for_a_closed_account(paper_person, code):
    User.objects.filter(pk=paper_person.pk).update(is_active=False)
    with pytest.raises(cards.AccountClosed):
        cards.use(code)


def test_issue_is_refused_for_a_child(migrant, coordinator):
    child = factories.make_user(email=None, guardian=migrant)
    with pytest.raises(cards.ChildHasGuardian):
        cards.issue(child, by=coordinator)


# --- Two at once -----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_use_by_two_at_once_lets_one_in(coordinator):
    user = factories.make_user(email=None)
    code = cards.issue(user, by=coordinator)[1]
    results = at_once(*[lambda: cards.use(code)] * 4)
    assert Counter(type(result) for result in results) == {User: 1, cards.CardUsed: 3}


@pytest.mark.django_db(transaction=True)
def test_issue_by_two_at_once_leaves_one_good_card(coordinator):
    user = factories.make_user(email=None)
    results = at_once(*[lambda: cards.issue(user, by=coordinator)] * 4)
    assert not [result for result in results if isinstance(result, Refused)]
    assert sum(card.is_good for card in OneTimeCard.objects.all()) == 1
    connection.close()


# --- The page --------------------------------------------------------------------------------------------


def test_link_of_a_card_shows_a_button_and_changes_nothing(client, code):
    response = client.get(reverse("card_link", args=[code]))
    assert f'value="{code}"' in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert OneTimeCard.objects.get().used_at is None
    assert who(client) is None


def test_link_with_a_wrong_code_says_nothing_about_it(client, code):
    answers = [client.get(reverse("card_link", args=[typed])) for typed in (code, "K7WM-3QPX-9TRD")]
    assert [answer.status_code for answer in answers] == [200, 200]


def test_card_opens_her_own_page_in_her_language(client, paper_person, code):
    response = open_by(client, code)
    assert response.url == "/uk/me/welcome/"
    assert who(client) == str(paper_person.pk)
    assert client.get(response.url).status_code == 200
    assert client.get("/uk/me/").status_code == 200


def test_used_card_opens_nothing_and_says_why(client, client_of, code):
    open_by(client, code)
    other = client_of()
    response = open_by(other, code)
    assert str(cards.CardUsed.sentence) in response.content.decode()
    assert who(other) is None


def test_card_puts_whoever_was_here_before_out(client, migrant, paper_person, code):
    client.force_login(migrant)
    client.get("/pl/me/")
    before = client.session.session_key
    open_by(client, code)
    assert who(client) == str(paper_person.pk)
    assert client.session.session_key != before


def test_page_keeps_what_was_typed_beside_its_error(client, code):
    response = open_by(client, "BCDF-GHJK-MNPQ")
    assert "BCDF-GHJK-MNPQ" in response.content.decode()
    assert str(cards.CardNotRight.sentence) in response.content.decode()


def test_page_is_closed_for_a_while_after_many_tries(client, code, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"card": "3/5m/ip"}
    for _try in range(3):
        open_by(client, "BCDF-GHJK-MNPQ")
    response = open_by(client, code)
    assert str(cards.TooManyTries.sentence) in response.content.decode()
    assert who(client) is None
    assert OneTimeCard.objects.get().used_at is None


def test_session_of_a_card_is_short_whatever_prolongs_it(client, paper_person, code, settings):
    open_by(client, code)
    session = client.session
    assert session.get_expiry_age() <= settings.CARD_SESSION_MINUTES * 60
    session.set_expiry(14 * 24 * 3600)
    session.save()
    with time_machine.travel(timezone.now() + timedelta(minutes=settings.CARD_SESSION_MINUTES + 1)):
        assert client.get("/uk/me/").url == "/uk/me/"
        assert client.get("/uk/me/").url.startswith("/uk/account/login/")
    assert who(client) is None


def test_session_of_a_card_never_leads_to_a_workplace(client, client_of, paper_person, code, project):
    open_by(client, code)
    factories.make_staff(project, user=paper_person)  # became a coordinator within the hour
    closed = ["/pl/work/", "/pl/work/workshops/", "/pl/admin/", "/pl/assistance/", "/pl/assistant/"]
    assert {client.get(path).status_code for path in closed} == {404}
    assert client_of(paper_person).get("/pl/work/").status_code == 200


@pytest.mark.parametrize("page", ["2fa/", "2fa/totp/activate/", "2fa/webauthn/add/", "password/set/"])
def test_session_of_a_card_leaves_nothing_behind_that_opens_the_page_again(client, client_of, code, page):
    """Who found the card has an hour. With a passkey it would be for ever, and she would not be told."""
    assert client_of(factories.make_user()).get(f"/pl/account/{page}").status_code != 404
    open_by(client, code)
    assert client.get(f"/pl/account/{page}").status_code == 404
    shown = client.get("/pl/account/").content.decode()
    assert reverse("account_email") in shown
    assert reverse("mfa_index") not in shown
    assert "/password/" not in shown


def test_she_gives_an_address_and_signs_in_with_it_from_then_on(client, client_of, paper_person, code):
    open_by(client, code)
    client.post("/uk/account/email/", {"email": "Daryna@example.org", "action_add": "1"})
    message = Message.objects.get()
    assert message.address == "daryna@example.org"
    client.post("/uk/account/confirm-email/", {"code": code_for(message.address)})
    paper_person.refresh_from_db()
    assert paper_person.email == "daryna@example.org"
    assert EmailAddress.objects.get(user=paper_person).verified

    later = client_of()
    later.post("/uk/account/login/code/", {"email": "daryna@example.org"})
    later.post("/uk/account/login/code/confirm/", {"code": code_for("daryna@example.org")})
    assert who(later) == str(paper_person.pk)
    assert "opened_by_card" not in later.session


def test_she_cannot_take_the_address_of_somebody_else(client, paper_person, migrant, code):
    open_by(client, code)
    client.post("/uk/account/email/", {"email": migrant.email, "action_add": "1"})
    paper_person.refresh_from_db()
    assert paper_person.email is None


# --- The paper -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["pl", "uk", "ar"])
def test_paper_is_one_page(paper_person, coordinator, language):
    paper_person.language = language
    paper_person.save(update_fields=["language"])
    pdf = card_paper.paper(paper_person, *cards.issue(paper_person, by=coordinator))
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") + pdf.count(b"/Type/Page/") == 1
