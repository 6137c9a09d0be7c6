"""The coordinator's and the trainer's work in a real browser."""

import pytest
from django.urls import reverse

from tests.browser import DESK
from tests.factories import (
    at,
    make_participant,
    make_registration,
    make_session,
    make_theme,
    make_user,
    make_workshop,
)
from workshops import attendance
from workshops.models import Attendance, Registration, Workshop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def busy(theme, trainer, coordinator, project):
    """A workshop in which everything is to be seen."""
    make_theme(project, title_pl="Samopomoc", title_en="Self-help", budget_minutes=1200)
    workshop = make_workshop(
        theme=theme, trainers=[trainer], capacity=4, minimum=3, title_pl="Twoje prawa w pracy", sessions=[]
    )
    for days in (-8, -1, 6):
        make_session(workshop, days=days, clock="17:00", minutes=120)
    names = ["Olena Kowalenko", "Fatima Al Hassan", "Ірина Шевчук", "Maryna Łukasz"]
    rows = [
        make_registration(
            workshop, make_user(full_name=name), confirmed_at=at(-20), note="Przyjdę z dzieckiem"
        )
        for name in names
    ]
    make_participant(make_user(full_name="Testowa Osoba"))
    make_registration(workshop, state=Registration.State.REQUESTED)
    make_registration(workshop, state=Registration.State.WAITLISTED)
    make_registration(workshop, state=Registration.State.WITHDRAWN, confirmed_at=at(-20))
    first = workshop.sessions.first()
    for row, mark in zip(rows, ("present", "late", "excused", "absent"), strict=True):
        attendance.mark(first, row, mark, by=trainer)
    attendance.mark(first, rows[3], "left_early", by=coordinator, reason="Była na liście", minutes=60)
    return workshop


def addresses(workshop):
    held, _unmarked, coming = workshop.sessions.order_by("start_at")
    of_workshop = [
        "workshop",
        "workshop_edit",
        "workshop_cancel",
        "sessions",
        "people",
        "people_new",
        "trail",
    ]
    return {
        **{name: reverse(name) for name in ("work_today", "work_workshops", "work_workshop_new")},
        **{name: reverse(name) for name in ("work_hours", "work_hours_people")},
        **{name: reverse(f"work_{name}", args=[workshop.slug]) for name in [*of_workshop, "attendance"]},
        "work_people_add": reverse("work_people_add", args=[workshop.slug]) + "?q=test",
        "work_roll": reverse("work_roll", args=[held.pk]),
        "work_session_move": reverse("work_session_move", args=[coming.pk]),
        "work_session_edit": reverse("work_session_edit", args=[coming.pk]),
        "work_session_cancel": reverse("work_session_cancel", args=[coming.pk]),
    }


@pytest.mark.slow
@pytest.mark.parametrize("look", ["desk", "arabic phone"])
def test_workplace_is_accessible_and_fits(signed_in, axe, busy, coordinator, look):
    page = signed_in(coordinator, **({"viewport": DESK} if look == "desk" else {}))
    for name, address in addresses(busy).items():
        page.goto(address.replace("/pl/", "/ar/") if look == "arabic phone" else address)
        axe(page)
        width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, f"{name} scrolls sideways by {width} px"


def test_coordinator_makes_a_workshop_with_weekly_dates_and_publishes_it(
    signed_in, theme, trainer, coordinator
):
    page = signed_in(coordinator, viewport=DESK)
    page.goto(reverse("work_workshop_new"))
    page.fill("[name=title_pl]", "Twoje prawa w pracy")
    page.check("#show-ar")
    page.fill("[name=title_ar]", "حقوقك في العمل")
    page.select_option("main [name=theme]", str(theme.pk))
    page.check("[name=languages][value=pl]")
    page.fill("[name=town]", "Toruń")
    page.locator("main form .stick-end button").click()
    page.fill("[name=weekly-first_on]", at(7).date().isoformat())
    page.fill("[name=weekly-until]", at(21).date().isoformat())
    page.fill("[name=weekly-starts]", "17:30")
    page.click("button[value=preview]")
    page.click("button[value=weekly]")
    workshop = Workshop.objects.get()
    assert workshop.sessions.first().start_at == at(7, "17:30")
    page.goto(reverse("work_workshop", args=[workshop.slug]))
    page.click(f"form[action='{reverse('work_publish', args=[workshop.slug])}'] button")
    page.wait_for_selector(".notice-good")
    workshop.refresh_from_db()
    assert (workshop.state, workshop.title_ar) == (Workshop.State.PUBLISHED, "حقوقك في العمل")


