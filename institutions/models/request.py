"""The order: what an institution asks for. How somebody is found for it stands in ``staffing``."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.models.assistant import Assistant, Mode, Subject
from institutions.models.institution import Institution, Official, Unit
from participants.models import LanguageSkill
from portal.languages import SPOKEN_LANGUAGES
from projects.models import Project


class RequestQuerySet(models.QuerySet["AssistanceRequest"]):
    def visible_to(self, user) -> "RequestQuerySet":
        """What an official sees today: her unit's requests and her own; its administrator sees them all."""
        seats = Official.objects.serving().filter(user=user)
        whole = seats.filter(is_administrator=True).values("institution")
        in_units = seats.filter(unit__isnull=False).values("unit")
        without_unit = seats.filter(unit__isnull=True).values("institution")
        return self.filter(
            Q(institution__in=whole)
            | Q(unit__in=in_units)
            | Q(unit__isnull=True, institution__in=without_unit)
            | Q(requested_by=user, institution__in=seats.values("institution"))
        )

    def managed_by(self, user) -> "RequestQuerySet":
        """The requests of a coordinator's networks; a draft is its institution's own affair."""
        mine = self.filter(institution__project__in=Project.objects.coordinated_by(user))
        return mine.exclude(state=AssistanceRequest.State.DRAFT)

    def with_readers(self) -> "RequestQuerySet":
        """``is_read``: OfficialQuerySet.answering_for finds somebody today who gets our letters."""
        seats = Official.objects.serving().filter(institution=OuterRef("institution"))
        own = Q(user=OuterRef("requested_by")) | Q(unit=OuterRef("unit")) | Q(is_administrator=True)
        of_all = Q(Exists(seats.filter(unit__isnull=True)), unit__isnull=True)
        return self.annotate(is_read=Q(Exists(seats.filter(own))) | of_all)

    def unfilled(self) -> "RequestQuerySet":
        """Nobody has taken it on, whether or not there is still time."""
        return self.filter(state__in=AssistanceRequest.LOOKING)

    def looking(self, now) -> "RequestQuerySet":
        """Nobody has taken it on, and somebody still can."""
        return self.unfilled().filter(start_at__gt=now)

    def waiting_for_the_network(self, now) -> "RequestQuerySet":
        """A coordinator has to decide, or nobody has agreed yet: who waits for her comes first, and of both
        those for whom a relative or a child interprets now (domain.md A1.3).
        """
        waiting = Q(state=AssistanceRequest.State.SUBMITTED)
        looking = Q(state__in=AssistanceRequest.LOOKING)
        rows = self.filter(waiting | looking, start_at__gt=now)
        rows = rows.annotate(is_to_decide=Q(waiting))
        return rows.order_by("-is_to_decide", "-is_relative_interpreting", "start_at", "id")

    def without_place(self) -> "RequestQuerySet":
        """Nobody could find the meeting in the way that is tried or agreed now."""
        lacking = Q()
        for mode, field in AssistanceRequest.PLACE_IN.items():
            lacking |= Q(mode=mode, **{field: ""})
        return self.filter(lacking)


