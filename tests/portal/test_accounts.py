"""Coming in: by a code from an e-mail, by a password, and nobody learns who is known here."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import override_settings
from django.utils import timezone

from portal.accounts import confirm_address
from portal.models import Message, User
from portal.tasks import forget_old_sessions

LOGIN = "/pl/account/login/"
CONFIRM = "/pl/account/login/code/confirm/"
SIGNUP = "/pl/account/signup/"

pytestmark = pytest.mark.django_db


def code_for(address: str) -> str:
    """The code in the newest message to an address, as the person reads it."""
    message = Message.objects.filter(address=address).latest("pk")
    return re.search(r"^(\d{6})$", message.text, re.MULTILINE).group(1)


def is_signed_in(client) -> bool:
    return SESSION_KEY in client.session


def join(client, address: str = "new@example.org", **fields):
    data = {"email": address, "call_me": "Olha", "language": "uk"} | fields
    return client.post(SIGNUP, data)


def test_code_signs_in_and_speaks_her_language(client, migrant):
    response = client.post(LOGIN, {"login": "Migrant@Example.org"})
    assert response.url == CONFIRM
    message = Message.objects.get()
    assert (message.recipient, message.language, message.kind) == (migrant, "uk", "account")

    response = client.post(CONFIRM, {"code": code_for(migrant.email)})
    assert response.url == "/uk/me/"
    assert is_signed_in(client)
    assert client.cookies["language"].value == "uk"
    assert EmailAddress.objects.get(user=migrant).verified


def test_code_leads_to_the_page_she_came_for(client, migrant):
    client.post(LOGIN, {"login": migrant.email, "next": "/pl/workshops/?theme=law"})
    response = client.post(f"{CONFIRM}?next=/pl/workshops/%3Ftheme=law", {"code": code_for(migrant.email)})
    assert response.url == "/uk/workshops/?theme=law"


def test_code_never_leads_to_another_site(client, migrant):
    client.post(LOGIN, {"login": migrant.email})
    response = client.post(f"{CONFIRM}?next=https://example.com/", {"code": code_for(migrant.email)})
    assert response.url == "/uk/me/"


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: f" {code[:3]} {code[3:]} ",
        lambda code: f"{code[:3]}-{code[3:]}",
        lambda code: code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
    ],
    ids=["spaces", "dash", "arabic"],
)
def test_code_may_be_typed_in_any_way(client, migrant, typed):
    client.post(LOGIN, {"login": migrant.email})
    client.post(CONFIRM, {"code": typed(code_for(migrant.email))})
    assert is_signed_in(client)


def test_code_field_is_filled_in_by_the_device(client, migrant):
    client.post(LOGIN, {"login": migrant.email})
    page = client.get(CONFIRM).content.decode()
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page


def test_fifth_wrong_code_ends_the_attempt(client, migrant):
    client.post(LOGIN, {"login": migrant.email})
    code = code_for(migrant.email)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _attempt in range(4):
        assert client.post(CONFIRM, {"code": wrong}).status_code == 200
    assert client.post(CONFIRM, {"code": wrong}).status_code == 302
    client.post(CONFIRM, {"code": code})
    assert not is_signed_in(client)


@pytest.mark.parametrize(("minutes", "comes_in"), [(14, True), (16, False)])
def test_code_works_for_fifteen_minutes(client, migrant, minutes, comes_in):
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        client.post(LOGIN, {"login": migrant.email})
    with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
        client.post(CONFIRM, {"code": code_for(migrant.email)})
    assert is_signed_in(client) is comes_in


def test_code_works_once(client, migrant):
    client.post(LOGIN, {"login": migrant.email})
    code = code_for(migrant.email)
    client.post(CONFIRM, {"code": code})
    client.post("/uk/account/logout/")
    client.post(CONFIRM, {"code": code})
    assert not is_signed_in(client)


def seen_from_outside(client, response) -> tuple:
    """What tells a visitor something: the answer, where it leads, and the page there, without what varies."""
    page = client.get(response.url).content.decode()
    for pattern in (r'value="[A-Za-z0-9]{64}"', r"\S+@example\.org", r"\S+%40example\.org"):
        page = re.sub(pattern, "", page)
    return response.status_code, response.url, page


@pytest.mark.parametrize("known", ["migrant@example.org", "stranger@example.org"])
def test_login_is_the_same_for_known_and_unknown(client, client_of, migrant, known):
    ours = seen_from_outside(client, client.post(LOGIN, {"login": "nobody@example.org"}))
    other = client_of()
    assert seen_from_outside(other, other.post(LOGIN, {"login": known})) == ours


def test_signup_is_the_same_for_known_and_unknown(client, client_of, migrant):
    ours = seen_from_outside(client, join(client, "stranger@example.org"))
    other = client_of()
    assert seen_from_outside(other, join(other, migrant.email)) == ours
    assert code_for(migrant.email)


def test_unknown_address_is_told_how_to_join(client):
    client.post(LOGIN, {"login": "nobody@example.org"})
    message = Message.objects.get()
    assert message.language == "pl"
    assert "/pl/account/signup/" in message.text
    assert not re.search(r"\d{6}", message.text)


def test_newcomer_exists_only_after_her_code(client):
    response = join(client)
    assert response.url.startswith(CONFIRM)
    assert not User.objects.exists()
    assert Message.objects.get().language == "uk"

    response = client.post(response.url, {"code": code_for("new@example.org")})
    user = User.objects.get()
    assert (user.call_me, user.language, user.name_key) == ("Olha", "uk", "olha")
    assert EmailAddress.objects.get(user=user, verified=True, primary=True)
    assert is_signed_in(client)
    assert response.url == "/uk/me/"


def test_newcomer_finds_what_she_began(client):
    session = client.session
    session["began"] = "a registration"
    session.save()
    client.cookies["sessionid"] = session.session_key
    response = join(client, next="/pl/workshops/sewing/register/?step=2")
    response = client.post(response.url, {"code": code_for("new@example.org")})
    assert response.url == "/uk/workshops/sewing/register/?step=2"
    assert client.session["began"] == "a registration"


def test_newcomer_gets_a_new_code_on_demand(client):
    join(client)
    first = code_for("new@example.org")
    client.post(CONFIRM, {"action": "resend"})
    assert Message.objects.count() == 2
    second = code_for("new@example.org")
    if first != second:
        client.post(CONFIRM, {"code": first})
        assert not is_signed_in(client)
    client.post(CONFIRM, {"code": second})
    assert is_signed_in(client)


def test_signup_keeps_what_a_known_person_once_told(client, migrant):
    join(client, migrant.email, call_me="Somebody else", language="ar")
    client.post(CONFIRM, {"code": code_for(migrant.email)})
    migrant.refresh_from_db()
    assert is_signed_in(client)
    assert (migrant.call_me, migrant.language) == ("Olena", "uk")


def test_signup_with_a_bad_address_keeps_what_was_typed(client):
    page = join(client, "not an address").content.decode()
    assert 'value="not an address"' in page
    assert 'value="Olha"' in page
    assert not Message.objects.exists()


def test_fourth_code_in_a_minute_is_refused(client, client_of, migrant):
    for _time in range(3):
        client_of().post(LOGIN, {"login": migrant.email})
    assert client_of().post(LOGIN, {"login": migrant.email}).status_code == 200
    assert join(client, migrant.email).status_code == 200
    assert Message.objects.count() == 3


def test_closed_account_does_not_come_in(client, migrant):
    User.objects.filter(pk=migrant.pk).update(is_active=False)
    join(client, migrant.email)
    response = client.post(CONFIRM, {"code": code_for(migrant.email)})
    assert response.url == "/pl/account/inactive/"
    assert not is_signed_in(client)


def with_password(user: User) -> User:
    user.set_password("correct horse battery")
    user.save(update_fields=["password"])
    confirm_address(user)
    return user


@pytest.mark.parametrize(("password", "comes_in"), [("correct horse battery", True), ("guess", False)])
def test_password_is_a_second_way(client, migrant, password, comes_in):
    with_password(migrant)
    client.post("/pl/account/login/password/", {"login": migrant.email, "password": password})
    assert is_signed_in(client) is comes_in


def test_password_is_tried_five_times_only(client, migrant):
    with_password(migrant)
    for _time in range(5):
        client.post("/pl/account/login/password/", {"login": migrant.email, "password": "guess"})
    client.post("/pl/account/login/password/", {"login": migrant.email, "password": "correct horse battery"})
    assert not is_signed_in(client)


def test_forgotten_password_is_replaced_by_a_code(client, migrant):
    with_password(migrant)
    response = client.post("/pl/account/password/reset/", {"email": migrant.email})
    response = client.post(response.url, {"code": code_for(migrant.email)})
    assert client.get(response.url).status_code == 200
    client.post(response.url, {"password1": "another long one", "password2": "another long one"})
    migrant.refresh_from_db()
    assert migrant.check_password("another long one")


def test_address_is_changed_by_a_code_to_the_new_one(client, migrant):
    confirm_address(migrant)
    client.force_login(migrant)
    client.post("/uk/account/email/", {"email": "other@example.org", "action_add": "1"})
    assert User.objects.get(pk=migrant.pk).email == "migrant@example.org"
    client.post("/uk/account/confirm-email/", {"code": code_for("other@example.org")})
    assert User.objects.get(pk=migrant.pk).email == "other@example.org"
    assert [row.email for row in EmailAddress.objects.filter(user=migrant)] == ["other@example.org"]


@override_settings(
    CACHES={
        "default": {
            "BACKEND": "portal.steady_cache.SteadyRedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "KEY_PREFIX": "away",
        }
    }
)
def test_sign_in_works_and_is_limited_without_valkey(client_of, migrant):
    client = client_of()
    client.post(LOGIN, {"login": migrant.email})
    client.post(CONFIRM, {"code": code_for(migrant.email)})
    assert is_signed_in(client)
    for _time in range(5):
        client_of().post(LOGIN, {"login": migrant.email})
    assert Message.objects.count() == 3


PAGES = ["login/", "login/password/", "login/code/", "signup/", "password/reset/", "inactive/"]
OWN_PAGES = ["", "logout/", "email/", "password/change/", "2fa/", "2fa/totp/activate/", "2fa/webauthn/"]


@pytest.mark.parametrize("path", PAGES)
def test_page_of_signing_in_opens(client, path):
    assert client.get(f"/ar/account/{path}").status_code == 200


@pytest.mark.parametrize("path", OWN_PAGES)
def test_page_of_the_account_opens(client, migrant, path):
    with_password(migrant)
    client.force_login(migrant)
    assert client.get(f"/uk/account/{path}", follow=True).status_code == 200


def test_too_many_attempts_are_told_in_a_page(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client.post(LOGIN, {"login": "a@example.org"})
    response = client.post(LOGIN, {"login": "b@example.org"})
    assert response.status_code == 429
    assert '<html lang="pl"' in response.content.decode()


def test_lock_shown_again_opens_what_is_closed(client, migrant):
    """Whoever has a second lock shows it before she changes it."""
    with_password(migrant)
    client.force_login(migrant)
    response = client.get("/uk/account/2fa/totp/activate/")
    assert response.url.startswith("/uk/account/reauthenticate/")
    assert client.get(response.url).status_code == 200
    response = client.post(response.url, {"password": "correct horse battery"})
    assert response.url == "/uk/account/2fa/totp/activate/"
    assert client.get(response.url).status_code == 200


def test_ended_session_is_forgotten(client):
    join(client)
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    forget_old_sessions()
    assert not Session.objects.exists()


@pytest.mark.parametrize("is_demo", [True, False])
def test_login_offers_the_people_of_the_demo_only_there(client, settings, is_demo):
    settings.DEMO = is_demo
    assert ("coordinator@demo.example" in client.get(LOGIN).content.decode()) is is_demo
