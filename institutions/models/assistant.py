"""Migrant assistants: what matching needs to know of them, and when they can."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

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
    subjects = ArrayField(
        models.CharField(max_length=20, choices=Subject.choices),
        verbose_name=_("subjects"),
        default=list,
        blank=True,
    )
    shares_phone = models.BooleanField(
        _("show my phone number to the official"),
        default=False,
        help_text=_("Only from the moment you accept until a day after the meeting."),
    )
    suspended_at = models.DateTimeField(_("suspended since"), null=True, blank=True)

    objects = AssistantQuerySet.as_manager()

    class Meta:
        verbose_name = _("assistant")
        verbose_name_plural = _("assistants")
        ordering = ["user__name_key", "id"]

    def __str__(self) -> str:
        return str(self.user)


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
