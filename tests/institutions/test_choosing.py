"""Interest, coming forward, and the coordinator's choice."""

from datetime import timedelta

import pytest
import time_machine

from institutions import offers, staffing
from institutions.models import AssistanceRequest, Attempt, Offer
from institutions.transitions import NotYours
from portal.models import Message
from tests import factories
from tests.institutions.searches import (
    NOW,
    START,
    accept,
    answer_of,
    fresh,
    look,
    open_offers,
    people,
    refuse,
    told,
)

pytestmark = pytest.mark.django_db
State = AssistanceRequest.State


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def helpers(project):
    return people(project, 4)


@pytest.fixture
def request_(institution, official, coordinator, helpers):
    return look(institution, official, choice="coordinator")


def want(offer: Offer) -> Offer:
    return offers.show_interest(offer, by=offer.assistant.user)


def sent() -> None:
    Message.objects.update(state="sent", sent_at=NOW)


# --- interest --------------------------------------------------------------------------------------------


def test_where_the_coordinator_chooses_the_attempt_says_so(request_):
    attempt = request_.attempts.get()
    assert attempt.state == Attempt.State.CHOOSING
    offer = open_offers(request_)[0]
    assert "The first to agree" not in Message.objects.get(key=f"offered:{offer.pk}").text


def test_nobody_gets_it_by_agreeing_first(request_):
    with pytest.raises(offers.CoordinatorChooses):
        accept(open_offers(request_)[0])
    assert not request_.assignments.exists()


def test_show_interest_is_kept_and_the_coordinator_told_once(request_, coordinator):
    first, second, _third = open_offers(request_)
    want(first)
    want(first)
    want(second)
    assert fresh(first).state == Offer.State.INTERESTED
    assert Message.objects.filter(recipient=coordinator, key__startswith="choose:").count() == 1
    assert request_.offers.filter(state=Offer.State.INTERESTED).count() == 2


def test_who_is_interested_after_the_only_one_was_not_any_more_is_news(request_, coordinator, clock):
    first, second, _third = open_offers(request_)
    want(first)
    offers.refuse(first, by=first.assistant.user)
    clock.shift(timedelta(minutes=5))
    want(second)
    assert Message.objects.filter(recipient=coordinator, key__startswith="choose:").count() == 2


def test_show_interest_is_hers_and_only_in_time(request_, official, clock):
    first, second, _third = open_offers(request_)
    with pytest.raises(NotYours):
        offers.show_interest(first, by=second.assistant.user)
    clock.move_to(first.expires_at)
    with pytest.raises(offers.OfferOver):
        want(first)


def test_show_interest_where_the_first_gets_it_is_refused(institution, official, helpers):
    request = look(institution, official)
    with pytest.raises(offers.FirstGetsIt):
        want(open_offers(request)[0])


def test_while_somebody_is_interested_nobody_else_is_asked(request_, clock):
    first = open_offers(request_)[0]
    want(first)
    clock.move_to(first.expires_at - timedelta(hours=1))
    for offer in open_offers(request_):
        refuse(offer)
    assert not open_offers(request_), "the coordinator has somebody to choose"
    offers.refuse(first, by=first.assistant.user)
    assert len(open_offers(request_)) == 1, "now the next wave"


# --- choose ----------------------------------------------------------------------------------------------


def test_choose_sends_one_and_tells_the_others_kindly(request_, coordinator, official):
    first, second, third = open_offers(request_)
    want(first), want(second)
    sent()
    job = staffing.choose(second, by=coordinator)
    assert fresh(request_).state == State.CONFIRMED
    assert (job.assistant, job.assigned_by) == (second.assistant, None)
    assert [fresh(one).state for one in (first, second, third)] == ["not_chosen", "accepted", "taken"]
    assert told(first.assistant.user) >= {"not_chosen"}
    assert told(second.assistant.user) >= {"chosen"}
    assert told(third.assistant.user) >= {"taken"}
    assert "assistant_comes" in told(official)
    assert fresh(request_).transitions.last().actor == coordinator


