"""An order on paper: asked for the first time, kept as a draft, or changed before anybody has agreed."""

from collections.abc import Mapping
from datetime import date
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from institutions.forms import DateField
from institutions.models import AssistanceRequest, Institution
from institutions.order_fields import OrderFields
from institutions.series import Repeat
from portal.clock import WARSAW


class ChosenDays(forms.CharField):
    """Several days, one a line or with commas; as a browser of a phone writes them, or as people do."""

    def clean(self, value) -> list[date]:
        text = super().clean(value)
        days = []
        for word in text.replace(",", " ").replace(";", " ").split():
            days.append(forms.DateField(input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y"]).clean(word))
        return days


class RequestForm(OrderFields):
    """A new request, or a draft. Whatever is refused, nothing typed is lost."""

    # Of this sheet of paper: the same one sent twice is one request.
    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    repeat = forms.ChoiceField(label=_("How often?"), choices=Repeat.choices, required=False)
    times = forms.IntegerField(
        label=_("How many meetings?"),
        required=False,
        min_value=2,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 2, "max": 12}),
        help_text=_("At most 12. Public holidays are left out."),
    )
    chosen = ChosenDays(
        label=_("The other days"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One after another, for example: 3.12.2026, 10.12.2026. At the same time of day."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        places = Institution.objects.filter(pk__in=[one.pk for one in self.institutions])
        self.fields["institution"] = forms.ModelChoiceField(
            places, label=capfirst(Institution._meta.verbose_name), empty_label=None
        )
        self.fields["times"].widget.attrs["max"] = settings.ASSISTANCE["series_longest"]
        if len(self.institutions) == 1:
            self.fields["institution"].required = False
            self.fields["institution"].widget = forms.HiddenInput()
            self.fields["institution"].initial = self.institutions[0].pk

    def clean(self):
        data = super().clean()
        if not data.get("institution") and len(self.institutions) == 1:
            data["institution"] = self.institutions[0]
        if not data.get("institution") and "institution" not in self.errors:
            self.add_error("institution", _("Please choose your institution."))
        return data

    @property
    def days(self) -> dict:
        """Arguments of series.days_of."""
        data = self.cleaned_data
        return {
            "repeat": data.get("repeat") or Repeat.NONE,
            "times": data.get("times") or 0,
            "chosen": data.get("chosen") or [],
        }


class ChangeForm(OrderFields):
    """A request that was sent and to which nobody has agreed yet."""

    start_on = DateField(
        label=_("Day"),
        help_text=_(
            "With less than two working days left, a meeting that you move becomes urgent by itself."
        ),
    )
    is_phone_enough = forms.BooleanField(
        label=_("The phone is enough, although it is long or hard, or children are there"), required=False
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


def initial_of(asked: AssistanceRequest, faces: Mapping[str, tuple] = (), *, with_time: bool = True) -> dict:
    """A form filled in like this request: to go on with a draft, to change it, or to ask again."""
    names = [name for name in OrderFields.Meta.fields if name not in ("sensitivities", "assistants_needed")]
    initial = {name: getattr(asked, name) for name in names} | {
        "institution": asked.institution_id,
        "sensitivities": asked.sensitivities,
        "assistants_needed": str(asked.assistants_needed),
        "minutes": asked.minutes,
        "talks": _talks_of(asked),
    }
    modes = [*(asked.ranked_modes or [asked.mode]), "", ""]
    initial |= {f"mode_{number}": modes[number - 1] for number in (1, 2, 3)}
    if with_time:
        start = timezone.localtime(asked.start_at, WARSAW)
        initial |= {"start_on": start.date(), "starts": start.time()}
    for key, (assistant, _label) in dict(faces).items():
        if assistant.pk == asked.preferred_assistant_id:
            initial["preferred_assistant"] = key
    return initial


def _talks_of(asked: AssistanceRequest) -> str:
    usual = settings.ASSISTANCE["briefing_minutes"] if asked.is_sensitive else 0
    return "" if asked.briefing_minutes == usual else str(asked.briefing_minutes)
