"""The coordinator's pages of a project: target against actual, hours, the ledger behind them, the staff."""

import io

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import audit
from portal.desk import desk_tabs
from portal.refusals import Refused
from projects import desk, figures, selection, staffing
from projects.access import coordinator_required
from projects.forms import AppointForm
from projects.models import Project, ProjectStaff

ENTRIES_PER_PAGE = 50


@coordinator_required
def work_project_list(request: HttpRequest) -> HttpResponse:
    projects = figures.with_delivered_minutes(Project.objects.coordinated_by(request.user))
    context = {"projects": projects, "tabs": desk_tabs("work_project_list")}
    return render(request, "projects/workplace/project_list.html", context)


@coordinator_required
def work_project(request: HttpRequest, slug: str) -> HttpResponse:
    project = _own_project(request, slug)
    task = request.GET.get("task", "")
    context = {
        "project": project,
        "desk": desk.of(project, task=task, today=timezone.localdate(), mirrored=get_language_bidi()),
    }
    return render(request, "projects/workplace/project.html", context)


@coordinator_required
def work_ledger(request: HttpRequest, slug: str) -> HttpResponse:
    selected = _selected(request, slug)
    page = Paginator(selected.listed(), ENTRIES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "project": selected.project,
        "selected": selected,
        "sums": selected.sums(),
        "minutes_counted": figures.IN_MINUTES,
        "page_obj": page,
        "query": request.GET,
    }
    return render(request, "projects/workplace/ledger.html", context)


@coordinator_required
def work_ledger_csv(request: HttpRequest, slug: str) -> HttpResponse:
    selected = _selected(request, slug)
    file = io.StringIO(selection.BYTE_ORDER_MARK, newline="")
    file.seek(0, io.SEEK_END)
    with transaction.atomic():
        rows = selection.write_csv(selected, file)
        audit.record("projects.ledger_downloaded", selected.project, by=request.user, rows=rows)
    return HttpResponse(
        file.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{selected.project.slug}-ledger.csv"'},
    )


@coordinator_required
def work_staff(request: HttpRequest, slug: str) -> HttpResponse:
    project = _own_project(request, slug)
    form = AppointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = form.appoint(project, by=request.user)
        except Refused as no:
            form.add_error(no.field, str(no))
        else:
            messages.success(request, _("%(name)s now serves the project.") % {"name": row.user})
            return redirect("work_staff", slug)
    staff = project.staff.select_related("user").order_by("role", "user__name_key", "id")
    today = timezone.localdate()
    context = {
        "project": project,
        "form": form,
        "serving": [row for row in staff if row.ends_on is None or row.ends_on >= today],
        "former": [row for row in staff if row.ends_on is not None and row.ends_on < today],
    }
    return render(request, "projects/workplace/staff.html", context)


@coordinator_required
@require_POST
def work_staff_end(request: HttpRequest, slug: str) -> HttpResponse:
    project = _own_project(request, slug)
    number = request.POST.get("staff", "")
    row = get_object_or_404(ProjectStaff, project=project, pk=int(number) if number.isdecimal() else None)
    try:
        row = staffing.end(row, by=request.user)
    except Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("%(name)s no longer has this role.") % {"name": row.user})
    if not Project.objects.coordinated_by(request.user).filter(pk=project.pk).exists():
        return redirect("my_page")
    return redirect("work_staff", slug)


def _own_project(request: HttpRequest, slug: str) -> Project:
    return get_object_or_404(Project.objects.coordinated_by(request.user), slug=slug)


def _selected(request: HttpRequest, slug: str) -> selection.Selection:
    try:
        return selection.select(_own_project(request, slug), request.GET.dict())
    except selection.NoSuchFigure:
        raise Http404 from None
