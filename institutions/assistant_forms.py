"""Forms about an assistant herself: who she is, how she helps, and which assistants a list shows."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from institutions.assistants import Spoken
from institutions.forms import OTHER_LANGUAGES, suggest_places
from institutions.models import Assistant, Mode
from institutions.spellings import InUse, once
from institutions.work_forms import PersonForm
from participants.models import LanguageSkill
from portal.models import User
from portal.names import is_same_name
from projects.models import Project

MINUTES_OF_TRAVEL = (15, 30, 45, 60, 90, 120, 180)
HOURS_OF_NOTICE = (2, 4, 12, 24, 48, 72, 168)


def span(minutes: int) -> str:
    """A length of time in the largest unit that fits it."""
    if minutes % (24 * 60) == 0:
        return ngettext("%(number)s day", "%(number)s days", minutes // 1440) % {"number": minutes // 1440}
    if minutes % 60 == 0:
        return ngettext("%(number)s hour", "%(number)s hours", minutes // 60) % {"number": minutes // 60}
    return ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": minutes}


class SpanField(forms.TypedChoiceField):
    """A length out of a few, kept in minutes; nothing chosen: as the network does."""

    def __init__(self, *, label, help_text=""):
        super().__init__(label=label, help_text=help_text, required=False, coerce=int, empty_value=None)

    def offer(self, lengths, *, held: int | None) -> None:
        offered = sorted({*lengths, *([held] if held else [])})
        self.choices = [("", _("as the network does")), *((minutes, span(minutes)) for minutes in offered)]


class AssistantForm(forms.ModelForm):
    """What matching needs to know, but for languages, hours and trainings."""

    SHOWS_HOMES = True

    modes = forms.MultipleChoiceField(
        label=_("Ways of helping"), choices=Mode.choices, widget=forms.CheckboxSelectMultiple
    )
    max_travel_minutes = SpanField(label=_("Longest way, one direction"))
    max_minutes_a_day = SpanField(label=_("Interpreting at most a day"))
    max_minutes_a_week = SpanField(label=_("Interpreting at most a week"))
    min_notice_minutes = SpanField(
        label=_("To be asked not later than"), help_text=_("So long before the meeting.")
    )

    class Meta:
        model = Assistant
        fields = [
            "home_town",
            "home_county",
            "modes",
            "transport",
            "max_travel_minutes",
            "max_minutes_a_day",
            "max_minutes_a_week",
            "min_notice_minutes",
            "gender",
        ]
        help_texts = {
            "home_town": _("The town only, no street."),
            "gender": _("Only for matching, and only if the person wants to tell."),
        }

    def __init__(self, *args, projects=None, **kwargs):
        super().__init__(*args, **kwargs)
        projects = [self.instance.project_id] if projects is None else projects
        suggest_places(
            self, InUse(projects, with_homes=self.SHOWS_HOMES), town="home_town", county="home_county"
        )
        self.offer_spans()

    def offer_spans(self) -> None:
        limits, held = settings.ASSISTANCE, self.instance
        offered = {
            "max_travel_minutes": MINUTES_OF_TRAVEL,
            "max_minutes_a_day": range(60, limits["max_minutes_a_day"] + 1, 60),
            "max_minutes_a_week": range(120, limits["max_minutes_a_week"] + 1, 60),
            "min_notice_minutes": [hours * 60 for hours in HOURS_OF_NOTICE],
        }
        for name in self.fields.keys() & offered.keys():
            self.fields[name].offer(offered[name], held=getattr(held, name))

    def _post_clean(self):
        """The verb writes; the row stays as it is."""

    def profile(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.fields}


class OwnForm(AssistantForm):
    """The same, as she reads it herself."""

    SHOWS_HOMES = False

    class Meta(AssistantForm.Meta):
        help_texts = {
            "home_town": _("The town only, no street."),
            "gender": _("Only if you want to tell. Some people need a woman, or a man, to help them."),
        }


class EnrolForm(AssistantForm):
    """A new assistant: the person first, with Polish and up to three other languages to begin with."""

    OTHERS = range(1, 4)

    project = forms.ModelChoiceField(Project.objects.none(), label=_("Project"), empty_label=None)
    email = PersonForm.base_fields["email"]
    full_name = forms.CharField(
        label=_("First name and surname"),
        max_length=150,
        required=False,
        help_text=_("Not needed if the network knows this address already."),
    )
    phone = PersonForm.base_fields["phone"]
    polish = forms.ChoiceField(label=_("Polish"), choices=LanguageSkill.Level.choices, initial="B2")

    field_order = ["project", "email", "full_name", "phone"]
    # Limits come later: hers to choose.
    max_travel_minutes = max_minutes_a_day = max_minutes_a_week = min_notice_minutes = None

    class Meta(AssistantForm.Meta):
        fields = ["home_town", "home_county", "modes", "transport", "gender"]

    def __init__(self, *args, projects, person: User | None = None, **kwargs):
        super().__init__(*args, projects=projects, **kwargs)
        self.person_known = person
        self.fields["project"].queryset = projects
        if person:
            for name in ("email", "full_name", "phone"):
                del self.fields[name]
        for number in self.OTHERS:
            self.fields[f"language_{number}"] = forms.ChoiceField(
                label=_("Language"), choices=OTHER_LANGUAGES, required=number == 1
            )
            self.fields[f"level_{number}"] = forms.ChoiceField(
                label=_("Level"), choices=LanguageSkill.Level.choices, required=False, initial="B2"
            )

    def clean(self):
        data = super().clean()
        email = data.get("email", "").strip().lower()
        if email and not data.get("full_name") and not User.objects.filter(email=email).exists():
            self.add_error("full_name", _("We do not know this address yet. Please give the name too."))
        return data

    @property
    def main_fields(self) -> list:
        return [field for field in self if not field.name.startswith(("language_", "level_", "polish"))]

    @property
    def other_languages(self) -> list[tuple]:
        return [(self[f"language_{number}"], self[f"level_{number}"]) for number in self.OTHERS]

    def languages(self) -> list[Spoken]:
        data = self.cleaned_data
        spoken = {"pl": data["polish"]}
        for number in self.OTHERS:
            if data.get(f"language_{number}"):
                spoken[data[f"language_{number}"]] = data.get(f"level_{number}") or "B2"
        return [Spoken(language, level) for language, level in spoken.items()]

    def person(self) -> dict:
        if self.person_known:
            return {"person": self.person_known}
        return {name: self.cleaned_data[name] for name in ("email", "full_name", "phone")}


class AssistantFilter(forms.Form):
    """What the coordinator's list shows; the state is in the address."""

    CAN_WORK, PAPERS, ENDING, SUSPENDED = "can_work", "papers", "ending", "suspended"

    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("all")), *OTHER_LANGUAGES[1:]]
    )
    town = forms.ChoiceField(label=_("Town"), required=False)
    state = forms.ChoiceField(
        label=_("Which ones"),
        required=False,
        choices=[
            ("", _("all")),
            (CAN_WORK, _("get offers")),
            (PAPERS, _("papers missing")),
            (ENDING, _("papers end soon")),
            (SUSPENDED, _("get no offers")),
        ],
    )

    def __init__(self, *args, assistants, **kwargs):
        super().__init__(*args, **kwargs)
        towns = assistants.exclude(home_town="").order_by().values_list("home_town", flat=True)
        self.towns = list(towns)
        self.fields["town"].choices = [("", _("all")), *((town, town) for town in once(self.towns))]

    def narrow(self, assistants):
        """What makes no sense narrows nothing."""
        self.is_valid()
        data = self.cleaned_data
        if data.get("language"):
            speakers = LanguageSkill.objects.filter(language=data["language"])
            assistants = assistants.filter(user__in=speakers.values("user"))
        if data.get("town"):
            spellings = {town for town in self.towns if is_same_name(town, data["town"])}
            assistants = assistants.filter(home_town__in=spellings)
        return assistants
