from django.contrib import admin

from portal.admin_site import ReadOnlyAdmin, ReadOnlyInline
from workshops.models import (
    Attendance,
    AttendanceCorrection,
    CallTask,
    Certificate,
    CheckIn,
    DeviceMark,
    ManualHours,
    Registration,
    SeatOffer,
    Session,
    Workshop,
)


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


@admin.register(SeatOffer)
class SeatOfferAdmin(ReadOnlyAdmin):
    list_display = ["offered_at", "registration", "places", "state", "until", "answered_at"]
    list_filter = ["state"]
    list_select_related = ["registration__workshop", "registration__user"]
    date_hierarchy = "offered_at"


class CorrectionInline(ReadOnlyInline):
    model = AttendanceCorrection
    fields = ["at", "by", "old_mark", "old_minutes", "new_mark", "new_minutes", "reason"]


@admin.register(Attendance)
class AttendanceAdmin(ReadOnlyAdmin):
    list_display = ["session", "registration", "mark", "minutes", "marked_at"]
    list_filter = ["mark"]
    list_select_related = ["session__workshop", "registration__workshop", "registration__user"]
    inlines = [CorrectionInline]


@admin.register(CheckIn)
class CheckInAdmin(ReadOnlyAdmin):
    list_display = ["at", "session", "registration", "how", "by"]
    list_filter = ["how"]
    list_select_related = ["session__workshop", "registration__workshop", "registration__user", "by"]


@admin.register(DeviceMark)
class DeviceMarkAdmin(ReadOnlyAdmin):
    """What phones sent, and what became of it: for when somebody says that a mark was lost."""

    list_display = ["received_at", "made_at", "session", "registration", "mark", "outcome", "refusal", "by"]
    list_filter = ["outcome"]
    list_select_related = ["session__workshop", "registration__workshop", "registration__user", "by"]


@admin.register(ManualHours)
class ManualHoursAdmin(ReadOnlyAdmin):
    list_display = ["on", "registration", "minutes", "state", "entered_by", "decided_by"]
    list_filter = ["state"]
    list_select_related = ["registration__workshop", "registration__user", "entered_by", "decided_by"]


@admin.register(CallTask)
class CallTaskAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "registration", "outcome", "done_at", "done_by"]
    list_filter = ["outcome"]
    list_select_related = ["registration__workshop", "registration__user", "done_by"]


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    list_display = ["year", "number", "state", "registration", "drafted_by", "issued_by", "issued_at"]
    list_filter = ["state", "year"]
    list_select_related = ["registration", "drafted_by", "issued_by"]
