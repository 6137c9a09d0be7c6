"""The page of an offered place without signing in, and what a signed-in person sees of her turn."""

import re
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from tests import factories
from workshops import registration, waiting_list
from workshops.models import Registration, SeatOffer, Workshop

pytestmark = pytest.mark.django_db
State = Registration.State


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(factories.at(0, "12:00"), tick=True) as traveller, translation.override("en"):
        yield traveller


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def full_workshop(theme) -> Workshop:
    workshop = factories.make_workshop(theme=theme, capacity=1, sessions=[(14, "17:00", 120)])
    person = factories.make_user()
    registration.register(workshop, person, by=person)
    return workshop


@pytest.fixture
def offer(full_workshop, migrant) -> SeatOffer:
    registration.register(full_workshop, migrant, by=migrant)
    holder = full_workshop.registrations.confirmed().get()
    registration.cancel(holder, by=holder.user)
    return SeatOffer.objects.get()


@pytest.fixture
def page(offer) -> str:
    return reverse("seat_offer", args=[offer.public_id])


def test_offer_page_says_what_when_where_and_until_when_to_whoever_has_the_link(client, page, offer, migrant):
    shown = text(client.get(page))
    workshop = offer.registration.workshop
    assert workshop.title_en in shown
    assert "Toruń" in shown
    assert "17:00" in shown
    assert "Please answer until" in shown
    assert "ul. Cicha" not in shown
    assert migrant.email not in shown
    assert str(migrant) not in shown
    assert 'content="noindex"' in shown


def test_looking_at_the_offer_changes_nothing(client, page, offer):
    for _look in range(2):
        client.get(page)
        client.head(page)
    offer.refresh_from_db()
    assert (offer.state, offer.registration.state) == (SeatOffer.State.LIVE, State.OFFERED)


def test_accept_from_the_link(client, page, offer):
    answer = client.post(page, {"answer": "accept"}, follow=True)
    assert "You have a place" in text(answer)
    offer.refresh_from_db()
    assert offer.registration.state == State.CONFIRMED
    again = client.post(page, {"answer": "accept"}, follow=True)
    assert "You have a place" in text(again)


def test_decline_from_the_link(client, page, offer):
    answer = client.post(page, {"answer": "decline"}, follow=True)
    assert "You have said no" in text(answer)
    late = client.post(page, {"answer": "accept"}, follow=True)
    assert "You have said no" in text(late)


def test_expired_offer_says_what_to_do(client, page, offer, clock):
    clock.move_to(offer.until + timedelta(minutes=1))
    answer = client.post(page, {"answer": "accept"}, follow=True)
    assert "no longer open" in text(answer)
    assert reverse("workshop", args=[offer.registration.workshop.slug]) in text(answer)
    waiting_list.expire(offer)
    assert "no longer open" in text(client.get(page))


def test_unknown_offer_gets_a_kind_page(client):
    answer = client.get("/en/offers/12345678-1234-4234-8234-123456789012/")
    assert answer.status_code == 404
    assert "We do not find this offer" in text(answer)


@pytest.mark.parametrize("data", [{}, {"answer": "maybe"}])
def test_offer_page_with_no_answer_changes_nothing(client, page, offer, data):
    assert client.post(page, data).status_code == 302
    offer.refresh_from_db()
    assert offer.state == SeatOffer.State.LIVE


def test_offer_page_does_not_tell_a_stranger_what_else_she_has(client, page, offer, migrant):
    other = factories.make_workshop(title_en="Secret plans", sessions=[(14, "17:00", 60)])
    registration.register(other, migrant, by=migrant)
    stranger = text(client.post(page, {"answer": "accept"}, follow=True))
    assert "You already have something else" in stranger
    assert "Secret plans" not in stranger
    client.force_login(migrant)
    assert "Secret plans" in text(client.post(page, {"answer": "accept"}, follow=True))


@pytest.mark.parametrize("name", ["my_page", "workshop"])
def test_offer_stands_on_her_own_pages(client, offer, migrant, page, name):
    client.force_login(migrant)
    arguments = [offer.registration.workshop.slug] if name == "workshop" else []
    shown = text(client.get(reverse(name, args=arguments)))
    assert f'action="{page}"' in shown
    assert "Yes, I will come" in shown
    if name == "my_page":
        assert 'id="registrations"' not in shown  # it is said once
    client.logout()


def test_a_party_sees_one_offer_on_each_members_page(client, full_workshop, migrant, other_migrant):
    Workshop.objects.filter(pk=full_workshop.pk).update(capacity=2)
    one = factories.make_user()
    registration.register(full_workshop, one, by=one)
    registration.register_party(full_workshop, [migrant, other_migrant], by=migrant)
    client.force_login(other_migrant)
    shown = text(client.get(reverse("workshop", args=[full_workshop.slug])))
    assert "You need 2 places together" in shown
    assert "You need 2 places together" in text(client.get(reverse("my_page")))
    for holder in full_workshop.registrations.confirmed():
        registration.cancel(holder, by=holder.user)
    offer = SeatOffer.objects.live().get()
    assert offer.registration.user == migrant
    assert reverse("seat_offer", args=[offer.public_id]) in text(client.get(reverse("my_page")))