def test_choose_twice_is_one_job_and_of_somebody_not_interested_refused(request_, coordinator):
    first, second, _third = open_offers(request_)
    want(first)
    with pytest.raises(staffing.NoLongerInterested):
        staffing.choose(second, by=coordinator)
    assert staffing.choose(first, by=coordinator) == staffing.choose(first, by=coordinator)
    assert request_.assignments.count() == 1


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"contract_until": NOW.date()}, staffing.NobodyCanSetThisAside),
        ({"suspended_at": NOW}, staffing.NobodyCanSetThisAside),
        ({"max_minutes_a_day": 30}, staffing.MisfitNeedsReason),
    ],
)
def test_choose_of_somebody_who_must_not_go_by_now_is_refused(request_, coordinator, fields, refusal):
    offer = want(open_offers(request_)[0])
    type(offer.assistant).objects.filter(pk=offer.assistant_id).update(**fields)
    with pytest.raises(refusal):
        staffing.choose(offer, by=coordinator)
    assert fresh(request_).state == State.OFFERING


def test_choose_is_the_coordinators(request_, official, other_project):
    first = want(open_offers(request_)[0])
    for user in (official, first.assistant.user, factories.make_staff(other_project)):
        with pytest.raises(NotYours):
            staffing.choose(first, by=user)


def test_choose_of_somebody_busy_by_now_loses_nothing(institution, official, request_, coordinator):
    first = want(open_offers(request_)[0])
    other = look(institution, official)
    accept(other.offers.get(assistant=first.assistant))
    with pytest.raises(staffing.AssistantBusy):
        staffing.choose(first, by=coordinator)
    assert fresh(request_).state == State.OFFERING
    assert fresh(first).state == Offer.State.INTERESTED


# --- not chosen in time ----------------------------------------------------------------------------------


def test_the_coordinator_is_reminded_once_and_then_the_best_one_goes(request_, coordinator, clock):
    first, second, _third = open_offers(request_)
    want(second), want(first)
    Offer.objects.filter(pk=second.pk).update(score=99)
    clock.move_to(NOW + timedelta(hours=12))
    offers.expire_offers()
    offers.expire_offers()
    assert Message.objects.filter(recipient=coordinator, key__startswith="choose_reminder:").count() == 1
    assert fresh(request_).state == State.OFFERING
    clock.move_to(NOW + timedelta(hours=24))
    offers.expire_offers()
    assert fresh(request_).state == State.CONFIRMED
    assert request_.assignments.get().assistant == second.assistant
    assert fresh(request_).transitions.last().actor is None
    assert fresh(first).state == Offer.State.NOT_CHOSEN


def test_if_the_best_one_cannot_any_more_the_next_best_goes(institution, official, request_, clock):
    first, second, _third = open_offers(request_)
    want(first), want(second)
    Offer.objects.filter(pk=first.pk).update(score=99)
    accept(look(institution, official).offers.get(assistant=first.assistant))
    clock.move_to(NOW + timedelta(hours=24))
    offers.expire_offers()
    assert request_.assignments.get().assistant == second.assistant
    assert fresh(first).state == Offer.State.CALLED_OFF


def test_near_the_meeting_the_choice_is_made_before_it_is_too_late(institution, official, helpers, clock):
    request = look(
        institution, official, choice="coordinator", urgency="urgent", start_at=NOW + timedelta(hours=3)
    )
    want(open_offers(request)[0])
    clock.shift(timedelta(minutes=90))
    offers.expire_offers()
    assert fresh(request).state == State.CONFIRMED


# --- who chooses -----------------------------------------------------------------------------------------


def test_change_choice_to_the_first_lets_the_interested_say_yes(request_, coordinator):
    first, second, _third = open_offers(request_)
    want(first)
    staffing.change_choice(request_, "first", by=coordinator)
    assert (fresh(request_).choice, request_.attempts.get().state) == ("first", Attempt.State.SEARCHING)
    assert fresh(first).state == Offer.State.OPEN
    assert "your_turn" in told(first.assistant.user)
    accept(second)
    assert fresh(request_).state == State.CONFIRMED


