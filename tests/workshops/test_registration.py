"""Registering, the waiting list, giving a place back, and what the organiser may do."""

from datetime import datetime, timedelta

import pytest
from time_machine import travel

from portal import diary
from portal.clock import WARSAW
from portal.models import AuditEntry, DiaryEntry, Message
from tests import factories
from workshops import guards, registration
from workshops.models import Registration, Workshop

pytestmark = pytest.mark.django_db
State = Registration.State
# By day, so that no message waits for the morning; a fortnight without a change of the clock.
MIDDAY = datetime(2026, 3, 4, 12, tzinfo=WARSAW)


@pytest.fixture(autouse=True)
def _by_day():
    with travel(MIDDAY, tick=True):
        yield


def told(user) -> list[str]:
    """The events a person was told of, in order."""
    return [
        message.key.split(":")[2]
        for message in Message.objects.filter(recipient=user, key__startswith="registration:").order_by("id")
    ]


def fill(workshop: Workshop) -> list[Registration]:
    """People in all places."""
    people = [factories.make_user() for _place in range(workshop.capacity)]
    return [registration.register(workshop, person, by=person) for person in people]


def small(**fields) -> Workshop:
    return factories.make_workshop(capacity=1, **fields)


def ranks(workshop: Workshop) -> dict:
    return {row.user: row.rank for row in workshop.registrations.waiting().with_rank()}


# --- register ----------------------------------------------------------------------------------------------


def test_register_gives_a_place(workshop, migrant):
    row = registration.register(workshop, migrant, by=migrant, note="I come with a pram")
    assert (row.state, row.note) == (State.CONFIRMED, "I come with a pram")
    assert row.confirmed_at
    entry = DiaryEntry.objects.get(user=migrant)
    session = workshop.sessions.get()
    assert (entry.source, entry.state, entry.is_exclusive) == (session.source, diary.State.FIRM, True)
    assert entry.start_at == session.start_at
    assert entry.title["en"] == workshop.title_en
    assert entry.place["pl"] == "Dom Sąsiedzki, ul. Cicha 1, Toruń"
    assert entry.cancel_path == f"/workshops/{workshop.slug}/cancel/"
    assert entry.remind_minutes == [4320, 1440]
    assert AuditEntry.objects.get(action="registration.confirmed").object_id == row.pk
    assert migrant.participant


def test_register_tells_what_when_where_in_her_language(workshop, other_migrant):
    registration.register(workshop, other_migrant, by=other_migrant)
    message = Message.objects.get(recipient=other_migrant)
    assert message.language == "ar"
    assert workshop.title_en in message.subject  # there is no Arabic title: the nearest language she can read
    assert "17:00" in message.text
    assert "ul. Cicha 1" in message.text
    assert f"/ar/workshops/{workshop.slug}/cancel/" in message.text
    assert "ul. Cicha 1" in message.calendar


def test_register_enters_every_session_of_a_series(migrant):
    series = factories.make_workshop(sessions=[(7, "17:00", 90), (14, "17:00", 90), (21, "17:00", 90)])
    registration.register(series, migrant, by=migrant)
    entries = DiaryEntry.objects.filter(user=migrant)
    assert len(entries) == 3
    assert {tuple(entry.remind_minutes) for entry in entries} == {(1440,)}


def test_register_asks_where_approval_is_needed(migrant):
    workshop = factories.make_workshop(signup_mode=Workshop.SignupMode.BY_APPROVAL)
    row = registration.register(workshop, migrant, by=migrant)
    assert row.state == State.REQUESTED
    assert told(migrant) == ["request_received"]
    assert not DiaryEntry.objects.filter(user=migrant).exists()


def test_register_queues_when_full(migrant, other_migrant):
    workshop = small()
    fill(workshop)
    assert registration.register(workshop, migrant, by=migrant).state == State.WAITLISTED
    assert registration.register(workshop, other_migrant, by=other_migrant).state == State.WAITLISTED
    assert ranks(workshop) == {migrant: 1, other_migrant: 2}
    assert told(other_migrant) == ["waitlisted"]
    assert "2" in Message.objects.get(recipient=other_migrant).text
    assert not DiaryEntry.objects.filter(user=migrant).exists()


