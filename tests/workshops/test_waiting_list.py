"""Offers of freed places: to whom, until when, and what becomes of each answer and of none."""

from datetime import datetime, timedelta

import pytest
import time_machine

from participants.models import Participant
from portal import messages
from portal.clock import WARSAW
from portal.models import AuditEntry, ContactPreference, DiaryEntry, Message, User
from tests import factories
from workshops import answers, guards, newcomers, planning, registration, schedule, tasks, waiting_list
from workshops.capacity_audit import findings
from workshops.models import PracticalNeed, Registration, SeatOffer, Workshop
from workshops.offer_time import answer_until
from workshops.prerequisites import Told

pytestmark = pytest.mark.django_db
State = Registration.State
MIDDAY = datetime(2026, 3, 4, 12, tzinfo=WARSAW)  # a fortnight without a change of the clock


@pytest.fixture(autouse=True)
def clock():
    """By day, so that no message waits for the morning. Nothing may be wrong after any of these tests."""
    with time_machine.travel(MIDDAY, tick=True) as traveller:
        yield traveller
        assert not list(findings())


def told(user) -> list[str]:
    rows = Message.objects.filter(recipient=user, key__startswith="registration:").order_by("id")
    return [row.key.split(":")[2] for row in rows]


def state_of(row: Registration) -> str:
    return Registration.objects.get(pk=row.pk).state


def full(**fields) -> tuple[Workshop, Registration]:
    workshop = factories.make_workshop(**({"capacity": 1, "sessions": [(14, "17:00", 120)]} | fields))
    person = factories.make_user()
    return workshop, registration.register(workshop, person, by=person)


def waiting(workshop: Workshop, user=None) -> Registration:
    user = user or factories.make_user()
    return registration.register(workshop, user, by=user)


@pytest.fixture
def offered(migrant, other_migrant):
    """A place offered to the migrant, with somebody after her."""
    workshop, holder = full()
    row, after = waiting(workshop, migrant), waiting(workshop, other_migrant)
    registration.cancel(holder, by=holder.user)
    offer = SeatOffer.objects.live().get()
    assert offer.registration == row
    return offer, after


# --- the answers ------------------------------------------------------------------------------------------


def test_accept_gives_the_place_and_tells_with_a_calendar(offered, migrant):
    offer, _after = offered
    for _click in range(2):
        [row] = waiting_list.accept(offer, by=migrant)
        assert (row.state, row.queued_at) == (State.CONFIRMED, None)
    assert told(migrant) == ["waitlisted", "seat_offered", "seat_confirmed"]
    assert DiaryEntry.objects.standing().filter(user=migrant).count() == 1
    confirmation = Message.objects.get(recipient=migrant, key__contains="seat_confirmed")
    assert "BEGIN:VCALENDAR" in confirmation.calendar
    assert AuditEntry.objects.filter(action="offer.accepted").count() == 1


def test_an_offer_says_what_when_where_until_when_and_leads_to_its_page(offered, migrant):
    offer, _after = offered
    message = Message.objects.get(recipient=migrant, key__contains="seat_offered")
    assert f"/uk/offers/{offer.public_id}/" in message.text
    assert "17:00" in message.text
    assert "Toruń" in message.text
    assert "ul. Cicha" not in message.text  # the address is for people who have a place
    assert "12:00" in message.text  # until when
    assert message.useless_after == offer.until


def test_decline_passes_the_place_on(offered, migrant):
    offer, after = offered
    for _click in range(2):
        waiting_list.decline(offer, by=migrant)
    assert (state_of(offer.registration), state_of(after)) == (State.WITHDRAWN, State.OFFERED)
    assert told(migrant) == ["waitlisted", "seat_offered", "cancelled_by_person"]
    with pytest.raises(waiting_list.OfferDeclined):
        waiting_list.accept(offer, by=migrant)


def test_expire_tells_her_kindly_and_passes_the_place_on(offered, migrant, clock):
    offer, after = offered
    waiting_list.expire(offer)
    assert state_of(offer.registration) == State.OFFERED  # not before its time
    clock.move_to(offer.until, tick=False)
    assert tasks.pass_offers_on() == 1
    assert tasks.pass_offers_on() == 0
    assert (state_of(offer.registration), state_of(after)) == (State.LAPSED, State.OFFERED)
    assert told(migrant) == ["waitlisted", "seat_offered", "offer_lapsed"]


