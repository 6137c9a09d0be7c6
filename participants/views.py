"""My profile: what the network knows of me, and what I agreed to."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from participants import consents
from participants import profile as profile_verbs
from participants.forms import ContactForm, LanguageForm, ParticipantForm, PersonForm
from participants.models import LanguageSkill, Participant
from portal.languages import remember_language
from portal.models import ContactPreference, User
from portal.refusals import Refused


def profile(request: HttpRequest) -> HttpResponse:
    person, participant, contact = forms = _forms(request)
    valid = [form.is_valid() for form in forms]  # all of them, so that every mistake is shown at once
    if request.method == "POST" and all(valid):
        profile_verbs.change(
            request.user,
            by=request.user,
            person=person.cleaned_data,
            participant=participant.cleaned_data,
            contact=contact.columns(),
        )
        language = person.cleaned_data["language"]
        with translation.override(language):
            messages.success(request, _("Your profile is saved."))
            response = redirect("profile")
        remember_language(response, language)
        return response
    return _show(request, *forms)


@require_POST
def profile_language(request: HttpRequest) -> HttpResponse:
    """Add or change a language that I speak."""
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return _show(request, *_forms(request, is_sent=False), language_form=form)
    given = form.cleaned_data
    profile_verbs.keep_language(
        request.user, given["language"], spoken=given["spoken"], written=given["written"], by=request.user
    )
    return redirect("profile")


@require_POST
def profile_language_remove(request: HttpRequest, pk: int) -> HttpResponse:
    skill = get_object_or_404(LanguageSkill.objects.filter(user=request.user), pk=pk)
    profile_verbs.remove_language(request.user, skill, by=request.user)
    return redirect("profile")


@require_POST
def profile_consent(request: HttpRequest, purpose: str) -> HttpResponse:
    """Give a consent, or take it back."""
    texts = {text.purpose: text for text in consents.current_texts(get_language())}
    if purpose not in texts:
        raise Http404
    try:
        if request.POST.get("answer") == "yes":
            consents.give(request.user, texts[purpose], by=request.user)
        else:
            consents.withdraw(request.user, purpose, by=request.user)
    except Refused as no:
        messages.error(request, str(no))
    return redirect("profile")


def _forms(request: HttpRequest, *, is_sent: bool | None = None):
    data = request.POST if (request.method == "POST" if is_sent is None else is_sent) else None
    # Copies: a form writes what was typed into its row, and the top of the page shows the person as she is.
    user = User.objects.get(pk=request.user.pk)
    participant = Participant.objects.filter(user=user).first() or Participant(user=user)
    contact = ContactPreference.objects.filter(user=user).first() or ContactPreference(user=user)
    return (
        PersonForm(data, instance=user),
        ParticipantForm(data, instance=participant),
        ContactForm(data, instance=contact),
    )


def _show(request: HttpRequest, person, participant, contact, *, language_form=None) -> HttpResponse:
    standing = consents.given(request.user)
    context = {
        "person": person,
        "participant": participant,
        "contact": contact,
        "language_form": language_form or LanguageForm(),
        "skills": LanguageSkill.objects.filter(user=request.user),
        "consents": [
            {"text": text, "event": standing.get(text.purpose)}
            for text in consents.current_texts(get_language())
        ],
    }
    return render(request, "participants/profile.html", context)
