"""The roll of a session, on a phone, and the attendance of a whole workshop. For trainers too."""

from django.contrib import messages
from django.db.models import BooleanField, Case, F, Q, When
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import audit, kept_on_device
from portal.refusals import Refused
from workshops import attendance, hours
from workshops.attendance import RollRefused
from workshops.models import Attendance, AttendanceCorrection, Registration
from workshops.workplace import roll_marks
from workshops.workplace.desk import led_sessions, led_workshops, workshop_tabs
from workshops.workplace.roll_form import RollForm, other_name


def work_roll(request, pk):
    session = get_object_or_404(led_sessions(request.user), pk=pk)
    people = list(_people(session))
    known = {row.registration_id: row for row in session.attendances.all()}
    check_ins = {row.registration_id: row for row in session.check_ins.all()}
    form = RollForm(
        request.POST or None, session=session, registrations=people, known=known, check_ins=check_ins
    )
    if request.method == "POST" and form.is_valid() and _call(request, session, form):
        return redirect("work_roll", pk)
    if request.method == "GET":
        audit.record_reading([row.user for row in people], "name", by=request.user, purpose="roll-call")
    response = render(request, "workshops/workplace/roll.html", _shown(request, session, form))
    if session.state == session.State.PLANNED and roll_marks.is_open(session):
        kept_on_device.keep(response, request.user)
    return response


def _shown(request, session, form) -> dict:
    rows = form.rows()
    return {
        "session": session,
        "workshop": session.workshop,
        "form": form,
        "expected": [row for row in rows if row.is_expected],
        "others": [row for row in rows if not row.is_expected],
        "choices": _choices(),
        "unknown": sum(row.is_expected and not row.known for row in rows),
        "usual": attendance.usual_minutes(session, Attendance.Mark.LATE),
        "is_open": roll_marks.is_open(session),
        "for_phone": roll_marks.for_phone(request, session, form.known),
        "tabs": workshop_tabs(session.workshop, "work_attendance") if session.can_plan else [],
    }


def _call(request, session, form) -> bool:
    entries = form.entries(others_present=request.POST.get("action") == "others_present")
    try:
        changed = attendance.call_roll(session, entries, by=request.user)
    except RollRefused as no:
        form.refuse(no)
        return False
    except Refused as no:
        form.add_error(None, str(no))
        return False
    told = ngettext("%(number)d mark is saved.", "%(number)d marks are saved.", changed)
    messages.success(request, told % {"number": changed})
    return True


def _people(session):
    """Those with a place, the expected ones first; then who got it later or has given it back since."""
    expected = Q(state=Registration.State.CONFIRMED, confirmed_at__lt=session.end_at)
    return (
        session.workshop.registrations.filter(confirmed_at__isnull=False)
        .annotate(is_expected=Case(When(expected, then=True), default=False, output_field=BooleanField()))
        .select_related("user")
        .order_by("user__name_key", "id")
    )


def _choices() -> list[tuple]:
    """Unknown comes last: it is a state of its own, and the one to leave."""
    marks = [(value, label) for value, label in Attendance.Mark.choices if value != Attendance.Mark.UNKNOWN]
    return [*marks, (Attendance.Mark.UNKNOWN, _("unknown"))]


def work_attendance(request, slug):
    """Everybody in every meeting, at a glance, and every correction with its reason."""
    workshop = get_object_or_404(led_workshops(request.user), slug=slug)
    sessions = list(workshop.sessions.planned().order_by("start_at", "id"))
    came = Q(confirmed_at__isnull=False)
    rows = hours.with_minutes(workshop.registrations.filter(came)).select_related("user")
    people = list(rows.order_by("user__name_key", "id"))
    for row in people:
        row.workshop = workshop
    marks = {
        (row.registration_id, row.session_id): row
        for row in Attendance.objects.filter(session__workshop=workshop)
    }
    standings = hours.standings_from(people, sessions, marks.values())
    audit.record_reading([row.user for row in people], "attendance", by=request.user, purpose="attendance")
    context = {
        "workshop": workshop,
        "tabs": workshop_tabs(workshop, "work_attendance") if workshop.can_plan else [],
        "sessions": sessions,
        "rows": [line for row in people if (line := _line(row, sessions, marks, standings))["is_shown"]],
        "corrections": _corrections(workshop) if workshop.can_plan else [],
        "today": timezone.localdate(),
    }
    return render(request, "workshops/workplace/attendance.html", context)


def _line(registration, sessions, marks, standings) -> dict:
    """One person's marks; an empty cell where she was not expected or it has not begun."""
    now = timezone.now()
    has_place = registration.state == Registration.State.CONFIRMED
    cells = []
    for session in sessions:
        row = marks.get((registration.pk, session.pk))
        expected = has_place and registration.confirmed_at < session.end_at and session.start_at < now
        mark = row.mark if row else Attendance.Mark.UNKNOWN if expected else ""
        cells.append({"mark": mark, "minutes": row.minutes if row else 0})
    return {
        "registration": registration,
        "other_name": other_name(registration.user),
        "cells": cells,
        "minutes": registration.minutes,
        "standing": standings[registration.pk],
        # Who gave the place back before the first meeting has nothing to show.
        "is_shown": has_place or any(cell["mark"] for cell in cells),
    }


def _corrections(workshop):
    return (
        AttendanceCorrection.objects.filter(attendance__session__workshop=workshop)
        .select_related("by", "attendance__session", "attendance__registration__user")
        .annotate(at_session=F("attendance__session__start_at"))
        .order_by("-at", "-id")[:50]
    )