def test_accept_too_late_is_refused_before_anybody_has_noticed(offered, migrant, clock):
    offer, _after = offered
    clock.move_to(offer.until, tick=False)
    with pytest.raises(waiting_list.OfferExpired, match="12:00"):
        waiting_list.accept(offer, by=migrant)
    waiting_list.expire(offer)
    with pytest.raises(waiting_list.OfferExpired):
        waiting_list.accept(offer, by=migrant)


def test_who_did_not_answer_can_join_again_at_the_end(offered, migrant, other_migrant, clock):
    offer, after = offered
    third = waiting(after.workshop)
    clock.move_to(offer.until, tick=False)
    waiting_list.expire(offer)
    assert waiting(after.workshop, migrant).state == State.WAITLISTED
    ranks = after.workshop.registrations.waiting().with_rank()
    assert [(row.user, row.rank) for row in ranks] == [(third.user, 1), (migrant, 2)]


def test_accept_while_something_else_was_entered_keeps_the_offer(offered, migrant):
    offer, _after = offered
    other = factories.make_workshop(sessions=[(14, "18:00", 60)])
    registration.register(other, migrant, by=migrant)
    with pytest.raises(guards.Overlaps):
        waiting_list.accept(offer, by=migrant)
    assert SeatOffer.objects.live().get() == offer
    assert state_of(offer.registration) == State.OFFERED


def test_an_offered_place_is_taken(offered):
    offer, _after = offered
    assert waiting(offer.registration.workshop).state == State.WAITLISTED
    assert Workshop.objects.with_free_seats().get(pk=offer.registration.workshop_id).free_seats == 0


# --- the organiser ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "state", "news"),
    [("revoke", State.REVOKED, "offer_taken_back"), ("decline", State.DECLINED, "request_declined")],
)
def test_the_organiser_takes_an_offer_back(offered, migrant, coordinator, verb, state, news):
    offer, after = offered
    getattr(registration, verb)(offer.registration, by=coordinator)
    offer.refresh_from_db()
    assert (offer.state, state_of(offer.registration)) == (SeatOffer.State.TAKEN_BACK, state)
    assert state_of(after) == State.OFFERED
    assert told(migrant)[-1] == news
    with pytest.raises(waiting_list.OfferTakenBack):
        waiting_list.accept(offer, by=migrant)


def test_add_by_hand_of_whom_a_place_is_offered_needs_no_reason(offered, migrant, coordinator):
    offer, after = offered
    row = registration.add_by_hand(after.workshop, migrant, by=coordinator)
    offer.refresh_from_db()
    assert (row.state, row.over_capacity_reason) == (State.CONFIRMED, "")
    assert offer.state == SeatOffer.State.ACCEPTED
    assert state_of(after) == State.WAITLISTED


def test_cancel_of_an_offered_place_is_a_no(offered, migrant):
    offer, after = offered
    registration.cancel(offer.registration, by=migrant)
    offer.refresh_from_db()
    assert offer.state == SeatOffer.State.DECLINED
    assert state_of(after) == State.OFFERED


def test_cancel_workshop_takes_offers_back_and_tells_once(offered, migrant, coordinator):
    offer, _after = offered
    planning.cancel_workshop(offer.registration.workshop, by=coordinator, reason="Nie ma sali")
    offer.refresh_from_db()
    assert offer.state == SeatOffer.State.TAKEN_BACK
    news = Message.objects.filter(recipient=migrant, key__startswith="workshop_cancelled")
    assert news.count() == 1
    assert Message.objects.get(key__contains="seat_offered").state == Message.State.SILENCED


def test_cancel_session_of_the_only_date_takes_offers_back(offered, migrant, coordinator):
    offer, _after = offered
    schedule.cancel_session(offer.registration.workshop.sessions.get(), by=coordinator)
    offer.refresh_from_db()
    assert offer.state == SeatOffer.State.TAKEN_BACK
    assert state_of(offer.registration) == State.WAITLISTED
    assert told(migrant)[-1] == "offer_taken_back"


def test_move_session_to_before_the_deadline_shortens_the_offer_and_says_so(offered, migrant, coordinator):
    offer, _after = offered
    session = offer.registration.workshop.sessions.get()
    start = factories.at(1, "17:00")
    schedule.move_session(session, start_at=start, end_at=start + timedelta(hours=2), by=coordinator)
    offer.refresh_from_db()
    assert offer.until == start
    assert told(migrant) == ["waitlisted", "seat_offered", "seat_offered"]


def test_a_larger_capacity_is_refused_below_what_is_offered(coordinator):
    workshop, _holder = full()
    waiting(workshop)
    planning.edit_workshop(workshop, by=coordinator, capacity=2)
    with pytest.raises(planning.TooFewPlaces):
        planning.edit_workshop(workshop, by=coordinator, capacity=1)


