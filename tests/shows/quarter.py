"""A made-up quarter of a network: who is in it, what institutions ask for, and how people answer.

Everything is drawn from one seed, and what a person answers to a request depends on the two of them alone,
not on who else was asked: so two ways of asking can be compared on the same input.
"""

import heapq
import itertools
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from statistics import median, quantiles

import time_machine
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from institutions import offers, requests, withdrawals
from institutions.deadlines import add_working_days
from institutions.models import (
    Assignment,
    AssistanceRequest,
    Assistant,
    Attempt,
    Availability,
    Institution,
    Offer,
)
from portal.clock import WARSAW, after_quiet_hours, is_working_day, local
from portal.models import Message, User
from portal.refusals import Refused
from tests import factories

SEED = 20260901
#: A quarter with a public holiday, a change of clocks and 63 working days.
FIRST_DAY, DAYS = date(2026, 9, 1), 91
REQUESTS, ASSISTANTS, INSTITUTIONS = 1500, 60, 15

#: Share of the requests, and what assistants speak with it: much the same proportions, as networks grow
#: by need, with the thin end that every network has.
LANGUAGES = {
    "uk": 36, "ru": 22, "be": 10, "en": 8, "ar": 6, "ka": 5, "fr": 3.5, "es": 3, "hi": 2.5, "fa": 2,
    "vi": 1.2, "tr": 0.8,
}  # fmt: skip
SPOKEN = (
    [("uk", "ru")] * 20 + [("uk",)] * 6 + [("ru",)] * 5 + [("be", "ru")] * 7 + [("en",)] * 3
    + [("ar", "en")] * 2 + [("ar",)] * 3 + [("ka", "ru")] * 4 + [("fr", "en")] * 2 + [("es", "en")] * 2
    + [("hi", "en")] * 2 + [("fa", "en")] * 2 + [("vi",)] + [("tr",)]
)  # fmt: skip
TOWNS = [("Toruń", "Toruń"), ("Bydgoszcz", "Bydgoszcz"), ("Włocławek", "Włocławek"),
         ("Chełmża", "toruński"), ("Grudziądz", "Grudziądz")]  # fmt: skip
IN_TOWN = [6, 5, 2, 1, 1]
SUBJECTS = {
    "health": 22, "social_welfare": 18, "residence_office": 18, "school": 14, "labour_office": 12,
    "housing": 6, "bank": 3, "mental_health": 5, "other": 2,
}  # fmt: skip
MINUTES = {30: 20, 45: 15, 60: 40, 90: 17, 120: 8}
MODES = {
    ("on_site",): 35, ("on_site", "video", "phone"): 25, ("on_site", "phone"): 12, ("video", "phone"): 13,
    ("phone",): 15,
}  # fmt: skip
URGENCY = {"planned": 70, "urgent": 22, "emergency": 8}
#: Weekly hours of assistants: whole days, mornings, afternoons, three days, evenings too.
WEEKS = [
    [(day, 8, 17) for day in range(5)],
    [(day, 7, 13) for day in range(5)],
    [(day, 12, 20) for day in range(5)],
    [(day, 8, 18) for day in (0, 2, 4)],
    [(day, 8, 20) for day in (1, 2, 3)],
]


def pick(dice: Random, weights: dict):
    return dice.choices(list(weights), list(weights.values()))[0]


@dataclass(frozen=True)
class Asked:
    """One request, before anybody has read it."""

    number: int
    at: datetime
    institution: int
    fields: dict
    #: When the institution calls it off, if it does.
    cancelled_at: datetime | None


@dataclass(frozen=True)
class Character:
    """How one assistant answers: how fast, how gladly, how surely."""

    minutes_to_answer: float
    says_yes: float
    says_nothing: float
    withdraws: float


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


def play(policy: Policy, settings, *, requests: int, days: int) -> "Outcome":
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


def arrivals(number: int = REQUESTS, days: int = DAYS) -> list[Asked]:
    """Requests as they come in: on working days, in office hours, most in the morning."""
    dice = Random(SEED)
    working = [day for day in (FIRST_DAY + timedelta(days=n) for n in range(days)) if is_working_day(day)]
    rows = []
    for _number in range(number):
        day, hour = dice.choice(working), min(int(dice.triangular(8, 16, 10)), 15)
        at = local(day, time(hour, dice.randrange(60)))
        urgency = pick(dice, URGENCY)
        start_at = _start(dice, at, urgency)
        minutes = pick(dice, MINUTES)
        modes = list(pick(dice, MODES))
        institution = dice.randrange(INSTITUTIONS)
        is_hard = dice.random() < 0.04
        fields = {
            "start_at": start_at,
            "minutes": minutes,
            "language": pick(dice, LANGUAGES),
            "subject": pick(dice, SUBJECTS),
            "ranked_modes": modes,
            "mode": modes[0],
            "urgency": urgency,
            "gender_preference": pick(dice, {"any": 88, "woman": 10, "man": 2}),
            "is_gender_required": dice.random() < 0.35,
            "are_minors_present": dice.random() < 0.1,
            "sensitivities": ["trauma"] if is_hard else [],
            "case_reference": f"S/{dice.randrange(120)}/26" if dice.random() < 0.4 else "",
            "briefing_minutes": 0,
            "debriefing_minutes": 0,
        }
        cancelled_at = at + (start_at - at) * dice.random() if dice.random() < 0.07 else None
        rows.append((at, institution, fields, cancelled_at))
    rows.sort(key=lambda row: row[0])
    return [Asked(number, *row) for number, row in enumerate(rows)]


