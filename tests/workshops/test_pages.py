"""The public pages of workshops: what they say, to whom, and what they cost."""

import json
import re
from datetime import UTC

import pytest
from django.utils import translation
from icalendar import Calendar

from tests import factories
from workshops import registration
from workshops.models import Registration, Session, Workshop

pytestmark = pytest.mark.django_db
State = Registration.State


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


# --- the list ----------------------------------------------------------------------------------------------


def test_list_shows_what_is_to_come(client, workshop):
    factories.make_workshop(title_pl="Szkic", state=Workshop.State.DRAFT)
    factories.make_workshop(title_pl="Odwołany", state=Workshop.State.CANCELLED)
    factories.make_workshop(title_pl="Dawny", sessions=[(-3, "17:00", 60)])
    page = text(client.get("/pl/workshops/"))
    assert workshop.title_pl in page
    assert "Szkic" not in page
    assert "Odwołany" not in page
    assert "Dawny" not in page


def test_list_says_how_many_places_are_free(client, workshop):
    full = factories.make_workshop(capacity=1)
    factories.make_registration(full)
    factories.make_registration(full, state=State.WAITLISTED)
    factories.make_registration(workshop)
    page = text(client.get("/en/workshops/"))
    assert "Free places: 11" in page
    assert "Full. Waiting list: 1" in page


def test_list_marks_a_title_in_another_language(client, workshop):
    page = text(client.get("/ar/workshops/"))
    assert f'lang="en">{workshop.title_en}</a>' in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Rano", "Wieczór", "Sobota"}),
        ("town=Toruń", {"Rano"}),
        ("language=uk", {"Wieczór"}),
        ("place=online", {"Wieczór", "Sobota"}),
        ("place=on_site", {"Rano", "Sobota"}),
        ("time=morning", {"Rano", "Sobota"}),
        ("time=evening", {"Wieczór"}),
        ("time=weekend", {"Sobota"}),
        ("theme=law", {"Rano"}),
        ("town=Toruń&time=evening", set()),
        ("town=Nowhere", {"Rano", "Wieczór", "Sobota"}),
    ],
)
def test_list_is_filtered_by_the_address(client, query, found):
    today = factories.at(0).weekday()
    to_tuesday, to_saturday = (1 - today) % 7 + 7, (5 - today) % 7 + 7
    factories.make_workshop(
        title_pl="Rano",
        theme=factories.make_theme(code="law"),
        sessions=[(to_tuesday, "09:00", 60)],
    )
    factories.make_workshop(
        title_pl="Wieczór",
        languages=["uk", "pl"],
        town="",
        format=Workshop.Format.ONLINE,
        sessions=[(to_tuesday, "18:00", 60)],
    )
    factories.make_workshop(
        title_pl="Sobota",
        town="Bydgoszcz",
        format=Workshop.Format.HYBRID,
        sessions=[(to_saturday, "10:00", 60)],
    )
    page = text(client.get(f"/pl/workshops/?{query}"))
    assert {title for title in ("Rano", "Wieczór", "Sobota") if f">{title}</a>" in page} == found


def test_list_keeps_filters_in_its_pages(client, theme):
    for _number in range(21):
        factories.make_workshop(theme=theme)
    page = text(client.get("/en/workshops/?town=Toruń"))
    assert "Page 1 of 2" in page
    link = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
    second = client.get("/en/workshops/" + link)
    assert "Page 2 of 2" in text(second)
    assert second.context["form"].criteria == {"town": "Toruń"}


def test_list_without_results_says_what_to_do(client, workshop):
    factories.make_workshop(town="Bydgoszcz", languages=["uk"])
    assert "No workshop fits all of this" in text(client.get("/en/workshops/?town=Toruń&language=uk"))


def test_list_shows_my_own_state(client, workshop, migrant):
    registration.register(workshop, migrant, by=migrant)
    client.force_login(migrant)
    assert "badge-good" in text(client.get("/en/workshops/"))


@pytest.mark.parametrize("count", [3, 30])
def test_list_takes_the_same_number_of_queries(client, theme, migrant, django_assert_num_queries, count):
    for _number in range(count):
        factories.make_registration(factories.make_workshop(theme=theme))
    with django_assert_num_queries(4):
        client.get("/pl/workshops/")
    client.force_login(migrant)
    with django_assert_num_queries(8):
        client.get("/pl/workshops/")


# --- a workshop --------------------------------------------------------------------------------------------


def page_of(client, workshop, language="en"):
    return client.get(f"/{language}/workshops/{workshop.slug}/")


def test_page_says_all_there_is_to_know(client, theme):
    workshop = factories.make_workshop(
        theme=theme,
        description_en="We read letters from offices.",
        for_whom_en="For everybody",
        what_to_bring_en="A pen",
        languages=["pl", "uk"],
        level="A2",
        minimum=4,
        childcare_places=3,
        is_step_free=True,
        is_women_only=True,
        refunds_travel=True,
        sessions=[(7, "17:00", 90), (14, "17:00", 90)],
    )
    page = text(page_of(client, workshop))
    for fact in (
        workshop.title_en,
        "We read letters from offices.",
        "For everybody",
        "A pen",
        "Polish, Ukrainian",
        "A2",
        "12 free of 12",
        "Places for children: 3",
        "no steps at the entrance",
        "Women only",
        "We pay for your ticket.",
        "You can register until",
        "Cancel until",
        "wa.me",
        "t.me/share",
    ):
        assert fact in page, fact
    assert page.count("17:00–18:30") == 2


def test_page_hides_the_address_from_those_without_a_place(client, workshop, migrant, other_migrant):
    for visitor in (None, other_migrant):
        if visitor:
            client.force_login(visitor)
        page = text(page_of(client, workshop))
        assert "ul. Cicha 1" not in page
        assert "People who have a place see the whole address." in page
    registration.register(workshop, migrant, by=migrant)
    client.force_login(migrant)
    assert "ul. Cicha 1" in text(page_of(client, workshop))


