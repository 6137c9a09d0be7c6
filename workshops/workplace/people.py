"""People of a workshop: who asked, who has a place, who is offered one, who waits; deciding about them.

Every page that shows people is noted as a reading of their records.
"""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import audit
from portal.refusals import Refused
from workshops import newcomers, placement, registration
from workshops.models import Registration, SeatOffer, Workshop
from workshops.workplace.desk import workshop_tabs
from workshops.workplace.people_forms import ChosenForm

State = Registration.State


def managed(request):
    return Workshop.objects.managed_by(request.user).select_related("project")


def work_people(request, slug):
    workshop = get_object_or_404(managed(request), slug=slug)
    rows = list(
        workshop.registrations.select_related("user__guardian").order_by("queued_at", "confirmed_at", "id")
    )
    people = [row.user for row in rows]
    # Beside a child stand the name and the address of who answers for it.
    seen = {person.pk: person for person in (*people, *(user.guardian for user in people if user.guardian))}
    audit.record_reading(list(seen.values()), "registration", by=request.user, purpose="planning")
    _attach_parties(rows)
    _attach_offers(workshop, rows)
    if _has_levels(workshop):
        placement.attach(rows)
    in_state = {state: [row for row in rows if row.state == state] for state in State}
    taken = len(in_state[State.CONFIRMED]) + len(in_state[State.OFFERED])
    context = {
        "workshop": workshop,
        "tabs": workshop_tabs(workshop, "work_people"),
        "requested": _together(in_state[State.REQUESTED], key=lambda row: (row.created_at, row.pk)),
        "offered": _together(in_state[State.OFFERED], key=lambda row: (row.queued_at, row.pk)),
        "confirmed": _together(in_state[State.CONFIRMED], key=lambda row: (row.user.name_key, row.pk)),
        "waiting": sorted(in_state[State.WAITLISTED], key=lambda row: (-row.priority, row.queued_at, row.pk)),
        "gone": [row for row in rows if not row.is_standing],
        "has_levels": _has_levels(workshop),
        "taken": taken,
        "is_full": taken >= workshop.capacity,
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
            State.OFFERED: _("%(person)s is offered a place and is told."),
            State.WAITLISTED: _("No place is left: %(person)s is on the waiting list and is told."),
            State.DECLINED: _("%(person)s is told that there is no place."),
            State.REVOKED: _("The registration is taken back. %(person)s is told."),
        }
        messages.success(request, told[row.state] % {"person": row.user})
    return redirect("work_people", row.workshop.slug)


@require_POST
def work_people_join(request, slug):
    """People who registered each by herself come together, and are accepted together from now on."""
    workshop = get_object_or_404(managed(request), slug=slug)
    form = ChosenForm(request.POST)
    form.full_clean()
    rows = list(workshop.registrations.filter(public_id__in=form.cleaned_data["person"]))
    try:
        if len(rows) < 2:
            raise newcomers.TooFew
        newcomers.join(workshop, rows, by=request.user)
    except Refused as no:
        messages.error(request, no)
    else:
        messages.success(request, _("They come together now: all of them are accepted, or nobody."))
    return redirect("work_people", slug)


def _attach_parties(rows: list[Registration]) -> None:
    """Each row's ``others``: with whom she came, as far as they stand as she does."""
    parties: dict = {}
    for row in rows:
        if row.party and row.is_standing:
            parties.setdefault((row.party, row.state), []).append(row)
    for row in rows:
        row.others = [other for other in parties.get((row.party, row.state), []) if other.pk != row.pk]


def _attach_offers(workshop: Workshop, rows: list[Registration]) -> None:
    """Each offered row's ``offer``, hers or that of the people she came with."""
    live = SeatOffer.objects.live().filter(registration__workshop=workshop).select_related("registration")
    offers = {offer.registration.party or offer.registration_id: offer for offer in live}
    for row in rows:
        row.offer = offers.get(row.party or row.pk) if row.state == State.OFFERED else None


def _together(rows: list[Registration], *, key) -> list[Registration]:
    """In their order, and who came together one after another."""
    first: dict = {}
    for row in sorted(rows, key=key):
        first.setdefault(row.party or row.pk, key(row))
    return sorted(rows, key=lambda row: (first[row.party or row.pk], str(row.party or ""), key(row)))


def _has_levels(workshop: Workshop) -> bool:
    return bool(workshop.min_level or workshop.max_level or workshop.needs_placement)
