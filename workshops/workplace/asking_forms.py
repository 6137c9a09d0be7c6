"""Forms for what is asked: a question in six languages, and the level that was found."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import get_translation_fields

from portal.languages import OWN_NAMES, is_right_to_left
from workshops.models import Placement, Question
from workshops.questions import FACTS
from workshops.workplace.forms import DateField


class QuestionForm(forms.ModelForm):
    class Meta:
        model = Question
        fields = ["kind", "is_required", "is_sensitive", *get_translation_fields("text", "choices")]
        help_texts = {
            "is_sensitive": _(
                "For example health or faith. Only the staff of this workshop reads the answers, "
                "and they are deleted after the last meeting."
            )
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for code, name in OWN_NAMES.items():
            direction = {"lang": code, "dir": "rtl" if is_right_to_left(code) else "ltr"}
            text, choices = self.fields[f"text_{code}"], self.fields[f"choices_{code}"]
            text.label = _("Question (%(language)s)") % {"language": name}
            text.required = code == "pl"
            choices.label = _("Choices (%(language)s)") % {"language": name}
            choices.help_text = _("One on each line, in the same order in each language.")
            choices.required = False
            text.widget.attrs |= direction
            choices.widget = forms.Textarea(attrs={"rows": 3} | direction)

    def facts(self) -> dict:
        """What the verbs take. Lines end as everywhere, so that they can be counted and compared."""
        facts = {name: value for name, value in self.cleaned_data.items() if name in FACTS}
        return facts | {
            name: "\n".join((facts[name] or "").splitlines()) for name in get_translation_fields("choices")
        }

    def columns(self) -> list[dict]:
        """One for each language."""
        return [
            {"code": code, "name": name, "fields": [self[f"text_{code}"], self[f"choices_{code}"]]}
            for code, name in OWN_NAMES.items()
        ]


class PlacementForm(forms.ModelForm):
    placed_on = DateField(label=_("Found on"))

    class Meta:
        model = Placement
        fields = ["latin_script", "test_score", "interview_level", "placed_level", "placed_on"]

    def __init__(self, *args, last: Placement | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["placed_on"] = timezone.localdate()
        if last:
            self.initial["latin_script"] = last.latin_script
        self.fields["test_score"].max_value = 100
        self.fields["test_score"].validators.append(forms.fields.validators.MaxValueValidator(100))
        self.fields["test_score"].widget.attrs |= {"max": 100, "inputmode": "numeric"}
        self.fields["placed_level"].required = True
        self.fields["placed_level"].label = _("Level found")
        self.fields["interview_level"].label = _("Level in the talk")
