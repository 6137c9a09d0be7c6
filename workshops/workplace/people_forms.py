"""What a coordinator or a trainer fills in about people."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from participants.models import ConsentText
from portal.languages import OWN_NAMES

AT_MOST = 12


class PersonSearch(forms.Form):
    q = forms.CharField(
        label=_("Name or e-mail address"),
        min_length=3,
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class PeopleField(forms.Field):
    """Public numbers of people, from boxes and hidden fields of one name; one that is none is left out."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value) -> list[str]:
        ids = []
        for text in value or []:
            try:
                ids.append(str(forms.UUIDField().clean(text)))
            except forms.ValidationError:
                continue
        return list(dict.fromkeys(ids))[:AT_MOST]


class ChosenForm(forms.Form):
    """Who has been chosen so far, on the way to add several people together."""

    person = PeopleField(required=False)


class AddPeopleForm(forms.Form):
    person = PeopleField(error_messages={"required": _("Please choose at least one person.")})
    reason = forms.CharField(label=_("Why one more person than places?"), max_length=200, required=False)


class NewPersonForm(forms.Form):
    full_name = forms.CharField(
        label=_("Name as in the document"), max_length=150, help_text=_("In Latin letters.")
    )
    call_me = forms.CharField(
        label=_("What does the person want to be called?"), max_length=80, required=False
    )
    email = forms.EmailField(label=_("E-mail address"), required=False)
    language = forms.ChoiceField(label=_("Language of messages"), choices=settings.LANGUAGES)
    signed_on_paper = forms.BooleanField(
        label=_("The person has signed the consent on paper, in this language"),
        help_text=_("We keep which version of the text it was."),
        required=False,
    )
    reason = forms.CharField(
        label=_("Why one more person than places?"),
        max_length=200,
        required=False,
        help_text=_("Only if the workshop is full."),
    )


class WalkInForm(NewPersonForm):
    """The same on a phone, while others wait at the door."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["full_name"].label = _("Name")
        self.fields["full_name"].help_text = _("In Latin letters, as the person signs the list.")
        self.fields["email"].help_text = _("If the person has one, and wants to get messages.")


class PaperForm(forms.Form):
    """What a person has signed on paper besides the texts that everybody has to accept."""

    language = forms.ChoiceField(label=_("Language of the signed paper"), choices=list(OWN_NAMES.items()))
    purposes = forms.MultipleChoiceField(
        label=_("The person also agreed to"),
        choices=[
            (ConsentText.Purpose.PHOTOS, ConsentText.Purpose.PHOTOS.label),
            (ConsentText.Purpose.NEWSLETTER, ConsentText.Purpose.NEWSLETTER.label),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
