"""The pages of all three roles in a real browser: a phone, a desk, Arabic; no violation of accessibility."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from institutions import offers, requests
from institutions.models import AvailabilityException, TimeReport
from tests import factories
from tests.browser import DESK

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def network(institution, official, assistant, coordinator, project):
    """A request in every stage that the pages show."""

    def ask(days, **fields):
        asked = {
            "start_at": factories.at(days, "10:00"),
            "minutes": 60,
            "language": "uk",
            "subject": "health",
            "town": "Toruń",
            "address": "ul. Cicha 2, pok. 2.14",
            "contact_name": "Pani Maria",
            "contact_phone": "+48566223344",
            "briefing": "Rozmowa o zasiłku",
            "case_reference": "S-12",
        } | fields
        return requests.submit(institution, by=official, **asked)

    factories.make_assistant(project, factories.make_user(full_name="Druga Osoba"), languages=("ar",))
    AvailabilityException.objects.create(
        assistant=assistant.assistant,
        starts_on=factories.at(30).date(),
        ends_on=factories.at(31).date(),
    )
    offered = ask(factories.AHEAD)
    going = ask(factories.AHEAD + 2)
    job = offers.accept(going.offers.get(), by=assistant)
    ask(factories.AHEAD + 3, language="ar", gender_preference="man", is_gender_required=True)
    done = factories.make_request(
        institution, official, start_at=timezone.now() - timedelta(days=1), state="awaiting_confirmation"
    )
    over = factories.make_assignment(request=done, assistant=assistant.assistant, language="uk")
    TimeReport.objects.create(assignment=over, start_at=done.start_at, end_at=done.end_at)
    return {
        official: [
            ("assistance", None),
            ("assistance_new", None),
            ("assistance_request", going.public_id),
            ("assistance_request", done.public_id),
            ("assistance_cancel", going.public_id),
            ("assistance_dispute", done.public_id),
            ("for_institutions", None),
        ],
        assistant: [
            ("assistant_home", None),
            ("assistant_hours", None),
            ("assistant_offer", offered.offers.get().public_id),
            ("assistant_job", job.public_id),
            ("assistant_withdraw", job.public_id),
            ("assistant_report", over.public_id),
        ],
        coordinator: [
            ("work_assistance", None),
            ("work_assistance_request", offered.public_id),
            ("work_assistance_request", going.public_id),
            ("work_cancel", going.public_id),
            ("work_withdraw", job.public_id),
            ("work_institutions", None),
            ("work_institution_new", None),
            ("work_institution", institution.slug),
            ("official_new", institution.slug),
            ("work_assistants", None),
            ("work_assistant_new", None),
            ("work_assistant", assistant.public_id),
        ],
    }


@pytest.mark.parametrize(("language", "viewport"), [("pl", None), ("ar", None), ("en", DESK)])
def test_no_page_violates_accessibility_or_runs_over(signed_in, in_order, network, language, viewport):
    for user, pages in network.items():
        page = signed_in(user, viewport=viewport)
        for name, key in pages:
            page.goto(reverse(name, args=[key] if key else []).replace("/pl/", f"/{language}/", 1))
            in_order(page)


def test_an_official_asks_without_javascript_and_sees_who_comes(signed_in, network, official, assistant):
    page = signed_in(official, java_script_enabled=False)
    page.goto("/en/assistance/")
    page.get_by_role("link", name="Ask for an assistant").first.click()
    page.locator("#id_language").select_option("uk")
    page.get_by_label("Subject").select_option("school")
    day = factories.at(factories.AHEAD + 1)
    page.get_by_label("Day", exact=True).fill(f"{day:%Y-%m-%d}")
    page.get_by_label("From what time").fill("12:00")
    page.locator("summary", has_text="For the day itself").click()
    page.get_by_label("What will it be about?").fill("PESEL 44051401359")
    page.get_by_role("button", name="Go on: check before you send").click()
    assert page.get_by_text("This looks like a PESEL number").count() >= 1
    page.get_by_label("What will it be about?").fill("Zebranie rodziców")
    page.get_by_role("button", name="Go on: check before you send").click()
    assert page.get_by_text("Zebranie rodziców").count() == 1
    page.get_by_role("button", name="Send the request").click()
    page.get_by_text("We are looking for an assistant and will write to you").wait_for()
    address = page.url

    helper = signed_in(assistant)
    helper.goto("/uk/assistant/")
    helper.locator('a[href*="/offers/"]').last.click()
    helper.locator('form[action*="/accept/"] button').click()
    helper.wait_for_url("**/assistant/jobs/**")

    page.goto(address)
    assert page.get_by_text("Iryna").count() >= 1
    assert page.get_by_text("Melnyk").count() == 0
