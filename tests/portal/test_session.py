"""The strict session is itself strict."""

import logging
import socket

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, engines
from django.template.base import Origin, Template
from django.template.loader import render_to_string
from django.utils import translation

from tests.browser import find_chromium
from tests.undefined import TEMPLATES, UndefinedVariable


def ours(source: str) -> Template:
    engine = engines["django"].engine
    return Template(source, origin=Origin(TEMPLATES + "templates/page.html"), engine=engine)


@pytest.mark.parametrize(
    "source",
    [
        "{{ nothing }}",
        "{{ nothing.at_all|default:'-' }}",
        "{% load i18n %}{% blocktranslate %}Dear {{ nothing }}{% endblocktranslate %}",
    ],
)
def test_undefined_variable_fails_in_our_templates(source):
    with pytest.raises(UndefinedVariable, match="nothing"):
        ours(source).render(Context())


def test_undefined_variable_may_be_asked_about():
    assert ours("{% if nothing %}yes{% else %}no{% endif %}").render(Context()) == "no"


def test_undefined_variable_is_empty_in_templates_of_others():
    origin = Origin("/elsewhere/page.html")
    source = "[{{ nothing }}{{ nothing|default:'-' }}]"
    template = Template(source, origin=origin, engine=engines["django"].engine)
    assert template.render(Context()) == "[-]"


def test_undefined_variable_is_empty_in_the_admin():
    assert "undefined" not in render_to_string("admin/404.html", {"user": AnonymousUser()})


@pytest.mark.allow_error_logs
def test_error_records_are_caught(error_records):
    logging.getLogger("portal.anything").error("somebody must act")
    assert [record.getMessage() for record in error_records] == ["somebody must act"]


def test_network_is_closed():
    with pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_browser_is_named_by_the_environment(monkeypatch):
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    assert find_chromium() is None


@pytest.mark.parametrize("language", ["ar", "uk"])
def test_language_of_one_test_does_not_reach_the_next(language):
    assert translation.get_language() == "pl"
    translation.activate(language)
