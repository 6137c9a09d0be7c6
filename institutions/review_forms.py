"""What a coordinator fills in about a request that waits for her."""

from django import forms
from django.utils.translation import gettext_lazy as _

from institutions.forms import LookedAgain
from institutions.models import AssistanceRequest
from institutions.order_rules import is_long_for_one
from institutions.request_forms import RequestForm
from institutions.reviews import DECLINE_REASONS


class TakeOnForm(forms.Form):
    """For a long meeting the number of assistants is asked; who chooses can always be changed."""

    assistants_needed = forms.TypedChoiceField(
        label=_("The meeting is long. How many assistants?"),
        choices=[("2", _("two, who take turns")), ("1", _("one is enough, the institution plans breaks"))],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    choice = forms.ChoiceField(
        label=_("Who chooses the assistant?"),
        choices=AssistanceRequest.Choice.choices,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, asked: AssistanceRequest, **kwargs):
        super().__init__(*args, prefix="take_on", **kwargs)
        self.fields["choice"].initial = asked.choice
        self.fields["assistants_needed"].is_optional = False
        if not is_long_for_one(asked):
            del self.fields["assistants_needed"]


class AskForm(LookedAgain):
    text = forms.CharField(
        label=_("Your question"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Never about who the client is."),
    )

    field_order = ("text", "is_checked")


class DeclineForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why not?"),
        widget=forms.RadioSelect,
        choices=[(reason.value, reason.label) for reason in DECLINE_REASONS],
    )


class OrderByPhoneForm(RequestForm):
    """The same order, for any institution of the network, once."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("repeat", "times", "chosen"):
            del self.fields[name]
