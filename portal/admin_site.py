"""Django's admin, for administrators only: for everybody else there is no such place.

Rows with rules of their own (registrations, attendance, requests, the ledger, the trails) can be read here
and are changed where their verbs are. What is changed here goes to the audit trail, without names.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _

from portal import audit


class Administration(admin.AdminSite):
    site_header = site_title = _("Administration")
    index_title = _("What there is")
    enable_nav_sidebar = False

    def register(self, model_or_iterable: object, admin_class: type | None = None, **options: object) -> None:
        """Only what the apps of the portal register: secrets of second locks stay out of sight."""
        if admin_class is not None and issubclass(admin_class, PlainAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def admin_view(self, view: Callable, cacheable: bool = False) -> Callable:
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def for_administrators(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            return guarded(request, *args, **kwargs)

        return for_administrators

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The one way in is the portal's own, with its second lock."""
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.GET.get("next") or resolve_url("admin:index"))


class PlainAdmin(admin.ModelAdmin):
    list_per_page = 50
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}


class AuditedAdmin(PlainAdmin):
    """What an administrator changes is written to the audit trail, instead of Django's own log."""

    def log_addition(self, request: HttpRequest, obj: models.Model, message: object) -> None:
        audit.record("administration.add", obj, by=request.user)

    def log_change(self, request: HttpRequest, obj: models.Model, message: object) -> None:
        parts = message if isinstance(message, list) else []
        changed = [field for part in parts for field in part.get("changed", {}).get("fields", [])]
        audit.record("administration.change", obj, by=request.user, fields=[str(name) for name in changed])

    def log_deletions(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        for row in queryset:
            audit.record("administration.delete", row, by=request.user)


class ReadOnlyAdmin(PlainAdmin):
    """To look at, not to change: a verb does that elsewhere, or nobody does."""

    actions = None

    def has_add_permission(self, request: HttpRequest, *args: object) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ReadOnlyInline(admin.TabularInline):
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False
