"""Projects told in a file become rows: the two founding projects, and the sample project of the demo.

A file is loaded as often as one likes; what it says wins over what the database said before.
"""

import json
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from portal.languages import SITE_LANGUAGES
from projects.models import ActivityType, BudgetTask, Indicator, Project, TargetGroup, Theme

FOUNDING = Path(__file__).resolve().parent / "founding"

PLAIN = (
    "number",
    "organisation",
    "city",
    "voivodeship",
    "status",
    "cost_eur",
    "grant_eur",
    "final_cost_eur",
    "hour_unit",
    "sources",
)
TOLD = ("title", "area", "programme", "region_note", "summary", "problem", "activities", "results")


def load_founding_projects() -> list[Project]:
    """Load the vocabulary and both founding projects; doing it again changes nothing."""
    return [load(read(FOUNDING / name)) for name in ("organizing.json", "womens_power.json")]


def read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


@transaction.atomic
def load(story: dict, *, today: date | None = None) -> Project:
    """Write one project with its budget, themes and indicators.

    A story without ``starts_on`` and ``ends_on`` says them as days from ``today``.
    """
    activity_types, target_groups = _vocabulary()
    today = today or timezone.localdate()
    fields = {name: story[name] for name in PLAIN}
    for name in TOLD:
        fields |= _in_all_languages(name, story[name])
    fields |= _in_all_languages("figures_note", story["note"])
    fields |= {"starts_on": _day(story, "starts", today), "ends_on": _day(story, "ends", today)}
    project, _created = Project.objects.update_or_create(
        slug=story["slug"], defaults=fields | {"is_published": True}
    )
    project.activity_types.set(activity_types[code] for code in story["activity_types"])
    project.target_groups.set(target_groups[code] for code in story["target_groups"])
    _load_budget(project, story)
    _load_indicators(project, story["indicators"])
    return project


def _day(story: dict, edge: str, today: date) -> date:
    if f"{edge}_on" in story:
        return date.fromisoformat(story[f"{edge}_on"])
    return today + timedelta(days=story[f"{edge}_in_days"])


def _in_all_languages(name: str, text: dict[str, str]) -> dict[str, str]:
    return {f"{name}_{language}": text[language] for language in SITE_LANGUAGES}


def _vocabulary() -> tuple[dict[str, ActivityType], dict[str, TargetGroup]]:
    words = read(FOUNDING / "vocabulary.json")
    return tuple(
        {
            code: model.objects.update_or_create(code=code, defaults=_in_all_languages("title", title))[0]
            for code, title in words[group].items()
        }
        for model, group in ((ActivityType, "activity_types"), (TargetGroup, "target_groups"))
    )


def _load_budget(project: Project, story: dict) -> None:
    tasks = {}
    for task in story["tasks"]:
        tasks[task["code"]], _created = BudgetTask.objects.update_or_create(
            project=project, code=task["code"], defaults=_in_all_languages("title", task["title"])
        )
    for position, theme in enumerate(story["themes"]):
        Theme.objects.update_or_create(
            project=project,
            code=theme["code"],
            defaults={
                "task": tasks[theme["task"]],
                "budget_minutes": theme["budget_minutes"] or 0,
                "position": position,
            }
            | _in_all_languages("title", theme["title"]),
        )


def _load_indicators(project: Project, indicators: list[dict]) -> None:
    for position, indicator in enumerate(indicators):
        Indicator.objects.update_or_create(
            project=project,
            code=indicator["code"],
            defaults={
                # A project that ended before the portal existed has no ledger: its report is quoted.
                "counts": indicator.get("counts", Indicator.Counts.REPORTED),
                "kinds": indicator.get("kinds", []),
                "roles": indicator.get("roles", []),
                "unit": indicator["unit"],
                "target_min": indicator["target_min"],
                "target_max": indicator.get("target_max"),
                "target_source": indicator["target_source"] or "",
                "other_targets": indicator.get("other_targets", []),
                "reported": indicator["reported"],
                "reported_source": indicator["reported_source"] or "",
                "position": position,
            }
            | _in_all_languages("title", indicator["title"]),
        )
