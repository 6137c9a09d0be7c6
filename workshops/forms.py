"""What people fill in: filters of the list, and the short steps of a registration."""

from django import forms
from django.template.defaultfilters import linebreaks_filter
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participants.models import ConsentText
from portal.languages import SPOKEN_LANGUAGES
from workshops import search
from workshops.models import Registration


class FilterForm(forms.Form):
    """A value that leads nowhere any more is left out, so that an old link still shows something."""

    theme = forms.ChoiceField(label=_("What about"), required=False)
    town = forms.ChoiceField(label=_("Where"), required=False)
    language = forms.ChoiceField(label=_("Language of the workshop"), required=False)
    place = forms.ChoiceField(label=_("On site or online"), required=False)
    time = forms.ChoiceField(label=_("Time of day"), required=False)

    def __init__(self, data, *, choices: search.Choices):
        spoken = dict(SPOKEN_LANGUAGES)
        offered = {
            "theme": list(choices.themes.items()),
            "town": [(town, town) for town in choices.towns],
            "language": [(code, spoken.get(code, code)) for code in choices.languages],
            "place": search.Place.choices,
            "time": search.Time.choices,
        }
        known = {name: data[name] for name, pairs in offered.items() if data.get(name) in dict(pairs)}
        super().__init__(known, auto_id="filter_%s")
        anything = pgettext_lazy("no filter", "everything")
        for name, pairs in offered.items():
            self.fields[name].choices = [("", anything), *pairs]

    @property
    def criteria(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value}


class WhoForm(forms.Form):
    """Step 1 of a newcomer."""

    call_me = forms.CharField(
        label=_("What should we call you?"),
        help_text=_("Any name you like. It need not be the name in your documents."),
        max_length=80,
        error_messages={"required": _("Please write what we should call you.")},
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("We send you a code to it, and later the answers and reminders."),
        error_messages={
            "required": _("Please write your e-mail address."),
            "invalid": _("This is not an e-mail address. It looks like this: olena@example.org"),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "dir": "ltr"}),
    )


class RegistrationForm(forms.ModelForm):
    """One optional question, and the consents that are still needed."""

    class Meta:
        model = Registration
        fields = ["note"]
        help_texts = {"note": _("For example: I come with a child. Only the staff reads it.")}
        widgets = {"note": forms.Textarea(attrs={"rows": 3, "maxlength": 300})}

    def __init__(self, *args, texts: list[ConsentText] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.texts = list(texts)
        for text in self.texts:
            self.fields[self.name_of(text)] = forms.BooleanField(
                label=text.title,
                help_text=format_html(
                    '<div lang="{}">{}</div>', text.language, linebreaks_filter(text.body, autoescape=True)
                ),
                error_messages={
                    "required": _("We cannot register you without this. Please read it and tick the box.")
                },
            )
        self.order_fields([*[self.name_of(text) for text in self.texts], "note"])

    @staticmethod
    def name_of(text: ConsentText) -> str:
        return f"consent_{text.pk}"