def test_register_twice_changes_nothing(workshop, migrant):
    first = registration.register(workshop, migrant, by=migrant)
    with pytest.raises(guards.AlreadyRegistered) as refusal:
        registration.register(workshop, migrant, by=migrant)
    assert refusal.value.registration == first
    assert told(migrant) == ["seat_confirmed"]
    assert DiaryEntry.objects.filter(user=migrant).count() == 1


def test_register_again_reuses_the_row_and_tells_again(workshop, migrant):
    first = registration.register(workshop, migrant, by=migrant)
    registration.cancel(first, by=migrant)
    again = registration.register(workshop, migrant, by=migrant)
    assert again.pk == first.pk
    assert told(migrant) == ["seat_confirmed", "cancelled_by_person", "seat_confirmed"]
    assert DiaryEntry.objects.get(user=migrant).state == diary.State.FIRM


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"state": Workshop.State.DRAFT}, guards.NotPublished),
        ({"state": Workshop.State.CANCELLED}, guards.WorkshopCancelled),
        ({"sessions": []}, guards.NoDateYet),
        ({"sessions": [(0, "11:59", 60)]}, guards.WindowClosed),
        ({"sessions": [(0, "11:59", 60), (7, "17:00", 60)]}, guards.WindowClosed),
        ({"registration_opens_at": MIDDAY + timedelta(hours=1)}, guards.NotOpenYet),
        ({"registration_closes_at": MIDDAY - timedelta(hours=1)}, guards.WindowClosed),
        # However late the window is set to close: nobody joins after the last session has begun.
        (
            {"sessions": [(0, "11:59", 60)], "registration_closes_at": MIDDAY + timedelta(days=1)},
            guards.WindowClosed,
        ),
    ],
)
def test_register_is_refused(migrant, fields, refusal):
    workshop = factories.make_workshop(**fields)
    with pytest.raises(refusal):
        registration.register(workshop, migrant, by=migrant)
    assert not Registration.objects.exists()
    assert not Message.objects.exists()


def test_register_in_an_unpublished_project_is_refused(workshop, project, migrant):
    project.is_published = False
    project.save(update_fields=["is_published"])
    with pytest.raises(guards.NotPublished):
        registration.register(workshop, migrant, by=migrant)


def test_register_refusals_name_the_moment(migrant):
    opens_at = MIDDAY + timedelta(days=1)
    workshop = factories.make_workshop(registration_opens_at=opens_at)
    with pytest.raises(guards.NotOpenYet, match=r"12:00"):
        registration.register(workshop, migrant, by=migrant)


def test_register_after_the_first_session_where_the_window_is_open(migrant):
    series = factories.make_workshop(
        sessions=[(0, "10:00", 60), (7, "17:00", 60), (14, "17:00", 60)],
        registration_closes_at=MIDDAY + timedelta(days=10),
    )
    registration.register(series, migrant, by=migrant)
    assert DiaryEntry.objects.filter(user=migrant).count() == 2  # what is over is not entered


def test_register_for_a_workshop_one_leads_is_refused(workshop, trainer):
    with pytest.raises(guards.StaffOfWorkshop):
        registration.register(workshop, trainer, by=trainer)


def test_register_for_overlapping_sessions_names_what_and_when(workshop, migrant):
    registration.register(workshop, migrant, by=migrant)
    other = factories.make_workshop(sessions=[(3, "10:00", 60), (7, "18:30", 60)])
    with pytest.raises(guards.Overlaps) as refusal:
        registration.register(other, migrant, by=migrant)
    assert workshop.title_pl in str(refusal.value)
    assert "17:00" in str(refusal.value)


def test_register_for_what_follows_directly(workshop, migrant):
    registration.register(workshop, migrant, by=migrant)
    next_one = factories.make_workshop(sessions=[(7, "19:00", 60)])
    assert registration.register(next_one, migrant, by=migrant).state == State.CONFIRMED


def test_register_for_an_open_event_whatever_else_there_is(workshop, migrant):
    registration.register(workshop, migrant, by=migrant)
    event = factories.make_workshop(kind=Workshop.Kind.EVENT)
    assert registration.register(event, migrant, by=migrant).state == State.CONFIRMED


