"""Who did what, and who looked at whom. Rows are only ever added; a database trigger refuses the rest."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One act. ``data`` holds ids, states and figures, never names or free text."""

    at = models.DateTimeField(default=timezone.now)
    # Plain numbers: the trail outlives the rows it speaks of.
    actor_id = models.BigIntegerField(null=True, help_text="Person; empty for the system itself.")
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["object_type", "object_id", "at"], name="audit_object")]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"


class ReadEntry(models.Model):
    """Somebody opened a personal record of somebody else, and why."""

    at = models.DateTimeField(default=timezone.now)
    actor_id = models.BigIntegerField()
    subject_id = models.BigIntegerField(help_text="The person whose record was opened.")
    what = models.CharField(max_length=60)
    purpose = models.CharField(max_length=60)

    class Meta:
        verbose_name = _("reading of a record")
        verbose_name_plural = _("readings of records")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["subject_id", "at"], name="read_subject")]

    def __str__(self) -> str:
        return f"{self.what} of {self.subject_id}"
