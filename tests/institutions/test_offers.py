"""The first to accept gets the request; whoever withdraws gives it back; time runs out."""

from datetime import datetime, timedelta

import pytest
import time_machine

from institutions import offers, requests, staffing, withdrawals
from institutions.models import Assignment, AssistanceRequest, Offer
from institutions.transitions import NotYours, ReasonNeeded
from portal import diary
from portal.clock import WARSAW
from portal.models import AuditEntry, DiaryEntry, Message
from tests import factories

pytestmark = pytest.mark.django_db
State = AssistanceRequest.State
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=WARSAW)
FRIDAY = datetime(2026, 11, 27, 10, 0, tzinfo=WARSAW)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def second(project):
    return factories.make_user(full_name="Druga Asystentka", email="second@example.org")


@pytest.fixture
def request_(institution, official, assistant, project, second):
    """Offered to two assistants."""
    factories.make_assistant(project, second)
    return ask(institution, official)


def ask(institution, official, **fields):
    fields = {
        "start_at": FRIDAY,
        "minutes": 60,
        "language": "uk",
        "subject": "health",
        "town": "Toruń",
        "county": "Toruń",
    } | fields
    return requests.submit(institution, by=official, **fields)


def offer_to(request, user):
    return request.offers.get(assistant=user.assistant)


def keys(user):
    return set(Message.objects.filter(recipient=user).exclude(state="silenced").values_list("key", flat=True))


def was_told_unfilled(request, user):
    return any(key.startswith(f"unfilled:{request.pk}:") for key in keys(user))


def all_sent():
    Message.objects.update(state="sent", sent_at=NOW)


def state_of(thing):
    return type(thing).objects.get(pk=thing.pk).state


# --- accept ----------------------------------------------------------------------------------------------


def test_accept_confirms_the_request_and_tells_everybody(request_, official, assistant, second):
    all_sent()
    assignment = offers.accept(offer_to(request_, assistant), by=assistant)
    request_.refresh_from_db()
    assert request_.state == State.CONFIRMED
    assert request_.filled_at == NOW
    assert (assignment.assistant, assignment.language, assignment.assigned_by) == (
        assistant.assistant,
        "uk",
        None,
    )
    assert offer_to(request_, assistant).state == Offer.State.ACCEPTED
    assert offer_to(request_, second).state == Offer.State.TAKEN
    assert f"job_agreed:{assignment.pk}" in keys(assistant)
    assert f"taken:{offer_to(request_, second).pk}" in keys(second)
    assert f"assistant_comes:{assignment.pk}" in keys(official)
    last = request_.transitions.last()
    assert (last.old_state, last.new_state, last.actor) == (State.OFFERING, State.CONFIRMED, assistant)


def test_accept_tells_the_official_the_first_name_and_no_more(request_, official, assistant):
    assignment = offers.accept(offer_to(request_, assistant), by=assistant)
    text = Message.objects.get(key=f"assistant_comes:{assignment.pk}").text
    assert "Iryna" in text
    for secret in ["Melnyk", assistant.email, assistant.phone]:
        assert secret not in text


def test_accept_enters_both_diaries(request_, official, assistant):
    assignment = offers.accept(offer_to(request_, assistant), by=assistant)
    hers = DiaryEntry.objects.get(user=assistant)
    assert (hers.kind, hers.state, hers.is_exclusive, hers.buffer_before) == ("assistance", "firm", True, 30)
    assert hers.path == f"/assistant/jobs/{assignment.public_id}/"
    assert hers.remind_minutes == [3 * 24 * 60, 24 * 60]
    theirs = DiaryEntry.objects.get(user=official)
    assert (theirs.kind, theirs.is_exclusive, theirs.source) == ("request", False, request_.source)
    assert "Melnyk" not in str(theirs.title)
    assert set(hers.title) == {"pl", "en", "uk", "be", "ru", "ar"}


def test_both_sides_are_reminded_a_day_before_and_not_after_it_was_cancelled(
    request_, official, assistant, clock
):
    offers.accept(offer_to(request_, assistant), by=assistant)
    clock.move_to(FRIDAY - timedelta(hours=24))
    assert diary.queue_due_reminders() == 2
    reminders = Message.objects.filter(kind="reminder")
    assert {message.recipient for message in reminders} == {official, assistant}
    assert "Iryna" not in reminders.get(recipient=official).subject, "subjects are read over shoulders"
    assert "Iryna" in reminders.get(recipient=official).text
    requests.cancel(request_, by=official, reason="not_needed")
    assert set(reminders.values_list("state", flat=True)) == {"silenced"}


def test_accept_twice_is_one_job(request_, assistant):
    first = offers.accept(offer_to(request_, assistant), by=assistant)
    before = Message.objects.count()
    assert offers.accept(offer_to(request_, assistant), by=assistant) == first
    assert Message.objects.count() == before


