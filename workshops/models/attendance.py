"""Who was there, for how long, and every correction of it; and what else says so: codes and paper."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workshops.models.registration import Registration
from workshops.models.session import Session


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
        CHECK_IN = "check_in", _("code at the door")

    CAME = (Mark.PRESENT, Mark.LATE, Mark.LEFT_EARLY)

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="attendances")
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="attendances")
    mark = models.CharField(max_length=10, choices=Mark.choices, default=Mark.UNKNOWN)
    minutes = models.PositiveSmallIntegerField(default=0, help_text="Credited, without breaks.")
    # Her own times where they differ from the plan; minutes follow from them.
    came_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
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
            models.CheckConstraint(
                condition=Q(came_at__isnull=True) | Q(left_at__isnull=True) | Q(left_at__gt=F("came_at")),
                name="attendance_left_after_coming",
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
    old_came_at = models.DateTimeField(null=True, blank=True)
    old_left_at = models.DateTimeField(null=True, blank=True)
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


class CheckIn(models.Model):
    """Her code was read, or she read the one on the trainer's screen: evidence beside the roll."""

    class How(models.TextChoices):
        OWN_PHONE = "own_phone", _("she read the code on the screen")
        HER_CODE = "her_code", _("her own code was read")

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="check_ins")
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="check_ins")
    how = models.CharField(max_length=10, choices=How.choices)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["session", "registration"], name="check_in_once")]

    def __str__(self) -> str:
        return f"check-in of {self.registration_id} to session {self.session_id}"


class DeviceMark(models.Model):
    """A mark that was made on a phone, maybe without signal, and sent later: what became of it.

    ``sent_id`` is chosen by the phone, so that what is sent twice is one mark (features.md U18).
    """

    class Outcome(models.TextChoices):
        APPLIED = "applied", _("entered")
        SAME = "same", _("it was so already")
        CONFLICT = "conflict", _("somebody else had marked otherwise meanwhile")
        REFUSED = "refused", _("not possible")

    sent_id = models.UUIDField(unique=True)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="device_marks")
    registration = models.ForeignKey(
        Registration, null=True, on_delete=models.CASCADE, related_name="device_marks"
    )
    mark = models.CharField(max_length=10, choices=Attendance.Mark.choices)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    # The class of the refusal, so that who asks again gets the same answer.
    refusal = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField(help_text="By the phone's clock.")
    received_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("mark from a phone")
        verbose_name_plural = _("marks from phones")
        ordering = ["received_at", "id"]

    def __str__(self) -> str:
        return f"{self.sent_id}: {self.outcome}"


class SignatureSheet(models.Model):
    """A printed list for signatures, its scan, and the trainer's word that it is right (features.md U3)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="sheets")
    number = models.PositiveSmallIntegerField(help_text="Of this session's sheets, from 1.")
    language = models.CharField(max_length=8, choices=settings.LANGUAGES, help_text="Beside Polish.")
    blank_rows = models.PositiveSmallIntegerField(_("empty rows"), default=5)
    printed_at = models.DateTimeField(default=timezone.now)
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    scan = models.FileField(upload_to="sheets/%Y/", blank=True)
    scan_sha256 = models.CharField(max_length=64, blank=True)
    scanned_at = models.DateTimeField(null=True, blank=True)
    countersigned_at = models.DateTimeField(null=True, blank=True)
    countersigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # What she says about differences that she leaves open.
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    # The session's marks as they were then (sheets.fingerprint): shows whether they were changed since.
    countersigned_marks = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("signature list")
        verbose_name_plural = _("signature lists")
        ordering = ["session", "number"]
        constraints = [models.UniqueConstraint(fields=["session", "number"], name="sheet_number_once")]

    def __str__(self) -> str:
        return f"sheet {self.number} of session {self.session_id}"


class SheetRow(models.Model):
    """One printed row: a person, in the order of the print. Whether she signed is written down afterwards."""

    sheet = models.ForeignKey(SignatureSheet, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveSmallIntegerField()
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="sheet_rows")
    # None: nobody has looked at the paper yet.
    is_signed = models.BooleanField(null=True)

    class Meta:
        verbose_name = _("row of a signature list")
        verbose_name_plural = _("rows of signature lists")
        ordering = ["sheet", "position"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "registration"], name="sheet_row_once"),
            models.UniqueConstraint(fields=["sheet", "position"], name="sheet_position_once"),
        ]

    def __str__(self) -> str:
        return f"row {self.position} of sheet {self.sheet_id}"


class HeadCount(models.Model):
    """How many came to a meeting where nobody registers: rough groups, estimated, never unique persons.

    Its sources in the ledger are ``workshops.head_count:<pk>:<role>`` (domain.md B4.1).
    """

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="head_count")
    women = models.PositiveSmallIntegerField(_("women"), default=0)
    men = models.PositiveSmallIntegerField(_("men"), default=0)
    children = models.PositiveSmallIntegerField(_("children and young people"), default=0)
    # Of all these; the others are counted as migrants.
    locals = models.PositiveSmallIntegerField(_("of all these: people from here"), default=0)
    officials = models.PositiveSmallIntegerField(_("of all these: employees of institutions"), default=0)
    method = models.CharField(_("how you counted"), max_length=200, blank=True)
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    counted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("head-count")
        verbose_name_plural = _("head-counts")
        constraints = [
            models.CheckConstraint(
                condition=Q(women__gte=F("locals") + F("officials") - F("men") - F("children")),
                name="head_count_groups_fit",
            )
        ]

    def __str__(self) -> str:
        return f"{self.people} people in session {self.session_id}"

    @property
    def people(self) -> int:
        return self.women + self.men + self.children