# --- until when -------------------------------------------------------------------------------------------


def until(now: datetime, start: datetime, user=None, **fields) -> datetime | None:
    workshop = factories.make_workshop(sessions=[], **fields)
    days = (start.date() - MIDDAY.date()).days
    factories.make_session(workshop, days=days, clock=f"{start:%H:%M}")
    return answer_until(workshop, user or factories.make_user(), now)


@pytest.mark.parametrize(
    ("now", "start", "expected"),
    [
        # 48 hours from the moment the message goes out
        ((0, "12:00"), (14, "17:00"), (2, "12:00")),
        ((0, "22:00"), (14, "17:00"), (3, "08:00")),
        ((1, "05:00"), (14, "17:00"), (3, "08:00")),
        # near the start: half of what is left until an hour before it
        ((0, "12:00"), (2, "17:00"), (1, "14:00")),
        ((0, "09:00"), (0, "18:00"), (0, "13:00")),
        ((0, "12:00"), (0, "16:00"), (0, "15:00")),
        # at night nobody answers: in the morning, or before the evening is over
        ((0, "18:00"), (1, "18:00"), (1, "11:00")),
        ((0, "14:00"), (1, "09:00"), (0, "20:00")),
        # too near
        ((0, "12:00"), (0, "15:30"), None),
        ((0, "18:00"), (1, "09:00"), None),
        ((0, "21:00"), (1, "11:00"), None),
    ],
)
def test_answer_until(now, start, expected):
    found = until(factories.at(*now), factories.at(*start))
    assert found == (factories.at(*expected) if expected else None)


def test_answer_until_counts_from_when_she_may_be_written_to(migrant):
    ContactPreference.objects.create(user=migrant, not_before=datetime(2026, 1, 1, 18).time())
    assert until(MIDDAY, factories.at(14), migrant) == factories.at(2, "18:00")


def test_answer_until_follows_the_hours_of_the_workshop():
    assert until(MIDDAY, factories.at(14), offer_hours=4) == factories.at(0, "16:00")


def test_near_the_start_nothing_is_offered_and_who_waits_takes_it(clock):
    workshop, holder = full(cancel_until_hours=0)
    row = waiting(workshop)
    clock.move_to(workshop.sessions.get().start_at - timedelta(hours=2), tick=False)
    registration.cancel(holder, by=holder.user)
    assert state_of(row) == State.WAITLISTED
    assert registration.register(workshop, row.user, by=row.user).state == State.CONFIRMED
    assert told(row.user) == ["waitlisted", "seat_confirmed"]


def test_offer_free_places_comes_back_after_a_start_that_was_too_near(clock):
    workshop, holder = full(sessions=[(2, "17:00", 60), (30, "17:00", 60)], cancel_until_hours=0)
    row = waiting(workshop)
    clock.move_to(factories.at(2, "15:00"), tick=False)
    registration.cancel(holder, by=holder.user)
    assert state_of(row) == State.WAITLISTED
    clock.move_to(factories.at(2, "18:30"), tick=False)
    assert tasks.offer_free_places() == 1
    assert state_of(row) == State.OFFERED


# --- people together --------------------------------------------------------------------------------------


def party(workshop: Workshop, size: int) -> list[Registration]:
    people = [factories.make_user() for _number in range(size)]
    return registration.register_party(workshop, people, by=people[0])


def states(rows: list[Registration]) -> set[str]:
    return {state_of(row) for row in rows}


def test_register_party_gives_places_to_all():
    workshop = factories.make_workshop(capacity=3)
    rows = party(workshop, 3)
    assert states(rows) == {State.CONFIRMED}
    assert len({row.party for row in rows}) == 1
    assert DiaryEntry.objects.count() == 3


def test_register_party_waits_together_where_too_few_are_free():
    workshop = factories.make_workshop(capacity=2, sessions=[(14, "17:00", 60)])
    rows = party(workshop, 3 - 1) and []
    assert not rows
    workshop = factories.make_workshop(capacity=3, sessions=[(14, "17:00", 60)])
    waiting(workshop)
    rows = party(workshop, 3)
    assert states(rows) == {State.WAITLISTED}
    assert "3 " in Message.objects.get(recipient=rows[0].user).text


