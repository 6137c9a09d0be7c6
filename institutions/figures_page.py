"""The figures ready for their page and their file: every number with its words."""

import csv
from dataclasses import dataclass
from datetime import date
from typing import TextIO
from urllib.parse import urlencode

from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext as _

from institutions import figures, figures_pictures
from institutions.figures import Figures
from institutions.figures_wording import (
    CHAPTERS,
    FACES,
    INITIATORS,
    NOTICE,
    Card,
    card,
    duration,
    percent,
)
from institutions.models import AssistanceRequest, Subject
from institutions.outcomes import Scope
from institutions.response_times import Spell, Times
from portal.languages import SPOKEN_LANGUAGES
from projects.hours import hours
from projects.selection import BYTE_ORDER_MARK, harmless

MOST_ROWS = 8
URGENCIES = dict(AssistanceRequest.Urgency.choices)


@dataclass(frozen=True)
class Chapter:
    code: str
    title: str
    cards: list[Card]


@dataclass(frozen=True)
class SpellWords:
    median: str
    ninth: str
    number: int
    never: int


@dataclass(frozen=True)
class TimesRow:
    urgency: str
    of: int
    first_offer: SpellWords
    first_answer: SpellWords
    agreed: SpellWords
    kept: str


@dataclass(frozen=True)
class CalledOffRow:
    label: str
    numbers: list[int]
    total: int


@dataclass(frozen=True)
class LackRow:
    label: str
    due: int
    found: int
    unfilled: int


@dataclass(frozen=True)
class Cut:
    code: str
    title: str
    rows: list[LackRow]
    more: int


@dataclass(frozen=True)
class Page:
    figures: Figures
    chapters: list[Chapter]
    times: list[TimesRow]
    notice: list[str]
    called_off: list[CalledOffRow]
    months: figures_pictures.Columns | None
    cuts: list[Cut]
    lacks: list[LackRow]
    spread: figures_pictures.Columns | None
    median_hours: str
    total_hours: str
    top_three: str
    gini: str
    smiles: list[tuple[str, int]]
    smiles_from: int
    #: The same requests for the coordinator's list.
    query: str


def of(found: Figures, *, mirrored: bool) -> Page:
    spread = found.spread
    bars = [[("met", minutes)] for minutes in spread.minutes]
    months = [[("met", month.agreed), ("unmet", month.unfilled)] for month in found.months]
    lacking = [_lack(row) for row in found.lacks if row.unfilled][:MOST_ROWS]
    return Page(
        figures=found,
        chapters=[
            Chapter(code, str(title), [card(name, found.ratios[name], found.counts) for name in names])
            for code, title, names in CHAPTERS
        ],
        times=[_times(row) for row in found.times],
        notice=[str(NOTICE[band]) for band in figures.BANDS],
        called_off=[_called_off(side, bands) for side, bands in found.called_off.items()],
        months=figures_pictures.columns(months, mirrored=mirrored) if len(months) > 1 else None,
        cuts=[_cut(found, by) for by in ("language", "county", "subject")],
        lacks=lacking,
        spread=figures_pictures.columns(bars, mirrored=mirrored) if len(bars) > 1 else None,
        median_hours=hours(spread.median),
        total_hours=hours(spread.total),
        top_three=percent(spread.top_three),
        gini="–" if spread.gini is None else formats.number_format(spread.gini, decimal_pos=2),
        smiles=_smiles(found.smiles or {}),
        smiles_from=settings.ASSISTANCE["smiles_shown_from"],
        query=_query(found.scope),
    )


def _smiles(faces: dict[str, int]) -> list[tuple[str, int]]:
    return [(str(FACES[face]), number) for face, number in faces.items()] if any(faces.values()) else []


def _query(scope: Scope) -> str:
    asked = {
        "project": scope.project.slug,
        "since": scope.period.since,
        "until": scope.period.until,
        "institution": scope.institution.slug if scope.institution else "",
        "language": scope.language,
        "urgency": scope.urgency,
    }
    return urlencode({name: value for name, value in asked.items() if value})


