"""Hours: held against the budget by theme, and received by each person, in clock and teaching hours."""

import io
from collections.abc import Iterator
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from portal import audit
from portal.desk import desk_tabs
from portal.names import name_key
from projects import figures
from projects.access import coordinator_required
from projects.figures import Period
from projects.hours import CLOCK, TEACHING, hours, hours_with_unit
from projects.models import Project
from projects.selection import BYTE_ORDER_MARK
from workshops import hour_cuts
from workshops import hours as attended
from workshops.workplace.forms import DateField

A_PAGE = 30


@coordinator_required
def work_hours(request):
    """By theme, against the budget; what the pace forecasts and what is planned ahead stand apart."""
    projects, project = _project(request)
    asked = _asked(request)
    ahead = attended.planned_ahead(project)
    whole_time = asked.period == Period()
    themes = [
        _bar(project, theme, ahead[theme.pk], whole_time=whole_time)
        for theme in attended.hours_by_theme(project, asked.period)
    ]
    planned, delivered = (sum(bar[name] for bar in themes) for name in ("planned", "delivered"))
    context = _context(projects, project, asked, "themes") | {
        "themes": themes,
        "whole": _burn(
            project, _("All themes"), planned, delivered, sum(ahead.values()), whole_time=whole_time
        ),
        "received": sum(bar["received"] for bar in themes),
        "by_hand": sum(bar["by_hand"] for bar in themes),
        "sessions_held": sum(bar["sessions_held"] for bar in themes),
        "whole_time": whole_time,
    }
    return render(request, "workshops/workplace/hours.html", context)


@coordinator_required
def work_hours_people(request):
    """Each person's hours in a project, a page at a time, sought by name; noted as a reading."""
    projects, project = _project(request)
    asked = _asked(request)
    people, words = _people(request, project, asked.period)
    page = Paginator(people, A_PAGE).get_page(request.GET.get("page"))
    audit.record_reading(list(page.object_list), "hours", by=request.user, purpose="hours")
    context = _context(projects, project, asked, "people") | {"page_obj": page, "q": words}
    return render(request, "workshops/workplace/hours_people.html", context)


@coordinator_required
def work_hours_cut(request, cut):
    """By workshop, trainer, month, or project: held and received side by side, in both units."""
    projects, project = _project(request)
    asked = _asked(request)
    lines = _lines(cut, projects, project, asked.period)
    page = Paginator(lines, A_PAGE).get_page(request.GET.get("page"))
    context = _context(projects, project, asked, cut) | {
        "page_obj": page,
        "cut": cut,
        "label": _heads()[cut],
        "has_people": any(line.people is not None for line in lines),
        # Of trainers who lead together nothing can be added up.
        "sums": {
            name: sum(getattr(line, name) for line in lines)
            for name in ("held", "received", "by_hand", "meetings")
        }
        if cut != "trainers"
        else None,
    }
    return render(request, "workshops/workplace/hours_cut.html", context)


@coordinator_required
def work_hours_csv(request, cut):
    """The whole of a cut, not only the page that is shown."""
    projects, project = _project(request)
    period = _asked(request).period
    if cut == "people":
        people, _words = _people(request, project, period)
        people = list(people)
        lines = hour_cuts.by_person(people)
        audit.record_reading(people, "hours", by=request.user, purpose="hours as a file")
    elif cut == "themes":
        lines = hour_cuts.by_theme(project, period)
    else:
        lines = _lines(cut, projects, project, period)
    file = io.StringIO(BYTE_ORDER_MARK, newline="")
    file.seek(0, io.SEEK_END)
    rows = hour_cuts.write_csv(lines, file, label=_heads()[cut])
    audit.record("workshops.hours_downloaded", project, by=request.user, rows=rows, cut=cut)
    return HttpResponse(
        file.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{project.slug}-hours-{cut}.csv"'},
    )


def _heads() -> dict[str, str]:
    """What the rows of each cut are."""
    return {
        "themes": _("Theme"),
        "people": _("Person"),
        "workshops": _("Workshop"),
        "trainers": _("Trainer"),
        "months": _("Month"),
        "projects": _("Project"),
    }


