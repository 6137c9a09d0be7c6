"""No sequence of verbs reaches an illegal state: places, offers and ranks hold after every single step.

Each run is one workshop, a dozen people, two organisers' moods and a clock that only moves on. The rules are
those of ``manage.py audit_workshops``.
"""

import contextlib
from collections import Counter
from datetime import timedelta
from typing import ClassVar

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from portal import diary
from portal.models import DiaryEntry
from portal.refusals import Refused
from tests import factories
from workshops import planning, registration, schedule, waiting_list
from workshops.capacity_audit import findings
from workshops.models import Registration, SeatOffer, Workshop

State = Registration.State
PEOPLE = 9
START = factories.at(0, "09:00")
ENDED_BY_SOMEBODY = {State.WITHDRAWN, State.DECLINED, State.REVOKED}
REGISTERED = {State.REQUESTED, State.CONFIRMED, State.WAITLISTED}
#: From a state to those that one verb may lead to; "" is who never registered.
LEGAL = {
    "": REGISTERED,
    State.REQUESTED: {State.CONFIRMED, State.WAITLISTED} | ENDED_BY_SOMEBODY,
    State.WAITLISTED: {State.OFFERED, State.CONFIRMED} | ENDED_BY_SOMEBODY,
    State.OFFERED: {State.CONFIRMED, State.LAPSED, State.WAITLISTED} | ENDED_BY_SOMEBODY,
    State.CONFIRMED: {State.WITHDRAWN, State.REVOKED},
    State.WITHDRAWN: REGISTERED,
    State.LAPSED: REGISTERED,
    State.DECLINED: {State.CONFIRMED},
    State.REVOKED: {State.CONFIRMED},
}
#: What a run of any worth has seen.
EXPECTED = {
    (State.WAITLISTED, State.OFFERED),
    (State.OFFERED, State.CONFIRMED),
    (State.OFFERED, State.LAPSED),
    (State.OFFERED, State.WITHDRAWN),
}

person = st.integers(0, PEOPLE - 1)


