from django.contrib import admin

from participants.models import ConsentEvent, ConsentText, LanguageSkill, Participant
from portal.admin_site import AuditedAdmin, ReadOnlyAdmin


@admin.register(Participant)
class ParticipantAdmin(AuditedAdmin):
    list_display = ["user", "town", "county", "voivodeship"]
    list_filter = ["voivodeship"]
    list_select_related = ["user"]
    search_fields = ["user__name_key"]
    autocomplete_fields = ["user"]


@admin.register(LanguageSkill)
class LanguageSkillAdmin(AuditedAdmin):
    list_display = ["user", "language", "dialect", "spoken", "written", "verified_on"]
    list_filter = ["language"]
    list_select_related = ["user"]
    search_fields = ["user__name_key"]
    autocomplete_fields = ["user", "verified_by"]


@admin.register(ConsentText)
class ConsentTextAdmin(ReadOnlyAdmin):
    list_display = ["purpose", "version", "language", "title", "is_required", "valid_from"]
    list_filter = ["purpose", "language"]


@admin.register(ConsentEvent)
class ConsentEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "user", "text", "is_given", "channel"]
    list_filter = ["is_given", "channel"]
    list_select_related = ["user", "text"]
    date_hierarchy = "at"