def _lines(cut: str, projects: list[Project], project: Project, period: Period) -> list[hour_cuts.Line]:
    if cut == "projects":
        return hour_cuts.by_project(projects, period)
    if cut not in hour_cuts.CUTS:
        raise Http404
    return hour_cuts.CUTS[cut](project, period)


def _people(request, project: Project, period: Period):
    people = attended.hours_by_person(project, period)
    words = request.GET.get("q", "").strip()[:80]
    for part in name_key(words).split():
        people = people.filter(Q(name_key__contains=part))
    return people, words


class PeriodForm(forms.Form):
    since = DateField(label=pgettext_lazy("date", "From"), required=False)
    until = DateField(label=pgettext_lazy("date", "Until"), required=False)

    @property
    def period(self) -> Period:
        """The days that were asked for; all of them where what was typed is no period."""
        if not self.is_valid():
            return Period()
        return Period(self.cleaned_data["since"], self.cleaned_data["until"])

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day must not be before the first one."))


def _asked(request) -> PeriodForm:
    return PeriodForm(request.GET)


def _project(request) -> tuple[list[Project], Project]:
    """Her projects, running ones first, and the one the address names or the first."""
    projects = list(Project.objects.coordinated_by(request.user).order_by("-starts_on", "id"))
    projects.sort(key=lambda project: project.status != Project.Status.RUNNING)
    named = [project for project in projects if project.slug == request.GET.get("project")]
    return projects, (named or projects)[0]


def _context(projects: list[Project], project: Project, asked: PeriodForm, here: str) -> dict:
    days = {name: asked[name].value() or "" for name in ("since", "until")} if asked.is_valid() else {}
    query = urlencode({"project": project.slug} | {name: day for name, day in days.items() if day})
    addresses = {"themes": reverse("work_hours"), "people": reverse("work_hours_people")}
    cuts = ("themes", "workshops", "people", "trainers", "months", "projects")
    labels = {
        "themes": _("By theme"),
        "workshops": _("By workshop"),
        "people": _("By person"),
        "trainers": _("By trainer"),
        "months": _("By month"),
        "projects": _("By project"),
    }
    return {
        "tabs": desk_tabs("work_hours"),
        "projects": projects,
        "project": project,
        "asked": asked,
        "address": addresses.get(here) or reverse("work_hours_cut", args=[here]),
        "cuts": [
            {
                "label": labels[cut],
                "url": f"{addresses.get(cut) or reverse('work_hours_cut', args=[cut])}?{query}",
                "current": cut == here,
            }
            for cut in cuts
        ],
        "csv_url": f"{reverse('work_hours_csv', args=[here])}?{query}",
    }


def _bar(project: Project, theme, ahead: int, *, whole_time: bool) -> dict:
    bar = _burn(project, theme.title, theme.budget_minutes, theme.delivered, ahead, whole_time=whole_time)
    return bar | {
        "received": theme.received,
        "by_hand": theme.by_hand,
        "sessions_held": theme.sessions_held,
    }


def _burn(
    project: Project, label: str, planned: int, delivered: int, ahead: int, *, whole_time: bool
) -> dict:
    """What the picture of a budget says, in the grant's unit; minutes for the figures. Of a part of the
    project's time there is no forecast.
    """
    unit = project.hour_unit
    forecast = figures.forecast(project, delivered) if whole_time else None
    return {
        "label": label,
        "planned": planned,
        "delivered": delivered,
        "ahead": ahead,
        "left": max(planned - delivered, 0),
        "forecast": forecast or 0,
        "summary": _("%(delivered)s of %(planned)s")
        % {"delivered": hours(delivered, unit), "planned": hours_with_unit(planned, unit)},
        "note": " ".join(_notes(forecast, ahead if whole_time else 0, delivered, unit)),
        "clock": hours(delivered, CLOCK),
        "teaching": hours(delivered, TEACHING),
    }


def _notes(forecast: int | None, ahead: int, delivered: int, unit: int) -> Iterator[str]:
    """The pace says one thing, the meetings that are planned another: each has its sentence."""
    if forecast:
        yield _("At this pace: %(hours)s by the end of the project.") % {
            "hours": hours_with_unit(forecast, unit)
        }
    if ahead:
        yield _("Planned meetings to come: %(hours)s more, %(together)s in all.") % {
            "hours": hours_with_unit(ahead, unit),
            "together": hours_with_unit(delivered + ahead, unit),
        }
