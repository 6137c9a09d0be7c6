"""What the grant promised, as figures."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.models.ledger import LedgerEntry
from projects.models.project import Project


class Indicator(models.Model):
    """A target, and how the achieved figure is counted from the ledger.

    For a project that ended before the portal existed, ``reported`` holds the figure of its published report.
    """

    class Counts(models.TextChoices):
        """What is counted; the figures themselves are in projects/figures.py."""

        DELIVERED_HOURS = "delivered_hours", _("hours of workshops held")
        PERSON_HOURS = "person_hours", _("hours received by people")
        UNIQUE_PERSONS = "unique_persons", _("people, each counted once")
        PARTICIPATIONS = "participations", _("places taken part in")
        ATTENDANCES = "attendances", _("attendances")
        HEADS = "heads", _("heads counted at open events")
        PARTNERS = "partners", _("partner institutions")
        ASSISTANCE_HOURS = "assistance_hours", _("hours of interpreting")
        REPORTED = "reported", _("figure from the report")

    class Unit(models.TextChoices):
        HOURS = "hours", _("hours")
        UNIQUE_PERSONS = "unique_persons", _("people")
        COUNT = "count", _("number")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="indicators")
    code = models.SlugField(max_length=60)
    title = models.CharField(_("title"), max_length=200)
    counts = models.CharField(max_length=20, choices=Counts.choices, default=Counts.REPORTED)
    # An institution has units too, which other languages call by another word.
    unit = models.CharField(
        pgettext_lazy("measure", "unit"), max_length=16, choices=Unit.choices, default=Unit.COUNT
    )
    # Only ledger entries of these kinds, and of these roles, count; empty means all.
    kinds = ArrayField(
        models.CharField(max_length=12, choices=LedgerEntry.Kind.choices), default=list, blank=True
    )
    roles = ArrayField(
        models.CharField(max_length=8, choices=LedgerEntry.Role.choices), default=list, blank=True
    )
    target_min = models.PositiveIntegerField(_("target"), null=True, blank=True)
    target_max = models.PositiveIntegerField(_("target, at most"), null=True, blank=True)
    # The same project can carry two target values (domain.md 0.5): say where this one is written.
    target_source = models.URLField(max_length=300, blank=True)
    other_targets = models.JSONField(default=list, blank=True, help_text="The same keys: target_min, ….")
    reported = models.PositiveIntegerField(_("reported"), null=True, blank=True)
    reported_source = models.URLField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["project", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["project", "code"], name="indicator_code_once")]

    def __str__(self) -> str:
        return self.title
