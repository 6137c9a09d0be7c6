"""The coordinator's journey in a real browser, in Polish, on a phone: from an empty page to counted hours."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from participants import consents
from projects.models import LedgerEntry
from tests.browser import press
from workshops.models import Registration, Workshop


def consenting(user):
    for text in consents.missing_required(user, user.language):
        consents.give(user, text, by=user)
    return user


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_coordinator_plans_publishes_and_calls_the_roll(
    signed_in, coordinator, theme, migrant, other_migrant, trainer
):
    consents.load_texts()
    desk = signed_in(coordinator)

    # She writes a workshop with one place, and gives it a date today.
    desk.goto(reverse("work_today"))
    press(desk.get_by_role("link", name="Nowe warsztaty"))
    desk.locator("[name=title_pl]").fill("Twoje prawa w pracy")
    desk.locator("select[name=theme]").select_option(str(theme.pk))
    desk.locator("[name=languages][value=pl]").check()
    desk.locator("[name=town]").fill("Toruń")
    desk.locator("[name=capacity]").fill("1")
    press(desk.locator("form.form-wide button.button").last)
    workshop = Workshop.objects.get()
    assert workshop.state == Workshop.State.DRAFT

    desk.goto(reverse("work_sessions", args=[workshop.slug]))
    desk.locator("[name=single-day]").fill(timezone.localdate().isoformat())
    desk.locator("[name=single-starts]").fill("23:58")
    desk.locator("[name=single-minutes]").fill("120")
    press(desk.locator("button[value=single]"))
    desk.goto(reverse("work_workshop", args=[workshop.slug]))
    press(desk.get_by_role("button", name="Opublikuj"))
    workshop.refresh_from_db()
    assert workshop.state == Workshop.State.PUBLISHED

    # One person gets the place, the next one is told her number on the list.
    for person, answer in [
        (migrant, Registration.State.CONFIRMED),
        (other_migrant, Registration.State.WAITLISTED),
    ]:
        phone = signed_in(consenting(person))
        phone.goto(reverse("workshop", args=[workshop.slug]))
        press(phone.locator(f"form[action='{reverse('register', args=[workshop.slug])}'] button"))
        assert workshop.registrations.get(user=person).state == answer

    # She calls the roll; the hours are counted for the person and for the grant.
    session, place = workshop.sessions.get(), workshop.registrations.get(user=migrant)
    desk.goto(reverse("work_roll", args=[session.pk]))
    desk.locator(f"#person-{place.pk} input[value=present]").check(force=True)
    expect(desk.locator(f"#person-{place.pk}")).to_have_attribute("data-state", "sent")
    assert LedgerEntry.objects.get(measure="received").minutes == 120
    desk.goto(reverse("work_hours"))
    assert "2" in desk.locator("main").inner_text()

    phone = signed_in(migrant)
    phone.goto("/uk/me/")
    assert "2 год" in phone.locator("main").inner_text().replace("\xa0", " ")
