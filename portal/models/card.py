"""A printed card that opens the portal once, for somebody without an e-mail address (domain.md D8)."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models.user import User


class OneTimeCard(models.Model):
    """Of its code only a keyed hash is kept. One card of a person is good at a time; it is used once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="cards")
    code_hash = models.CharField(max_length=64, unique=True)
    issued_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    issued_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("one-time card")
        verbose_name_plural = _("one-time cards")
        ordering = ["-issued_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(used_at__isnull=True, revoked_at__isnull=True),
                name="card_one_in_hand",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True), name="card_ends_one_way"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("issued_at")), name="card_lasts"),
        ]

    def __str__(self) -> str:
        return f"card {self.pk} of {self.user_id}"

    @property
    def is_good(self) -> bool:
        return self.used_at is None and self.revoked_at is None and self.expires_at > timezone.now()
