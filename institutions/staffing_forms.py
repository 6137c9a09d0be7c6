"""Forms of finding somebody."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from institutions.models import Assistant, RequestTransition
from institutions.staffing import BY_HAND_REASONS, REPLACEMENT_REASONS

Reason = RequestTransition.Reason


class ReplaceForm(forms.Form):
    """Why somebody else goes, and who."""

    reason = forms.ChoiceField(
        label=_("Why does somebody else go?"),
        choices=[("", "---"), *((reason.value, reason.label) for reason in REPLACEMENT_REASONS)],
    )
    who = forms.ChoiceField(
        label=_("Who goes instead?"),
        required=False,
        help_text=_("The best come first. Whoever is chosen here is told at once and need not agree."),
    )
    misfit_reason = forms.ChoiceField(
        label=_("Why this one, if something does not fit?"),
        required=False,
        choices=[("", "---"), *((reason.value, reason.label) for reason in BY_HAND_REASONS)],
    )

    def __init__(self, *args, candidates, **kwargs):
        super().__init__(*args, **kwargs)
        self.candidates = {str(one.assistant.user.public_id): one for one in candidates}
        self.fields["who"].choices = [
            ("", _("whoever is found: assistants are asked")),
            *((pk, _label(one)) for pk, one in self.candidates.items()),
        ]

    def assistant(self) -> Assistant | None:
        one = self.candidates.get(self.cleaned_data["who"])
        return one.assistant if one else None

    def why(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("reason", "misfit_reason")}


def _label(one) -> str:
    name = one.assistant.user.get_full_name()
    if one.fits:
        return pgettext("an assistant in a list", "%(name)s: fits in every point") % {"name": name}
    return pgettext("an assistant in a list", "%(name)s: does not fit in every point") % {"name": name}