class RequestSeries(models.Model):
    """Meetings asked for together. Each is a request of its own; what they share is the wish for one face."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="series")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("series of requests")
        verbose_name_plural = _("series of requests")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"series {self.pk}"


class AssistanceRequest(models.Model):
    """Source of its diary entries is ``institutions.request:<pk>``. Its ways stand in institutions.states."""

    class State(models.TextChoices):
        DRAFT = "draft", _("not sent yet")
        SUBMITTED = "submitted", _("the network is looking at it")
        NEEDS_INFO = "needs_info", _("the network has a question for you")
        OFFERING = "offering", _("we are looking for an assistant")
        CONFIRMED = "confirmed", _("an assistant will come")
        IN_PROGRESS = "in_progress", _("the meeting is going on")
        AWAITING_REPORT = "awaiting_report", _("waiting for the assistant's report")
        AWAITING_CONFIRMATION = "awaiting_confirmation", _("waiting for you to confirm the hours")
        CLOSED = "closed", _("done, hours confirmed")
        DECLINED = "declined", _("the network cannot take it on")
        UNFILLED = "unfilled", _("nobody was free")
        CANCELLED_BY_INSTITUTION = "cancelled_by_institution", _("cancelled by the institution")
        CANCELLED_BY_NETWORK = "cancelled_by_network", _("cancelled by the network")
        CLIENT_NO_SHOW = "client_no_show", _("the client did not come")
        ASSISTANT_NO_SHOW = "assistant_no_show", _("the assistant did not come")
        INSTITUTION_NO_SHOW = "institution_no_show", _("nobody of the institution was there")

    class Urgency(models.TextChoices):
        PLANNED = "planned", _("planned, at least 2 working days ahead")
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

    class Sensitivity(models.TextChoices):
        VIOLENCE = "violence", _("violence")
        TRAUMA = "trauma", _("hard experiences, trauma")
        HEALTH = "health", _("serious illness, bad news")
        MINORS = "minors", _("the safety of a child")

    class Choice(models.TextChoices):
        """How one of those who could come is chosen (domain.md A5.2, features.md G4)."""

        FIRST = "first", _("the first who agrees")
        COORDINATOR = "coordinator", _("the coordinator chooses")

    #: Nobody has taken it on yet.
    LOOKING = (State.OFFERING, State.UNFILLED)
    CALLED_OFF = (State.CANCELLED_BY_INSTITUTION, State.CANCELLED_BY_NETWORK)
    #: How a meeting can fail on the day, by whose absence.
    NO_SHOWS = (State.CLIENT_NO_SHOW, State.ASSISTANT_NO_SHOW, State.INSTITUTION_NO_SHOW)
    #: Nothing more will happen with it.
    OVER = (State.CLOSED, State.DECLINED, *CALLED_OFF, *NO_SHOWS)
    #: What one has to know to find the meeting, by the way in which it is held.
    PLACE_IN = {Mode.ON_SITE: "address", Mode.VIDEO: "link", Mode.PHONE: "contact_phone"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="requests")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.SET_NULL, related_name="requests")
    series = models.ForeignKey(
        RequestSeries, null=True, blank=True, on_delete=models.SET_NULL, related_name="requests"
    )
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
    # A bridge language: asked for only if the client agreed to it (features.md U5).
    second_language = models.CharField(
        _("second language, if nobody speaks the first"), max_length=12, choices=SPOKEN_LANGUAGES, blank=True
    )
    is_second_language_agreed = models.BooleanField(
        _("the client agreed to the second language"), default=False
    )
    # What the assistant must be or should rather be: institutions.requirements reads these in pairs.
    dialect = models.CharField(_("dialect or variety"), max_length=60, blank=True)
    is_dialect_required = models.BooleanField(_("only this variety"), default=False)
    level = models.CharField(
        _("how well the assistant speaks it, at least"),
        max_length=6,
        choices=LanguageSkill.Level.choices,
        blank=True,
    )
    is_level_required = models.BooleanField(_("only at this level"), default=False)
    is_writing_wanted = models.BooleanField(_("there are papers to read or write"), default=False)
    is_writing_required = models.BooleanField(_("only somebody who reads and writes it"), default=False)
    gender_preference = models.CharField(
        _("should the assistant be a woman or a man?"),
        max_length=6,
        choices=GenderPreference.choices,
        default=GenderPreference.ANY,
    )
    is_gender_required = models.BooleanField(_("only this, otherwise nobody"), default=False)
    # In a small community the client may know the assistant (domain.md A6.4).
    is_other_town_wanted = models.BooleanField(_("somebody who does not live in this town"), default=False)
    is_other_town_required = models.BooleanField(_("only from another town"), default=False)
    preferred_assistant = models.ForeignKey(
        Assistant, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # The ways the institution agreed to, the best first; ``mode`` is the one that is tried or was agreed.
    ranked_modes = ArrayField(
        models.CharField(max_length=8, choices=Mode.choices), verbose_name=_("how"), default=list, blank=True
    )
    mode = models.CharField(_("how"), max_length=8, choices=Mode.choices, default=Mode.ON_SITE)
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency.choices, default=Urgency.PLANNED)
    choice = models.CharField(_("who chooses"), max_length=12, choices=Choice.choices, default=Choice.FIRST)
    assistants_needed = models.PositiveSmallIntegerField(_("how many assistants"), default=1)
    start_at = models.DateTimeField(_("start"))
    end_at = models.DateTimeField(_("planned end"))
    # A talk before and after, part of the work (domain.md A6.9); kept free in the assistant's diary.
    briefing_minutes = models.PositiveSmallIntegerField(_("briefing before (minutes)"), default=0)
    debriefing_minutes = models.PositiveSmallIntegerField(_("talk afterwards (minutes)"), default=0)
    town = models.CharField(_("town"), max_length=80)
    county = models.CharField(_("county"), max_length=80, blank=True)
    # Signed or certified papers need a sworn interpreter beside the assistant (domain.md A1.11).
    is_signed_or_certified = models.BooleanField(_("something is signed or certified there"), default=False)
    people_count = models.PositiveSmallIntegerField(_("how many people come"), null=True, blank=True)
    are_minors_present = models.BooleanField(_("children or teenagers will be there"), default=False)
    sensitivities = ArrayField(
        models.CharField(max_length=12, choices=Sensitivity.choices),
        verbose_name=_("will it be about something hard?"),
        default=list,
        blank=True,
    )
    # A relative or a child must never interpret: whoever has nobody else goes first (domain.md A1.3).
    is_relative_interpreting = models.BooleanField(_("a relative or a child interprets now"), default=False)
    # Seen by the assistant only after accepting, and hidden again some time after the meeting.
    address = models.CharField(_("address and room"), max_length=200, blank=True)
    link = models.CharField(_("link to the video meeting"), max_length=300, blank=True)
    contact_name = models.CharField(_("who to ask for"), max_length=120, blank=True)
    contact_phone = models.CharField(_("phone on the day"), max_length=16, blank=True)
    briefing = models.TextField(
        _("what will it be about?"),
        max_length=1000,
        blank=True,
        help_text=_("Terms to prepare, how many people. No names, no numbers, no diagnosis."),
    )
    told_unfilled_at = models.DateTimeField(null=True, blank=True)
    looked_again_at = models.DateTimeField(
        null=True, blank=True, help_text="While nobody was found: when somebody new was looked for."
    )
    created_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    filled_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # Its free texts are deleted some time after it is over (domain.md C1.11).
    scrubbed_at = models.DateTimeField(null=True, blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for an assistant")
        verbose_name_plural = _("requests for an assistant")
        ordering = ["-start_at", "-id"]
        indexes = [
            models.Index(fields=["state", "start_at"], name="request_state_start"),
            models.Index(fields=["institution", "case_reference"], name="request_case"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="request_ends_after_start"),
            models.CheckConstraint(
                condition=Q(assistants_needed__gte=1, assistants_needed__lte=2),
                name="request_one_or_two_assistants",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(submitted_at__isnull=False), name="request_sent_has_time"
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.pk}"

    @property
    def source(self) -> str:
        return f"institutions.request:{self.pk}"

    @property
    def is_looking(self) -> bool:
        return self.state in self.LOOKING

    @property
    def is_over(self) -> bool:
        return self.state in self.OVER

    @property
    def is_sensitive(self) -> bool:
        return bool(self.sensitivities) or self.subject == Subject.MENTAL_HEALTH

    @property
    def may_need_sworn(self) -> bool:
        """Papers, or interpreting at the police or in court whatever the subject (domain.md A1.11)."""
        is_of_justice = self.institution.kind in (Institution.Kind.POLICE, Institution.Kind.COURT)
        return self.is_signed_or_certified or (is_of_justice and self.role != self.Role.ACCOMPANIMENT)

    @property
    def is_place_missing(self) -> bool:
        return not getattr(self, self.PLACE_IN[Mode(self.mode)])

    @property
    def minutes(self) -> int:
        return int((self.end_at - self.start_at).total_seconds() // 60)
