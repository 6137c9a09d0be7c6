"""What a coordinator sees of her project at one glance, ready for the page."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from projects import figures, pictures, portrait
from projects.hours import hours_with_unit, in_both_units
from projects.models import BudgetTask, LedgerEntry, Project


@dataclass(frozen=True)
class Progress:
    """One bar: numbers in the same measure, and the sentence that says the same."""

    label: str
    code: str
    planned: int
    reached: int
    summary: str
    note: str = ""
    forecast: int = 0
    source: str = ""
    can_be_opened: bool = False


@dataclass(frozen=True)
class TaskHours:
    """A budget line with the bars of its themes; the sums are in minutes."""

    task: BudgetTask
    bars: list[Progress]
    lines: list[figures.ThemeBudget]
    planned: int
    delivered: int
    forecast: int | None


@dataclass(frozen=True)
class Desk:
    indicators: list[Progress]
    tasks: list[TaskHours]
    #: The budget line that the pictures and months are about; None for all of them.
    task: BudgetTask | None
    planned: int
    delivered: int
    received: int
    forecast: int | None
    in_both_units: str
    months: list[figures.Month]
    month_bars: pictures.MonthBars | None
    burn_down: pictures.BurnDown | None
    days_left: int
    #: People at open events, by who they were: label and number. No unique persons (domain.md B4.1).
    heads: list[tuple[str, int]]


def of(project: Project, *, today: date, task: str = "", mirrored: bool = False) -> Desk:
    """Five queries, whatever the project's size.

    ``task``: code of the budget line that pictures and months are about; any other text means all lines.
    ``mirrored``: pictures run from right to left.
    """
    tasks = _tasks(project, today)
    chosen = [row for row in tasks if row.task.code == task]
    about = chosen[0].task if chosen else None
    months = figures.by_month(project, today, task=about)
    planned = sum(row.planned for row in chosen or tasks)
    delivered = sum(month.delivered for month in months)
    forecast = figures.forecast(project, delivered, today)
    return Desk(
        indicators=[_indicator(figure) for figure in figures.of_project(project)],
        tasks=tasks,
        task=about,
        planned=planned,
        delivered=delivered,
        received=sum(month.received for month in months),
        forecast=forecast,
        in_both_units=in_both_units(delivered),
        months=months,
        month_bars=pictures.month_bars(months, mirrored=mirrored),
        burn_down=pictures.burn_down(
            project, months, budget=planned, forecast=forecast, today=today, mirrored=mirrored
        ),
        days_left=max((project.ends_on - today).days, 0),
        heads=_heads(project),
    )


def _heads(project: Project) -> list[tuple[str, int]]:
    found = figures.heads_by_role(project)
    labels = {
        LedgerEntry.Role.MIGRANT: _("migrants"),
        LedgerEntry.Role.LOCAL: _("people from here"),
        LedgerEntry.Role.OFFICIAL: _("employees of institutions"),
    }
    parts = [(label, found[role]) for role, label in labels.items() if found.get(role)]
    return [(_("people at open events, not unique persons"), sum(found.values())), *parts] if parts else []


def _tasks(project: Project, today: date) -> list[TaskHours]:
    """Budget lines in the order of their first theme."""
    lines_of: dict[BudgetTask, list[figures.ThemeBudget]] = {}
    for line in figures.budget_by_theme(project, today):
        lines_of.setdefault(line.theme.task, []).append(line)
    found = []
    for task, lines in lines_of.items():
        delivered = sum(line.delivered for line in lines)
        found.append(
            TaskHours(
                task,
                bars=[_theme(project, line) for line in lines],
                lines=lines,
                planned=sum(line.planned for line in lines),
                delivered=delivered,
                forecast=figures.forecast(project, delivered, today),
            )
        )
    return found


def _indicator(figure: figures.Figure) -> Progress:
    indicator, unit = figure.indicator, figure.hour_unit
    targets = portrait.targets(indicator, unit)
    if figure.amount is None:
        summary = _("not counted yet")
    else:
        summary = portrait.amount(figure.amount, indicator, unit)
        if targets:
            summary = _("%(reached)s of %(target)s") % {"reached": summary, "target": targets[0].text}
    return Progress(
        indicator.title,
        indicator.code,
        planned=figure.goal or 0,
        reached=figure.amount or 0,
        summary=summary,
        note=str(indicator.get_counts_display()),
        source=indicator.target_source,
        can_be_opened=figure.is_counted,
    )


def _theme(project: Project, line: figures.ThemeBudget) -> Progress:
    summary, note = hours_with_unit(line.delivered, project.hour_unit), ""
    if line.planned:
        summary = _("%(reached)s of %(target)s") % {
            "reached": summary,
            "target": hours_with_unit(line.planned, project.hour_unit),
        }
    if line.planned and line.forecast is not None:
        note = _("At this pace %(hours)s by the end") % {
            "hours": hours_with_unit(line.forecast, project.hour_unit)
        }
    return Progress(
        line.theme.title,
        line.theme.code,
        planned=line.planned,
        reached=line.delivered,
        summary=summary,
        note=note,
        forecast=min(line.forecast or 0, line.planned),
        can_be_opened=True,
    )
