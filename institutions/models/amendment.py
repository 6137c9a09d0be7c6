"""Another time or place for a meeting to which somebody already agreed: the assistant is asked first."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.models.assistant import Mode
from institutions.models.staffing import Assignment


class TimeChange(models.Model):
    """What the institution proposes to one assistant of a meeting. The meeting moves only when all have
    answered; whoever cannot come then goes without blame (domain.md A5.1).
    """

    class State(models.TextChoices):
        OPEN = "open", _("waiting for the assistant's answer")
        ACCEPTED = "accepted", _("the assistant can come then")
        DECLINED = "declined", _("the assistant cannot come then")
        LAPSED = "lapsed", _("no answer in time")
        CALLED_OFF = "called_off", _("taken back")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="time_changes")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    start_at = models.DateTimeField(_("start"))
    end_at = models.DateTimeField(_("planned end"))
    mode = models.CharField(_("how"), max_length=8, choices=Mode.choices)
    town = models.CharField(_("town"), max_length=80, blank=True)
    county = models.CharField(_("county"), max_length=80, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_at = models.DateTimeField(default=timezone.now)
    answer_until = models.DateTimeField(help_text="Silence is no yes: then somebody else is looked for.")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("proposed change of a meeting")
        verbose_name_plural = _("proposed changes of meetings")
        ordering = ["proposed_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="change_ends_after_start"),
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(state="open"), name="change_one_open_per_assignment"
            ),
        ]

    def __str__(self) -> str:
        return f"change {self.pk}: {self.state}"

    @property
    def source(self) -> str:
        """Of the letter that asks."""
        return f"institutions.change:{self.pk}"

    @property
    def minutes(self) -> int:
        return int((self.end_at - self.start_at).total_seconds() // 60)
