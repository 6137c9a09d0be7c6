"""What a registration asks beyond who comes: own questions, practical needs, the level of Polish."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workshops.models.registration import Registration
from workshops.models.workshop import Workshop


class Question(models.Model):
    """A question of one workshop. Answers to a sensitive one are deleted after the last meeting."""

    class Kind(models.TextChoices):
        TEXT = "text", _("a short text")
        YES_NO = "yes_no", _("yes or no")
        NUMBER = "number", _("a number")
        CHOICE = "choice", _("one of several")

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(_("question"), max_length=200)
    kind = models.CharField(_("kind of answer"), max_length=8, choices=Kind.choices, default=Kind.TEXT)
    choices = models.TextField(
        _("choices"), blank=True, help_text=_("One on each line, in the same order in each language.")
    )
    is_required = models.BooleanField(_("must be answered"), default=False)
    is_sensitive = models.BooleanField(
        _("sensitive"), default=False, help_text=_("The answers are deleted after the last meeting.")
    )

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.text

    @property
    def options(self) -> list[str]:
        """The choices in the current language; their number is what an answer keeps."""
        return [line.strip() for line in (self.choices or "").splitlines() if line.strip()]


class Answer(models.Model):
    """``value``: the text, the number, ``yes`` or ``no``, or the number of the choice, from 0."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="answers")
    value = models.CharField(max_length=300)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["question", "id"]
        constraints = [models.UniqueConstraint(fields=["question", "registration"], name="answer_once")]

    def __str__(self) -> str:
        return f"answer {self.pk} to {self.question_id}"


class PracticalNeed(models.Model):
    """What a person needs to be able to come. Planners see counts; deleted after the last meeting (U13)."""

    registration = models.OneToOneField(Registration, on_delete=models.CASCADE, related_name="need")
    # A child is a number and an age band, no more (domain.md B1.8).
    children_0_2 = models.PositiveSmallIntegerField(_("children up to 2 years"), default=0)
    children_3_6 = models.PositiveSmallIntegerField(_("children from 3 to 6 years"), default=0)
    children_7_12 = models.PositiveSmallIntegerField(_("children from 7 to 12 years"), default=0)
    step_free = models.BooleanField(_("I need an entrance without steps"), default=False)
    hearing_loop = models.BooleanField(_("I hear badly"), default=False)
    travel_refund = models.BooleanField(_("I cannot pay for the ticket"), default=False)
    language_help = models.CharField(_("I need help in this language"), max_length=12, blank=True)
    prefers_evening = models.BooleanField(_("I can come only in the evening"), default=False)
    prefers_weekend = models.BooleanField(_("I can come only at the weekend"), default=False)
    women_only = models.BooleanField(_("I would come only to a group for women"), default=False)

    class Meta:
        verbose_name = _("practical need")
        verbose_name_plural = _("practical needs")

    def __str__(self) -> str:
        return f"needs of registration {self.registration_id}"

    @property
    def children(self) -> int:
        return self.children_0_2 + self.children_3_6 + self.children_7_12


class Placement(models.Model):
    """The level of Polish of one person, as she gives it and as it was found (domain.md B1.2).

    One row for each time she is placed; the newest counts.
    """

    class Script(models.TextChoices):
        NONE = "none", _("I do not read Latin letters yet")
        SLOW = "slow", _("I read Latin letters slowly")
        FLUENT = "fluent", _("I read Latin letters well")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="placements")
    registration = models.ForeignKey(
        Registration, null=True, blank=True, on_delete=models.SET_NULL, related_name="placements"
    )
    self_declared = models.CharField(
        _("level she gives herself"), max_length=4, choices=Workshop.Level.choices, blank=True
    )
    latin_script = models.CharField(_("Latin letters"), max_length=6, choices=Script.choices, blank=True)
    test_score = models.PositiveSmallIntegerField(_("points in the test (%)"), null=True, blank=True)
    interview_level = models.CharField(
        _("level in the talk"), max_length=4, choices=Workshop.Level.choices, blank=True
    )
    placed_level = models.CharField(
        _("level found"), max_length=4, choices=Workshop.Level.choices, blank=True
    )
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    placed_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(test_score__isnull=True) | Q(test_score__lte=100),
                name="placement_score_is_percent",
            ),
            models.CheckConstraint(
                condition=Q(placed_level="") | Q(placed_on__isnull=False), name="placement_has_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"placement {self.pk} of {self.user_id}"

    @property
    def level(self) -> str:
        """What counts: the level found, or else the one she gave."""
        return self.placed_level or self.self_declared
