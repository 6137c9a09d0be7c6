"""Coming in by a printed card: the code is shown and sent, and what one can do then."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from portal import cards
from portal.access import public
from portal.languages import address_in, remember_language
from portal.refusals import Refused


class CardForm(forms.Form):
    code = forms.CharField(
        label=_("Code on the card"),
        help_text=_("Twelve letters and digits. Large or small letters, it is the same."),
        max_length=40,
        error_messages={"required": _("Please type the code that stands on your card.")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "dir": "ltr",
            }
        ),
    )


@public
@never_cache
def card(request: HttpRequest, code: str = "") -> HttpResponse:
    """Whoever opens the link of a card sees a button; only the button uses the card up."""
    form = CardForm(request.POST or None, initial={"code": code})
    if request.method == "POST" and form.is_valid():
        try:
            user = cards.enter(request, form.cleaned_data["code"])
        except Refused as no:
            form.add_error(no.field, str(no))
        else:
            response = redirect("card_welcome")
            response["Location"] = address_in(user.language, response["Location"])
            remember_language(response, user.language)
            return response
    return render(request, "portal/card.html", {"form": form, "is_from_link": bool(code)})


def card_welcome(request: HttpRequest) -> HttpResponse:
    """She is in: she gives an e-mail address to come back by herself, or just looks at her page."""
    return render(request, "portal/card_welcome.html", {"ends_at": cards.ends_at(request)})
