"""Pictures of hours as plain numbers, in whole units of the drawing; templates draw them as SVG.

Time runs in the reading direction, so in Arabic from right to left.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from projects.figures import Month
from projects.models import Project

WIDTH = 720
HEIGHT = 200
GAP = 4


@dataclass(frozen=True)
class Bar:
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class MonthBars:
    bars: list[Bar]
    first: date
    last: date
    most: int
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True)
class BurnDown:
    """Minutes left of the budget: at an even pace, as they were, and as they will be at the pace so far."""

    even: str
    actual: str
    ahead: str
    total: int
    left: int
    first: date
    last: date
    width: int = WIDTH
    height: int = HEIGHT


def month_bars(months: list[Month], *, mirrored: bool) -> MonthBars | None:
    """A bar of held minutes for each month; None while there is nothing to show."""
    most = max((month.delivered for month in months), default=0)
    if not most:
        return None
    slot = WIDTH // len(months)
    width = max(min(slot - GAP, 60), 1)
    bars = []
    for place, month in enumerate(months):
        height = round(HEIGHT * month.delivered / most)
        x = place * slot + GAP // 2
        bars.append(Bar(WIDTH - x - width if mirrored else x, HEIGHT - height, width, height))
    return MonthBars(bars, months[0].first, months[-1].first, most)


def burn_down(
    project: Project, months: list[Month], *, budget: int, forecast: int | None, today: date, mirrored: bool
) -> BurnDown | None:
    """``budget`` and ``forecast`` in minutes of the whole project; None without a budget of hours."""
    if not budget:
        return None
    days = max((project.ends_on - project.starts_on).days, 1)
    left = budget
    line = [(0, budget)]
    for month in months:
        left -= month.delivered
        end = min((month.first.replace(day=28) + timedelta(days=4)).replace(day=1), today, project.ends_on)
        line.append((max((end - project.starts_on).days, line[-1][0]), left))

    def points(marks: Iterable[tuple[int, int]]) -> str:
        return " ".join(
            f"{_across(day, days, mirrored=mirrored)},{_down(minutes, budget)}" for day, minutes in marks
        )

    ahead = points([line[-1], (days, budget - forecast)]) if forecast is not None else ""
    return BurnDown(
        even=points([(0, budget), (days, 0)]),
        actual=points(line),
        ahead=ahead,
        total=budget,
        left=max(left, 0),
        first=project.starts_on,
        last=project.ends_on,
    )


def _across(day: int, days: int, *, mirrored: bool) -> int:
    x = round(WIDTH * min(max(day, 0), days) / days)
    return WIDTH - x if mirrored else x


def _down(minutes: int, budget: int) -> int:
    return round(HEIGHT * (1 - min(max(minutes, 0), budget) / budget))
