"""What people fill in: filters of the list, and the short steps of a registration."""

from django import forms
from django.conf import settings
from django.template.defaultfilters import linebreaks_filter
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from participants.models import ConsentText
from portal.languages import SPOKEN_LANGUAGES
from portal.models import User
from portal.refusals import Refused
from portal.templatetags.portal import told as in_its_language
from workshops import answers, needs, search
from workshops.models import Placement, PracticalNeed, Question, Registration, Workshop
from workshops.prerequisites import Told, ages_of, asked_of, known_of, level_in_line, why_not_fit

#: The levels in the words of a person (domain.md B1.3).
LEVEL_WORDS = {
    "A0": _("I am only beginning."),
    "A1": _("I say who I am and ask for simple things."),
    "A1+": _("between A1 and A2"),
    "A2": _("I manage in a shop, on a bus, at the doctor's with help."),
    "A2+": _("between A2 and B1"),
    "B1": _("I talk about my life and work, and settle simple things in an office."),
    "B1+": _("between B1 and B2"),
    "B2": _("I talk about most things without trouble."),
    "C1": _("I work and study in Polish."),
    "C2": _("I know it nearly as my first language."),
}


class FilterForm(forms.Form):
    """A value that leads nowhere any more is left out, so that an old link still shows something."""

    theme = forms.ChoiceField(label=_("What about"), required=False)
    town = forms.ChoiceField(label=_("Where"), required=False)
    language = forms.ChoiceField(label=_("Language of the workshop"), required=False)
    place = forms.ChoiceField(label=_("On site or online"), required=False)
    time = forms.ChoiceField(label=_("Time of day"), required=False)
    level = forms.ChoiceField(label=_("Your level of Polish"), required=False)

    def __init__(self, data, *, choices: search.Choices):
        spoken = dict(SPOKEN_LANGUAGES)
        offered = {
            "theme": list(choices.themes.items()),
            "town": [(town, town) for town in choices.towns],
            "language": [(code, spoken.get(code, code)) for code in choices.languages],
            "place": search.Place.choices,
            "time": search.Time.choices,
            "level": [(level, level) for level in choices.levels],
        }
        known = {name: data[name] for name, pairs in offered.items() if data.get(name) in dict(pairs)}
        super().__init__(known, auto_id="filter_%s")
        anything = pgettext_lazy("no filter", "everything")
        for name, pairs in offered.items():
            self.fields[name].choices = [("", anything), *pairs]

    @property
    def criteria(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value}


class WhoForm(forms.Form):
    """Step 1 of a newcomer."""

    call_me = forms.CharField(
        label=_("What should we call you?"),
        help_text=_("Any name you like. It need not be the name in your documents."),
        max_length=80,
        error_messages={"required": _("Please write what we should call you.")},
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("We send you a code to it, and later the answers and reminders."),
        error_messages={
            "required": _("Please write your e-mail address."),
            "invalid": _("This is not an e-mail address. It looks like this: olena@example.org"),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "dir": "ltr"}),
    )


class RegistrationForm(forms.ModelForm):
    """What has to be asked: consents, missing facts, the workshop's questions; and what she may tell besides.

    ``user`` None: somebody who is not signed in. ``told``: what she wrote here before.
    """

    class Meta:
        model = Registration
        fields = ["note"]
        help_texts = {"note": _("For example: I come with a child. Only the staff reads it.")}
        widgets = {"note": forms.Textarea(attrs={"rows": 3, "maxlength": 300})}

    def __init__(
        self,
        data=None,
        *,
        workshop: Workshop,
        user: User | None,
        texts: list[ConsentText] = (),
        told: Told | None = None,
    ):
        super().__init__(data)
        self.workshop, self.user, self.texts = workshop, user, list(texts)
        self.asked = asked_of(workshop, user)
        self.questions = list(workshop.questions.all())
        asking = {self.name_of(text): _consent_field(text) for text in self.texts}
        asking |= {name: FACT_FIELDS[name](workshop) for name in self.asked}
        asking |= {answers.name_of(question): question_field(question) for question in self.questions}
        self.need_names = {f"need_{name}": name for name in needs.offered(workshop)}
        wishes = need_fields(workshop)
        self.fields = asking | self.fields | {key: wishes[name] for key, name in self.need_names.items()}
        if "level" in self.asked:
            self.initial["level"] = known_of(workshop, user).level
        if told:
            self.initial |= told.as_dict()
            self.initial |= {f"question_{number}": value for number, value in told.answers.items()}
            self.initial |= {f"need_{name}": value for name, value in told.needs.items()}

    @property
    def is_short(self) -> bool:
        """Nothing has to be asked: one button is enough."""
        return not (self.texts or self.asked or self.questions)

    @property
    def first_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.need_names]

    @property
    def wishes(self) -> list[forms.BoundField]:
        return [self[name] for name in self.need_names]

    @property
    def has_wishes(self) -> bool:
        """Something is written there, or wrong, so the part is shown open."""
        return any(field.errors or field.value() not in (None, "", "0", 0, False) for field in self.wishes)

    def clean(self) -> dict:
        data = super().clean()
        if not self.errors and (refusal := why_not_fit(self.workshop, self.user, told=self.told())):
            self.refuse(refusal)
        return data

    def refuse(self, refusal: Refused) -> None:
        """Beside the field that it speaks of, where she can see it."""
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))

    def told(self) -> Told:
        data = self.cleaned_data
        written = {question.pk: data.get(answers.name_of(question)) for question in self.questions}
        return Told(
            note=data["note"],
            **{name: data[name] for name in self.asked},
            answers={str(number): str(value) for number, value in written.items() if value not in (None, "")},
            needs={name: data[key] or needs.NOBODY[name] for key, name in self.need_names.items()},
        )

    @staticmethod
    def name_of(text: ConsentText) -> str:
        return f"consent_{text.pk}"


