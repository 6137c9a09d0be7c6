"""What an institution says about a request that was sent: another time, the address, an answer, an end.

They check input; the verbs decide.
"""

from collections.abc import Mapping

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from institutions.forms import OTHER_LANGUAGES, DateField, LookedAgain, TimeField, suggest_places
from institutions.models import AssistanceRequest, Mode, Unit
from institutions.order_fields import MOST_MINUTES, OrderFields
from institutions.requests import CANCELLATION_REASONS
from institutions.spellings import InUse
from portal.clock import local


class TimeForm(forms.Form):
    """Another time or place for a meeting to which somebody has agreed."""

    start_on = DateField(label=_("Day"))
    starts = TimeField(label=_("From what time"))
    minutes = forms.IntegerField(
        label=_("How many minutes?"),
        max_value=MOST_MINUTES,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 15, "max": 240, "step": 5}),
    )
    mode = forms.ChoiceField(label=_("How"), choices=Mode.choices, widget=forms.RadioSelect)
    town = forms.CharField(
        label=_("Town"),
        max_length=80,
        help_text=_("If it is another town, please give the new address when the assistant has agreed."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    PLACES = {"start_at": "start_on", "end_at": "minutes"}

    def __init__(self, *args, project: int, **kwargs):
        super().__init__(*args, **kwargs)
        suggest_places(self, InUse([project]))

    def proposal(self) -> dict:
        data = self.cleaned_data
        return {
            "start_at": local(data["start_on"], data["starts"]),
            "minutes": data["minutes"],
            "mode": data["mode"],
            "town": data["town"],
            "seen": data["seen"],
        }


class DetailsForm(LookedAgain, forms.ModelForm):
    """Where exactly, whom to ask for, what to prepare."""

    contact_phone = OrderFields.base_fields["contact_phone"]
    people_count = OrderFields.base_fields["people_count"]
    is_checked = OrderFields.base_fields["is_checked"]
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = AssistanceRequest
        fields = [
            "address",
            "link",
            "contact_name",
            "contact_phone",
            "briefing",
            "people_count",
            "case_reference",
        ]
        labels, help_texts, widgets = (
            OrderFields.Meta.labels,
            OrderFields.Meta.help_texts,
            OrderFields.Meta.widgets,
        )

    def _post_clean(self):
        """The verb changes the row."""


class AnswerForm(LookedAgain):
    answer = forms.CharField(
        label=_("Your answer"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Nothing by which one could know who the client is."),
    )
    is_checked = OrderFields.base_fields["is_checked"]


class RequestSearch(forms.Form):
    """What an official's list shows; a value that leads nowhere narrows nothing."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=capfirst(_("unit")), required=False, empty_label=_("all")
    )
    state = forms.ChoiceField(label=_("How it stands"), required=False)
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("all")), *OTHER_LANGUAGES[1:]]
    )

    def __init__(self, data, *, units, states: Mapping[str, str]):
        super().__init__(data, auto_id="filter_%s")
        self.fields["unit"].queryset = units
        self.fields["state"].choices = [("", _("all")), *states.items()]

    @property
    def criteria(self) -> dict:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class CancelForm(forms.Form):
    """Why it is called off; in a series, how many."""

    ONLY, FOLLOWING = "only", "following"

    reason = forms.ChoiceField(
        label=_("Why?"),
        widget=forms.RadioSelect,
        choices=[(reason.value, reason.label) for reason in CANCELLATION_REASONS],
    )
    scope = forms.ChoiceField(
        label=_("Which meetings?"),
        widget=forms.RadioSelect,
        initial=ONLY,
        choices=[(ONLY, _("only this one")), (FOLLOWING, _("this one and all later ones"))],
    )

    def __init__(self, *args, later: int, **kwargs):
        super().__init__(*args, **kwargs)
        if later < 2:
            del self.fields["scope"]
