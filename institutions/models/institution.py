"""Partner institutions, their units, agreements and the officials who may ask for an assistant."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from portal.languages import SPOKEN_LANGUAGES
from projects.models import Project


class InstitutionQuerySet(models.QuerySet["Institution"]):
    def managed_by(self, user) -> "InstitutionQuerySet":
        return self.filter(project__in=Project.objects.coordinated_by(user))

    def kept_by(self, user) -> "InstitutionQuerySet":
        """Whose data, units and people she may change: a coordinator's network, an administrator's own."""
        own = Official.objects.serving().filter(user=user, is_administrator=True)
        return self.filter(
            Q(project__in=Project.objects.coordinated_by(user)) | Q(pk__in=own.values("institution"))
        )

    def served_by(self, user) -> "InstitutionQuerySet":
        """Where she works today."""
        return self.filter(pk__in=Official.objects.serving().filter(user=user).values("institution"))

    def without_officials(self) -> "InstitutionQuerySet":
        """Nobody there can read what the portal writes."""
        return self.filter(~Exists(Official.objects.serving().filter(institution=OuterRef("pk"))))

    def with_agreement(self, on=None) -> "InstitutionQuerySet":
        """``has_agreement``, and ``agreed_until``: None where it has no end, or where there is none."""
        valid = Agreement.objects.valid(on).filter(institution=OuterRef("pk"))
        longest = valid.order_by(F("valid_until").desc(nulls_first=True), "-id")
        return self.annotate(
            has_agreement=Exists(valid), agreed_until=Subquery(longest.values("valid_until")[:1])
        )


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
    website = models.URLField(_("website"), max_length=200, blank=True)
    languages_met = ArrayField(
        models.CharField(max_length=12, choices=SPOKEN_LANGUAGES),
        verbose_name=_("languages that people speak here"),
        default=list,
        blank=True,
    )

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def valid(self, on=None) -> "AgreementQuerySet":
        """In force on that day; one that was ended early ends with the day before."""
        day = on or timezone.localdate()
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=day),
            Q(ended_on__isnull=True) | Q(ended_on__gt=day),
            signed_on__lte=day,
        )


class Agreement(models.Model):
    """A cooperation agreement between an institution and a project. A renewed one is a new row."""

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="agreements")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="agreements")
    number = models.CharField(_("number of the agreement"), max_length=60, blank=True)
    signed_on = models.DateField(_("signed on"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    contact_name = models.CharField(_("contact at the institution"), max_length=120, blank=True)
    contact_email = models.EmailField(_("e-mail of the contact"), blank=True)
    contact_phone = models.CharField(_("phone of the contact"), max_length=16, blank=True)
    ended_on = models.DateField(_("ended early on"), null=True, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-signed_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("signed_on")),
                name="agreement_ends_after_signing",
            )
        ]

    def __str__(self) -> str:
        return f"agreement {self.pk}"


class UnitQuerySet(models.QuerySet["Unit"]):
    def open(self) -> "UnitQuerySet":
        """Where one can still ask for somebody."""
        return self.filter(closed_at__isnull=True)


class Unit(models.Model):
    """A department with its place: where an assistant goes, and how to get in."""

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="units")
    name = models.CharField(_("name"), max_length=160)
    address = models.CharField(_("address"), max_length=200, blank=True)
    town = models.CharField(_("town, if it is another one"), max_length=80, blank=True)
    county = models.CharField(_("county, if it is another one"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=16, blank=True)
    access = models.CharField(_("how to get in"), max_length=300, blank=True)
    is_step_free = models.BooleanField(_("no steps on the way"), default=False)
    parking = models.CharField(_("parking"), max_length=200, blank=True)
    site_rules = models.CharField(
        _("rules of the building"),
        max_length=300,
        blank=True,
        help_text=_("What an assistant has to show or do at the entrance."),
    )
    closed_at = models.DateTimeField(_("closed since"), null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["institution", "id"]

    def __str__(self) -> str:
        return self.name


class OpeningHours(models.Model):
    """When a unit is open, in local time."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField(
        _("day"), choices=list(WEEKDAYS.items()), help_text="0 is Monday."
    )
    opens = models.TimeField(_("from"))
    closes = models.TimeField(_("until"))

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="unit_closes_after_opening"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="opening_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens}-{self.closes}"


class OfficialQuerySet(models.QuerySet["Official"]):
    def serving(self, on=None) -> "OfficialQuerySet":
        today = on or timezone.localdate()
        return self.filter(starts_on__lte=today).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))

    def trained(self) -> "OfficialQuerySet":
        return self.filter(trained_on__isnull=False)

    def answering_for(self, request) -> list["Official"]:
        """Who is told about a request: the one who asked while she works there, else those of its unit, else
        whoever looks after the institution's page.
        """
        return answering(self.of_today(request.institution_id), request)

    def of_today(self, institution_id: int) -> list["Official"]:
        """Who works there, with the people, in the order in which they came."""
        here = self.serving().filter(institution=institution_id)
        return list(here.select_related("user").order_by("pk"))


def answering(seats: list["Official"], request) -> list["Official"]:
    """Of those who work there: the one who asked, else the unit, else whoever looks after the page."""
    return (
        [seat for seat in seats if seat.user_id == request.requested_by_id]
        or [seat for seat in seats if seat.unit_id == request.unit_id]
        or [seat for seat in seats if seat.is_administrator]
    )


class Official(models.Model):
    """A person's seat in an institution, from a day until a day."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="official_seats"
    )
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="officials")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.SET_NULL, related_name="officials")
    position = models.CharField(_("position"), max_length=120, blank=True)
    # Invites colleagues, keeps the units, sees all requests of the institution.
    is_administrator = models.BooleanField(_("looks after the institution's page here"), default=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # The name and the address as they were written in the invitation. What the network knows of a person
    # besides, and what she changes in her account later, is not told to institutions (domain.md A4, C2.2).
    invited_as = models.CharField(max_length=160, blank=True)
    invited_email = models.EmailField(blank=True)
    # Training of employees: intercultural skills, serving foreigners (features.md S9).
    trained_on = models.DateField(_("trained to serve foreigners on"), null=True, blank=True)
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

    def serves_on(self, day: date) -> bool:
        """As OfficialQuerySet.serving."""
        return self.starts_on <= day and (self.ends_on is None or self.ends_on >= day)

    @property
    def name(self) -> str:
        """As the institution knows her; a seat that nobody was invited to has no name of its own."""
        return self.invited_as or self.user.get_full_name()
