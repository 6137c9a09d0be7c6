"""Forms of the day and of what follows. Everything is filled in beforehand; they check, the verbs decide."""

from datetime import datetime, time, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from institutions.breaks import breaks_of
from institutions.corrections import Why
from institutions.forms import DateField, LookedAgain, TimeField
from institutions.models import (
    Assignment,
    AssistanceRequest,
    Debriefing,
    PresenceStatement,
    Subject,
    Term,
    TimeReport,
)
from institutions.time_reports import LONGEST_TRAVEL, LONGEST_TRAVEL_KM, OUTCOMES
from portal.clock import WARSAW, local

WELLBEING = [
    (5, _("very well")),
    (4, _("well")),
    (3, _("so-so")),
    (2, _("not so well")),
    (1, _("badly")),
]


class NumberField(forms.IntegerField):
    #: Nothing is a number too: nought.
    is_optional = False

    def __init__(self, **kwargs):
        widget = forms.NumberInput(attrs={"inputmode": "numeric"})
        super().__init__(**{"min_value": 0, "initial": 0, "required": False, "widget": widget} | kwargs)

    def clean(self, value):
        return super().clean(value) or 0


class FilledChoice(forms.ChoiceField):
    """Filled in beforehand: nobody has to choose, and nothing chosen is the first."""

    is_optional = False

    def __init__(self, **kwargs):
        super().__init__(**{"required": False} | kwargs)

    def clean(self, value):
        return super().clean(value) or self.choices[0][0]


class RealTimesForm(forms.Form):
    """The real times, on the day of the meeting unless it went past midnight."""

    start_on = DateField(label=_("Day"))
    starts = TimeField(label=_("It started at"))
    ends = TimeField(label=_("It ended at"))
    break_minutes = NumberField(label=_("Breaks (minutes)"), max_value=LONGEST_TRAVEL)
    travel_minutes = NumberField(label=_("Travel, there and back (minutes)"), max_value=LONGEST_TRAVEL)
    travel_km = NumberField(label=_("Travel, there and back (km)"), max_value=LONGEST_TRAVEL_KM)

    PLACES = {"start_at": "starts", "end_at": "ends"}

    def times(self) -> dict:
        """For time_reports.Times; an end before the start is on the next day."""
        data = self.cleaned_data
        start_at, end_at = local(data["start_on"], data["starts"]), local(data["start_on"], data["ends"])
        if end_at < start_at and data["ends"] < time(6):
            end_at = local(data["start_on"] + timedelta(days=1), data["ends"])
        numbers = {name: data[name] for name in ("break_minutes", "travel_minutes", "travel_km")}
        return {"start_at": start_at, "end_at": end_at} | numbers


