"""Forms of officials, assistants and coordinators. They check input; the verbs decide."""

import unicodedata
from collections.abc import Callable, Iterable

import phonenumbers
from django import forms
from django.utils.translation import gettext_lazy as _

from institutions.spellings import InUse
from portal.languages import SPOKEN_LANGUAGES
from portal.refusals import Refused

OTHER_LANGUAGES = [("", _("choose a language"))] + [pair for pair in SPOKEN_LANGUAGES if pair[0] != "pl"]


def refuse(form: forms.BaseForm, no: Refused) -> None:
    """Put a verb's refusal where the person looks for it; of several texts each hears what is wrong with it.

    ``PLACES`` of a form: what the verb calls otherwise than the form does.
    """
    places = getattr(form, "PLACES", {})
    for field, sentence in getattr(no, "errors", {no.field: str(no)}).items():
        field = places.get(field, field)
        form.add_error(field if field in form.fields else None, str(sentence))
    if getattr(no, "is_final", None) is False:
        form.needs_check = True


class LookedAgain(forms.Form):
    """A text that was refused for what looks like the client can be let through after a second look."""

    is_checked = forms.BooleanField(
        label=_("I have looked again: this does not say who the client is."), required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.needs_check = self.add_prefix("is_checked") in self.data

    def visible_fields(self):
        """The box stands there only where something was refused."""
        return [field for field in super().visible_fields() if self.needs_check or field.name != "is_checked"]


class Suggested(forms.TextInput):
    """A text for which the browser offers what is in use; anything else can be written too.

    ``words`` is asked when the form is shown: each word and what stands beside it.
    """

    template_name = "forms/suggested.html"

    def __init__(self, words: Callable[[], Iterable[tuple[str, str]]], attrs=None):
        super().__init__(attrs)
        self.words = words

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget["words"] = list(self.words())
        if widget["words"]:
            widget["attrs"]["list"] = f"{widget['attrs'].get('id', name)}_words"
        return context


def suggest_places(form: forms.BaseForm, in_use: InUse, *, town: str = "town", county: str = "") -> None:
    """Towns and counties as they are called in the network, in letters that all rules can compare."""
    for name, words in ((town, lambda: in_use.towns), (county, lambda: in_use.counties)):
        if name in form.fields:
            _suggest(form.fields[name], lambda words=words: [(word, "") for word in words()])
            form.fields[name].validators.append(refuse_other_letters)


def suggest_varieties(form: forms.BaseForm, in_use: InUse) -> None:
    _suggest(form.fields["dialect"], lambda: in_use.varieties_with_languages)


def _suggest(field: forms.Field, words: Callable[[], Iterable[tuple[str, str]]]) -> None:
    field.widget = Suggested(words, attrs=field.widget.attrs)
    field.widget.is_required = field.required


def refuse_other_letters(text: str) -> None:
    """Of a town in Cyrillic or Arabic letters nobody knows for sure whether it is that of a request."""
    if any(sign.isalpha() and not unicodedata.name(sign, "").startswith("LATIN") for sign in text):
        raise forms.ValidationError(_("Please write it in Latin letters, as on a Polish map: Toruń."))


class DateField(forms.DateField):
    """A day near our time: with any other one nothing could be reckoned."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value):
        day = super().to_python(value)
        if day is not None and not 1900 <= day.year < 2200:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class TimeField(forms.TimeField):
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class PhoneField(forms.CharField):
    """Stored as +48500100200, however it is typed; without a country code it is Polish."""

    def __init__(self, **kwargs):
        attributes = {"type": "tel", "autocomplete": "tel", "inputmode": "tel"}
        super().__init__(**{"max_length": 30, "widget": forms.TextInput(attributes)} | kwargs)

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return ""
        try:
            number = phonenumbers.parse(value, "PL")
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_valid_number(number):
            raise forms.ValidationError(_("This is not a phone number. Example: +48 500 100 200."))
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class ReasonForm(forms.Form):
    """Why it is called off. ``reasons`` are those the verb takes."""

    reason = forms.ChoiceField(label=_("Why?"), widget=forms.RadioSelect)

    def __init__(self, *args, reasons, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [(reason.value, reason.label) for reason in reasons]
