"""Partner institutions and the officials who may ask for an assistant."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models import Project


class InstitutionQuerySet(models.QuerySet["Institution"]):
    def managed_by(self, user) -> "InstitutionQuerySet":
        return self.filter(project__in=Project.objects.coordinated_by(user))


class Institution(models.Model):
    class Kind(models.TextChoices):
        LABOUR_OFFICE = "labour_office", _("labour office")
        SOCIAL_WELFARE = "social_welfare", _("social welfare centre")
        SCHOOL = "school", _("school")
        HOSPITAL = "hospital", _("hospital or clinic")
        VOIVODESHIP_OFFICE = "voivodeship_office", _("voivodeship office")
        MUNICIPAL_OFFICE = "municipal_office", _("municipal office")
        POLICE = "police", _("police")
        COURT = "court", _("court")
        LIBRARY = "library", _("library or cultural centre")
        OTHER = "other", _("other")

    # The network it belongs to: whose coordinators see its requests, and whose grant counts the hours.
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="institutions")
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.OTHER)
    town = models.CharField(_("town"), max_length=80)
    county = models.CharField(_("county"), max_length=80, blank=True)
    agreement_signed_on = models.DateField(_("agreement signed on"), null=True, blank=True)
    agreement_valid_until = models.DateField(_("agreement valid until"), null=True, blank=True)

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="units")
    name = models.CharField(_("name"), max_length=160)
    address = models.CharField(_("address"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["institution", "id"]

    def __str__(self) -> str:
        return self.name


class OfficialQuerySet(models.QuerySet["Official"]):
    def serving(self, on=None) -> "OfficialQuerySet":
        today = on or timezone.localdate()
        return self.filter(starts_on__lte=today).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))


class Official(models.Model):
    """A person's seat in an institution, from a day until a day."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="official_seats"
    )
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="officials")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.SET_NULL, related_name="officials")
    position = models.CharField(_("position"), max_length=120, blank=True)
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = OfficialQuerySet.as_manager()

    class Meta:
        verbose_name = _("official")
        verbose_name_plural = _("officials")
        ordering = ["institution", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "institution"], condition=Q(ends_on__isnull=True), name="official_seat_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.institution_id}"
