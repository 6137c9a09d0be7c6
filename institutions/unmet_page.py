"""The map of unmet need ready for its pages and its paper: numbers in words, and how dark each place is."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.utils import formats
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from institutions import figures_pictures
from institutions.county_tiles import MAPS
from institutions.figures_page import language_name, subject_name
from institutions.unmet import HOURS, OTHER

#: Shades of a place, from nothing to the greatest lack on the page.
SHADES = 4
#: In the place of a number that is not shown.
DOT = "•"


@dataclass(frozen=True)
class Place:
    """``text`` is "7 / 12", seven of twelve without help in time; a dot where it is hidden."""

    label: str
    text: str
    sentence: str
    shade: int
    is_hidden: bool = False


@dataclass(frozen=True)
class Week:
    first: date
    asked: str
    unmet: str


@dataclass(frozen=True)
class Report:
    since: date
    until: date
    total: list[str]
    most: list[str]
    #: Rows of a schematic map, from the north; None is no county. Empty where the voivodeship has no map.
    tiles: list[list[Place | None]]
    by_county: list[Place]
    by_language: list[Place]
    by_subject: list[Place]
    counties: list[str]
    cells: list[tuple[str, list[Place]]]
    weeks: list[Week]
    picture: figures_pictures.Columns | None
    days: list[str]
    times: list[tuple[str, list[Place]]]
    under: int


def of(data: dict, *, since: date, until: date, mirrored: bool) -> Report:
    counties = [county_label(name) for name in data["counties"]]
    languages = [language_label(code) for code in data["languages"]]
    by_county = _places(counties, data["by_county"])
    cells = _shaded([cell for row in data["cells"] for cell in row])
    width = len(counties)
    times = data["times"] or []
    return Report(
        since=since,
        until=until,
        total=_total(data),
        most=[_most(row) for row in data["most"]],
        tiles=_tiles(data["voivodeship"], dict(zip(data["counties"], by_county, strict=True))),
        by_county=by_county,
        by_language=_places(languages, data["by_language"]),
        by_subject=_places([subject_name(row["subject"]) for row in data["subjects"]], data["subjects"]),
        counties=counties,
        cells=[
            (language, cells[place * width : (place + 1) * width]) for place, language in enumerate(languages)
        ],
        weeks=[_week(row) for row in data["weeks"]],
        picture=figures_pictures.columns([_stack(row) for row in data["weeks"]], mirrored=mirrored),
        days=[*(str(WEEKDAYS[day]) for day in range(5)), _("weekend")] if times else [],
        times=list(zip(_hours(), _time_places(times), strict=True)) if times else [],
        under=data["under"],
    )


def county_label(name: str) -> str:
    return _("other counties") if name == OTHER else name


def language_label(code: str) -> str:
    return _("other languages") if code == OTHER else language_name(code)


def _total(data: dict) -> list[str]:
    total = data["total"]
    if total["asked"] is None:
        return [_("There were too few requests in this period to show how many.")]
    asked = ngettext(
        "Institutions asked for an assistant %(number)s time.",
        "Institutions asked for an assistant %(number)s times.",
        total["asked"],
    ) % {"number": formats.number_format(total["asked"])}
    unmet = ngettext(
        "%(number)s time nobody came in time.",
        "%(number)s times nobody came in time.",
        total["unmet"],
    ) % {"number": formats.number_format(total["unmet"])}
    if total["late"] is None or not total["unmet"]:
        return [asked, unmet]
    split = _("Nobody was found at all: %(nobody)s. Somebody was found too late: %(late)s.") % {
        "nobody": formats.number_format(total["nobody"]),
        "late": formats.number_format(total["late"]),
    }
    return [asked, unmet, split]


def _most(row: dict) -> str:
    return ngettext(
        "%(language)s, county %(county)s: of %(asked)s request %(unmet)s was not met in time.",
        "%(language)s, county %(county)s: of %(asked)s requests %(unmet)s were not met in time.",
        row["asked"],
    ) % {
        "language": language_label(row["language"]).capitalize(),
        "county": county_label(row["county"]),
        "asked": row["asked"],
        "unmet": row["unmet"],
    }


def _places(labels: list[str], cells: list[dict]) -> list[Place]:
    return [
        Place(label, place.text, place.sentence, place.shade, place.is_hidden)
        for label, place in zip(labels, _shaded(cells), strict=True)
    ]


def _shaded(cells: list[dict]) -> list[Place]:
    darkest = max((cell["unmet"] or 0 for cell in cells), default=0)
    return [_place(cell, darkest) for cell in cells]


def _place(cell: dict, darkest: int) -> Place:
    if cell["asked"] is None:
        return Place("", DOT, _("hidden"), 0, is_hidden=True)
    numbers = {"unmet": cell["unmet"], "asked": cell["asked"]}
    sentence = ngettext(
        "%(unmet)s of %(asked)s request not met in time",
        "%(unmet)s of %(asked)s requests not met in time",
        cell["asked"],
    )
    text = f"{numbers['unmet']} / {numbers['asked']}"
    return Place("", text, sentence % numbers, _shade(cell["unmet"], darkest))


def _shade(number: int, darkest: int) -> int:
    return -(-SHADES * number // darkest) if darkest else 0


def _tiles(voivodeship: str, places: dict[str, Place]) -> list[list[Place | None]]:
    tiles = MAPS.get(voivodeship, ())
    if not tiles:
        return []
    rows: list[list[Place | None]] = [
        [None] * (max(tile.column for tile in tiles) + 1)
        for _row in range(max(tile.row for tile in tiles) + 1)
    ]
    for tile in tiles:
        place = places.get(tile.name) or Place("", DOT, _("hidden"), 0, is_hidden=True)
        rows[tile.row][tile.column] = Place(
            _breakable(tile.name), place.text, place.sentence, place.shade, place.is_hidden
        )
    return rows


#: Stems that are wider than a tile on a phone.
_LONG_STEMS = {
    "aleksandrow": "aleksan\u00addrow",
    "inowrocław": "ino\u00adwrocław",
    "radziejow": "radzie\u00adjow",
    "grudziądz": "gru\u00addziądz",
}


def _breakable(name: str) -> str:
    """A county's adjective may be broken before its ending, a long one earlier too: tiles are narrow."""
    if not name.endswith(("ski", "cki", "dzki")):
        return name
    ending = 2 if name.endswith("dzki") else 3
    parts = [_LONG_STEMS.get(name[:-ending], name[:-ending]), name[-ending:]]
    return "\u00ad".join(parts)


def _week(row: dict) -> Week:
    return Week(
        date.fromisoformat(row["first"]),
        DOT if row["asked"] is None else formats.number_format(row["asked"]),
        DOT if row["unmet"] is None else formats.number_format(row["unmet"]),
    )


def _stack(row: dict) -> list[tuple[str, int]] | None:
    """Of a column of the picture; None where its size is hidden."""
    if row["asked"] is None:
        return None
    return [("met", row["asked"] - row["unmet"]), ("unmet", row["unmet"])]


def _hours() -> list[str]:
    last = HOURS[-1]
    names = [_("before %(hour)s:00") % {"hour": HOURS[1]}]
    names += [
        _("%(first)s:00 to %(last)s:00") % {"first": first, "last": end} for first, end in pairwise(HOURS[1:])
    ]
    return [*names, _("after %(hour)s:00") % {"hour": last}]


def _time_places(times: list[list[int | None]]) -> list[list[Place]]:
    darkest = max((number or 0 for row in times for number in row), default=0)
    return [
        [
            Place("", DOT, _("hidden"), 0, is_hidden=True)
            if number is None
            else Place("", formats.number_format(number), "", _shade(number, darkest))
            for number in row
        ]
        for row in times
    ]
