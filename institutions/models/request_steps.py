"""What happens to an order on its way: every change of its state, and what the network had to ask."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.models.request import AssistanceRequest


class RequestQuestion(models.Model):
    """What the network has to know before it can look for somebody. Never about the client."""

    request = models.ForeignKey(AssistanceRequest, on_delete=models.CASCADE, related_name="questions")
    text = models.CharField(_("question"), max_length=300)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("question about a request")
        verbose_name_plural = _("questions about requests")
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(answered_at__isnull=True), name="request_one_open_question"
            )
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"


class RequestTransition(models.Model):
    """Every change of a request's state: who, when, why (domain.md A5.3). Rows are only added."""

    class Reason(models.TextChoices):
        NONE = "", _("no reason given")
        NOT_NEEDED = "not_needed", _("no longer needed")
        CLIENT_CANCELLED = "client_cancelled", _("the client cannot come")
        OTHER_DATE = "other_date", _("the meeting was moved")
        ILL = "ill", _("illness")
        FAMILY = "family", _("family matters")
        TRAVEL = "travel", _("cannot get there")
        CONFLICT = "conflict", _("I know the people concerned")
        LANGUAGE = "language", _("the language or the variety does not fit")
        MISTAKE = "mistake", _("entered by mistake")
        # A coordinator's, for choosing somebody who does not fit the request in every point.
        AGREED_BY_PHONE = "agreed_by_phone", _("the assistant agreed by phone")
        INSTITUTION_AGREED = "institution_agreed", _("the institution agreed")
        NOBODY_ELSE = "nobody_else", _("nobody else is free")
        # Why the network does not take a request on.
        SWORN_NEEDED = "sworn_needed", _("a sworn interpreter is needed")
        NOT_OURS = "not_ours", _("this is not what the network does")
        NO_AGREEMENT = "no_agreement", _("there is no valid agreement")
        NO_LANGUAGE = "no_language", _("nobody in the network speaks the language")
        # Why a request waits for a coordinator first.
        LONG = "long", _("long for one assistant")
        SWORN_PERHAPS = "sworn_perhaps", _("a sworn interpreter may be needed")
        # On the day.
        LATE = "late", _("the assistant was late")
        ONE_IS_ENOUGH = "one_is_enough", _("one assistant is enough")
        OTHER = "other", _("another reason")

    request = models.ForeignKey(AssistanceRequest, on_delete=models.CASCADE, related_name="transitions")
    old_state = models.CharField(max_length=24, choices=AssistanceRequest.State.choices, blank=True)
    new_state = models.CharField(max_length=24, choices=AssistanceRequest.State.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    is_late = models.BooleanField(default=False, help_text="Cancelled at short notice (domain.md A5.5).")
    notice_minutes = models.IntegerField(
        null=True, blank=True, help_text="Before the start; negative once it has begun."
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("change of a request")
        verbose_name_plural = _("changes of requests")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.old_state} to {self.new_state}"
