"""Calls to make: about whom, why, at what number and hour; and how the call went.

The number is on the page of one call only, and opening it is noted as a reading of her record.
"""

from dataclasses import dataclass
from datetime import time

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal import audit
from portal.desk import desk_tabs
from portal.models import User
from portal.refusals import Refused
from projects.access import coordinator_required
from workshops import hours, staying
from workshops.models import AbsenceReason, CallTask, Registration
from workshops.workplace.desk import workshop_tabs
from workshops.workplace.forms import refuse
from workshops.workplace.staying_forms import OutcomeForm

A_PAGE = 20


@dataclass(frozen=True)
class Contact:
    """Whom to call: her, or who answers for her; by the rules of safe contact of the one who is called."""

    person: User
    is_guardian: bool
    phone: str
    has_shared_phone: bool
    not_before: time | None
    not_after: time | None


@coordinator_required
def work_calls(request):
    said = AbsenceReason.objects.filter(registration=OuterRef("registration")).order_by("-at", "-id")
    tasks = staying.calls_for(request.user).annotate(said=Subquery(said.values("reason")[:1]))
    tasks = tasks.select_related("registration__user", "registration__workshop")
    page = Paginator(tasks, A_PAGE).get_page(request.GET.get("page"))
    rows = [task.registration for task in page.object_list]
    standings, labels = hours.standings_of(rows), dict(AbsenceReason.Reason.choices)
    if request.method == "GET":
        audit.record_reading([row.user for row in rows], "name", by=request.user, purpose="calls to make")
    lines = [
        {"task": task, "standing": standings[task.registration_id], "said": labels.get(task.said)}
        for task in page.object_list
    ]
    context = {"tabs": desk_tabs("work_calls"), "page_obj": page, "lines": lines}
    return render(request, "workshops/workplace/calls.html", context)


def work_call(request, pk):
    tasks = CallTask.objects.filter(registration__in=Registration.objects.managed_by(request.user))
    related = ("registration__user__contact_preference", "registration__workshop__project", "session")
    task = get_object_or_404(tasks.select_related(*related), pk=pk)
    form = OutcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            staying.finish_call(task, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            messages.success(request, _("It is written down. Thank you for calling."))
            return redirect("work_calls")
    row = task.registration
    contact = _contact(row.user)
    if request.method == "GET":
        seen = {person.pk: person for person in (row.user, contact.person)}
        audit.record_reading(list(seen.values()), "phone", by=request.user, purpose="call")
    context = {
        "task": task,
        "workshop": row.workshop,
        "tabs": workshop_tabs(row.workshop, "work_radar"),
        "standing": hours.standing(row),
        "said": row.absence_reasons.first(),
        "contact": contact,
        "form": form,
    }
    return render(request, "workshops/workplace/call.html", context)


def _contact(user: User) -> Contact:
    person = user.guardian or user
    rules = getattr(person, "contact_preference", None)
    is_shared = bool(rules and rules.has_shared_phone)
    return Contact(
        person=person,
        is_guardian=person != user,
        phone="" if is_shared else person.phone,
        has_shared_phone=is_shared,
        not_before=rules.not_before if rules else None,
        not_after=rules.not_after if rules else None,
    )
