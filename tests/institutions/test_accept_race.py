"""Two assistants press "yes" in the same second, fifty times over, on real connections: one job each time."""

import threading

import pytest
from django.db import connection, connections

from institutions import offers, requests
from institutions.models import Assignment, AssistanceRequest, Offer
from portal import diary
from portal.models import DiaryEntry
from portal.refusals import Refused
from tests import factories

ROUNDS = 50

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Run all acts on connections of their own, started together; returns what each returned or raised."""
    gate = threading.Barrier(len(acts))
    outcomes = [None] * len(acts)

    def run(index, act):
        try:
            gate.wait(timeout=10)
            outcomes[index] = act()
        except Exception as error:  # the test looks at every outcome
            outcomes[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index, act)) for index, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes


def submit(institution, official, days, clock="10:00"):
    return requests.submit(
        institution,
        by=official,
        start_at=factories.at(days, clock),
        minutes=60,
        language="uk",
        subject="health",
        town="Toruń",
    )


@pytest.mark.slow
def test_two_accept_at_once_and_one_gets_the_job(institution, official, assistant, project):
    other = factories.make_assistant(project).user
    for number in range(ROUNDS):
        request = submit(institution, official, days=factories.AHEAD + number)
        first, second = (request.offers.get(assistant__user=user) for user in (assistant, other))
        outcomes = at_once(
            lambda offer=first: offers.accept(offer, by=assistant),
            lambda offer=second: offers.accept(offer, by=other),
        )
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyTaken", "Assignment"]
        request.refresh_from_db()
        assert request.state == AssistanceRequest.State.CONFIRMED
        assert request.assignments.filter(state=Assignment.State.ACTIVE).count() == 1
        assert sorted(request.offers.values_list("state", flat=True)) == [
            Offer.State.ACCEPTED,
            Offer.State.TAKEN,
        ]
        assert [move.new_state for move in request.transitions.all()] == ["offering", "confirmed"]
        busy = DiaryEntry.objects.filter(source=request.source, kind=diary.Kind.ASSISTANCE)
        assert busy.count() == 1


@pytest.mark.slow
def test_one_assistant_accepts_two_overlapping_jobs_at_once_and_gets_one(institution, official, assistant):
    for number in range(ROUNDS // 5):
        pair = [
            submit(institution, official, factories.AHEAD + number, clock) for clock in ("10:00", "10:30")
        ]
        made = [request.offers.get() for request in pair]
        outcomes = at_once(*(lambda offer=offer: offers.accept(offer, by=assistant) for offer in made))
        assert sum(isinstance(outcome, Assignment) for outcome in outcomes) == 1
        assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1, outcomes
        states = AssistanceRequest.objects.filter(pk__in=[request.pk for request in pair])
        assert sorted(states.values_list("state", flat=True)) == ["confirmed", "unfilled"]


def test_pressing_twice_at_once_is_one_job(institution, official, assistant):
    request = submit(institution, official, days=factories.AHEAD)
    offer = request.offers.get()
    outcomes = at_once(*(lambda: offers.accept(offer, by=assistant) for _ in range(4)))
    assert {outcome.pk for outcome in outcomes} == {Assignment.objects.get().pk}
    assert connection.vendor == "postgresql"
