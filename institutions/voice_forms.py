"""Forms for what people say afterwards. They check input; the verbs decide."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from institutions.forms import LookedAgain
from institutions.models import Assistant, Block, ClientSmile, Complaint, Feedback, Institution
from portal.models import User

MARKS = [
    (1, _("1: bad")),
    (2, "2"),
    (3, "3"),
    (4, "4"),
    (5, _("5: very good")),
]
YES_OR_NO = [("yes", pgettext_lazy("answer", "Yes")), ("no", pgettext_lazy("answer", "No"))]
LABELS = {
    "official": {
        "was_on_time": _("Was the assistant there on time?"),
        "understood": _("Did you and the client understand one another?"),
        "rating": _("How was it, on the whole?"),
        "would_again": _("Would you work with this assistant again?"),
    },
    "assistant": {
        "was_on_time": _("Did the meeting begin on time?"),
        "was_prepared": _("Were they prepared for you?"),
        "was_briefed": _("Did you know beforehand what you needed?"),
        "understood": _("Could you interpret well in this place?"),
        "rating": _("How was it, on the whole?"),
    },
}


class YesOrNo(forms.TypedChoiceField):
    def __init__(self, **kwargs):
        super().__init__(
            choices=YES_OR_NO,
            coerce=lambda value: value == "yes",
            empty_value=None,
            widget=forms.RadioSelect,
            required=False,
            **kwargs,
        )

    def prepare_value(self, value):
        return {True: "yes", False: "no"}.get(value, value)


class Mark(forms.TypedChoiceField):
    def __init__(self, **kwargs):
        super().__init__(choices=MARKS, coerce=int, empty_value=None, widget=forms.RadioSelect, **kwargs)


class FeedbackForm(LookedAgain):
    """A few taps and, if wanted, a sentence. ``side`` says what is asked."""

    comment = forms.CharField(
        label=_("What should we know?"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only the coordinators of the network read it. Not a word about the client."),
    )

    def __init__(self, *args, side: str, held: Feedback | None = None, **kwargs):
        self.asked = list(LABELS[side])
        first = {name: getattr(held, name) for name in [*self.asked, "comment"]} if held else {}
        super().__init__(*args, initial=first, **kwargs)
        for name in self.asked:
            label = LABELS[side][name]
            if name in ("understood", "rating"):
                self.fields[name] = Mark(label=label, required=name == "rating")
            else:
                self.fields[name] = YesOrNo(label=label)
        self.order_fields([*self.asked, "comment", "is_checked"])

    @property
    def taps(self) -> list:
        return [self[name] for name in self.asked]

    def answers(self) -> dict:
        """Arguments of feedback.give."""
        return self.cleaned_data


class ComplaintForm(LookedAgain):
    """``side`` says who complains; the coordinators of the network can be named."""

    about = forms.ChoiceField(
        label=_("Whom is it about?"),
        required=False,
        initial=Complaint.About.OTHER_SIDE,
        widget=forms.RadioSelect,
        help_text=_("Whoever of the network it is about neither reads it nor decides it."),
    )
    category = forms.ChoiceField(
        label=_("What is it about?"), choices=Complaint.Category.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("What happened?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("No names, no numbers, and not what was said at the meeting."),
    )

    field_order = ["about", "category", "text", "is_checked"]

    def __init__(self, *args, side: str, coordinators: list[User], **kwargs):
        super().__init__(*args, **kwargs)
        self.coordinators = {f"coordinator:{user.public_id}": user for user in coordinators}
        sides, about = Feedback.Side, Complaint.About
        other = sides.ASSISTANT if side == sides.OFFICIAL else sides.OFFICIAL
        named = _("the coordinator %(name)s")
        self.fields["about"].choices = [
            (about.OTHER_SIDE, other.label),
            (about.NETWORK, about.NETWORK.label),
            *((key, named % {"name": user.get_full_name()}) for key, user in self.coordinators.items()),
        ]

    def complaint(self) -> dict:
        """Arguments of complaints.complain."""
        chosen = self.cleaned_data["about"] or Complaint.About.OTHER_SIDE
        coordinator = self.coordinators.get(chosen)
        about = Complaint.About.COORDINATOR if coordinator else chosen
        return self.cleaned_data | {"about": about, "coordinator": coordinator}


class ViewForm(LookedAgain):
    text = forms.CharField(
        label=_("How do you see it?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Only the coordinators read it. Not a word about the client."),
    )

    field_order = ["text", "is_checked"]


class QuestionForm(LookedAgain):
    question = forms.CharField(
        label=_("What do you want to know from the other side?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "It reads this question and nothing else. Ask about facts, and do not say who complained."
        ),
    )

    field_order = ["question", "is_checked"]


class DecisionForm(LookedAgain):
    decision = forms.ChoiceField(
        label=_("Your decision"),
        choices=[
            (Complaint.State.UPHELD, Complaint.State.UPHELD.label),
            (Complaint.State.NOT_UPHELD, Complaint.State.NOT_UPHELD.label),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Answer to the person who complained"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What you found, and what you will do."),
    )

    field_order = ["decision", "answer", "is_checked"]


class BlockForm(forms.Form):
    """Who is not sent where any more, and why."""

    institution = forms.ModelChoiceField(
        Institution.objects.none(), label=_("Institution"), to_field_name="slug"
    )
    assistant = forms.ModelChoiceField(Assistant.objects.none(), label=_("Assistant"))
    reason = forms.ChoiceField(label=_("Why?"), choices=Block.Reason.choices, widget=forms.RadioSelect)

    def __init__(self, *args, institutions, assistants, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["institution"].queryset = institutions
        self.fields["assistant"].queryset = assistants


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("The code on the card"),
        max_length=30,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


#: Drawn, and named for those who do not see them.
FACES = [
    (ClientSmile.Face.GOOD, pgettext_lazy("face", "Good")),
    (ClientSmile.Face.SO_SO, pgettext_lazy("face", "So-so")),
    (ClientSmile.Face.BAD, pgettext_lazy("face", "Bad")),
]
