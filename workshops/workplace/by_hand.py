"""Hours written by hand: a trainer or coordinator writes them, another coordinator decides.

Every page that shows people is noted as a reading of their records.
"""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import audit
from portal.desk import desk_tabs
from portal.refusals import Refused
from projects.access import coordinator_required
from workshops import manual_hours
from workshops.models import ManualHours, Registration, Workshop
from workshops.workplace.desk import led_workshops, workshop_tabs
from workshops.workplace.forms import refuse
from workshops.workplace.staying_forms import ManualHoursForm, NoteForm

A_PAGE = 30


def work_manual_hours(request, slug):
    """What was written in a workshop, and the form to write more."""
    workshop = get_object_or_404(led_workshops(request.user), slug=slug)
    form = ManualHoursForm(request.POST or None, workshop=workshop, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            form.enter(by=request.user)
        except Refused as no:
            form.refuse(no)
        else:
            messages.success(request, _("The hours are written. They count once a second person agrees."))
            return redirect("work_manual_hours", slug)
    rows = _rows().filter(registration__workshop=workshop)
    page = Paginator(rows.order_by("-on", "-id"), A_PAGE).get_page(request.GET.get("page"))
    _note_reading(request, page, *form.rows)
    context = {
        "workshop": workshop,
        "tabs": workshop_tabs(workshop, "work_attendance") if workshop.can_plan else [],
        "form": form,
        "page_obj": page,
        "can_plan": workshop.can_plan,
    }
    return render(request, "workshops/workplace/manual_hours.html", context)


@coordinator_required
def work_manual_hours_waiting(request):
    """All hours that wait for her, whatever the workshop."""
    rows = manual_hours.waiting_for(request.user).select_related("registration__user", "entered_by")
    page = Paginator(rows.select_related("registration__workshop"), A_PAGE).get_page(request.GET.get("page"))
    _note_reading(request, page)
    context = {"tabs": desk_tabs("work_hours"), "page_obj": page}
    return render(request, "workshops/workplace/manual_hours_waiting.html", context)


@require_POST
def work_manual_hours_approve(request, pk):
    hours = get_object_or_404(_managed(request), pk=pk)
    try:
        manual_hours.approve(hours, by=request.user)
    except Refused as no:
        messages.error(request, no)
    else:
        messages.success(request, _("The hours count now."))
    return _back(request, hours)


def work_manual_hours_refuse(request, pk):
    hours = get_object_or_404(_managed(request), pk=pk)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            manual_hours.refuse(hours, by=request.user, note=form.cleaned_data["note"])
        except Refused as no:
            refuse(form, no)
        else:
            messages.success(request, _("The hours do not count. The person who wrote them is told why."))
            return redirect("work_manual_hours", hours.registration.workshop.slug)
    if request.method == "GET":
        audit.record_reading(hours.registration.user, "hours", by=request.user, purpose="hours by hand")
    workshop = hours.registration.workshop
    context = {"hours": hours, "workshop": workshop, "form": form}
    context["tabs"] = workshop_tabs(workshop, "work_attendance")
    return render(request, "workshops/workplace/manual_hours_refuse.html", context)


@require_POST
def work_manual_hours_take_back(request, pk):
    here = Registration.objects.filter(workshop__in=Workshop.objects.led_by(request.user))
    hours = get_object_or_404(_rows().filter(registration__in=here, entered_by=request.user), pk=pk)
    manual_hours.take_back(hours, by=request.user)
    messages.success(request, _("You have taken the hours back. They do not count."))
    return _back(request, hours)


def _rows():
    return ManualHours.objects.select_related(
        "registration__user", "registration__workshop__project", "entered_by", "decided_by"
    )


def _managed(request):
    return _rows().filter(registration__in=Registration.objects.managed_by(request.user))


def _back(request, hours: ManualHours):
    if request.POST.get("from") == "waiting":
        return redirect("work_manual_hours_waiting")
    return redirect("work_manual_hours", hours.registration.workshop.slug)


def _note_reading(request, page, *to_choose: Registration) -> None:
    if request.method == "GET":
        rows = [*(row.registration for row in page.object_list), *to_choose]
        people = {row.user_id: row.user for row in rows}
        audit.record_reading(list(people.values()), "hours", by=request.user, purpose="hours written by hand")
