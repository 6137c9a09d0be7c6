"""Workshops of a coordinator: the list, one of them, writing, publishing and cancelling it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.desk import desk_tabs
from portal.refusals import Refused
from projects.access import coordinator_required
from projects.models import LedgerEntry
from workshops import attendance, head_counts, planning, sheets
from workshops.models import Registration, Session, Workshop
from workshops.workplace.desk import workshop_tabs
from workshops.workplace.forms import ReasonForm, WorkshopFilter, WorkshopForm, refuse

A_PAGE = 20


@coordinator_required
def work_workshops(request):
    """The workshops of her projects; filter and page are in the address."""
    form = WorkshopFilter(request.GET, user=request.user)
    rows = form.chosen(_managed(request).plans())
    page = Paginator(_with_figures(rows), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "tabs": desk_tabs("work_workshops"),
        "form": form,
        "page_obj": page,
        "state_kinds": {"draft": "wait", "published": "good", "cancelled": "stop"},
    }
    return render(request, "workshops/workplace/workshops.html", context)


@coordinator_required
def work_workshop_new(request):
    form = WorkshopForm(request.POST or None, user=request.user, shown=request.POST.getlist("shown"))
    if request.method == "POST" and form.is_valid():
        facts = form.facts()
        try:
            workshop = planning.create_workshop(facts.pop("theme"), by=request.user, **facts)
        except Refused as no:
            refuse(form, no)
        else:
            messages.success(request, _("The draft is saved. Next: add the dates."))
            return redirect("work_sessions", workshop.slug)
    context = {"tabs": desk_tabs("work_workshops"), "form": form}
    return render(request, "workshops/workplace/workshop_new.html", context)


def work_workshop(request, slug):
    workshop = get_object_or_404(_with_figures(_managed(request)), slug=slug)
    held = LedgerEntry.objects.filter(
        activity=attendance.activity_of(workshop), measure=LedgerEntry.Measure.DELIVERED
    )
    is_draft = workshop.state == Workshop.State.DRAFT
    context = {
        "workshop": workshop,
        "tabs": workshop_tabs(workshop, "work_workshop"),
        "trainers": list(workshop.trainers.all()),
        "sessions": workshop.sessions.upcoming()[:5],
        "held_minutes": held.aggregate(sum=Sum("minutes"))["sum"] or 0,
        "missing": planning.what_is_missing(workshop) if is_draft else [],
        **_evidence(workshop),
    }
    return render(request, "workshops/workplace/workshop.html", context)


def _evidence(workshop) -> dict:
    """How much of the paper is there; of an open event, how many came. One query."""
    if workshop.signup_mode == Workshop.SignupMode.OPEN:
        return {"paper": None, "heads": head_counts.sums(workshop.sessions.all())}
    return {"paper": sheets.sums(sheets.with_paper(sheets.over(workshop.sessions.all()))), "heads": None}


def work_workshop_edit(request, slug):
    workshop = get_object_or_404(_managed(request), slug=slug)
    shown = request.POST.getlist("shown")
    form = WorkshopForm(request.POST or None, user=request.user, instance=workshop, shown=shown)
    if request.method == "POST" and form.is_valid():
        try:
            planning.edit_workshop(workshop, by=request.user, seen=form.cleaned_data["seen"], **form.facts())
        except planning.ChangedMeanwhile as no:
            form.show_changes_of_others(no)
        except Refused as no:
            refuse(form, no)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect("work_workshop", slug)
    context = {"workshop": workshop, "tabs": workshop_tabs(workshop, "work_workshop_edit"), "form": form}
    return render(request, "workshops/workplace/workshop_edit.html", context)


@require_POST
def work_publish(request, slug):
    workshop = get_object_or_404(_managed(request), slug=slug)
    try:
        planning.publish(workshop, by=request.user)
    except Refused as no:
        messages.error(request, no)
    else:
        messages.success(request, _("Everybody can see the workshop now."))
    return redirect("work_workshop", slug)


def work_workshop_cancel(request, slug):
    workshop = get_object_or_404(_with_figures(_managed(request)), slug=slug)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            planning.cancel_workshop(workshop, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as no:
            refuse(form, no)
        else:
            messages.success(request, _("The workshop is cancelled. Everybody in it is told."))
            return redirect("work_workshop", slug)
    context = {"workshop": workshop, "tabs": workshop_tabs(workshop, "work_workshop"), "form": form}
    return render(request, "workshops/workplace/workshop_cancel.html", context)


def _managed(request):
    return Workshop.objects.managed_by(request.user).select_related("project", "theme", "copied_from")


def _with_figures(workshops):
    """Counts of people and sessions, each annotated once."""
    requested = Q(registrations__state=Registration.State.REQUESTED)
    planned = Q(sessions__state=Session.State.PLANNED)
    return (
        workshops.with_free_seats()
        .with_next_session()
        .annotate(
            requested=Count("registrations", filter=requested, distinct=True),
            dates=Count("sessions", filter=planned, distinct=True),
            dates_over=Count(
                "sessions", filter=planned & Q(sessions__end_at__lte=timezone.now()), distinct=True
            ),
        )
    )