def test_accept_is_refused_when_somebody_was_faster(request_, assistant, second):
    late = offer_to(request_, second)
    offers.accept(offer_to(request_, assistant), by=assistant)
    with pytest.raises(offers.AlreadyTaken):
        offers.accept(late, by=second)
    assert request_.assignments.count() == 1


def test_accept_of_somebody_elses_offer_is_refused(request_, assistant, second, official):
    for user in (second, official):
        with pytest.raises(NotYours):
            offers.accept(offer_to(request_, assistant), by=user)


def test_accept_is_refused_when_time_ran_out(request_, assistant, clock):
    clock.move_to(NOW + timedelta(hours=24))
    with pytest.raises(offers.OfferOver):
        offers.accept(offer_to(request_, assistant), by=assistant)


def test_accept_is_refused_when_the_request_was_cancelled(request_, assistant, official):
    requests.cancel(request_, by=official, reason="not_needed")
    with pytest.raises(offers.OfferOver):
        offers.accept(offer_to(request_, assistant), by=assistant)


def test_accept_is_refused_to_the_suspended(request_, assistant):
    assistant.assistant.suspended_at = NOW
    assistant.assistant.save(update_fields=["suspended_at"])
    with pytest.raises(offers.NotActive):
        offers.accept(offer_to(request_, assistant), by=assistant)


def test_accept_is_refused_beyond_the_hours_of_a_day(institution, official, assistant):
    hours = (8, 11, 14)
    one, two, other = (
        ask(institution, official, minutes=90, start_at=FRIDAY.replace(hour=hour)) for hour in hours
    )
    for request in (one, two):
        offers.accept(request.offers.get(), by=assistant)
    with pytest.raises(offers.TooManyHours):
        offers.accept(other.offers.get(), by=assistant)
    assert other.offers.get().state == Offer.State.CALLED_OFF
    assert state_of(other) == State.UNFILLED, "nobody else can be asked, and the official knows at once"


def test_accept_is_refused_when_she_has_something_else(institution, official, assistant):
    one, other = ask(institution, official), ask(institution, official, start_at=FRIDAY.replace(hour=11))
    offers.accept(one.offers.get(), by=assistant)
    with pytest.raises(offers.AssistantBusy):
        offers.accept(other.offers.get(), by=assistant)
    assert other.offers.get().state == Offer.State.CALLED_OFF
    assert state_of(other) == State.UNFILLED
    assert not other.assignments.exists()


# --- refuse ----------------------------------------------------------------------------------------------


def test_refuse_leaves_the_others_their_offers(request_, assistant, second):
    offers.refuse(offer_to(request_, assistant), by=assistant)
    assert offer_to(request_, assistant).state == Offer.State.REFUSED
    assert offer_to(request_, second).state == Offer.State.OPEN
    assert state_of(request_) == State.OFFERING


def test_refuse_by_the_last_one_leaves_the_request_unfilled(
    request_, official, coordinator, assistant, second
):
    for user in (assistant, second):
        offers.refuse(offer_to(request_, user), by=user)
    assert state_of(request_) == State.UNFILLED
    assert was_told_unfilled(request_, official)
    assert was_told_unfilled(request_, coordinator)


def test_refuse_twice_is_harmless_and_after_accepting_impossible(request_, assistant, second):
    offers.refuse(offer_to(request_, assistant), by=assistant)
    offers.refuse(offer_to(request_, assistant), by=assistant)
    assert AuditEntry.objects.filter(action="offer.refused").count() == 1
    offers.accept(offer_to(request_, second), by=second)
    with pytest.raises(offers.OfferOver):
        offers.refuse(offer_to(request_, second), by=second)


def test_refuse_is_hers_alone(request_, assistant, second):
    with pytest.raises(NotYours):
        offers.refuse(offer_to(request_, assistant), by=second)


# --- withdraw --------------------------------------------------------------------------------------------


def test_withdraw_offers_the_request_again_without_her(request_, official, coordinator, assistant, second):
    assignment = offers.accept(offer_to(request_, assistant), by=assistant)
    withdrawals.withdraw(assignment, by=assistant, reason="ill")
    request_.refresh_from_db()
    assert (request_.state, request_.filled_at) == (State.OFFERING, None)
    assert state_of(assignment) == Assignment.State.WITHDRAWN
    assert [offer.assistant.user for offer in request_.offers.filter(state="open")] == [second]
    assert f"assistant_withdrew:{assignment.pk}" in keys(official)
    assert f"withdrawn:{assignment.pk}:{coordinator.pk}" in keys(coordinator)
    assert set(DiaryEntry.objects.values_list("state", flat=True)) == {"called_off"}
    assert [t.new_state for t in request_.transitions.all()] == [
        State.OFFERING,
        State.CONFIRMED,
        State.OFFERING,
    ]
    assert request_.transitions.last().reason == "ill"


