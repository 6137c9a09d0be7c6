"""What a parent fills in: a child to add, and who of the family comes."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.models import ConsentText
from portal.models import User
from portal.refusals import Refused
from workshops.families import Candidate
from workshops.forms import LEVEL_WORDS, RegistrationForm
from workshops.models import Workshop
from workshops.prerequisites import asking_for_level, why_not_fit


class ChildForm(forms.Form):
    call_me = forms.CharField(
        label=_("What should we call the child?"),
        max_length=80,
        error_messages={"required": _("Please write what we should call the child.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    birth_year = forms.IntegerField(
        label=_("Year of birth"),
        error_messages={
            "required": _("Please write the year of birth with four digits, for example 2018."),
            "invalid": _("Please write the year of birth with four digits, for example 2018."),
        },
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_birth_year(self) -> int:
        year, today = self.cleaned_data["birth_year"], timezone.localdate()
        if year > today.year or year < today.year - 120:
            raise forms.ValidationError(
                _("Please write the year of birth with four digits, for example 2018.")
            )
        return year

    def refuse(self, refusal: Refused) -> None:
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))


class WhoComesForm(RegistrationForm):
    """The same questions as for one person, asked once for all; and who comes.

    ``candidates``: herself and her children; ``people`` are those of them who can be chosen.
    """

    def __init__(
        self,
        data=None,
        *,
        workshop: Workshop,
        user: User,
        candidates: list[Candidate],
        texts: list[ConsentText],
    ):
        super().__init__(data, workshop=workshop, user=user, texts=texts)
        self.candidates = candidates
        self.people = [someone for someone in candidates if not someone.why_not]
        self.refused = [someone for someone in candidates if someone.why_not]
        self.has_choice = bool(self.people)  # in a template form.people is the field
        who = forms.MultipleChoiceField(
            label=_("Who comes?"),
            choices=[(str(someone.user.public_id), someone.label) for someone in self.people],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Please choose who comes.")},
        )
        children = [child.user for child in self._children()]
        unknown = asking_for_level(workshop, children)
        levels = {self.level_of(child): _level_field(child) for child in children if child.pk in unknown}
        self.level_names = list(levels)
        for name in self.asked:
            self.fields[name].required = False  # asked of herself, if she comes
            self.fields[name].is_optional = False
        self.fields = {"people": who} | levels | self.fields

    @staticmethod
    def level_of(child: User) -> str:
        return f"level_{child.public_id}"

    def _children(self) -> list[Candidate]:
        return [someone for someone in self.people if someone.user.pk != self.user.pk]

    def chosen(self) -> list[User]:
        ids = set(self.cleaned_data.get("people", []))
        return [someone.user for someone in self.people if str(someone.user.public_id) in ids]

    def levels(self) -> dict[int, str]:
        if not self.level_names:
            return {}
        return {child.pk: self.cleaned_data.get(self.level_of(child), "") for child in self.chosen_children()}

    def chosen_children(self) -> list[User]:
        return [person for person in self.chosen() if person.pk != self.user.pk]

    def clean(self) -> dict:
        data = forms.ModelForm.clean(self)
        comes_herself = self.user in self.chosen()
        for name in self.asked if comes_herself else ():
            if not data.get(name) and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])
        for child in self.chosen_children() if self.level_names else ():
            if self.level_of(child) in self.level_names and not data.get(self.level_of(child)):
                self.add_error(self.level_of(child), _("Please choose the level that fits best."))
        if comes_herself and not self.errors:
            refusal = why_not_fit(self.workshop, self.user, told=self.told())
            if refusal:
                self.refuse(refusal)
        return data


def _level_field(child: User) -> forms.ChoiceField:
    levels = [(level, level) for level in LEVEL_WORDS]
    field = forms.ChoiceField(
        label=_("How much Polish does %(name)s know?") % {"name": child},
        choices=[("", _("Please choose")), *levels],
        required=False,
    )
    field.is_optional = False  # of each child who comes
    return field
