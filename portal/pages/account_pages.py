"""The few pages around signing in that allauth has not got as we need them; and the account page."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import ConfirmLoginCodeView, LoginView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal import cards
from portal.accounts import CodeProcess
from portal.signup import PasswordLoginForm


class ConfirmCodeView(ConfirmLoginCodeView):
    """allauth's page for the code, through which newcomers come in too."""

    def get_context_data(self, **kwargs) -> dict:
        # For somebody who registers for a workshop this page is the third step.
        is_registering = "/register/" in (self.get_next_url() or "")
        return super().get_context_data(**kwargs) | {"is_registering": is_registering}

    def _verify_form_valid(self, form) -> HttpResponse:
        return CodeProcess(stage=self.stage).finish(self.get_next_url())

    def _resend_form_valid(self, form) -> HttpResponse:
        self._process = CodeProcess(stage=self.stage)
        return super()._resend_form_valid(form)


class PasswordLoginView(LoginView):
    template_name = "account/login_password.html"

    def get_form_class(self):
        return PasswordLoginForm


class ProvenMixin:
    """Whoever has just added a lock has used it: she sees her recovery codes without showing it once more."""

    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        record_authentication(self.request, self.request.user, method="mfa", reauthenticated=True)
        return response


class AddAppView(ProvenMixin, ActivateTOTPView):
    pass


class AddPasskeyView(ProvenMixin, AddWebAuthnView):
    pass


confirm_code = ConfirmCodeView.as_view()
login_password = PasswordLoginView.as_view()
add_app = AddAppView.as_view()
add_passkey = AddPasskeyView.as_view()


def account(request: HttpRequest) -> HttpResponse:
    """How I sign in: address, password, second lock."""
    second = Authenticator.objects.filter(user=request.user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    context = {"has_second_factor": second.exists(), "is_by_card": cards.is_open(request)}
    return render(request, "account/account.html", context)
