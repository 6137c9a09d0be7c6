"""Certificates: what was attended, as it stood on the day, signed by two people."""

import hashlib
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workshops.models.registration import Registration
from workshops.models.workshop import Workshop


class CertificateName(models.Model):
    """How a person wants her name on certificates, and in which language beside Polish.

    No row means the defaults: the name as in her document, and the language she reads the portal in.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="certificate_name"
    )
    printed_name = models.CharField(_("name to print"), max_length=150)
    language = models.CharField(
        _("language beside Polish"), max_length=8, choices=settings.LANGUAGES, default="pl"
    )
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("name on certificates")
        verbose_name_plural = _("names on certificates")

    def __str__(self) -> str:
        return f"name on certificates {self.pk}"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def signed(self) -> "CertificateQuerySet":
        """Issued once; some of them are revoked since."""
        return self.exclude(state=Certificate.State.DRAFT)

    def visible_to(self, user) -> "CertificateQuerySet":
        """Her own and those of the children she answers for, once they are issued."""
        hers = Q(registration__user=user) | Q(registration__user__guardian=user)
        return self.signed().filter(hers)

    def managed_by(self, user) -> "CertificateQuerySet":
        return self.filter(registration__workshop__in=Workshop.objects.managed_by(user))

    def led_by(self, user) -> "CertificateQuerySet":
        """Those of whose drafts she may write: trainers write them, planners issue them."""
        return self.filter(registration__workshop__in=Workshop.objects.led_by(user))

    def with_people(self) -> "CertificateQuerySet":
        """With all that a page or the paper says."""
        return self.select_related(
            "registration__user", "registration__workshop__project", "drafted_by", "issued_by", "replaces"
        )


class Certificate(models.Model):
    """A snapshot: later corrections do not change it. A re-issue is a new row that replaces this one."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ISSUED = "issued", _("issued")
        REVOKED = "revoked", _("revoked")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="certificates")
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    # Given when it is issued: SPLOT/2026/0001, without gaps within a year.
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    number = models.PositiveIntegerField(null=True, blank=True)
    # What the QR code on the paper leads to.
    code = models.CharField(max_length=24, unique=True)

    printed_name = models.CharField(_("name to print"), max_length=150)
    language = models.CharField(
        _("language beside Polish"), max_length=8, choices=settings.LANGUAGES, default="pl"
    )
    level = models.CharField(_("level"), max_length=4, blank=True)
    test_result = models.PositiveSmallIntegerField(_("result of the test (%)"), null=True, blank=True)
    minutes = models.PositiveIntegerField(help_text="Attended, without breaks.")
    planned_minutes = models.PositiveIntegerField(help_text="Of all meetings that were held.")
    attended_percent = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()

    # Why it is given although less was attended than the workshop asks for; empty where it was enough.
    override_reason = models.CharField(_("why below the attendance needed"), max_length=200, blank=True)
    # What else the paper says, as on the day of issue: titles, organiser, project, who signed.
    facts = models.JSONField(default=dict, blank=True)
    # She wants this one with another name or in another language.
    reissue_asked_at = models.DateTimeField(null=True, blank=True)

    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    drafted_at = models.DateTimeField(default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    issued_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(_("why it is revoked"), max_length=200, blank=True)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-drafted_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration"], condition=Q(state="draft"), name="certificate_one_draft"
            ),
            models.UniqueConstraint(
                fields=["registration"], condition=Q(state="issued"), name="certificate_one_valid"
            ),
            models.UniqueConstraint(fields=["year", "number"], name="certificate_number_once"),
            models.CheckConstraint(
                condition=Q(state="draft", issued_at__isnull=True)
                | (~Q(state="draft") & Q(issued_at__isnull=False, number__isnull=False, year__isnull=False)),
                name="certificate_issued_has_number",
            ),
            models.CheckConstraint(
                condition=Q(issued_by__isnull=True) | ~Q(issued_by=F("drafted_by")),
                name="certificate_two_people",
            ),
            models.CheckConstraint(
                condition=Q(minutes__lte=F("planned_minutes")), name="certificate_hours_fit"
            ),
            models.CheckConstraint(
                condition=Q(test_result__isnull=True) | Q(test_result__lte=100),
                name="certificate_result_is_percent",
            ),
            models.CheckConstraint(
                condition=~Q(state="revoked") | Q(revoked_at__isnull=False),
                name="certificate_revoked_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.serial or f"draft {self.pk}"

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_valid(self) -> bool:
        return self.state == self.State.ISSUED

    @property
    def initials(self) -> str:
        """Of the first and the last part of the name: all that a stranger who checks the paper is told."""
        parts = self.printed_name.split()
        ends = [parts[0], parts[-1]] if len(parts) > 1 else parts
        return " ".join(f"{next((sign for sign in part if sign.isalpha()), part[0])}." for part in ends)

    @property
    def code_in_groups(self) -> str:
        """As it is printed, to be typed by hand: ABCDE-FGHJK-…"""
        return "-".join(self.code[start : start + 5] for start in range(0, len(self.code), 5))

    @property
    def fingerprint(self) -> str:
        """Of all that will be printed and may still change: who signs, signs what she has seen."""
        told = (
            *(self.printed_name, self.language, self.level, self.test_result, self.drafted_by_id),
            *(self.minutes, self.planned_minutes, self.attended_percent),
            *(self.starts_on.isoformat(), self.ends_on.isoformat()),
        )
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]

    @property
    def serial(self) -> str:
        return f"{settings.SITE_NAME.upper()}/{self.year}/{self.number:04d}" if self.number else ""
