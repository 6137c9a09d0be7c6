"""Forms of the coordinator: filters, people, assistants."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import outcomes
from institutions.figures_wording import BEHIND_LINKS
from institutions.forms import OTHER_LANGUAGES, PhoneField
from institutions.models import AssistanceRequest, Institution
from projects.figures import Period

State = AssistanceRequest.State


class RequestFilter(forms.Form):
    """What the list shows; the state is in the address."""

    LOOKING, COMING, HOURS, OVER = "looking", "coming", "hours", "over"
    SHOWS = {
        LOOKING: AssistanceRequest.LOOKING,
        COMING: [State.CONFIRMED],
        HOURS: [State.AWAITING_REPORT, State.AWAITING_CONFIRMATION],
        OVER: [State.CLOSED, *AssistanceRequest.CALLED_OFF],
    }

    show = forms.ChoiceField(
        label=_("Which ones"),
        required=False,
        choices=[
            ("", _("all")),
            (LOOKING, _("without an assistant")),
            (COMING, _("with an assistant")),
            (HOURS, _("hours to write or confirm")),
            (OVER, _("done or cancelled")),
        ],
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("all")), *OTHER_LANGUAGES[1:]]
    )
    institution = forms.ModelChoiceField(
        Institution.objects.none(),
        label=_("Institution"),
        required=False,
        to_field_name="slug",
        empty_label=_("all"),
    )

    # What a page of figures links to: the requests behind a number.
    figure = forms.ChoiceField(required=False, choices=[(name, name) for name in outcomes.BEHIND])
    project = forms.SlugField(required=False)
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)
    urgency = forms.ChoiceField(required=False, choices=[("", ""), *AssistanceRequest.Urgency.choices])

    def __init__(self, *args, institutions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["institution"].queryset = institutions

    @property
    def behind(self) -> str:
        """What the number is called whose requests are shown, if any."""
        return str(BEHIND_LINKS.get(self.cleaned_data.get("figure"), ""))

    def narrow(self, requests):
        """The requests that were asked for; what makes no sense narrows nothing."""
        self.is_valid()
        data = self.cleaned_data
        if data.get("show"):
            requests = requests.filter(state__in=self.SHOWS[data["show"]])
        if data.get("language"):
            requests = requests.filter(language=data["language"])
        if data.get("institution"):
            requests = requests.filter(institution=data["institution"])
        if data.get("figure"):
            requests = outcomes.behind(
                requests,
                data["figure"],
                period=Period(data.get("since"), data.get("until")),
                now=timezone.now(),
                project=data.get("project", ""),
                urgency=data.get("urgency", ""),
            )
        return requests


class AssignForm(forms.Form):
    """Who goes; the reason is needed where she does not fit in every point."""

    assistant = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(required=False)


class PersonForm(forms.Form):
    """A person by her e-mail address; whoever is known already keeps her name and phone."""

    email = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("We write to this address how to sign in."),
    )
    full_name = forms.CharField(label=_("First name and surname"), max_length=150)
    phone = PhoneField(label=_("Phone"), required=False)
