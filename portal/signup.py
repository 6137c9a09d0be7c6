"""What people type to come in."""

import unicodedata

from allauth.account import forms as allauth_forms
from allauth.account.utils import get_next_redirect_url
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal import accounts
from portal.languages import OWN_NAMES, site_language


class EmailOnlyMixin:
    """One way to ask for an address, on every page."""

    email_field = "email"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields[self.email_field]
        field.label = _("Your e-mail address")
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs |= {"autocomplete": "email", "inputmode": "email", "dir": "ltr"}


class SignupForm(EmailOnlyMixin, allauth_forms.SignupForm):
    """A newcomer: her row is written when she has entered the code that goes to her address.

    A known address gets a sign-in code just the same, so that the page tells nobody who is known here.
    """

    field_order = ["call_me", "email", "language"]
    call_me = forms.CharField(
        label=_("What should we call you?"),
        help_text=_("Any name you like. It need not be the name in your documents."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    language = forms.ChoiceField(
        label=_("In which language should we write to you?"), choices=list(OWN_NAMES.items())
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = site_language(get_language())

    def validate_unique_email(self, value: str) -> str:
        return value

    def clean(self) -> dict:
        data = super().clean()
        if not self.errors:
            try:
                accounts.claim_a_code(context.request, data["email"])
            except accounts.TooManyCodes as no:
                self.add_error(no.field, str(no))
        return data

    def try_save(self, request: HttpRequest) -> tuple[None, HttpResponse]:
        response = accounts.send_code(
            request,
            email=self.cleaned_data["email"],
            call_me=self.cleaned_data["call_me"],
            language=self.cleaned_data["language"],
            next_url=get_next_redirect_url(request) or reverse(settings.LOGIN_REDIRECT_URL),
        )
        return None, response


class LoginForm(EmailOnlyMixin, allauth_forms.LoginForm):
    """The e-mail address alone; the code follows."""

    email_field = "login"


class PasswordWordsMixin:
    """Passwords by our own names; nothing stands in a field before she types."""

    LABELS = {
        "oldpassword": _("Your present password"),
        "password": _("Your password"),
        "password1": _("Your new password"),
        "password2": _("Your new password once more"),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.LABELS.keys() & self.fields.keys():
            self.fields[name].label = self.LABELS[name]
            self.fields[name].widget.attrs.pop("placeholder", None)


class PasswordLoginForm(PasswordWordsMixin, EmailOnlyMixin, allauth_forms.LoginForm):
    """For those who have set a password."""

    email_field = "login"

    def _setup_password_field(self) -> None:
        """allauth would leave the field out, as nobody has to choose a password when she joins."""


class RequestCodeForm(EmailOnlyMixin, allauth_forms.RequestLoginCodeForm):
    pass


class CodeFieldMixin:
    """Digits from a mail: pasted, filled in by the browser, or typed on any keyboard."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = _("Code from the e-mail")
        field.help_text = _("Six digits.")
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs |= {
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
            "autofocus": True,
            "dir": "ltr",
        }

    def clean_code(self) -> str:
        # An Arabic keyboard writes ٤٢, which are the same digits.
        typed = self.cleaned_data["code"]
        self.cleaned_data["code"] = "".join(str(unicodedata.digit(sign, sign)) for sign in typed)
        return super().clean_code()


class LoginCodeForm(CodeFieldMixin, allauth_forms.ConfirmLoginCodeForm):
    pass


class AddressCodeForm(CodeFieldMixin, allauth_forms.ConfirmEmailVerificationCodeForm):
    pass


class PasswordResetCodeForm(CodeFieldMixin, allauth_forms.ConfirmPasswordResetCodeForm):
    pass


class ResetPasswordForm(EmailOnlyMixin, allauth_forms.ResetPasswordForm):
    pass


class AddAddressForm(EmailOnlyMixin, allauth_forms.AddEmailForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Your new e-mail address")


class ChangePasswordForm(PasswordWordsMixin, allauth_forms.ChangePasswordForm):
    pass


class SetPasswordForm(PasswordWordsMixin, allauth_forms.SetPasswordForm):
    pass


class NewPasswordForm(PasswordWordsMixin, allauth_forms.ResetPasswordKeyForm):
    pass


class ShowPasswordForm(PasswordWordsMixin, allauth_forms.ReauthenticateForm):
    pass


class AppCodeMixin(CodeFieldMixin):
    """The same for the code of an app, or for one of the recovery codes, which are longer."""

    label = _("Code from the app")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = self.label
        self.fields["code"].help_text = ""


class AddAppForm(AppCodeMixin, ActivateTOTPForm):
    pass


class AnyCodeMixin(AppCodeMixin):
    label = _("Code from the app, or a recovery code")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "text"


class SecondLockForm(AnyCodeMixin, AuthenticateForm):
    pass


class SecondLockAgainForm(AnyCodeMixin, ReauthenticateForm):
    pass


class AddPasskeyForm(AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("A name for this passkey")
        self.fields["passwordless"].label = _("I want to sign in with this passkey alone")
        self.fields["passwordless"].help_text = _("It then asks for your finger, your face or a PIN.")


class RenamePasskeyForm(EditWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("A name for this passkey")
