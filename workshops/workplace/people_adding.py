"""Adding people by hand: whom the network knows, several together, or somebody new."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal import audit
from portal.models import User
from portal.names import name_key
from portal.refusals import Refused
from workshops import newcomers, registration
from workshops.models import Workshop
from workshops.workplace.desk import workshop_tabs
from workshops.workplace.forms import refuse
from workshops.workplace.people import managed
from workshops.workplace.people_forms import AddPeopleForm, ChosenForm, NewPersonForm, PersonSearch

FOUND_AT_MOST = 10


def work_people_add(request, slug):
    """Find people the network knows, choose one or several who come together, and give them places."""
    workshop = get_object_or_404(managed(request), slug=slug)
    search = PersonSearch(request.GET if "q" in request.GET else None)
    form = AddPeopleForm(request.POST or None)
    chosen = _chosen(request.POST if request.method == "POST" else request.GET)
    if request.method == "POST" and form.is_valid():
        if len(chosen) < len(form.cleaned_data["person"]):
            raise Http404
        if _give_places(request, workshop, form, chosen):
            return redirect("work_people", slug)
    is_asked = search.is_bound and search.is_valid()
    found = _find(search.cleaned_data["q"], workshop, by=request.user) if is_asked else []
    context = _add_context(workshop) | {
        "search": search,
        "found": [person for person in found if person not in chosen],
        "chosen": chosen,
        "chosen_ids": [str(person.public_id) for person in chosen],
        "form": form,
        "is_asked": is_asked,
        "q": request.GET.get("q", ""),
    }
    return render(request, "workshops/workplace/people_add.html", context)


def _give_places(request, workshop, form, chosen: list[User]) -> bool:
    reason = form.cleaned_data["reason"]
    try:
        if len(chosen) == 1:
            registration.add_by_hand(workshop, chosen[0], by=request.user, reason=reason)
        else:
            newcomers.add_together(workshop, chosen, by=request.user, reason=reason)
    except Refused as no:
        refuse(form, no)
        return False
    one = _("%(person)s has a place now and is told.") % {"person": chosen[0]}
    several = _("They have places now, together, and are told.")
    messages.success(request, one if len(chosen) == 1 else several)
    return True


def work_people_new(request, slug):
    """Somebody nobody knows yet: a name is enough, with an e-mail address she can sign in too."""
    workshop = get_object_or_404(managed(request), slug=slug)
    form = NewPersonForm(request.POST or None, initial={"language": request.LANGUAGE_CODE})
    if request.method == "POST" and form.is_valid():
        try:
            row = newcomers.add_newcomer(workshop, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            messages.success(request, _("%(person)s has a place now.") % {"person": row.user})
            # Without an address there is more to do: a card, and what was signed on paper.
            return redirect("work_people", slug) if row.user.email else redirect("work_person", row.public_id)
    return render(request, "workshops/workplace/people_new.html", _add_context(workshop) | {"form": form})


def _chosen(data) -> list[User]:
    """Those whom a coordinator may find, and their children; a child is added with whoever answers for it."""
    form = ChosenForm(data)
    form.full_clean()
    ids = form.cleaned_data["person"]
    known = newcomers.known_people()
    people = User.objects.filter(
        Q(pk__in=known.values("pk")) | Q(guardian__in=known.values("pk"), is_active=True)
    )
    found = {str(person.public_id): person for person in people.filter(public_id__in=ids)} if ids else {}
    return [found[number] for number in ids if number in found]


def _add_context(workshop: Workshop) -> dict:
    is_full = workshop.registrations.taking_a_place().count() >= workshop.capacity
    return {"workshop": workshop, "tabs": workshop_tabs(workshop, "work_people"), "is_full": is_full}


def _find(words: str, workshop: Workshop, *, by: User) -> list[User]:
    """People by parts of their names in any script, or by the whole e-mail address, and their children; noted
    as a reading."""
    by_name = Q()
    for part in name_key(words).split():
        by_name &= Q(name_key__contains=part)
    people = newcomers.known_people().filter(by_name | Q(email=words.strip().lower()))
    found = newcomers.with_children(list(people.order_by("name_key", "id")[:FOUND_AT_MOST]))
    here = set(workshop.registrations.confirmed().filter(user__in=found).values_list("user", flat=True))
    found = [person for person in found if person.pk not in here]
    audit.record_reading(found, "name", by=by, purpose="adding to a workshop")
    return found
