"""Open events in the workplace: how many came, the poster, and what evidence a project has."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import audit
from portal.languages import site_language
from portal.refusals import Refused
from projects.access import coordinator_required
from projects.models import Project
from workshops import head_counts, poster, reconciliation, sheets
from workshops.models import HeadCount, Session
from workshops.workplace.desk import led_sessions, led_workshops, workshop_tabs
from workshops.workplace.forms import refuse

A_PAGE = 25
MOST = 20_000


class PeopleField(forms.IntegerField):
    def __init__(self, **kwargs):
        widget = forms.NumberInput(attrs={"inputmode": "numeric"})
        super().__init__(min_value=0, max_value=MOST, initial=0, widget=widget, **kwargs)


def _label(name: str):
    return capfirst(HeadCount._meta.get_field(name).verbose_name)


class HeadCountForm(forms.Form):
    women = PeopleField(label=_label("women"))
    men = PeopleField(label=_label("men"))
    children = PeopleField(label=_label("children"))
    locals = PeopleField(label=_label("locals"))
    officials = PeopleField(label=_label("officials"))
    method = forms.CharField(
        label=_label("method"),
        max_length=200,
        help_text=gettext_lazy("For example: counted at the door, estimated from a photograph of the room."),
    )


def work_head_count(request, pk):
    """How many came to an open event, in rough groups; corrections with their old figures."""
    session = get_object_or_404(led_sessions(request.user), pk=pk)
    count = HeadCount.objects.filter(session=session).select_related("counted_by").first()
    form = HeadCountForm(request.POST or None, initial=_initial(count))
    if request.method == "POST" and form.is_valid():
        try:
            count = head_counts.record(session, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            messages.success(request, _("Thank you. People counted: %(number)d") % {"number": count.people})
            return redirect("work_head_count", pk)
    context = {
        "session": session,
        "workshop": session.workshop,
        "tabs": workshop_tabs(session.workshop, "work_workshop_sheets") if session.can_plan else [],
        "form": form,
        "count": count,
        "corrections": _corrections(count) if count else [],
        "has_begun": session.start_at <= timezone.now(),
    }
    return render(request, "workshops/workplace/head_count.html", context)


def _initial(count: HeadCount | None) -> dict | None:
    return {name: getattr(count, name) for name in (*head_counts.FIGURES, "method")} if count else None


def _corrections(count: HeadCount) -> list[dict]:
    """When the figures were changed, from what to what, the newest first."""
    lines = audit.trail(count).filter(action="head_count.corrected")
    return [
        {"at": line.at, "old": sum(line.data["old"][:3]), "new": sum(line.data["new"][:3])} for line in lines
    ]


def work_poster(request, slug):
    """The poster as a PDF, in the language that ``?language=`` names."""
    workshop = get_object_or_404(led_workshops(request.user), slug=slug)
    language = site_language(request.GET.get("language") or request.LANGUAGE_CODE)
    return HttpResponse(
        poster.pdf(workshop, language=language),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{workshop.slug}-{language}.pdf"',
            "Content-Language": language,
        },
    )


@coordinator_required
def work_evidence(request, slug):
    """What paper a project has of its meetings, what is missing, and how many came to its open events."""
    project = get_object_or_404(Project.objects.coordinated_by(request.user), slug=slug)
    here = Session.objects.filter(workshop__project=project).select_related("workshop")
    is_lacking = request.GET.get("show") == "lacking"
    held = sheets.with_paper(sheets.over(here)).order_by("-start_at", "-id")
    sums = sheets.sums(held)
    paginator = Paginator(sheets.lacking(held) if is_lacking else held, A_PAGE)
    if not is_lacking:
        paginator.count = sums["over"]  # it is known, and need not be asked for again
    page = paginator.get_page(request.GET.get("page"))
    compared = reconciliation.of_all(list(page))
    context = {
        "project": project,
        "is_lacking": is_lacking,
        "sums": sums,
        "lines": [{"session": row, "differences": len(compared[row.pk].differences)} for row in page],
        "page_obj": page,
        "now": timezone.now(),
        "heads": head_counts.sums(head_counts.events(here)),
        "uncounted": head_counts.uncounted(here).order_by("-end_at", "-id")[:A_PAGE],
    }
    return render(request, "workshops/workplace/evidence.html", context)