def test_trainer_calls_the_roll_without_any_script(signed_in, busy, trainer):
    page = signed_in(trainer, java_script_enabled=False)
    session = busy.sessions.order_by("start_at")[1]
    page.goto(reverse("work_roll", args=[session.pk]))
    people = page.locator(".roll-item")
    assert people.nth(0).locator(".roll-times").is_hidden()
    people.nth(0).locator("input[value=present]").check()
    people.nth(1).locator("input[value=late]").check()
    people.nth(1).locator("[name^=came-]").fill("18:15")
    page.click("button[value=save]")
    page.wait_for_selector(".notice-good")
    assert sorted(session.attendances.values_list("mark", "minutes")) == [("late", 45), ("present", 120)]
    assert "2" in page.locator("p[role=status]").inner_text()
    page.click("button[value=others_present]")
    page.wait_for_selector(".notice-good")
    assert Attendance.objects.filter(session=session, mark="present").count() == 3


def test_correction_without_any_script_is_asked_for_its_reason(signed_in, busy, coordinator):
    page = signed_in(coordinator, java_script_enabled=False)
    page.goto(reverse("work_roll", args=[busy.sessions.order_by("start_at").first().pk]))
    person = page.locator(".roll-item").nth(0)
    assert person.locator(".roll-why").is_hidden()
    person.locator("input[value=absent]").check()
    assert person.locator(".roll-why").is_visible()
    page.click("button[value=save]")
    assert page.locator(".error-summary a").count() == 1
    person.locator(".roll-why input").fill("Pomyłka")
    page.click("button[value=save]")
    page.wait_for_selector(".notice-good")


def test_trainer_calls_the_roll_by_taps_alone(signed_in, busy, trainer):
    page = signed_in(trainer)
    session = busy.sessions.order_by("start_at")[1]
    page.goto(reverse("work_roll", args=[session.pk]))
    page.wait_for_selector("#roll.is-live")
    people = page.locator(".roll-item")
    assert page.locator("button[value=save]").is_hidden()
    people.nth(0).locator("input[value=present]").check()
    people.nth(1).locator("input[value=late]").check()
    people.nth(1).locator("[name^=came-]").fill("18:15")
    page.wait_for_selector(".roll-item[data-state=sent] >> text=45 min")
    page.click("#roll-others")
    page.wait_for_selector("#roll-status[data-state=sent] >> text=4")
    marks = sorted(session.attendances.values_list("mark", "minutes"))
    assert marks == [("late", 45), *[("present", 120)] * 3]


def test_tap_that_changes_an_old_mark_is_asked_for_its_reason(signed_in, busy, coordinator):
    page = signed_in(coordinator)
    session = busy.sessions.order_by("start_at").first()
    page.goto(reverse("work_roll", args=[session.pk]))
    page.wait_for_selector("#roll.is-live")
    person = page.locator(".roll-item", has=page.locator("input[value=present]:checked")).first
    key = person.get_attribute("data-person")
    person = page.locator(f"[data-person='{key}']")
    person.locator("input[value=absent]").check()
    person.locator(".roll-why input").fill("Pomyłka")
    assert person.get_attribute("data-state") == ""  # neither sent nor waiting
    assert "undefined" not in page.locator("main").inner_text()
    person.locator(".roll-told button").click()
    page.wait_for_selector(f"[data-person='{key}'] .roll-told:empty", state="attached")
    assert session.attendances.get(registration=key).corrections.get().reason == "Pomyłka"


def test_marks_outlive_a_session_that_has_run_out_and_go_to_nobody_else(
    signed_in, busy, trainer, migrant, open_browser
):
    """Her session ends before the marks are sent: they wait for her; whoever signs in instead clears them."""
    page = signed_in(trainer)
    session = busy.sessions.order_by("start_at")[1]
    page.goto(reverse("work_roll", args=[session.pk]))
    page.wait_for_selector("#roll[data-kept]", state="attached")
    hers = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    page.locator(".roll-item").nth(0).locator("input[value=present]").check()
    page.wait_for_selector("#roll-status[data-state=waiting]")
    page.wait_for_function("async () => !(await caches.keys()).length")
    assert not session.attendances.exists()

    page.context.add_cookies(hers)
    page.reload()
    page.wait_for_selector("#roll-status[data-state=sent]")
    assert session.attendances.get().mark == "present"

    page.context.clear_cookies(name="sessionid")
    page.locator(".roll-item").nth(1).locator("input[value=present]").check()
    page.wait_for_selector("#roll-status[data-state=waiting]")
    another = signed_in(migrant).context.cookies()
    page.context.add_cookies([cookie for cookie in another if cookie["name"] == "sessionid"])
    page.goto(reverse("my_page"))
    page.wait_for_function("() => !localStorage.length")
    assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
    assert session.attendances.count() == 1
