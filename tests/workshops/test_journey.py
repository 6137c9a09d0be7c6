"""A newcomer's way in a real browser: from the home page to her place, and back out again."""

import re

import pytest

from participants import consents
from portal.models import Message
from tests import factories
from tests.browser import press
from workshops.models import Registration

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def workshop(db):
    consents.load_texts()
    return factories.make_workshop(
        title_ar="القانون في الحياة اليومية",
        title_pl="Prawo na co dzień",
        summary_pl="Czytamy razem listy z urzędu.",
        description_pl="Przyniesiemy prawdziwe listy.\n\nKażdy może zapytać.",
        for_whom_pl="Dla wszystkich, którzy dostają listy.",
        what_to_bring_pl="Długopis",
        languages=["pl", "uk", "ar"],
        childcare_places=4,
        is_step_free=True,
        sessions=[(7, "17:00", 90), (14, "17:00", 90), (21, "17:00", 90)],
    )


def code_for(email: str) -> str:
    return re.search(r"\b\d{6}\b", Message.objects.filter(address=email).latest("id").text)[0]


def fits(page) -> None:
    """Nothing has to be scrolled sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize(
    ("language", "options"),
    [("pl", {}), ("ar", {}), ("pl", {"java_script_enabled": False})],
    ids=["Polish", "Arabic", "without JavaScript"],
)
def test_newcomer_registers_and_cancels(open_browser, axe, workshop, language, options):
    page = open_browser(locale=language, **options)
    has_script = options.get("java_script_enabled", True)

    def look():
        if has_script:
            fits(page)
            axe(page)

    page.goto(f"/{language}/")
    look()
    press(page.locator(".hero .button-large").first)
    look()
    press(page.locator(".event-title a").first)
    look()
    press(page.locator("aside a.button-large"))
    look()
    press(page.locator("main form .button"))  # with nothing typed
    assert page.locator(".error-summary").is_visible()
    look()
    page.fill("[name=call_me]", "Olena")
    page.fill("[name=email]", "olena@example.org")
    press(page.locator("main form .button"))
    look()
    page.check("[name^=consent_]")
    press(page.locator("main form button.button"))
    look()
    page.fill("[name=code]", code_for("olena@example.org"))
    press(page.locator("main form button").first)
    page.wait_for_url(f"**/{language}/workshops/{workshop.slug}/")
    assert page.locator("aside .notice-good").is_visible()
    assert Registration.objects.get().state == Registration.State.CONFIRMED
    look()
    page.goto(f"/{language}/me/")
    look()
    page.goto(f"/{language}/me/profile/")
    look()
    page.goto(f"/{language}/me/")
    press(page.locator("#registrations .button-stop"))
    look()
    press(page.locator("main form .button-stop"))
    page.wait_for_url(f"**/{language}/me/")
    assert Registration.objects.get().state == Registration.State.WITHDRAWN


@pytest.mark.parametrize("path", ["/pl/", "/pl/workshops/", "/pl/workshops/{slug}/"])
def test_pages_at_a_desk(open_browser, axe, workshop, path):
    page = open_browser(viewport={"width": 1280, "height": 800})
    page.goto(path.format(slug=workshop.slug))
    fits(page)
    axe(page)
