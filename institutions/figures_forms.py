"""Which requests the figures are about; everything is in the address, so a page can be sent and kept."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django import forms
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from institutions.forms import OTHER_LANGUAGES, DateField
from institutions.models import AssistanceRequest, Institution
from institutions.outcomes import Scope
from projects.figures import Period
from projects.models import Project

MONTHS, QUARTERS = 12, 6
WHOLE, DAYS = "all", "days"


class PeriodForm(forms.Form):
    """A project and a month, a quarter, the whole project, or days; nothing chosen is this quarter."""

    project = forms.ModelChoiceField(
        Project.objects.none(),
        label=gettext_lazy("Project"),
        to_field_name="slug",
        required=False,
        empty_label=None,
    )
    period = forms.ChoiceField(label=gettext_lazy("When"), required=False)
    since = DateField(label=gettext_lazy("From"), required=False)
    until = DateField(label=gettext_lazy("Until"), required=False)

    def __init__(self, data, *args, projects, today=None, **kwargs):
        self.today = today or timezone.localdate()
        self.projects = list(projects)
        super().__init__(self._asked(data), *args, **kwargs)
        # The list is at hand: a field that asks the database again for each widget is one query too many.
        self.fields["project"] = forms.TypedChoiceField(
            label=self.fields["project"].label,
            choices=[(row.slug, row.title) for row in self.projects],
            coerce=lambda slug: next(row for row in self.projects if row.slug == slug),
        )
        if len(self.projects) == 1:
            self.fields["project"].widget = forms.HiddenInput()
        self.fields["period"].choices = self._periods()

    def _asked(self, data) -> dict:
        asked = {name: data.get(name, "") for name in self.base_fields}
        if not asked["project"] and self.projects:
            asked["project"] = self.projects[0].slug
        if not asked["period"]:
            days = asked["since"] or asked["until"]
            asked["period"] = DAYS if days else f"{self.today.year}-Q{(self.today.month - 1) // 3 + 1}"
        return asked

    def _periods(self) -> list:
        month, months, quarters = self.today.replace(day=1), [], []
        while len(months) < MONTHS or len(quarters) < QUARTERS:
            if len(months) < MONTHS:
                months.append((f"{month:%Y-%m}", formats.date_format(month, "YEAR_MONTH_FORMAT")))
            quarter = f"{month.year}-Q{(month.month - 1) // 3 + 1}"
            if quarter not in dict(quarters):
                words = {"number": (month.month - 1) // 3 + 1, "year": month.year}
                quarters.append((quarter, _("quarter %(number)s of %(year)s") % words))
            month = (month - timedelta(days=1)).replace(day=1)
        return [
            (_("Quarters"), quarters),
            (_("Months"), months),
            (WHOLE, _("the whole project")),
            (DAYS, _("from a day until a day")),
        ]

    def clean(self):
        data = super().clean()
        if data.get("period") != DAYS or self.errors:
            return data
        if not data.get("since"):
            self.add_error("since", _("Please choose the first day."))
        if not data.get("until"):
            self.add_error("until", _("Please choose the last day."))
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", _("The last day is before the first one."))
        return data

    @property
    def chosen(self) -> Period:
        data = self.cleaned_data
        if data["period"] == DAYS:
            return Period(data["since"], data["until"])
        if data["period"] == WHOLE:
            return Period(data["project"].starts_on, data["project"].ends_on)
        year, part = data["period"].split("-")
        if part.startswith("Q"):
            first = date(int(year), 3 * int(part[1]) - 2, 1)
            return Period(first, _last_day(first, 3))
        first = date(int(year), int(part), 1)
        return Period(first, _last_day(first, 1))

    @property
    def is_open(self) -> bool:
        """Whether what is folded away says something."""
        return self.data["period"] == DAYS or bool(self.errors)

    @property
    def query(self) -> str:
        """The same choice for another page."""
        return urlencode({name: value for name, value in self.data.items() if value})


class FiguresForm(PeriodForm):
    institution = forms.ChoiceField(label=gettext_lazy("Institution"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        choices=[("", gettext_lazy("all")), *OTHER_LANGUAGES[1:]],
    )
    urgency = forms.ChoiceField(
        label=gettext_lazy("Urgency"),
        required=False,
        choices=[("", gettext_lazy("all")), *AssistanceRequest.Urgency.choices],
    )

    def __init__(self, data, *args, institutions, **kwargs):
        super().__init__(data, *args, **kwargs)
        self.institutions = {row.slug: row for row in institutions}
        self.fields["institution"].choices = [
            ("", _("all")),
            *((row.slug, row.name) for row in self.institutions.values()),
        ]

    def clean_institution(self) -> Institution | None:
        return self.institutions.get(self.cleaned_data["institution"])

    @property
    def is_open(self) -> bool:
        return super().is_open or any(self.data[name] for name in ("institution", "language", "urgency"))

    @property
    def scope(self) -> Scope:
        data = self.cleaned_data
        return Scope(data["project"], self.chosen, data["institution"], data["language"], data["urgency"])


def _last_day(first: date, months: int) -> date:
    month = first.month - 1 + months
    return date(first.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
