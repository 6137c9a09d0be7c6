"""A meeting that moves: who comes along, where it is then, and who is asked about it no more."""

from datetime import timedelta

import pytest
import time_machine

from institutions import offers, proposals, requests, staffing, withdrawals
from institutions.models import AssistanceRequest, Assistant
from portal import diary
from portal.models import DiaryEntry, Message, User
from tests import factories
from tests.institutions.orders import FRIDAY, NOW, ask, texts, told

pytestmark = pytest.mark.django_db
State = AssistanceRequest.State
LATER = FRIDAY + timedelta(days=3)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def second(project, assistant):
    return factories.make_assistant(project).user


@pytest.fixture
def agreed(institution, official, assistant, coordinator):
    request = ask(institution, official, address="ul. Stara 1")
    offers.accept(request.offers.get(), by=assistant)
    return AssistanceRequest.objects.get(pk=request.pk)


@pytest.fixture
def both(institution, official, assistant, second, coordinator):
    """Two go."""
    request = ask(institution, official, assistants_needed=2)
    for person in (assistant, second):
        offers.accept(request.offers.get(assistant__user=person), by=person)
    return AssistanceRequest.objects.get(pk=request.pk)


def propose(request, by, **fields):
    new = {"start_at": LATER, "minutes": 60, "mode": "on_site", "town": "Toruń"} | fields
    return proposals.propose(request, by=by, **new)


def answer(request, person, *, is_yes):
    change = proposals.open_changes(request).get(assignment__assistant__user=person)
    proposals.answer(change, by=person, is_yes=is_yes)


def enter_workshop(person, start) -> None:
    diary.put(
        person,
        diary.Appointment(
            source="workshops.session:1",
            kind=diary.Kind.TEACHING,
            start_at=start,
            end_at=start + timedelta(hours=1),
            title={},
        ),
    )


def settle_elsewhere(person) -> None:
    """The way to Toruń is longer now, also to what she has agreed to already."""
    Assistant.objects.filter(user=person).update(home_town="Sopot", home_county="Sopot")


def test_whose_way_became_longer_is_released_and_nobody_else_hears_of_her_diary(
    both, official, assistant, second
):
    propose(both, official)
    answer(both, assistant, is_yes=True)
    enter_workshop(assistant, LATER + timedelta(minutes=100))
    settle_elsewhere(assistant)
    answer(both, second, is_yes=True)
    both.refresh_from_db()
    assert (both.start_at, both.is_looking) == (LATER, True)
    assert both.assignments.get(assistant__user=assistant).state == "replaced"
    assert both.assignments.get(state="active").assistant.user == second
    firm = DiaryEntry.objects.filter(source=both.source, state="firm")
    assert set(firm.values_list("user", flat=True)) == {second.pk, official.pk}
    assert any(key.startswith("released:") for key in told(assistant))


def test_one_goes_on_although_her_way_became_longer(both, official, assistant, second):
    withdrawals.withdraw(both.assignments.get(assistant__user=second), by=second, reason="ill")
    enter_workshop(assistant, FRIDAY + timedelta(minutes=100))
    settle_elsewhere(assistant)
    staffing.go_on_with_one(both, by=official)
    both.refresh_from_db()
    assert both.state == State.CONFIRMED


def test_in_another_town_nobody_is_sent_to_the_old_street_or_reckons_with_the_old_county(
    agreed, official, assistant
):
    User.objects.filter(pk=official.pk).update(language="en")
    propose(agreed, official, town="Sopot")
    agreed.refresh_from_db()
    assert (agreed.town, agreed.address) == ("Toruń", "ul. Stara 1"), "until she has answered"
    answer(agreed, assistant, is_yes=True)
    agreed.refresh_from_db()
    assert (agreed.town, agreed.county, agreed.address) == ("Sopot", "", "")
    assert "give the new address" in texts(official)


def test_the_same_town_spelled_otherwise_keeps_its_street_and_county(agreed, official, assistant):
    User.objects.filter(pk=official.pk).update(language="en")
    propose(agreed, official, town="toruń ")
    answer(agreed, assistant, is_yes=True)
    agreed.refresh_from_db()
    assert (agreed.county, agreed.address) == ("Toruń", "ul. Stara 1")
    assert "new address" not in texts(official)


@pytest.mark.parametrize("act", ["cancel", "withdraw", "replace"])
def test_a_question_that_waits_for_the_morning_is_not_asked_when_she_does_not_go(
    agreed, official, assistant, coordinator, clock, act
):
    clock.move_to(NOW.replace(hour=22))
    propose(agreed, official)
    job = agreed.assignments.get()
    if act == "cancel":
        requests.cancel(agreed, by=official, reason="other")
    elif act == "withdraw":
        withdrawals.withdraw(job, by=assistant, reason="ill")
    else:
        staffing.replace(job, by=coordinator, reason="ill")
    letter = Message.objects.get(recipient=assistant, key__startswith="change_proposed:")
    assert letter.state == Message.State.SILENCED


def test_who_is_asked_for_the_other_place_hears_of_it_although_nobody_else_goes(
    institution, official, assistant, second, project, clock
):
    """In the evening one of two agrees and withdraws again; letters about the other place wait."""
    clock.move_to(NOW.replace(hour=22))
    request = ask(institution, official, assistants_needed=2)
    offers.accept(request.offers.get(assistant__user=assistant), by=assistant)
    letter = Message.objects.get(recipient=second, key__startswith="offered:")
    assert (letter.state, letter.due_at > NOW.replace(hour=23)) == (Message.State.QUEUED, True)
    withdrawals.withdraw(request.assignments.get(), by=assistant, reason="ill")
    assert request.offers.get(assistant__user=second).state == "open"
    letter.refresh_from_db()
    assert letter.state == Message.State.QUEUED
    assert not DiaryEntry.objects.filter(source=request.source, state="firm").exists()
