"""People of a workshop: who asked, who has a place, who waits; adding somebody by hand.

Every page that shows people is noted as a reading of their records.
"""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import audit
from portal.models import User
from portal.names import name_key
from portal.refusals import Refused
from workshops import newcomers, registration
from workshops.models import Registration, Workshop
from workshops.workplace.desk import workshop_tabs
from workshops.workplace.forms import AddPersonForm, NewPersonForm, PersonSearch, refuse

State = Registration.State
FOUND_AT_MOST = 10


def work_people(request, slug):
    workshop = get_object_or_404(_managed(request), slug=slug)
    rows = list(workshop.registrations.select_related("user").order_by("queued_at", "confirmed_at", "id"))
    audit.record_reading([row.user for row in rows], "registration", by=request.user, purpose="planning")
    in_state = {state: [row for row in rows if row.state == state] for state in State}
    context = {
        "workshop": workshop,
        "tabs": workshop_tabs(workshop, "work_people"),
        "requested": sorted(in_state[State.REQUESTED], key=lambda row: (row.created_at, row.pk)),
        "confirmed": sorted(in_state[State.CONFIRMED], key=lambda row: row.user.name_key),
        "waiting": in_state[State.WAITLISTED],
        "gone": [row for row in rows if not row.is_standing],
        "is_full": len(in_state[State.CONFIRMED]) >= workshop.capacity,
    }
    return render(request, "workshops/workplace/people.html", context)


@require_POST
def work_approve(request, public_id):
    return _decide(request, public_id, registration.approve)


@require_POST
def work_decline(request, public_id):
    return _decide(request, public_id, registration.decline)


@require_POST
def work_revoke(request, public_id):
    return _decide(request, public_id, registration.revoke)


def _decide(request, public_id, verb):
    rows = Registration.objects.managed_by(request.user).select_related("workshop", "user")
    row = get_object_or_404(rows, public_id=public_id)
    try:
        row = verb(row, by=request.user)
    except Refused as no:
        messages.error(request, no)
    else:
        told = {
            State.CONFIRMED: _("%(person)s has a place now and is told."),
            State.WAITLISTED: _("No place is left: %(person)s is on the waiting list and is told."),
            State.DECLINED: _("%(person)s is told that there is no place."),
            State.REVOKED: _("The registration is taken back. %(person)s is told."),
        }
        messages.success(request, told[row.state] % {"person": row.user})
    return redirect("work_people", row.workshop.slug)


def work_people_add(request, slug):
    """Find somebody the network knows, and give her a place."""
    workshop = get_object_or_404(_managed(request), slug=slug)
    search = PersonSearch(request.GET or None)
    found = _find(search.cleaned_data["q"], workshop, by=request.user) if search.is_valid() else []
    form = AddPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = get_object_or_404(newcomers.known_people(), public_id=form.cleaned_data["person"])
        try:
            registration.add_by_hand(workshop, user, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as no:
            refuse(form, no)
        else:
            messages.success(request, _("%(person)s has a place now and is told.") % {"person": user})
            return redirect("work_people", slug)
    is_asked = search.is_bound and search.is_valid()
    context = _add_context(workshop) | {"search": search, "found": found, "form": form, "is_asked": is_asked}
    return render(request, "workshops/workplace/people_add.html", context)


def work_people_new(request, slug):
    """Somebody nobody knows yet: a name is enough, with an e-mail address she can sign in too."""
    workshop = get_object_or_404(_managed(request), slug=slug)
    form = NewPersonForm(request.POST or None, initial={"language": request.LANGUAGE_CODE})
    if request.method == "POST" and form.is_valid():
        try:
            row = newcomers.add_newcomer(workshop, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            messages.success(request, _("%(person)s has a place now.") % {"person": row.user})
            return redirect("work_people", slug)
    return render(request, "workshops/workplace/people_new.html", _add_context(workshop) | {"form": form})


def _managed(request):
    return Workshop.objects.managed_by(request.user).select_related("project")


def _add_context(workshop: Workshop) -> dict:
    is_full = workshop.registrations.taking_a_place().count() >= workshop.capacity
    return {"workshop": workshop, "tabs": workshop_tabs(workshop, "work_people"), "is_full": is_full}


def _find(words: str, workshop: Workshop, *, by: User) -> list[User]:
    """People by parts of their names in any script, or by the whole e-mail address; noted as a reading."""
    by_name = Q()
    for part in name_key(words).split():
        by_name &= Q(name_key__contains=part)
    people = newcomers.known_people().filter(by_name | Q(email=words.strip().lower()))
    here = workshop.registrations.confirmed().values("user")
    found = list(people.exclude(pk__in=here).order_by("name_key", "id")[:FOUND_AT_MOST])
    audit.record_reading(found, "name", by=by, purpose="adding to a workshop")
    return found
