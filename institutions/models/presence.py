"""Who was there on the day, as each side says it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.models.staffing import Assignment


class PresenceStatementQuerySet(models.QuerySet["PresenceStatement"]):
    def standing(self) -> "PresenceStatementQuerySet":
        """What a side says now; what a coordinator has decided is over."""
        return self.filter(decided_at__isnull=True)

    def contested(self) -> "PresenceStatementQuerySet":
        """The other side, or what happened before, says something else, and nobody has decided yet."""
        return self.standing().filter(contested_at__isnull=False)


class PresenceStatement(models.Model):
    """One side says who was missing. Where the two sides differ, a coordinator decides (domain.md A5.5)."""

    class Side(models.TextChoices):
        ASSISTANT = "assistant", _("the assistant")
        INSTITUTION = "institution", _("the institution")

    class Missing(models.TextChoices):
        CLIENT = "client", _("the client did not come")
        ASSISTANT = "assistant", _("the assistant did not come")
        INSTITUTION = "institution", _("nobody of the institution was there")
        NOBODY = "nobody", _("everybody was there, the meeting took place")

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="presence")
    side = models.CharField(max_length=12, choices=Side.choices)
    missing = models.CharField(_("what happened?"), max_length=12, choices=Missing.choices)
    travel_minutes = models.PositiveSmallIntegerField(_("travel, there and back (minutes)"), default=0)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    contested_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = PresenceStatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement on who was there")
        verbose_name_plural = _("statements on who was there")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "side"],
                condition=Q(decided_at__isnull=True),
                name="presence_once_per_side",
            )
        ]

    def __str__(self) -> str:
        return f"{self.side} of assignment {self.assignment_id}: {self.missing}"
