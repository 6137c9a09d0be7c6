"""Every figure of a project, counted from the ledger alone, in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Aggregate, Count, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Concat, TruncMonth
from django.utils import timezone

from projects.models import BudgetTask, Indicator, LedgerEntry, Project, Theme

Counts = Indicator.Counts
Measure = LedgerEntry.Measure

#: Confidential even as to the fact of using it: counted, never listed (features.md S12).
CONFIDENTIAL_KINDS = (LedgerEntry.Kind.COUNSELLING, LedgerEntry.Kind.MENTORING)

HELD = Q(measure=Measure.DELIVERED)
#: One person's presence, or help that one known person received.
OF_A_PERSON = Q(measure=Measure.RECEIVED) & ~Q(beneficiary_key="")

#: Which entries stand behind each figure; what is done with them is in ``aggregate``.
ENTRIES_OF = {
    Counts.DELIVERED_HOURS: HELD,
    Counts.PERSON_HOURS: Q(measure=Measure.RECEIVED),
    Counts.UNIQUE_PERSONS: OF_A_PERSON,
    Counts.PARTICIPATIONS: OF_A_PERSON & ~Q(activity=""),
    Counts.ATTENDANCES: OF_A_PERSON,
    Counts.HEADS: Q(measure=Measure.HEADS),
    Counts.PARTNERS: ~Q(partner=""),
    Counts.ASSISTANCE_HOURS: HELD & Q(kind=LedgerEntry.Kind.ASSISTANCE),
}
IN_MINUTES = {Counts.DELIVERED_HOURS, Counts.PERSON_HOURS, Counts.ASSISTANCE_HOURS}


@dataclass(frozen=True)
class Period:
    """From a day to a day, both included; an open end is None."""

    since: date | None = None
    until: date | None = None

    def entries(self) -> Q:
        condition = Q()
        if self.since:
            condition &= Q(on__gte=self.since)
        if self.until:
            condition &= Q(on__lte=self.until)
        return condition


@dataclass(frozen=True)
class Figure:
    """What an indicator stands at. ``amount`` is minutes where hours are counted; None is not known yet."""

    indicator: Indicator
    amount: int | None
    hour_unit: int

    @property
    def is_hours(self) -> bool:
        return self.indicator.unit == Indicator.Unit.HOURS

    @property
    def is_counted(self) -> bool:
        """Counted from the ledger, so it can be opened down to its entries."""
        return self.indicator.counts in ENTRIES_OF

    @property
    def goal(self) -> int | None:
        """The target in the same measure as ``amount``; of a range, the lower end is the promise."""
        target = self.indicator.target_min
        if target is None:
            target = self.indicator.target_max
        if target is None:
            return None
        return target * self.hour_unit if self.is_hours else target

    @property
    def is_reached(self) -> bool:
        return self.amount is not None and self.goal is not None and self.amount >= self.goal


@dataclass(frozen=True)
class ThemeBudget:
    """A theme's hours, in minutes. ``forecast`` is what the pace so far gives by the end of the project."""

    theme: Theme
    planned: int
    delivered: int
    forecast: int | None

    @property
    def left(self) -> int:
        return max(self.planned - self.delivered, 0)


@dataclass(frozen=True)
class Month:
    first: date
    delivered: int
    received: int


def of_project(project: Project, period: Period | None = None) -> list[Figure]:
    """Every indicator of the project with its figure: one query for the indicators, one for all figures."""
    indicators = list(project.indicators.all())
    counted = {f"i{row.pk}": aggregate(row) for row in indicators if row.counts in ENTRIES_OF}
    ledger = LedgerEntry.objects.filter((period or Period()).entries(), project=project)
    amounts = ledger.aggregate(**counted) if counted else {}
    return [
        Figure(
            row,
            amounts.get(f"i{row.pk}", _reported(row, project.hour_unit)),
            hour_unit=project.hour_unit,
        )
        for row in indicators
    ]


def entries_behind(indicator: Indicator) -> Q:
    """The ledger entries that an indicator counts; the caller says of which project and period."""
    condition = ENTRIES_OF[indicator.counts]
    if indicator.kinds:
        condition &= Q(kind__in=indicator.kinds)
    if indicator.roles:
        condition &= Q(role__in=indicator.roles)
    return condition


