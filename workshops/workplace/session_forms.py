"""Forms for the dates of a workshop."""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from portal.languages import OWN_NAMES, is_right_to_left
from portal.refusals import Refused
from workshops import copies, series
from workshops.models import Session, Workshop
from workshops.schedule import times_on
from workshops.workplace.forms import DateField, OptionalReasonForm, TimeField, refuse


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


class ScopeField(forms.ChoiceField):
    """Which meetings of the row it is about. Nothing is asked where there is no other one."""

    def __init__(self, session: Session):
        rows = series.by_scope(session)
        self.coming = rows[series.Scope.COMING]
        is_alone = len(self.coming) < 2
        choices = [(scope, self._told(scope, len(row))) for scope, row in rows.items()]
        super().__init__(
            label=_("Which meetings?"),
            choices=choices[:1] if is_alone else choices,
            initial=series.Scope.ONLY,
            required=False,
            widget=forms.HiddenInput if is_alone else forms.RadioSelect,
        )

    @staticmethod
    def _told(scope: series.Scope, number: int) -> str:
        if scope == series.Scope.ONLY:
            return scope.label
        dates = ngettext_lazy("%(number)d date", "%(number)d dates", number) % {"number": number}
        return _("%(which)s: %(dates)s") % {"which": scope.label, "dates": dates}

    def clean(self, value):
        return series.Scope(super().clean(value) or series.Scope.ONLY)


class MoveForm(SessionForm):
    break_minutes = None

    def __init__(self, *args, session: Session, **kwargs):
        start = timezone.localtime(session.start_at)
        minutes = int((session.end_at - session.start_at).total_seconds() // 60)
        kwargs["initial"] = {"day": start.date(), "starts": start.time(), "minutes": minutes}
        super().__init__(*args, **kwargs)
        self.session = session
        self.fields["scope"] = scope = ScopeField(session)
        regular = [row.start_at for row in scope.coming if not row.is_exception]
        if len({timezone.localdate(start).weekday() for start in regular}) > 1:
            self.fields["same_weekday"] = forms.BooleanField(
                label=_("Only those on the same day of the week"), required=False, initial=True
            )

    def plan(self) -> dict:
        """What series.move takes."""
        data = self.cleaned_data
        return {name: data[name] for name in ("scope", "day", "starts", "minutes")} | {
            "same_weekday": data.get("same_weekday", False)
        }

    def preview(self) -> list[series.Move] | None:
        """All new times, before anybody is told; None where it cannot be."""
        if not self.is_valid():
            return None
        try:
            plan = series.moves(self.session, **self.plan())
            series.check_moves(self.session.workshop, plan)
        except Refused as no:
            refuse(self, no)
            return None
        return plan


class WeeklyForm(forms.Form):
    first_on = DateField(label=_("First day"))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days of the week"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Empty: the day of the week of the first day."),
    )
    every_weeks = forms.TypedChoiceField(
        label=_("How often"),
        choices=[
            (1, _("every week")),
            (2, _("every second week")),
            (3, _("every third week")),
            (4, _("every fourth week")),
        ],
        coerce=int,
        empty_value=1,
        initial=1,
        required=False,
    )
    until = DateField(label=_("Until this day"), required=False)
    times = forms.IntegerField(label=_("Or: how many meetings"), min_value=1, max_value=200, required=False)
    starts = TimeField(label=_("Start"))
    minutes = forms.IntegerField(
        label=_("Minutes from start to end"), min_value=15, max_value=12 * 60, initial=120
    )
    break_minutes = forms.IntegerField(
        label=_("Minutes of break in between"), min_value=0, max_value=240, initial=0
    )
    skip_holidays = forms.BooleanField(label=_("Leave out public holidays"), required=False, initial=True)

    def clean(self) -> dict:
        data = super().clean()
        if not {"until", "times"} & set(self.errors) and bool(data["until"]) == bool(data["times"]):
            self.add_error("until", _("Please write either the last day or how many meetings."))
        return data

    def preview(self) -> dict | None:
        """The meetings as they would be, and the holidays left out; None where the form has errors."""
        if not self.is_valid():
            return None
        data = self.cleaned_data
        rule = ("first_on", "weekdays", "every_weeks", "until", "times", "skip_holidays")
        try:
            days, skipped = series.days_of(**{name: data[name] for name in rule})
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
        self.fields["scope"] = ScopeField(session)

    def topics(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"topic_{code}"] for code in OWN_NAMES}


class CancelForm(OptionalReasonForm):
    def __init__(self, *args, session: Session, **kwargs):
        super().__init__(*args, **kwargs)
        self.session = session
        self.fields["scope"] = ScopeField(session)
        self.order_fields(["scope"])

    def preview(self) -> list[Session] | None:
        """The meetings that would be cancelled."""
        return series.concerned(self.session, self.cleaned_data["scope"]) if self.is_valid() else None


class CopyForm(forms.Form):
    first_on = DateField(
        label=_("First day"),
        required=False,
        help_text=_("Then the dates are copied too, on the same days of the week. Empty: without dates."),
    )
    skip_holidays = forms.BooleanField(label=_("Leave out public holidays"), required=False, initial=True)

    def __init__(self, *args, workshop: Workshop, **kwargs):
        super().__init__(*args, **kwargs)
        self.workshop = workshop

    def preview(self) -> copies.Dates | None:
        """The dates of the copy."""
        try:
            return copies.dates_from(self.workshop, **self.cleaned_data)
        except Refused as no:
            refuse(self, no)
            return None
