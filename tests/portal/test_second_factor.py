"""Staff must have a second lock where the setting asks for it; nobody else is troubled."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth

from portal.accounts import confirm_address

pytestmark = pytest.mark.django_db
INSIDE = "/pl/account/"


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR_REQUIRED_FOR_STAFF = True


@pytest.mark.parametrize("who", ["coordinator", "trainer", "official", "administrator"])
def test_staff_enrols_before_anything_else(client, request, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(INSIDE).url == "/pl/account/2fa/"
    assert client.get("/pl/account/2fa/").status_code == 200


@pytest.mark.parametrize("who", ["migrant", "assistant", "outsider"])
def test_others_go_on(client, request, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(INSIDE).status_code == 200


def test_staff_goes_on_where_it_is_not_asked_for(client, settings, coordinator):
    settings.SECOND_FACTOR_REQUIRED_FOR_STAFF = False
    client.force_login(coordinator)
    assert client.get(INSIDE).status_code == 200


def test_public_pages_and_the_way_out_stay_open(client, coordinator):
    client.force_login(coordinator)
    assert client.get("/pl/about/").status_code == 200
    assert client.post("/pl/account/logout/").url == "/pl/"


def test_app_lets_staff_in_and_is_asked_for_next_time(client, client_of, coordinator, settings):
    confirm_address(coordinator)
    client.force_login(coordinator)
    client.get("/pl/account/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    client.post("/pl/account/2fa/totp/activate/", {"code": now_code(secret)})
    assert Authenticator.objects.filter(user=coordinator, type="totp").exists()
    assert client.get(INSIDE).status_code == 200

    coordinator.set_password("correct horse battery")
    coordinator.save(update_fields=["password"])
    later = client_of()
    response = later.post(
        "/pl/account/login/password/", {"login": coordinator.email, "password": "correct horse battery"}
    )
    assert response.url == "/pl/account/2fa/authenticate/"
    assert later.get(response.url).status_code == 200
    assert later.get(INSIDE).status_code == 302


def test_check_costs_no_query_afterwards(client, migrant, django_assert_max_num_queries):
    client.force_login(migrant)
    client.get(INSIDE)
    with django_assert_max_num_queries(4):  # session, user, navigation, the page's own
        client.get(INSIDE)


def now_code(secret: str) -> str:
    import time

    counter = int(time.time()) // 30
    return auth.format_hotp_value(auth.hotp_value(secret, counter))
