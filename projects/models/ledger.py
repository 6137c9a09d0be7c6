"""What was: one row for each unit of support that anybody received, whatever app it happened in."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.project import BudgetTask, Project, Theme


class LedgerEntry(models.Model):
    """Written only through projects.ledger. Names nobody, and survives an erasure unchanged."""

    class Kind(models.TextChoices):
        WORKSHOP = "workshop", _("workshop")
        COURSE = "course", _("course")
        TRAINING = "training", _("training")
        EVENT = "event", _("event")
        MEETING = "meeting", _("meeting")
        STUDY_VISIT = "study_visit", _("study visit")
        COUNSELLING = "counselling", _("counselling")
        MENTORING = "mentoring", _("mentoring")
        ASSISTANCE = "assistance", _("interpreting")
        CLUB = "club", _("club activity")
        INITIATIVE = "initiative", _("initiative")

    class Role(models.TextChoices):
        MIGRANT = "migrant", _("migrant")
        OFFICIAL = "official", _("official")
        LOCAL = "local", _("local community")

    class Measure(models.TextChoices):
        RECEIVED = "received", _("received by a person")
        DELIVERED = "delivered", _("held by the project")
        HEADS = "heads", _("heads counted")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="ledger")
    task = models.ForeignKey(BudgetTask, on_delete=models.PROTECT, related_name="ledger")
    theme = models.ForeignKey(Theme, null=True, blank=True, on_delete=models.PROTECT, related_name="ledger")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    # A held session is one entry (delivered), each person's presence in it another (received): hours
    # delivered and hours received are two figures and never added up (domain.md B3.4).
    measure = models.CharField(max_length=10, choices=Measure.choices)
    on = models.DateField()
    minutes = models.PositiveIntegerField()
    people = models.PositiveIntegerField(
        default=1, help_text="1 for a person; the head-count of an open event."
    )
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.MIGRANT)
    # HMAC of the person under a key of the project kept outside the database; empty for a head-count.
    beneficiary_key = models.CharField(max_length=64, blank=True)
    # What the support was part of (a workshop, a request): tells participations from attendances.
    activity = models.CharField(max_length=100, blank=True)
    # A partner institution that was served; institutions are not persons.
    partner = models.CharField(max_length=100, blank=True)
    # As they were on that day (domain.md B4.9).
    gender = models.CharField(max_length=12, blank=True)
    age_band = models.CharField(max_length=8, blank=True)
    citizenship_group = models.CharField(max_length=12, blank=True)
    county = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=100, unique=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["-on", "-id"]
        indexes = [
            models.Index(fields=["project", "kind", "on"], name="ledger_project_kind"),
            models.Index(fields=["project", "beneficiary_key"], name="ledger_beneficiary"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(measure="received", people=1) | (~Q(measure="received") & Q(beneficiary_key="")),
                name="ledger_only_persons_have_keys",
            )
        ]

    def __str__(self) -> str:
        return self.source

    @property
    def person_code(self) -> str:
        """Enough of the key to see on a list that two entries are of one person, whoever she is."""
        return self.beneficiary_key[:8]
