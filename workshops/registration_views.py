"""Registering, in at most three short steps, what is asked on the way, and giving a place back.

A newcomer says who she is, reads what has to be agreed to, and types the code from her e-mail; whoever is
known presses one button. What was typed is kept in the session until she is registered.
"""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control

from participants import consents
from portal import accounts
from portal.access import public
from portal.refusals import Refused
from workshops import answers, families, needs, registration
from workshops.forms import NeedsForm, RegistrationForm, WhoForm
from workshops.guards import AlreadyRegistered, JustCome, why_not_cancel, why_not_register
from workshops.models import PracticalNeed, Registration, Workshop
from workshops.prerequisites import Told
from workshops.views import INVITED, find_workshop, invitation_of

#: Of the session: who she said she is, and what she asked for and agreed to on the way to the code.
TYPED = "newcomer"
ASKED = "asked_to_register"
#: Seconds that it is kept for who does not go on.
TYPED_KEPT = 2 * 3600

#: What a newcomer typed stays in no cache: the next person may use the same computer.
typed_here = cache_control(no_store=True, private=True)

DONE = {
    Registration.State.CONFIRMED: _("You have a place. We look forward to seeing you!"),
    Registration.State.REQUESTED: _("We have your request. The organiser will answer you."),
    Registration.State.WAITLISTED: _("All places are taken. You are on the waiting list now."),
}


@public
@typed_here
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """Step 1 for a newcomer; for a person we know the one and only step."""
    workshop = find_workshop(request.user, slug)
    if request.user.is_authenticated:
        return _register_person(request, workshop)
    if refusal := why_not_register(workshop, None, invitation=invitation_of(request, workshop)):
        return _say(request, refusal, workshop)
    form = WhoForm(request.POST or None, initial=request.session.get(TYPED))
    if request.method == "POST" and form.is_valid():
        request.session[TYPED] = form.cleaned_data
        request.session.set_expiry(TYPED_KEPT)
        return redirect("register_consents", slug)
    return render(request, "workshops/register.html", {"workshop": workshop, "form": form, "step": 1})


@public
@typed_here
def register_consents(request: HttpRequest, slug: str) -> HttpResponse:
    """Step 2 of a newcomer: only what is needed. The place is hers once she has proved her address."""
    if request.user.is_authenticated or TYPED not in request.session:
        return redirect("register", slug)
    workshop = find_workshop(request.user, slug)
    texts = consents.current_texts(get_language(), required_only=True)
    form = RegistrationForm(
        request.POST or None, workshop=workshop, user=None, texts=texts, told=_told_before(request, slug)
    )
    if request.method == "POST" and form.is_valid():
        typed = request.session[TYPED]
        request.session[ASKED] = {
            "slug": slug,
            "email": typed["email"].lower(),
            "told": form.told().as_dict(),
            "texts": [text.pk for text in texts],
        }
        next_url = reverse("register_finish", args=[slug])
        try:
            return accounts.start_code_sign_in(request, **typed, language=get_language(), next_url=next_url)
        except accounts.TooManyCodes as no:
            form.add_error(None, str(no))
    return render(request, "workshops/register.html", {"workshop": workshop, "form": form, "step": 2})


def register_finish(request: HttpRequest, slug: str) -> HttpResponse:
    """The code was right: she, and nobody else in this browser, has asked for the place, and gets it now."""
    asked = request.session.pop(ASKED, None)
    request.session.pop(TYPED, None)
    if not asked or (asked["slug"], asked["email"]) != (slug, request.user.email):
        return redirect("register", slug)
    request.session.set_expiry(None)  # from now on it is the session of a person who is signed in
    workshop = find_workshop(request.user, slug)
    missing = consents.missing_required(request.user, get_language())
    try:
        row = answers.register(
            workshop,
            request.user,
            by=request.user,
            told=Told(**asked["told"]),
            texts=[text for text in missing if text.pk in asked["texts"]],
            invitation=invitation_of(request, workshop),
        )
    except Refused as no:
        return _say(request, no, workshop)
    messages.success(request, DONE[row.state])
    return redirect("workshop", slug)


