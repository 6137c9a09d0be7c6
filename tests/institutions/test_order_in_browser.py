"""The way of an order in a real browser: a phone, a desk, Arabic; and a journey in Polish and Ukrainian."""

import pytest
from django.urls import reverse

from institutions import offers, proposals, questions, requests, series
from institutions.models import AssistanceRequest
from tests import factories
from tests.browser import DESK, press

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def network(institution, official, assistant, coordinator):
    """An order at every stage before the meeting."""

    def order(days, minutes=60, **fields):
        texts = {"address": "ul. Cicha 2", "briefing": "Formularz", "case_reference": "S-12"}
        start = {"start_at": factories.at(days, "10:00"), "minutes": minutes}
        return start | {"language": "uk", "subject": "health", "town": "Toruń"} | texts | fields

    offered = requests.submit(institution, by=official, **order(7, 90))
    going = requests.submit(institution, by=official, **order(9))
    offers.accept(going.offers.get(), by=assistant)
    (change,) = proposals.propose(
        going, by=official, start_at=factories.at(9, "14:00"), minutes=60, mode="on_site"
    )
    waiting = requests.submit(institution, by=official, **order(12, 150, is_relative_interpreting=True))
    asked = requests.submit(institution, by=official, **order(14, 150))
    questions.ask(asked, by=coordinator, text="Jaka odmiana?")
    draft = series.save_drafts(
        institution,
        days=[factories.at(days).date() for days in (16, 23)],
        by=official,
        **order(
            16, 75, sensitivities=["violence"], dialect="lwowski", level="C1", is_signed_or_certified=True
        ),
    )
    return {
        official: [
            ("assistance", None),
            ("assistance_check", draft),
            ("assistance_draft", draft),
            ("assistance_request", offered),
            ("assistance_request", going),
            ("assistance_change", offered),
            ("assistance_move", going),
            ("assistance_details", going),
            ("assistance_answer", asked),
        ],
        assistant: [("assistant_change", change)],
        coordinator: [
            ("work_waiting", None),
            ("work_review", waiting),
            ("work_review", asked),
            ("work_request_new", None),
            ("work_assistance_request", waiting),
        ],
    }


@pytest.mark.parametrize(("language", "viewport"), [("pl", None), ("ar", None), ("uk", DESK)])
def test_no_page_violates_accessibility_or_runs_over(signed_in, in_order, network, language, viewport):
    for user, pages in network.items():
        page = signed_in(user, viewport=viewport)
        for name, thing in pages:
            address = reverse(name, args=[thing.public_id] if thing else [])
            page.goto(address.replace("/pl/", f"/{language}/", 1))
            in_order(page)


@pytest.mark.parametrize("language", ["pl", "uk"])
def test_an_order_from_the_draft_to_another_time_on_a_phone(
    signed_in, institution, official, assistant, coordinator, language
):
    institution.agreements.all().delete()
    page = signed_in(official)
    page.goto(f"/{language}/assistance/new/")
    page.locator("#id_language").select_option("uk")
    page.locator("#id_subject").select_option("school")
    page.locator("#id_start_on").fill(f"{factories.at(14):%Y-%m-%d}")
    page.locator("#id_starts").fill("12:00")
    page.locator("#id_second_language").locator("xpath=ancestor::details/summary").click()
    page.locator("#id_second_language").select_option("ru")
    fold = page.locator("details.fold").filter(has=page.locator("#id_second_language"))
    assert page.locator("#id_second_language option:checked").text_content() in fold.locator(
        ".fold-now"
    ).text_content().split(" · ")
    press(page.locator("main form button.button-large"))
    assert page.locator("#id_is_second_language_agreed_error").count() == 1
    page.locator("#id_is_second_language_agreed").check()
    press(page.locator("main form button.button-large"))
    press(page.locator('form[action$="/send/"] button'))
    address = page.url

    desk = signed_in(coordinator)
    desk.goto(f"/{language}/work/assistance/waiting/")
    press(desk.locator('a[href$="/review/"]').first)
    desk.locator("#id_text").locator("xpath=ancestor::details/summary").click()
    desk.locator("#id_text").fill("Jaka klasa?")
    press(desk.locator('form[action$="/ask/"] button'))

    page.goto(f"/{language}/assistance/")
    press(page.locator('a[href$="/answer/"]').first)
    page.locator("#id_answer").fill("Szósta")
    press(page.locator("main form button.button-large"))

    desk.reload()
    assert desk.get_by_text("Szósta").count() == 1
    press(desk.locator('form[action$="/take-on/"] button'))

    helper = signed_in(assistant)
    asked = AssistanceRequest.objects.get()
    helper.goto(f"/{language}/assistant/offers/{asked.offers.get().public_id}/")
    press(helper.locator('form[action$="/accept/"] button'))

    page.goto(address)
    assert page.get_by_text("Iryna").count() >= 1
    press(page.locator('a[href$="/move/"]'))
    page.locator("#id_starts").fill("15:00")
    press(page.locator("main form button.button-large"))
    change = asked.assignments.get().time_changes.get()
    helper.goto(f"/{language}/assistant/changes/{change.public_id}/")
    press(helper.locator('button[name="yes"]'))
    page.goto(address)
    assert page.get_by_text("15:00").count() >= 1
    asked.refresh_from_db()
    assert (asked.state, asked.start_at) == (AssistanceRequest.State.CONFIRMED, change.start_at)
