"""What every answer carries, so that a page runs nothing foreign and leaves nothing behind."""

import re

import pytest

from portal.accounts import confirm_address

pytestmark = pytest.mark.django_db

PUBLIC = ["/pl/about/", "/pl/account/login/", "/uk/account/signup/", "/pl/outbox/", "/pl/nowhere/"]


@pytest.mark.parametrize("path", PUBLIC)
def test_page_forbids_what_is_foreign(client, path):
    response = client.get(path)
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "camera=()" in response["Permissions-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/pl/account/login/", "/pl/account/login/password/", "/pl/account/2fa/"])
def test_page_has_nothing_the_policy_forbids(client, migrant, path):
    if "2fa" in path:
        client.force_login(migrant)
    page = client.get(path, follow=True).content.decode()
    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:", page)
    for script in re.findall(r"<script[^>]*>", page):
        assert "src=" in script or "application/json" in script


def test_personal_page_is_stored_nowhere(client, migrant):
    client.force_login(migrant)
    for path in ("/uk/account/", "/uk/about/", "/uk/account/email/"):
        assert client.get(path)["Cache-Control"] == "no-store, private"


def test_page_of_signing_in_is_stored_nowhere(client):
    assert client.get("/pl/account/login/")["Cache-Control"] == "no-store, private"


def test_public_page_may_be_kept(client):
    assert "no-store" not in client.get("/pl/about/").get("Cache-Control", "")


def test_cookies_are_out_of_reach_of_scripts(client, migrant):
    migrant.set_password("correct horse battery")
    migrant.save(update_fields=["password"])
    confirm_address(migrant)
    data = {"login": migrant.email, "password": "correct horse battery"}
    assert client.post("/pl/account/login/password/", data).url == "/uk/me/"
    for name in ("language", "sessionid"):
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"


def test_form_from_another_site_is_refused(client_of):
    client = client_of(enforce_csrf_checks=True)
    response = client.post("/pl/account/login/", {"login": "migrant@example.org"})
    assert response.status_code == 403
