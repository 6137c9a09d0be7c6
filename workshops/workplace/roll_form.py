"""The roll of a session as a form: a mark, own times and, for a correction, a reason for each person."""

from dataclasses import dataclass

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from portal.models import User
from workshops.attendance import PARTLY, CorrectionNeedsReason, RollEntry, RollRefused
from workshops.models import Attendance, CheckIn, Registration, Session
from workshops.own_times import WrongTimes, moment_of, on_the_clock
from workshops.workplace.forms import TimeField

Mark = Attendance.Mark


def other_name(user: User) -> str:
    """The full name beside the one she goes by: there may be two of that in a group."""
    return user.full_name if user.full_name != str(user) else ""


@dataclass
class RollRow:
    """One person as the page shows her."""

    registration: Registration
    mark: BoundField
    came: BoundField
    left: BoundField
    reason: BoundField
    was: BoundField
    known: bool
    current: str
    is_expected: bool
    minutes: int
    check_in: CheckIn | None

    @property
    def other_name(self) -> str:
        return other_name(self.registration.user)

    @property
    def errors(self) -> str:
        fields = (self.mark, self.came, self.left, self.reason)
        return " ".join(str(error) for field in fields for error in field.errors)

    @property
    def asks_why(self) -> bool:
        """The reason is shown from the start: it was asked for, or is being written."""
        return bool(self.reason.errors or self.reason.value())

    @property
    def asks_times(self) -> bool:
        return bool(self.came.errors or self.left.errors)


class RollForm(forms.Form):
    """Fields are ``mark-<registration>`` and so on. ``was`` is what the page showed: who was not touched is
    left alone, so that two people who call the same roll do not undo each other's marks."""

    def __init__(
        self,
        *args,
        session: Session,
        registrations: list[Registration],
        known: dict[int, Attendance],
        check_ins: dict[int, CheckIn],
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.session, self.registrations, self.known = session, registrations, known
        self.check_ins = check_ins
        for row in registrations:
            self._add(row, known.get(row.pk))

    def _add(self, row: Registration, attendance: Attendance | None) -> None:
        mark = attendance.mark if attendance else Mark.UNKNOWN
        came, left = (
            (on_the_clock(attendance.came_at), on_the_clock(attendance.left_at)) if attendance else ("", "")
        )
        self.fields[f"mark-{row.pk}"] = forms.ChoiceField(choices=Mark.choices, required=False, initial=mark)
        self.fields[f"came-{row.pk}"] = TimeField(label=_("Came at"), required=False, initial=came)
        self.fields[f"left-{row.pk}"] = TimeField(label=_("Left at"), required=False, initial=left)
        self.fields[f"reason-{row.pk}"] = forms.CharField(
            label=_("Why is the mark changed?"), required=False, max_length=200
        )
        self.fields[f"was-{row.pk}"] = forms.CharField(
            required=False, initial=f"{mark}|{came}|{left}", widget=forms.HiddenInput
        )

    def rows(self) -> list[RollRow]:
        return [
            RollRow(
                registration=row,
                mark=self[f"mark-{row.pk}"],
                came=self[f"came-{row.pk}"],
                left=self[f"left-{row.pk}"],
                reason=self[f"reason-{row.pk}"],
                was=self[f"was-{row.pk}"],
                known=row.pk in self.known and self.known[row.pk].mark != Mark.UNKNOWN,
                current=self[f"mark-{row.pk}"].value() or Mark.UNKNOWN,
                is_expected=row.is_expected,
                minutes=self.known[row.pk].minutes if row.pk in self.known else 0,
                check_in=self.check_ins.get(row.pk),
            )
            for row in self.registrations
        ]

    def entries(self, *, others_present: bool = False) -> dict[int, RollEntry]:
        """What was touched. ``others_present``: everybody expected and not marked yet was there."""
        entries = {}
        for row in self.registrations:
            data = {
                name: self.cleaned_data.get(f"{name}-{row.pk}")
                for name in ("mark", "came", "left", "reason", "was")
            }
            if others_present and row.is_expected and data["mark"] == Mark.UNKNOWN:
                data["mark"] = Mark.PRESENT
            partly = data["mark"] in PARTLY
            came, left = (
                moment_of(self.session, data[name]) if partly else None for name in ("came", "left")
            )
            says = f"{data['mark']}|{on_the_clock(came)}|{on_the_clock(left)}"
            if data["mark"] and says != data["was"]:
                entries[row.pk] = RollEntry(data["mark"], reason=data["reason"], came_at=came, left_at=left)
        return entries

    def refuse(self, no: RollRefused) -> None:
        for pk, refusal in no.refusals.items():
            at_field = isinstance(refusal, CorrectionNeedsReason | WrongTimes)
            kind = refusal.field if at_field else "mark"
            self.add_error(f"{kind}-{pk}", str(refusal))
