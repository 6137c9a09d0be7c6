"""Forms of the workplace. They check input; what is allowed is decided by the verbs."""

from django import forms
from django.db.models import F, Min, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from portal.languages import OWN_NAMES, SPOKEN_LANGUAGES, is_right_to_left
from portal.models import User
from portal.refusals import Refused
from projects.models import Project, ProjectStaff, Theme
from workshops.models import Session, Workshop
from workshops.models.workshop import default_attendance_percent, default_capacity, default_offer_hours
from workshops.planning import FACTS, TEXTS, ChangedMeanwhile, last_edit

REMINDERS = [(10080, _("one week before")), (4320, _("3 days before")), (1440, _("1 day before")),
             (120, _("2 hours before"))]  # fmt: skip
LONG_TEXTS = ("description", "for_whom", "what_to_bring")


def refuse(form: forms.BaseForm, no: Refused) -> None:
    """Show a refusal beside the field it speaks of, or above the form."""
    form.add_error(no.field if no.field in form.fields else None, str(no))


class DateField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TimeField(forms.TimeField):
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class MomentField(forms.DateTimeField):
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class WorkshopFilter(forms.Form):
    class When:
        COMING, DRAFT, OVER, CANCELLED = "coming", "draft", "over", "cancelled"

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("all")),
            (When.COMING, _("with dates to come")),
            (When.DRAFT, _("drafts")),
            (When.OVER, _("over")),
            (When.CANCELLED, _("cancelled")),
        ],
    )
    project = forms.ModelChoiceField(
        Project.objects.none(), label=_("Project"), required=False, to_field_name="slug", empty_label=_("all")
    )
    q = forms.CharField(label=_("Title or town"), required=False, max_length=80)

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = Project.objects.coordinated_by(user)

    def chosen(self, workshops):
        """The workshops that fit; what cannot be read in the address is passed over."""
        self.is_valid()
        data = self.cleaned_data
        now = timezone.now()
        ahead = Q(sessions__state=Session.State.PLANNED, sessions__end_at__gt=now)
        coming = Workshop.objects.filter(ahead).values("pk")
        match data.get("state"):
            case self.When.COMING:
                workshops = workshops.filter(state=Workshop.State.PUBLISHED, pk__in=coming)
            case self.When.OVER:
                workshops = workshops.filter(state=Workshop.State.PUBLISHED).exclude(pk__in=coming)
            case self.When.DRAFT | self.When.CANCELLED as state:
                workshops = workshops.filter(state=state)
        if data.get("project"):
            workshops = workshops.filter(project=data["project"])
        if data.get("q"):
            titles = Q(town__icontains=data["q"])
            for code in OWN_NAMES:
                titles |= Q(**{f"title_{code}__icontains": data["q"]})
            workshops = workshops.filter(titles)
        # Drafts wait for her; then comes what is next; what is over follows, the newest first.
        is_draft = Q(state=Workshop.State.DRAFT)
        return (
            workshops.with_next_session(now)
            .annotate(is_draft=is_draft)
            .order_by("-is_draft", F("next_start_at").asc(nulls_last=True), "-created_at", "-id")
        )


class ThemeField(forms.ModelChoiceField):
    """Themes under the names of their projects: with the theme the project is chosen."""

    def group(self) -> None:
        groups: dict[str, list] = {}
        for theme in self.queryset:
            groups.setdefault(str(theme.project), []).append((theme.pk, str(theme)))
        self.choices = [("", _("Please choose")), *groups.items()]


class RequiredField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, workshop: Workshop) -> str:
        first = workshop.starts_at
        title = workshop.title or workshop.slug
        return f"{title} ({date_format(timezone.localtime(first), 'j.m.Y')})" if first else title


