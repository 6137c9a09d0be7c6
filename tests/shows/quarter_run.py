"""Plays a simulated quarter through the real verbs, by one policy or another."""

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import time_machine
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from institutions import offers, requests, withdrawals
from institutions.models import Assignment, AssistanceRequest, Attempt, Offer
from portal.clock import after_quiet_hours
from portal.models import Message
from portal.refusals import Refused
from tests.shows.quarter import SEED, Asked, Network, arrivals, characters, make_network
from tests.shows.quarter_figures import Outcome, outcome


@dataclass(frozen=True)
class Policy:
    """A way of asking: settings, nothing else. The verbs are the same."""

    name: str
    settings: dict = field(default_factory=dict)


IN_WAVES = Policy("in waves, by score")
#: As the network was before: everybody who fits is asked at once, and the first who agrees gets it. The
#: ladder and the deadlines stay, so that the two differ in the order of asking alone.
FIRST_COME = Policy(
    "first come, first served", {"wave_sizes": {"planned": [None], "urgent": [None], "emergency": [None]}}
)


def play(policy: Policy, settings, *, requests: int, days: int) -> Outcome:
    """Play the first ``days`` of the quarter with a network of its own."""
    before = settings.ASSISTANCE
    settings.ASSISTANCE = before | policy.settings
    try:
        network = make_network()
        run = Quarter(arrivals(requests, days), network)
        run.play()
        return outcome(policy.name, network, collisions=run.refused)
    finally:
        settings.ASSISTANCE = before


class Quarter:
    """Plays the arrivals through the verbs, each act at its moment."""

    def __init__(self, asked: list[Asked], network: Network):
        self.network = network
        self.people = characters()
        self.seen_offer = Offer.objects.aggregate(last=Max("pk"))["last"] or 0
        self.numbers: dict[int, int] = {}
        self.refused = 0
        self._order = itertools.count()
        self._acts: list[tuple[datetime, int, Callable[[], None]]] = []
        for one in asked:
            self.at(one.at, lambda one=one: self.submit(one))
        self.last_week = None

    def at(self, when: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self._acts, (when, next(self._order), act))

    def play(self) -> None:
        with time_machine.travel(self._acts[0][0], tick=False) as clock:
            while self._acts:
                when, _number, act = heapq.heappop(self._acts)
                clock.move_to(when)
                self._statistics_of_tables(when)
                self._post()
                try:
                    act()
                except Refused:
                    self.refused += 1  # as in life: somebody was faster, or it is too late

    def submit(self, one: Asked) -> None:
        office = self.network.institutions[one.institution]
        request = requests.submit(
            office,
            by=self.network.officials[one.institution],
            town=office.town,
            county=office.county,
            **one.fields,
        )
        self.numbers[request.pk] = one.number
        if one.cancelled_at:
            self.at(one.cancelled_at, lambda: self.cancel(request, one))
        self.look_around(request.pk)

    def cancel(self, request: AssistanceRequest, one: Asked) -> None:
        requests.cancel(request, by=self.network.officials[one.institution], reason="client_cancelled")

    def look_around(self, request: int) -> None:
        """Whoever has just been asked will answer; when time has to look at the request again, it will."""
        new = Offer.objects.filter(request=request, pk__gt=self.seen_offer, state=Offer.State.OPEN)
        for pk, assistant in new.order_by("pk").values_list("pk", "assistant"):
            self.seen_offer = pk
            self.expect_answer(pk, request, self.network.assistants[assistant])
        next_look = Attempt.objects.live().filter(request=request, next_wave_at__isnull=False)
        for moment in next_look.values_list("next_wave_at", flat=True):
            self.at(_next_beat(moment), lambda moment=moment: self.look_again(request, moment))

    def look_again(self, request: int, moment: datetime) -> None:
        """As beat does for every request whose time has come."""
        if Attempt.objects.live().filter(request=request, next_wave_at=moment).exists():
            offers.look_again(request)
            self.look_around(request)

    def expect_answer(self, offer: int, request: int, number: int) -> None:
        """She reads it when she is awake, and answers in her own time. The same person, the same request:
        the same answer, however it came about that she was asked.
        """
        dice, person = Random(f"{SEED}:{self.numbers[request]}:{number}"), self.people[number]
        minutes = dice.lognormvariate(0, 0.8) * person.minutes_to_answer
        is_silent, is_yes = dice.random() < person.says_nothing, dice.random() < person.says_yes
        if is_silent:
            return
        moment = after_quiet_hours(timezone.now()) + timedelta(minutes=minutes)
        answer = self.accept if is_yes else self.refuse
        self.at(after_quiet_hours(moment), lambda: answer(offer, request, number))

    def accept(self, pk: int, request: int, number: int) -> None:
        offer = Offer.objects.get(pk=pk)
        if offer.state != Offer.State.OPEN:
            return
        job = offers.accept(offer, by=self.network.users[number])
        dice, person = Random(f"{SEED}:w:{self.numbers[request]}:{number}"), self.people[number]
        if dice.random() < person.withdraws:
            left = job.request.start_at - timezone.now()
            self.at(timezone.now() + left * dice.random(), lambda: self.withdraw(job, number))
        self.look_around(request)

    def refuse(self, pk: int, request: int, number: int) -> None:
        offer = Offer.objects.get(pk=pk)
        if offer.state == Offer.State.OPEN:
            offers.refuse(offer, by=self.network.users[number])
            self.look_around(request)

    def withdraw(self, job: Assignment, number: int) -> None:
        withdrawals.withdraw(job, by=self.network.users[number], reason="ill")
        self.look_around(job.request_id)

    def _post(self) -> None:
        """What was due has been sent: nobody can take it back any more."""
        now = timezone.now()
        due = Message.objects.filter(state=Message.State.QUEUED, due_at__lte=now)
        due.update(state=Message.State.SENT, sent_at=now)

    def _statistics_of_tables(self, now: datetime) -> None:
        """In one long transaction nothing else tells the database how its tables have grown."""
        week = now.isocalendar().week
        if week != self.last_week:
            self.last_week = week
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")


def _next_beat(moment: datetime) -> datetime:
    """The background work runs every five minutes."""
    seconds = moment.timestamp()
    return datetime.fromtimestamp(-(-seconds // 300) * 300, tz=moment.tzinfo)
