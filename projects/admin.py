from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline, TranslationTabularInline

from portal.admin_site import AuditedAdmin, ReadOnlyAdmin
from projects.figures import CONFIDENTIAL_KINDS
from projects.models import (
    ActivityType,
    BudgetTask,
    Indicator,
    LedgerEntry,
    Project,
    ProjectStaff,
    TargetGroup,
    Theme,
)


class BudgetTaskInline(TranslationTabularInline):
    model = BudgetTask
    extra = 0


class IndicatorInline(TranslationStackedInline):
    model = Indicator
    extra = 0
    formfield_overrides = AuditedAdmin.formfield_overrides


@admin.register(Project)
class ProjectAdmin(AuditedAdmin, TranslationAdmin):
    """What the grant says; themes have a page of their own, as they need the budget tasks first."""

    list_display = ["title", "organisation", "city", "starts_on", "ends_on", "status", "is_published"]
    list_filter = ["status", "is_published"]
    search_fields = ["title", "number"]
    prepopulated_fields = {"slug": ["title_en"]}
    filter_horizontal = ["activity_types", "target_groups"]
    inlines = [BudgetTaskInline, IndicatorInline]


@admin.register(Theme)
class ThemeAdmin(AuditedAdmin, TranslationAdmin):
    list_display = ["title", "project", "task", "budget_minutes", "position"]
    list_filter = ["project"]
    list_select_related = ["project", "task"]
    search_fields = ["title", "code"]


@admin.register(ActivityType, TargetGroup)
class WordAdmin(AuditedAdmin, TranslationAdmin):
    list_display = ["code", "title"]
    search_fields = ["title", "code"]


@admin.register(ProjectStaff)
class ProjectStaffAdmin(AuditedAdmin):
    list_display = ["user", "project", "role", "starts_on", "ends_on"]
    list_filter = ["project", "role"]
    list_select_related = ["user", "project"]
    search_fields = ["user__name_key"]
    autocomplete_fields = ["user", "project"]


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    """Written by verbs only. Keys of people and confidential entries stay out of sight."""

    list_display = ["on", "project", "kind", "measure", "theme", "minutes", "people"]
    list_filter = ["project", "kind", "measure"]
    list_select_related = ["project", "theme"]
    date_hierarchy = "on"
    exclude = ["beneficiary_key"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[LedgerEntry]:
        return super().get_queryset(request).exclude(kind__in=CONFIDENTIAL_KINDS)
