"""What will be: every dated commitment of a person, whatever app it comes from."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models.user import User


class DiaryQuerySet(models.QuerySet["DiaryEntry"]):
    def standing(self) -> "DiaryQuerySet":
        """Everything that has not been called off."""
        return self.exclude(state=DiaryEntry.State.CALLED_OFF)

    def firm(self) -> "DiaryQuerySet":
        return self.filter(state=DiaryEntry.State.FIRM)

    def coming(self, now) -> "DiaryQuerySet":
        return self.filter(end_at__gt=now).order_by("start_at", "id")

    def touching(self, start, end) -> "DiaryQuerySet":
        """Entries whose busy time, buffers included, overlaps ``[start, end)``."""
        return self.filter(busy__overlap=(start, end))


class DiaryEntry(models.Model):
    """One commitment of one person. Written only through portal.diary."""

    class Kind(models.TextChoices):
        WORKSHOP = "workshop", _("workshop")
        TEACHING = "teaching", _("workshop I lead")
        ASSISTANCE = "assistance", _("interpreting")
        REQUEST = "request", _("visit of an assistant")
        MEETING = "meeting", _("meeting")
        PRIVATE = "private", _("private appointment")

    class State(models.TextChoices):
        FIRM = "firm", _("confirmed")
        TENTATIVE = "tentative", _("not yet confirmed")
        CALLED_OFF = "called_off", _("called off")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="diary")
    source = models.CharField(max_length=100)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()
    buffer_before = models.PositiveSmallIntegerField(default=0, help_text="Minutes, for travel and rest.")
    buffer_after = models.PositiveSmallIntegerField(default=0, help_text="Minutes, for travel and rest.")
    # [start - buffer before, end + buffer after): kept by portal.diary, compared by the database.
    busy = DateTimeRangeField()
    # A firm exclusive entry keeps every other one away. Open events and clashes caused by a moved
    # session are not exclusive: they are shown as overlaps, they never block.
    is_exclusive = models.BooleanField(default=True)
    title = models.JSONField(default=dict, help_text="By language.")
    place = models.JSONField(default=dict, help_text="By language.")
    path = models.CharField(max_length=200, blank=True, help_text="Of its page, without the language prefix.")
    cancel_path = models.CharField(
        max_length=200, blank=True, help_text="Where the person can say that she cannot come."
    )
    remind_minutes = ArrayField(
        models.PositiveIntegerField(), default=list, help_text="Minutes before the start."
    )
    revision = models.PositiveIntegerField(default=0, help_text="SEQUENCE of its calendar entry.")
    # When the present time was entered: a reminder whose moment had passed by then is not caught up.
    noted_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    objects = DiaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("diary entry")
        verbose_name_plural = _("diary entries")
        ordering = ["start_at", "id"]
        indexes = [
            models.Index(fields=["source"], name="diary_source"),
            models.Index(fields=["user", "start_at"], name="diary_user_start"),
            models.Index(fields=["start_at"], name="diary_to_remind", condition=Q(state="firm")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "source"], name="diary_once_per_source"),
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="diary_ends_after_start"),
            # btree_gist is not available everywhere, so equality of the person is a range of one.
            ExclusionConstraint(
                name="diary_no_double_booking",
                expressions=[
                    (Func(F("user"), F("user"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    ("busy", RangeOperators.OVERLAPS),
                ],
                condition=Q(state="firm", is_exclusive=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} of {self.user_id}"