def test_register_after_the_organiser_took_the_place_back_is_refused(workshop, migrant, coordinator):
    row = registration.register(workshop, migrant, by=migrant)
    registration.revoke(row, by=coordinator)
    with pytest.raises(guards.NotAgain):
        registration.register(workshop, migrant, by=migrant)


# --- cancel and the waiting list ---------------------------------------------------------------------------


def test_cancel_gives_the_place_to_the_first_in_line(migrant, other_migrant):
    workshop = small()
    [holder] = fill(workshop)
    first = registration.register(workshop, migrant, by=migrant)
    registration.register(workshop, other_migrant, by=other_migrant)
    registration.cancel(holder, by=holder.user)
    holder.refresh_from_db()
    first.refresh_from_db()
    assert (holder.state, first.state) == (State.WITHDRAWN, State.OFFERED)
    assert first.queued_at
    assert ranks(workshop) == {other_migrant: 1}
    assert told(holder.user) == ["seat_confirmed", "cancelled_by_person"]
    assert told(migrant) == ["waitlisted", "seat_offered"]
    assert not DiaryEntry.objects.filter(user=migrant).exists()
    assert DiaryEntry.objects.get(user=holder.user).state == diary.State.CALLED_OFF


def test_cancel_twice_changes_nothing(migrant):
    workshop = small()
    row = registration.register(workshop, migrant, by=migrant)
    registration.cancel(row, by=migrant)
    assert registration.cancel(row, by=migrant).state == State.WITHDRAWN
    assert told(migrant) == ["seat_confirmed", "cancelled_by_person"]
    assert AuditEntry.objects.filter(action="registration.withdrawn").count() == 1


def test_cancel_until_the_deadline(workshop, migrant):
    row = registration.register(workshop, migrant, by=migrant)
    deadline = workshop.sessions.get().start_at - timedelta(hours=24)
    with (
        travel(deadline + timedelta(seconds=1), tick=False),
        pytest.raises(guards.CancelTooLate, match="17:00"),
    ):
        registration.cancel(row, by=migrant)
    with travel(deadline, tick=False):
        assert registration.cancel(row, by=migrant).state == State.WITHDRAWN


def test_cancel_after_the_end_is_refused(workshop, migrant):
    row = registration.register(workshop, migrant, by=migrant)
    with travel(factories.at(9), tick=False), pytest.raises(guards.CancelTooLate):
        registration.cancel(row, by=migrant)


def test_cancel_leaves_a_running_series(migrant):
    series = factories.make_workshop(sessions=[(1, "17:00", 60), (7, "17:00", 60), (14, "17:00", 60)])
    row = registration.register(series, migrant, by=migrant)
    with travel(factories.at(3), tick=False):
        registration.cancel(row, by=migrant)
    states = list(
        DiaryEntry.objects.filter(user=migrant).order_by("start_at").values_list("state", flat=True)
    )
    assert states == [diary.State.FIRM, diary.State.CALLED_OFF, diary.State.CALLED_OFF]


def test_cancel_leaves_the_waiting_list_at_any_time(migrant):
    workshop = small()
    fill(workshop)
    row = registration.register(workshop, migrant, by=migrant)
    with travel(workshop.sessions.get().start_at - timedelta(minutes=5), tick=False):
        assert registration.cancel(row, by=migrant).state == State.WITHDRAWN


def test_cancel_passes_by_who_is_busy_then(migrant, other_migrant):
    workshop = small()
    [holder] = fill(workshop)
    registration.register(workshop, migrant, by=migrant)
    registration.register(workshop, other_migrant, by=other_migrant)
    registration.register(factories.make_workshop(), migrant, by=migrant)  # at the same hour
    registration.cancel(holder, by=holder.user)
    assert ranks(workshop) == {migrant: 1}
    assert told(migrant) == ["waitlisted", "seat_confirmed", "place_would_overlap"]
    assert told(other_migrant) == ["waitlisted", "seat_offered"]


def test_cancel_silences_what_is_no_longer_true(migrant):
    """Offered at night, she is to be told in the morning; she cancels before."""
    workshop = small()
    [holder] = fill(workshop)
    row = registration.register(workshop, migrant, by=migrant)
    with travel(factories.at(0, "23:00"), tick=False):
        registration.cancel(holder, by=holder.user)
        registration.cancel(row, by=migrant)
    offered = Message.objects.get(recipient=migrant, key__contains="seat_offered")
    assert offered.state == Message.State.SILENCED


