from django.contrib import admin
from modeltranslation.admin import TranslationAdmin, TranslationTabularInline

from institutions.models import (
    Agreement,
    AssistanceRequest,
    Assistant,
    Availability,
    AvailabilityException,
    Credit,
    Institution,
    Official,
    PaperWarning,
    PresenceStatement,
    RequestTransition,
    Term,
    TimeReport,
    Training,
    Unit,
    UnmetReport,
)
from portal.admin_site import AuditedAdmin, ReadOnlyAdmin, ReadOnlyInline


class UnitInline(TranslationTabularInline):
    model = Unit
    extra = 0


class AgreementInline(admin.TabularInline):
    model = Agreement
    extra = 0


@admin.register(Institution)
class InstitutionAdmin(AuditedAdmin, TranslationAdmin):
    list_display = ["name", "project", "kind", "town", "county"]
    list_filter = ["project", "kind"]
    list_select_related = ["project"]
    search_fields = ["name", "town"]
    inlines = [AgreementInline, UnitInline]


@admin.register(Official)
class OfficialAdmin(AuditedAdmin):
    list_display = ["user", "institution", "unit", "starts_on", "ends_on"]
    list_filter = ["institution"]
    list_select_related = ["user", "institution", "unit"]
    search_fields = ["user__name_key"]
    autocomplete_fields = ["user", "institution"]


class AvailabilityInline(admin.TabularInline):
    model = Availability
    extra = 0


class AvailabilityExceptionInline(admin.TabularInline):
    model = AvailabilityException
    extra = 0


class TrainingInline(admin.TabularInline):
    model = Training
    extra = 0
    exclude = ["recorded_by"]


@admin.register(Assistant)
class AssistantAdmin(AuditedAdmin):
    list_display = ["user", "project", "home_town", "home_county", "suspended_at"]
    list_filter = ["project"]
    list_select_related = ["user", "project"]
    search_fields = ["user__name_key"]
    autocomplete_fields = ["user"]
    inlines = [TrainingInline, AvailabilityInline, AvailabilityExceptionInline]


class TransitionInline(ReadOnlyInline):
    model = RequestTransition
    fields = ["at", "old_state", "new_state", "actor", "is_late"]


@admin.register(AssistanceRequest)
class AssistanceRequestAdmin(ReadOnlyAdmin):
    """Requests are moved on by their verbs; where exactly, whom to ask for and what it is about are for the
    two sides and the coordinator, whose looks are written down.
    """

    list_display = ["start_at", "institution", "language", "mode", "urgency", "state"]
    list_filter = ["state", "urgency", "language"]
    list_select_related = ["institution"]
    date_hierarchy = "start_at"
    exclude = [
        "address",
        "briefing",
        "link",
        "contact_name",
        "contact_phone",
        "case_reference",
        "dialect",
        "sensitivities",
        "is_relative_interpreting",
    ]
    inlines = [TransitionInline]


@admin.register(TimeReport)
class TimeReportAdmin(ReadOnlyAdmin):
    """How she is after it is for herself and her coordinators (domain.md A7.1)."""

    exclude = ["wellbeing", "wants_to_talk", "dispute_reason"]
    list_display = ["start_at", "end_at", "travel_minutes", "reported_at", "confirmed_at", "disputed_at"]
    date_hierarchy = "start_at"


@admin.register(PaperWarning)
class PaperWarningAdmin(ReadOnlyAdmin):
    list_display = ["assistant", "paper", "until", "days_before", "warned_at"]
    list_filter = ["paper"]
    list_select_related = ["assistant__user"]


@admin.register(PresenceStatement)
class PresenceStatementAdmin(ReadOnlyAdmin):
    list_display = ["at", "side", "missing", "contested_at", "decided_at"]
    list_filter = ["side", "missing"]


@admin.register(Credit)
class CreditAdmin(ReadOnlyAdmin):
    list_display = ["at", "reason", "minutes", "travel_minutes"]
    list_filter = ["reason"]


@admin.register(Term)
class TermAdmin(ReadOnlyAdmin):
    list_display = ["polish", "translation", "language", "subject", "state"]
    list_filter = ["state", "language", "subject"]
    search_fields = ["polish", "translation"]


@admin.register(UnmetReport)
class UnmetReportAdmin(ReadOnlyAdmin):
    list_display = ["project", "since", "until", "published_at", "taken_back_at"]
    list_filter = ["project"]
    list_select_related = ["project"]
    date_hierarchy = "since"