def test_a_party_keeps_its_rank_while_a_smaller_one_is_asked():
    workshop = factories.make_workshop(capacity=3, sessions=[(14, "17:00", 60)])
    holders = [waiting(workshop) for _place in range(3)]
    three, one = party(workshop, 3), waiting(workshop)
    registration.cancel(holders[0], by=holders[0].user)
    assert (states(three), state_of(one)) == ({State.WAITLISTED}, State.OFFERED)
    assert [row.rank for row in workshop.registrations.waiting().with_rank()] == [1, 2, 3]
    waiting_list.decline(SeatOffer.objects.live().get(), by=one.user)
    for holder in holders[1:]:
        registration.cancel(holder, by=holder.user)
    offer = SeatOffer.objects.live().get()
    assert (offer.places, offer.registration) == (3, three[0])
    assert states(three) == {State.OFFERED}
    waiting_list.accept(offer, by=three[0].user)
    assert states(three) == {State.CONFIRMED}


@pytest.fixture
def two_offered():
    workshop = factories.make_workshop(capacity=2, sessions=[(14, "17:00", 60)])
    holders = [waiting(workshop) for _place in range(2)]
    rows = party(workshop, 2)
    for holder in holders:
        registration.cancel(holder, by=holder.user)
    return SeatOffer.objects.live().get(), rows


def test_decline_of_an_offer_is_for_all(two_offered):
    offer, rows = two_offered
    waiting_list.decline(offer, by=rows[1].user)
    assert states(rows) == {State.WITHDRAWN}


def test_expire_is_for_all(two_offered, clock):
    offer, rows = two_offered
    clock.move_to(offer.until, tick=False)
    waiting_list.expire(offer)
    assert states(rows) == {State.LAPSED}


@pytest.mark.parametrize("who", [0, 1])
def test_one_of_a_party_leaves_and_the_others_keep_the_offer(two_offered, who):
    offer, rows = two_offered
    after = waiting(rows[0].workshop)
    registration.cancel(rows[who], by=rows[who].user)
    offer.refresh_from_db()
    assert (offer.places, offer.state, offer.registration) == (1, SeatOffer.State.LIVE, rows[1 - who])
    assert state_of(after) == State.OFFERED
    assert "seat_offered" in told(rows[1 - who].user)
    waiting_list.accept(offer, by=rows[1 - who].user)
    assert state_of(rows[1 - who]) == State.CONFIRMED


def test_approve_and_decline_are_for_the_whole_party(coordinator):
    workshop = factories.make_workshop(capacity=3, signup_mode="by_approval", sessions=[(14, "17:00", 60)])
    two, others = party(workshop, 2), party(workshop, 2)
    registration.approve(two[1], by=coordinator)
    assert states(two) == {State.CONFIRMED}
    registration.approve(others[0], by=coordinator)
    assert states(others) == {State.WAITLISTED}
    registration.decline(others[1], by=coordinator)
    assert states(others) == {State.DECLINED}


def test_register_party_is_refused_as_a_whole_and_says_for_whom(trainer):
    workshop = factories.make_workshop(trainers=[trainer])
    person = factories.make_user()
    with pytest.raises(registration.PartyRefused) as refusal:
        registration.register_party(workshop, [person, trainer], by=person)
    assert list(refusal.value.refusals) == [trainer.pk]
    assert not Registration.objects.exists()
    with pytest.raises(registration.PartyTooBig):
        party(factories.make_workshop(capacity=2), 3)


def test_register_party_twice_is_harmless():
    workshop = factories.make_workshop()
    people = [factories.make_user() for _number in range(2)]
    registration.register_party(workshop, people, by=people[0])
    with pytest.raises(guards.AlreadyRegistered):
        registration.register_party(workshop, people, by=people[0])
    assert Message.objects.count() == 2


# --- priority ---------------------------------------------------------------------------------------------


def test_who_has_not_had_a_place_yet_goes_first(migrant, other_migrant):
    earlier = factories.make_workshop(sessions=[(-30, "17:00", 60)])
    factories.make_registration(earlier, migrant)
    workshop, _holder = full(priorities=["first_time"])
    again, first = waiting(workshop, migrant), waiting(workshop, other_migrant)
    again.refresh_from_db()
    first.refresh_from_db()
    assert (again.priority_reasons, first.priority_reasons) == ([], ["first_time"])
    assert list(workshop.registrations.waiting()) == [first, again]
    assert AuditEntry.objects.get(action="registration.priority", object_id=first.pk).data["now"] == [
        "first_time"
    ]
    assert first.priority_words == [str(Workshop.Priority.FIRST_TIME.label)]


