"""How somebody is found, in a browser: what was tried, who could go, who goes instead; and her answer."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from institutions import offers, staffing
from institutions.models import Offer
from tests import factories
from tests.browser import DESK
from tests.institutions.searches import accept, look, open_offers, refuse

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ("Iryna Melnyk", "Fatima Al Hassan", "Marija Antonova", "Natalia Bondar-Wiśniewska", "Ołena Kowal")


@pytest.fixture
def network(institution, official, coordinator, project):
    """Two who are needed, one who is chosen, and one who goes."""
    for number, name in enumerate(NAMES):
        town = "Toruń" if number % 2 else "Bydgoszcz"
        factories.make_assistant(project, factories.make_user(full_name=name), home_town=town)
    factories.make_assistant(project, factories.make_user(full_name="Jan Obcy"), languages=("fr",))
    two = look(institution, official, start_at=factories.at(12, "10:00"), assistants_needed=2)
    first, second, *_others = open_offers(two)
    accept(first)
    refuse(second)
    Offer.objects.filter(request=two, state="open").update(expires_at=timezone.now() - timedelta(minutes=1))
    offers.look_again(two.pk)
    chosen = look(institution, official, start_at=factories.at(13, "10:00"), choice="coordinator")
    wanted, waiting, *_others = open_offers(chosen)
    offers.show_interest(wanted, by=wanted.assistant.user)
    going = look(institution, official, start_at=factories.at(14, "10:00"))
    job = staffing.assign_by_hand(going, first.assistant, by=coordinator)
    return {
        coordinator: [
            ("work_assistance_request", two.public_id),
            ("work_candidates", chosen.public_id),
            ("work_candidates", going.public_id),
            ("work_replace", job.public_id),
            ("work_withdraw", job.public_id),
            ("work_today", None),
        ],
        official: [("assistance_request", two.public_id)],
        wanted.assistant.user: [("assistant_offer", wanted.public_id)],
        waiting.assistant.user: [("assistant_offer", waiting.public_id)],
    }


@pytest.mark.parametrize(("language", "viewport"), [("pl", None), ("ar", None), ("en", DESK)])
def test_no_page_violates_accessibility_or_runs_over(signed_in, in_order, network, language, viewport):
    for user, pages in network.items():
        page = signed_in(user, viewport=viewport)
        for name, key in pages:
            page.goto(reverse(name, args=[key] if key else []).replace("/pl/", f"/{language}/", 1))
            in_order(page)
