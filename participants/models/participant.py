"""What the network knows of a person as a participant: little, and only what she chose to tell."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.languages import SPOKEN_LANGUAGES
from portal.regions import VOIVODESHIPS


class Participant(models.Model):
    class Gender(models.TextChoices):
        WOMAN = "woman", _("woman")
        MAN = "man", _("man")
        OTHER = "other", _("other")
        UNDISCLOSED = "undisclosed", _("I would rather not say")

    class CitizenshipGroup(models.TextChoices):
        NON_EU = "non_eu", _("a country outside the European Union")
        EU = "eu", _("a country of the European Union")
        STATELESS = "stateless", _("no citizenship")
        UNDISCLOSED = "undisclosed", _("I would rather not say")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="participant"
    )
    gender = models.CharField(_("gender"), max_length=12, choices=Gender.choices, default=Gender.UNDISCLOSED)
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    # Only the group that grants report by, never the country: citizenship can give a person away.
    citizenship_group = models.CharField(
        _("citizenship"),
        max_length=12,
        choices=CitizenshipGroup.choices,
        default=CitizenshipGroup.UNDISCLOSED,
    )
    town = models.CharField(_("town"), max_length=80, blank=True)
    county = models.CharField(_("county"), max_length=80, blank=True)
    voivodeship = models.CharField(_("voivodeship"), max_length=2, choices=VOIVODESHIPS, blank=True)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")

    def __str__(self) -> str:
        return str(self.user)

    def age_band(self, on) -> str:
        """Age band of the reports (domain.md B4.7: under 18, 18 to 60, over 60), or ''. ``on``: a date."""
        if not self.birth_year:
            return ""
        age = on.year - self.birth_year
        return "<18" if age < 18 else "18-60" if age <= 60 else ">60"


class LanguageSkill(models.Model):
    """A language of a person; spoken and written apart, as many people speak what they do not write."""

    class Level(models.TextChoices):
        A1 = "A1", "A1"
        A2 = "A2", "A2"
        B1 = "B1", "B1"
        B2 = "B2", "B2"
        C1 = "C1", "C1"
        C2 = "C2", "C2"
        NATIVE = "native", _("first language")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="language_skills"
    )
    language = models.CharField(_("language"), max_length=12, choices=SPOKEN_LANGUAGES)
    dialect = models.CharField(_("dialect or variety"), max_length=60, blank=True)
    spoken = models.CharField(_("I speak"), max_length=6, choices=Level.choices)
    written = models.CharField(_("I read and write"), max_length=6, choices=Level.choices, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    verified_on = models.DateField(_("verified on"), null=True, blank=True)

    class Meta:
        verbose_name = _("language skill")
        verbose_name_plural = _("language skills")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "language", "dialect"], name="language_skill_once")
        ]

    def __str__(self) -> str:
        return f"{self.language} {self.spoken}"
