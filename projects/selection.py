"""Ledger entries behind a figure: by indicator, task, theme, month, kind; confidential ones as a count."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TextIO

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import formats
from django.utils.translation import gettext as _

from participants.models import Participant
from projects.figures import CONFIDENTIAL_KINDS, ENTRIES_OF, HELD, aggregate, entries_behind
from projects.hours import in_hours
from projects.models import BudgetTask, Indicator, LedgerEntry, Project, Theme

BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for something else
#: A cell that begins so would be run as a formula by a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class NoSuchFigure(Exception):
    """The address names an indicator, theme, month or measure that the project does not have."""


@dataclass(frozen=True)
class Selection:
    project: Project
    condition: Q
    #: What was selected, in words: the indicator, the theme, the month …
    words: list[str]
    indicator: Indicator | None

    def listed(self) -> QuerySet[LedgerEntry]:
        """Entries that may be shown one by one."""
        return (
            self._all()
            .exclude(kind__in=CONFIDENTIAL_KINDS)
            .select_related("theme", "task")
            .order_by("-on", "-id")
        )

    def sums(self) -> dict[str, int]:
        """Of all entries, the confidential ones included. Held and received are never added up: both tell of
        the same meetings."""
        sums = {
            "held": Sum("minutes", default=0, filter=HELD),
            "received": Sum("minutes", default=0, filter=Q(measure=LedgerEntry.Measure.RECEIVED)),
            "confidential": Count("pk", filter=Q(kind__in=CONFIDENTIAL_KINDS)),
        }
        if self.indicator:
            sums["figure"] = aggregate(self.indicator)
        return self._all().aggregate(**sums)

    def _all(self) -> QuerySet[LedgerEntry]:
        return LedgerEntry.objects.filter(self.condition, project=self.project)


def select(project: Project, asked: dict[str, str]) -> Selection:
    """``asked``: the parameters of the address. Raises NoSuchFigure."""
    condition, words, indicator = Q(), [], None
    if code := asked.get("indicator"):
        indicator = Indicator.objects.filter(project=project, code=code, counts__in=ENTRIES_OF).first()
        if indicator is None:
            raise NoSuchFigure
        condition &= entries_behind(indicator)
        words.append(indicator.title)
    for field, model in (("task", BudgetTask), ("theme", Theme)):
        if code := asked.get(field):
            row = model.objects.filter(project=project, code=code).first()
            if row is None:
                raise NoSuchFigure
            condition &= Q(**{field: row})
            words.append(row.title)
    if month := asked.get("month"):
        first = _month(month)
        condition &= Q(on__gte=first, on__lt=(first + timedelta(days=31)).replace(day=1))
        words.append(formats.date_format(first, "YEAR_MONTH_FORMAT"))
    for field, choices in (("measure", LedgerEntry.Measure), ("kind", LedgerEntry.Kind)):
        if value := asked.get(field):
            if value not in choices.values:
                raise NoSuchFigure
            condition &= Q(**{field: value})
            words.append(str(choices(value).label))
    return Selection(project, condition, words, indicator)


def write_csv(selection: Selection, file: TextIO) -> int:
    """Write the listed entries for a spreadsheet; returns how many. Excel in Poland expects semicolons."""
    writer = csv.writer(file, delimiter=";")
    writer.writerow(_head())
    entries = selection.listed()
    writer.writerows(
        [harmless(cell) for cell in _row(entry, selection.project.hour_unit)] for entry in entries
    )
    return len(entries)


def _head() -> list[str]:
    return [
        _("Date"),
        _("Kind"),
        _("Measure"),
        _("Budget task"),
        _("Theme"),
        _("Minutes"),
        _("Hours"),
        _("People"),
        _("Role"),
        _("Code of the person"),
        _("Gender"),
        _("Age"),
        _("Citizenship"),
        _("County"),
        _("Activity"),
        _("Partner"),
    ]


def _row(entry: LedgerEntry, hour_unit: int) -> Iterator[object]:
    yield entry.on.isoformat()
    yield entry.get_kind_display()
    yield entry.get_measure_display()
    yield entry.task.title
    yield entry.theme.title if entry.theme else ""
    yield entry.minutes
    yield formats.number_format(in_hours(entry.minutes, hour_unit), decimal_pos=2)
    yield entry.people
    yield entry.get_role_display()
    yield entry.person_code
    yield dict(Participant.Gender.choices).get(entry.gender, "")
    yield entry.age_band
    yield dict(Participant.CitizenshipGroup.choices).get(entry.citizenship_group, "")
    yield entry.county
    yield entry.activity
    yield entry.partner


def harmless(cell: object) -> str:
    """The text of a cell, so that no spreadsheet runs it."""
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


def _month(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no time zone
    except ValueError:
        raise NoSuchFigure from None
