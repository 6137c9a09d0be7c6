"""Two hundred answers, withdrawals and new offers at once, over forty jobs and fifteen assistants, by twenty
workers on real connections. Some jobs need two assistants, in some the coordinator chooses.

Nobody is booked twice, no place has two assistants, no job is lost, every change of a state can be played
back, and every letter goes out once. The dice have a fixed seed; the order of the workers is whatever it is.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable

import pytest
from django.core import mail
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from institutions import attempts, offers, requests, staffing, states, withdrawals
from institutions.models import Assignment, AssistanceRequest, Attempt, Offer
from institutions.transitions import lock
from portal import messages
from portal.clock import is_working_day
from portal.models import DiaryEntry, Message
from portal.refusals import Refused
from tests import factories

JOBS, ASSISTANTS, WORKERS, ACTS, SEED = 40, 15, 20, 200, 7
AT_MOST_SECONDS = 120
#: Several at one time, so that whoever takes one cannot take the others.
CLOCKS = ("09:00", "09:30", "12:00", "12:15", "15:00")
KINDS = (
    "accept",
    "accept",
    "accept",
    "withdraw",
    "withdraw",
    "offer again",
    "offer again",
    "refuse",
    "choose",
)
State = AssistanceRequest.State


class Scene:
    def __init__(self, project, institution, official, coordinator) -> None:
        self.dice = random.Random(SEED)
        self.coordinator = coordinator
        for _one in range(ASSISTANTS):
            factories.make_assistant(project)
        days = [
            day for day in range(factories.AHEAD, 34) if is_working_day(factories.at(day, "09:00").date())
        ]
        self.jobs = [
            requests.submit(
                institution,
                by=official,
                start_at=factories.at(days[number // len(CLOCKS)], CLOCKS[number % len(CLOCKS)]),
                minutes=60,
                language="uk",
                subject="school",
                town="Toruń",
                assistants_needed=2 if number % 5 == 0 else 1,
                choice="coordinator" if number % 8 == 3 else "first",
            )
            for number in range(JOBS)
        ]
        self.acts = [self.dice.choice(KINDS) for _act in range(ACTS)]
        self.seeds = [self.dice.random() for _act in range(ACTS)]
        self.done: Counter = Counter()
        self.refused: Counter = Counter()
        self.faults: list[Exception] = []
        self.wrong: list[str] = []
        self.looks = 0
        self.is_over, self.counting = threading.Event(), threading.Lock()

    def run(self) -> float:
        """Everybody at once; returns the seconds it took."""
        began = time.monotonic()
        watch = self.thread(self.look)
        shares = [range(worker, ACTS, WORKERS) for worker in range(WORKERS)]
        threads = [self.thread(lambda share=share: self.work(share)) for share in shares]
        for thread in threads:
            thread.join(AT_MOST_SECONDS)
        seconds = time.monotonic() - began
        self.is_over.set()
        watch.join()
        assert not any(thread.is_alive() for thread in threads), f"not done after {seconds:.0f} s"
        return seconds

    def thread(self, call: Callable[[], None]) -> threading.Thread:
        def guarded() -> None:
            try:
                call()
            except Exception as fault:  # what a thread dies of is the test's business
                self.faults.append(fault)
            finally:
                connection.close()

        thread = threading.Thread(target=guarded)
        thread.start()
        return thread

    def look(self) -> None:
        """All the time: is any place taken twice, or anybody in two places of one job?"""
        going = Assignment.objects.filter(state=Assignment.State.ACTIVE).order_by()
        while not self.is_over.wait(0.01):
            for columns in (("request", "place"), ("request", "assistant")):
                twice = going.values(*columns).annotate(number=Count("pk")).filter(number__gt=1)
                self.wrong += [str(row) for row in twice]
            self.looks += 1

    def work(self, share: Iterable[int]) -> None:
        for number in share:
            kind, dice = self.acts[number], random.Random(self.seeds[number])
            try:
                came_of_it = ACT_OF[kind](self, dice)
            except Refused as no:
                self.count(self.refused, type(no).__name__)
            else:
                self.count(self.done, kind if came_of_it else "nobody to do it")
            messages.deliver_due(limit=3)

    def count(self, what: Counter, name: str) -> None:
        with self.counting:
            what[name] += 1

    def accept(self, dice: random.Random) -> Assignment | Offer | None:
        offer = one_of(Offer.objects.filter(state=Offer.State.OPEN), dice)
        if offer is None:
            return None
        if offer.request.choice == AssistanceRequest.Choice.COORDINATOR:
            return offers.show_interest(offer, by=offer.assistant.user)
        return offers.accept(offer, by=offer.assistant.user)

    def refuse(self, dice: random.Random) -> Offer | None:
        offer = one_of(Offer.objects.filter(state__in=Offer.STANDING), dice)
        return offer and offers.refuse(offer, by=offer.assistant.user)

    def withdraw(self, dice: random.Random) -> AssistanceRequest | None:
        job = one_of(Assignment.objects.filter(state=Assignment.State.ACTIVE), dice)
        return job and withdrawals.withdraw(job, by=job.assistant.user, reason="ill")

    def choose(self, dice: random.Random) -> Assignment | None:
        offer = one_of(Offer.objects.filter(state=Offer.State.INTERESTED), dice)
        return offer and staffing.choose(offer, by=self.coordinator)

    def offer_again(self, dice: random.Random) -> bool:
        """Time passes sooner here than in life: what is open runs out, and the next ones are asked."""
        job = dice.choice(self.jobs)
        with transaction.atomic():
            lock(
                job
            )  # as every verb does before it touches an offer: otherwise both could wait for each other
            now = timezone.now()
            open_ = Offer.objects.filter(request=job, state=Offer.State.OPEN, expires_at__gt=now)
            open_.update(expires_at=now)
        offers.look_again(job.pk)
        return True


ACT_OF = {
    "accept": Scene.accept,
    "refuse": Scene.refuse,
    "withdraw": Scene.withdraw,
    "choose": Scene.choose,
    "offer again": Scene.offer_again,
}


def one_of(rows, dice: random.Random):
    pks = list(rows.order_by("pk").values_list("pk", flat=True))
    return (
        rows.model.objects.select_related("request", "assistant__user").get(pk=dice.choice(pks))
        if pks
        else None
    )


def played_back(rows: list, machine: dict, state: str) -> bool:
    """The history leads from nothing to the present state, by ways of the machine only."""
    at = ""
    for row in rows:
        if row.old_state != at or row.new_state not in machine[at]:
            return False
        at = row.new_state
    return at == state


def booked_twice() -> int:
    """Pairs of firm, exclusive entries of one person that overlap, as the database has them."""
    pairs = """
        SELECT count(*) FROM portal_diaryentry one JOIN portal_diaryentry other
        ON one.user_id = other.user_id AND one.id < other.id AND one.busy && other.busy
        WHERE one.state = 'firm' AND other.state = 'firm' AND one.is_exclusive AND other.is_exclusive
    """
    with connection.cursor() as cursor:
        cursor.execute(pairs)
        return cursor.fetchone()[0]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_nobody_is_booked_twice_and_no_job_is_lost(settings, project, institution, official, coordinator):
    settings.QUIET_HOURS = (24, 0)  # the show must go on at night
    scene = Scene(project, institution, official, coordinator)
    assert {job.state for job in scene.jobs} == {State.OFFERING}
    seconds = scene.run()
    messages.deliver_due()
    assert not scene.faults, scene.faults
    assert scene.done.total() + scene.refused.total() == ACTS
    assert not scene.wrong, "never two assistants on one place, nor anybody on two"
    assert booked_twice() == 0

    for job in AssistanceRequest.objects.all():
        assert_not_lost(job)
        assert played_back(list(job.transitions.order_by("id")), states.ORDER, job.state)
    for attempt in Attempt.objects.all():
        assert played_back(list(attempt.transitions.order_by("id")), states.ATTEMPT, attempt.state)
        assert hasattr(attempt, "assignment") == (attempt.state == Attempt.State.FILLED)
    going = Assignment.objects.filter(state=Assignment.State.ACTIVE)
    booked = DiaryEntry.objects.firm().filter(kind=DiaryEntry.Kind.ASSISTANCE)
    assert {(job.assistant.user_id, job.request.source) for job in going} == set(
        booked.values_list("user", "source")
    ), "each diary says what was agreed, and nothing else"

    assert_told_once()
    totals = Counter(AssistanceRequest.objects.values_list("state", flat=True))
    print(
        f"{ACTS} acts by {WORKERS} workers over {JOBS} jobs and {ASSISTANTS} assistants in {seconds:.1f} s: "
        f"done {dict(scene.done)}, refused {dict(scene.refused)}; {Attempt.objects.count()} attempts, "
        f"{Offer.objects.count()} offers, {Assignment.objects.count()} assignments, jobs now {dict(totals)}; "
        f"letters sent {len(mail.outbox)}; {scene.looks} looks found no place taken twice"
    )


def assert_not_lost(job: AssistanceRequest) -> None:
    going = job.assignments.filter(state=Assignment.State.ACTIVE).count()
    live = attempts.live(job)
    if job.state == State.CONFIRMED:
        assert (going, live) == (job.assistants_needed, [])
        assert not attempts.standing_offers(job)
    elif job.state == State.OFFERING:
        assert going + len(live) == job.assistants_needed, "everybody who is missing is looked for"
        assert attempts.standing_offers(job), "somebody's answer is awaited"
    else:
        assert (job.state, live) == (State.UNFILLED, [])
        assert going < job.assistants_needed
        assert job.told_unfilled_at, "the official knows"


def assert_told_once() -> None:
    sent = Message.objects.filter(state=Message.State.SENT)
    assert not Message.objects.filter(state=Message.State.QUEUED, due_at__lte=timezone.now()).exists()
    letters = [letter.extra_headers["Message-ID"] for letter in mail.outbox]
    assert len(letters) == len(set(letters)) == sent.count()
    told = set(Message.objects.values_list("key", flat=True))
    asked = Offer.objects.filter(wave__gt=0)
    assert {f"offered:{offer.pk}" for offer in asked} <= told
    assert {f"assistant_comes:{job.pk}" for job in Assignment.objects.all()} <= told
    gone = Assignment.objects.filter(state=Assignment.State.WITHDRAWN)
    assert {f"assistant_withdrew:{job.pk}" for job in gone} <= told


def test_a_history_with_a_gap_is_found_out():
    class Row:
        def __init__(self, old_state, new_state):
            self.old_state, self.new_state = old_state, new_state

    whole = [Row("", "offering"), Row("offering", "confirmed")]
    assert played_back(whole, states.ORDER, "confirmed")
    assert not played_back(whole, states.ORDER, "offering")
    assert not played_back(whole[1:], states.ORDER, "confirmed")
    assert not played_back([*whole, Row("offering", "unfilled")], states.ORDER, "unfilled")
    assert not played_back([*whole, Row("confirmed", "closed")], states.ORDER, "closed")
