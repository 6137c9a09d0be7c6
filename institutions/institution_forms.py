"""Forms around an institution: its data, its agreements, its units, its officials."""

from django import forms
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from institutions.forms import DateField, PhoneField, suggest_places
from institutions.models import Agreement, Institution, Official, Unit
from institutions.spellings import InUse
from institutions.work_forms import PersonForm
from portal.languages import OWN_NAMES, SPOKEN_LANGUAGES
from portal.names import is_same_name, name_key

OTHER_NAMES = [f"name_{code}" for code in OWN_NAMES if code != "pl"]


class NamesForm(forms.ModelForm):
    """What has a name in Polish, and other names only where it has some."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name_pl"].required = True
        for code, own_name in OWN_NAMES.items():
            if code != "pl":
                self.fields[f"name_{code}"].label = own_name
                self.fields[f"name_{code}"].required = False

    @property
    def main_fields(self) -> list:
        return [field for field in self if field.name not in OTHER_NAMES]

    @property
    def folded_fields(self) -> list:
        return []

    @property
    def other_names(self) -> list:
        return [self[name] for name in OTHER_NAMES]


class InstitutionFactsForm(NamesForm):
    """What its own administrator may change."""

    languages_met = forms.MultipleChoiceField(
        label=_("Languages that people speak here"),
        choices=[pair for pair in SPOKEN_LANGUAGES if pair[0] != "pl"],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Of those who come and speak little Polish."),
    )

    website = forms.URLField(
        label=_("Website"),
        required=False,
        assume_scheme="https",
        max_length=200,
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = Institution
        fields = ["name_pl", *OTHER_NAMES, "kind", "town", "county", "website", "languages_met"]
        labels = {"name_pl": _("Name in Polish")}
        help_texts = {
            "name_pl": _(
                "As it stands on its door. Other languages only where it has a name of its own there."
            ),
        }

    def __init__(self, *args, projects=None, **kwargs):
        super().__init__(*args, **kwargs)
        projects = [self.instance.project_id] if projects is None else projects
        suggest_places(self, InUse(projects), county="county")

    @property
    def main_fields(self) -> list:
        return [field for field in super().main_fields if field.name != "languages_met"]

    @property
    def folded_fields(self) -> list:
        return [self["languages_met"]]


class InstitutionForm(InstitutionFactsForm):
    """The coordinator's: also whose network it belongs to."""

    class Meta(InstitutionFactsForm.Meta):
        fields = ["project", *InstitutionFactsForm.Meta.fields]

    def __init__(self, *args, projects, **kwargs):
        super().__init__(*args, projects=projects, **kwargs)
        self.fields["project"].queryset = projects
        self.fields["project"].empty_label = None
        self.fields["project"].label = _("Project")

    def clean(self):
        """Twice on the list it would count twice towards the grant's target."""
        data = super().clean()
        if {"project", "name_pl", "town"} & set(self.changed_data) and self._is_listed(data):
            listed = _("An institution of this name in this town is on the list already.")
            self.add_error("name_pl", listed)
        return data

    def _is_listed(self, data) -> bool:
        key, town = name_key(data.get("name_pl", "")), data.get("town", "")
        others = Institution.objects.filter(project=data.get("project")).exclude(pk=self.instance.pk)
        return any(
            name_key(other.name_pl) == key and is_same_name(other.town, town)
            for other in others.only("name_pl", "town")
        )

    def save(self, commit=True):
        if not self.instance.slug:
            self.instance.slug = free_slug(self.cleaned_data["name_pl"])
        return super().save(commit)


def free_slug(name: str) -> str:
    stem = slugify(name_key(name))[:70] or "institution"
    taken = set(Institution.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(slug for slug in [stem, *(f"{stem}-{n}" for n in range(2, 1000))] if slug not in taken)


class AgreementForm(forms.ModelForm):
    contact_phone = PhoneField(label=_("Phone of the contact"), required=False)

    class Meta:
        model = Agreement
        fields = [
            "project",
            "number",
            "signed_on",
            "valid_until",
            "contact_name",
            "contact_email",
            "contact_phone",
        ]
        field_classes = {"signed_on": DateField, "valid_until": DateField}
        help_texts = {
            "valid_until": _("Empty if it has no end. We remind you in time."),
            "contact_name": _("Who answers for the agreement there."),
        }

    def __init__(self, *args, projects, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = projects
        self.fields["project"].empty_label = None
        self.fields["project"].label = _("Project")
        if self.instance.pk:
            del self.fields["project"]

    def _post_clean(self):
        """The verb writes the row; its rules and those of the database are asked there."""


class EndAgreementForm(forms.Form):
    on = DateField(
        label=_("Not in force from"),
        initial=timezone.localdate,
        help_text=_("Meetings that are agreed already stay agreed."),
    )


class UnitForm(NamesForm):
    phone = PhoneField(label=_("Phone"), required=False)

    class Meta:
        model = Unit
        fields = [
            "name_pl",
            *OTHER_NAMES,
            "address",
            "town",
            "county",
            "phone",
            "access",
            "is_step_free",
            "parking",
            "site_rules",
        ]
        labels = {"name_pl": _("Name of the unit"), "address": _("Address and room")}
        help_texts = {
            "town": _("Only if it is not the town of the institution."),
            "access": _("The entrance, the floor, the bell, the stop. The assistant who comes reads it."),
        }
        widgets = {
            "access": forms.Textarea(attrs={"rows": 2}),
            "site_rules": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args, project: int, **kwargs):
        super().__init__(*args, **kwargs)
        suggest_places(self, InUse([project]), county="county")

    def _post_clean(self):
        """The verb writes the row."""

    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class SeatForm(forms.Form):
    """Where somebody sits and what she does there."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("Unit"),
        required=False,
        empty_label=_("none"),
        help_text=_("Officials see the requests of their unit."),
    )
    position = forms.CharField(label=_("Position"), max_length=120, required=False)

    def __init__(self, *args, institution, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = institution.units.open()


class InviteForm(SeatForm, PersonForm):
    is_administrator = forms.BooleanField(
        label=_("This person looks after the institution's page here"),
        required=False,
        help_text=_("She invites colleagues, keeps the units, and sees all requests of the institution."),
    )

    field_order = ["email", "full_name", "phone", "unit", "position", "is_administrator"]


class TrainedForm(forms.Form):
    """Who was at a training, several at once."""

    trained_on = DateField(label=_("Day of the training"), initial=timezone.localdate)
    officials = forms.ModelMultipleChoiceField(
        Official.objects.none(), label=_("Who took part"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, officials, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["officials"].queryset = officials
        self.fields["officials"].label_from_instance = lambda seat: str(seat.user.get_full_name())


class SuccessorForm(forms.Form):
    """Who looks after the institution's page from now on."""

    successor = forms.ModelChoiceField(
        Official.objects.none(), label=_("Who takes over?"), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args, officials, is_needed=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = officials
        self.fields["successor"].required = is_needed
        self.fields["successor"].label_from_instance = lambda seat: seat.name
