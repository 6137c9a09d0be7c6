"""Forms of officials, assistants and coordinators. They check input; the verbs decide."""


import phonenumbers
from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from institutions.models import (
    AssistanceRequest,
    Institution,
    Unit,
)
from portal.clock import local
from portal.languages import SPOKEN_LANGUAGES
from portal.refusals import Refused

OTHER_LANGUAGES = [("", _("choose a language"))] + [pair for pair in SPOKEN_LANGUAGES if pair[0] != "pl"]


def refuse(form: forms.BaseForm, no: Refused) -> None:
    """Put a verb's refusal where the person looks for it."""
    form.add_error(no.field if no.field in form.fields else None, str(no))


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


class RequestForm(forms.ModelForm):
    """One page in three groups. Whatever is refused, nothing typed is lost."""

    start_on = DateField(label=_("Day"))
    starts = TimeField(label=_("From what time"))
    minutes = forms.IntegerField(
        label=_("How many minutes?"),
        initial=60,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 15, "max": 240, "step": 5}),
        help_text=_(
            "Everything is said twice, so plan twice the usual time. "
            "Over 60 minutes, plan a break. Over 120 minutes, we may send a second assistant."
        ),
    )
    contact_phone = PhoneField(
        label=_("Phone on the day"),
        required=False,
        help_text=_("Of your office, so that the assistant can call. Not the client's."),
    )
    is_checked = forms.BooleanField(
        label=_("I have looked again: these are not the client's numbers or addresses."), required=False
    )

    GROUPS = [
        (
            _("Whom do you need?"),
            [
                "institution",
                "unit",
                "language",
                "second_language",
                "dialect",
                "subject",
                "role",
                "gender_preference",
                "is_gender_required",
            ],
        ),
        (
            _("When and where?"),
            ["start_on", "starts", "minutes", "urgency", "mode", "town", "county", "address"],
        ),
        (_("For the day itself"), ["contact_name", "contact_phone", "briefing", "case_reference"]),
    ]
    NOT_FOR_SUBMIT = ("start_on", "starts", "institution", "is_checked", "minutes")

    class Meta:
        model = AssistanceRequest
        fields = [
            "institution",
            "unit",
            "language",
            "second_language",
            "dialect",
            "subject",
            "role",
            "gender_preference",
            "is_gender_required",
            "urgency",
            "mode",
            "town",
            "county",
            "address",
            "contact_name",
            "contact_phone",
            "briefing",
            "case_reference",
        ]
        labels = {
            "gender_preference": _("Should the assistant be a woman or a man?"),
            "is_gender_required": _("It must be so. Otherwise nobody should come."),
        }
        help_texts = {
            "role": _(
                "At the police and in court an assistant can only accompany; a sworn interpreter interprets."
            ),
            "address": _("Only the assistant who comes sees it."),
            "contact_name": _("Somebody of your office. Not the client."),
            "case_reference": _("Only you see it. No names, no PESEL."),
            "briefing": _(
                "Terms to prepare, how many people come. "
                "No names, no PESEL, no document numbers, no diagnosis."
            ),
        }
        widgets = {
            "role": forms.RadioSelect,
            "gender_preference": forms.RadioSelect,
            "urgency": forms.RadioSelect,
            "mode": forms.RadioSelect,
            "briefing": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args, institutions, **kwargs):
        super().__init__(*args, **kwargs)
        self.needs_check = "is_checked" in self.data
        self.fields["institution"].queryset = institutions
        self.fields["unit"].queryset = Unit.objects.filter(institution__in=institutions)
        self.fields["institution"].empty_label = None
        for name, model in (("institution", Institution), ("unit", Unit)):
            self.fields[name].label = capfirst(model._meta.verbose_name)
        self.fields["language"].choices = OTHER_LANGUAGES
        self.fields["second_language"].choices = [("", _("none")), *OTHER_LANGUAGES[1:]]
        if len(institutions) == 1:
            self.fields["institution"].required = False
            self.fields["institution"].widget = forms.HiddenInput()
            self.fields["institution"].initial = institutions[0]

    def clean(self):
        data = super().clean()
        data["institution"] = data.get("institution") or self.fields["institution"].initial
        if not data.get("institution"):
            self.add_error("institution", _("Please choose your institution."))
        return data

    def _post_clean(self):
        """The verb builds the row; there is nothing to check against the model yet."""

    @property
    def groups(self) -> list[tuple]:
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    def submission(self) -> dict:
        """Arguments of requests.submit."""
        data = self.cleaned_data
        fields = {name: value for name, value in data.items() if name not in self.NOT_FOR_SUBMIT}
        return fields | {
            "start_at": local(data["start_on"], data["starts"]),
            "minutes": data["minutes"],
            "is_checked": data["is_checked"],
        }

    def refuse(self, no: Refused) -> None:
        """A refusal beside its field; suspicious texts all at once, with a box to tick if that may help."""
        for field, sentence in getattr(no, "errors", {no.field: str(no)}).items():
            field = {"start_at": "start_on"}.get(field, field)
            self.add_error(field if field in self.fields else None, str(sentence))
        self.needs_check = self.needs_check or getattr(no, "is_final", None) is False


class ReasonForm(forms.Form):
    """Why it is called off. ``reasons`` are those the verb takes."""

    reason = forms.ChoiceField(label=_("Why?"), widget=forms.RadioSelect)

    def __init__(self, *args, reasons, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [(reason.value, reason.label) for reason in reasons]
