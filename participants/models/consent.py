"""Which words, in which language, a person read and accepted (features.md U11, domain.md C1.3)."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ConsentText(models.Model):
    """One version of one text in one language. Never changed once somebody has accepted it."""

    class Purpose(models.TextChoices):
        DATA_PROCESSING = "data_processing", _("use of my data for the activities")
        PHOTOS = "photos", _("photos")
        NEWSLETTER = "newsletter", _("news from the network")
        CODE_OF_CONDUCT = "code_of_conduct", _("code of conduct of assistants")
        CONFIDENTIALITY = "confidentiality", _("confidentiality of assistants")

    class Audience(models.TextChoices):
        EVERYBODY = "everybody", _("everybody")
        ASSISTANTS = "assistants", _("assistants")

    audience = models.CharField(max_length=12, choices=Audience.choices, default=Audience.EVERYBODY)
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    title = models.CharField(max_length=200)
    body = models.TextField()
    sha256 = models.CharField(max_length=64)
    is_required = models.BooleanField(default=False)
    valid_from = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        ordering = ["purpose", "version", "language"]
        constraints = [
            models.UniqueConstraint(fields=["purpose", "version", "language"], name="consent_text_once")
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version} {self.language}"


class ConsentEvent(models.Model):
    """A person gave or withdrew a consent. Append-only: the last event of a purpose counts."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents")
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="events")
    is_given = models.BooleanField()
    channel = models.CharField(
        max_length=10, default="online", choices=[("online", _("online")), ("paper", _("on paper"))]
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.text} {'given' if self.is_given else 'withdrawn'}"