def test_withdraw_then_another_accepts_and_the_history_stays(request_, official, assistant, second):
    first = offers.accept(offer_to(request_, assistant), by=assistant)
    withdrawals.withdraw(first, by=assistant, reason="ill")
    again = offers.accept(request_.offers.get(state="open"), by=second)
    assert state_of(request_) == State.CONFIRMED
    assert list(request_.assignments.order_by("id").values_list("state", flat=True)) == [
        "withdrawn",
        "active",
    ]
    assert DiaryEntry.objects.get(user=official).state == "firm"
    assert DiaryEntry.objects.get(user=second).state == "firm"
    assert f"assistant_comes:{again.pk}" in keys(official)


def test_withdraw_with_nobody_left_is_unfilled_and_told(institution, official, assistant):
    request = ask(institution, official)
    assignment = offers.accept(request.offers.get(), by=assistant)
    withdrawals.withdraw(assignment, by=assistant, reason="travel")
    assert state_of(request) == State.UNFILLED
    assert was_told_unfilled(request, official)


def test_withdraw_asks_those_again_who_had_not_answered(request_, assistant, second, clock):
    assignment = offers.accept(offer_to(request_, assistant), by=assistant)
    Offer.objects.filter(assistant=second.assistant).update(state="expired")
    withdrawals.withdraw(assignment, by=assistant, reason="ill")
    assert request_.offers.filter(assistant=second.assistant, state="open").exists()


def test_withdraw_twice_is_harmless(request_, assistant):
    assignment = offers.accept(offer_to(request_, assistant), by=assistant)
    withdrawals.withdraw(assignment, by=assistant, reason="ill")
    before = Message.objects.count()
    withdrawals.withdraw(assignment, by=assistant, reason="ill")
    assert Message.objects.count() == before


def test_withdraw_is_refused(request_, assistant, second, official, clock):
    assignment = offers.accept(offer_to(request_, assistant), by=assistant)
    for user in (second, official):
        with pytest.raises(NotYours):
            withdrawals.withdraw(assignment, by=user, reason="ill")
    with pytest.raises(ReasonNeeded):
        withdrawals.withdraw(assignment, by=assistant, reason="")
    clock.move_to(FRIDAY)
    with pytest.raises(withdrawals.TooLateToWithdraw):
        withdrawals.withdraw(assignment, by=assistant, reason="ill")


def test_withdraw_by_the_coordinator_and_late(request_, assistant, coordinator, clock):
    assignment = offers.accept(offer_to(request_, assistant), by=assistant)
    clock.move_to(FRIDAY - timedelta(hours=3))
    withdrawals.withdraw(assignment, by=coordinator, reason="other")
    moved = request_.transitions.get(old_state=State.CONFIRMED)
    assert moved.is_late
    assert moved.actor == coordinator


def test_withdraw_of_a_cancelled_job_is_refused(request_, assistant, official):
    assignment = offers.accept(offer_to(request_, assistant), by=assistant)
    requests.cancel(request_, by=official, reason="not_needed")
    with pytest.raises(withdrawals.NotGoing):
        withdrawals.withdraw(assignment, by=assistant, reason="ill")


# --- assign by hand --------------------------------------------------------------------------------------


def test_assign_by_hand_needs_no_reason_for_one_who_fits(request_, assistant, second, official, coordinator):
    all_sent()
    assignment = staffing.assign_by_hand(request_, assistant.assistant, by=coordinator)
    assert state_of(request_) == State.CONFIRMED
    assert assignment.assigned_by == coordinator
    assert f"job_given:{assignment.pk}" in keys(assistant)
    assert f"taken:{offer_to(request_, second).pk}" in keys(second)
    assert f"assistant_comes:{assignment.pk}" in keys(official)
    assert not AuditEntry.objects.filter(action="assignment.misfit").exists()


def test_assign_by_hand_of_a_misfit_needs_a_reason_and_is_audited(request_, project, coordinator):
    helper = factories.make_assistant(project, languages=("ru",), always=False)
    for reason in ("", "ill"):
        with pytest.raises(staffing.MisfitNeedsReason):
            staffing.assign_by_hand(request_, helper, by=coordinator, reason=reason)
    assignment = staffing.assign_by_hand(request_, helper, by=coordinator, reason="agreed_by_phone")
    entry = AuditEntry.objects.get(action="assignment.misfit", object_id=assignment.pk)
    assert entry.data == {"misfits": ["language", "hours"], "reason": "agreed_by_phone"}
    assert request_.transitions.last().reason == "agreed_by_phone"