def test_who_lost_a_place_goes_first_until_she_has_another(migrant):
    factories.make_registration(factories.make_workshop(state=Workshop.State.CANCELLED), migrant)
    workshop, _holder = full(priorities=["lost_place"])
    row = waiting(workshop, migrant)
    assert Registration.objects.get(pk=row.pk).priority == 1
    registration.cancel(row, by=migrant)
    factories.make_registration(factories.make_workshop(sessions=[(50, "10:00", 60)]), migrant)
    waiting(workshop, migrant)
    assert Registration.objects.get(pk=row.pk).priority == 0


def test_set_priority_asks_again_when_she_has_told_of_her_children(migrant):
    workshop, _holder = full(priorities=["childcare"], childcare_places=4)
    waiting(workshop)
    row = waiting(workshop, migrant)
    assert Registration.objects.get(pk=row.pk).priority == 0
    PracticalNeed.objects.create(registration=row, children_3_6=2)
    for _twice in range(2):
        row = waiting_list.set_priority(row)
    assert (row.priority, row.priority_reasons) == (1, ["childcare"])
    assert workshop.registrations.waiting().first() == row
    assert AuditEntry.objects.filter(action="registration.priority").count() == 1


def test_new_rules_hold_for_everybody_who_waits(coordinator, migrant):
    workshop, _holder = full()
    rows = [waiting(workshop), waiting(workshop, migrant)]
    planning.edit_workshop(workshop, by=coordinator, priorities=["first_time"])
    assert {Registration.objects.get(pk=row.pk).priority for row in rows} == {1}


def test_a_party_shares_its_priority(migrant):
    factories.make_registration(factories.make_workshop(sessions=[(-30, "17:00", 60)]), migrant)
    workshop, _holder = full(capacity=2, priorities=["first_time"])
    waiting(workshop)
    rows = registration.register_party(workshop, [migrant, factories.make_user()], by=migrant)
    assert {Registration.objects.get(pk=row.pk).priority for row in rows} == {1}


def test_offers_reach_her_within_her_hours(migrant):
    with time_machine.travel(factories.at(0, "23:00"), tick=False):
        assert messages.goes_out_at(migrant, factories.at(0, "23:00")) == factories.at(1, "08:00")
    assert Participant.objects.filter(user=migrant).exists()


def test_the_number_she_is_told_counts_what_she_has_told_of_her_children(migrant):
    """Her needs are kept after she has joined the list, and decide where she stands on it."""
    User.objects.filter(pk=migrant.pk).update(language="en")
    migrant.refresh_from_db()
    workshop, _holder = full(priorities=["childcare"], childcare_places=3)
    waiting(workshop)
    row = answers.register(workshop, migrant, by=migrant, told=Told(needs={"children_3_6": 1}))
    assert workshop.registrations.waiting().first() == row
    news = Message.objects.filter(recipient=migrant, state=Message.State.QUEUED)
    assert "is 1." in news.get().text


def test_edit_workshop_asks_by_the_new_rules_who_gets_the_new_places(coordinator, migrant):
    workshop, _holder = full()
    first, with_child = waiting(workshop), waiting(workshop, migrant)
    PracticalNeed.objects.create(registration=with_child, children_0_2=1)
    planning.edit_workshop(workshop, by=coordinator, capacity=2, priorities=["childcare"], childcare_places=2)
    assert (state_of(first), state_of(with_child)) == (State.WAITLISTED, State.OFFERED)


def test_near_the_start_who_waits_takes_it_though_newcomers_are_too_late(clock):
    """The window is for those who register: she did so in time, and the place would stay empty."""
    workshop, holder = full(cancel_until_hours=0, registration_closes_at=factories.at(13, "12:00"))
    row = waiting(workshop)
    clock.move_to(workshop.sessions.get().start_at - timedelta(hours=2), tick=False)
    registration.cancel(holder, by=holder.user)
    assert registration.register(workshop, row.user, by=row.user).state == State.CONFIRMED


def test_a_message_to_people_together_reaches_everybody_who_answers_for_a_child(coordinator):
    """Two children of two mothers, joined by the coordinator: each mother is told of hers."""
    workshop = factories.make_workshop(signup_mode="by_approval", takes_children=True)
    rows, mothers = [], [factories.make_user(), factories.make_user()]
    for mother in mothers:
        child = User.objects.create_user(None, call_me="Daryna", language="pl", guardian=mother)
        rows.append(factories.make_registration(workshop, child, state=State.REQUESTED))
    newcomers.join(workshop, rows, by=coordinator)
    registration.approve(rows[0], by=coordinator)
    told_to = Message.objects.filter(key__contains=":seat_confirmed:").values_list("recipient", flat=True)
    assert sorted(told_to) == [mother.pk for mother in mothers]