def _start(dice: Random, at: datetime, urgency: str) -> datetime:
    """When the meeting is: within office hours, so far ahead as the urgency says."""
    if urgency == "emergency":
        return _quarter(at + timedelta(minutes=dice.randrange(45, 180)))
    if urgency == "urgent":
        earliest = at + timedelta(hours=2, minutes=15)
        latest = add_working_days(at, 2) - timedelta(minutes=30)
    else:
        earliest = add_working_days(at, 2) + timedelta(minutes=20)
        latest = add_working_days(at, 12)
    while True:
        moment = _quarter(earliest + (latest - earliest) * dice.random() ** 1.5)
        here = timezone.localtime(moment, WARSAW)
        if is_working_day(here.date()) and 8 <= here.hour < 16:
            return moment


def _quarter(moment: datetime) -> datetime:
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0) + timedelta(minutes=15)


def characters() -> list[Character]:
    """A few answer within minutes and take nearly everything; most take an hour or more."""
    dice = Random(SEED + 1)
    return [
        Character(
            minutes_to_answer=dice.choices([6, 30, 90, 240], [12, 33, 35, 20])[0] * dice.uniform(0.7, 1.4),
            says_yes=dice.betavariate(5, 4),
            says_nothing=dice.betavariate(2, 8),
            withdraws=dice.betavariate(1, 25),
        )
        for _number in range(ASSISTANTS)
    ]


@dataclass
class Network:
    """The rows of one run, and which number each has."""

    project: object
    institutions: list[Institution]
    officials: list[User]
    assistants: dict[int, int]
    users: list[User]


def make_network() -> Network:
    dice = Random(SEED + 2)
    project = factories.make_project()
    factories.make_staff(project)
    places = [place for place, number in zip(TOWNS, IN_TOWN, strict=True) for _one in range(number)]
    institutions = [factories.make_institution(project, town=town, county=county) for town, county in places]
    officials = [factories.make_official(institution) for institution in institutions]
    people = []
    order = list(SPOKEN)
    dice.shuffle(order)
    for languages in order:
        town, county = dice.choices(TOWNS, IN_TOWN)[0]
        person = factories.make_assistant(
            project,
            languages=languages,
            always=False,
            subjects=[subject for subject in ("health", "mental_health", "school") if dice.random() < 0.4],
            home_town=town,
            home_county=county,
            gender="woman" if dice.random() < 0.75 else "man",
            modes=["on_site", "phone", "video"] if dice.random() < 0.8 else ["phone", "video"],
            child_protection_checked_on=date(2026, 3, 1) if dice.random() < 0.7 else None,
            max_minutes_a_week=dice.choice([None, None, None, 300, 480]),
            min_notice_minutes=dice.choice([None, None, 60, 180]),
        )
        Availability.objects.bulk_create(
            Availability(assistant=person, weekday=day, starts=time(first), ends=time(last))
            for day, first, last in dice.choice(WEEKS)
        )
        people.append(person)
    return Network(
        project,
        institutions,
        officials,
        {person.pk: number for number, person in enumerate(people)},
        [person.user for person in people],
    )


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


# --- What came of it -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    name: str
    due: int
    filled: int
    minutes_to_fill: list[float]
    minutes_by_urgency: dict[str, list[float]]
    fill_by_urgency: dict[str, float]
    minutes_by_assistant: list[int]
    minutes_by_group: dict[str, list[int]]
    offers: int
    messages: int
    #: Acts that a verb refused: somebody was faster, busy by then, or too late.
    collisions: int

    @property
    def fill_rate(self) -> float:
        return self.filled / self.due

    @property
    def median_to_fill(self) -> float:
        return median(self.minutes_to_fill)

    @property
    def slowest_tenth(self) -> float:
        return quantiles(self.minutes_to_fill, n=10)[-1]

    @property
    def gini(self) -> float:
        return gini(self.minutes_by_assistant)

    @property
    def top_three(self) -> float:
        return sum(sorted(self.minutes_by_assistant)[-3:]) / sum(self.minutes_by_assistant)

    @property
    def offers_per_job(self) -> float:
        return self.offers / self.filled

    @property
    def messages_per_job(self) -> float:
        return self.messages / self.filled


def gini(values: list[int]) -> float:
    """0: all alike; 1: one has everything."""
    ordered, number = sorted(values), len(values)
    if not sum(ordered):
        return 0.0
    ranked = sum(rank * value for rank, value in enumerate(ordered, 1))
    return 2 * ranked / (number * sum(ordered)) - (number + 1) / number


