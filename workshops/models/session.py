"""One meeting of a workshop, with its own time."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SessionQuerySet(models.QuerySet["Session"]):
    def with_source_key(self) -> "SessionQuerySet":
        """``source_key``: what its entries in the ledger are found by, as ``source`` says of one row."""
        return self.annotate(
            source_key=Concat(
                Value("workshops.session:"), Cast("pk", models.TextField()), output_field=models.TextField()
            )
        )

    def planned(self) -> "SessionQuerySet":
        return self.filter(state=Session.State.PLANNED)

    def upcoming(self, now: datetime | None = None) -> "SessionQuerySet":
        return self.planned().filter(end_at__gt=now or timezone.now()).order_by("start_at", "id")

    def past(self, now: datetime | None = None) -> "SessionQuerySet":
        return self.planned().filter(end_at__lte=now or timezone.now()).order_by("-start_at", "-id")


class Session(models.Model):
    """One meeting of a workshop. Its source in diary and ledger is ``workshops.session:<pk>``."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        CANCELLED = "cancelled", _("cancelled")

    workshop = models.ForeignKey("workshops.Workshop", on_delete=models.CASCADE, related_name="sessions")
    start_at = models.DateTimeField(_("start"))
    end_at = models.DateTimeField(_("end"))
    break_minutes = models.PositiveSmallIntegerField(_("break (minutes)"), default=0)
    topic = models.CharField(_("topic"), max_length=160, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    revision = models.PositiveIntegerField(default=0, help_text="SEQUENCE of its public calendar entry.")
    # Planned together as a repeating row; one that was moved by itself stays in it as an exception.
    series = models.UUIDField(null=True, blank=True, editable=False)
    is_exception = models.BooleanField(default=False, editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["start_at", "id"]
        indexes = [models.Index(fields=["start_at"], name="session_start")]
        constraints = [
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="session_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.workshop_id} {self.start_at:%Y-%m-%d %H:%M}"

    @property
    def source(self) -> str:
        return f"workshops.session:{self.pk}"

    @property
    def minutes(self) -> int:
        """Minutes of work: the break does not count (features.md U2)."""
        return max(int((self.end_at - self.start_at).total_seconds() // 60) - self.break_minutes, 0)
