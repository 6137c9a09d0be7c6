"""Hours of workshops, cut by group, trainer, month and project, and written for a spreadsheet.

All from the ledger, held and received side by side; what was written by hand is in what was received, and
said apart. Clock minutes throughout.
"""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TextIO

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncMonth
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from portal.models import User
from projects.figures import HELD, OF_A_PERSON, Period
from projects.hours import CLOCK, TEACHING, in_hours
from projects.models import LedgerEntry, Project
from projects.selection import harmless
from workshops import hours
from workshops.models import Workshop

#: How the ledger names a workshop (attendance.activity_of).
ACTIVITY = "workshops.workshop:"
RECEIVED = Q(measure=LedgerEntry.Measure.RECEIVED)
BY_HAND = RECEIVED & Q(source__startswith="workshops.manual_hours:")


@dataclass(frozen=True)
class Line:
    """One row of a cut. ``held`` and ``meetings`` are None where they cannot be said of it (of a person)."""

    label: str
    held: int | None
    received: int
    by_hand: int
    meetings: int | None = None
    people: int | None = None
    url: str = ""


def by_workshop(project: Project, period: Period) -> list[Line]:
    """The groups: each workshop in which hours were held or received. Two queries."""
    rows = _entries([project], period).values("activity").annotate(**_figures())
    found = {int(row["activity"].removeprefix(ACTIVITY)): row for row in rows}
    workshops = Workshop.objects.filter(pk__in=found).order_by("-published_at", "-pk")
    return [
        _line(
            found[workshop.pk], workshop.title or workshop.slug, reverse("work_radar", args=[workshop.slug])
        )
        for workshop in workshops
    ]


def by_trainer(project: Project, period: Period) -> list[Line]:
    """Those who lead them; hours of a workshop that two lead are said of both. Two queries."""
    rows = _entries([project], period).values("activity").annotate(**_figures())
    found = {int(row["activity"].removeprefix(ACTIVITY)): row for row in rows}
    leads = Workshop.trainers.through.objects.filter(workshop__in=found).select_related("user")
    sums: dict[User, list[dict]] = defaultdict(list)
    for lead in leads.order_by("user__name_key", "user", "workshop"):
        sums[lead.user].append(found[lead.workshop_id])
    names = ("held", "received", "by_hand", "meetings")
    return [
        Line(str(trainer), **{name: sum(row[name] for row in rows) for name in names})
        for trainer, rows in sums.items()
    ]


def by_month(project: Project, period: Period) -> list[Line]:
    rows = _entries([project], period).annotate(month=TruncMonth("on")).values("month")
    return [
        _line(row, formats.date_format(row["month"], "YEAR_MONTH_FORMAT"))
        for row in rows.annotate(**_figures()).order_by("-month")
    ]


def by_project(projects: Iterable[Project], period: Period) -> list[Line]:
    """All projects of the one who asks: one query."""
    projects = {project.pk: project for project in projects}
    rows = _entries(projects.values(), period).values("project").annotate(**_figures())
    return [
        _line(
            row,
            str(projects[row["project"]]),
            f"{reverse('work_hours')}?project={projects[row['project']].slug}",
        )
        for row in rows.order_by("project")
    ]


def by_theme(project: Project, period: Period) -> list[Line]:
    return [
        Line(theme.title, theme.delivered, theme.received, theme.by_hand, theme.sessions_held)
        for theme in hours.hours_by_theme(project, period)
    ]


def by_person(people: QuerySet[User]) -> list[Line]:
    return [
        Line(person.full_name or str(person), None, person.minutes, person.by_hand, person.times)
        for person in people
    ]


CUTS: dict[str, Callable[[Project, Period], list[Line]]] = {
    "workshops": by_workshop,
    "trainers": by_trainer,
    "months": by_month,
}


def write_csv(lines: Iterable[Line], file: TextIO, *, label: str) -> int:
    """For a spreadsheet, with semicolons as Excel in Poland expects them; returns how many rows."""
    writer = csv.writer(file, delimiter=";")
    writer.writerow(
        [
            label,
            _("Held (clock hours)"),
            _("Held (hours of 45 min)"),
            _("Received (clock hours)"),
            _("Received (hours of 45 min)"),
            _("Of these written by hand (clock hours)"),
            _("Meetings"),
            _("People"),
            _("Held (minutes)"),
            _("Received (minutes)"),
        ]
    )
    lines = list(lines)
    for line in lines:
        cells = [
            line.label, _hours(line.held, CLOCK), _hours(line.held, TEACHING), _hours(line.received, CLOCK),
            _hours(line.received, TEACHING), _hours(line.by_hand, CLOCK), line.meetings, line.people,
            line.held, line.received,
        ]  # fmt: skip
        writer.writerow(["" if cell is None else harmless(cell) for cell in cells])
    return len(lines)


def _hours(minutes: int | None, unit: int) -> str | None:
    return None if minutes is None else formats.number_format(in_hours(minutes, unit), decimal_pos=2)


def _entries(projects: Iterable[Project], period: Period) -> QuerySet[LedgerEntry]:
    rows = LedgerEntry.objects.filter(period.entries(), project__in=list(projects))
    return rows.filter(activity__startswith=ACTIVITY).order_by()


def _figures() -> dict:
    return {
        "held": Coalesce(Sum("minutes", filter=HELD), 0),
        "received": Coalesce(Sum("minutes", filter=RECEIVED), 0),
        "by_hand": Coalesce(Sum("minutes", filter=BY_HAND), 0),
        "meetings": Count("pk", filter=HELD),
        "people": Count("beneficiary_key", filter=OF_A_PERSON, distinct=True),
    }


def _line(row: dict, label: str, url: str = "") -> Line:
    names = ("held", "received", "by_hand", "meetings", "people")
    return Line(label, **{name: row[name] for name in names}, url=url)
