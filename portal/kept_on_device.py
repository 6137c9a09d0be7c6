"""What a page keeps on somebody's device, so that it works without signal, is hers alone.

A cookie says for whom something is kept; it names nobody. When she signs out, or when another person is
signed in, the answer tells the browser to clear its storage: on a shared phone nobody finds the names of her
group. When her session has just run out, marks that wait to be sent stay; the copies of pages go by the
site's script (static/js/site.js) and by their age.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

COOKIE = "kept_for"
#: Read by the worker that keeps copies of pages: without it nothing is kept.
HEADER = "X-Kept-For"
CLEAR = '"cache", "storage"'


def key_of(user) -> str:
    return salted_hmac("portal.kept_on_device", str(user.pk)).hexdigest()[:24]


def keep(response: HttpResponse, user) -> None:
    """Allow the browser to keep this page for ``user`` for some hours."""
    response[HEADER] = key_of(user)
    response.set_cookie(
        COOKIE,
        key_of(user),
        max_age=settings.SESSION_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def clear_what_is_not_hers(request: HttpRequest, response: HttpResponse) -> None:
    """After signing out everything goes; what was kept for somebody else goes when another person is here."""
    signs_out = request.method == "POST" and _name(request) == "account_logout"
    kept_for = request.COOKIES.get(COOKIE)
    is_another = request.user.is_authenticated and kept_for and kept_for != key_of(request.user)
    if signs_out or is_another:
        response["Clear-Site-Data"] = CLEAR
        if kept_for and COOKIE not in response.cookies:
            response.delete_cookie(COOKIE, samesite="Lax")


def _name(request: HttpRequest) -> str | None:
    return request.resolver_match.url_name if request.resolver_match else None