@public
def workshop_invited(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """The link of an invitation: this browser may register from now on."""
    workshop = find_workshop(request.user, slug)
    if key == workshop.invitation_key:
        request.session[INVITED] = request.session.get(INVITED, {}) | {slug: str(key)}
    elif workshop.signup_mode == Workshop.SignupMode.BY_INVITATION:
        messages.error(
            request, _("This invitation is not valid any more. Please ask the organiser for a new link.")
        )
    return redirect("workshop", slug)


def my_needs(request: HttpRequest, slug: str) -> HttpResponse:
    """What she needs to be able to come: told later, or changed."""
    rows = Registration.objects.visible_to(request.user).standing()
    row = get_object_or_404(rows.select_related("workshop__project", "user"), workshop__slug=slug)
    told = PracticalNeed.objects.filter(registration=row).values().first()
    sent = request.POST if request.method == "POST" else None  # with nothing ticked it is empty
    form = NeedsForm(sent, workshop=row.workshop, initial=told)
    if request.method == "POST" and form.is_valid():
        try:
            needs.change(row, form.needs(), by=request.user)
        except Refused as no:
            return _say(request, no, row.workshop)
        messages.success(request, _("Thank you. Only the organiser sees it, as numbers without names."))
        return redirect("workshop", slug)
    context = {"workshop": row.workshop, "form": form, "kept_days": settings.NEEDS_KEPT_DAYS}
    return render(request, "workshops/my_needs.html", context)


def cancel_registration(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks once; one button gives the place back."""
    if families.has_children_in(request.user, slug):
        return redirect("family_cancel", slug)
    row = get_object_or_404(
        Registration.objects.visible_to(request.user).with_rank().select_related("workshop__project"),
        workshop__slug=slug,
    )
    if not row.is_standing:
        messages.info(request, _("This registration has already been cancelled."))
        return redirect("my_page")
    if request.method == "POST":
        try:
            registration.cancel(row, by=request.user)
        except Refused as no:
            return _say(request, no, row.workshop)
        messages.success(request, _("You have cancelled. Thank you for telling us."))
        return redirect("my_page")
    context = {"registration": row, "workshop": row.workshop, "refusal": why_not_cancel(row)}
    return render(request, "workshops/cancel_registration.html", context)


def _register_person(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    user, invitation = request.user, invitation_of(request, workshop)
    mine = workshop.registrations.filter(user=user).first()
    if mine and mine.is_standing:
        return _again(request, mine, workshop)
    texts = consents.missing_required(user, get_language())
    # The button of the workshop's own page brings no form: what has to be asked is shown first.
    is_sent = request.method == "POST" and "note" in request.POST
    form = RegistrationForm(request.POST if is_sent else None, workshop=workshop, user=user, texts=texts)
    if form.is_valid() if is_sent else (request.method == "POST" and form.is_short):
        told = form.told() if is_sent else Told()
        try:
            row = answers.register(workshop, user, by=user, told=told, texts=texts, invitation=invitation)
        except Refused as no:
            if not is_sent:
                return _say(request, no, workshop)
            form.refuse(no)
        else:
            messages.success(request, DONE[row.state])
            return redirect("workshop", workshop.slug)
    elif refusal := why_not_register(workshop, user, registration=mine, invitation=invitation):
        return _say(request, refusal, workshop)
    return render(request, "workshops/register.html", {"workshop": workshop, "form": form, "step": 0})


def _again(request: HttpRequest, mine: Registration, workshop: Workshop) -> HttpResponse:
    """She is in it already, and has told what was asked; who waits may get a place by it."""
    if request.method != "POST":
        return _say(request, AlreadyRegistered(mine), workshop)
    try:
        row = registration.register(workshop, request.user, by=request.user)
    except Refused as no:
        return _say(request, no, workshop)
    messages.success(request, DONE[row.state])
    return redirect("workshop", workshop.slug)


def _told_before(request: HttpRequest, slug: str) -> Told | None:
    asked = request.session.get(ASKED)
    return Told(**asked["told"]) if asked and asked["slug"] == slug else None


def _say(request: HttpRequest, refusal: Refused, workshop: Workshop) -> HttpResponse:
    level = messages.INFO if isinstance(refusal, AlreadyRegistered | JustCome) else messages.ERROR
    messages.add_message(request, level, str(refusal))
    return redirect("workshop", workshop.slug)