def _times(row: Times) -> TimesRow:
    return TimesRow(
        urgency=str(URGENCIES[row.urgency]) if row.urgency else _("all together"),
        of=row.agreed.of,
        first_offer=_spell(row.first_offer),
        first_answer=_spell(row.first_answer),
        agreed=_spell(row.agreed),
        kept=_("%(part)s of %(whole)s") % {"part": row.kept.part, "whole": row.kept.whole},
    )


def _spell(spell: Spell) -> SpellWords:
    return SpellWords(duration(spell.median), duration(spell.ninth), spell.number, spell.never)


def _called_off(side: str, bands: dict[str, int]) -> CalledOffRow:
    return CalledOffRow(str(INITIATORS[side]), list(bands.values()), sum(bands.values()))


def _cut(found: Figures, by: str) -> Cut:
    titles = {"language": _("By language"), "county": _("By county"), "subject": _("By subject")}
    rows = [row for row in figures.cut(found.lacks, by) if row.due]
    return Cut(by, titles[by], [_lack(row) for row in rows[:MOST_ROWS]], max(len(rows) - MOST_ROWS, 0))


def _lack(row: figures.Lack) -> LackRow:
    parts = [language_name(row.language), row.county, subject_name(row.subject)]
    label = ", ".join(part for part in parts if part) or _("no county given")
    return LackRow(label, row.due, row.due - row.unfilled, row.unfilled)


def language_name(code: str) -> str:
    return str(dict(SPOKEN_LANGUAGES).get(code, code))


def subject_name(code: str) -> str:
    return str(dict(Subject.choices).get(code, code))


def write_csv(page: Page, file: TextIO) -> int:
    """One row for each number, for a spreadsheet; returns how many. Nobody's name is in it."""
    file.write(BYTE_ORDER_MARK)
    writer = csv.writer(file, delimiter=";")
    writer.writerow(
        [_("What"), _("Of what"), _("Number"), _("Out of"), _("Per cent"), _("Not counted"), _("Definition")]
    )
    rows = [*_scope_rows(page.figures.scope), *_number_rows(page)]
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return len(rows)


def _scope_rows(scope: Scope) -> list[list]:
    def day(one: date | None) -> str:
        return one.isoformat() if one else ""

    return [
        [_("Project"), scope.project.title],
        [_("Period"), day(scope.period.since), day(scope.period.until)],
        [_("Institution"), scope.institution.name if scope.institution else _("all")],
        [_("Language"), language_name(scope.language) or _("all")],
        [_("Urgency"), URGENCIES.get(scope.urgency) or _("all")],
    ]


def _number_rows(page: Page) -> list[list]:
    rows = [
        [
            one.label,
            chapter.title,
            one.ratio.part,
            one.ratio.whole,
            "" if one.ratio.percent is None else one.ratio.percent,
            one.ratio.left_out,
            one.definition,
        ]
        for chapter in page.chapters
        for one in chapter.cards
    ]
    for times, words in zip(page.figures.times, page.times, strict=True):
        for name, half, nine in _spell_titles():
            spell = getattr(times, name)
            rows.append([half, words.urgency, spell.median, spell.number])
            rows.append([nine, words.urgency, spell.ninth, spell.number])
    for line in page.called_off:
        rows += [
            [line.label, notice, number] for notice, number in zip(page.notice, line.numbers, strict=True)
        ]
    rows += [
        [_("Nobody was found"), _lack(lack).label, lack.unfilled, lack.due]
        for lack in page.figures.lacks
        if lack.unfilled
    ]
    rows += [
        [_("Minutes of one assistant"), place, minutes]
        for place, minutes in enumerate(page.figures.spread.minutes, 1)
    ]
    return [["" if cell is None else cell for cell in row] for row in rows]


def _spell_titles() -> list[tuple[str, str, str]]:
    return [
        (
            "first_offer",
            _("Minutes until somebody was asked: half of the requests"),
            _("Minutes until somebody was asked: nine of ten requests"),
        ),
        (
            "first_answer",
            _("Minutes until somebody of the network acted: half of the requests"),
            _("Minutes until somebody of the network acted: nine of ten requests"),
        ),
        (
            "agreed",
            _("Minutes until somebody agreed: half of the requests"),
            _("Minutes until somebody agreed: nine of ten requests"),
        ),
    ]
