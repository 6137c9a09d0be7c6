"""Two transactions that meet at a request or at people, on real connections: each gets through."""

from datetime import timedelta

import pytest
from django.db import transaction

from institutions import attempts, offers, proposals, requests, staffing
from institutions.models import Assignment, AssistanceRequest, Offer, TimeChange
from institutions.transitions import lock
from portal import diary
from tests import factories
from tests.institutions.searches import look
from tests.locks import in_its_own_transaction, wait_until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


def submit(institution, official, days, **fields) -> AssistanceRequest:
    fields = {"start_at": factories.at(days, "10:00"), "minutes": 60} | fields
    return requests.submit(institution, by=official, language="uk", subject="health", town="Toruń", **fields)


def test_what_is_taken_back_while_time_waits_does_not_move_the_meeting(institution, official, assistant):
    request = submit(institution, official, 7)
    offers.accept(request.offers.get(), by=assistant)
    new = {"start_at": request.start_at + timedelta(hours=4), "minutes": 60, "mode": "on_site"}
    (change,) = proposals.propose(request, by=official, **new)
    TimeChange.objects.update(answer_until=factories.at(-1, "10:00"))
    with transaction.atomic():
        proposals.take_back(request, by=official)
        beat = in_its_own_transaction(proposals.settle_overdue)
        wait_until_blocked()
    beat.join(timeout=30)
    before, request = request, AssistanceRequest.objects.get(pk=request.pk)
    assert request.start_at == before.start_at
    assert request.assignments.get().state == Assignment.State.ACTIVE
    change.refresh_from_db()
    assert change.state == TimeChange.State.CALLED_OFF


def test_who_is_suspended_leaves_meetings_in_the_order_in_which_a_series_is_cancelled(
    institution, official, assistant
):
    near, far = (submit(institution, official, days) for days in (7, 14))
    with transaction.atomic():
        lock(near)
        suspending = in_its_own_transaction(lambda: attempts.withdraw_offers(assistant.assistant))
        wait_until_blocked()
        lock(far)  # a deadlock, if the other one were there already
    suspending.join(timeout=30)
    assert set(Offer.objects.values_list("state", flat=True)) == {Offer.State.CALLED_OFF}


def test_who_is_sent_and_who_is_taken_in_time_are_held_in_one_order(
    institution, official, coordinator, assistant, project
):
    second = factories.make_assistant(project)
    request = look(
        institution,
        official,
        start_at=factories.at(14, "10:00"),
        choice="coordinator",
        assistants_needed=2,
    )
    offers.show_interest(request.offers.get(assistant=assistant.assistant), by=assistant)
    # So long ago that time chooses for the coordinator.
    Offer.objects.filter(state=Offer.State.INTERESTED).update(answered_at=factories.at(-60, "10:00"))
    with transaction.atomic():
        diary.hold([assistant.pk])
        sending = in_its_own_transaction(
            lambda: staffing.assign_by_hand(request, second, by=coordinator, reason="other")
        )
        wait_until_blocked()
        diary.hold([second.user_id])  # a deadlock, if she were held already
    sending.join(timeout=30)
    assert request.assignments.filter(state=Assignment.State.ACTIVE).count() == 2