def test_promote_next_offers_all_free_places_in_order(coordinator):
    workshop = small()
    fill(workshop)
    people = [factories.make_user() for _number in range(3)]
    for person in people:
        registration.register(workshop, person, by=person)
    Workshop.objects.filter(pk=workshop.pk).update(capacity=3)
    offers = registration.promote_next(workshop)
    assert [offer.registration.user for offer in offers] == people[:2]
    assert ranks(workshop) == {people[2]: 1}
    assert registration.promote_next(workshop) == []


def test_promote_next_stops_when_the_last_session_has_begun(migrant):
    workshop = small()
    fill(workshop)
    registration.register(workshop, migrant, by=migrant)
    Workshop.objects.filter(pk=workshop.pk).update(capacity=2)
    with travel(workshop.sessions.get().start_at, tick=False):
        assert registration.promote_next(workshop) == []


def test_register_leaves_the_free_place_to_who_waits_for_it(migrant, other_migrant):
    """Busy when a place became free, free again now: she is before any newcomer."""
    workshop = small()
    [holder] = fill(workshop)
    waiting = registration.register(workshop, migrant, by=migrant)
    busy = registration.register(factories.make_workshop(), migrant, by=migrant)
    registration.cancel(holder, by=holder.user)
    registration.cancel(busy, by=migrant)
    assert registration.register(workshop, other_migrant, by=other_migrant).state == State.WAITLISTED
    waiting.refresh_from_db()
    assert waiting.state == State.OFFERED


# --- the organiser -----------------------------------------------------------------------------------------


@pytest.fixture
def request_row(migrant) -> Registration:
    workshop = small(signup_mode=Workshop.SignupMode.BY_APPROVAL)
    return registration.register(workshop, migrant, by=migrant)


def test_approve_gives_the_place_once(request_row, coordinator, migrant):
    for _click in range(2):
        assert registration.approve(request_row, by=coordinator).state == State.CONFIRMED
    assert told(migrant) == ["request_received", "seat_confirmed"]
    assert AuditEntry.objects.get(action="registration.confirmed").actor_id == coordinator.pk
    assert DiaryEntry.objects.filter(user=migrant).count() == 1


def test_approve_queues_when_full(request_row, coordinator, other_migrant, migrant):
    other = registration.register(request_row.workshop, other_migrant, by=other_migrant)
    registration.approve(other, by=coordinator)
    assert registration.approve(request_row, by=coordinator).state == State.WAITLISTED
    assert told(migrant) == ["request_received", "waitlisted"]


def test_approve_is_refused_where_nobody_asks(workshop, migrant, coordinator):
    row = registration.register(workshop, migrant, by=migrant)
    registration.cancel(row, by=migrant)
    with pytest.raises(guards.NotWaitingForApproval):
        registration.approve(row, by=coordinator)


def test_approve_says_no_more_than_that_she_is_busy(request_row, coordinator, migrant):
    other = factories.make_workshop()
    registration.register(other, migrant, by=migrant)
    with pytest.raises(guards.PersonIsBusy) as refusal:
        registration.approve(request_row, by=coordinator)
    assert other.title_pl not in str(refusal.value)
    request_row.refresh_from_db()
    assert request_row.state == State.REQUESTED


def test_decline_tells_her_once(request_row, coordinator, migrant):
    for _click in range(2):
        assert registration.decline(request_row, by=coordinator).state == State.DECLINED
    assert told(migrant) == ["request_received", "request_declined"]


def test_decline_is_refused_once_confirmed(workshop, migrant, coordinator):
    row = registration.register(workshop, migrant, by=migrant)
    with pytest.raises(guards.NotWaitingForApproval):
        registration.decline(row, by=coordinator)


def test_add_by_hand_within_capacity_needs_no_reason(migrant, coordinator):
    workshop = small(registration_closes_at=MIDDAY - timedelta(days=1))
    row = registration.add_by_hand(workshop, migrant, by=coordinator, reason="she asked by phone")
    assert (row.state, row.over_capacity_reason) == (State.CONFIRMED, "")
    assert told(migrant) == ["seat_confirmed"]


