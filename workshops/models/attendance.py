"""Who was there, for how long, and every correction of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workshops.models.registration import Registration
from workshops.models.workshop import Session


class Attendance(models.Model):
    """One mark for one person in one session. No row, or UNKNOWN, means that nobody has called the roll yet.

    Its source in the ledger is ``workshops.attendance:<pk>``.
    """

    class Mark(models.TextChoices):
        UNKNOWN = "unknown", _("not marked yet")
        PRESENT = "present", _("present")
        LATE = "late", _("late")
        LEFT_EARLY = "left_early", _("left early")
        EXCUSED = "excused", _("excused")
        ABSENT = "absent", _("absent")

    class Source(models.TextChoices):
        ROLL_CALL = "roll_call", _("roll-call")
        PAPER = "paper", _("signature list")

    CAME = (Mark.PRESENT, Mark.LATE, Mark.LEFT_EARLY)

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="attendances")
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="attendances")
    mark = models.CharField(max_length=10, choices=Mark.choices, default=Mark.UNKNOWN)
    minutes = models.PositiveSmallIntegerField(default=0, help_text="Credited, without breaks.")
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.ROLL_CALL)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    marked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["session", "id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "registration"], name="attendance_once"),
            models.CheckConstraint(
                condition=Q(mark__in=["present", "late", "left_early"]) | Q(minutes=0),
                name="attendance_minutes_only_if_came",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} in session {self.session_id}: {self.mark}"

    @property
    def ledger_source(self) -> str:
        return f"workshops.attendance:{self.pk}"


class AttendanceCorrection(models.Model):
    """The old value of a mark that was changed after it had been made, and why."""

    attendance = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="corrections")
    old_mark = models.CharField(max_length=10, choices=Attendance.Mark.choices)
    old_minutes = models.PositiveSmallIntegerField()
    new_mark = models.CharField(max_length=10, choices=Attendance.Mark.choices)
    new_minutes = models.PositiveSmallIntegerField()
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("correction of attendance")
        verbose_name_plural = _("corrections of attendance")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.old_mark} to {self.new_mark}"
