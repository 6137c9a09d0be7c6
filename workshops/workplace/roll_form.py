"""The roll of a session as a form: a mark, minutes and, for a correction, a reason for each person."""

from dataclasses import dataclass

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from portal.models import User
from workshops.attendance import PARTLY, CorrectionNeedsReason, RollEntry, RollRefused, WrongMinutes
from workshops.models import Attendance, Registration, Session

Mark = Attendance.Mark


def other_name(user: User) -> str:
    """The full name beside the one she goes by: there may be two of that in a group."""
    return user.full_name if user.full_name != str(user) else ""


@dataclass
class RollRow:
    """One person as the page shows her."""

    registration: Registration
    mark: BoundField
    minutes: BoundField
    reason: BoundField
    was: BoundField
    known: bool
    current: str
    is_expected: bool

    @property
    def other_name(self) -> str:
        return other_name(self.registration.user)

    @property
    def errors(self) -> str:
        return " ".join(str(e) for field in (self.mark, self.minutes, self.reason) for e in field.errors)

    @property
    def asks_why(self) -> bool:
        """The reason is shown from the start: it was asked for, or is being written."""
        return bool(self.reason.errors or self.reason.value())


class RollForm(forms.Form):
    """Fields are ``mark-<registration>`` and so on. ``was`` is what the page showed: who was not touched is
    left alone, so that two people who call the same roll do not undo each other's marks."""

    def __init__(self, *args, session: Session, registrations: list[Registration], known: dict, **kwargs):
        super().__init__(*args, **kwargs)
        self.session, self.registrations, self.known = session, registrations, known
        for row in registrations:
            self._add(row, known.get(row.pk))

    def _add(self, row: Registration, attendance: Attendance | None) -> None:
        mark = attendance.mark if attendance else Mark.UNKNOWN
        minutes = attendance.minutes if attendance and attendance.mark in PARTLY else None
        self.fields[f"mark-{row.pk}"] = forms.ChoiceField(choices=Mark.choices, required=False, initial=mark)
        self.fields[f"minutes-{row.pk}"] = forms.IntegerField(
            label=_("Minutes there"),
            required=False,
            min_value=1,
            max_value=self.session.minutes,
            initial=minutes,
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        )
        self.fields[f"reason-{row.pk}"] = forms.CharField(
            label=_("Why is the mark changed?"), required=False, max_length=200
        )
        self.fields[f"was-{row.pk}"] = forms.CharField(
            required=False, initial=f"{mark}:{minutes or ''}", widget=forms.HiddenInput
        )

    def rows(self) -> list[RollRow]:
        return [
            RollRow(
                registration=row,
                mark=self[f"mark-{row.pk}"],
                minutes=self[f"minutes-{row.pk}"],
                reason=self[f"reason-{row.pk}"],
                was=self[f"was-{row.pk}"],
                known=row.pk in self.known and self.known[row.pk].mark != Mark.UNKNOWN,
                current=self[f"mark-{row.pk}"].value() or Mark.UNKNOWN,
                is_expected=row.is_expected,
            )
            for row in self.registrations
        ]

    def entries(self, *, others_present: bool = False) -> dict[int, RollEntry]:
        """What was touched. ``others_present``: everybody expected and not marked yet was there."""
        entries = {}
        for row in self.registrations:
            data = {
                name: self.cleaned_data.get(f"{name}-{row.pk}")
                for name in ("mark", "minutes", "reason", "was")
            }
            if others_present and row.is_expected and data["mark"] == Mark.UNKNOWN:
                data["mark"] = Mark.PRESENT
            minutes = data["minutes"] if data["mark"] in PARTLY else None
            if data["mark"] and f"{data['mark']}:{minutes or ''}" != data["was"]:
                entries[row.pk] = RollEntry(data["mark"], minutes, data["reason"])
        return entries

    def refuse(self, no: RollRefused) -> None:
        for pk, refusal in no.refusals.items():
            kind = {CorrectionNeedsReason: "reason", WrongMinutes: "minutes"}.get(type(refusal), "mark")
            self.add_error(f"{kind}-{pk}", str(refusal))
