"""What each side says afterwards: feedback, the client's smile, complaints, and who should not come again."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.models.assistant import Assistant
from institutions.models.institution import Institution, Official
from institutions.models.request import AssistanceRequest
from institutions.models.staffing import Assignment
from projects.models import Project


class Feedback(models.Model):
    """One side about the other, after a job. Seen by the coordinator; in figures as counts only."""

    class Side(models.TextChoices):
        OFFICIAL = "official", _("the institution")
        ASSISTANT = "assistant", _("the assistant")

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="feedback")
    side = models.CharField(max_length=10, choices=Side.choices)
    was_on_time = models.BooleanField(_("Was everybody there on time?"), null=True, blank=True)
    understood = models.PositiveSmallIntegerField(_("Did you understand one another?"), null=True, blank=True)
    # Asked of the assistant: about the institution, never about the client.
    was_prepared = models.BooleanField(_("Were they prepared for you?"), null=True, blank=True)
    was_briefed = models.BooleanField(_("Did you know beforehand what you needed?"), null=True, blank=True)
    rating = models.PositiveSmallIntegerField(_("How was it, on the whole?"))
    would_again = models.BooleanField(_("Would you work together again?"), null=True, blank=True)
    comment = models.CharField(_("What should we know?"), max_length=300, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "side"], name="feedback_once_per_side"),
            models.CheckConstraint(condition=Q(rating__gte=1, rating__lte=5), name="feedback_rating_1_to_5"),
            models.CheckConstraint(
                condition=Q(understood__isnull=True) | Q(understood__gte=1, understood__lte=5),
                name="feedback_understood_1_to_5",
            ),
        ]

    def __str__(self) -> str:
        return f"feedback {self.pk}"


class ClientSmile(models.Model):
    """One of three faces, pressed by the client in her own language from a card. Nothing tells who she is."""

    class Face(models.IntegerChoices):
        BAD = 1, _("bad")
        SO_SO = 2, _("so-so")
        GOOD = 3, _("good")

    assignment = models.OneToOneField(Assignment, on_delete=models.CASCADE, related_name="smile")
    face = models.PositiveSmallIntegerField(choices=Face.choices)
    on = models.DateField(default=timezone.localdate)

    class Meta:
        verbose_name = _("face pressed by a client")
        verbose_name_plural = _("faces pressed by clients")
        ordering = ["-on", "-id"]
        constraints = [models.CheckConstraint(condition=Q(face__gte=1, face__lte=3), name="smile_1_to_3")]

    def __str__(self) -> str:
        return f"smile {self.pk}"


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def managed_by(self, user) -> "ComplaintQuerySet":
        return self.filter(request__institution__project__in=Project.objects.coordinated_by(user))

    def undecided(self) -> "ComplaintQuerySet":
        return self.filter(state__in=Complaint.UNDECIDED)

    def own_of(self, user) -> "ComplaintQuerySet":
        """Those that she made, and may still read: for an institution only while she works there."""
        here = Official.objects.serving().filter(user=user).values("institution")
        still = ~Q(side=Feedback.Side.OFFICIAL) | Q(request__institution__in=here)
        return self.filter(still, made_by=user)

    def put_to(self, user) -> "ComplaintQuerySet":
        """Those about which this person, on the other side, was asked for her view. Whoever has left the
        institution reads nothing of it any more.
        """
        of_official = _about_institution_of(user) & Q(request__requested_by=user)
        of_network = ~Q(about=Complaint.About.OTHER_SIDE) & _about_doings_of(user)
        asked = self.filter(asked_at__isnull=False)
        return asked.filter(_about_assistant(user) | of_official | of_network)

    def own_cases_of(self, user) -> "ComplaintQuerySet":
        """Those that this person made, or that are about her: others decide them."""
        about_her = _about_assistant(user) | _about_institution_of(user) | _about_doings_of(user)
        return self.filter(Q(made_by=user) | about_her)


def _about_assistant(user) -> Q:
    other = Complaint.About.OTHER_SIDE
    return Q(about=other, side=Feedback.Side.OFFICIAL, assignment__assistant__user=user)


def _about_institution_of(user) -> Q:
    here = Official.objects.serving().filter(user=user).values("institution")
    other = Complaint.About.OTHER_SIDE
    return Q(about=other, side=Feedback.Side.ASSISTANT, request__institution__in=here)


def _about_doings_of(user) -> Q:
    named = Complaint.concerns.through.objects.filter(user=user)
    return Q(pk__in=named.values("complaint"))


class Complaint(models.Model):
    """Something went wrong and somebody says so. It has a way of its own, apart from the request."""

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        LOOKING = "looking", _("being looked into")
        UPHELD = "upheld", _("justified")
        NOT_UPHELD = "not_upheld", _("not justified")
        WITHDRAWN = "withdrawn", _("taken back")

    class Category(models.TextChoices):
        LATE = "late", _("lateness or absence")
        QUALITY = "quality", _("quality of interpreting")
        CONDUCT = "conduct", _("conduct")
        CONFIDENTIALITY = "confidentiality", _("confidentiality")
        SAFETY = "safety", _("safety")
        HOURS = "hours", _("hours or settlement")
        OTHER = "other", _("something else")

    class About(models.TextChoices):
        """Who did what it is about: the other side of the meeting, or the network's own people."""

        OTHER_SIDE = "other_side", _("the other side")
        NETWORK = "network", _("how the network handled it")
        COORDINATOR = "coordinator", _("a coordinator")

    UNDECIDED = (State.RECEIVED, State.LOOKING)
    #: These go on top of the list; nobody is stopped by a complaint alone.
    SERIOUS = (Category.SAFETY, Category.CONFIDENTIALITY)

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.ForeignKey(AssistanceRequest, on_delete=models.CASCADE, related_name="complaints")
    assignment = models.ForeignKey(
        Assignment, null=True, blank=True, on_delete=models.CASCADE, related_name="complaints"
    )
    side = models.CharField(max_length=10, choices=Feedback.Side.choices)
    about = models.CharField(
        _("whom is it about?"), max_length=12, choices=About.choices, default=About.OTHER_SIDE
    )
    # People of the network whose doings it is about, as they were when it was made: they neither read nor
    # decide it (institutions.impartiality).
    concerns = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    category = models.CharField(_("what is it about?"), max_length=16, choices=Category.choices)
    text = models.TextField(_("what happened?"), max_length=1000)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    # The other side is asked for its view by a question of the coordinator's, never shown the complaint.
    question = models.CharField(_("question to the other side"), max_length=300, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    view = models.TextField(_("view of the other side"), max_length=1000, blank=True)
    viewed_at = models.DateTimeField(null=True, blank=True, help_text="When the other side answered.")
    # What the one who complained is told in the end.
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    scrubbed_at = models.DateTimeField(null=True, blank=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"complaint {self.pk}"

    @property
    def due_at(self) -> datetime:
        """By when whoever complained has been promised an answer."""
        return self.made_at + timedelta(days=settings.ASSISTANCE["complaint_answer_days"])

    @property
    def can_reach_writer(self) -> bool:
        """Whoever made it may still read it, and is told the answer."""
        return self.made_by is not None and Complaint.objects.own_of(self.made_by).filter(pk=self.pk).exists()

    @property
    def is_undecided(self) -> bool:
        return self.state in self.UNDECIDED

    @property
    def is_serious(self) -> bool:
        return self.category in self.SERIOUS


class ComplaintStep(models.Model):
    """Every change of a complaint's state. Rows are only added."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="steps")
    old_state = models.CharField(max_length=12, choices=Complaint.State.choices, blank=True)
    new_state = models.CharField(max_length=12, choices=Complaint.State.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("change of a complaint")
        verbose_name_plural = _("changes of complaints")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.old_state} to {self.new_state}"


class BlockWish(models.Model):
    """Somebody would rather not have this assistant here again. A coordinator decides; until then nothing
    happens.
    """

    class Origin(models.TextChoices):
        OFFICIAL = "official", _("an official asked for it")
        FEEDBACK = "feedback", _("feedback after a meeting")

    class Decision(models.TextChoices):
        BLOCKED = "blocked", _("not sent there any more")
        KEPT = "kept", _("may still be sent there")
        TAKEN_BACK = "taken_back", _("taken back")

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="wishes")
    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="wishes")
    # The meeting after which it was said.
    request = models.ForeignKey(AssistanceRequest, null=True, on_delete=models.SET_NULL, related_name="+")
    origin = models.CharField(max_length=10, choices=Origin.choices)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("wish about an assistant")
        verbose_name_plural = _("wishes about assistants")
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "assistant", "made_by"],
                condition=Q(decision=""),
                name="wish_once_per_person",
            )
        ]

    def __str__(self) -> str:
        return f"wish {self.pk}"


class Block(models.Model):
    """This assistant is not sent to this institution any more, until a coordinator lifts it."""

    class Reason(models.TextChoices):
        ASKED = "asked", _("the institution asked for it")
        COMPLAINT = "complaint", _("after a complaint")
        CONFLICT = "conflict", _("a conflict of interests")
        SAFETY = "safety", _("safety")
        OTHER = "other", _("another reason")

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="blocks")
    assistant = models.ForeignKey(Assistant, on_delete=models.CASCADE, related_name="blocks")
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "assistant"], condition=Q(lifted_at__isnull=True), name="block_once"
            )
        ]

    def __str__(self) -> str:
        return f"block {self.pk}"
