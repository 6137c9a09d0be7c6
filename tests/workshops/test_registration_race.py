"""Many press at once: real threads, each with a connection of its own, on real row locks."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from portal.models import Message
from tests import factories
from workshops import guards, registration, waiting_list
from workshops.capacity_audit import findings
from workshops.models import Registration, SeatOffer

pytestmark = pytest.mark.django_db(transaction=True)
State = Registration.State


def at_once(*calls) -> list:
    """Run all calls at the same moment; what each returned, or its refusal."""
    barrier = Barrier(len(calls))

    def run(call):
        try:
            barrier.wait(timeout=20)
            return call()
        except registration.Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def asking(workshop, person):
    return lambda: registration.register(workshop, person, by=person)


def test_register_never_gives_more_places_than_there_are():
    workshop = factories.make_workshop(capacity=4)
    people = [factories.make_user() for _person in range(16)]
    rows = at_once(*[asking(workshop, person) for person in people])
    assert Counter(row.state for row in rows) == {State.CONFIRMED: 4, State.WAITLISTED: 12}
    waiting = workshop.registrations.waiting().with_rank()
    assert [row.rank for row in waiting] == list(range(1, 13))


def test_register_by_a_double_click_is_one_registration(migrant):
    workshop = factories.make_workshop()
    results = at_once(*[asking(workshop, migrant)] * 4)
    assert Counter(type(result) for result in results) == {Registration: 1, guards.AlreadyRegistered: 3}
    assert workshop.registrations.get().state == State.CONFIRMED


def test_register_for_two_overlapping_workshops_gives_one_of_them(migrant):
    workshops = [factories.make_workshop() for _workshop in range(4)]
    results = at_once(*[asking(workshop, migrant) for workshop in workshops])
    assert Counter(type(result) for result in results) == {Registration: 1, guards.Overlaps: 3}


def test_cancel_while_others_register_loses_no_place():
    """Each freed place is given to who comes then, or kept for who waits."""
    workshop = factories.make_workshop(capacity=4)
    holders = [factories.make_user() for _person in range(4)]
    rows = [registration.register(workshop, person, by=person) for person in holders]
    others = [factories.make_user() for _person in range(8)]
    at_once(
        *[asking(workshop, person) for person in others],
        *[lambda row=row: registration.cancel(row, by=row.user) for row in rows],
    )
    states = Counter(workshop.registrations.values_list("state", flat=True))
    assert states[State.CONFIRMED] + states[State.OFFERED] == 4
    assert (states[State.WAITLISTED], states[State.WITHDRAWN]) == (4, 4)
    assert not list(findings())


# --- offers ------------------------------------------------------------------------------------------------


@pytest.fixture
def offer() -> SeatOffer:
    workshop = factories.make_workshop(capacity=1, sessions=[(14, "17:00", 60)])
    holder, waiting = factories.make_user(), factories.make_user()
    place = registration.register(workshop, holder, by=holder)
    registration.register(workshop, waiting, by=waiting)
    registration.cancel(place, by=holder)
    return SeatOffer.objects.select_related("registration__user").get()


def accepting(offer):
    return lambda: waiting_list.accept(offer, by=offer.registration.user)


def test_accept_by_a_double_click_is_one_place(offer):
    at_once(*[accepting(offer)] * 4)
    assert offer.registration.workshop.registrations.confirmed().count() == 1
    keys = Message.objects.filter(key__contains="seat_confirmed", recipient=offer.registration.user)
    assert keys.count() == 1
    assert not list(findings())


def test_expire_by_two_workers_at_once_passes_the_place_on_once(offer):
    workshop = offer.registration.workshop
    after = [factories.make_user() for _person in range(2)]
    rows = [registration.register(workshop, person, by=person) for person in after]
    SeatOffer.objects.update(offered_at=timezone.now() - timedelta(days=2), until=timezone.now())
    at_once(*[lambda: waiting_list.expire(offer)] * 3, accepting(offer))
    states = [Registration.objects.get(pk=row.pk).state for row in (offer.registration, *rows)]
    assert states == [State.LAPSED, State.OFFERED, State.WAITLISTED]
    assert not list(findings())


@pytest.mark.parametrize("against", ["cancel", "decline"])
def test_accept_against_a_no_leaves_one_of_the_two(offer, against):
    person, row = offer.registration.user, offer.registration
    other = {
        "cancel": lambda: registration.cancel(row, by=person),
        "decline": lambda: waiting_list.decline(offer, by=person),
    }[against]
    at_once(accepting(offer), other)
    offer.refresh_from_db()
    row.refresh_from_db()
    assert row.state in (State.CONFIRMED, State.WITHDRAWN)
    assert (offer.state == SeatOffer.State.DECLINED) <= (row.state == State.WITHDRAWN)
    assert not list(findings())


def test_two_freed_places_and_one_who_waits_are_one_offer():
    workshop = factories.make_workshop(capacity=2, sessions=[(14, "17:00", 60)])
    holders = [factories.make_user() for _person in range(2)]
    places = [registration.register(workshop, person, by=person) for person in holders]
    waiting = factories.make_user()
    row = registration.register(workshop, waiting, by=waiting)
    at_once(*[lambda place=place: registration.cancel(place, by=place.user) for place in places])
    assert SeatOffer.objects.get().registration == row
    assert workshop.registrations.taking_a_place().count() == 1
    assert not list(findings())
