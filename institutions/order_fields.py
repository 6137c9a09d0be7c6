"""The fields of an order, the same for a new request and a changed one. None of them is for the client.

They check input; the verbs decide.
"""

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from institutions.appointments import first_name
from institutions.forms import (
    OTHER_LANGUAGES,
    DateField,
    LookedAgain,
    PhoneField,
    TimeField,
    suggest_places,
    suggest_varieties,
)
from institutions.models import Assignment, AssistanceRequest, Institution, Mode, Unit
from institutions.order_groups import ORDER, groups_of
from institutions.order_rules import known_jobs
from institutions.spellings import InUse
from participants.models import LanguageSkill
from portal.clock import WARSAW, local

Level = LanguageSkill.Level
#: In the words of somebody who listens, not of somebody who teaches.
LEVELS = [
    ("", _("good enough to interpret")),
    (Level.B2, _("B2: talks without effort")),
    (Level.C1, _("C1: talks about hard matters too")),
    (Level.C2, _("C2: nearly as a first language")),
    (Level.NATIVE, _("it is the first language")),
]
#: How many assistants are offered by name, from how many of the latest jobs.
FACES, FACES_FROM = 12, 60
TALKS = [
    ("", _("as usual: ten minutes each, if it will be hard")),
    ("0", _("none")),
    ("10", _("10 minutes before and 10 after")),
    ("15", _("15 minutes before and 15 after")),
    ("20", _("20 minutes before and 20 after")),
]
ONE_OR_TWO = [("1", _("one")), ("2", _("two, who take turns"))]


#: A day: the rule of how long a meeting may be has a sentence of its own.
MOST_MINUTES = 24 * 60


