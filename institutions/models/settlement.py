"""Papers of a month: an assistant's sheet of hours, an institution's statement (features.md U17).

Both are snapshots: what was signed stays as it was, and a correction is a new version.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.models.assistant import Assistant
from institutions.models.institution import Institution
from projects.models import Project


class PaperQuerySet(models.QuerySet):
    """``owner``: whose month it is."""

    owner = ""

    def newest(self) -> "PaperQuerySet":
        """The last version of each month and owner."""
        newer = self.model.objects.filter(
            month=OuterRef("month"), version__gt=OuterRef("version"), **{self.owner: OuterRef(self.owner)}
        )
        return self.exclude(Exists(newer))


class SheetQuerySet(PaperQuerySet):
    owner = "assistant"

    def visible_to(self, user) -> "SheetQuerySet":
        """Her own, and those of a coordinator's network."""
        theirs = Q(assistant__project__in=Project.objects.coordinated_by(user))
        return self.filter(Q(assistant__user=user) | theirs)


class StatementQuerySet(PaperQuerySet):
    owner = "institution"

    def visible_to(self, user) -> "StatementQuerySet":
        """Of a coordinator's network; once that has signed, of whoever looks after the institution's page."""
        own = Institution.objects.kept_by(user)
        theirs = Q(institution__project__in=Project.objects.coordinated_by(user))
        return self.filter(theirs | Q(institution__in=own, first_signed_at__isnull=False))


class MonthlyPaper(models.Model):
    """``rows``: one for each job, in figures and codes; ids of requests, never a name of a client."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    month = models.DateField(_("month"), help_text="Its first day.")
    version = models.PositiveSmallIntegerField(default=1)
    rows = models.JSONField(default=list)
    minutes = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    # Signed by both sides, each by her own click (domain.md A7.4).
    first_signed_at = models.DateTimeField(null=True, blank=True)
    first_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    second_signed_at = models.DateTimeField(null=True, blank=True)
    second_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        abstract = True
        ordering = ["-month", "-version", "-id"]

    @property
    def is_signed(self) -> bool:
        return bool(self.first_signed_at and self.second_signed_at)


class HoursSheet(MonthlyPaper):
    """An assistant's month: she signs first, a coordinator second."""

    assistant = models.ForeignKey(Assistant, on_delete=models.PROTECT, related_name="sheets")
    travel_minutes = models.PositiveIntegerField(default=0)
    travel_km = models.PositiveIntegerField(default=0)
    credited_minutes = models.PositiveIntegerField(default=0)

    objects = SheetQuerySet.as_manager()

    class Meta(MonthlyPaper.Meta):
        verbose_name = _("sheet of hours")
        verbose_name_plural = _("sheets of hours")
        constraints = [
            models.UniqueConstraint(fields=["assistant", "month", "version"], name="hours_sheet_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="hours_sheet_month"),
        ]

    def __str__(self) -> str:
        return f"sheet {self.month} of assistant {self.assistant_id}"


class Statement(MonthlyPaper):
    """An institution's month: a coordinator signs first, an official second."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="statements")

    objects = StatementQuerySet.as_manager()

    class Meta(MonthlyPaper.Meta):
        verbose_name = _("statement of an institution")
        verbose_name_plural = _("statements of institutions")
        constraints = [
            models.UniqueConstraint(fields=["institution", "month", "version"], name="statement_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="statement_month"),
        ]

    def __str__(self) -> str:
        return f"statement {self.month} of institution {self.institution_id}"
