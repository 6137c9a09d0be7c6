"""What towns, counties and varieties of languages are called in a network, for forms to offer.

Whoever types what stands there already is understood by all rules. Where assistants live only coordinators
may learn (domain.md A4), so it is left out unless they ask.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property

from django.db.models import QuerySet, Value

from institutions.county_tiles import MAPS, county_name
from institutions.models import AssistanceRequest, Assistant, Institution, Unit
from participants.models import LanguageSkill
from portal.languages import SPOKEN_LANGUAGES
from portal.names import is_same_name, spelling_key

PLACE, VARIETY = "place", "variety"


class InUse:
    """Asks the database once, when somebody looks."""

    def __init__(self, projects: Iterable[int] | QuerySet, *, with_homes: bool = False):
        self.projects, self.with_homes = projects, with_homes

    @property
    def towns(self) -> list[str]:
        return once(town for town, _county, _voivodeship in self._rows(PLACE))

    @property
    def counties(self) -> list[str]:
        """All of the voivodeship where it has a map, and whatever else was written."""
        places = self._rows(PLACE)
        voivodeships = {voivodeship for _town, _county, voivodeship in places}
        known = [tile.name for code in voivodeships for tile in MAPS.get(code, ())]
        return once([*known, *(county_name(county, code) for _town, county, code in places)])

    @property
    def varieties(self) -> dict[str, list[str]]:
        """By language, of the assistants who get offers."""
        found = defaultdict(list)
        for dialect, language, _voivodeship in self._rows(VARIETY):
            found[language].append(dialect)
        return {language: once(dialects) for language, dialects in found.items()}

    @property
    def varieties_with_languages(self) -> list[tuple[str, str]]:
        names = dict(SPOKEN_LANGUAGES)
        return [
            (name, str(names.get(language, language)))
            for language, dialects in sorted(self.varieties.items())
            for name in dialects
        ]

    def _rows(self, kind: str) -> list[tuple[str, str, str]]:
        return [tuple(row) for found, *row in self._all if found == kind]

    @cached_property
    def _all(self) -> list[tuple[str, str, str, str]]:
        # Nothing here is translated, and the columns of all have to stand in one order.
        offices = Institution.objects.rewrite(False).filter(project__in=self.projects).order_by()
        units = Unit.objects.open().rewrite(False)
        units = units.filter(institution__project__in=self.projects).order_by()
        spoken = LanguageSkill.objects.exclude(dialect="").filter(
            user__assistant__in=Assistant.objects.active().filter(project__in=self.projects).order_by()
        )
        rows = offices.values_list(Value(PLACE), "town", "county", "project__voivodeship")
        others = [
            units.values_list(Value(PLACE), "town", "county", "institution__project__voivodeship"),
            spoken.order_by().values_list(
                Value(VARIETY), "dialect", "language", "user__assistant__project__voivodeship"
            ),
        ]
        if self.with_homes:
            homes = Assistant.objects.filter(project__in=self.projects).order_by()
            others.append(homes.values_list(Value(PLACE), "home_town", "home_county", "project__voivodeship"))
        return list(rows.union(*others, all=True))


def once(names: Iterable[str]) -> list[str]:
    """Each name in the spelling that most have chosen, in alphabetical order."""
    spellings = defaultdict(Counter)
    for name in names:
        if key := spelling_key(name):
            spellings[key][" ".join(name.split())] += 1
    return [max(sorted(spellings[key]), key=spellings[key].get) for key in sorted(spellings)]


def unknown_variety(request: AssistanceRequest) -> list[str] | None:
    """Where nobody has told of the variety that it must be: what they call theirs. None: it is known."""
    if not (request.dialect and request.is_dialect_required):
        return None
    known = InUse([request.institution.project_id]).varieties.get(request.language, [])
    return None if any(is_same_name(name, request.dialect) for name in known) else known


def is_town_unknown(request: AssistanceRequest, *, with_homes: bool = False) -> bool:
    """Must somebody from another town come, and no place of the network is called like this one?"""
    if not (request.is_other_town_wanted and request.is_other_town_required):
        return False
    known = InUse([request.institution.project_id], with_homes=with_homes).towns
    return not any(is_same_name(name, request.town) for name in known)
