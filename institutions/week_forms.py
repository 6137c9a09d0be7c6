"""Hours of a week, twice a day at most: when an assistant can help, and when a unit is open."""

from collections.abc import Iterable
from datetime import time

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from institutions.forms import DateField, TimeField
from institutions.models import Assistant, OpeningHours

Hours = tuple[int, time, time]


class WeekFields(forms.Form):
    """Two stretches of hours for each day of the week. ``held``: weekday, from, until, in order."""

    PARTS = (1, 2)

    def __init__(self, *args, held: Iterable[Hours], **kwargs):
        super().__init__(*args, **kwargs)
        parts: dict[int, list] = {day: [] for day in WEEKDAYS}
        for day, starts, ends in held:
            parts[day].append((starts, ends))
        for day in WEEKDAYS:
            for part in self.PARTS:
                starts, ends = parts[day][part - 1] if len(parts[day]) >= part else (None, None)
                for name, label, value in (("from", _("from"), starts), ("until", _("until"), ends)):
                    self.fields[f"{name}_{day}_{part}"] = TimeField(
                        label=label, required=False, initial=value
                    )

    def clean(self):
        data = super().clean()
        for day in WEEKDAYS:
            ended = None
            for part in self.PARTS:
                starts, ends = data.get(f"from_{day}_{part}"), data.get(f"until_{day}_{part}")
                if (starts is None) != (ends is None):
                    self.add_error(f"until_{day}_{part}", _("Please give both times, or none."))
                elif starts is not None and starts >= ends:
                    self.add_error(f"until_{day}_{part}", _("The end must be after the start."))
                elif starts is not None and ended is not None and starts < ended:
                    self.add_error(f"from_{day}_{part}", _("Please begin after the first hours have ended."))
                ended = ends
        return data

    @property
    def days(self) -> list[tuple]:
        return [
            (day, name, [(self[f"from_{day}_{part}"], self[f"until_{day}_{part}"]) for part in self.PARTS])
            for day, name in WEEKDAYS.items()
        ]

    def hours_of(self, day: int) -> list[tuple[time, time]]:
        data = self.cleaned_data
        pairs = [(data[f"from_{day}_{part}"], data[f"until_{day}_{part}"]) for part in self.PARTS]
        return [pair for pair in pairs if pair[0] is not None]

    def hours(self) -> list[Hours]:
        return [(day, *pair) for day in WEEKDAYS for pair in self.hours_of(day)]


class OpeningHoursForm(WeekFields):
    """When people can come to a unit."""

    def __init__(self, *args, hours: Iterable[OpeningHours], **kwargs):
        held = [(row.weekday, row.opens, row.closes) for row in hours]
        super().__init__(*args, held=held, **kwargs)


class WeekForm(WeekFields):
    """When an assistant can help; her hours of Monday can go to other days too."""

    shares_phone = forms.BooleanField(
        label=_("Show my phone number to the official"),
        required=False,
        help_text=_("Only from the moment you agree until a day after the meeting."),
    )
    same_days = forms.TypedMultipleChoiceField(
        label=_("The same hours on these days"),
        choices=list(WEEKDAYS.items())[1:],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, assistant: Assistant, **kwargs):
        held = [(row.weekday, row.starts, row.ends) for row in assistant.availability.all()]
        super().__init__(*args, held=held, **kwargs)
        self.fields["shares_phone"].initial = assistant.shares_phone

    def hours_of(self, day: int) -> list[tuple[time, time]]:
        return super().hours_of(0 if day in self.cleaned_data["same_days"] else day)


class ExtraHoursForm(forms.Form):
    day = DateField(label=_("Day"))
    starts = TimeField(label=_("from"))
    ends = TimeField(label=_("until"))


class DaysOffForm(forms.Form):
    starts_on = DateField(label=_("First day"))
    ends_on = DateField(label=_("Last day"))
