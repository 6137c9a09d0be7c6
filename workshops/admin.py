from django.contrib import admin

from portal.admin_site import ReadOnlyAdmin, ReadOnlyInline
from workshops.models import Attendance, AttendanceCorrection, Registration, Session, Workshop


class SessionInline(ReadOnlyInline):
    model = Session
    fields = ["start_at", "end_at", "break_minutes", "state"]


@admin.register(Workshop)
class WorkshopAdmin(ReadOnlyAdmin):
    """Workshops are planned in the workplace of their project."""

    list_display = ["title", "project", "kind", "state", "town", "capacity"]
    list_filter = ["state", "project"]
    list_select_related = ["project"]
    search_fields = ["title", "slug"]
    inlines = [SessionInline]


@admin.register(Registration)
class RegistrationAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "workshop", "user", "state"]
    list_filter = ["state"]
    list_select_related = ["workshop", "user"]
    date_hierarchy = "created_at"


class CorrectionInline(ReadOnlyInline):
    model = AttendanceCorrection
    fields = ["at", "by", "old_mark", "old_minutes", "new_mark", "new_minutes", "reason"]


@admin.register(Attendance)
class AttendanceAdmin(ReadOnlyAdmin):
    list_display = ["session", "registration", "mark", "minutes", "marked_at"]
    list_filter = ["mark"]
    list_select_related = ["session__workshop", "registration__workshop", "registration__user"]
    inlines = [CorrectionInline]
