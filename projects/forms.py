from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from projects import staffing
from projects.models import Project, ProjectStaff


class AppointForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )
    full_name = forms.CharField(
        label=_("Name"),
        max_length=150,
        required=False,
        help_text=_("Only needed if the person has never used this portal."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Role"), choices=ProjectStaff.Role.choices, initial="trainer")

    def appoint(self, project: Project, *, by) -> ProjectStaff:
        return staffing.appoint(project, by=by, language=get_language(), **self.cleaned_data)
