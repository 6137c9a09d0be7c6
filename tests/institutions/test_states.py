"""The machines of orders, searches and jobs: the tables are sane, and no sequence of verbs leaves them.

Each run is some requests, five assistants, an official and a coordinator who do what they like in any order,
and a clock that only moves on. After every step ``manage.py audit_assistance`` has nothing to say.
"""

import contextlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from institutions import (
    corrections,
    day,
    follow_up,
    no_shows,
    offers,
    proposals,
    questions,
    requests,
    reviews,
    staffing,
    states,
    time_reports,
    withdrawals,
)
from institutions.assistance_audit import findings
from institutions.models import (
    Assignment,
    AssistanceRequest,
    Attempt,
    AttemptTransition,
    Offer,
    RequestQuestion,
    RequestTransition,
    TimeChange,
    TimeReport,
)
from portal.clock import WARSAW
from portal.refusals import Refused
from tests import factories

State = AssistanceRequest.State

# --- The tables -------------------------------------------------------------------------------------------

MACHINES = {
    "order": (states.ORDER, set(State.values), ""),
    "attempt": (states.ATTEMPT, set(Attempt.State.values), ""),
    "assignment": (states.ASSIGNMENT, set(Assignment.State.values), Assignment.State.ACTIVE),
}
#: What is over stays over.
ENDS = {
    "order": {
        State.CLOSED,
        State.DECLINED,
        State.CANCELLED_BY_INSTITUTION,
        State.CANCELLED_BY_NETWORK,
    },
    "attempt": {Attempt.State.FILLED, Attempt.State.EXHAUSTED, Attempt.State.CALLED_OFF},
    "assignment": {Assignment.State.WITHDRAWN, Assignment.State.REPLACED, Assignment.State.CANCELLED},
}


def reached_from(ways: dict, start: str) -> set[str]:
    reached, ahead = set(), [start]
    while ahead:
        for state in ways[ahead.pop()] - reached:
            reached.add(state)
            ahead.append(state)
    return reached


@pytest.mark.parametrize("name", MACHINES)
def test_table_knows_every_state_and_reaches_it(name):
    ways, known, start = MACHINES[name]
    assert set(ways) - {""} == known
    assert {state for targets in ways.values() for state in targets} <= known
    assert reached_from(ways, start) | {start} - {""} >= known


@pytest.mark.parametrize("name", MACHINES)
def test_table_has_a_way_out_of_everything_but_the_ends(name):
    ways, known, _start = MACHINES[name]
    assert {state for state in known if not ways[state]} == ENDS[name]
    for state in known - ENDS[name]:
        assert reached_from(ways, state) & (ENDS[name] | {Assignment.State.DONE}), f"{state} leads nowhere"


@pytest.mark.parametrize("name", MACHINES)
def test_table_leads_nowhere_to_itself(name):
    ways, _known, _start = MACHINES[name]
    assert not [state for state, targets in ways.items() if state in targets]


def test_no_way_leads_back_to_a_draft():
    assert [old for old, targets in states.ORDER.items() if State.DRAFT in targets] == [""]


def test_a_draft_is_sent_or_stays():
    """Nobody of the network can do anything with what was not sent."""
    assert states.ORDER[State.DRAFT] <= {State.SUBMITTED, State.OFFERING}


def test_after_the_meeting_nobody_is_looked_for():
    after = (State.IN_PROGRESS, State.AWAITING_REPORT, State.AWAITING_CONFIRMATION, *states.NO_SHOWS)
    for state in after:
        assert not reached_from(states.ORDER, state) & {State.OFFERING, State.UNFILLED, State.CONFIRMED}


# --- Any verb, by anybody, at any time --------------------------------------------------------------------

START = datetime(2026, 12, 1, 9, tzinfo=WARSAW)  # a Tuesday
ASSISTANTS = 5
MOST_OPEN = 2
which = st.integers(0, 30)
missing = st.sampled_from(["client", "assistant", "institution", "nobody"])
who = st.integers(0, ASSISTANTS - 1)
LOOKING = {State.OFFERING, State.UNFILLED}
WAITING = {State.SUBMITTED, State.NEEDS_INFO}
AFTER = {State.IN_PROGRESS, State.AWAITING_REPORT, State.AWAITING_CONFIRMATION}
AGREED = {State.CONFIRMED} | LOOKING
STANDING = {"state__in": Offer.STANDING}
OPEN = {"state": TimeChange.State.OPEN}


