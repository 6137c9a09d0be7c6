"""Six languages, each with addresses of its own; the chosen one follows the person."""

import pytest
from django.utils import translation
from django.views.defaults import server_error

from portal.languages import OWN_NAMES
from portal.models import User

pytestmark = pytest.mark.django_db

HERE = {"headers": {"referer": "http://testserver/pl/about/"}}


def language_of(user) -> str:
    return User.objects.values_list("language", flat=True).get(pk=user.pk)


@pytest.mark.parametrize("language", OWN_NAMES)
def test_page_speaks_the_language_of_its_address(client, language):
    page = client.get(f"/{language}/about/").content.decode()
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}"' in page


@pytest.mark.parametrize(
    ("accepted", "cookie", "leads_to"),
    [("uk,en;q=0.8", None, "/uk/"), ("de", None, "/pl/"), ("", None, "/pl/"), ("uk", "ar", "/ar/")],
)
def test_root_leads_to_her_language(client, accepted, cookie, leads_to):
    if cookie:
        client.cookies["language"] = cookie
    response = client.get("/", headers={"accept-language": accepted})
    assert response.url == leads_to
    assert "Accept-Language" in response["Vary"]


def test_root_leads_a_signed_in_person_to_the_language_she_chose(client, migrant):
    client.force_login(migrant)
    client.cookies["language"] = "ar"
    assert client.get("/").url == "/uk/"


def test_switch_keeps_the_page_and_its_question(client):
    page = client.get("/pl/outbox/?address=olha&page=2").content.decode()
    for language in OWN_NAMES:
        assert f'href="/{language}/outbox/?address=olha&amp;page=2"' in page


def test_page_names_its_other_languages_to_search_engines(client, settings):
    settings.SITE_URL = "https://portal.example"
    page = client.get("/pl/about/").content.decode()
    for language in OWN_NAMES:
        assert f'hreflang="{language}" href="https://portal.example/{language}/about/"' in page


def test_link_to_another_language_is_remembered(client, migrant):
    client.force_login(migrant)
    client.get("/ar/about/", **HERE)
    assert language_of(migrant) == "ar"
    assert client.cookies["language"].value == "ar"


def test_page_in_the_language_she_has_changes_nothing(client, migrant, django_assert_max_num_queries):
    client.force_login(migrant)
    client.get("/uk/about/", **HERE)
    with django_assert_max_num_queries(3):  # session, user, navigation
        client.get("/uk/about/", **HERE)


@pytest.mark.parametrize("referrer", ["", "https://example.com/pl/about/", "http://testserver/uk/outbox/"])
def test_link_from_elsewhere_changes_no_choice(client, migrant, referrer):
    client.force_login(migrant)
    client.get("/ar/about/", headers={"referer": referrer} if referrer else {})
    assert language_of(migrant) == "uk"
    assert "language" not in client.cookies


def test_set_language_works_from_a_form(client, migrant):
    client.force_login(migrant)
    response = client.post("/uk/language/", {"language": "be", "next": "/uk/outbox/?page=2"})
    assert response.url == "/be/outbox/?page=2"
    assert language_of(migrant) == "be"


@pytest.mark.parametrize("data", [{"language": "tlh"}, {"language": "be", "next": "https://example.com/"}])
def test_set_language_never_leads_astray(client, data):
    assert client.post("/uk/language/", data).url in ("/uk/", "/be/")


@pytest.mark.parametrize("language", OWN_NAMES)
@pytest.mark.parametrize("page", ["about", "contact", "privacy", "accessibility"])
def test_text_page_opens_in_every_language(client, language, page):
    response = client.get(f"/{language}/{page}/")
    assert response.status_code == 200


def test_accessibility_declaration_has_its_prescribed_parts(client):
    page = client.get("/pl/accessibility/").content.decode()
    for part in ("a11y-wstep", "a11y-status", "a11y-kontakt", "a11y-procedura", "a11y-data-sporzadzenie"):
        assert f'id="{part}"' in page


def test_missing_page_speaks_her_language(client):
    response = client.get("/uk/nowhere/")
    assert response.status_code == 404
    assert '<html lang="uk"' in response.content.decode()


@pytest.mark.parametrize(("language", "direction"), [("uk", "ltr"), ("ar", "rtl")])
def test_error_page_needs_nothing_and_speaks_her_language(rf, django_assert_num_queries, language, direction):
    with translation.override(language), django_assert_num_queries(0):
        response = server_error(rf.get(f"/{language}/"))
    assert response.status_code == 500
    assert f'<html lang="{language}" dir="{direction}"' in response.content.decode()
