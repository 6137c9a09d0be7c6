"""Forms about certificates: the name on them, a code to check, a draft to put right, a reason."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.languages import OWN_NAMES
from workshops.models import Certificate, Workshop

LANGUAGES = [
    (code, _("only Polish") if code == settings.LANGUAGE_CODE else name) for code, name in OWN_NAMES.items()
]


class CertificateNameForm(forms.Form):
    printed_name = forms.CharField(
        label=_("Your name as you want it printed"),
        max_length=150,
        help_text=_("For example as it stands in your document. You can use your own letters."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    language = forms.ChoiceField(label=_("Language beside Polish"), choices=LANGUAGES)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code of the certificate"),
        max_length=60,
        help_text=_(
            "It is at the end of the address beside the square picture. Big or small letters do not matter."
        ),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "dir": "ltr"}
        ),
    )


class DraftForm(forms.Form):
    printed_name = forms.CharField(
        label=_("Name to print"), max_length=150, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    language = forms.ChoiceField(label=_("Language beside Polish"), choices=LANGUAGES)
    level = forms.ChoiceField(
        label=_("Level"),
        required=False,
        choices=[("", _("no level is printed")), *Workshop.Level.choices],
    )
    test_result = forms.IntegerField(
        label=_("Result of the test (%)"), required=False, min_value=0, max_value=100
    )

    @staticmethod
    def facts_of(certificate: Certificate) -> dict:
        return {
            "printed_name": certificate.printed_name,
            "language": certificate.language,
            "level": certificate.level,
            "test_result": certificate.test_result,
        }


class ExceptionForm(forms.Form):
    override_reason = forms.CharField(
        label=_("Why is an exception made?"),
        max_length=200,
        help_text=_("It is kept with the certificate and is not printed."),
    )


class ReissueForm(ExceptionForm):
    override_reason = forms.CharField(
        label=_("Why is an exception made?"),
        max_length=200,
        required=False,
        help_text=_("Only if the attendance is not enough."),
    )


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"), max_length=200, help_text=_("The person will read this. Nobody else is told.")
    )