def test_workshop_page_shows_her_turn_and_why(client, full_workshop, migrant):
    Workshop.objects.filter(pk=full_workshop.pk).update(priorities=["first_time"])
    registration.register(full_workshop, migrant, by=migrant)
    address = reverse("workshop", args=[full_workshop.slug])
    assert "Who goes first on the waiting list" in text(client.get(address))
    client.force_login(migrant)
    shown = text(client.get(address))
    assert "You are number 1 on the waiting list" in shown
    assert "You go before others" in shown
    assert "Leave the waiting list" in shown


def test_near_the_start_who_waits_takes_the_free_place_with_one_button(client, full_workshop, migrant, clock):
    Workshop.objects.update(cancel_until_hours=0)
    registration.register(full_workshop, migrant, by=migrant)
    clock.move_to(full_workshop.sessions.get().start_at - timedelta(hours=2))
    holder = full_workshop.registrations.confirmed().get()
    registration.cancel(holder, by=holder.user)
    client.force_login(migrant)
    address = reverse("workshop", args=[full_workshop.slug])
    assert "Take the place" in text(client.get(address))
    client.post(reverse("register", args=[full_workshop.slug]))
    assert "You have a place" in text(client.get(address))


# --- other workshops like this one ------------------------------------------------------------------------


def others_on(client, workshop) -> list[dict]:
    return client.get(reverse("workshop", args=[workshop.slug])).context["alternatives"]


def test_alternatives_are_shown_where_it_is_full_and_say_what_differs(client, full_workshop, theme):
    near = factories.make_workshop(
        theme=theme,
        town="Bydgoszcz",
        languages=["uk"],
        childcare_places=3,
        format="hybrid",
        sessions=[(20, "10:00", 60)],
    )
    factories.make_workshop(sessions=[(20, "10:00", 60)])  # of another theme
    [found] = others_on(client, full_workshop)
    assert found["workshop"] == near
    words = " ".join(bit["text"] for bit in found["differs"])
    for word in ("another date", "Bydgoszcz", "Ukrainian", "childcare", "on the internet"):
        assert word in words
    assert "12 places are free" in found["seats"]
    assert near.title_en in text(client.get(reverse("workshop", args=[full_workshop.slug])))


def test_alternatives_come_nearest_first_and_never_what_takes_nobody(client, full_workshop, theme):
    later = [(20, "10:00", 60)]
    elsewhere = factories.make_workshop(theme=theme, town="Bydgoszcz", sessions=later)
    here = factories.make_workshop(theme=theme, sessions=later)
    full = factories.make_workshop(theme=theme, capacity=1, sessions=later)
    factories.make_registration(full)
    copy = factories.make_workshop(theme=theme, copied_from=full_workshop, sessions=[(30, "10:00", 60)])
    factories.make_workshop(theme=theme, signup_mode="by_invitation", sessions=later)
    factories.make_workshop(theme=theme, state=Workshop.State.DRAFT, sessions=later)
    factories.make_workshop(theme=theme, sessions=[(-1, "10:00", 60)])
    found = [other["workshop"] for other in others_on(client, full_workshop)]
    assert found == [copy, here, elsewhere, full]


def test_alternatives_of_a_course_are_those_of_its_level(client):
    full = factories.make_workshop(kind="course", level="A1", capacity=1)
    factories.make_registration(full)
    same = factories.make_workshop(kind="course", level="A1", sessions=[(20, "10:00", 60)])
    factories.make_workshop(kind="course", level="B1", sessions=[(20, "10:00", 60)])
    assert [other["workshop"] for other in others_on(client, full)] == [same]


def test_alternatives_are_not_shown_where_places_are_free(client, workshop, theme):
    factories.make_workshop(theme=theme)
    assert others_on(client, workshop) == []


def test_alternatives_leave_out_what_she_has(client, full_workshop, theme, migrant):
    factories.make_registration(factories.make_workshop(theme=theme, sessions=[(20, "10:00", 60)]), migrant)
    client.force_login(migrant)
    assert others_on(client, full_workshop) == []


def test_alternatives_take_the_same_queries_however_many(client, full_workshop, theme):
    counts = []
    for number in (3, 27):
        for _workshop in range(number):
            factories.make_workshop(theme=theme, sessions=[(20, "10:00", 60), (27, "10:00", 60)])
        with CaptureQueriesContext(connection) as queries:
            assert len(others_on(client, full_workshop)) == min(number, 4) or number == 27
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_who_answers_for_several_is_not_told_what_another_has_in_her_diary(
    client, theme, migrant, other_migrant
):
    """People whom a coordinator joined are two grown-ups; what the other one does is her own business."""
    workshop = factories.make_workshop(theme=theme, capacity=2, sessions=[(14, "17:00", 120)])
    party = uuid.uuid4()
    for person in (migrant, other_migrant):
        factories.make_registration(
            workshop, person, state=State.WAITLISTED, queued_at=factories.at(-1), party=party
        )
    offer = waiting_list.promote_next(workshop)[0]
    first = offer.registration.user
    other = next(person for person in (migrant, other_migrant) if person != first)
    busy = factories.make_workshop(theme=theme, title_en="Talks in secret", sessions=[(14, "17:30", 60)])
    registration.register(busy, other, by=other)
    client.force_login(first)
    answer = client.post(reverse("seat_offer", args=[offer.public_id]), {"answer": "accept"}, follow=True)
    assert "Talks in secret" not in text(answer)
    assert "already has something else" in text(answer)
    assert workshop.registrations.confirmed().count() == 0