def aggregate(indicator: Indicator) -> Aggregate | Coalesce:
    """The figure of an indicator as an aggregate over the ledger entries of its project."""
    entries = entries_behind(indicator)
    match indicator.counts:
        case Counts.UNIQUE_PERSONS:
            return Count("beneficiary_key", filter=entries, distinct=True)
        case Counts.PARTICIPATIONS:
            pair = Concat("beneficiary_key", Value("/"), "activity")
            return Count(pair, filter=entries, distinct=True)
        case Counts.PARTNERS:
            return Count("partner", filter=entries, distinct=True)
        case Counts.HEADS:
            return Coalesce(Sum("people", filter=entries), 0)
        case counts if counts in IN_MINUTES:
            return Coalesce(Sum("minutes", filter=entries), 0)
    return Count("pk", filter=entries)


def _reported(indicator: Indicator, hour_unit: int) -> int | None:
    if indicator.reported is None or indicator.unit != Indicator.Unit.HOURS:
        return indicator.reported
    return indicator.reported * hour_unit


def budget_by_theme(project: Project, today: date | None = None) -> list[ThemeBudget]:
    """Planned and held minutes of every theme, with a forecast: one query."""
    themes = project.themes.select_related("task").annotate(
        delivered=Coalesce(Sum("ledger__minutes", filter=Q(ledger__measure=Measure.DELIVERED)), 0)
    )
    return [
        ThemeBudget(
            theme,
            planned=theme.budget_minutes,
            delivered=theme.delivered,
            forecast=forecast(project, theme.delivered, today),
        )
        for theme in themes
    ]


def forecast(project: Project, minutes: int, today: date | None = None) -> int | None:
    """Minutes, in whole hours, by the end of the project at the pace so far; None before and after it.

    features.md U2: "at this pace 148 h by the end".
    """
    today = today or timezone.localdate()
    if not project.starts_on <= today <= project.ends_on:
        return None
    passed = (today - project.starts_on).days + 1
    whole = (project.ends_on - project.starts_on).days + 1
    return round(minutes * whole / passed / project.hour_unit) * project.hour_unit


def by_month(project: Project, today: date | None = None, *, task: BudgetTask | None = None) -> list[Month]:
    """Minutes held and received in each month of the project so far, empty months included: one query."""
    today = today or timezone.localdate()
    ledger = LedgerEntry.objects.filter(project=project)
    rows = (
        (ledger.filter(task=task) if task else ledger)
        .annotate(month=TruncMonth("on"))
        .values("month")
        .annotate(
            delivered=Coalesce(Sum("minutes", filter=HELD), 0),
            received=Coalesce(Sum("minutes", filter=Q(measure=Measure.RECEIVED)), 0),
        )
        .order_by("month")
    )
    found = {row["month"]: row for row in rows}
    first, last = project.starts_on, min(today, project.ends_on)
    if found:
        first, last = min(first, *found), max(last, *found)
    nothing = {"delivered": 0, "received": 0}
    return [
        Month(month, found.get(month, nothing)["delivered"], found.get(month, nothing)["received"])
        for month in _months(first, last)
    ]


def _months(first: date, last: date) -> Iterable[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def heads_by_role(project: Project) -> dict[str, int]:
    """People counted at open events, by role: one query. No unique persons."""
    counted = LedgerEntry.objects.filter(ENTRIES_OF[Counts.HEADS], project=project).order_by()
    rows = counted.values("role").annotate(people=Sum("people"))
    return {row["role"]: row["people"] for row in rows}


def with_delivered_minutes(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Annotate ``delivered_minutes`` and ``budget_minutes`` for lists of projects."""
    return projects.annotate(
        delivered_minutes=_sum_of(LedgerEntry.objects.filter(HELD), "minutes"),
        budget_minutes=_sum_of(Theme.objects.all(), "budget_minutes"),
    )


def _sum_of(rows: QuerySet, field: str) -> Coalesce:
    """The sum over the rows of each project, as a subquery: two joins would multiply each other."""
    sums = rows.filter(project=OuterRef("pk")).order_by().values("project").annotate(sum=Sum(field))
    return Coalesce(Subquery(sums.values("sum")), 0)
