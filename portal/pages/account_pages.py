"""The few pages around signing in that allauth has not got as we need them; and the account page."""

from allauth.account.views import ConfirmLoginCodeView, LoginView
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.accounts import CodeProcess
from portal.signup import PasswordLoginForm


class ConfirmCodeView(ConfirmLoginCodeView):
    """allauth's page for the code, through which newcomers come in too."""

    def _verify_form_valid(self, form) -> HttpResponse:
        return CodeProcess(stage=self.stage).finish(self.get_next_url())

    def _resend_form_valid(self, form) -> HttpResponse:
        self._process = CodeProcess(stage=self.stage)
        return super()._resend_form_valid(form)


class PasswordLoginView(LoginView):
    template_name = "account/login_password.html"

    def get_form_class(self):
        return PasswordLoginForm


confirm_code = ConfirmCodeView.as_view()
login_password = PasswordLoginView.as_view()


def account(request: HttpRequest) -> HttpResponse:
    """How I sign in: address, password, second lock."""
    second = Authenticator.objects.filter(user=request.user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return render(request, "account/account.html", {"has_second_factor": second.exists()})
