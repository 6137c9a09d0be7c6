"""An official changes a request in the second in which an assistant agrees to it, on real connections."""

from datetime import timedelta

import pytest

from institutions import amendments, offers, proposals, requests
from institutions.models import Assignment, AssistanceRequest, TimeChange
from portal.models import DiaryEntry
from portal.refusals import Refused
from tests import factories
from tests.institutions.test_accept_race import at_once

ROUNDS = 8
State = AssistanceRequest.State

pytestmark = pytest.mark.django_db(transaction=True)


def order(days, clock="10:00"):
    start = factories.at(days, clock)
    return {"start_at": start, "minutes": 60, "language": "uk", "subject": "health", "town": "Toruń"}


def consistent(request):
    """The assistant's diary says what the request says, or nothing."""
    request.refresh_from_db()
    jobs = list(request.assignments.filter(state=Assignment.State.ACTIVE))
    busy = DiaryEntry.objects.filter(source=request.source, kind="assistance", state="firm")
    if jobs:
        assert request.state == State.CONFIRMED
        assert [entry.start_at for entry in busy] == [request.start_at]
    else:
        assert request.state in (State.OFFERING, State.UNFILLED)
        assert not busy
    assert request.attempts.live().count() == (0 if jobs or request.state == State.UNFILLED else 1)


@pytest.mark.slow
def test_a_change_and_a_yes_at_once_never_send_anybody_at_the_wrong_time(institution, official, assistant):
    outcomes = set()
    for number in range(ROUNDS):
        request = requests.submit(institution, by=official, **order(7 + number))
        offer, new = request.offers.get(), order(7 + number, "14:00")
        changed, agreed = at_once(
            lambda request=request, new=new: amendments.change_order(request, by=official, **new),
            lambda offer=offer: offers.accept(offer, by=assistant),
        )
        assert isinstance(changed, Refused) != isinstance(agreed, Refused), (changed, agreed)
        consistent(request)
        outcomes.add(type(agreed).__name__)
    assert outcomes <= {"Assignment", "OfferOver"}


@pytest.mark.slow
def test_a_yes_to_another_time_and_taking_it_back_at_once_leave_one_time(institution, official, assistant):
    for number in range(ROUNDS):
        request = requests.submit(institution, by=official, **order(7 + number))
        offers.accept(request.offers.get(), by=assistant)
        new = {"start_at": request.start_at + timedelta(hours=4), "minutes": 60, "mode": "on_site"}
        (change,) = proposals.propose(request, by=official, **new)
        at_once(
            lambda change=change: proposals.answer(change, by=assistant, is_yes=True),
            lambda request=request: proposals.take_back(request, by=official),
            *(
                [lambda request=request: requests.cancel(request, by=official, reason="other")]
                * (number % 4 == 3)
            ),
        )
        change.refresh_from_db()
        assert change.state in (TimeChange.State.ACCEPTED, TimeChange.State.CALLED_OFF)
        request.refresh_from_db()
        moved = request.start_at == change.start_at
        assert moved == (change.state == TimeChange.State.ACCEPTED)
        if request.state == State.CANCELLED_BY_INSTITUTION:
            assert not DiaryEntry.objects.filter(source=request.source, state="firm").exists()
        else:
            consistent(request)


@pytest.mark.slow
def test_two_officials_who_change_at_once_do_not_lose_each_others_words(institution, official, assistant):
    colleague = factories.make_official(institution)
    request = requests.submit(institution, by=official, **order(9))
    seen = amendments.version(request)
    outcomes = at_once(
        lambda: amendments.change_order(request, by=official, seen=seen, **order(9, "12:00")),
        lambda: amendments.change_order(request, by=colleague, seen=seen, **order(9, "14:00")),
    )
    kinds = sorted(type(outcome).__name__ for outcome in outcomes)
    assert kinds == ["AssistanceRequest", "ChangedMeanwhile"]
    consistent(request)
