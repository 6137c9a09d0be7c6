"""Codes at the door in a real browser: every page accessible, and a code read on one phone for another."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.browser import DESK, press
from tests.factories import at, make_participant, make_registration, make_workshop
from workshops import attendance, check_in
from workshops.models import CheckIn, Session

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def session(theme, trainer):
    workshop = make_workshop(theme=theme, trainers=[trainer], sessions=[])
    start = timezone.now()
    return Session.objects.create(workshop=workshop, start_at=start, end_at=start + timedelta(hours=2))


@pytest.fixture
def row(session, migrant):
    return make_registration(session.workshop, migrant, confirmed_at=at(-9))


@pytest.mark.slow
@pytest.mark.parametrize("look", ["desk", "arabic phone"])
def test_codes_are_accessible_and_fit(signed_in, axe, session, row, migrant, trainer, coordinator, look):
    options = {"viewport": DESK} if look == "desk" else {}
    other = make_registration(session.workshop, confirmed_at=at(-9))
    make_participant(other.user)
    screen = ("work_code", session.pk), ("work_check_in", check_in.her_code(row)), ("work_roll", session.pk)
    hers = ("check_in", check_in.code_on_screen(session)), ("my_code", session.workshop.slug)
    for page, addresses in (signed_in(trainer, **options), screen), (signed_in(migrant, **options), hers):
        for name, argument in (*addresses, *([("check_in_digits", None)] if addresses is hers else [])):
            address = reverse(name, args=[argument] if argument else [])
            page.goto(address.replace("/pl/", "/ar/") if look == "arabic phone" else address)
            if name == "work_roll":  # with a conflict in it
                attendance.mark(session, other, "excused", by=coordinator)
                page.locator(f"#person-{other.pk} input[value=absent]").check(force=True)
                page.wait_for_selector(".roll-told button")
            axe(page)
            width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert width <= 0, f"{name} scrolls sideways by {width} px"


def test_her_phone_reads_the_screen_and_the_screen_counts_her(signed_in, session, row, migrant, trainer):
    screen, phone = signed_in(trainer, viewport=DESK), signed_in(migrant)
    screen.goto(reverse("work_code", args=[session.pk]))
    digits = screen.locator(".door-digits").inner_text()
    phone.goto(reverse("check_in_digits"))
    phone.locator("[name=code]").fill(digits)
    press(phone.locator("main form button"))
    press(phone.locator("main form button"))
    phone.wait_for_selector(".notice-good")
    assert CheckIn.objects.get().registration == row
    screen.reload()
    assert "1" in screen.locator(".door-code .soft").first.inner_text()
