"""Forms for hours written by hand and for calls: they check input, verbs decide what is allowed."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models import User
from portal.refusals import Refused
from workshops import manual_hours
from workshops.models import CallTask, ManualHours, Registration, Workshop
from workshops.workplace.forms import DateField, refuse


class PersonChoice(forms.ModelChoiceField):
    """People by the name they go by, and the one in their document where there may be two of the first."""

    def label_from_instance(self, row: Registration) -> str:
        person = row.user
        if person.full_name and person.full_name != str(person):
            return f"{person.full_name} ({person})"
        return str(person)


class ManualHoursForm(forms.Form):
    person = PersonChoice(
        queryset=Registration.objects.none(), label=_("Person"), to_field_name="public_id", empty_label="–"
    )
    on = DateField(label=_("Day"))
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=1440,
        help_text=_("Clock minutes, without breaks: 90 for two lessons of 45 minutes."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    reason = forms.CharField(
        label=_("What was it?"),
        max_length=200,
        help_text=_("For example: a lesson made up for, one to one. Nothing about health or family."),
    )
    even_so = forms.BooleanField(
        label=_("These are other hours than those of the meeting on that day"), required=False
    )

    def __init__(self, *args, workshop: Workshop, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        people = workshop.registrations.filter(confirmed_at__isnull=False).exclude(user=by)
        person = self.fields["person"]
        person.queryset = people.select_related("user").order_by("user__name_key", "id")
        #: Whose names the choice shows.
        self.rows = list(person.queryset)
        labels = [(str(row.public_id), person.label_from_instance(row)) for row in self.rows]
        person.choices = [("", person.empty_label), *labels]
        self.fields["on"].widget.attrs["max"] = timezone.localdate().isoformat()
        if not self.data.get("even_so"):
            self.fields["even_so"].widget = forms.HiddenInput()

    def enter(self, *, by: User) -> ManualHours:
        data = self.cleaned_data
        return manual_hours.enter(
            data["person"],
            on=data["on"],
            minutes=data["minutes"],
            reason=data["reason"],
            by=by,
            even_so=data["even_so"],
        )

    def refuse(self, no: Refused) -> None:
        """The box that says "even so" is there only once it has a meaning."""
        if isinstance(no, manual_hours.DoublesMeeting):
            self.fields["even_so"].widget = forms.CheckboxInput()
        refuse(self, no)


class NoteForm(forms.Form):
    note = forms.CharField(label=_("Why?"), max_length=200)


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What did you agree on?"), choices=CallTask.Outcome.choices, widget=forms.RadioSelect
    )
    frees_place = forms.BooleanField(
        label=_("If she leaves: take her place back, so that the next person can have it"), required=False
    )
