"""Hours: held against the budget by theme, and received by each person, in clock and teaching hours."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import render
from django.utils.translation import gettext as _

from portal import audit
from portal.desk import desk_tabs
from portal.names import name_key
from projects import figures
from projects.access import coordinator_required
from projects.hours import CLOCK, TEACHING, hours, hours_with_unit
from projects.models import Project
from workshops import hours as attended

A_PAGE = 30


@coordinator_required
def work_hours(request):
    projects, project = _project(request)
    themes = [_bar(project, theme) for theme in attended.hours_by_theme(project)]
    planned = sum(bar["planned"] for bar in themes)
    delivered = sum(bar["delivered"] for bar in themes)
    context = _context(projects, project) | {
        "themes": themes,
        "whole": _whole(project, planned, delivered),
        "planned": planned,
        "delivered": delivered,
        "received": sum(bar["received"] for bar in themes),
        "sessions_held": sum(bar["sessions_held"] for bar in themes),
    }
    return render(request, "workshops/workplace/hours.html", context)


@coordinator_required
def work_hours_people(request):
    """Each person's hours in a project, a page at a time, sought by name; noted as a reading."""
    projects, project = _project(request)
    people = attended.hours_by_person(project)
    words = request.GET.get("q", "").strip()[:80]
    for part in name_key(words).split():
        people = people.filter(Q(name_key__contains=part))
    page = Paginator(people, A_PAGE).get_page(request.GET.get("page"))
    audit.record_reading(list(page.object_list), "hours", by=request.user, purpose="hours")
    context = _context(projects, project) | {"page_obj": page, "q": words}
    return render(request, "workshops/workplace/hours_people.html", context)


def _project(request) -> tuple[list[Project], Project]:
    """Her projects, running ones first, and the one the address names or the first."""
    projects = list(Project.objects.coordinated_by(request.user).order_by("-starts_on", "id"))
    projects.sort(key=lambda project: project.status != Project.Status.RUNNING)
    named = [project for project in projects if project.slug == request.GET.get("project")]
    return projects, (named or projects)[0]


def _context(projects: list[Project], project: Project) -> dict:
    return {"tabs": desk_tabs("work_hours"), "projects": projects, "project": project}


def _bar(project: Project, theme) -> dict:
    return _burn(project, theme.title, theme.budget_minutes, theme.delivered) | {
        "received": theme.received,
        "sessions_held": theme.sessions_held,
    }


def _whole(project: Project, planned: int, delivered: int) -> dict:
    return _burn(project, _("All themes"), planned, delivered)


def _burn(project: Project, label: str, planned: int, delivered: int) -> dict:
    """What the picture of a budget says, in the grant's unit; minutes for the figures."""
    unit = project.hour_unit
    forecast = figures.forecast(project, delivered)
    return {
        "label": label,
        "planned": planned,
        "delivered": delivered,
        "left": max(planned - delivered, 0),
        "forecast": forecast or 0,
        "summary": _("%(delivered)s of %(planned)s")
        % {"delivered": hours(delivered, unit), "planned": hours_with_unit(planned, unit)},
        "note": _note(forecast, unit),
        "clock": hours(delivered, CLOCK),
        "teaching": hours(delivered, TEACHING),
    }


def _note(forecast: int | None, unit: int) -> str:
    if not forecast:
        return ""
    return _("At this pace: %(hours)s by the end of the project.") % {
        "hours": hours_with_unit(forecast, unit)
    }
