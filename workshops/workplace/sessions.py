"""Dates of a workshop: adding one or a weekly row with a preview, moving, changing and cancelling one."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.refusals import Refused
from workshops import planning
from workshops.models import Workshop
from workshops.workplace.desk import planned_sessions, workshop_tabs
from workshops.workplace.forms import OptionalReasonForm, refuse
from workshops.workplace.session_forms import MoveForm, SessionForm, TopicForm, WeeklyForm


def work_sessions(request, slug):
    """All dates, and two forms below: one date, or a row of weekly ones (first shown, then added)."""
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
        sessions, skipped = planning.add_weekly_sessions(workshop, by=request.user, **form.cleaned_data)
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
    session = get_object_or_404(planned_sessions(request.user), pk=pk)
    form = MoveForm(request.POST or None, session=session)
    if request.method == "POST" and form.is_valid():
        try:
            planning.move_session(session, by=request.user, **form.times())
        except Refused as no:
            refuse(form, no)
        else:
            messages.success(request, _("The meeting is moved. Everybody in the workshop is told."))
            return redirect("work_sessions", session.workshop.slug)
    return _page(request, session, form, "session_move")


def work_session_edit(request, pk):
    session = get_object_or_404(planned_sessions(request.user), pk=pk)
    form = TopicForm(request.POST or None, session=session)
    if request.method == "POST" and form.is_valid():
        try:
            planning.edit_session(
                session,
                by=request.user,
                topics=form.topics(),
                break_minutes=form.cleaned_data["break_minutes"],
            )
        except Refused as no:
            refuse(form, no)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect("work_sessions", session.workshop.slug)
    return _page(request, session, form, "session_edit")


def work_session_cancel(request, pk):
    session = get_object_or_404(planned_sessions(request.user), pk=pk)
    form = OptionalReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            planning.cancel_session(session, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as no:
            refuse(form, no)
        else:
            messages.success(request, _("The meeting is cancelled."))
            return redirect("work_sessions", session.workshop.slug)
    return _page(request, session, form, "session_cancel")


def _page(request, session, form, name):
    context = {
        "session": session,
        "workshop": session.workshop,
        "tabs": workshop_tabs(session.workshop, "work_sessions"),
        "form": form,
        "is_over": session.end_at <= timezone.now(),
    }
    return render(request, f"workshops/workplace/{name}.html", context)
