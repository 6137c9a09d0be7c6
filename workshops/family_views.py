"""A parent's pages: her family, who of it comes to a workshop, and who cannot come after all."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from participants import consents
from portal.refusals import Refused
from workshops import families
from workshops.family_forms import ChildForm, WhoComesForm
from workshops.guards import AlreadyRegistered, why_not_cancel, why_not_register
from workshops.models import Registration, SeatOffer, Workshop
from workshops.prerequisites import DoesNotFit
from workshops.registration import PartyRefused
from workshops.views import find_workshop, invitation_of


def register_family(request: HttpRequest, slug: str) -> HttpResponse:
    """Who comes: I, I and my children, or only children. One button registers them together."""
    workshop = find_workshop(request.user, slug)
    if closed := _why_closed(request, workshop):
        messages.error(request, str(closed))
        return redirect("workshop", slug)
    form = _who_comes(request, workshop, is_sent=request.method == "POST")
    if form.is_bound and form.is_valid() and _register(request, workshop, form):
        return redirect("my_family")
    return _show_who_comes(request, workshop, form, ChildForm())


@require_POST
def child_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a child on the way to a workshop, and go on there."""
    workshop = find_workshop(request.user, slug)
    child_form = ChildForm(request.POST)
    if child_form.is_valid() and _add(request, child_form):
        return redirect("register_family", slug)
    return _show_who_comes(request, workshop, _who_comes(request, workshop, is_sent=False), child_form)


def _why_closed(request: HttpRequest, workshop: Workshop) -> Refused | None:
    if not workshop.takes_children or request.user.guardian_id:
        return families.NoChildrenHere()
    refusal = why_not_register(workshop, None, invitation=invitation_of(request, workshop))
    return None if isinstance(refusal, DoesNotFit) else refusal  # who fits is asked of each of them


def _who_comes(request: HttpRequest, workshop: Workshop, *, is_sent: bool) -> WhoComesForm:
    people = families.candidates(workshop, request.user)
    texts = consents.missing_for([someone.user for someone in people], get_language())
    data = request.POST if is_sent else None
    return WhoComesForm(data, workshop=workshop, user=request.user, candidates=people, texts=texts)


def _show_who_comes(
    request: HttpRequest, workshop: Workshop, form: WhoComesForm, child_form: ChildForm
) -> HttpResponse:
    context = {"workshop": workshop, "form": form, "child_form": child_form}
    return render(request, "workshops/register_family.html", context)


def _register(request: HttpRequest, workshop: Workshop, form: WhoComesForm) -> bool:
    try:
        rows = families.register(
            workshop,
            request.user,
            form.chosen(),
            told=form.told(),
            levels=form.levels(),
            texts=form.texts,
            invitation=invitation_of(request, workshop),
        )
    except PartyRefused as no:
        names = {person.pk: str(person) for person in form.chosen()}
        form.add_error("people", str(no))
        for pk, refusal in no.refusals.items():
            sentence = _("%(name)s: %(reason)s") % {"name": names[pk], "reason": refusal}
            form.add_error("people", sentence)
        return False
    except AlreadyRegistered:
        messages.info(request, _("All of them are registered already."))
        return True
    except Refused as no:
        form.refuse(no)
        return False
    done = {
        Registration.State.CONFIRMED: _("All of you have a place. We look forward to seeing you!"),
        Registration.State.REQUESTED: _("We have your request. The organiser will answer you."),
        Registration.State.WAITLISTED: _(
            "There are not enough free places. You are on the waiting list together."
        ),
    }
    messages.success(request, done[rows[0].state])
    return True


def my_family(request: HttpRequest) -> HttpResponse:
    """My children, what they are registered for, what they wait for, and their hours."""
    form = ChildForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _add(request, form):
        return redirect("my_family")
    return _show_family(request, form)


@require_POST
def child_remove(request: HttpRequest, public_id: UUID) -> HttpResponse:
    child = get_object_or_404(families.children_of(request.user), public_id=public_id)
    try:
        families.remove_child(child, by=request.user)
    except Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("%(name)s is removed.") % {"name": child})
    return redirect("my_family")


def family_cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """Who cannot come: one, some or all of us."""
    rows = families.registrations_of(request.user).standing().filter(workshop__slug=slug)
    rows = list(rows.with_rank().select_related("user", "workshop__project").order_by("id"))
    if not rows:
        raise Http404
    rows.sort(key=lambda row: row.user_id != request.user.pk)
    chosen = [row for row in rows if str(row.public_id) in request.POST.getlist("who")]
    error = ""
    if request.method == "POST" and not chosen:
        error = _("Please choose who cannot come.")
    elif request.method == "POST":
        try:
            families.cancel(chosen, by=request.user)
        except Refused as no:
            error = str(no)
        else:
            messages.success(request, _("You have cancelled. Thank you for telling us."))
            return redirect("my_family")
    items = [{"row": row, "refusal": why_not_cancel(row)} for row in rows]
    context = {
        "workshop": rows[0].workshop,
        "items": items,
        "chosen": chosen,
        "error": error,
        "is_possible": any(not item["refusal"] for item in items),
    }
    return render(request, "workshops/family_cancel.html", context)


def _add(request: HttpRequest, form: ChildForm) -> bool:
    try:
        child = families.add_child(request.user, by=request.user, **form.cleaned_data)
    except Refused as no:
        form.refuse(no)
        return False
    messages.success(request, _("%(name)s is added.") % {"name": child})
    return True


def _show_family(request: HttpRequest, form: ChildForm) -> HttpResponse:
    now = timezone.now()
    children = list(families.children_of(request.user))
    rows = (
        Registration.objects.filter(user__in=children)
        .with_rank()
        .annotate(minutes=Coalesce(Sum("attendances__minutes"), 0))
        .select_related("workshop__project")
        .prefetch_related("workshop__sessions")
        .order_by("created_at", "id")
    )
    rows = list(rows)
    parties = {row.party or row.pk for row in rows if row.state == Registration.State.OFFERED}
    offers = _offers(rows) if parties else {}
    shown = [
        {
            "child": child,
            "items": [
                _item(row, offers, now)
                for row in rows
                if row.user_id == child.pk and row.is_standing and row.workshop.sessions_ahead(now)
            ],
            "minutes": sum(row.minutes for row in rows if row.user_id == child.pk),
        }
        for child in children
    ]
    context = {"children": shown, "form": form, "is_child": bool(request.user.guardian_id)}
    return render(request, "workshops/my_family.html", context)


def _offers(rows: list[Registration]) -> dict:
    """Live offers, by the party or by the registration they are made to."""
    offered = [row for row in rows if row.state == Registration.State.OFFERED]
    parties = [row.party for row in offered if row.party]
    live = SeatOffer.objects.live().select_related("registration")
    alone = live.filter(registration__in=offered)
    together = live.filter(registration__party__in=parties) if parties else live.none()
    return {offer.registration.party or offer.registration_id: offer for offer in alone | together}


def _item(row: Registration, offers: dict, now) -> dict:
    ahead = row.workshop.sessions_ahead(now)
    return {
        "row": row,
        "workshop": row.workshop,
        "next": ahead[0],
        "meetings": len(ahead),
        "offer": offers.get(row.party or row.pk) if row.state == Registration.State.OFFERED else None,
        "refusal": why_not_cancel(row, now=now),
    }
