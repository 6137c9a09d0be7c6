"""Staying in a course: hours written by hand, why somebody missed a meeting, whom to call."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workshops.models.registration import Registration
from workshops.models.session import Session


class ManualHours(models.Model):
    """Time of one person that no roll knows of; counts once a second person has agreed (features.md C8).

    Its source in the ledger is ``workshops.manual_hours:<pk>``.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for a second person")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("not accepted")

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="manual_hours")
    on = models.DateField(_("day"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    reason = models.CharField(_("what it was"), max_length=200)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    entered_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.CharField(_("why"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("hours written by hand")
        verbose_name_plural = _("hours written by hand")
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=1), name="manual_hours_are_some"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("entered_by")),
                name="manual_hours_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes} minutes of {self.registration_id}: {self.state}"

    @property
    def ledger_source(self) -> str:
        return f"workshops.manual_hours:{self.pk}"


class AbsenceReason(models.Model):
    """What a person said, with one tap, when we asked why she had missed meetings (features.md U15)."""

    class Reason(models.TextChoices):
        WORK = "work", _("I work at that time")
        CHILDREN = "children", _("I have nobody for my children")
        HEALTH = "health", _("I was ill, or somebody close to me")
        TRAVEL = "travel", _("it is hard to get there")
        TOO_HARD = "too_hard", _("it is too hard for me")
        TOO_EASY = "too_easy", _("it is too easy for me")
        OTHER = "other", _("another reason")
        LEAVING = "leaving", _("I do not want to come any more")

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="absence_reasons")
    # The last of the meetings she had missed when we asked: one answer for one question.
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("reason of absence")
        verbose_name_plural = _("reasons of absence")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["registration", "session"], name="absence_reason_once")
        ]

    def __str__(self) -> str:
        return f"{self.registration_id}: {self.reason}"


class CallTask(models.Model):
    """Somebody should call a person who goes on missing meetings after an encouraging message."""

    class Outcome(models.TextChoices):
        COMES_BACK = "comes_back", _("she comes back")
        NEEDS_HELP = "needs_help", _("she needs help with something")
        NOT_REACHED = "not_reached", _("not reached")
        LEAVES = "leaves", _("she leaves the course")

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="call_tasks")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)

    class Meta:
        verbose_name = _("call to make")
        verbose_name_plural = _("calls to make")
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration"], condition=Q(done_at__isnull=True), name="call_task_one_open"
            ),
            models.UniqueConstraint(fields=["registration", "session"], name="call_task_once_a_meeting"),
        ]

    def __str__(self) -> str:
        return f"call about {self.registration_id}"
