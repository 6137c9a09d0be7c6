"""Forms of officials, assistants and coordinators. They check input; the verbs decide."""

import phonenumbers
from django import forms
from django.utils.translation import gettext_lazy as _

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


class DateField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


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
