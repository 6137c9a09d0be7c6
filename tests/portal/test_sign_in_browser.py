"""Signing in as people do it: on a phone, in a real browser that enforces the policy of the pages."""

import re

import pytest
from allauth.mfa.models import Authenticator

from portal.accounts import confirm_address
from portal.models import Message, User
from tests.browser import DESK

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def code_for(address: str) -> str:
    return re.search(r"^\d{6}$", Message.objects.filter(address=address).latest("pk").text, re.MULTILINE)[0]


def sign_in(page, user: User, language: str = "pl") -> None:
    page.goto(f"/{language}/account/login/")
    page.locator("[name=login]").fill(user.email)
    page.locator("main .form button").first.click()
    page.locator("[name=code]").fill(code_for(user.email))
    page.locator("main .form button").first.click()
    page.wait_for_url(f"**/{user.language}/me/")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_newcomer_joins_on_a_phone(open_browser, axe, scripts):
    page = open_browser(locale="ar", java_script_enabled=scripts)
    page.goto("/ar/account/signup/")
    if scripts:
        axe(page)
    page.locator("[name=call_me]").fill("فاطمة")
    page.locator("[name=email]").fill("fatima@example.org")
    page.locator("main .form button").first.click()
    if scripts:
        axe(page)
        assert page.evaluate("document.activeElement.name") == "code"
    page.locator("[name=code]").fill(code_for("fatima@example.org"))
    page.locator("main .form button").first.click()
    page.wait_for_url("**/ar/me/")
    assert User.objects.get().call_me == "فاطمة"


def test_switch_of_language_is_kept(open_browser, migrant):
    page = open_browser()
    sign_in(page, migrant)
    page.goto("/uk/contact/?x=1")
    page.locator(".top-bar summary").first.click()
    page.locator(".top-bar a[lang=be]").click()
    page.wait_for_url("**/be/contact/?x=1")
    migrant.refresh_from_db()
    assert migrant.language == "be"


def test_passkey_becomes_a_second_lock_and_a_way_in(open_browser, axe, coordinator):
    confirm_address(coordinator)
    page = open_browser(viewport=DESK)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )
    sign_in(page, coordinator)
    page.goto("/pl/account/2fa/webauthn/add/")
    axe(page)
    page.locator("[name=passwordless]").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/2fa/recovery-codes/")
    axe(page)
    assert Authenticator.objects.filter(user=coordinator, type="webauthn").exists()

    page.goto("/pl/account/logout/")
    page.locator("main .form button").click()
    page.goto("/pl/account/login/")
    page.locator("#passkey_login").click()
    page.wait_for_url("**/pl/me/")


PAGES_OF_VISITORS = ["login/", "login/password/", "login/code/", "signup/", "password/reset/", "inactive/"]
PAGES_OF_HERS = [
    "",
    "email/",
    "password/set/",
    "logout/",
    "2fa/",
    "2fa/totp/activate/",
    "2fa/webauthn/",
    "2fa/webauthn/add/",
]
OTHERS = ["outbox/", "about/", "contact/", "privacy/", "accessibility/"]


def test_pages_are_open_to_everybody(open_browser, axe, migrant):
    page = open_browser()
    for path in [f"account/{name}" for name in PAGES_OF_VISITORS] + OTHERS:
        page.goto(f"/pl/{path}")
        axe(page)
    sign_in(page, migrant)
    for path in PAGES_OF_HERS:
        page.goto(f"/uk/account/{path}")
        axe(page)


def test_admin_runs_under_the_policy(open_browser, administrator, workshop, official):
    page = open_browser(viewport=DESK)
    sign_in(page, administrator)
    for path in ("", "portal/user/", f"portal/user/{administrator.pk}/change/", "projects/project/add/"):
        page.goto(f"/pl/admin/{path}")
    page.goto("/pl/admin/institutions/official/add/")
    page.locator(".select2-selection").first.click()
    page.locator(".select2-search__field").fill("Wisn")
    page.locator(".select2-results__option", has_text="Zbigniew").wait_for()


def test_visitor_of_the_demo_comes_in_with_two_presses(open_browser):
    coordinator = User.objects.create_user("coordinator@demo.example", call_me="Anna")
    page = open_browser()
    page.goto("/pl/account/login/")
    page.locator("button[value='coordinator@demo.example']").click()
    page.locator("main a[href*=outbox]").click()
    assert code_for(coordinator.email) in page.inner_text("main")
