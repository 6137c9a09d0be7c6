"""What each side says afterwards: feedback, the client's smile, complaints, and who should not come again."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.models.assistant import Assistant
from institutions.models.institution import Institution
from institutions.models.request import AssistanceRequest
from institutions.models.staffing import Assignment


class Feedback(models.Model):
    """One side about the other, after a job. Seen by the coordinator; in figures as counts only."""

    class Side(models.TextChoices):
        OFFICIAL = "official", _("the institution")
        ASSISTANT = "assistant", _("the assistant")

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="feedback")
    side = models.CharField(max_length=10, choices=Side.choices)
    was_on_time = models.BooleanField(_("Was everybody there on time?"), null=True, blank=True)
    understood = models.PositiveSmallIntegerField(_("Did you understand one another?"), null=True, blank=True)
    rating = models.PositiveSmallIntegerField(_("How was it, on the whole?"))
    would_again = models.BooleanField(_("Would you work together again?"), null=True, blank=True)
    comment = models.CharField(_("What should we know?"), max_length=300, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "side"], name="feedback_once_per_side"),
            models.CheckConstraint(condition=Q(rating__gte=1, rating__lte=5), name="feedback_rating_1_to_5"),
            models.CheckConstraint(
                condition=Q(understood__isnull=True) | Q(understood__gte=1, understood__lte=5),
                name="feedback_understood_1_to_5",
            ),
        ]

    def __str__(self) -> str:
        return f"feedback {self.pk}"


class ClientSmile(models.Model):
    """One of three faces, pressed by the client in her own language from a card. Nothing tells who she is."""

    class Face(models.IntegerChoices):
        BAD = 1, _("bad")
        SO_SO = 2, _("so-so")
        GOOD = 3, _("good")

    assignment = models.OneToOneField(Assignment, on_delete=models.CASCADE, related_name="smile")
    face = models.PositiveSmallIntegerField(choices=Face.choices)
    on = models.DateField(default=timezone.localdate)

    class Meta:
        verbose_name = _("face pressed by a client")
        verbose_name_plural = _("faces pressed by clients")
        ordering = ["-on", "-id"]
        constraints = [models.CheckConstraint(condition=Q(face__gte=1, face__lte=3), name="smile_1_to_3")]

    def __str__(self) -> str:
        return f"smile {self.pk}"


class Complaint(models.Model):
    """Something went wrong and somebody says so. It has a way of its own, apart from the request."""

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        LOOKING = "looking", _("being looked into")
        UPHELD = "upheld", _("justified")
        NOT_UPHELD = "not_upheld", _("not justified")
        WITHDRAWN = "withdrawn", _("taken back")

    class Category(models.TextChoices):
        LATE = "late", _("lateness or absence")
        QUALITY = "quality", _("quality of interpreting")
        CONDUCT = "conduct", _("conduct")
        CONFIDENTIALITY = "confidentiality", _("confidentiality")
        SAFETY = "safety", _("safety")
        HOURS = "hours", _("hours or settlement")
        OTHER = "other", _("something else")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.ForeignKey(AssistanceRequest, on_delete=models.CASCADE, related_name="complaints")
    assignment = models.ForeignKey(
        Assignment, null=True, blank=True, on_delete=models.CASCADE, related_name="complaints"
    )
    side = models.CharField(max_length=10, choices=Feedback.Side.choices)
    category = models.CharField(_("what is it about?"), max_length=16, choices=Category.choices)
    text = models.TextField(_("what happened?"), max_length=1000)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    # What the one who complained is told in the end.
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    scrubbed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"complaint {self.pk}"


class ComplaintStep(models.Model):
    """Every change of a complaint's state. Rows are only added."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="steps")
    old_state = models.CharField(max_length=12, choices=Complaint.State.choices, blank=True)
    new_state = models.CharField(max_length=12, choices=Complaint.State.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("change of a complaint")
        verbose_name_plural = _("changes of complaints")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.old_state} to {self.new_state}"


class Block(models.Model):
    """This assistant is not sent to this institution any more, until it is lifted. Decided by a coordinator."""

    class Reason(models.TextChoices):
        ASKED = "asked", _("the institution asked for it")
        COMPLAINT = "complaint", _("after a complaint")
        CONFLICT = "conflict", _("a conflict of interests")
        SAFETY = "safety", _("safety")
        OTHER = "other", _("another reason")

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="blocks")
    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="blocks")
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "assistant"], condition=Q(lifted_at__isnull=True), name="block_once"
            )
        ]

    def __str__(self) -> str:
        return f"block {self.pk}"
