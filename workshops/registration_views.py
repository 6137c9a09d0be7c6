"""Registering, in at most three short steps, and giving a place back.

A newcomer says who she is, reads what has to be agreed to, and types the code from her e-mail; whoever is
known presses one button. What was typed is kept in the session until she is registered.
"""

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
from workshops import registration
from workshops.forms import RegistrationForm, WhoForm
from workshops.guards import AlreadyRegistered, why_not_cancel, why_not_register
from workshops.models import Registration, Workshop
from workshops.views import find_workshop

#: Of the session: who she said she is, and what she asked for and agreed to on the way to the code.
TYPED = "newcomer"
ASKED = "asked_to_register"

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
    if refusal := why_not_register(workshop, None):
        return _say(request, refusal, workshop)
    form = WhoForm(request.POST or None, initial=request.session.get(TYPED))
    if request.method == "POST" and form.is_valid():
        request.session[TYPED] = form.cleaned_data
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
    form = RegistrationForm(request.POST or None, texts=texts)
    if request.method == "POST" and form.is_valid():
        typed = request.session[TYPED]
        request.session[ASKED] = {
            "slug": slug,
            "email": typed["email"].lower(),
            "note": form.cleaned_data["note"],
            "texts": [text.pk for text in texts],
        }
        try:
            return accounts.start_code_sign_in(
                request,
                **typed,
                language=get_language(),
                next_url=reverse("register_finish", args=[slug]),
            )
        except accounts.TooManyCodes as no:
            form.add_error(None, str(no))
    return render(request, "workshops/register.html", {"workshop": workshop, "form": form, "step": 2})


def register_finish(request: HttpRequest, slug: str) -> HttpResponse:
    """The code was right: she, and nobody else in this browser, has asked for the place, and gets it now."""
    asked = request.session.pop(ASKED, None)
    request.session.pop(TYPED, None)
    if not asked or (asked["slug"], asked["email"]) != (slug, request.user.email):
        return redirect("register", slug)
    workshop = find_workshop(request.user, slug)
    for text in consents.missing_required(request.user, get_language()):
        if text.pk in asked["texts"]:
            consents.give(request.user, text, by=request.user)
    try:
        row = registration.register(workshop, request.user, by=request.user, note=asked["note"])
    except Refused as no:
        return _say(request, no, workshop)
    messages.success(request, DONE[row.state])
    return redirect("workshop", slug)


def cancel_registration(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks once; one button gives the place back."""
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
    texts = consents.missing_required(request.user, get_language())
    # The button of the workshop's own page brings no form: what has to be agreed to is shown first.
    is_sent = request.method == "POST" and (not texts or "note" in request.POST)
    form = RegistrationForm(request.POST if is_sent else None, texts=texts)
    if is_sent and form.is_valid():
        try:
            for text in texts:
                consents.give(request.user, text, by=request.user)
            row = registration.register(
                workshop, request.user, by=request.user, note=form.cleaned_data["note"]
            )
        except AlreadyRegistered as no:
            return _say(request, no, workshop)
        except Refused as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, DONE[row.state])
            return redirect("workshop", workshop.slug)
    elif refusal := why_not_register(workshop, request.user, registration=_mine(request.user, workshop)):
        return _say(request, refusal, workshop)
    return render(request, "workshops/register.html", {"workshop": workshop, "form": form, "step": 0})


def _mine(user, workshop: Workshop) -> Registration | None:
    return workshop.registrations.filter(user=user).first()


def _say(request: HttpRequest, refusal: Refused, workshop: Workshop) -> HttpResponse:
    level = messages.INFO if isinstance(refusal, AlreadyRegistered) else messages.ERROR
    messages.add_message(request, level, str(refusal))
    return redirect("workshop", workshop.slug)
