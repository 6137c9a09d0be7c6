from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from portal import accounts, audit
from portal.admin_site import AuditedAdmin, ReadOnlyAdmin
from portal.models import (
    AuditEntry,
    CalendarFeed,
    ContactPreference,
    DiaryEntry,
    Message,
    OneTimeCard,
    ReadEntry,
    User,
)
from portal.names import name_key


class ContactPreferenceInline(admin.StackedInline):
    model = ContactPreference
    extra = 0


class PersonForm(forms.ModelForm):
    def clean_email(self) -> str | None:
        return (self.cleaned_data["email"] or "").strip().lower() or None


@admin.register(User)
class UserAdmin(AuditedAdmin):
    form = PersonForm
    list_display = ["call_me", "full_name", "email", "language", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser", "language"]
    search_fields = ["name_key", "email"]
    fields = [
        ("full_name", "name_original", "call_me"),
        ("email", "phone"),
        "language",
        ("is_active", "is_staff", "is_superuser"),
        ("public_id", "date_joined", "last_login"),
    ]
    readonly_fields = ["public_id", "date_joined", "last_login"]
    inlines = [ContactPreferenceInline]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        folded = name_key(search_term)
        if folded:
            queryset = queryset.filter(Q(name_key__contains=folded) | Q(email__icontains=search_term))
        return queryset, False

    def save_model(self, request: HttpRequest, obj: User, form: object, change: bool) -> None:
        accounts.save_person(obj, address_changed="email" in form.changed_data)

    def change_view(self, request: HttpRequest, object_id: str, *args, **kwargs) -> HttpResponse:
        person = self.get_object(request, object_id)
        if person is not None and request.method == "GET":
            audit.record_reading(person, "person", by=request.user, purpose="administration")
        return super().change_view(request, object_id, *args, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False  # an erasure is more than a deleted row


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """When, to whom and what about; the text of a message with a code is not shown."""

    list_display = ["due_at", "kind", "address", "language", "state", "attempts", "last_error"]
    list_filter = ["state", "kind", "language"]
    search_fields = ["address"]
    date_hierarchy = "due_at"
    exclude = ["text", "calendar"]
    readonly_fields = ["readable_text"]

    @admin.display(description=_("text"))
    def readable_text(self, message: Message) -> str:
        return _("(not shown: it may hold a code)") if message.is_secret else message.text


@admin.register(OneTimeCard)
class OneTimeCardAdmin(ReadOnlyAdmin):
    list_display = ["issued_at", "user", "issued_by", "expires_at", "used_at", "revoked_at"]
    list_select_related = ["user", "issued_by"]
    date_hierarchy = "issued_at"
    exclude = ["code_hash"]


@admin.register(DiaryEntry)
class DiaryEntryAdmin(ReadOnlyAdmin):
    list_display = ["start_at", "user", "kind", "state", "source"]
    list_filter = ["kind", "state"]
    list_select_related = ["user"]
    search_fields = ["source"]
    date_hierarchy = "start_at"


@admin.register(CalendarFeed)
class CalendarFeedAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "user", "last_read_at", "revoked_at"]
    list_select_related = ["user"]
    date_hierarchy = "created_at"
    exclude = ["token"]


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor_id", "action", "object_type", "object_id"]
    list_filter = ["action"]
    search_fields = ["=actor_id", "=object_id"]
    date_hierarchy = "at"


@admin.register(ReadEntry)
class ReadEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor_id", "subject_id", "what", "purpose"]
    list_filter = ["what", "purpose"]
    search_fields = ["=actor_id", "=subject_id"]
    date_hierarchy = "at"
