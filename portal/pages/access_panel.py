"""The access panel: text size, contrast and colours, kept in cookies and working without JavaScript."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from portal.access import public
from portal.languages import OWN_NAMES, address_in, remember_language
from portal.middleware import save_language

#: What may be chosen; the first of each is the default and needs no cookie.
CHOICES = {
    "text_size": ["100", "125", "150"],
    "contrast": ["normal", "high"],
    "theme": ["auto", "light", "dark"],
}


def settings_of_display(request: HttpRequest) -> dict[str, str]:
    """The chosen display, for base.html; empty where it is the default or nonsense."""
    chosen = {name: request.COOKIES.get(name, "") for name in CHOICES}
    return {name: value if value in CHOICES[name][1:] else "" for name, value in chosen.items()}


@public
@require_POST
def access_panel(request: HttpRequest) -> HttpResponse:
    response = HttpResponseRedirect(_page_before(request))
    for name, values in CHOICES.items():
        value = request.POST.get(name)
        if value == values[0]:
            response.delete_cookie(name, samesite="Lax")
        elif value in values:
            response.set_cookie(
                name,
                value,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
    return response


@public
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """The same page in another language, which is kept: in a cookie, and in a signed-in person's row."""
    page, language = _page_before(request), request.POST.get("language")
    if language not in OWN_NAMES:
        return HttpResponseRedirect(page)
    response = HttpResponseRedirect(address_in(language, page))
    remember_language(response, language)
    save_language(request.user, language)
    return response


def _page_before(request: HttpRequest) -> str:
    """Where the person was, if that is a page of ours."""
    page = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return page if is_ours else reverse("home")
