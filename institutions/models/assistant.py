"""Migrant assistants: what matching needs to know of them, and when they can."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from institutions.models.institution import Institution
from participants.models import Participant
from projects.models import Project


class Mode(models.TextChoices):
    ON_SITE = "on_site", _("on site")
    PHONE = "phone", _("by phone")
    VIDEO = "video", _("by video")


class Subject(models.TextChoices):
    HEALTH = "health", _("health")
    MENTAL_HEALTH = "mental_health", _("mental health")
    SCHOOL = "school", _("school")
    RESIDENCE = "residence_office", _("residence matters")
    SOCIAL_WELFARE = "social_welfare", _("social welfare")
    LABOUR_OFFICE = "labour_office", _("work and the labour office")
    HOUSING = "housing", _("housing")
    BANK = "bank", _("bank")
    POLICE_COURT = "police_court", _("police or court (accompanying only)")
    OTHER = "other", _("other")


class Transport(models.TextChoices):
    PUBLIC = "public", _("bus, tram or train")
    CAR = "car", _("car")
    ON_FOOT = "on_foot", _("on foot or by bicycle")


class Contract(models.TextChoices):
    """On what ground an assistant works, and what she gets for it (domain.md 0.3, A7.4)."""

    VOLUNTEER = "volunteer", _("volunteer agreement")
    MANDATE = "mandate", _("contract of mandate")
    VOUCHER = "voucher", _("gift vouchers")


class AssistantQuerySet(models.QuerySet["Assistant"]):
    def active(self) -> "AssistantQuerySet":
        return self.filter(suspended_at__isnull=True, user__is_active=True)

    def managed_by(self, user) -> "AssistantQuerySet":
        return self.filter(project__in=Project.objects.coordinated_by(user))


class Assistant(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="assistant")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="assistants")
    # For matching only, and only if the assistant chose to tell.
    gender = models.CharField(
        _("gender"),
        max_length=12,
        choices=Participant.Gender.choices,
        default=Participant.Gender.UNDISCLOSED,
    )
    home_town = models.CharField(_("town"), max_length=80)
    home_county = models.CharField(_("county"), max_length=80, blank=True)
    modes = ArrayField(
        models.CharField(max_length=8, choices=Mode.choices), verbose_name=_("how I help"), default=list
    )
    shares_phone = models.BooleanField(
        _("show my phone number to the official"),
        default=False,
        help_text=_("Only from the moment you accept until a day after the meeting."),
    )
    transport = models.CharField(
        _("how I travel"), max_length=16, choices=Transport.choices, default=Transport.PUBLIC
    )
    # Nothing given: as far, as long and at as short notice as the network allows.
    max_travel_minutes = models.PositiveSmallIntegerField(
        _("longest way, one direction (minutes)"), null=True, blank=True
    )
    max_minutes_a_day = models.PositiveSmallIntegerField(_("at most a day (minutes)"), null=True, blank=True)
    max_minutes_a_week = models.PositiveSmallIntegerField(
        _("at most a week (minutes)"), null=True, blank=True
    )
    min_notice_minutes = models.PositiveIntegerField(
        _("not later than before the meeting (minutes)"), null=True, blank=True
    )
    contract_form = models.CharField(
        _("form of contract"), max_length=10, choices=Contract.choices, blank=True
    )
    contract_from = models.DateField(_("contract from"), null=True, blank=True)
    contract_until = models.DateField(_("contract until"), null=True, blank=True)
    insured_until = models.DateField(_("accident insurance until"), null=True, blank=True)
    # The register of offenders was looked into (Act of 13.05.2016, domain.md C1.8); needed where minors are.
    child_protection_checked_on = models.DateField(_("child protection check on"), null=True, blank=True)
    suspended_at = models.DateTimeField(_("suspended since"), null=True, blank=True)
    able_since = models.DateTimeField(
        default=timezone.now,
        editable=False,
        help_text="When something last changed by which she may fit where she did not.",
    )

    objects = AssistantQuerySet.as_manager()

    class Meta:
        verbose_name = _("assistant")
        verbose_name_plural = _("assistants")
        ordering = ["user__name_key", "id"]

    def __str__(self) -> str:
        return str(self.user)


class Training(models.Model):
    """A subject on which an assistant was trained, and when (domain.md A2.2, A2.4)."""

    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="trainings")
    subject = models.CharField(_("subject"), max_length=20, choices=Subject.choices)
    trained_on = models.DateField(_("trained on"))
    minutes = models.PositiveSmallIntegerField(_("length (minutes)"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        ordering = ["subject", "trained_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["assistant", "subject", "trained_on"], name="training_once")
        ]

    def __str__(self) -> str:
        return f"{self.subject} on {self.trained_on}"


class PaperWarning(models.Model):
    """That a paper will end was said so many days before, once (features.md G4)."""

    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="paper_warnings")
    paper = models.CharField(max_length=20)
    until = models.DateField()
    days_before = models.PositiveSmallIntegerField()
    warned_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("warning about a paper")
        verbose_name_plural = _("warnings about papers")
        ordering = ["warned_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assistant", "paper", "until", "days_before"], name="paper_warning_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.paper} until {self.until}, {self.days_before} days before"


class Conflict(models.Model):
    """Where or with whom an assistant will not interpret: a category of reason, never the story.

    Seen by the assistant and her coordinators alone (domain.md A2.5).
    """

    class Reason(models.TextChoices):
        RELATIVE = "relative", _("a relative or a close friend")
        EMPLOYER = "employer", _("an employer or a colleague")
        FORMER_PARTNER = "former_partner", _("a former partner")
        OWN_CASE = "own_case", _("a case of my own is pending there")
        OTHER = "other", _("another reason")

    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="conflicts")
    # One of the three: an institution, a whole town, or one official.
    institution = models.ForeignKey(
        Institution, null=True, blank=True, on_delete=models.CASCADE, related_name="conflicts"
    )
    town = models.CharField(_("town"), max_length=80, blank=True)
    official = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=16, choices=Reason.choices, default=Reason.OTHER)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("conflict")
        verbose_name_plural = _("conflicts")
        ordering = ["made_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(institution__isnull=False, town="", official__isnull=True)
                | Q(institution__isnull=True, official__isnull=True) & ~Q(town="")
                | Q(institution__isnull=True, town="", official__isnull=False),
                name="conflict_is_about_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"conflict {self.pk}"


class Availability(models.Model):
    """Weekly hours in which the assistant may be asked, in local time."""

    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="availability")
    weekday = models.PositiveSmallIntegerField(
        _("day"), choices=list(WEEKDAYS.items()), help_text="0 is Monday."
    )
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))

    class Meta:
        verbose_name = _("hours")
        verbose_name_plural = _("hours")
        ordering = ["weekday", "starts"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="availability_ends_after_start"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="availability_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts}-{self.ends}"


class ExtraHours(models.Model):
    """Hours of one day, in local time, in which the assistant may be asked besides those of her week."""

    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="extra_hours")
    day = models.DateField(_("day"))
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))

    class Meta:
        verbose_name = _("hours of one day")
        verbose_name_plural = _("hours of one day")
        ordering = ["day", "starts", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="extra_hours_end_after_start"),
            models.UniqueConstraint(fields=["assistant", "day", "starts", "ends"], name="extra_hours_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.starts}-{self.ends}"


class AvailabilityException(models.Model):
    """Days on which the assistant cannot come, whatever the weekly hours say."""

    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="exceptions")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))

    class Meta:
        verbose_name = _("days off")
        verbose_name_plural = _("days off")
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="exception_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} to {self.ends_on}"
