"""What happened on the day: real times, time credited where nobody could work, and the talk afterwards."""

from django.conf import settings
from django.db import models
from django.db.models import DurationField, ExpressionWrapper, F, IntegerField, Q
from django.db.models.functions import Cast, Extract, Floor
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.models.assistant import Assistant, Subject
from institutions.models.request import AssistanceRequest
from institutions.models.staffing import Assignment
from portal.languages import SPOKEN_LANGUAGES


class TimeReportQuerySet(models.QuerySet["TimeReport"]):
    def with_worked(self) -> "TimeReportQuerySet":
        """``worked``: minutes without breaks, as ``minutes`` of a row."""
        length = ExpressionWrapper(F("end_at") - F("start_at"), output_field=DurationField())
        whole = Cast(Floor(Extract(length, "epoch") / 60), IntegerField())
        return self.annotate(worked=whole - F("break_minutes"))

    def confirmed(self) -> "TimeReportQuerySet":
        """Hours that both sides agree on, with ``worked``."""
        return self.filter(confirmed_at__isnull=False).with_worked()

    def standing(self) -> "TimeReportQuerySet":
        """Of those who go or were there, confirmed or not, with ``worked``."""
        return self.filter(assignment__state__in=Assignment.STANDING).with_worked()


class TimeReport(models.Model):
    """The real times, without a word about the conversation: the assistant reports, the official confirms."""

    class Outcome(models.TextChoices):
        """domain.md A7.1; lessons.md G, reasons of court interpreters' offices."""

        DONE = "done", _("the meeting took place")
        ENDED_EARLY = "ended_early", _("it ended early")
        NOT_NEEDED = "not_needed", _("no interpreting was needed")
        WRONG_LANGUAGE = "wrong_language", _("the language or the variety was wrong")
        TECHNICAL = "technical", _("the connection did not work")
        CLIENT_ABSENT = "client_absent", _("the client did not come")
        INSTITUTION_ABSENT = "institution_absent", _("nobody of the institution was there")

    assignment = models.OneToOneField(Assignment, on_delete=models.CASCADE, related_name="report")
    outcome = models.CharField(
        _("how did it go?"), max_length=20, choices=Outcome.choices, default=Outcome.DONE
    )
    role_done = models.CharField(
        _("what you did"), max_length=16, choices=AssistanceRequest.Role.choices, blank=True
    )
    start_at = models.DateTimeField(_("it started at"))
    end_at = models.DateTimeField(_("it ended at"))
    break_minutes = models.PositiveSmallIntegerField(_("breaks (minutes)"), default=0)
    travel_minutes = models.PositiveSmallIntegerField(_("travel, there and back (minutes)"), default=0)
    travel_km = models.PositiveSmallIntegerField(_("travel, there and back (km)"), default=0)
    # How she is, for herself and the coordinator alone; deleted with the texts of the request.
    wellbeing = models.PositiveSmallIntegerField(_("how are you after it?"), null=True, blank=True)
    wants_to_talk = models.BooleanField(_("I want to talk to the coordinator"), default=False)
    reported_at = models.DateTimeField(default=timezone.now)
    disputed_at = models.DateTimeField(null=True, blank=True)
    dispute_reason = models.CharField(_("what is wrong?"), max_length=200, blank=True)
    # Longer than planned by more than a little: a coordinator says yes before the official is asked. Also
    # where her decision on who was there let them go on, then without a name: nobody had to say yes.
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = TimeReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of hours")
        verbose_name_plural = _("reports of hours")
        constraints = [
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="report_ends_after_start"),
            models.CheckConstraint(
                condition=Q(wellbeing__isnull=True) | Q(wellbeing__gte=1, wellbeing__lte=5),
                name="report_wellbeing_1_to_5",
            ),
        ]

    def __str__(self) -> str:
        return f"report of assignment {self.assignment_id}"

    @property
    def minutes(self) -> int:
        """Minutes of work, without breaks."""
        return int((self.end_at - self.start_at).total_seconds() // 60) - self.break_minutes


class Credit(models.Model):
    """Time credited to an assistant who kept it free for nothing (domain.md A5.5). No support was given, so
    it never reaches the ledger; it stands on her monthly sheet.
    """

    class Reason(models.TextChoices):
        LATE_CANCELLATION = "late_cancellation", _("cancelled late")
        REPLACED = "replaced", _("replaced late")
        CLIENT_NO_SHOW = "client_no_show", _("the client did not come")
        INSTITUTION_NO_SHOW = "institution_no_show", _("nobody of the institution was there")

    assignment = models.OneToOneField(Assignment, on_delete=models.CASCADE, related_name="credit")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    minutes = models.PositiveSmallIntegerField()
    travel_minutes = models.PositiveSmallIntegerField(default=0)
    # When she kept herself free: the meeting may move later, with somebody else.
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("credited time")
        verbose_name_plural = _("credited time")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="credit_ends_after_start")
        ]

    def __str__(self) -> str:
        return f"credit of assignment {self.assignment_id}"


class Debriefing(models.Model):
    """A talk after a hard job, due within two working days (domain.md A7.1). What was said is not kept."""

    class Why(models.TextChoices):
        SENSITIVE = "sensitive", _("it was about something hard")
        WELLBEING = "wellbeing", _("the assistant does not feel well after it")
        ASKED = "asked", _("the assistant wants to talk")

    class Outcome(models.TextChoices):
        TALKED = "talked", _("we talked")
        SUPPORT = "support", _("we talked, and there will be more support")
        NOT_WANTED = "not_wanted", _("the assistant did not want to")
        NOT_REACHED = "not_reached", _("not reached")

    assignment = models.OneToOneField(Assignment, on_delete=models.CASCADE, related_name="debriefing")
    why = models.CharField(max_length=10, choices=Why.choices)
    due_at = models.DateTimeField()
    made_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(_("how did it go?"), max_length=12, choices=Outcome.choices, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("talk after a hard job")
        verbose_name_plural = _("talks after hard jobs")
        ordering = ["due_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, outcome="") | Q(done_at__isnull=False) & ~Q(outcome=""),
                name="debriefing_done_has_outcome",
            )
        ]

    def __str__(self) -> str:
        return f"debriefing {self.pk}"


class Term(models.Model):
    """A word for the network's glossary, suggested after a job. Nothing says which job it came from."""

    class State(models.TextChoices):
        SUGGESTED = "suggested", _("suggested")
        ACCEPTED = "accepted", _("in the glossary")
        REFUSED = "refused", _("not taken in")

    subject = models.CharField(_("subject"), max_length=20)
    polish = models.CharField(_("in Polish"), max_length=120)
    language = models.CharField(_("language"), max_length=12, choices=SPOKEN_LANGUAGES)
    translation = models.CharField(_("in the other language"), max_length=120)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SUGGESTED)
    suggested_by = models.ForeignKey(
        Assistant, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["language", "polish", "id"]
        constraints = [
            models.UniqueConstraint(fields=["language", "polish", "translation"], name="term_once")
        ]

    def __str__(self) -> str:
        return f"term {self.pk}"

    @property
    def subject_name(self) -> str:
        return str(dict(Subject.choices).get(self.subject, self.subject))
