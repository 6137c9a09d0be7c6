"""Language, second factor and caching, page by page."""

import time
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.locale import LocaleMiddleware
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, get_language_from_path
from django.utils.translation import gettext as _

from portal import cards, kept_on_device
from portal.access import is_staff_anywhere
from portal.languages import OWN_NAMES, address_in, remember_language
from portal.models import User


class PersonLocaleMiddleware(LocaleMiddleware):
    """The address decides the language; without a prefix in it, the person's own choice, then her device's.

    Whoever goes from a page to the same page in another language has chosen it: it is kept in a cookie and,
    for a signed-in person, in her row. Other links (in a mail, from a friend) change nobody's choice.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if not get_language_from_path(request.path_info) and request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        chosen = self._just_chosen(request)
        if chosen:
            self._remember(request, response, chosen)
        return super().process_response(request, response)

    @staticmethod
    def _just_chosen(request: HttpRequest) -> str | None:
        language = get_language_from_path(request.path_info)
        referrer = urlsplit(request.headers.get("Referer", ""))
        if request.method != "GET" or not language or referrer.netloc != request.get_host():
            return None
        is_switch = referrer.path != request.path and address_in(language, referrer.path) == request.path
        return language if is_switch else None

    @staticmethod
    def _remember(request: HttpRequest, response: HttpResponse, language: str) -> None:
        if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) != language:
            remember_language(response, language)
        save_language(request.user, language)


def save_language(user, language: str) -> None:
    """The language follows her: to her mails, and to every device on which she signs in."""
    if user.is_authenticated and language in OWN_NAMES and user.language != language:
        User.objects.filter(pk=user.pk).update(language=language)
        user.language = language


class CardSessionMiddleware:
    """A session that a printed card opened ends when its time is over, and leads to no data of others."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        if not request.user.is_authenticated or not cards.is_open(request):
            return None
        if cards.has_ended(request):
            logout(request)
            return HttpResponseRedirect(request.get_full_path())
        page = request.path_info.removeprefix(f"/{get_language_from_path(request.path_info)}/")
        if page.startswith(cards.CLOSED_TO_CARDS):
            raise Http404
        return None


class SecondFactorMiddleware:
    """Staff enrol a second factor before anything else, where the setting asks for it.

    What was found is kept in the session for ten minutes, so that a page costs no query for it.
    """

    CHECKED = "second_factor_checked"
    CHECKED_FOR = 600
    OPEN_PAGES = frozenset({"account_logout", "account_reauthenticate", "account_change_password"})
    OPEN_PAGES |= {"account_set_password", "account_email", "account_email_verification_sent"}
    OPEN_PAGES |= {"access_panel", "set_language", "about", "contact", "privacy_notice", "accessibility"}

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        name = request.resolver_match.url_name or ""
        if (
            not settings.SECOND_FACTOR_REQUIRED_FOR_STAFF
            or name in self.OPEN_PAGES
            or name.startswith("mfa_")
            or not getattr(view, "login_required", True)
            or not request.user.is_authenticated
            or time.time() - request.session.get(self.CHECKED, 0) < self.CHECKED_FOR
        ):
            return None
        own = Authenticator.objects.filter(user=request.user).exclude(type=Authenticator.Type.RECOVERY_CODES)
        if not own.exists() and is_staff_anywhere(request.user):
            messages.warning(
                request, _("You work with data of other people. Please add a second lock first.")
            )
            return HttpResponseRedirect(reverse("mfa_index"))
        request.session[self.CHECKED] = int(time.time())
        return None


class PersonalPagesMiddleware:
    """Nothing that a signed-in person sees stays in a shared browser's cache (domain.md C3.4)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
        if request.user.is_authenticated or request.path_info.startswith(f"/{get_language()}/account/"):
            response["Cache-Control"] = "no-store, private"
        kept_on_device.clear_what_is_not_hers(request, response)
        return response