def test_add_by_hand_beyond_capacity_needs_a_reason(migrant, coordinator):
    workshop = small()
    fill(workshop)
    with pytest.raises(guards.Full) as refusal:
        registration.add_by_hand(workshop, migrant, by=coordinator, reason="  ")
    assert refusal.value.field == "reason"
    row = registration.add_by_hand(workshop, migrant, by=coordinator, reason="A chair was added")
    assert (row.state, row.over_capacity_reason) == (State.CONFIRMED, "A chair was added")
    line = AuditEntry.objects.get(action="registration.added_by_hand")
    assert line.data == {"over_capacity": True}


def test_add_by_hand_takes_her_from_the_list(migrant, coordinator):
    workshop = small()
    fill(workshop)
    row = registration.register(workshop, migrant, by=migrant)
    assert registration.add_by_hand(workshop, migrant, by=coordinator, reason="Urgent").pk == row.pk
    assert ranks(workshop) == {}


def test_add_by_hand_twice_is_harmless(workshop, migrant, coordinator):
    registration.add_by_hand(workshop, migrant, by=coordinator)
    with pytest.raises(guards.AlreadyRegistered):
        registration.add_by_hand(workshop, migrant, by=coordinator)
    assert told(migrant) == ["seat_confirmed"]


def test_add_by_hand_to_a_cancelled_workshop_is_refused(migrant, coordinator):
    workshop = factories.make_workshop(state=Workshop.State.CANCELLED)
    with pytest.raises(guards.WorkshopCancelled):
        registration.add_by_hand(workshop, migrant, by=coordinator)


def test_an_overbooked_place_is_not_passed_on(migrant, other_migrant, coordinator):
    workshop = small()
    [holder] = fill(workshop)
    registration.register(workshop, other_migrant, by=other_migrant)
    registration.add_by_hand(workshop, migrant, by=coordinator, reason="A chair was added")
    registration.cancel(holder, by=holder.user)
    assert ranks(workshop) == {other_migrant: 1}


def test_revoke_frees_the_place(migrant, coordinator):
    workshop = small()
    [holder] = fill(workshop)
    waiting = registration.register(workshop, migrant, by=migrant)
    for _click in range(2):
        assert registration.revoke(holder, by=coordinator).state == State.REVOKED
    waiting.refresh_from_db()
    assert waiting.state == State.OFFERED
    assert told(holder.user) == ["seat_confirmed", "registration_revoked"]


def test_revoke_of_what_was_cancelled_is_refused(workshop, migrant, coordinator):
    row = registration.register(workshop, migrant, by=migrant)
    registration.cancel(row, by=migrant)
    with pytest.raises(guards.NotStanding):
        registration.revoke(row, by=coordinator)


def test_enter_in_diaries_shows_overlaps_and_blocks_nobody(workshop, migrant, other_migrant):
    registration.register(workshop, migrant, by=migrant)
    registration.register(workshop, other_migrant, by=other_migrant)
    registration.register(factories.make_workshop(sessions=[(14, "17:00", 60)]), migrant, by=migrant)
    added = factories.make_session(workshop, days=14, clock="17:30")
    assert registration.enter_in_diaries(added) == [migrant]
    assert DiaryEntry.objects.filter(source=added.source).count() == 2
    assert not DiaryEntry.objects.get(source=added.source, user=migrant).is_exclusive


def test_a_person_without_address_can_be_added(workshop, coordinator):
    person = factories.make_user(email=None)
    assert registration.add_by_hand(workshop, person, by=coordinator).state == State.CONFIRMED
    assert not Message.objects.filter(recipient=person).exists()


@pytest.mark.parametrize("decision", ["approve", "add_by_hand"])
def test_what_the_organiser_decides_at_night_is_told_in_the_morning(coordinator, migrant, decision):
    """Only who has asked just now is answered at night; safe hours hold for everything else."""
    workshop = factories.make_workshop(signup_mode=Workshop.SignupMode.BY_APPROVAL)
    row = registration.register(workshop, migrant, by=migrant)
    with travel(factories.at(0, "23:00"), tick=False):
        if decision == "approve":
            registration.approve(row, by=coordinator)
        else:
            registration.add_by_hand(workshop, migrant, by=coordinator)
    message = Message.objects.get(recipient=migrant, key__contains="seat_confirmed")
    assert message.due_at == factories.at(1, "08:00")
