"""Text size, contrast and colours, without JavaScript."""

import pytest

pytestmark = pytest.mark.django_db


def choose(client, **fields):
    return client.post("/pl/display/", {"next": "/pl/contact/?x=1"} | fields)


def test_choice_is_kept_on_every_page(client):
    response = choose(client, text_size="150", contrast="high", theme="dark")
    assert response.url == "/pl/contact/?x=1"
    page = client.get("/ar/about/").content.decode()
    assert 'data-text-size="150" data-contrast="high" data-theme="dark"' in page


def test_default_is_no_choice(client):
    choose(client, text_size="150", contrast="high")
    choose(client, text_size="100", contrast="high")
    page = client.get("/pl/about/").content.decode()
    assert "data-text-size" not in page
    assert 'data-contrast="high"' in page


def test_nonsense_is_not_kept(client):
    choose(client, text_size="9000", theme="<script>")
    assert not client.cookies
    client.cookies["contrast"] = '"><script>'
    assert "data-contrast" not in client.get("/pl/about/").content.decode()


@pytest.mark.parametrize("page", ["https://example.com/", "//example.com/", "javascript:alert(1)", ""])
def test_choice_never_leads_astray(client, page):
    assert choose(client, next=page, theme="dark").url == "/pl/"


def test_choice_takes_a_form(client):
    assert client.get("/pl/display/").status_code == 405
