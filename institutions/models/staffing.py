"""Attempts to find somebody for a request, the offers made in them, and who took it on.

The order and each attempt to staff it are different rows with different states (lessons.md G): the order
survives refusals, withdrawals and replacements, and their history stays.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.models.assistant import Assistant, Contract, Mode
from institutions.models.request import AssistanceRequest
from institutions.models.request_steps import RequestTransition
from portal.languages import SPOKEN_LANGUAGES


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def live(self) -> "AttemptQuerySet":
        return self.filter(state__in=Attempt.LIVE)


class Attempt(models.Model):
    """One search for one assistant of a request, in one way and one language.

    Who withdraws or is replaced leaves a new attempt behind; so does each step of the ladder from on site to
    video, phone and a bridge language (features.md U5).
    """

    class State(models.TextChoices):
        SEARCHING = "searching", _("looking for somebody")
        CHOOSING = "choosing", _("the coordinator chooses")
        FILLED = "filled", _("somebody agreed")
        EXHAUSTED = "exhausted", _("nobody was found")
        CALLED_OFF = "called_off", _("called off")

    LIVE = (State.SEARCHING, State.CHOOSING)

    request = models.ForeignKey(AssistanceRequest, on_delete=models.CASCADE, related_name="attempts")
    place = models.PositiveSmallIntegerField(default=1, help_text="First or second assistant of the request.")
    number = models.PositiveSmallIntegerField(help_text="Within the request, from 1.")
    state = models.CharField(max_length=12, choices=State.choices, default=State.SEARCHING)
    mode = models.CharField(max_length=8, choices=Mode.choices)
    language = models.CharField(max_length=12, choices=SPOKEN_LANGUAGES)
    rung = models.PositiveSmallIntegerField(default=0, help_text="Step of the ladder, from 0.")
    wave = models.PositiveSmallIntegerField(default=0, help_text="Waves of offers sent so far.")
    next_wave_at = models.DateTimeField(
        null=True, blank=True, help_text="When the offers run out and others are asked."
    )
    opened_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt to find somebody")
        verbose_name_plural = _("attempts to find somebody")
        ordering = ["request", "number"]
        indexes = [
            models.Index(
                fields=["next_wave_at"],
                name="attempt_next_wave",
                condition=Q(state__in=["searching", "choosing"]),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["request", "place"],
                condition=Q(state__in=["searching", "choosing"]),
                name="attempt_one_live_per_place",
            ),
            models.CheckConstraint(condition=Q(place__gte=1, place__lte=2), name="attempt_place"),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number} of request {self.request_id}: {self.state}"

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE


class AttemptTransition(models.Model):
    """Every change of an attempt's state. Rows are only added."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="transitions")
    old_state = models.CharField(max_length=12, choices=Attempt.State.choices, blank=True)
    new_state = models.CharField(max_length=12, choices=Attempt.State.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(max_length=20, choices=RequestTransition.Reason.choices, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("change of an attempt")
        verbose_name_plural = _("changes of attempts")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.old_state} to {self.new_state}"


class Offer(models.Model):
    """A request put before one assistant, or her own wish to take it. Only an open one can be answered."""

    class State(models.TextChoices):
        OPEN = "open", _("waiting for an answer")
        INTERESTED = "interested", _("interested, the coordinator chooses")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("not this time")
        EXPIRED = "expired", _("no answer in time")
        TAKEN = "taken", _("somebody else was first")
        NOT_CHOSEN = "not_chosen", _("somebody else was chosen")
        CALLED_OFF = "called_off", _("no longer needed")

    STANDING = (State.OPEN, State.INTERESTED)

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="offers")
    # Of the attempt: most questions are asked by request.
    request = models.ForeignKey(AssistanceRequest, on_delete=models.CASCADE, related_name="offers")
    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="offers")
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    # The language in which this assistant would interpret: the attempt's.
    language = models.CharField(max_length=12, choices=SPOKEN_LANGUAGES)
    wave = models.PositiveSmallIntegerField(default=1, help_text="0 where she came forward herself.")
    # Why she was asked before others, as it was reckoned then (features.md U5); kept for disputes.
    score = models.SmallIntegerField(default=0)
    score_parts = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "assistant"],
                condition=Q(state__in=["open", "interested"]),
                name="offer_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"offer {self.pk}: {self.state}"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def standing(self) -> "AssignmentQuerySet":
        """Somebody is going, or was there."""
        return self.filter(state__in=Assignment.STANDING)

    def kept(self) -> "AssignmentQuerySet":
        """The same, and who did not come; not those who gave the job back before."""
        return self.filter(state__in=Assignment.KEPT)


class Assignment(models.Model):
    """An assistant who has taken a request on: what came of an attempt."""

    class State(models.TextChoices):
        ACTIVE = "active", _("agreed")
        WITHDRAWN = "withdrawn", _("the assistant cannot come")
        REPLACED = "replaced", _("somebody else goes")
        CANCELLED = "cancelled", _("cancelled")
        NO_SHOW = "no_show", _("did not come")
        DONE = "done", _("done")

    STANDING = (State.ACTIVE, State.DONE)
    KEPT = (*STANDING, State.NO_SHOW)

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    attempt = models.OneToOneField(Attempt, on_delete=models.CASCADE, related_name="assignment")
    # Of the attempt: most questions are asked by request.
    request = models.ForeignKey(AssistanceRequest, on_delete=models.CASCADE, related_name="assignments")
    place = models.PositiveSmallIntegerField(default=1)
    assistant = models.ForeignKey(Assistant, on_delete=models.PROTECT, related_name="assignments")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    language = models.CharField(max_length=12, choices=SPOKEN_LANGUAGES)
    # As it was when she agreed: the monthly sheet needs it as it was.
    contract_form = models.CharField(max_length=10, choices=Contract.choices, blank=True)
    agreed_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Empty when the assistant accepted an offer; the coordinator who assigned by hand otherwise.
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # On the day.
    arrived_at = models.DateTimeField(null=True, blank=True)
    delay_minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How late she said she would be."
    )
    delay_told_at = models.DateTimeField(null=True, blank=True)
    # The code that the official gave her at the end was right (domain.md A5.8).
    code_given_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["-agreed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "place"],
                condition=Q(state__in=["active", "done"]),
                name="assignment_one_per_place",
            ),
            models.UniqueConstraint(
                fields=["request", "assistant"],
                condition=Q(state__in=["active", "done"]),
                name="assignment_nobody_twice",
            ),
        ]

    def __str__(self) -> str:
        return f"assignment {self.pk}: {self.state}"

    @property
    def ledger_source(self) -> str:
        return f"institutions.assignment:{self.pk}"
