"""What a person may tell about herself. Only what we call her is required."""

import phonenumbers
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.models import LanguageSkill, Participant
from portal.languages import OWN_NAMES
from portal.models import ContactPreference, User


class PersonForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["call_me", "full_name", "name_original", "language", "phone"]
        widgets = {
            "call_me": forms.TextInput(attrs={"autocomplete": "nickname"}),
            "full_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "dir": "ltr"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["call_me"].required = True
        self.fields["phone"].max_length = None
        self.fields["phone"].validators = []
        self.fields["language"].label = _("In which language should we write to you?")
        self.fields["language"].choices = list(OWN_NAMES.items())

    def clean_phone(self) -> str:
        """E.164; without a country code it is a Polish number (domain.md D6)."""
        typed = self.cleaned_data["phone"]
        if not typed:
            return ""
        try:
            number = phonenumbers.parse(typed, "PL")
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_valid_number(number):
            raise forms.ValidationError(_("This is not a phone number. It looks like this: +48 500 100 200"))
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class ParticipantForm(forms.ModelForm):
    class Meta:
        model = Participant
        fields = ["town", "gender", "birth_year", "citizenship_group"]
        widgets = {"birth_year": forms.NumberInput(attrs={"inputmode": "numeric"})}

    def clean_birth_year(self) -> int | None:
        year = self.cleaned_data["birth_year"]
        if year and not 1900 <= year <= timezone.localdate().year:
            raise forms.ValidationError(_("Please write the year with four digits, for example 1990."))
        return year


class ContactForm(forms.ModelForm):
    no_reminders = forms.BooleanField(
        label=_("No reminders"),
        help_text=_("You still get the answers to your registrations, and news of changes."),
        required=False,
    )

    class Meta:
        model = ContactPreference
        fields = ["is_neutral", "has_shared_phone", "no_sms", "not_before", "not_after"]
        widgets = {
            "not_before": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "not_after": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["no_reminders"].initial = "reminder" in self.instance.muted_kinds

    def columns(self) -> dict:
        values = dict(self.cleaned_data)
        others = [kind for kind in self.instance.muted_kinds if kind != "reminder"]
        values["muted_kinds"] = [*others, "reminder"] if values.pop("no_reminders") else others
        return values


class LanguageForm(forms.ModelForm):
    class Meta:
        model = LanguageSkill
        fields = ["language", "spoken", "written"]
