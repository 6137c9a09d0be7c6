"""Finding a workshop: by theme, town, language, form and time of day."""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.clock import WARSAW
from workshops.models import Session, Workshop
from workshops.models.workshop import WorkshopQuerySet
from workshops.prerequisites import levels_around


class Time(TextChoices):
    MORNING = "morning", _("in the morning, before 12")
    AFTERNOON = "afternoon", _("in the afternoon, 12 to 17")
    EVENING = "evening", _("in the evening, after 17")
    WEEKEND = "weekend", _("on Saturday or Sunday")


class Place(TextChoices):
    ON_SITE = "on_site", _("on site")
    ONLINE = "online", _("online")


#: Local hours, the first one included, the last one not.
HOURS = {Time.MORNING: (0, 12), Time.AFTERNOON: (12, 17), Time.EVENING: (17, 24)}


#: What one can filter by; the names stand in addresses.
FILTERS = ("theme", "town", "language", "level", "place", "time")


@dataclass
class Choices:
    """What there is to choose from among the workshops to come."""

    themes: dict[str, str] = field(default_factory=dict)
    towns: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    levels: list[str] = field(default_factory=list)


def choices() -> Choices:
    """Only what leads to a result; one query."""
    found = Choices()
    towns, languages, levels = set(), set(), set()
    for workshop in Workshop.objects.announced().select_related("theme"):
        found.themes.setdefault(workshop.theme.code, workshop.theme.title)
        towns.add(workshop.town)
        languages.update(workshop.languages)
        levels.update(level for level in Workshop.Level.values if _is_for(workshop, level))
    found.themes = dict(sorted(found.themes.items(), key=lambda theme: theme[1]))
    found.towns = sorted(towns - {""})
    found.languages = sorted(languages)
    found.levels = [level for level in Workshop.Level.values if level in levels]
    return found


def find(**criteria: str) -> WorkshopQuerySet:
    """Workshops to come that fit everything given, the next one first."""
    return fitting(Workshop.objects.announced(), **criteria)


def fitting(
    found: WorkshopQuerySet,
    *,
    theme: str = "",
    town: str = "",
    language: str = "",
    place: str = "",
    time: str = "",
    level: str = "",
) -> WorkshopQuerySet:
    """Those that fit everything given; none where a word says nothing."""
    closed = ((level, Workshop.Level.values), (place, Place.values), (time, Time.values))
    if any(word and word not in known for word, known in closed):
        return found.none()
    if theme:
        found = found.filter(theme__code=theme)
    if town:
        found = found.filter(town=town)
    if language:
        found = found.filter(languages__contains=[language])
    if place:
        found = found.filter(format__in=[place, Workshop.Format.HYBRID])
    if time:
        found = found.filter(Exists(_sessions_at(time)))
    if level:
        found = found.filter(_for_level(level))
    return found


def _is_for(workshop: Workshop, level: str) -> bool:
    """A group of this level, or one that takes people of it. Workshops for all levels are for none."""
    if not workshop.min_level and not workshop.max_level:
        return workshop.level == level
    below, above = levels_around(level)
    return (not workshop.min_level or workshop.min_level in below) and (
        not workshop.max_level or workshop.max_level in above
    )


def _for_level(level: str) -> Q:
    """The same as a question to the database."""
    below, above = levels_around(level)
    takes = Q(min_level__in=["", *below], max_level__in=["", *above]) & ~Q(min_level="", max_level="")
    return takes | Q(min_level="", max_level="", level=level)


def _sessions_at(time: str):
    """Sessions to come of a workshop that start at a time of the local day."""
    sessions = Session.objects.upcoming(timezone.now()).filter(workshop=OuterRef("pk")).order_by()
    with timezone.override(WARSAW):
        if time == Time.WEEKEND:
            return sessions.filter(start_at__week_day__in=(1, 7))  # Sunday is 1
        first, last = HOURS[Time(time)]
        return sessions.filter(Q(start_at__hour__gte=first), Q(start_at__hour__lt=last))