@dataclass(frozen=True)
class Play:
    """What somebody does: with what, and in which states of any request it can come to something."""

    draws: dict
    where: set
    weight: int = 2


#: Most steps are such that can succeed somewhere; every tenth is anything at all.
PLAYS = {
    "ask": Play(
        {
            "days": st.sampled_from([1, 3, 3, 6]),
            "minutes": st.sampled_from([30, 60, 60, 150]),
            "needed": st.sampled_from([1, 1, 2]),
            "choice": st.sampled_from(["first", "first", "coordinator"]),
            "urgency": st.sampled_from(["planned", "planned", "urgent"]),
            "is_draft": st.booleans(),
        },
        {"room"},
        weight=4,
    ),
    "send": Play({"number": which}, {State.DRAFT}),
    "take_on": Play({"number": which, "needed": st.sampled_from([None, 1, 2])}, WAITING),
    "decline": Play({"number": which}, WAITING, weight=1),
    "ask_back": Play({"number": which}, WAITING | LOOKING, weight=1),
    "answer_back": Play({"number": which}, {State.NEEDS_INFO}),
    "cancel": Play({"number": which, "by_official": st.booleans()}, AGREED | {State.IN_PROGRESS}, weight=1),
    "answer": Play(
        {
            "number": which,
            "verb": st.sampled_from(["accept", "accept", "accept", "accept", "show_interest", "refuse"]),
        },
        {"offered"},
        weight=8,
    ),
    "come_forward": Play({"number": which, "who": who}, LOOKING, weight=1),
    "assign": Play(
        {"number": which, "who": who, "reason": st.sampled_from(["", "nobody_else"])}, LOOKING, weight=2
    ),
    "choose": Play({"number": which}, {"offered"}, weight=2),
    "replace": Play(
        {"number": which, "who": st.sampled_from([None, *range(ASSISTANTS)])}, {"going"}, weight=1
    ),
    "change_choice": Play(
        {"number": which, "choice": st.sampled_from(["first", "coordinator"])}, LOOKING, weight=1
    ),
    "decide_about_search": Play(
        {"number": which, "verb": st.sampled_from(["look_again", "go_on_with_one"])}, LOOKING, weight=1
    ),
    "withdraw": Play({"number": which, "by_herself": st.booleans()}, {"going"}, weight=1),
    "propose": Play(
        {
            "number": which,
            "hours": st.sampled_from([-1, 2, 24]),
            "mode": st.sampled_from(["on_site", "phone"]),
        },
        {State.CONFIRMED},
        weight=1,
    ),
    "answer_change": Play({"number": which, "is_yes": st.booleans()}, {"proposed"}, weight=4),
    "on_the_day": Play(
        {"number": which, "verb": st.sampled_from(["arrive", "will_be_late", "refuse_late"])},
        {State.CONFIRMED, State.IN_PROGRESS},
    ),
    "assistant_says": Play({"number": which, "missing": missing}, AFTER | states.NO_SHOWS, weight=1),
    "institution_says": Play({"number": which, "missing": missing}, AFTER | states.NO_SHOWS, weight=1),
    "decide_who_was_missing": Play({"number": which, "missing": missing}, states.NO_SHOWS | AFTER, weight=1),
    "report": Play({"number": which, "longer": st.sampled_from([0, 0, 5, 40])}, AFTER, weight=5),
    "judge_hours": Play(
        {
            "number": which,
            "verb": st.sampled_from(["confirm", "confirm", "dispute", "approve", "strike"]),
        },
        AFTER | {State.CLOSED},
        weight=3,
    ),
    "time_passes": Play({"hours": st.sampled_from([1, 6, 20, 30])}, {""}, weight=1),
    "until_the_next_meeting": Play(
        {"minutes": st.sampled_from([-30, 12, 20, 70, 200])}, {State.CONFIRMED, State.UNFILLED}, weight=4
    ),
    "a_week_passes": Play({}, AFTER | {State.CLOSED}, weight=1),
}
#: What a run of any worth has seen.
EXPECTED = {
    (State.OFFERING, State.CONFIRMED),
    (State.CONFIRMED, State.OFFERING),
    (State.CONFIRMED, State.IN_PROGRESS),
    (State.OFFERING, State.UNFILLED),
    (State.IN_PROGRESS, State.AWAITING_REPORT),
    (State.AWAITING_REPORT, State.AWAITING_CONFIRMATION),
    (State.AWAITING_CONFIRMATION, State.CLOSED),
    (State.DRAFT, State.OFFERING),
}