class WorkshopForm(forms.ModelForm):
    """All facts of a workshop, its texts in six languages side by side."""

    theme = ThemeField(Theme.objects.none(), label=_("Theme of the budget"))
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken"), choices=SPOKEN_LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    trainers = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Trainers"), required=False, widget=forms.CheckboxSelectMultiple
    )
    requires = RequiredField(
        Workshop.objects.none(),
        label=_("Finished before"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only people who were there often enough, or have the certificate, can register."),
    )
    remind_minutes = forms.TypedMultipleChoiceField(
        label=_("Reminders"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=REMINDERS,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "If you choose nothing: 3 days and 1 day before a single event, 1 day before weekly meetings."
        ),
    )
    online_link = Workshop._meta.get_field("online_link").formfield(assume_scheme="https")
    capacity = forms.IntegerField(
        label=_("Number of places"), min_value=1, max_value=2000, initial=default_capacity
    )
    priorities = forms.MultipleChoiceField(
        label=_("Who goes first on the waiting list"),
        required=False,
        choices=Workshop.Priority.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Everybody sees these rules. Without them the first to come is the first."),
    )
    offer_hours = forms.IntegerField(
        label=_("Hours to answer when a place is free"),
        min_value=1,
        max_value=336,
        initial=default_offer_hours,
        help_text=_("Shorter when the first meeting is near."),
    )
    attendance_percent = forms.IntegerField(
        label=_("Attendance needed (%)"),
        min_value=0,
        max_value=100,
        initial=default_attendance_percent,
        help_text=_(
            "For the certificate, and for the warning when somebody misses meetings. Usual are 50, 75 or 80."
        ),
        widget=forms.NumberInput(attrs={"list": "usual-percents", "inputmode": "numeric"}),
    )
    registration_opens_at = MomentField(label=_("Registration opens"), required=False)
    registration_closes_at = MomentField(
        label=_("Registration closes"),
        required=False,
        help_text=_("Empty: when the first meeting starts."),
    )

    # The last edit that this page shows: whoever saves over a newer one is told first.
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Workshop
        fields = [*FACTS]

    def __init__(self, *args, user: User, shown: list[str] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.shown = shown
        projects = Project.objects.coordinated_by(user)
        if self.instance.pk:
            projects = projects.filter(pk=self.instance.project_id)
            self.initial["trainers"] = [trainer.pk for trainer in self.instance.trainers.all()]
            self.initial["requires"] = [before.pk for before in self.instance.requires.all()]
            self.initial["seen"] = last_edit(self.instance)
        themes = Theme.objects.filter(project__in=projects).select_related("project")
        self.fields["theme"].queryset = themes.order_by("project", "position", "id")
        self.fields["theme"].group()
        leads = ProjectStaff.objects.serving(ProjectStaff.Role.TRAINER).filter(project__in=projects)
        self.fields["trainers"].queryset = User.objects.filter(
            Q(pk__in=leads.values("user")) | Q(pk__in=self.initial.get("trainers", []))
        )
        others = Workshop.objects.filter(project__in=projects, is_template=False)
        others = others.exclude(pk=self.instance.pk).exclude(kind=Workshop.Kind.EVENT)
        others = others.annotate(starts_at=Min("sessions__start_at"))
        self.fields["requires"].queryset = others.order_by(F("starts_at").desc(nulls_first=True), "-id")
        for text in TEXTS:
            for code in OWN_NAMES:
                self._dress(text, code)

    def _dress(self, text: str, code: str) -> None:
        """Name and direction of a text field in its language."""
        field = self.fields[f"{text}_{code}"]
        name = Workshop._meta.get_field(text).verbose_name
        field.label = _("%(text)s (%(language)s)") % {
            "text": capfirst(name),
            "language": OWN_NAMES[code],
        }
        if text in LONG_TEXTS:
            field.widget = forms.Textarea(attrs={"rows": 4})
        field.widget.attrs |= {"lang": code, "dir": "rtl" if is_right_to_left(code) else "ltr"}

    def clean(self) -> dict:
        data = super().clean()
        if not any(data.get(f"title_{code}") for code in OWN_NAMES):
            self.add_error("title_pl", _("Please write a title."))
        if "capacity" in data and (data.get("minimum") or 0) > data["capacity"]:
            self.add_error("minimum", _("The smallest group cannot be larger than the number of places."))
        youngest, oldest = data.get("min_age"), data.get("max_age")
        if youngest is not None and oldest is not None and oldest < youngest:
            self.add_error("max_age", _("The highest age cannot be lower than the lowest."))
        levels = Workshop.Level.values
        lowest, highest = data.get("min_level"), data.get("max_level")
        if lowest and highest and levels.index(highest) < levels.index(lowest):
            self.add_error("max_level", _("The highest level cannot be below the lowest."))
        opens, closes = data.get("registration_opens_at"), data.get("registration_closes_at")
        if opens and closes and closes <= opens:
            self.add_error("registration_closes_at", _("Registration must close after it opens."))
        return data

    def facts(self) -> dict:
        """What the verbs take."""
        facts = {name: value for name, value in self.cleaned_data.items() if name in FACTS}
        lists = {name: list(self.cleaned_data[name]) for name in ("trainers", "requires")}
        return facts | lists

    def show_changes_of_others(self, no: ChangedMeanwhile) -> None:
        """Mark what somebody else wrote meanwhile; to save again is then a decision."""
        self.add_error(None, str(no))
        for name in no.fields:
            told = getattr(no.workshop, f"get_{name}_display", None)
            value = told() if told else getattr(no.workshop, name)
            if name in ("trainers", "requires"):
                value = ", ".join(str(row) for row in getattr(no.workshop, name).all())
            self.add_error(name, _("Somebody else has written here meanwhile: %(text)s") % {"text": value})
        self.data = self.data.copy()
        self.data["seen"] = last_edit(no.workshop)

    def columns(self) -> list[dict]:
        """One for each language: its fields, how many are filled, and whether it is shown at first."""
        columns = []
        for code, name in OWN_NAMES.items():
            fields = [self[f"{text}_{code}"] for text in TEXTS]
            filled = sum(bool(field.value()) for field in fields)
            is_new = not self.instance.pk and code in ("pl", "en")
            shown = code in self.shown if self.is_bound else (filled or is_new or code == "pl")
            columns.append(
                {
                    "code": code,
                    "name": name,
                    "dir": "rtl" if is_right_to_left(code) else "ltr",
                    "fields": fields,
                    "filled": filled,
                    "has_title": bool(fields[0].value()),
                    "is_shown": bool(shown) or any(field.errors for field in fields),
                }
            )
        return columns


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"), max_length=200, help_text=_("Everybody in the workshop will read this.")
    )


class OptionalReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"),
        max_length=200,
        required=False,
        help_text=_("Everybody in the workshop will read this."),
    )
