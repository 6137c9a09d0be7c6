"""What people come to: a workshop, a course, a training, an open event. Its meetings are sessions."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Exists, F, Min, OuterRef, Q
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.languages import SPOKEN_LANGUAGES
from projects.models import Project, ProjectStaff, Theme
from workshops.models.session import Session


def default_capacity() -> int:
    return settings.WORKSHOP_CAPACITY


def default_cancel_hours() -> int:
    return settings.CANCEL_UNTIL_HOURS


def default_offer_hours() -> int:
    return settings.OFFER_HOURS


def default_attendance_percent() -> int:
    return settings.ATTENDANCE_PERCENT


class WorkshopQuerySet(models.QuerySet["Workshop"]):
    def published(self) -> "WorkshopQuerySet":
        """Those that everybody may see, the called-off ones too; not a draft that was called off."""
        was_shown = Q(state=Workshop.State.CANCELLED, published_at__isnull=False)
        return self.filter(Q(state=Workshop.State.PUBLISHED) | was_shown, project__is_published=True)

    def upcoming(self, now: datetime | None = None) -> "WorkshopQuerySet":
        """Published, not called off, with a session still to come; the next one first."""
        now = now or timezone.now()
        return (
            self.filter(state=Workshop.State.PUBLISHED, project__is_published=True)
            .with_next_session(now)
            .filter(next_start_at__isnull=False)
            .order_by("next_start_at", "id")
        )

    def announced(self, now: datetime | None = None) -> "WorkshopQuerySet":
        """Those to come that lists show to everybody: not those by invitation."""
        return self.upcoming(now).exclude(signup_mode=Workshop.SignupMode.BY_INVITATION)

    def with_next_session(self, now: datetime | None = None) -> "WorkshopQuerySet":
        now = now or timezone.now()
        return self.annotate(
            next_start_at=Min(
                "sessions__start_at",
                filter=Q(sessions__state=Session.State.PLANNED, sessions__end_at__gt=now),
            )
        )

    def with_free_seats(self) -> "WorkshopQuerySet":
        """Annotates ``taken`` and ``free_seats`` (a hint for pages; the verb counts again under the lock)."""
        from workshops.models.registration import Registration

        taken = Count(
            "registrations", filter=Q(registrations__state__in=Registration.TAKES_A_PLACE), distinct=True
        )
        waiting = Count(
            "registrations", filter=Q(registrations__state=Registration.State.WAITLISTED), distinct=True
        )
        return self.annotate(taken=taken, waiting=waiting, free_seats=Greatest(F("capacity") - taken, 0))

    def plans(self) -> "WorkshopQuerySet":
        """Those that are no templates."""
        return self.filter(is_template=False)

    def templates(self) -> "WorkshopQuerySet":
        return self.filter(is_template=True)

    def managed_by(self, user) -> "WorkshopQuerySet":
        """Workshops the user plans, and templates: those of the projects she coordinates."""
        return self.filter(project__in=Project.objects.coordinated_by(user))

    def led_by(self, user) -> "WorkshopQuerySet":
        """Workshops whose roll the user may call: hers as a trainer, and all she plans."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        as_trainer = self.model.trainers.through.objects.filter(workshop=OuterRef("pk"), user=user)
        serves = ProjectStaff.objects.serving(ProjectStaff.Role.TRAINER).filter(
            user=user, project=OuterRef("project")
        )
        return self.filter(
            Q(Exists(as_trainer), Exists(serves)) | Q(project__in=Project.objects.coordinated_by(user))
        )