def test_change_choice_to_the_coordinator_and_twice(institution, official, helpers, coordinator):
    request = look(institution, official)
    staffing.change_choice(request, "coordinator", by=coordinator)
    staffing.change_choice(request, "coordinator", by=coordinator)
    assert [move.new_state for move in request.attempts.get().transitions.all()] == ["searching", "choosing"]
    with pytest.raises(offers.CoordinatorChooses):
        accept(open_offers(request)[0])


def test_change_choice_is_the_coordinators_and_while_somebody_is_looked_for(request_, official, coordinator):
    with pytest.raises(NotYours):
        staffing.change_choice(request_, "first", by=official)
    staffing.choose(want(open_offers(request_)[0]), by=coordinator)
    with pytest.raises(staffing.NotLooking):
        staffing.change_choice(request_, "first", by=coordinator)


# --- coming forward --------------------------------------------------------------------------------------


def not_asked(request, helpers):
    asked = set(request.offers.values_list("assistant", flat=True))
    return next(one for one in helpers if one.pk not in asked)


def test_volunteer_where_the_coordinator_chooses_is_interested(request_, helpers, coordinator):
    helper = not_asked(request_, helpers)
    offer = offers.volunteer(request_, by=helper.user)
    assert (offer.state, offer.wave, offer.attempt.state) == (Offer.State.INTERESTED, 0, "choosing")
    assert offers.volunteer(request_, by=helper.user) == offer
    assert "choose" in told(coordinator)
    assert staffing.choose(offer, by=coordinator).assistant == helper


def test_volunteer_where_the_first_gets_it_comes_first_in_the_next_wave(
    institution, official, helpers, clock
):
    request = look(institution, official)
    helper = not_asked(request, helpers)
    offer = offers.volunteer(request, by=helper.user)
    assert offer.state == Offer.State.INTERESTED, "those who were asked keep their turn"
    with pytest.raises(offers.OfferOver):
        accept(offer)
    for one in open_offers(request):
        refuse(one)
    assert fresh(offer).state == Offer.State.OPEN
    assert "your_turn" in told(helper.user)
    accept(fresh(offer))
    assert fresh(request).state == State.CONFIRMED


def test_volunteer_for_an_unfilled_request_is_asked_at_once(institution, official, project):
    request = look(institution, official)
    (helper,) = people(project, 1)
    offer = offers.volunteer(request, by=helper.user)
    assert offer.state == Offer.State.OPEN
    assert fresh(request).state == State.OFFERING
    accept(offer)


def test_volunteer_after_a_no_by_mistake(request_, helpers):
    offer = open_offers(request_)[0]
    refuse(offer)
    assert offers.volunteer(request_, by=offer.assistant.user).state == Offer.State.INTERESTED


def test_volunteer_is_refused_who_does_not_fit_or_belongs_elsewhere(
    request_, project, other_project, official
):
    misfit = factories.make_assistant(project, languages=("fr",))
    with pytest.raises(offers.NotForYou):
        offers.volunteer(request_, by=misfit.user)
    for user in (official, factories.make_assistant(other_project).user):
        with pytest.raises(NotYours):
            offers.volunteer(request_, by=user)


def test_volunteer_is_refused_once_somebody_goes_or_it_began(institution, official, helpers, clock):
    request = look(institution, official)
    helper = not_asked(request, helpers)
    accept(open_offers(request)[0])
    with pytest.raises(offers.NotLookedFor):
        offers.volunteer(request, by=helper.user)
    other = look(institution, official)
    clock.move_to(START)
    with pytest.raises(offers.NotLookedFor):
        offers.volunteer(other, by=not_asked(other, helpers).user)


def test_who_came_forward_and_was_not_needed_is_thanked(institution, official, helpers):
    request = look(institution, official)
    helper = not_asked(request, helpers)
    offers.volunteer(request, by=helper.user)
    accept(open_offers(request)[0])
    assert answer_of(request, helper).state == Offer.State.NOT_CHOSEN
    assert "not_chosen" in told(helper.user)
