"""In which order those who fit are asked (domain.md A6.2; lessons.md G).

A score is a sum of named parts, each a whole number, stored with the offer and shown with a sentence. Past
ratings are no part of it: they are for the coordinator's eyes. Plain functions over what was read before.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Part(models.TextChoices):
    LEVEL = "level", _("level of the language")
    VERIFIED = "verified", _("language verified")
    WAY = "way", _("the way there")
    SAME_CASE = "same_case", _("knows the matter")
    SAME_SERIES = "same_series", _("goes to the other meetings of the row")
    PREFERRED = "preferred", _("the institution asked for this assistant")
    FAIRNESS = "fairness", _("hours of the last weeks")
    REST = "rest", _("rest before and after")
    EXPERIENCE = "experience", _("experience with the subject")
    WISHES = "wishes", _("wishes of the institution")
    NOT_ASKED = "not_asked", _("not asked for some time")
    INTERESTED = "interested", _("came forward")


#: What each part says where it speaks for her.
SENTENCES_FOR = {
    Part.LEVEL: _("Speaks the language very well."),
    Part.VERIFIED: _("The network has checked the level of the language."),
    Part.WAY: _("Does not have to travel far."),
    Part.SAME_CASE: _("Has interpreted in the same case of this institution."),
    Part.SAME_SERIES: _("Goes, or went, to other meetings of the same row."),
    Part.PREFERRED: _("The institution would like the same assistant as before."),
    Part.FAIRNESS: _("Has had fewer hours lately than most in the network."),
    Part.REST: _("Has a long rest before and after."),
    Part.EXPERIENCE: _("Knows the subject, by training or by earlier jobs."),
    Part.NOT_ASKED: _("Has not been asked for some time."),
    Part.INTERESTED: _("Has said: I am interested."),
}
#: Only these can speak against her.
SENTENCES_AGAINST = {
    Part.FAIRNESS: _("Has had more hours lately than most in the network."),
    Part.WISHES: _("Does not meet every wish of the institution."),
}


@dataclass(frozen=True)
class Facts:
    """What the score is made of. Times in minutes, hours and days as the names say."""

    level: str
    is_verified: bool = False
    #: One way; None where nobody travels.
    way_minutes: int | None = None
    knows_case: bool = False
    is_in_series: bool = False
    is_preferred: bool = False
    minutes_lately: int = 0
    median_minutes: float = 0
    #: To the nearest other job of that week; None where there is none.
    hours_to_other_job: float | None = None
    subject_jobs: int = 0
    is_trained: bool = False
    wishes_unmet: int = 0
    #: Since she was last asked; None where she never was.
    days_since_asked: float | None = None
    is_interested: bool = False


@dataclass(frozen=True)
class Line:
    """One part of a score, as a page shows it."""

    name: str
    label: str
    points: int
    sentence: str
    #: Of the largest part of the network's score, in percent, for a bar.
    share: int


def parts_of(facts: Facts) -> dict[str, int]:
    """Every part, also those that are 0, in the order in which they are shown."""
    weights = settings.ASSISTANCE["score"]
    parts = {
        Part.LEVEL: weights["level"].get(facts.level, 0),
        Part.VERIFIED: weights["verified"] * facts.is_verified,
        Part.WAY: _way(facts, weights["way"]),
        Part.SAME_CASE: weights["same_case"] * facts.knows_case,
        Part.SAME_SERIES: weights["same_series"] * facts.is_in_series,
        Part.PREFERRED: weights["preferred"] * facts.is_preferred,
        Part.FAIRNESS: _fairness(facts, weights),
        Part.REST: _rest(facts, weights),
        Part.EXPERIENCE: _experience(facts, weights),
        Part.WISHES: -weights["wish"] * facts.wishes_unmet,
        Part.NOT_ASKED: _not_asked(facts, weights),
        Part.INTERESTED: weights["interested"] * facts.is_interested,
    }
    return {str(part): points for part, points in parts.items()}


def score_of(parts: Mapping[str, int]) -> int:
    return sum(parts.values())


def explain(parts: Mapping[str, int]) -> list[Line]:
    """The parts as sentences, without those that say nothing either way. Also for stored offers."""
    largest = max((abs(points) for points in parts.values()), default=0) or 1
    lines = []
    for part in Part:
        points = parts.get(part)
        if not points:
            continue
        sentence = (SENTENCES_FOR if points > 0 else SENTENCES_AGAINST).get(part, part.label)
        share = round(100 * abs(points) / largest)
        lines.append(Line(str(part), str(part.label), points, str(sentence), share))
    return lines


def _way(facts: Facts, weight: int) -> int:
    """All of it for the shortest way of the table, nothing for the longest; nothing where nobody travels."""
    if facts.way_minutes is None:
        return 0
    table = settings.ASSISTANCE["travel_minutes"]
    shortest, longest = table["same_town"], table["elsewhere"]
    if longest <= shortest:
        return 0
    saved = min(max(longest - facts.way_minutes, 0), longest - shortest)
    return round(weight * saved / (longest - shortest))


def _fairness(facts: Facts, weights: Mapping) -> int:
    """In a straight line from the median to the hard gap; whoever is further ahead comes after all others."""
    gap, ahead = weights["fairness_gap_minutes"], facts.minutes_lately - facts.median_minutes
    if ahead >= gap:
        return -weights["fairness_beyond_gap"]
    return round(-weights["fairness"] * max(ahead / gap, -1))


def _rest(facts: Facts, weights: Mapping) -> int:
    if facts.hours_to_other_job is None:
        return weights["rest"]
    return int(weights["rest"] * min(facts.hours_to_other_job / weights["rest_hours"], 1))


def _experience(facts: Facts, weights: Mapping) -> int:
    jobs = min(facts.subject_jobs, weights["experience_jobs"]) / weights["experience_jobs"]
    return weights["trained"] * facts.is_trained + int(weights["experience"] * jobs)


def _not_asked(facts: Facts, weights: Mapping) -> int:
    if facts.days_since_asked is None:
        return weights["not_asked"]
    return int(weights["not_asked"] * min(facts.days_since_asked / weights["not_asked_days"], 1))