class Assistance(RuleBasedStateMachine):
    """What is drawn names things by number; a refusal is an answer like any other."""

    seen: ClassVar[Counter] = Counter()
    refused: ClassVar[Counter] = Counter()

    @initialize()
    def begin(self):
        self.clock = time_machine.travel(START, tick=False)
        self.traveller = self.clock.start()
        self.now = START
        self.done = transaction.atomic()
        self.done.__enter__()
        project = factories.make_project()
        self.institution = factories.make_institution(project)
        self.official = factories.make_official(self.institution)
        self.coordinator = factories.make_staff(project)
        self.assistants = [
            factories.make_assistant(project, languages=("uk", "ru") if number % 2 else ("uk",))
            for number in range(ASSISTANTS)
        ]
        self.states: dict[int, str] = {}
        self.ask(days=3, minutes=60, needed=1, choice="first", urgency="planned", is_draft=False)

    def teardown(self):
        if hasattr(self, "done"):
            transaction.set_rollback(True)
            self.done.__exit__(None, None, None)
            self.clock.stop()

    def attempt(self, verb, *args, **kwargs):
        """Whatever is no refusal, NoSuchWay above all, ends the test."""
        with contextlib.suppress(Refused):
            try:
                return verb(*args, **kwargs)
            except Refused as no:
                self.refused[type(no).__name__] += 1
                raise
        return None

    def pick(self, rows, number, fitting=None):
        """One of the newest; mostly one for which it can come to something."""
        rows = rows.order_by("-pk")
        found = list(rows.filter(**fitting)[:8]) if fitting and number < 26 else []
        found = found or list(rows[:12])
        return found[number % len(found)] if found else None

    def request(self, number, where=()):
        return self.pick(
            AssistanceRequest.objects.all(), number, {"state__in": list(where)} if where else None
        )

    def job(self, number, where=()):
        fitting = {"state": Assignment.State.ACTIVE} | ({"request__state__in": list(where)} if where else {})
        return self.pick(Assignment.objects.select_related("assistant__user"), number, fitting)

    def possible(self):
        """What could come to something now, the likelier the more often."""
        facts = {"", *AssistanceRequest.objects.order_by().values_list("state", flat=True).distinct()}
        over = [*ENDS["order"], *states.NO_SHOWS, State.UNFILLED, State.DRAFT]
        if AssistanceRequest.objects.exclude(state__in=over).count() < MOST_OPEN:
            facts.add("room")
        if Offer.objects.filter(state__in=Offer.STANDING).exists():
            facts.add("offered")
        if Assignment.objects.filter(state=Assignment.State.ACTIVE).exists():
            facts.add("going")
        if TimeChange.objects.filter(state=TimeChange.State.OPEN).exists():
            facts.add("proposed")
        return [name for name, play in PLAYS.items() if play.where & facts for _time in range(play.weight)]

    @rule(data=st.data(), anything=st.integers(0, 9))
    def somebody_does_something(self, data, anything):
        names = sorted(PLAYS) if anything == 9 else self.possible()
        name = data.draw(st.sampled_from(names))
        play = PLAYS[name]
        getattr(self, name)(**{key: data.draw(one, label=key) for key, one in play.draws.items()})

    def ask(self, days, minutes, needed, choice, urgency, is_draft):
        fields = {
            "by": self.official,
            "start_at": self.now.replace(hour=10) + timedelta(days=days),
            "minutes": minutes,
            "subject": "health",
            "language": "uk",
            "town": "Toruń",
            "county": "Toruń",
            "urgency": urgency,
            "ranked_modes": ["on_site", "phone"],
            "assistants_needed": needed,
            "choice": choice,
        }
        verb = requests.save_draft if is_draft else requests.submit
        self.attempt(verb, self.institution, **fields)

    def send(self, number):
        if row := self.request(number, {State.DRAFT}):
            self.attempt(requests.send, row, by=self.official)

    def take_on(self, number, needed):
        if row := self.request(number, WAITING):
            self.attempt(reviews.take_on, row, by=self.coordinator, assistants_needed=needed)

    def decline(self, number):
        if row := self.request(number, WAITING):
            self.attempt(reviews.decline, row, by=self.coordinator, reason="no_language")

    def ask_back(self, number):
        if row := self.request(number, WAITING | LOOKING):
            self.attempt(questions.ask, row, by=self.coordinator, text="Which floor?")

    def answer_back(self, number):
        if row := self.pick(RequestQuestion.objects.all(), number, {"answered_at": None}):
            self.attempt(questions.answer, row, by=self.official, text="The second one.")

    def cancel(self, number, by_official):
        if row := self.request(number, AGREED):
            by = self.official if by_official else self.coordinator
            self.attempt(requests.cancel, row, by=by, reason="not_needed")

    def answer(self, number, verb):
        if offer := self.pick(Offer.objects.select_related("assistant__user"), number, STANDING):
            self.attempt(getattr(offers, verb), offer, by=offer.assistant.user)

    def come_forward(self, number, who):
        if row := self.request(number, LOOKING):
            self.attempt(offers.volunteer, row, by=self.assistants[who].user)

    def assign(self, number, who, reason):
        if row := self.request(number, LOOKING):
            self.attempt(
                staffing.assign_by_hand, row, self.assistants[who], by=self.coordinator, reason=reason
            )

    def choose(self, number):
        if offer := self.pick(Offer.objects.filter(state__in=Offer.STANDING), number):
            self.attempt(staffing.choose, offer, by=self.coordinator)

    def replace(self, number, who):
        if job := self.job(number, AGREED):
            other = None if who is None else self.assistants[who]
            self.attempt(
                staffing.replace, job, other, by=self.coordinator, reason="other", misfit_reason="nobody_else"
            )

    def change_choice(self, number, choice):
        if row := self.request(number, LOOKING):
            self.attempt(staffing.change_choice, row, choice, by=self.coordinator)

    def decide_about_search(self, number, verb):
        if row := self.request(number, LOOKING):
            self.attempt(getattr(staffing, verb), row, by=self.coordinator)

    def withdraw(self, number, by_herself):
        if job := self.job(number, AGREED):
            by = job.assistant.user if by_herself else self.coordinator
            self.attempt(withdrawals.withdraw, job, by=by, reason="ill")

    def propose(self, number, hours, mode):
        if row := self.request(number, {State.CONFIRMED}):
            start = row.start_at + timedelta(hours=hours)
            self.attempt(
                proposals.propose, row, by=self.official, start_at=start, minutes=row.minutes, mode=mode
            )

    def answer_change(self, number, is_yes):
        if change := self.pick(
            TimeChange.objects.select_related("assignment__assistant__user"), number, OPEN
        ):
            self.attempt(proposals.answer, change, by=change.assignment.assistant.user, is_yes=is_yes)

    def on_the_day(self, number, verb):
        if job := self.job(number, AFTER):
            by = self.official if verb == "refuse_late" else job.assistant.user
            more = {"minutes": 20} if verb == "will_be_late" else {}
            self.attempt(getattr(day, verb), job, by=by, **more)

    def assistant_says(self, number, missing):
        if job := self.job(number, AFTER):
            self.attempt(no_shows.assistant_says, job, by=job.assistant.user, missing=missing)

    def institution_says(self, number, missing):
        if job := self.job(number, AFTER):
            self.attempt(no_shows.institution_says, job, by=self.official, missing=missing)

    def decide_who_was_missing(self, number, missing):
        if job := self.job(number, AFTER):
            self.attempt(no_shows.decide, job, by=self.coordinator, missing=missing)

    def report(self, number, longer):
        if job := self.job(number, AFTER):
            row = job.request
            end = row.end_at + timedelta(minutes=longer)
            self.attempt(
                time_reports.report_times, job, by=job.assistant.user, start_at=row.start_at, end_at=end
            )

    def judge_hours(self, number, verb):
        if report := self.pick(TimeReport.objects.select_related("assignment"), number):
            match verb:
                case "confirm":
                    self.attempt(time_reports.confirm_report, report, by=self.official)
                case "dispute":
                    self.attempt(
                        time_reports.dispute_report, report, by=self.official, reason="It was shorter"
                    )
                case "approve":
                    self.attempt(time_reports.approve_overrun, report, by=self.coordinator)
                case "strike":
                    self.attempt(
                        corrections.strike_hours, report, by=self.coordinator, reason="did_not_count"
                    )

    def time_passes(self, hours):
        self.move_on(self.now + timedelta(hours=hours))

    def until_the_next_meeting(self, minutes):
        """To just before the next meeting, into it, or past its end."""
        ahead = AssistanceRequest.objects.filter(start_at__gt=self.now).order_by("start_at").first()
        if ahead:
            self.move_on(max(ahead.start_at + timedelta(minutes=minutes), self.now))

    def a_week_passes(self):
        self.move_on(self.now + timedelta(days=9))

    def move_on(self, now):
        """As beat does each minute; no task is late here."""
        self.now = now
        self.traveller.move_to(now, tick=False)
        offers.expire_offers()
        day.begin_meetings()
        follow_up.ask_for_reports()
        follow_up.confirm_by_silence()
        proposals.settle_overdue()
        reviews.give_up_unlooked()

    @invariant()
    def the_audit_finds_nothing(self):
        if hasattr(self, "states"):
            found = [str(finding) for finding in findings(timezone.now())]
            assert not found, found

    @invariant()
    def what_is_over_stays_over(self):
        if not hasattr(self, "states"):
            return
        for pk, state in AssistanceRequest.objects.values_list("pk", "state"):
            was = self.states.get(pk, "")
            if state != was:
                assert was not in ENDS["order"]
                self.seen[(was, state)] += 1
            self.states[pk] = state


