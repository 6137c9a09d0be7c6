"""Sheets of teaching hours: a trainer's own, and for a coordinator those of her projects' trainers."""

import hashlib
from datetime import date, timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from portal import audit, spreadsheets
from portal.desk import desk_tabs
from portal.models import User
from projects.access import staff_required
from projects.models import Project
from workshops import teaching_sheets

MONTHS = 12


@staff_required
@require_GET
def work_teaching(request):
    first = _asked_month(request)
    projects = Project.objects.coordinated_by(request.user)
    mine = teaching_sheets.month_of(request.user, first)
    people = [one for one in teaching_sheets.trainers_of(projects, first) if one.pk != request.user.pk]
    context = {
        "month": first,
        "months": _months(),
        "mine": mine if mine.held or mine.waiting or not people else None,
        "people": people,
        "tabs": desk_tabs("work_hours") if projects else [],
    }
    return render(request, "workshops/workplace/teaching.html", context)


@staff_required
@require_GET
def work_teaching_file(request, public_id, form):
    """Her own month whole; of others what they led in the projects of the one who asks."""
    first = _asked_month(request)
    projects = Project.objects.coordinated_by(request.user)
    if public_id == request.user.public_id:
        month = teaching_sheets.month_of(request.user, first)
    else:
        trainer = get_object_or_404(
            User.objects.filter(workshops_led__project__in=projects).distinct(), public_id=public_id
        )
        month = teaching_sheets.month_of(trainer, first, projects=projects)
        audit.record_reading(trainer, "hours", by=request.user, purpose="settlement")
    if form == "pdf":
        content, kind = teaching_sheets.pdf(month), "application/pdf"
    elif form == "xlsx":
        content, kind = teaching_sheets.spreadsheet(month), spreadsheets.CONTENT_TYPE
    else:
        raise Http404
    fingerprint = hashlib.sha256(content).hexdigest()
    facts = {"reason": "settlement", "form": form, "rows": len(month.held), "hash": fingerprint}
    audit.record("teaching.downloaded", month.trainer, by=request.user, month=f"{first:%Y-%m}", **facts)
    headers = {"Content-Disposition": f'attachment; filename="{first:%Y-%m}.{form}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


def _months() -> list[date]:
    """This month and those before it."""
    months = [timezone.localdate().replace(day=1)]
    while len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months


def _asked_month(request) -> date:
    text = request.GET.get("month")
    if not text:
        return _months()[0]
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Http404 from None