def test_assign_by_hand_cannot_book_twice(institution, official, assistant, coordinator):
    one, other = ask(institution, official), ask(institution, official, start_at=FRIDAY.replace(hour=11))
    offers.accept(one.offers.get(), by=assistant)
    with pytest.raises(staffing.AssistantBusy):
        staffing.assign_by_hand(other, assistant.assistant, by=coordinator, reason="agreed_by_phone")
    assert state_of(other) == State.OFFERING


def test_assign_by_hand_is_for_the_networks_coordinator_and_assistants(
    request_, assistant, official, other_project
):
    stranger = factories.make_staff(other_project)
    for user in (official, assistant, stranger):
        with pytest.raises(NotYours):
            staffing.assign_by_hand(request_, assistant.assistant, by=user)


def test_assign_by_hand_takes_nobody_from_another_network(request_, coordinator, other_project):
    elsewhere = factories.make_assistant(other_project)
    with pytest.raises(NotYours):
        staffing.assign_by_hand(request_, elsewhere, by=coordinator, reason="agreed_by_phone")


def test_assign_by_hand_twice_is_one_job_and_a_second_person_is_refused(
    request_, assistant, second, coordinator
):
    first = staffing.assign_by_hand(request_, assistant.assistant, by=coordinator)
    assert staffing.assign_by_hand(request_, assistant.assistant, by=coordinator) == first
    with pytest.raises(staffing.AlreadyStaffed):
        staffing.assign_by_hand(request_, second.assistant, by=coordinator)


def test_assign_by_hand_is_refused_once_it_began(request_, assistant, coordinator, clock):
    clock.move_to(FRIDAY)
    with pytest.raises(staffing.NotLooking):
        staffing.assign_by_hand(request_, assistant.assistant, by=coordinator)


# --- time ------------------------------------------------------------------------------------------------


def test_expire_offers_tells_when_nobody_answered(request_, official, assistant, second, clock):
    clock.move_to(NOW + timedelta(hours=23, minutes=59))
    offers.expire_offers()
    assert state_of(request_) == State.OFFERING
    clock.move_to(NOW + timedelta(hours=24))
    offers.expire_offers()
    assert state_of(request_) == State.UNFILLED
    assert {offer.state for offer in request_.offers.all()} == {Offer.State.EXPIRED}
    assert was_told_unfilled(request_, official)
    before = Message.objects.count()
    offers.expire_offers()
    assert Message.objects.count() == before


def test_expire_offers_asks_whoever_fits_by_now(request_, project, clock):
    clock.move_to(NOW + timedelta(hours=24))
    new = factories.make_assistant(project)
    offers.expire_offers()
    assert state_of(request_) == State.OFFERING
    assert [offer.assistant for offer in request_.offers.filter(state="open")] == [new]


def test_an_unfilled_request_finds_somebody_later(institution, official, project):
    request = ask(institution, official)
    assert request.state == State.UNFILLED
    new = factories.make_assistant(project)
    offers.expire_offers()
    assert state_of(request) == State.OFFERING
    offers.accept(request.offers.get(), by=new.user)
    assert state_of(request) == State.CONFIRMED


def test_the_official_is_told_a_day_before_although_answers_are_awaited(request_, official, clock):
    clock.move_to(FRIDAY - timedelta(hours=24))
    Offer.objects.update(expires_at=FRIDAY)
    offers.expire_offers()
    assert state_of(request_) == State.OFFERING
    assert was_told_unfilled(request_, official)


def test_nothing_is_looked_for_once_it_began(request_, clock):
    clock.move_to(FRIDAY)
    offers.expire_offers()
    assert state_of(request_) == State.UNFILLED
    assert not request_.offers.filter(state="open").exists()


def test_begin_again_makes_nothing_twice(request_, official):
    assert offers.begin(request_, by=official) == []
    assert request_.attempts.count() == 1
    assert request_.offers.count() == 2


def test_the_official_is_told_by_day_of_what_others_did_at_night(request_, official, assistant, clock):
    night = datetime(2026, 11, 24, 22, 0, tzinfo=WARSAW)
    clock.move_to(night)
    assignment = offers.accept(offer_to(request_, assistant), by=assistant)
    told = Message.objects.get(recipient=official, key=f"assistant_comes:{assignment.pk}")
    assert told.due_at == night + timedelta(hours=10)


def test_the_official_is_told_at_night_what_cannot_wait(request_, official, assistant, clock):
    offers.accept(offer_to(request_, assistant), by=assistant)
    clock.move_to(FRIDAY - timedelta(hours=10))
    assignment = Assignment.objects.get()
    withdrawals.withdraw(assignment, by=assistant, reason="ill")
    told = Message.objects.get(recipient=official, key=f"assistant_withdrew:{assignment.pk}")
    assert told.due_at == FRIDAY - timedelta(hours=10)