class NeedsForm(forms.Form):
    """The same needs, changed later."""

    def __init__(self, *args, workshop: Workshop, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields |= need_fields(workshop)

    def needs(self) -> dict:
        return {name: value or needs.NOBODY[name] for name, value in self.cleaned_data.items()}


def need_fields(workshop: Workshop) -> dict[str, forms.Field]:
    """What is worth asking for this workshop."""
    fields: dict[str, forms.Field] = {}
    for name in needs.offered(workshop):
        column = PracticalNeed._meta.get_field(name)
        label = capfirst(column.verbose_name)
        if name in needs.CHILDREN:
            fields[name] = forms.IntegerField(
                label=label,
                required=False,
                min_value=0,
                max_value=9,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )
        elif name == "language_help":
            nobody = pgettext_lazy("help in a language", "no help")
            spoken = [("", nobody), *SPOKEN_LANGUAGES]
            fields[name] = forms.ChoiceField(label=label, required=False, choices=spoken)
        else:
            fields[name] = forms.BooleanField(label=label, required=False)
    return fields


def question_field(question: Question) -> forms.Field:
    """An own question of the workshop, marked where it is in another language than the page."""
    kept = ngettext(
        "Only the staff reads it. It is deleted %(number)d day after the last meeting.",
        "Only the staff reads it. It is deleted %(number)d days after the last meeting.",
        settings.NEEDS_KEPT_DAYS,
    ) % {"number": settings.NEEDS_KEPT_DAYS}
    facts = {
        "label": in_its_language(question, "text"),
        "required": question.is_required,
        "help_text": kept if question.is_sensitive else "",
        "error_messages": {"required": _("Please answer this question.")},
    }
    if question.kind == Question.Kind.NUMBER:
        widget = forms.NumberInput(attrs={"inputmode": "numeric"})
        return forms.IntegerField(min_value=0, max_value=1_000_000, widget=widget, **facts)
    if question.kind == Question.Kind.TEXT:
        return forms.CharField(max_length=300, **facts)
    if question.kind == Question.Kind.YES_NO:
        pairs = [(answers.YES, pgettext_lazy("answer", "Yes")), (answers.NO, pgettext_lazy("answer", "No"))]
    else:
        pairs = [(str(number), option) for number, option in enumerate(question.options)]
    return forms.ChoiceField(choices=pairs, widget=forms.RadioSelect, **facts)


def _consent_field(text: ConsentText) -> forms.Field:
    body = linebreaks_filter(text.body, autoescape=True)
    return forms.BooleanField(
        label=text.title,
        help_text=format_html('<div lang="{}">{}</div>', text.language, body),
        error_messages={
            "required": _("We cannot register you without this. Please read it and tick the box.")
        },
    )


def _birth_year_field(workshop: Workshop) -> forms.Field:
    return forms.IntegerField(
        label=_("In which year were you born?"),
        help_text=_("For this workshop the age is important: %(rule)s. We keep the year in your profile.")
        % {"rule": ages_of(workshop)},
        min_value=1900,
        max_value=timezone.localdate().year,
        error_messages={
            "required": _("Please write the year of your birth."),
            **dict.fromkeys(
                ("invalid", "min_value", "max_value"),
                _("Please write the year with four digits, for example 1990."),
            ),
        },
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "bday-year"}),
    )


def _woman_field(workshop: Workshop) -> forms.Field:
    return forms.BooleanField(
        label=_("I am a woman"),
        help_text=_("This workshop is for women only. We keep your answer in your profile."),
        error_messages={
            "required": _(
                "This workshop is for women only. If you are a woman, please tick the box. "
                "If not, please look at the list of workshops: others are for everybody."
            )
        },
    )


def _level_field(workshop: Workshop) -> forms.Field:
    return forms.ChoiceField(
        label=_("How much Polish do you know?"),
        help_text=_("Choose what fits best. It is no exam."),
        choices=[
            (level, format_lazy("{}: {}", level_in_line(level), words))
            for level, words in LEVEL_WORDS.items()
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose the level that fits best.")},
    )


def _script_field(workshop: Workshop) -> forms.Field:
    return forms.ChoiceField(
        label=_("Do you read Latin letters?"),
        help_text=_("These are the letters in which Polish is written."),
        choices=Placement.Script.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of the answers.")},
    )


FACT_FIELDS = {
    "birth_year": _birth_year_field,
    "is_woman": _woman_field,
    "level": _level_field,
    "script": _script_field,
}
