"""Somebody stands at the door who has not registered: entered from the roll, on a phone."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.refusals import Refused
from workshops import walk_ins
from workshops.workplace.desk import led_sessions, workshop_tabs
from workshops.workplace.forms import refuse
from workshops.workplace.people_forms import WalkInForm


def work_walk_in(request, pk):
    session = get_object_or_404(led_sessions(request.user), pk=pk)
    form = WalkInForm(request.POST or None, initial={"language": request.LANGUAGE_CODE})
    if request.method == "POST" and form.is_valid():
        try:
            walk_ins.add(session, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            # The same words for whom we know and for whom we do not.
            messages.success(request, _("The person is on the roll and marked as present."))
            return redirect("work_roll", pk)
    workshop = session.workshop
    context = {
        "session": session,
        "workshop": workshop,
        "form": form,
        "is_full": workshop.registrations.taking_a_place().count() >= workshop.capacity,
        "is_open": timezone.localdate() >= timezone.localdate(session.start_at),
        "tabs": workshop_tabs(workshop, "work_attendance") if session.can_plan else [],
    }
    return render(request, "workshops/workplace/walk_in.html", context)
