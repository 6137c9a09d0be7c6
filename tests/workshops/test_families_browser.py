"""A family, a card and a walk-in in a real browser: the ways through, and each page to axe."""

import pytest
from django.urls import reverse
from django.utils import timezone

from participants import consents
from portal import cards
from tests import factories
from tests.browser import DESK, press
from workshops import families, newcomers
from workshops.models import Registration

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def child(migrant):
    return families.add_child(migrant, call_me="Daryna", birth_year=timezone.localdate().year - 8, by=migrant)


@pytest.fixture
def for_children(theme, trainer):
    return factories.make_workshop(
        theme=theme, trainers=[trainer], takes_children=True, sessions=[(0, "00:01", 60), (7, "17:00", 60)],
        capacity=4, registration_closes_at=factories.at(6),
    )  # fmt: skip


def test_mother_registers_herself_and_a_new_child(signed_in, axe, migrant, child, for_children):
    consents.load_texts()
    page = signed_in(migrant)
    page.goto(reverse("workshop", args=[for_children.slug]))
    press(page.locator("a[href$='/family/']").first)
    page.locator("details.more:has(#id_call_me) summary").click()
    page.fill("#id_call_me", "Maks")
    page.fill("#id_birth_year", str(timezone.localdate().year - 5))
    press(page.locator("form[action$='/child/'] button"))
    axe(page)
    for box in page.locator("input[type=checkbox]").all()[:4]:
        box.check()
    press(page.locator("form.form:not([action]) button.button-large"))
    assert page.url.endswith("/me/family/")
    axe(page)
    assert for_children.registrations.confirmed().count() == 3
    press(page.locator("a[href$='/family/cancel/']").first)
    axe(page)
    page.locator("input[name=who]").nth(1).check()
    press(page.locator("button.button-stop"))
    assert for_children.registrations.confirmed().count() == 2


def test_card_opens_her_page_on_any_phone(open_browser, axe, coordinator):
    user = factories.make_user(email=None, language="ar", full_name="Fatima")
    code = cards.issue(user, by=coordinator)[1]
    page = open_browser()
    page.goto(f"/ar/card/{code}/")
    axe(page)
    press(page.locator("form[action$='/card/'] button"))
    assert page.url.endswith("/ar/me/welcome/")
    axe(page)


@pytest.mark.parametrize("viewport", [None, DESK], ids=["phone", "desk"])
def test_planner_sees_families_and_adds_several(
    signed_in, axe, coordinator, migrant, other_migrant, child, for_children, viewport
):
    families.register(for_children, migrant, [migrant, child])
    waits = factories.make_participant(factories.make_user(email=None, full_name="Halyna Bondar")).user
    factories.make_registration(
        for_children, waits, state=Registration.State.WAITLISTED, priority=1, priority_reasons=["first_time"]
    )
    factories.make_registration(for_children, state=Registration.State.WAITLISTED)
    page = signed_in(coordinator, viewport=viewport)
    page.goto(reverse("work_people", args=[for_children.slug]))
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for box in page.locator("input[form=join-waiting]").all():
        box.check()
    press(page.locator("#join-waiting button"))
    assert for_children.registrations.waiting().exclude(party=None).count() == 2
    page.goto(reverse("work_people_add", args=[for_children.slug]) + "?q=fatima")
    press(page.locator("button[name=person]").first)
    axe(page)
    row = newcomers.add_newcomer(
        for_children, by=coordinator, full_name="Iryna Papierowa", language="uk", reason="Ma kartkę"
    )
    page.goto(reverse("work_person", args=[row.public_id]))
    axe(page)
    page.goto(reverse("work_people_new", args=[for_children.slug]))
    axe(page)


def test_trainer_enters_who_came_without_registering(signed_in, axe, trainer, for_children):
    session = for_children.sessions.order_by("start_at").first()
    page = signed_in(trainer)
    page.goto(reverse("work_walk_in", args=[session.pk]))
    axe(page)
    page.fill("#id_full_name", "Halyna Bondar")
    press(page.locator("button.button-large"))
    assert page.url.endswith(f"/work/sessions/{session.pk}/roll/")
    assert "Halyna Bondar" in page.content()
