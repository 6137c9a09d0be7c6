"""Forms of what stands about an assistant: her languages, trainings and papers, and where she will not go."""

from django import forms
from django.utils.translation import gettext_lazy as _

from institutions.forms import DateField, suggest_places, suggest_varieties
from institutions.models import Assistant, Conflict, Contract, Institution, Subject
from institutions.papers_of_assistants import ACCEPTED, Paper
from institutions.spellings import InUse
from participants.models import LanguageSkill
from portal.languages import OWN_NAMES, SPOKEN_LANGUAGES
from portal.models import User
from projects.models import Project


class LanguageForm(forms.Form):
    """One language, or one variety of it; two varieties are two rows."""

    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("choose a language")), *SPOKEN_LANGUAGES]
    )
    dialect = forms.CharField(
        label=_("Dialect or variety"),
        max_length=60,
        required=False,
        help_text=_("For example: Syrian Arabic. Leave empty if there is nothing to add."),
    )
    spoken = forms.ChoiceField(label=_("Speaks"), choices=LanguageSkill.Level.choices, initial="B2")
    written = forms.ChoiceField(
        label=_("Reads and writes"),
        choices=[("", _("not at all")), *LanguageSkill.Level.choices],
        required=False,
    )

    def __init__(self, *args, project: int, **kwargs):
        super().__init__(*args, **kwargs)
        suggest_varieties(self, InUse([project]))

    def clean_dialect(self) -> str:
        return " ".join(self.cleaned_data["dialect"].split())


class TrainingForm(forms.Form):
    subject = forms.ChoiceField(label=_("Subject"), choices=Subject.choices)
    trained_on = DateField(label=_("Day"), help_text=_("The last day of the training."))
    minutes = forms.IntegerField(
        label=_("Length (minutes)"),
        required=False,
        min_value=1,
        max_value=30000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class PapersForm(forms.ModelForm):
    """What the coordinator has on paper: contract, insurance, child protection check."""

    class Meta:
        model = Assistant
        fields = [
            "contract_form",
            "contract_from",
            "contract_until",
            "insured_until",
            "child_protection_checked_on",
        ]
        field_classes = dict.fromkeys(fields[1:], DateField)
        help_texts = {
            "contract_until": _("Leave empty if it has no end."),
            "insured_until": _("Volunteers need it."),
            "child_protection_checked_on": _("The day on which the register was looked into."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["contract_form"].choices = [("", _("none yet")), *Contract.choices]

    def _post_clean(self):
        """The verb writes; the row stays as it is."""


class OnPaperForm(forms.Form):
    """What an assistant has signed on paper, in which language."""

    paper = forms.ChoiceField(
        label=_("What is signed"), choices=[(paper.value, paper.label) for paper in ACCEPTED]
    )
    language = forms.ChoiceField(label=_("Language of the paper"), choices=list(OWN_NAMES.items()))

    def clean_paper(self) -> Paper:
        return Paper(self.cleaned_data["paper"])


class ConflictForm(forms.Form):
    """One of the first fields is filled in. There is no place for a story, and it stays so."""

    SHOWS_HOMES = False

    institution = forms.ModelChoiceField(
        Institution.objects.none(), label=_("An institution"), required=False, empty_label=_("none")
    )
    town = forms.CharField(label=_("Or a whole town"), max_length=80, required=False)
    reason = forms.ChoiceField(label=_("Reason"), choices=Conflict.Reason.choices)

    def __init__(self, *args, project: Project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["institution"].queryset = Institution.objects.filter(project=project)
        suggest_places(self, InUse([project.pk], with_homes=self.SHOWS_HOMES))

    def about(self) -> dict:
        return dict(self.cleaned_data)


class WorkConflictForm(ConflictForm):
    """Coordinators can enter one official too; assistants tell them whom."""

    SHOWS_HOMES = True

    official = forms.ModelChoiceField(
        User.objects.none(), label=_("Or one official"), required=False, empty_label=_("nobody")
    )

    field_order = ["institution", "town", "official", "reason"]

    def __init__(self, *args, project: Project, **kwargs):
        super().__init__(*args, project=project, **kwargs)
        officials = User.objects.filter(official_seats__institution__project=project).distinct()
        self.fields["official"].queryset = officials.order_by("name_key", "id")
        self.fields["official"].label_from_instance = lambda user: user.get_full_name()
