"""Forms for the dates of a workshop."""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.languages import OWN_NAMES, is_right_to_left
from portal.refusals import Refused
from workshops.models import Session
from workshops.schedule import times_on, weekly_days
from workshops.workplace.forms import DateField, TimeField, refuse


class SessionForm(forms.Form):
    day = DateField(label=_("Day"))
    starts = TimeField(label=_("Start"))
    minutes = forms.IntegerField(
        label=_("Minutes from start to end"), min_value=15, max_value=12 * 60, initial=120
    )
    break_minutes = forms.IntegerField(
        label=_("Minutes of break in between"),
        min_value=0,
        max_value=240,
        initial=0,
        help_text=_("The break does not count in the hours."),
    )

    def times(self) -> dict:
        data = self.cleaned_data
        start, end = times_on(data["day"], data["starts"], data["minutes"])
        times = {"start_at": start, "end_at": end}
        return times | ({"break_minutes": data["break_minutes"]} if "break_minutes" in data else {})


class MoveForm(SessionForm):
    break_minutes = None

    def __init__(self, *args, session: Session, **kwargs):
        start = timezone.localtime(session.start_at)
        minutes = int((session.end_at - session.start_at).total_seconds() // 60)
        kwargs["initial"] = {"day": start.date(), "starts": start.time(), "minutes": minutes}
        super().__init__(*args, **kwargs)


class WeeklyForm(forms.Form):
    first_on = DateField(label=_("First day"))
    until = DateField(label=_("Each week until"))
    starts = TimeField(label=_("Start"))
    minutes = forms.IntegerField(
        label=_("Minutes from start to end"), min_value=15, max_value=12 * 60, initial=120
    )
    break_minutes = forms.IntegerField(
        label=_("Minutes of break in between"), min_value=0, max_value=240, initial=0
    )
    skip_holidays = forms.BooleanField(label=_("Leave out public holidays"), required=False, initial=True)

    def preview(self) -> dict | None:
        """The meetings as they would be, and the holidays left out; None where the form has errors."""
        if not self.is_valid():
            return None
        data = self.cleaned_data
        try:
            days, skipped = weekly_days(data["first_on"], data["until"], skip_holidays=data["skip_holidays"])
        except Refused as no:
            refuse(self, no)
            return None
        return {"times": [_span(day, data) for day in days], "skipped": skipped}


def _span(day, data: dict) -> tuple[datetime, datetime]:
    return times_on(day, data["starts"], data["minutes"])


class TopicForm(forms.Form):
    """Topic in six languages, and the break."""

    def __init__(self, *args, session: Session, **kwargs):
        super().__init__(*args, **kwargs)
        for code, name in OWN_NAMES.items():
            self.fields[f"topic_{code}"] = forms.CharField(
                label=_("%(text)s (%(language)s)") % {"text": _("Topic"), "language": name},
                required=False,
                max_length=160,
                initial=getattr(session, f"topic_{code}"),
                widget=forms.TextInput(
                    attrs={"lang": code, "dir": "rtl" if is_right_to_left(code) else "ltr"}
                ),
            )
        self.fields["break_minutes"] = forms.IntegerField(
            label=_("Minutes of break in between"),
            min_value=0,
            max_value=240,
            initial=session.break_minutes,
            help_text=_("The break does not count in the hours."),
        )

    def topics(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"topic_{code}"] for code in OWN_NAMES}
