"""Where nobody could come: the coordinator's page, and what she has published for everybody."""

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from institutions import unmet, unmet_page, unmet_paper
from institutions.figures_forms import PeriodForm
from institutions.models import UnmetReport
from institutions.views.tabs import network_tabs
from portal.access import public
from portal.desk import desk_tabs
from portal.refusals import Refused
from projects.access import coordinator_required
from projects.models import Project


@coordinator_required
@require_GET
def work_unmet(request: HttpRequest) -> HttpResponse:
    form = PeriodForm(request.GET, projects=_projects(request))
    tabs = {"tabs": desk_tabs("work_assistance"), "network_tabs": network_tabs("work_unmet")}
    context = {"form": form, "report": None} | tabs
    if form.is_valid():
        project, period = form.cleaned_data["project"], form.chosen
        data = unmet.reckon(project, period, now=timezone.now())
        published = UnmetReport.objects.filter(project=project, taken_back_at__isnull=True)
        context |= {
            "project": project,
            "report": unmet_page.of(
                data, since=period.since, until=period.until, mirrored=get_language_bidi()
            ),
            "published": published,
            "is_over": period.until < timezone.localdate(),
        }
    return render(request, "institutions/unmet.html", context)


@coordinator_required
@require_POST
def work_unmet_publish(request: HttpRequest) -> HttpResponse:
    form = PeriodForm(request.POST, projects=_projects(request))
    back = f"{reverse('work_unmet')}?{form.query}"
    if not form.is_valid():
        flash.error(request, _("Please choose the first and the last day."))
        return redirect(back)
    period = form.chosen
    try:
        report = unmet.publish(
            form.cleaned_data["project"], since=period.since, until=period.until, by=request.user
        )
    except Refused as no:
        flash.error(request, str(no))
        return redirect(back)
    flash.success(request, _("The numbers are published. Everybody who has the address can see them."))
    return redirect("unmet_need", report.public_id)


@coordinator_required
@require_POST
def work_unmet_take_back(request: HttpRequest, public_id) -> HttpResponse:
    mine = UnmetReport.objects.filter(project__in=_projects(request))
    report = get_object_or_404(mine.select_related("project"), public_id=public_id)
    try:
        unmet.take_back(report, by=request.user)
    except Refused as no:
        flash.error(request, str(no))
    else:
        flash.success(request, _("The address shows no numbers any more."))
    days = f"since={report.since:%Y-%m-%d}&until={report.until:%Y-%m-%d}"
    return redirect(f"{reverse('work_unmet')}?project={report.project.slug}&{days}")


@public
@require_GET
def unmet_need(request: HttpRequest, public_id) -> HttpResponse:
    report = get_object_or_404(UnmetReport.objects.select_related("project"), public_id=public_id)
    is_gone = report.taken_back_at is not None
    page = unmet_page.of(report.data, since=report.since, until=report.until, mirrored=get_language_bidi())
    context = {
        "published": report,
        "report": None if is_gone else page,
        "address": request.build_absolute_uri(request.path),
    }
    return render(request, "institutions/unmet_need.html", context, status=410 if is_gone else 200)


@public
@require_GET
def unmet_need_pdf(request: HttpRequest, public_id) -> HttpResponse:
    standing = UnmetReport.objects.filter(taken_back_at__isnull=True).select_related("project")
    report = get_object_or_404(standing, public_id=public_id)
    address = request.build_absolute_uri(reverse("unmet_need", args=[public_id]))
    name = f"unmet-need-{report.since:%Y-%m-%d}-{report.until:%Y-%m-%d}-{request.LANGUAGE_CODE}.pdf"
    return HttpResponse(
        unmet_paper.unmet_sheet(report, address=address),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            "Content-Language": request.LANGUAGE_CODE,
        },
    )


def _projects(request: HttpRequest):
    return Project.objects.coordinated_by(request.user).order_by("-starts_on", "slug")
