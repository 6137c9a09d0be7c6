"""An institution's request, the offers made for it, and the assignment that comes of one.

The request and each attempt to staff it are different rows with different states (lessons.md G): the request
survives refusals, withdrawals and replacements, and their history stays.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.models.assistant import Assistant, Mode, Subject
from institutions.models.institution import Institution, Official, Unit
from portal.languages import SPOKEN_LANGUAGES
from projects.models import Project


class RequestQuerySet(models.QuerySet["AssistanceRequest"]):
    def visible_to(self, user) -> "RequestQuerySet":
        """The requests of the institutions in which the user is an official today."""
        return self.filter(institution__in=Official.objects.serving().filter(user=user).values("institution"))

    def managed_by(self, user) -> "RequestQuerySet":
        return self.filter(institution__project__in=Project.objects.coordinated_by(user))

    def unfilled(self) -> "RequestQuerySet":
        """Nobody has taken it on, whether or not there is still time."""
        return self.filter(state__in=[AssistanceRequest.State.OFFERING, AssistanceRequest.State.UNFILLED])

    def looking(self, now) -> "RequestQuerySet":
        """Nobody has taken it on, and somebody still can."""
        return self.unfilled().filter(start_at__gt=now)


class AssistanceRequest(models.Model):
    """Source of its diary entries is ``institutions.request:<pk>``."""

    class State(models.TextChoices):
        OFFERING = "offering", _("we are looking for an assistant")
        CONFIRMED = "confirmed", _("an assistant will come")
        AWAITING_REPORT = "awaiting_report", _("waiting for the assistant's report")
        AWAITING_CONFIRMATION = "awaiting_confirmation", _("waiting for you to confirm the hours")
        CLOSED = "closed", _("done, hours confirmed")
        UNFILLED = "unfilled", _("nobody was free")
        CANCELLED_BY_INSTITUTION = "cancelled_by_institution", _("cancelled by the institution")
        CANCELLED_BY_NETWORK = "cancelled_by_network", _("cancelled by the network")

    class Urgency(models.TextChoices):
        PLANNED = "planned", _("planned, at least 2 days ahead")
        URGENT = "urgent", _("urgent, today or tomorrow")
        EMERGENCY = "emergency", _("emergency, as soon as possible")

    class GenderPreference(models.TextChoices):
        ANY = "any", _("no preference")
        WOMAN = "woman", _("a woman")
        MAN = "man", _("a man")

    class Role(models.TextChoices):
        INTERPRETING = "interpreting", _("interpreting: says what both sides say")
        FACILITATION = "facilitation", _("facilitation: also explains customs and rules")
        ACCOMPANIMENT = "accompaniment", _("accompanying: supports the person, no interpreting")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="requests")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.SET_NULL, related_name="requests")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="assistance_requests"
    )
    state = models.CharField(max_length=24, choices=State.choices, default=State.OFFERING)
    # The institution's own number of the matter; never anything about the client.
    case_reference = models.CharField(_("your case number"), max_length=20, blank=True)
    subject = models.CharField(_("subject"), max_length=20, choices=Subject.choices)
    role = models.CharField(
        _("what the assistant does"), max_length=16, choices=Role.choices, default=Role.INTERPRETING
    )
    language = models.CharField(_("language"), max_length=12, choices=SPOKEN_LANGUAGES)
    second_language = models.CharField(
        _("second language, if nobody speaks the first"), max_length=12, choices=SPOKEN_LANGUAGES, blank=True
    )
    dialect = models.CharField(_("dialect or variety"), max_length=60, blank=True)
    gender_preference = models.CharField(
        _("should the assistant be a woman or a man?"),
        max_length=6,
        choices=GenderPreference.choices,
        default=GenderPreference.ANY,
    )
    is_gender_required = models.BooleanField(_("only this, otherwise nobody"), default=False)
    mode = models.CharField(_("how"), max_length=8, choices=Mode.choices, default=Mode.ON_SITE)
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency.choices, default=Urgency.PLANNED)
    start_at = models.DateTimeField(_("start"))
    end_at = models.DateTimeField(_("planned end"))
    town = models.CharField(_("town"), max_length=80)
    county = models.CharField(_("county"), max_length=80, blank=True)
    # Seen by the assistant only after accepting, and hidden again some time after the meeting.
    address = models.CharField(_("address and room, or link"), max_length=200, blank=True)
    contact_name = models.CharField(_("who to ask for"), max_length=120, blank=True)
    contact_phone = models.CharField(_("phone on the day"), max_length=16, blank=True)
    briefing = models.TextField(
        _("what will it be about?"),
        max_length=1000,
        blank=True,
        help_text=_("Terms to prepare, how many people. No names, no numbers, no diagnosis."),
    )
    offered_until = models.DateTimeField(null=True, blank=True, help_text="When the open offers run out.")
    told_unfilled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    filled_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for an assistant")
        verbose_name_plural = _("requests for an assistant")
        ordering = ["-start_at", "-id"]
        indexes = [models.Index(fields=["state", "start_at"], name="request_state_start")]
        constraints = [
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="request_ends_after_start")
        ]

    def __str__(self) -> str:
        return f"request {self.pk}"

    @property
    def source(self) -> str:
        return f"institutions.request:{self.pk}"

    @property
    def is_looking(self) -> bool:
        return self.state in (self.State.OFFERING, self.State.UNFILLED)

    @property
    def is_over(self) -> bool:
        """Nothing more will happen with it."""
        return self.state in (
            self.State.CLOSED,
            self.State.CANCELLED_BY_INSTITUTION,
            self.State.CANCELLED_BY_NETWORK,
        )

    @property
    def minutes(self) -> int:
        return int((self.end_at - self.start_at).total_seconds() // 60)


class Offer(models.Model):
    """A request put before one assistant. Only an open offer can be accepted."""

    class State(models.TextChoices):
        OPEN = "open", _("waiting for an answer")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("not this time")
        EXPIRED = "expired", _("no answer in time")
        TAKEN = "taken", _("somebody else was first")
        CALLED_OFF = "called_off", _("no longer needed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.ForeignKey(AssistanceRequest, on_delete=models.CASCADE, related_name="offers")
    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="offers")
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    # The language in which this assistant would interpret: the first, or the acceptable second one.
    language = models.CharField(max_length=12, choices=SPOKEN_LANGUAGES)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "assistant"], condition=Q(state="open"), name="offer_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"offer {self.pk}: {self.state}"


class Assignment(models.Model):
    """An assistant who has taken a request on."""

    class State(models.TextChoices):
        ACTIVE = "active", _("agreed")
        WITHDRAWN = "withdrawn", _("the assistant cannot come")
        CANCELLED = "cancelled", _("cancelled")
        DONE = "done", _("done")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.ForeignKey(AssistanceRequest, on_delete=models.CASCADE, related_name="assignments")
    assistant = models.ForeignKey(Assistant, on_delete=models.PROTECT, related_name="assignments")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    language = models.CharField(max_length=12, choices=SPOKEN_LANGUAGES)
    agreed_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Empty when the assistant accepted an offer; the coordinator who assigned by hand otherwise.
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["-agreed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(state__in=["active", "done"]),
                name="assignment_one_per_request",
            )
        ]

    def __str__(self) -> str:
        return f"assignment {self.pk}: {self.state}"

    @property
    def ledger_source(self) -> str:
        return f"institutions.assignment:{self.pk}"


class TimeReport(models.Model):
    """The real times, without a word about the conversation: the assistant reports, the official confirms."""

    assignment = models.OneToOneField(Assignment, on_delete=models.CASCADE, related_name="report")
    start_at = models.DateTimeField(_("it started at"))
    end_at = models.DateTimeField(_("it ended at"))
    travel_minutes = models.PositiveSmallIntegerField(_("travel, there and back (minutes)"), default=0)
    reported_at = models.DateTimeField(default=timezone.now)
    disputed_at = models.DateTimeField(null=True, blank=True)
    dispute_reason = models.CharField(_("what is wrong?"), max_length=200, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("report of hours")
        verbose_name_plural = _("reports of hours")
        constraints = [
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="report_ends_after_start")
        ]

    def __str__(self) -> str:
        return f"report of assignment {self.assignment_id}"

    @property
    def minutes(self) -> int:
        return int((self.end_at - self.start_at).total_seconds() // 60)


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
        MISTAKE = "mistake", _("entered by mistake")
        # A coordinator's, for choosing somebody who does not fit the request in every point.
        AGREED_BY_PHONE = "agreed_by_phone", _("the assistant agreed by phone")
        INSTITUTION_AGREED = "institution_agreed", _("the institution agreed")
        NOBODY_ELSE = "nobody_else", _("nobody else is free")
        OTHER = "other", _("another reason")

    request = models.ForeignKey(AssistanceRequest, on_delete=models.CASCADE, related_name="transitions")
    old_state = models.CharField(max_length=24, choices=AssistanceRequest.State.choices, blank=True)
    new_state = models.CharField(max_length=24, choices=AssistanceRequest.State.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    is_late = models.BooleanField(default=False, help_text="Cancelled at short notice (domain.md A5.5).")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("change of a request")
        verbose_name_plural = _("changes of requests")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.old_state} to {self.new_state}"