def outcome(name: str, network: Network, *, collisions: int = 0) -> Outcome:
    """domain.md A8.2. Due: not called off by the institution before anybody had agreed."""
    mine = AssistanceRequest.objects.filter(institution__project=network.project)
    jobs = Assignment.objects.filter(request__in=mine)
    first: dict[int, datetime] = {}
    for pk, agreed_at in jobs.order_by("-agreed_at").values_list("request", "agreed_at"):
        first[pk] = agreed_at
    called_off = AssistanceRequest.State.CANCELLED_BY_INSTITUTION
    due = [row for row in mine if row.state != called_off or row.pk in first]
    standing = set(jobs.standing().values_list("request", flat=True))
    cancelled = {row.pk for row in due if row.state == called_off}
    minutes: dict[int, int] = defaultdict(int)
    for job in jobs.standing().select_related("request"):
        minutes[job.assistant_id] += job.request.minutes
    groups: dict[str, list[int]] = defaultdict(list)
    languages = Assistant.objects.filter(project=network.project).prefetch_related("user__language_skills")
    for row in languages:
        spoken = {skill.language for skill in row.user.language_skills.all()}
        group = next(code for code in ("uk", "be", "ru", "other") if code in spoken or code == "other")
        groups[group].append(minutes[row.pk])

    def waited(row: AssistanceRequest) -> float:
        return (first[row.pk] - row.submitted_at).total_seconds() / 60

    return Outcome(
        name=name,
        due=len(due),
        filled=len(standing | cancelled),
        minutes_to_fill=[waited(row) for row in due if row.pk in first],
        minutes_by_urgency={
            urgency: [waited(row) for row in due if row.pk in first and row.urgency == urgency]
            for urgency in URGENCY
        },
        fill_by_urgency={
            urgency: sum(row.pk in standing | cancelled for row in due if row.urgency == urgency)
            / max(sum(row.urgency == urgency for row in due), 1)
            for urgency in URGENCY
        },
        minutes_by_assistant=[minutes[pk] for pk in network.assistants],
        minutes_by_group=dict(groups),
        offers=Offer.objects.filter(request__in=mine).count(),
        messages=Message.objects.filter(recipient__in=network.users).filter(state=Message.State.SENT).count(),
        collisions=collisions,
    )


def expect_better(waves: Outcome, first_come: Outcome) -> None:
    """What asking in waves promises, and what it may cost: it is slower, and must not be too slow."""
    assert waves.fill_rate >= first_come.fill_rate - 0.01
    assert waves.gini < first_come.gini - 0.1
    assert waves.top_three < first_come.top_three
    assert waves.offers_per_job < 0.6 * first_come.offers_per_job
    assert waves.messages_per_job < 0.6 * first_come.messages_per_job
    # Slower where there is time, and hardly where there is none.
    assert waves.median_to_fill < 4 * 60
    for urgency, longer in (("urgent", 30), ("emergency", 10)):
        quickest = median(first_come.minutes_by_urgency[urgency])
        assert median(waves.minutes_by_urgency[urgency]) <= quickest + longer


def duration(minutes: float) -> str:
    hours, rest = divmod(round(minutes), 60)
    return f"{hours} h {rest:02} min" if hours else f"{rest} min"


def table(outcomes: list[Outcome]) -> str:
    rows = [
        ("requests due", lambda one: f"{one.due}"),
        ("fill rate", lambda one: f"{one.fill_rate:.1%}"),
        *[(f"fill rate, {urgency}", _fill(urgency)) for urgency in URGENCY],
        ("time to fill, median", lambda one: duration(one.median_to_fill)),
        ("time to fill, 90th percentile", lambda one: duration(one.slowest_tenth)),
        *[(f"time to fill, median, {urgency}", _median(urgency)) for urgency in URGENCY],
        ("Gini of hours, all assistants", lambda one: f"{one.gini:.3f}"),
        ("Gini of hours, those who speak Ukrainian", lambda one: f"{gini(one.minutes_by_group['uk']):.3f}"),
        ("share of the busiest three", lambda one: f"{one.top_three:.1%}"),
        ("assistants without any hours", lambda one: f"{one.minutes_by_assistant.count(0)}"),
        ("offers per filled request", lambda one: f"{one.offers_per_job:.1f}"),
        ("messages to assistants per filled request", lambda one: f"{one.messages_per_job:.1f}"),
    ]
    lines = [f"{'':42}" + "".join(f"{one.name:>26}" for one in outcomes)]
    lines += [f"{label:42}" + "".join(f"{text(one):>26}" for one in outcomes) for label, text in rows]
    return "\n".join(lines)


def _fill(urgency: str) -> Callable[[Outcome], str]:
    return lambda one: f"{one.fill_by_urgency[urgency]:.1%}"


def _median(urgency: str) -> Callable[[Outcome], str]:
    return lambda one: duration(median(one.minutes_by_urgency[urgency] or [0]))