class Workshop(models.Model):
    class Kind(models.TextChoices):
        WORKSHOP = "workshop", _("workshop")
        COURSE = "course", _("course")
        TRAINING = "training", _("training")
        EVENT = "event", _("open event")
        MEETING = "meeting", _("meeting")
        STUDY_VISIT = "study_visit", _("study visit")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        CANCELLED = "cancelled", _("cancelled")

    class Format(models.TextChoices):
        ON_SITE = "on_site", _("on site")
        ONLINE = "online", _("online")
        HYBRID = "hybrid", _("on site and online")

    class SignupMode(models.TextChoices):
        AT_ONCE = "at_once", _("at once: whoever registers has the place")
        BY_APPROVAL = "by_approval", _("by approval: you confirm each person")
        BY_INVITATION = "by_invitation", _("by invitation: only with the link that you send")
        OPEN = "open", _("open: people come without registering, and you count them")

    class Audience(models.TextChoices):
        EVERYBODY = "everybody", _("everybody")
        MIGRANTS = "migrants", _("migrants: not for people who work in a partner institution")
        OFFICIALS = "officials", _("people who work in a partner institution")

    class Priority(models.TextChoices):
        """Who goes first on the waiting list; each is shown to everybody (domain.md B1.7)."""

        FIRST_TIME = "first_time", _("people who have not had a place with us yet")
        CHILDCARE = "childcare", _("people who need the childcare that we have here")
        LOST_PLACE = "lost_place", _("people whose workshop we had to cancel")

    class EventForm(models.TextChoices):
        """Kinds of open events (features.md S13)."""

        FESTIVITY = "festivity", _("festivity or picnic")
        MEAL = "meal", _("cooking and eating together")
        CULTURE = "culture", _("concert, film or exhibition")
        WALK = "walk", _("walk or trip")
        SPORT = "sport", _("sport and games")
        TALK = "talk", _("talk or debate")
        OTHER = "other", _("something else")

    class Level(models.TextChoices):
        A0 = "A0", "A0"
        A1 = "A1", "A1"
        A1_PLUS = "A1+", "A1+"
        A2 = "A2", "A2"
        A2_PLUS = "A2+", "A2+"
        B1 = "B1", "B1"
        B1_PLUS = "B1+", "B1+"
        B2 = "B2", "B2"
        C1 = "C1", "C1"
        C2 = "C2", "C2"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="workshops", verbose_name=_("project")
    )
    theme = models.ForeignKey(
        Theme, on_delete=models.PROTECT, related_name="workshops", verbose_name=_("theme")
    )
    slug = models.SlugField(max_length=90, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.WORKSHOP)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)

    title = models.CharField(_("title"), max_length=160)
    summary = models.CharField(_("in one sentence"), max_length=200, blank=True)
    description = models.TextField(_("what we will do"), blank=True)
    for_whom = models.TextField(_("for whom"), blank=True)
    what_to_bring = models.TextField(_("what to bring"), blank=True)

    languages = ArrayField(
        models.CharField(max_length=12, choices=SPOKEN_LANGUAGES),
        verbose_name=_("languages spoken"),
        default=list,
    )
    level = models.CharField(_("level"), max_length=4, choices=Level.choices, blank=True)
    format = models.CharField(_("form"), max_length=8, choices=Format.choices, default=Format.ON_SITE)
    town = models.CharField(_("town"), max_length=80, blank=True)
    # Venue, address and link go only to people who are registered (domain.md 0.7), unless it is made public.
    venue = models.CharField(_("venue"), max_length=160, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    is_address_public = models.BooleanField(
        _("show the address to everybody"),
        default=False,
        help_text=_("Otherwise only people who are registered see it."),
    )
    online_link = models.URLField(_("link to the meeting"), blank=True)

    is_women_only = models.BooleanField(_("for women only"), default=False)
    childcare_places = models.PositiveSmallIntegerField(_("places for children"), default=0)
    childcare_note = models.CharField(_("about childcare"), max_length=200, blank=True)
    is_step_free = models.BooleanField(_("no steps at the entrance"), default=False)
    has_lift = models.BooleanField(_("lift"), default=False)
    has_hearing_loop = models.BooleanField(_("hearing loop"), default=False)
    has_accessible_toilet = models.BooleanField(_("accessible toilet"), default=False)
    refunds_travel = models.BooleanField(_("we pay for your ticket"), default=False)

    capacity = models.PositiveSmallIntegerField(_("number of places"), default=default_capacity)
    minimum = models.PositiveSmallIntegerField(
        _("smallest group"), default=0, help_text=_("With fewer people the workshop may be cancelled.")
    )
    signup_mode = models.CharField(
        _("how people register"), max_length=14, choices=SignupMode.choices, default=SignupMode.AT_ONCE
    )
    registration_opens_at = models.DateTimeField(_("registration opens"), null=True, blank=True)
    registration_closes_at = models.DateTimeField(
        _("registration closes"), null=True, blank=True, help_text=_("Empty: when the first session starts.")
    )
    cancel_until_hours = models.PositiveSmallIntegerField(
        _("people can cancel until this many hours before the start"), default=default_cancel_hours
    )
    remind_minutes = ArrayField(
        models.PositiveIntegerField(),
        verbose_name=_("reminders"),
        null=True,
        blank=True,
        help_text="Minutes before the start. Empty: the default for single or weekly sessions.",
    )
    trainers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="workshops_led", verbose_name=_("trainers")
    )

    # Who may register. What a person has not told us yet is asked when she registers.
    audience = models.CharField(
        _("who may register"), max_length=10, choices=Audience.choices, default=Audience.EVERYBODY
    )
    min_age = models.PositiveSmallIntegerField(_("from this age"), null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(_("up to this age"), null=True, blank=True)
    min_level = models.CharField(_("Polish from this level"), max_length=4, choices=Level.choices, blank=True)
    max_level = models.CharField(
        _("Polish up to this level"), max_length=4, choices=Level.choices, blank=True
    )
    needs_placement = models.BooleanField(
        _("place people by a test or a talk"),
        default=False,
        help_text=_("You see the level that people give themselves, and write down the one you find."),
    )
    requires = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="leads_to", verbose_name=_("finished before")
    )
    takes_children = models.BooleanField(
        _("children can take part"), default=False, help_text=_("A parent registers them.")
    )
    # Changed to make an old invitation link useless.
    invitation_key = models.UUIDField(default=uuid.uuid4, editable=False)

    # The waiting list.
    offer_hours = models.PositiveSmallIntegerField(
        _("hours to answer when a place is free"),
        default=default_offer_hours,
        help_text=_("Shorter when the first meeting is near."),
    )
    priorities = ArrayField(
        models.CharField(max_length=12, choices=Priority.choices),
        verbose_name=_("who goes first on the waiting list"),
        default=list,
        blank=True,
    )

    # What comes of it.
    gives_certificate = models.BooleanField(_("people get a certificate"), default=False)
    attendance_percent = models.PositiveSmallIntegerField(
        _("attendance needed (%)"),
        default=default_attendance_percent,
        help_text=_("For the certificate, and for the warning when somebody misses meetings."),
    )

    # Open events.
    event_form = models.CharField(
        _("form of the event"), max_length=10, choices=EventForm.choices, blank=True
    )
    is_for_families = models.BooleanField(_("for families with children"), default=False)

    # A template is never published; it is there to be copied.
    is_template = models.BooleanField(default=False)
    copied_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="copies"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    cancelled_reason = models.CharField(_("why it was cancelled"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkshopQuerySet.as_manager()

    class Meta:
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(capacity__gte=1), name="workshop_has_places"),
            models.CheckConstraint(condition=Q(minimum__lte=F("capacity")), name="workshop_minimum_fits"),
            models.CheckConstraint(
                condition=Q(registration_opens_at__isnull=True)
                | Q(registration_closes_at__isnull=True)
                | Q(registration_closes_at__gt=F("registration_opens_at")),
                name="workshop_window_is_in_order",
            ),
            models.CheckConstraint(
                condition=Q(min_age__isnull=True) | Q(max_age__isnull=True) | Q(max_age__gte=F("min_age")),
                name="workshop_ages_are_in_order",
            ),
            models.CheckConstraint(condition=Q(attendance_percent__lte=100), name="workshop_percent_is_one"),
            models.CheckConstraint(condition=Q(offer_hours__gte=1), name="workshop_offer_lasts"),
            models.CheckConstraint(
                condition=Q(is_template=False) | Q(state="draft"), name="workshop_template_is_no_plan"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def priority_words(self) -> list[str]:
        """Who goes first on the waiting list."""
        return [str(self.Priority(rule).label) for rule in self.priorities]

    # The following read ``sessions.all()``, and so a prefetch of it where there is one.

    def planned_sessions(self) -> list[Session]:
        return [session for session in self.sessions.all() if session.state == Session.State.PLANNED]

    def sessions_ahead(self, now: datetime) -> list[Session]:
        """Planned sessions that have not ended."""
        return [session for session in self.planned_sessions() if session.end_at > now]

    def closes_at(self) -> datetime | None:
        """Until when one can register: as set, or when the first session starts; never after the last start.

        So a coordinator who sets a later moment lets newcomers join a series that has begun.
        """
        starts = [session.start_at for session in self.planned_sessions()]
        if not starts:
            return None
        return min(self.registration_closes_at, starts[-1]) if self.registration_closes_at else starts[0]

    def can_cancel_until(self, now: datetime) -> datetime | None:
        """Until when a place can be given back before the next session; None when no session is to come."""
        starts = [session.start_at for session in self.planned_sessions() if session.start_at > now]
        return starts[0] - timedelta(hours=self.cancel_until_hours) if starts else None
