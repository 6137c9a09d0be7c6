"""A project as everybody may see it: the same facts and figures for the page, the print and the PDF."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from projects import figures
from projects.hours import euros, hours, hours_with_unit
from projects.models import Indicator, Project


@dataclass(frozen=True)
class Fact:
    icon: str
    label: str
    value: str
    is_code: bool = False


@dataclass(frozen=True)
class Quoted:
    """A figure and the published page it is quoted from; counted here where there is no such page."""

    text: str
    source: str = ""

    @property
    def site(self) -> str:
        return urlsplit(self.source).hostname or "" if self.source else ""


@dataclass(frozen=True)
class IndicatorRow:
    title: str
    planned: list[Quoted]
    achieved: Quoted | None


@dataclass(frozen=True)
class ThemeRow:
    title: str
    planned: str
    delivered: str


@dataclass(frozen=True)
class Portrait:
    project: Project
    facts: list[Fact]
    activity_types: list[str]
    target_groups: list[str]
    indicators: list[IndicatorRow]
    themes: list[ThemeRow]
    total: ThemeRow | None
    has_delivered_hours: bool
    missing: str


def of(project: Project) -> Portrait:
    """Six queries, whatever the project's size."""
    budget = figures.budget_by_theme(project)
    return Portrait(
        project,
        facts=list(_facts(project)),
        activity_types=[row.title for row in project.activity_types.all()],
        target_groups=[row.title for row in project.target_groups.all()],
        indicators=[_row(figure) for figure in figures.of_project(project)],
        themes=[_theme(line.theme.title, line.planned, line.delivered, project) for line in budget],
        total=_total(budget, project),
        has_delivered_hours=any(line.delivered for line in budget),
        missing=_("not published") if project.status == Project.Status.FINISHED else _("not known yet"),
    )


def _theme(title: str, planned: int, delivered: int, project: Project) -> ThemeRow:
    return ThemeRow(
        title,
        planned=hours(planned, project.hour_unit) if planned else "",
        delivered=hours(delivered, project.hour_unit),
    )


def _total(budget: list[figures.ThemeBudget], project: Project) -> ThemeRow | None:
    """The last line of the table; None where neither planned nor held hours are known."""
    planned, delivered = sum(line.planned for line in budget), sum(line.delivered for line in budget)
    return _theme(_("Together"), planned, delivered, project) if planned or delivered else None


def _facts(project: Project) -> Iterator[Fact]:
    yield Fact("building", _("Organisation"), project.organisation)
    yield Fact("place", _("City (headquarters)"), project.city)
    yield Fact("home", _("Voivodeship (headquarters)"), project.get_voivodeship_display())
    yield Fact("calendar", _("Dates"), dates(project))
    yield Fact("clock", _("Status"), capfirst(project.get_status_display()))
    yield Fact("chart", _("Project cost"), euros(project.cost_eur))
    yield Fact("heart", _("Grant"), euros(project.grant_eur))
    if project.final_cost_eur is not None:
        yield Fact("done", _("Final cost"), euros(project.final_cost_eur))
    if project.programme:
        yield Fact("project", _("Programme"), project.programme)
    if project.number:
        yield Fact("list", _("Project number"), project.number, is_code=True)


def dates(project: Project) -> str:
    return _("%(start)s to %(end)s") % {
        "start": formats.date_format(project.starts_on),
        "end": formats.date_format(project.ends_on),
    }


def amount(value: int, indicator: Indicator, hour_unit: int) -> str:
    """A figure in the words of its indicator; ``value`` is in minutes where it counts hours."""
    if indicator.unit == Indicator.Unit.HOURS:
        return hours_with_unit(value, hour_unit)
    return formats.number_format(value, force_grouping=True)


def target(indicator: Indicator, hour_unit: int, low: int | None, high: int | None) -> str:
    """A target in words: 160 h, 8 to 12, at most 20."""
    factor = hour_unit if indicator.unit == Indicator.Unit.HOURS else 1
    low_text, high_text = (
        "" if bound is None else amount(bound * factor, indicator, hour_unit) for bound in (low, high)
    )
    if low_text and high_text:
        return _("%(low)s to %(high)s") % {"low": low_text, "high": high_text}
    if high_text:
        return _("at most %(high)s") % {"high": high_text}
    return low_text


def targets(indicator: Indicator, hour_unit: int) -> list[Quoted]:
    """The target, and the other ones that other pages give (domain.md 0.5)."""
    text = target(indicator, hour_unit, indicator.target_min, indicator.target_max)
    found = [Quoted(text, indicator.target_source)]
    for other in indicator.other_targets:
        text = target(indicator, hour_unit, other.get("target_min"), other.get("target_max"))
        found.append(Quoted(text, other.get("target_source") or ""))
    return [quoted for quoted in found if quoted.text]


def _row(figure: figures.Figure) -> IndicatorRow:
    indicator = figure.indicator
    achieved = None
    if figure.amount is not None:
        source = "" if figure.is_counted else indicator.reported_source
        achieved = Quoted(amount(figure.amount, indicator, figure.hour_unit), source)
    return IndicatorRow(indicator.title, targets(indicator, figure.hour_unit), achieved)
