"""Forms of the coordinator: filters, people, assistants."""

from django import forms
from django.utils.translation import gettext_lazy as _

from institutions.forms import OTHER_LANGUAGES, PhoneField
from institutions.models import AssistanceRequest, Assistant, Institution, Mode, Subject
from participants.models import LanguageSkill
from projects.models import Project

State = AssistanceRequest.State


class RequestFilter(forms.Form):
    """What the list shows; the state is in the address."""

    LOOKING, COMING, HOURS, OVER = "looking", "coming", "hours", "over"
    SHOWS = {
        LOOKING: [State.OFFERING, State.UNFILLED],
        COMING: [State.CONFIRMED],
        HOURS: [State.AWAITING_REPORT, State.AWAITING_CONFIRMATION],
        OVER: [State.CLOSED, State.CANCELLED_BY_INSTITUTION, State.CANCELLED_BY_NETWORK],
    }

    show = forms.ChoiceField(
        label=_("Which ones"),
        required=False,
        choices=[
            ("", _("all")),
            (LOOKING, _("without an assistant")),
            (COMING, _("with an assistant")),
            (HOURS, _("hours to write or confirm")),
            (OVER, _("done or cancelled")),
        ],
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("all")), *OTHER_LANGUAGES[1:]]
    )
    institution = forms.ModelChoiceField(
        Institution.objects.none(),
        label=_("Institution"),
        required=False,
        to_field_name="slug",
        empty_label=_("all"),
    )

    def __init__(self, *args, institutions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["institution"].queryset = institutions

    def narrow(self, requests):
        """The requests that were asked for; what makes no sense narrows nothing."""
        self.is_valid()
        data = self.cleaned_data
        if data.get("show"):
            requests = requests.filter(state__in=self.SHOWS[data["show"]])
        if data.get("language"):
            requests = requests.filter(language=data["language"])
        if data.get("institution"):
            requests = requests.filter(institution=data["institution"])
        return requests


class AssignForm(forms.Form):
    """Who goes; the reason is needed where she does not fit in every point."""

    assistant = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(required=False)


class PersonForm(forms.Form):
    """A person by her e-mail address; whoever is known already keeps her name and phone."""

    email = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("We write to this address how to sign in."),
    )
    full_name = forms.CharField(label=_("First name and surname"), max_length=150)
    phone = PhoneField(label=_("Phone"), required=False)


class AssistantForm(forms.ModelForm):
    """What matching needs to know. Languages: Polish, and up to five others."""

    OTHERS = range(1, 6)

    polish = forms.ChoiceField(label=_("Polish"), choices=LanguageSkill.Level.choices, initial="B2")
    modes = forms.MultipleChoiceField(
        label=_("How this person helps"), choices=Mode.choices, widget=forms.CheckboxSelectMultiple
    )
    subjects = forms.MultipleChoiceField(
        label=_("Trained on"),
        choices=Subject.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Mental health and police or court go only to those who were trained on them."),
    )

    class Meta:
        model = Assistant
        fields = ["gender", "home_town", "home_county", "modes", "subjects"]
        help_texts = {"gender": _("Only for matching, and only if the person wants to tell.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        held = {}
        if self.instance.pk:
            held = dict(
                self.instance.user.language_skills.filter(dialect="").values_list("language", "spoken")
            )
        self.fields["polish"].initial = held.pop("pl", "B2")
        rows = list(held.items())
        for number in self.OTHERS:
            language, level = rows[number - 1] if len(rows) >= number else ("", "B2")
            self.fields[f"language_{number}"] = forms.ChoiceField(
                label=_("Language"), choices=OTHER_LANGUAGES, required=number == 1, initial=language
            )
            self.fields[f"level_{number}"] = forms.ChoiceField(
                label=_("Level"), choices=LanguageSkill.Level.choices, required=False, initial=level
            )

    @property
    def main_fields(self) -> list:
        return [field for field in self if not field.name.startswith(("language_", "level_"))]

    @property
    def other_languages(self) -> list[tuple]:
        return [(self[f"language_{number}"], self[f"level_{number}"]) for number in self.OTHERS]

    def languages(self) -> dict[str, str]:
        data = self.cleaned_data
        spoken = {"pl": data["polish"]}
        for number in self.OTHERS:
            if data.get(f"language_{number}"):
                spoken[data[f"language_{number}"]] = data.get(f"level_{number}") or "B2"
        return spoken

    def profile(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class EnrolForm(AssistantForm):
    """A new assistant: the person first."""

    email = PersonForm.base_fields["email"]
    full_name = PersonForm.base_fields["full_name"]
    phone = PersonForm.base_fields["phone"]

    field_order = ["project", "email", "full_name", "phone"]
    project = forms.ModelChoiceField(Project.objects.none(), label=_("Project"), empty_label=None)

    def __init__(self, *args, projects, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = projects

    def person(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("email", "full_name", "phone")}
