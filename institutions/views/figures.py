"""The coordinator: what the network can say of itself."""

import io

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.views.decorators.http import require_GET

from institutions import figures, figures_page
from institutions.figures_forms import FiguresForm
from institutions.models import Institution
from institutions.views.tabs import network_tabs
from portal import audit
from portal.desk import desk_tabs
from projects.access import coordinator_required
from projects.models import Project


@coordinator_required
@require_GET
def work_figures(request: HttpRequest) -> HttpResponse:
    form = _form(request)
    context = {
        "form": form,
        "page": _page(form) if form.is_valid() else None,
        "tabs": desk_tabs("work_assistance"),
        "network_tabs": network_tabs("work_figures"),
    }
    return render(request, "institutions/figures.html", context)


@coordinator_required
@require_GET
def work_figures_csv(request: HttpRequest) -> HttpResponse:
    form = _form(request)
    if not form.is_valid():
        raise Http404
    page, file = _page(form), io.StringIO(newline="")
    project = form.scope.project
    rows = figures_page.write_csv(page, file)
    audit.record("assistance.figures_downloaded", project, by=request.user, rows=rows)
    return HttpResponse(
        file.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{project.slug}-assistance.csv"'},
    )


def _form(request: HttpRequest) -> FiguresForm:
    projects = Project.objects.coordinated_by(request.user).order_by("-starts_on", "slug")
    institutions = Institution.objects.managed_by(request.user)
    return FiguresForm(request.GET, projects=projects, institutions=institutions)


def _page(form: FiguresForm) -> figures_page.Page:
    return figures_page.of(figures.of(form.scope, now=timezone.now()), mirrored=get_language_bidi())
