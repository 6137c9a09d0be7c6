"""Signing in. allauth does it; here it is told about our outbox, our people and our languages.

Every code, wherever it is asked for, goes the same way: six digits by e-mail, entered on one page. The row of
a stranger is written only when her code was right: nobody can fill the network with addresses of others.
"""

import uuid

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import EmailAddress, Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.core import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from portal import messages
from portal.languages import address_in, remember_language, site_language
from portal.models import User
from portal.names import name_key
from portal.refusals import Refused

#: Sentences of allauth's that stay as they are, named here so that our catalogues say them in every language.
KEPT_SENTENCES = [
    gettext_noop("You must type the same password each time."),
    gettext_noop("Forgot your password?"),
    gettext_noop("Use your password"),
    gettext_noop("Use authenticator app or code"),
    gettext_noop("Use a security key"),
]


class TooManyCodes(Refused):
    sentence = _("You have asked for several codes just now. Please wait a minute and try again.")
    field = "email"


def start_code_sign_in(
    request: HttpRequest, *, email: str, call_me: str, language: str, next_url: str
) -> HttpResponse:
    """Send a sign-in code to ``email`` and return the response to give back: the page that asks for the code.

    For newcomers and for people we know alike, and not to be told apart from outside. After the right code
    the person is signed in, her address is verified, and she lands on ``next_url`` (a path of this site in
    any language, with its query; it is shown in hers). What the view kept in ``request.session`` is there.

    An unknown address becomes a User only after the right code, with ``call_me`` and ``language`` as given;
    a known person keeps what she once told us. Give a validated address; spaces and capitals do not matter.

    Raises TooManyCodes (its ``field`` is "email") when the address or the computer has asked too often. For
    somebody who is not signed in, on a POST, and outside a transaction that may still be rolled back.
    """
    claim_a_code(request, email)
    return send_code(request, email=email, call_me=call_me, language=language, next_url=next_url)


def claim_a_code(request: HttpRequest, email: str) -> None:
    """Count one request for a code; raises TooManyCodes over the limit."""
    if not ratelimit.consume(request, action="request_login_code", key=email.strip().lower()):
        raise TooManyCodes


def send_code(
    request: HttpRequest, *, email: str, call_me: str, language: str, next_url: str
) -> HttpResponseRedirect:
    """The rest of ``start_code_sign_in``, for a form that has counted the request already."""
    newcomer = {"call_me": call_me.strip()[:80], "language": site_language(language)}
    CodeProcess.start(request, email=email.strip().lower(), newcomer=newcomer)
    query = urlencode({"next": next_url})
    return HttpResponseRedirect(f"{reverse('account_confirm_login_code')}?{query}")


class CodeProcess(LoginCodeVerificationProcess):
    """allauth's sign-in by code, which also lets a stranger in whose address has proved to be hers."""

    @classmethod
    def start(cls, request: HttpRequest, *, email: str, newcomer: dict[str, str]) -> None:
        user = User.objects.filter(email=email).first()
        login = Login(user=user, email=email)
        login.state["stages"] = {"current": LoginByCodeStage.key}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(
            cls.initial_state(user=user, email=email) | {"initiated_by_user": True, "newcomer": newcomer}
        )
        process = cls(stage=stage)
        process.send()
        process.persist()

    def send_by_email(self, email: str, skip_enumeration_mails: bool = False) -> None:
        newcomer = self.state.get("newcomer")
        if self.user or not newcomer:
            super().send_by_email(email, skip_enumeration_mails=skip_enumeration_mails)
            return
        context = {"code": self.generate_code(), "language": newcomer["language"]}
        AccountAdapter(self.request).send_mail("account/email/login_code", email, context)
        self.add_sent_message({"email": email, "recipient": email})

    def finish(self, redirect_url: str | None) -> HttpResponse:
        email = self.state["email"]
        self._user = self.user or welcome(email, **self.state["newcomer"])
        if self._user.email == email:
            confirm_address(self._user)
        return super().finish(redirect_url)


@transaction.atomic
def welcome(email: str, *, call_me: str, language: str) -> User:
    """The row of a person who has just shown that ``email`` is hers; an existing one stays as it is."""
    user = User.objects.select_for_update().filter(email=email).first()
    return user or User.objects.create_user(email, call_me=call_me, language=language)


@transaction.atomic
def confirm_address(user: User) -> None:
    """``user.email`` is known to be hers, and it alone: she can sign in with it, and with no older one."""
    addresses = EmailAddress.objects.filter(user=user)
    addresses.filter(verified=True).exclude(email=user.email).delete()
    addresses.exclude(email=user.email).update(primary=False)
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


@transaction.atomic
def save_person(user: User, *, address_changed: bool) -> None:
    """Save what an administrator typed about a person. A new address has yet to be shown to be hers."""
    user.name_key = name_key(user.full_name, user.call_me, user.name_original)
    if not user.password:
        user.set_unusable_password()
    user.save()
    if address_changed:
        EmailAddress.objects.filter(user=user).delete()


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "email_taken": _("This address belongs to another account."),
        "duplicate_email": _("This is already your address."),
        "enter_current_password": _("Please type your present password."),
        "incorrect_code": _("This code is not right. Please look at the newest e-mail from us."),
        "incorrect_password": _("This password is not right."),
        "same_as_current": _("This is the same as before."),
        "rate_limited": _("That was too often. Please wait a minute and try again."),
        "too_many_login_attempts": _("That was too often. Please wait some minutes and ask for a new code."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Every mail of allauth's is a message of ours, in the person's language, delivered by the worker."""
        recipient = User.objects.filter(email=email).first() or context.get("user")
        chosen = recipient.language if recipient else context.get("language")
        language = site_language(chosen or get_language())
        subject, text = messages.render(
            template_prefix, {**context, "email": email, "recipient": recipient}, language=language
        )
        messages.queue_to_address(
            email,
            key=f"{template_prefix}:{uuid.uuid4()}",
            subject=subject,
            text=text,
            language=language,
            recipient=recipient,
        )

    def post_login(self, request: HttpRequest, user: User, **kwargs) -> HttpResponse:
        """After signing in everything is in her language, whatever the page was in."""
        response = super().post_login(request, user, **kwargs)
        if isinstance(response, HttpResponseRedirect):
            response["Location"] = address_in(user.language, response["Location"])
        remember_language(response, user.language)
        return response


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": _("With a second lock you cannot add another address."),
        "cannot_delete_authenticator": _("You cannot remove this lock."),
        "cannot_generate_recovery_codes": _("Please add a second lock first."),
        "incorrect_code": _("This code is not right."),
        "unverified_email": _("Please confirm your e-mail address first."),
    }

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey {number}").format(number=number)

    def _get_site_name(self) -> str:
        return settings.SITE_NAME
