"""Forms around a signature list: printing it, its scan, the trainer's word."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.languages import OWN_NAMES
from workshops import scans, sheets
from workshops.models import Registration, SignatureSheet


class PrintForm(forms.Form):
    language = forms.ChoiceField(
        label=_("Language beside Polish"),
        choices=OWN_NAMES.items(),
        help_text=_("For a list in Polish only choose Polish."),
    )
    blank_rows = forms.IntegerField(
        label=_("Empty rows"),
        min_value=0,
        max_value=sheets.MOST_BLANK_ROWS,
        initial=settings.SHEET_BLANK_ROWS,
        help_text=_("For people who come without having registered."),
    )
    with_times = forms.BooleanField(
        label=_("With columns for the hours at which people come and leave"), required=False
    )


class SeveralFilesInput(forms.FileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """One file or more; their content is looked at by the verb."""

    widget = SeveralFilesInput(attrs={"accept": ",".join(["image/jpeg", "image/png", "application/pdf"])})

    def clean(self, data, initial=None):
        files = data if isinstance(data, list | tuple) else [data]
        return [super(SeveralFilesField, self).clean(file, initial) for file in files or [None]]


class ScanForm(forms.Form):
    scan = SeveralFilesField(
        label=_("Photographs of the signed list, or one PDF"),
        help_text=_("A phone offers its camera here. Several pages: choose all photographs at once."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scan"].error_messages["required"] = scans.NoScan.sentence

    def contents(self) -> list[bytes]:
        """Raises ScanTooBig before anything is read into memory."""
        files = self.cleaned_data["scan"]
        if sum(file.size for file in files) > settings.SCAN_MEGABYTES * 1024 * 1024:
            raise scans.ScanTooBig
        return [file.read() for file in files]


class SignedForm(forms.Form):
    """A box for each printed person. What cannot be read in a request is no person of this list."""

    def __init__(self, data=None, *, sheet: SignatureSheet, rows: list):
        super().__init__(data)
        self.sheet, self.rows = sheet, rows

    def signed(self) -> set[int]:
        if self.data.get("all"):
            return {row.registration_id for row in self.rows}
        return {int(number) for number in self.data.getlist("signed") if number.isdecimal()}


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, registration: Registration) -> str:
        return str(registration.user.get_full_name())


class EmptyRowForm(forms.Form):
    """Somebody with a place who is not printed on this list."""

    registration = PersonField(
        Registration.objects.none(), label=_("Who signed in an empty row?"), empty_label=_("Please choose")
    )

    def __init__(self, *args, sheet: SignatureSheet, **kwargs):
        super().__init__(*args, **kwargs)
        known = sheet.session.workshop.registrations.filter(confirmed_at__isnull=False)
        people = known.exclude(sheet_rows__sheet=sheet).select_related("user")
        field = self.fields["registration"]
        field.queryset = people.order_by("user__name_key", "id")
        #: Whose names the choice shows.
        self.rows = list(field.queryset)
        labels = [(row.pk, field.label_from_instance(row)) for row in self.rows]
        field.choices = [("", field.empty_label), *labels]


class CountersignForm(forms.Form):
    remark = forms.CharField(
        label=_("Remark"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed where paper and roll differ: why it stays so. No names, please."),
    )
