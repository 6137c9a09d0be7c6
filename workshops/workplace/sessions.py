"""Dates of a workshop: adding one or a row with a preview; moving, changing and cancelling one or a row."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.refusals import Refused
from workshops import planning, series
from workshops.models import Workshop
from workshops.workplace.desk import planned_sessions, workshop_tabs
from workshops.workplace.forms import refuse
from workshops.workplace.session_forms import CancelForm, MoveForm, SessionForm, TopicForm, WeeklyForm


def work_sessions(request, slug):
    """All dates, and two forms below: one date, or a row of them (first shown, then added)."""
    workshop = get_object_or_404(
        Workshop.objects.managed_by(request.user).select_related("project"), slug=slug
    )
    action = request.POST.get("action", "")
    single = SessionForm(request.POST if action == "single" else None, prefix="single")
    weekly = WeeklyForm(request.POST if action in ("preview", "weekly") else None, prefix="weekly")
    preview = weekly.preview() if action == "preview" else None
    is_done = (action == "single" and _add_single(request, workshop, single)) or (
        action == "weekly" and _add_weekly(request, workshop, weekly)
    )
    if is_done:
        return redirect("work_sessions", slug)
    context = {
        "workshop": workshop,
        "tabs": workshop_tabs(workshop, "work_sessions"),
        "sessions": workshop.sessions.order_by("start_at", "id"),
        "now": timezone.now(),
        "single": single,
        "weekly": weekly,
        "preview": preview,
    }
    return render(request, "workshops/workplace/sessions.html", context)


def _add_single(request, workshop, form) -> bool:
    if not form.is_valid():
        return False
    try:
        planning.add_session(workshop, by=request.user, **form.times())
    except Refused as no:
        refuse(form, no)
        return False
    messages.success(request, _("The date is added."))
    return True


def _add_weekly(request, workshop, form) -> bool:
    if not form.is_valid():
        return False
    try:
        sessions, skipped = series.add(workshop, by=request.user, **form.cleaned_data)
    except Refused as no:
        refuse(form, no)
        return False
    told = ngettext("%(number)d date is added.", "%(number)d dates are added.", len(sessions))
    messages.success(request, told % {"number": len(sessions)})
    if skipped:
        told = ngettext(
            "%(number)d public holiday is left out.", "%(number)d public holidays are left out.", len(skipped)
        )
        messages.info(request, told % {"number": len(skipped)})
    return True


def work_session_move(request, pk):
    """A row is shown with its new times first, and moved when that is agreed to."""
    session = get_object_or_404(planned_sessions(request.user), pk=pk)
    form = MoveForm(request.POST or None, session=session)
    preview = None
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["scope"] != series.Scope.ONLY and request.POST.get("action") != "agreed":
            preview = form.preview()
        elif _done(form, series.move, session, by=request.user, **form.plan()):
            messages.success(request, _("It is moved. Everybody in the workshop is told."))
            return redirect("work_sessions", session.workshop.slug)
    return _page(request, session, form, "session_move", preview=preview)


def work_session_edit(request, pk):
    session = get_object_or_404(planned_sessions(request.user), pk=pk)
    form = TopicForm(request.POST or None, session=session)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        facts = {"topics": form.topics(), "break_minutes": data["break_minutes"], "scope": data["scope"]}
        if _done(form, series.edit, session, by=request.user, **facts):
            messages.success(request, _("The changes are saved."))
            return redirect("work_sessions", session.workshop.slug)
    return _page(request, session, form, "session_edit")


def work_session_cancel(request, pk):
    session = get_object_or_404(planned_sessions(request.user), pk=pk)
    form = CancelForm(request.POST or None, session=session)
    preview = None
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["scope"] != series.Scope.ONLY and request.POST.get("action") != "agreed":
            preview = form.preview()
        elif _done(form, series.cancel, session, by=request.user, **form.cleaned_data):
            messages.success(request, _("It is cancelled."))
            return redirect("work_sessions", session.workshop.slug)
    return _page(request, session, form, "session_cancel", preview=preview)


def _done(form, verb, session, **facts) -> bool:
    try:
        verb(session, **facts)
    except Refused as no:
        refuse(form, no)
        return False
    return True


def _page(request, session, form, name, *, preview=None):
    context = {
        "session": session,
        "workshop": session.workshop,
        "tabs": workshop_tabs(session.workshop, "work_sessions"),
        "form": form,
        "preview": preview,
        "is_over": session.end_at <= timezone.now(),
    }
    return render(request, f"workshops/workplace/{name}.html", context)
