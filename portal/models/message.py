"""The outbox: every message the portal sends is a row first."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models.user import User


class MessageQuerySet(models.QuerySet["Message"]):
    def deliverable(self, now) -> "MessageQuerySet":
        """Due and unsent, the oldest first. Whether one came too late is decided when it is delivered."""
        return self.filter(state=Message.State.QUEUED, next_try_at__lte=now).order_by("next_try_at", "id")

    def visible_to(self, user: User) -> "MessageQuerySet":
        return self.filter(recipient=user)


class Message(models.Model):
    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        SMS = "sms", _("text message")

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("could not be delivered")
        MISSED = "missed", _("too late to be useful")
        SILENCED = "silenced", _("not sent, no longer true")

    key = models.CharField(max_length=200, unique=True)
    recipient = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="messages"
    )
    # A child without an address of her own, whom it concerns: the recipient is who answers for her.
    about = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="messages_about"
    )
    # The address as it was when the message was queued; a sign-in code may go to somebody without a row.
    address = models.CharField(max_length=254)
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.EMAIL)
    language = models.CharField(max_length=8)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    calendar = models.TextField(blank=True, help_text="An iCalendar file to attach.")
    # The diary source it speaks of: when that is dropped, the message is silenced.
    source = models.CharField(max_length=100, blank=True, db_index=True)
    # Holds a one-time code: the text is wiped once sent.
    is_secret = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    useless_after = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(
        max_length=100, blank=True, help_text="The class of the error, never its text."
    )
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-due_at", "-id"]
        indexes = [
            models.Index(
                fields=["next_try_at", "id"], name="message_deliverable", condition=models.Q(state="queued")
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False)
                | (~models.Q(state="sent") & models.Q(sent_at__isnull=True)),
                name="message_sent_has_time",
            )
        ]

    def __str__(self) -> str:
        return self.key