@pytest.mark.django_db
@pytest.mark.slow
def test_no_sequence_of_verbs_leaves_the_machines():
    Assistance.seen.clear()
    run_state_machine_as_test(
        Assistance,
        settings=settings(
            max_examples=10,
            stateful_step_count=45,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert set(Assistance.seen) >= EXPECTED
    print(f"{Assistance.seen.total()} changes of {len(Assistance.seen)} kinds")
    print(f"{Assistance.refused.total()} refusals of {len(Assistance.refused)} kinds")


@pytest.mark.django_db
def test_every_written_step_is_a_way_of_its_machine(institution, official, assistant, coordinator):
    """Histories replay: from nothing, along the written steps, to where the row stands."""
    row = requests.submit(
        institution,
        by=official,
        start_at=factories.at(factories.AHEAD, "10:00"),
        minutes=60,
        subject="health",
        language="uk",
        town="Toruń",
        county="Toruń",
    )
    job = offers.accept(Offer.objects.get(request=row), by=assistant)
    withdrawals.withdraw(job, by=assistant, reason="ill")
    staffing.look_again(row, by=coordinator)
    requests.cancel(row, by=official, reason="not_needed")
    state = ""
    for step in RequestTransition.objects.filter(request=row).order_by("id"):
        assert step.old_state == state
        assert step.new_state in states.ORDER[state]
        state = step.new_state
    assert state == AssistanceRequest.objects.get(pk=row.pk).state == State.CANCELLED_BY_INSTITUTION
    for attempt in row.attempts.all():
        state = ""
        for step in AttemptTransition.objects.filter(attempt=attempt).order_by("id"):
            assert step.old_state == state
            assert step.new_state in states.ATTEMPT[state]
            state = step.new_state
        assert state == attempt.state