class Registering(RuleBasedStateMachine):
    """What is drawn names people by number; a refusal is an answer like any other."""

    seen: ClassVar[Counter] = Counter()

    @initialize(
        capacity=st.integers(1, 4),
        mode=st.sampled_from([Workshop.SignupMode.AT_ONCE, Workshop.SignupMode.BY_APPROVAL]),
        priorities=st.sampled_from([[], ["first_time"], ["first_time", "lost_place"]]),
    )
    def begin(self, capacity, mode, priorities):
        self.clock = time_machine.travel(START, tick=False)
        self.traveller = self.clock.start()
        self.now = START
        self.done = transaction.atomic()
        self.done.__enter__()
        self.workshop = factories.make_workshop(
            capacity=capacity,
            signup_mode=mode,
            priorities=priorities,
            sessions=[(6, "17:00", 90), (13, "17:00", 90)],
            registration_closes_at=START + timedelta(days=12),
        )
        other = factories.make_workshop(sessions=[(13, "17:30", 60)])
        self.people = [
            factories.make_user(email=None if n == 7 else f"p{n}@example.org") for n in range(PEOPLE)
        ]
        registration.register(other, self.people[0], by=self.people[0])  # she is busy then
        self.organiser = factories.make_user()
        self.states: dict[int, str] = {}
        for number in range(1, 1 + capacity + 3):  # full, and three wait
            self.register(number)
            self.decide(number, "approve")
            self.each_change_is_legal()

    def teardown(self):
        if hasattr(self, "done"):
            transaction.set_rollback(True)
            self.done.__exit__(None, None, None)
            self.clock.stop()

    def attempt(self, verb, *args, **kwargs):
        with contextlib.suppress(Refused), transaction.atomic():
            return verb(*args, **kwargs)

    def row(self, number):
        return Registration.objects.filter(workshop=self.workshop, user=self.people[number]).first()

    @rule(who=person)
    def register(self, who):
        self.attempt(registration.register, self.workshop, self.people[who], by=self.people[who])

    @rule(who=st.lists(person, min_size=2, max_size=4, unique=True))
    def register_party(self, who):
        people = [self.people[number] for number in who]
        before = {number: self.states.get(number, "") for number in who}
        rows = self.attempt(registration.register_party, self.workshop, people, by=people[0])
        if rows:
            assert len({row.state for row in rows}) == 1, "all or none"
        else:
            assert {number: getattr(self.row(number), "state", "") for number in who} == before

    @rule(who=person)
    def cancel(self, who):
        if row := self.row(who):
            self.attempt(registration.cancel, row, by=row.user)

    @rule(who=person, verb=st.sampled_from(["approve", "approve", "decline", "revoke"]))
    def decide(self, who, verb):
        if row := self.row(who):
            self.attempt(getattr(registration, verb), row, by=self.organiser)

    @rule(who=person, reason=st.sampled_from(["", "A chair was added"]))
    def add_by_hand(self, who, reason):
        self.attempt(
            registration.add_by_hand, self.workshop, self.people[who], by=self.organiser, reason=reason
        )

    @precondition(lambda self: SeatOffer.objects.exists())
    @rule(which=st.integers(0, 20), verb=st.sampled_from(["accept", "accept", "decline"]))
    def answer(self, which, verb):
        offers = list(SeatOffer.objects.order_by("id"))
        offer = offers[-1 - which % len(offers)]
        self.attempt(getattr(waiting_list, verb), offer, by=offer.registration.user)

    @precondition(lambda self: SeatOffer.objects.exists())
    @rule(which=st.integers(0, 20))
    def expire_too_soon_or_again(self, which):
        offers = list(SeatOffer.objects.order_by("id"))
        self.attempt(waiting_list.expire, offers[-1 - which % len(offers)])

    @rule(hours=st.sampled_from([1, 5, 13, 30, 60]))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)
        self.traveller.move_to(self.now, tick=False)
        waiting_list.expire_due_offers()
        waiting_list.offer_everywhere()

    @rule(capacity=st.integers(1, 6))
    def change_capacity(self, capacity):
        self.attempt(planning.edit_workshop, self.workshop, by=self.organiser, capacity=capacity)

    @rule(rules=st.sampled_from([[], ["first_time"]]))
    def change_priorities(self, rules):
        self.attempt(planning.edit_workshop, self.workshop, by=self.organiser, priorities=rules)

    @rule(first=st.booleans(), days=st.integers(-2, 3))
    def move_session(self, first, days):
        session = self.workshop.sessions.order_by("start_at")[0 if first else 1]
        shift = timedelta(days=days)
        self.attempt(
            schedule.move_session,
            session,
            start_at=session.start_at + shift,
            end_at=session.end_at + shift,
            by=self.organiser,
        )

    @rule(first=st.booleans(), really=st.integers(0, 3))
    def cancel_session(self, first, really):
        if really == 0:
            session = self.workshop.sessions.order_by("start_at")[0 if first else 1]
            self.attempt(schedule.cancel_session, session, by=self.organiser)

    @rule(really=st.integers(0, 9))
    def cancel_workshop(self, really):
        if really == 0:
            self.attempt(planning.cancel_workshop, self.workshop, by=self.organiser, reason="Ill")

    @invariant()
    def the_audit_finds_nothing(self):
        if hasattr(self, "states"):
            found = [str(finding) for finding in findings(only_places=True)]
            assert not found, found

    @invariant()
    def each_change_is_legal(self):
        if not hasattr(self, "states"):
            return
        new = {
            self.people.index(row.user): row.state
            for row in self.workshop.registrations.select_related("user")
        }
        for number, state in new.items():
            was = self.states.get(number, "")
            if state != was:
                assert state in LEGAL[was], (was, state)
                self.seen[(was, state)] += 1
        self.states = new

    @invariant()
    def who_has_a_place_has_it_in_the_diary(self):
        if not hasattr(self, "states"):
            return
        workshop = Workshop.objects.get(pk=self.workshop.pk)
        sources = [session.source for session in workshop.sessions_ahead(self.now)]
        firm = DiaryEntry.objects.filter(state=diary.State.FIRM, source__in=sources)
        holders = set(workshop.registrations.confirmed().values_list("user", flat=True)) if sources else set()
        assert set(firm.values_list("user", flat=True)) == holders


@pytest.mark.django_db
def test_no_sequence_of_verbs_reaches_an_illegal_state():
    run_state_machine_as_test(
        Registering,
        settings=settings(
            max_examples=14,
            stateful_step_count=22,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert set(Registering.seen) >= EXPECTED
    print(f"{Registering.seen.total()} changes of {len(Registering.seen)} kinds")