class OrderFields(LookedAgain, forms.ModelForm):
    """What is the same for a new request and a changed one."""

    start_on = DateField(label=_("Day"))
    starts = TimeField(label=_("From what time"))
    minutes = forms.IntegerField(
        label=_("How many minutes?"),
        initial=60,
        max_value=MOST_MINUTES,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 15, "max": 240, "step": 5}),
        help_text=_("Everything is said twice, so plan twice the usual time."),
    )
    people_count = forms.IntegerField(
        label=_("How many people come, without you?"),
        required=False,
        min_value=1,
        max_value=99,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    mode_1 = forms.ChoiceField(
        label=_("How should the assistant help?"), choices=Mode.choices, initial=Mode.ON_SITE
    )
    mode_2 = forms.ChoiceField(
        label=_("Second best"), choices=[("", _("nothing else")), *Mode.choices], required=False
    )
    mode_3 = forms.ChoiceField(
        label=_("Third best"),
        choices=[("", _("nothing else")), *Mode.choices],
        required=False,
    )
    level = forms.ChoiceField(
        label=_("How well must the assistant speak it?"), choices=LEVELS, required=False
    )
    sensitivities = forms.MultipleChoiceField(
        label=_("Will it be about something hard?"),
        choices=AssistanceRequest.Sensitivity.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Then somebody trained comes, and you talk with the assistant before and after."),
    )
    assistants_needed = forms.TypedChoiceField(
        label=_("How many assistants?"),
        choices=ONE_OR_TWO,
        coerce=int,
        initial="1",
        help_text=_("For more than two hours, two."),
    )
    talks = forms.TypedChoiceField(
        label=_("A talk with the assistant alone, before and after"),
        choices=TALKS,
        coerce=int,
        empty_value=None,
        required=False,
    )
    preferred_assistant = forms.ChoiceField(
        label=_("The same assistant as before"),
        required=False,
        help_text=_("We ask this person first. If that is not possible, we ask others."),
    )
    contact_phone = PhoneField(
        label=_("Phone on the day"),
        required=False,
        help_text=_("Of your office, so that the assistant can call. Not the client's."),
    )
    is_checked = forms.BooleanField(
        label=_("I have looked again: these are not the client's numbers or addresses."), required=False
    )

    class Meta:
        model = AssistanceRequest
        fields = [
            "unit",
            "language",
            "dialect",
            "is_dialect_required",
            "level",
            "is_level_required",
            "is_writing_wanted",
            "is_writing_required",
            "second_language",
            "is_second_language_agreed",
            "subject",
            "role",
            "is_signed_or_certified",
            "sensitivities",
            "are_minors_present",
            "is_relative_interpreting",
            "urgency",
            "town",
            "county",
            "address",
            "link",
            "assistants_needed",
            "gender_preference",
            "is_gender_required",
            "is_other_town_wanted",
            "is_other_town_required",
            "people_count",
            "contact_name",
            "contact_phone",
            "briefing",
            "case_reference",
        ]
        labels = {
            "dialect": _("Which variety of it?"),
            "is_dialect_required": _("It must be this variety"),
            "is_level_required": _("It must be so well"),
            "is_writing_wanted": _("There are papers to read or to fill in"),
            "is_writing_required": _("It must be somebody who reads and writes it"),
            "second_language": _("Another language that the client speaks"),
            "is_second_language_agreed": _("The client agreed to it"),
            "is_signed_or_certified": _("Something is signed or certified (a contract, a birth, a marriage)"),
            "are_minors_present": _("Children or teenagers will be there"),
            "is_relative_interpreting": _("A relative or a child interprets now"),
            "gender_preference": _("A woman or a man?"),
            "is_gender_required": _("It must be so. Otherwise nobody should come."),
            "is_other_town_wanted": _("Somebody who does not live in this town"),
            "is_other_town_required": _("It must be so. Otherwise nobody should come."),
        }
        help_texts = {
            "dialect": _("For example: Syrian Arabic, Kurmanji."),
            "second_language": _("We look for it only if nobody speaks the first."),
            "role": _("At the police, with a prosecutor and in court: only accompanying."),
            "address": _("Only the assistant who comes sees it. Empty: the address of your unit."),
            "link": _("You can also write it later, until the meeting begins."),
            "is_other_town_wanted": _("In a small town people know one another."),
            "contact_name": _("Somebody of your office. Not the client."),
            "case_reference": _("Assistants never see it. No names, no PESEL."),
            "briefing": _(
                "Hard words, what to prepare. No names, no PESEL, no document numbers, no diagnosis."
            ),
        }
        widgets = {
            "role": forms.RadioSelect,
            "gender_preference": forms.RadioSelect,
            "urgency": forms.RadioSelect,
            "briefing": forms.Textarea(attrs={"rows": 4}),
        }

    PLACES = {
        "start_at": "start_on",
        "end_at": "minutes",
        "mode": "mode_1",
        "ranked_modes": "mode_1",
        "briefing_minutes": "talks",
    }
    NOT_FOR_VERBS = (
        "start_on",
        "starts",
        "mode_1",
        "mode_2",
        "mode_3",
        "talks",
        "preferred_assistant",
        "institution",
        "repeat",
        "times",
        "chosen",
        "seen",
        "key",
    )

    def __init__(self, *args, institutions, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.institutions, self.by = list(institutions), by
        units = Unit.objects.open().filter(institution__in=self.institutions).select_related("institution")
        self.fields["unit"].queryset = units
        self.fields["unit"].label = capfirst(Unit._meta.verbose_name)
        self.fields["unit"].empty_label = pgettext_lazy("unit", "none of them")
        self.fields["unit"].choices = list(self.fields["unit"].choices)  # read once for the whole page
        self.fields["language"].choices = OTHER_LANGUAGES
        self.fields["second_language"].choices = [("", _("none")), *OTHER_LANGUAGES[1:]]
        self.faces = known_faces(self.institutions, by=by)
        nobody = pgettext_lazy("assistant", "anybody who fits")
        labels = [(key, label) for key, (_assistant, label) in self.faces.items()]
        self.fields["preferred_assistant"].choices = [("", nobody), *labels]
        if not self.faces:
            del self.fields["preferred_assistant"]
        in_use = InUse({place.project_id for place in self.institutions})
        suggest_places(self, in_use, county="county")
        suggest_varieties(self, in_use)
        self.order_fields(ORDER)

    def _post_clean(self):
        """The verb builds the row; there is nothing to check against the model yet."""

    def clean(self):
        data = super().clean()
        if data.get("is_second_language_agreed") and not data.get("second_language"):
            self.add_error("second_language", _("Please choose the language to which the client agreed."))
        return data

    @property
    def groups(self) -> list[dict]:
        return groups_of(self)

    def order(self) -> dict:
        """Arguments of requests.submit, requests.save_draft and amendments.change_order."""
        data = self.cleaned_data
        fields = {name: value for name, value in data.items() if name not in self.NOT_FOR_VERBS}
        chosen = [data["mode_1"], data["mode_2"], data["mode_3"]]
        face = self.faces.get(data.get("preferred_assistant", ""))
        return fields | {
            "start_at": local(data["start_on"], data["starts"]),
            "ranked_modes": list(dict.fromkeys(mode for mode in chosen if mode)),
            "briefing_minutes": data["talks"],
            "debriefing_minutes": data["talks"],
            "preferred_assistant": face[0] if face else None,
        }


def known_faces(institutions: list[Institution], *, by) -> dict[str, tuple]:
    """Assistants who may be asked for again: first name, language and the last day, under a key that tells
    nothing. Only of requests that this person may see (domain.md A4).
    """
    latest: dict[int, Assignment] = {}
    for place in institutions:
        jobs = known_jobs(place, by=by).select_related("assistant__user", "request")
        for job in jobs.order_by("-request__start_at", "-pk")[:FACES_FROM]:
            latest.setdefault(job.assistant_id, job)
    faces: dict[str, tuple] = {}
    for job in list(latest.values())[:FACES]:
        day = timezone.localtime(job.request.start_at, WARSAW)
        label = _("%(name)s, %(language)s, %(day)s") % {
            "name": first_name(job.assistant.user),
            "language": job.get_language_display(),
            "day": f"{day:%d.%m.%Y}",
        }
        faces[str(job.public_id)] = (job.assistant, label)
    return faces
