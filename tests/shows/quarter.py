"""A made-up quarter of a network: who is in it, what institutions ask for, and how people answer.

Everything is drawn from one seed, and what a person answers to a request depends on the two of them alone,
not on who else was asked: so two ways of asking can be compared on the same input.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from institutions.deadlines import add_working_days
from institutions.models import (
    Availability,
    Institution,
)
from portal.clock import WARSAW, is_working_day, local
from portal.models import User
from tests import factories

SEED = 20260901
#: A quarter with a public holiday, a change of clocks and 64 working days.
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