class TimesForm(RealTimesForm):
    """What an assistant writes after a meeting, on one page of a phone."""

    code = forms.CharField(
        label=_("The code that the official told you"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_(
            "Six digits. With them the hours are confirmed at once; without them we ask the institution."
        ),
    )
    outcome = FilledChoice(
        label=_("How did it go?"), choices=[(choice.value, choice.label) for choice in OUTCOMES]
    )
    role_done = FilledChoice(label=_("What you did"), choices=AssistanceRequest.Role.choices)
    wellbeing = forms.TypedChoiceField(
        label=_("How are you after it?"),
        choices=WELLBEING,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Only you and the coordinators of the network see the answer."),
    )
    wants_to_talk = forms.BooleanField(label=_("I want to talk to the coordinator"), required=False)

    MORE = ("break_minutes", "travel_minutes", "travel_km", "outcome", "role_done")

    def __init__(self, *args, has_code: bool = True, is_on_site: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        if not has_code:
            del self.fields["code"]
        if not is_on_site:
            del self.fields["travel_km"], self.fields["travel_minutes"]

    @property
    def more(self) -> list:
        """What is mostly right as it stands, under a fold."""
        return [self[name] for name in self.MORE if name in self.fields]

    @property
    def has_error_in_more(self) -> bool:
        return any(field.errors for field in self.more)

    def times(self) -> dict:
        self.cleaned_data = {"travel_minutes": 0, "travel_km": 0} | self.cleaned_data
        return super().times()

    def report(self) -> dict:
        """Arguments of time_reports.report_times."""
        data = self.cleaned_data
        rest = {name: data[name] for name in ("outcome", "role_done", "wellbeing", "wants_to_talk")}
        return self.times() | rest | {"code": data.get("code", "")}


class TermForm(LookedAgain):
    """A word for the glossary."""

    polish = forms.CharField(label=_("In Polish"), max_length=120, required=False)
    translation = forms.CharField(label=_("In the other language"), max_length=120, required=False)

    field_order = ("polish", "translation", "is_checked")

    def clean(self):
        data = super().clean()
        if bool(data.get("polish")) != bool(data.get("translation")):
            self.add_error(
                "polish" if data.get("translation") else "translation",
                _("Please write the word in both languages."),
            )
        return data

    @property
    def is_filled(self) -> bool:
        return bool(self.cleaned_data.get("polish"))


class NewTermForm(TermForm):
    """The same on the glossary's own page, where no job tells language and subject."""

    language = forms.ChoiceField(label=_("Language"))
    subject = forms.ChoiceField(label=_("Subject"), choices=Subject.choices)

    field_order = ("language", "subject", "polish", "translation", "is_checked")

    def __init__(self, *args, languages, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = languages
        self.fields["polish"].required = self.fields["translation"].required = True


class SpellingForm(TermForm):
    """A suggested word, perhaps better spelt; what is left empty stays as it was suggested."""

    def __init__(self, *args, term: Term, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["polish"].widget.attrs["lang"] = "pl"
        self.fields["translation"].widget.attrs |= {"lang": term.language, "dir": "auto"}

    def clean(self):
        return self.cleaned_data


class PresenceForm(forms.Form):
    """Who did not come, as one side says it. ``choices``: what this side can say now."""

    missing = forms.ChoiceField(label=_("What happened?"), widget=forms.RadioSelect)
    travel_minutes = NumberField(label=_("Travel, there and back (minutes)"), max_value=LONGEST_TRAVEL)

    def __init__(self, *args, choices, has_travel: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["missing"].choices = [
            (choice, PresenceStatement.Missing(choice).label) for choice in choices
        ]
        if not has_travel:
            del self.fields["travel_minutes"]


class DisputeForm(LookedAgain):
    reason = forms.CharField(
        label=_("What is wrong with the hours?"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Write about the time only. Not a word about the client."),
    )

    field_order = ("reason", "is_checked")


class CorrectionForm(RealTimesForm):
    """A coordinator puts confirmed hours right, or strikes them."""

    nothing_counts = forms.BooleanField(label=_("Nothing of it counts"), required=False)
    reason = forms.ChoiceField(label=_("Why?"), choices=Why.choices, widget=forms.RadioSelect)


class TalkForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("How did it go?"), choices=Debriefing.Outcome.choices, widget=forms.RadioSelect
    )


def initial_times(thing: AssistanceRequest | TimeReport) -> dict:
    """Day and hours as they were planned, or reported so far."""
    start_at, end_at = in_warsaw(thing.start_at), in_warsaw(thing.end_at)
    return {"start_on": start_at.date(), "starts": start_at.time(), "ends": end_at.time()}


def initial_report(job: Assignment, report: TimeReport | None, last: TimeReport | None) -> dict:
    """As reported so far; otherwise as planned, with the way as it was the last time to this institution."""
    names = (
        "break_minutes",
        "travel_minutes",
        "travel_km",
        "outcome",
        "role_done",
        "wellbeing",
        "wants_to_talk",
    )
    if report:
        return initial_times(report) | {name: getattr(report, name) for name in names}
    way = {"travel_minutes": last.travel_minutes, "travel_km": last.travel_km} if last else {}
    rest = sum((end - start for start, end in breaks_of(job.request)), timedelta())
    planned = {"role_done": job.request.role, "break_minutes": int(rest.total_seconds() // 60)}
    return initial_times(job.request) | planned | way


def in_warsaw(moment: datetime) -> datetime:
    return moment.astimezone(WARSAW)
