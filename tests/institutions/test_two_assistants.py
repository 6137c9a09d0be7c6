"""Two places in one meeting, one that is enough, and somebody who goes instead."""

from datetime import timedelta

import pytest
import time_machine

from institutions import offers, staffing, withdrawals
from institutions.models import Assignment, AssistanceRequest, Offer
from institutions.transitions import NotYours, ReasonNeeded
from portal.models import AuditEntry, DiaryEntry, Message
from tests import factories
from tests.institutions.searches import (
    NOW,
    START,
    accept,
    answer_of,
    asked,
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
    return people(project, 8)


@pytest.fixture
def two(institution, official, coordinator, helpers):
    return look(institution, official, assistants_needed=2)


def places(request) -> list[tuple[int, str]]:
    return list(request.assignments.order_by("pk").values_list("place", "state"))


def only(institution, official, project, number: int, **fields) -> AssistanceRequest:
    """Two are needed; so many could come."""
    people(project, number)
    return look(institution, official, assistants_needed=2, **fields)


# --- two -------------------------------------------------------------------------------------------------


def test_one_wave_asks_enough_for_both_places(two):
    assert [attempt.place for attempt in two.attempts.order_by("number")] == [1, 2]
    assert [offer.attempt.place for offer in open_offers(two)].count(1) == 3
    assert len({offer.assistant for offer in open_offers(two)}) == 6


def test_confirmed_when_both_have_agreed(two, official):
    first, second, *others = open_offers(two)
    one = accept(first)
    assert fresh(two).state == State.OFFERING
    assert fresh(two).filled_at is None
    other = accept(second)
    assert fresh(two).state == State.CONFIRMED
    assert fresh(two).filled_at == NOW
    assert sorted(job.place for job in (one, other)) == [1, 2]
    assert {fresh(offer).state for offer in others} == {Offer.State.TAKEN}
    assert Message.objects.filter(recipient=official, key__startswith="assistant_comes:").count() == 2
    assert DiaryEntry.objects.get(user=official).title["en"].count("+") == 1


def test_who_was_asked_for_a_place_that_is_filled_can_take_the_other(two):
    same = [offer for offer in open_offers(two) if offer.attempt.place == 1]
    jobs = [accept(offer) for offer in same[:2]]
    assert sorted(job.place for job in jobs) == [1, 2]
    assert fresh(two).state == State.CONFIRMED


def test_nobody_gets_both_places(two, coordinator):
    offer = open_offers(two)[0]
    job = accept(offer)
    assert accept(fresh(offer)) == job
    assert staffing.assign_by_hand(two, offer.assistant, by=coordinator) == job
    assert places(two) == [(job.place, "active")]


def test_a_withdrawal_leaves_the_other_place_alone(two, official):
    first, second, *_others = open_offers(two)
    one, other = accept(first), accept(second)
    withdrawals.withdraw(one, by=first.assistant.user, reason="ill")
    assert fresh(two).state == State.OFFERING
    assert places(two) == [(1, "withdrawn"), (2, "active")]
    assert [attempt.place for attempt in two.attempts.live()] == [1]
    assert DiaryEntry.objects.get(user=second.assistant.user).state == "firm"
    assert DiaryEntry.objects.get(user=official).state == "firm"
    assert DiaryEntry.objects.get(user=first.assistant.user).state == "called_off"
    assert other.assistant not in {offer.assistant for offer in open_offers(two)}


def test_a_withdrawal_while_the_second_is_looked_for(two):
    first = open_offers(two)[0]
    job = accept(first)
    withdrawals.withdraw(job, by=first.assistant.user, reason="ill")
    assert sorted(attempt.place for attempt in two.attempts.live()) == [1, 2]
    assert fresh(two).state == State.OFFERING
    assert first.assistant not in {offer.assistant for offer in open_offers(two)}


def test_both_places_go_down_the_ladder_together(institution, official, project):
    people(project, 2, modes=["video"])
    request = look(institution, official, assistants_needed=2, ranked_modes=["on_site", "video"])
    assert [attempt.mode for attempt in request.attempts.live()] == ["video", "video"]
    for offer in open_offers(request):
        accept(offer)
    assert fresh(request).state == State.CONFIRMED


def test_the_mode_is_fixed_once_somebody_comes(institution, official, project):
    people(project, 1)
    people(project, 1, modes=["video"])
    request = look(institution, official, assistants_needed=2, ranked_modes=["on_site", "video"])
    accept(open_offers(request)[0])
    request = fresh(request)
    assert request.mode == "on_site"
    offers.expire_offers()
    assert {attempt.mode for attempt in request.attempts.all()} == {"on_site"}


def test_two_by_hand(two, coordinator, helpers):
    jobs = [staffing.assign_by_hand(two, helper, by=coordinator) for helper in helpers[:2]]
    assert sorted(job.place for job in jobs) == [1, 2]
    assert fresh(two).state == State.CONFIRMED
    with pytest.raises(staffing.AlreadyStaffed):
        staffing.assign_by_hand(two, helpers[2], by=coordinator)


# --- one of two ------------------------------------------------------------------------------------------


def one_of_two(institution, official, project) -> tuple[AssistanceRequest, Assignment]:
    request = only(institution, official, project, 2)
    first, second = open_offers(request)
    job = accept(second)
    refuse(first)
    return fresh(request), fresh(job)


def test_both_sides_are_told_that_the_second_is_missing(institution, official, project, coordinator):
    request, job = one_of_two(institution, official, project)
    assert request.state == State.UNFILLED
    assert "one_of_two" in told(official)
    assert "unfilled" not in told(official)
    assert "one_of_two" in told(coordinator)
    assert job.state == Assignment.State.ACTIVE


@pytest.mark.parametrize("who", ["official", "coordinator"])
def test_go_on_with_one(institution, official, project, coordinator, who):
    request, job = one_of_two(institution, official, project)
    by = {"official": official, "coordinator": coordinator}[who]
    staffing.go_on_with_one(request, by=by)
    staffing.go_on_with_one(request, by=by)
    request, job = fresh(request), fresh(job)
    assert (request.state, request.assistants_needed, job.place) == (State.CONFIRMED, 1, 1)
    assert request.transitions.last().reason == "one_is_enough"
    assert ("one_is_enough" in told(official)) == (who == "coordinator")
    assert ("one_is_enough" in told(coordinator)) == (who == "official")
    withdrawals.withdraw(job, by=job.assistant.user, reason="ill")
    assert [attempt.place for attempt in request.attempts.live()] in ([], [1]), "one is looked for, not two"


def test_go_on_with_one_ends_what_is_still_tried(two, coordinator):
    first, *others = open_offers(two)
    accept(first)
    Message.objects.update(state="sent", sent_at=NOW)
    staffing.go_on_with_one(two, by=coordinator)
    assert {fresh(offer).state for offer in others} == {Offer.State.CALLED_OFF}
    assert "called_off" in told(others[0].assistant.user)
    assert not two.attempts.live()


def test_go_on_with_one_is_refused(two, coordinator, other_project, institution, official):
    for user in (factories.make_staff(other_project), open_offers(two)[0].assistant.user):
        with pytest.raises(NotYours):
            staffing.go_on_with_one(two, by=user)
    with pytest.raises(staffing.NotOneOfTwo):
        staffing.go_on_with_one(two, by=coordinator)
    with pytest.raises(staffing.NotOneOfTwo):
        staffing.go_on_with_one(look(institution, official), by=coordinator)


@pytest.mark.parametrize("is_exhausted", [True, False])
def test_at_the_start_it_goes_on_with_whoever_comes(institution, official, project, clock, is_exhausted):
    if is_exhausted:
        request, _job = one_of_two(institution, official, project)
    else:
        request = only(institution, official, project, 2)
        accept(open_offers(request)[0])
    clock.move_to(START)
    offers.expire_offers()
    offers.expire_offers()
    request = fresh(request)
    assert request.state == State.CONFIRMED
    last = request.transitions.last()
    assert (last.actor, last.reason) == (None, "one_is_enough")
    assert not request.attempts.live()
    assert not open_offers(request)


# --- somebody else ---------------------------------------------------------------------------------------


@pytest.fixture
def going(institution, official, coordinator, helpers):
    request = look(institution, official)
    return accept(open_offers(request)[0])


def test_replace_by_somebody_in_particular(going, helpers, coordinator, official):
    other = next(one for one in helpers if one != going.assistant)
    staffing.replace(going, other, by=coordinator, reason="language")
    request = fresh(going.request)
    assert request.state == State.CONFIRMED
    assert [(job.assistant, job.state) for job in request.assignments.order_by("pk")] == [
        (going.assistant, "replaced"),
        (other, "active"),
    ]
    assert told(going.assistant.user) >= {"job_replaced"}
    assert told(other.user) >= {"job_given"}
    assert told(official) >= {"assistant_comes", "assistant_changed"}
    assert DiaryEntry.objects.get(user=going.assistant.user).state == "called_off"
    assert DiaryEntry.objects.get(user=other.user).state == "firm"
    assert request.attempts.last().transitions.first().reason == "language"


def test_replace_by_whoever_is_found(going, coordinator, official):
    Message.objects.update(state="sent", sent_at=NOW)
    staffing.replace(going, by=coordinator, reason="conflict")
    staffing.replace(going, by=coordinator, reason="conflict")
    request = fresh(going.request)
    assert request.state == State.OFFERING
    assert request.transitions.last().reason == "conflict"
    assert "somebody_else_wanted" in told(official)
    assert going.assistant not in {offer.assistant for offer in open_offers(request)}
    accept(open_offers(request)[0])
    assert fresh(request).state == State.CONFIRMED


def test_replace_by_somebody_busy_changes_nothing(institution, official, going, helpers, coordinator):
    other = next(one for one in helpers if one != going.assistant)
    busy = look(institution, official, start_at=START + timedelta(minutes=30))
    staffing.assign_by_hand(busy, other, by=coordinator, reason="agreed_by_phone")
    with pytest.raises(staffing.AssistantBusy):
        staffing.replace(going, other, by=coordinator, reason="ill")
    assert fresh(going).state == Assignment.State.ACTIVE
    assert "job_replaced" not in told(going.assistant.user)


def test_replace_by_a_misfit_needs_a_reason_of_its_own(going, project, coordinator):
    misfit = factories.make_assistant(project, always=False)
    with pytest.raises(staffing.MisfitNeedsReason):
        staffing.replace(going, misfit, by=coordinator, reason="ill")
    staffing.replace(going, misfit, by=coordinator, reason="ill", misfit_reason="agreed_by_phone")
    entry = AuditEntry.objects.get(action="assignment.misfit")
    assert entry.data["misfits"] == ["hours"]


def test_replace_is_refused(going, official, coordinator, other_project, clock):
    for user in (official, going.assistant.user, factories.make_staff(other_project)):
        with pytest.raises(NotYours):
            staffing.replace(going, by=user, reason="ill")
    with pytest.raises(ReasonNeeded):
        staffing.replace(going, by=coordinator, reason="")
    with pytest.raises(NotYours):
        staffing.replace(going, factories.make_assistant(other_project), by=coordinator, reason="ill")
    clock.move_to(START)
    with pytest.raises(staffing.TooLateToReplace):
        staffing.replace(going, by=coordinator, reason="ill")


def test_nobody_can_set_aside_what_the_law_demands(institution, official, project, coordinator):
    helper = factories.make_assistant(project)
    request = factories.make_request(institution, official, are_minors_present=True, start_at=START)
    offers.begin(request)
    type(helper).objects.filter(pk=helper.pk).update(child_protection_checked_on=None)
    with pytest.raises(staffing.NobodyCanSetThisAside):
        staffing.assign_by_hand(request, helper, by=coordinator, reason="agreed_by_phone")


def test_the_offer_of_who_is_sent_by_hand_is_answered(institution, official, helpers, coordinator):
    request = look(institution, official)
    helper = asked(request)[0].assistant
    staffing.assign_by_hand(request, helper, by=coordinator)
    assert answer_of(request, helper).state == Offer.State.ACCEPTED


def test_both_sides_are_told_again_when_the_second_is_missing_again(
    institution, official, project, coordinator, clock
):
    request = only(institution, official, project, 1)
    accept(open_offers(request)[0])
    offers.expire_offers()
    assert fresh(request).state == State.UNFILLED
    clock.shift(timedelta(minutes=5))
    late = factories.make_assistant(project)
    offers.expire_offers()
    withdrawals.withdraw(accept(answer_of(request, late)), by=late.user, reason="ill")
    assert fresh(request).state == State.UNFILLED
    for person in (official, coordinator):
        keys = Message.objects.filter(recipient=person, key__startswith="one_of_two:")
        assert keys.count() == 2