def test_page_of_a_draft_is_for_its_coordinator(client, workshop, coordinator, migrant):
    Workshop.objects.update(state=Workshop.State.DRAFT)
    assert page_of(client, workshop).status_code == 404
    client.force_login(migrant)
    assert page_of(client, workshop).status_code == 404
    client.force_login(coordinator)
    assert page_of(client, workshop).status_code == 200


def test_page_of_a_cancelled_workshop_says_so_and_why(client, workshop):
    Workshop.objects.update(state=Workshop.State.CANCELLED, cancelled_reason="Sala jest zalana")
    page = text(page_of(client, workshop))
    assert "This workshop has been cancelled." in page
    assert "Sala jest zalana" in page
    assert "/register/" not in page


def test_page_offers_one_button(client, workshop, migrant):
    assert f'href="/en/workshops/{workshop.slug}/register/"' in text(page_of(client, workshop))
    client.force_login(migrant)
    assert f'<form method="post" action="/en/workshops/{workshop.slug}/register/">' in text(
        page_of(client, workshop)
    )


def test_page_says_why_not(client, workshop, migrant):
    registration.register(factories.make_workshop(title_en="Choir"), migrant, by=migrant)
    client.force_login(migrant)
    page = text(page_of(client, workshop))
    assert "At that time you already have something else: Choir" in page
    assert '<form method="post" action="/en/workshops/' not in page


def test_page_shows_my_number_on_the_list(client, migrant):
    workshop = factories.make_workshop(capacity=1)
    factories.make_registration(workshop)
    factories.make_registration(workshop, state=State.WAITLISTED)
    registration.register(workshop, migrant, by=migrant)
    client.force_login(migrant)
    assert "You are number 2 on the waiting list" in text(page_of(client, workshop))


def test_page_marks_what_is_in_another_language(client, theme):
    workshop = factories.make_workshop(theme=theme, title_en="", description_pl="Czytamy listy.")
    page = text(page_of(client, workshop))
    assert f'<span lang="pl" dir="ltr" class="other-language">{workshop.title_pl}</span>' in page
    assert "(in Polish)" in page
    assert "other-language" not in text(page_of(client, workshop, "pl"))


def test_page_is_read_by_search_engines(client, theme):
    workshop = factories.make_workshop(theme=theme, title_en="Law </script><b> & order")
    page = page_of(client, workshop).content.decode()
    source = re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page)[1]
    event = json.loads(source)
    session = workshop.sessions.get()
    assert event["name"] == "Law </script><b> & order"
    assert event["startDate"] == session.start_at.astimezone(UTC).isoformat()
    assert event["eventStatus"] == "https://schema.org/EventScheduled"
    assert "Cicha" not in source
    assert 'rel="canonical"' in page
    for language in ("pl", "en", "uk", "be", "ru", "ar"):
        assert f'hreflang="{language}"' in page


@pytest.mark.parametrize("count", [3, 30])
def test_page_takes_the_same_number_of_queries(client, theme, migrant, django_assert_num_queries, count):
    workshop = factories.make_workshop(
        theme=theme, capacity=count - 1, sessions=[(7 * n, "17:00", 60) for n in range(1, count)]
    )
    for number in range(count):
        state = State.CONFIRMED if number < count - 1 else State.WAITLISTED
        factories.make_registration(workshop, state=state)
    with django_assert_num_queries(4):
        page_of(client, workshop)
    client.force_login(migrant)
    with django_assert_num_queries(10):
        page_of(client, workshop)


# --- the calendar file -------------------------------------------------------------------------------------


def calendar_of(client, workshop) -> list:
    response = client.get(f"/en/workshops/{workshop.slug}/calendar.ics")
    assert response["Content-Type"].startswith("text/calendar")
    return Calendar.from_ical(response.content).walk("VEVENT")


def test_calendar_holds_every_session(client, theme):
    workshop = factories.make_workshop(theme=theme, sessions=[(7, "17:00", 90), (14, "17:00", 90)])
    Session.objects.filter(pk=workshop.sessions.last().pk).update(state=Session.State.CANCELLED, revision=3)
    first, second = calendar_of(client, workshop)
    assert first.start == workshop.sessions.first().start_at
    assert b"DTSTART:20" in client.get(f"/en/workshops/{workshop.slug}/calendar.ics").content
    assert (first["STATUS"], second["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 3)
    assert first["UID"] != second["UID"]
    assert first["SUMMARY"] == workshop.title_en
    assert first["UID"] == calendar_of(client, workshop)[0]["UID"]


def test_calendar_tells_the_address_to_those_who_have_a_place(client, workshop, migrant):
    [event] = calendar_of(client, workshop)
    assert event["LOCATION"] == "Toruń"
    registration.register(workshop, migrant, by=migrant)
    client.force_login(migrant)
    [event] = calendar_of(client, workshop)
    assert "ul. Cicha 1" in event["LOCATION"]


def test_calendar_after_a_move_keeps_its_uid_and_counts_up(client, workshop, coordinator):
    from workshops import planning

    [before] = calendar_of(client, workshop)
    session = workshop.sessions.get()
    planning.move_session(session, start_at=factories.at(8), end_at=factories.at(8, "19:00"), by=coordinator)
    [after] = calendar_of(client, workshop)
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1


def test_titles_in_all_languages_of_the_site_are_reachable(client, workshop):
    for language in ("pl", "en", "uk", "be", "ru", "ar"):
        with translation.override(language):
            assert client.get(f"/{language}/workshops/{workshop.slug}/").status_code == 200
