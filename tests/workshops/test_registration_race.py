"""Many press at once: real threads, each with a connection of its own, on real row locks."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tests import factories
from workshops import guards, registration
from workshops.capacity_audit import findings
from workshops.models import Registration

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
