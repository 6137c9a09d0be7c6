"""Who may enter a page. Who sees an object is a QuerySet's question, what is allowed now a verb's.

Every page needs a sign-in unless it is marked ``public``. A page that is not yours is a 404: whether it
exists is nobody's business.
"""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache

public = login_not_required


def allowed_to(test: Callable) -> Callable:
    """Decorator: only people for whom ``test(user)`` holds may enter; for others there is no such page."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not test(request.user):
                raise Http404
            return view(request, *args, **kwargs)

        return never_cache(guarded)

    return decorate


def is_staff_anywhere(user) -> bool:
    """Administrators and whoever an app calls staff (settings.STAFF_TESTS): they handle data of others."""
    return user.is_superuser or any(import_string(test)(user) for test in settings.STAFF_TESTS)
