"""One person's registration for one workshop. One row for ever: who comes back reuses it."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from workshops.models.workshop import Workshop


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def standing(self) -> "RegistrationQuerySet":
        """Those still in play: not cancelled by anybody, not declined."""
        return self.filter(state__in=Registration.STANDING)

    def confirmed(self) -> "RegistrationQuerySet":
        return self.filter(state=Registration.State.CONFIRMED)

    def taking_a_place(self) -> "RegistrationQuerySet":
        return self.filter(state__in=Registration.TAKES_A_PLACE)

    def waiting(self) -> "RegistrationQuerySet":
        """The waiting list, the first one first."""
        return self.filter(state=Registration.State.WAITLISTED).order_by("-priority", "queued_at", "id")

    def with_rank(self) -> "RegistrationQuerySet":
        """Annotates ``rank``: 1 for the first on the waiting list. Derived, so it has no gaps."""
        ahead = (
            Registration.objects.filter(workshop=OuterRef("workshop"), state=Registration.State.WAITLISTED)
            .filter(
                Q(priority__gt=OuterRef("priority"))
                | Q(priority=OuterRef("priority"), queued_at__lt=OuterRef("queued_at"))
                | Q(priority=OuterRef("priority"), queued_at=OuterRef("queued_at"), id__lt=OuterRef("id"))
            )
            .order_by()
            .values("workshop")
            .annotate(n=Count("pk"))
            .values("n")
        )
        return self.annotate(rank=Coalesce(Subquery(ahead), 0) + 1)

    def with_party_size(self) -> "RegistrationQuerySet":
        """Annotates ``party_size``: how many stand together with her, herself included."""
        together = (
            Registration.objects.filter(
                workshop=OuterRef("workshop"), party=OuterRef("party"), state=OuterRef("state")
            )
            .order_by()
            .values("party")
            .annotate(n=Count("pk"))
            .values("n")
        )
        return self.annotate(party_size=Coalesce(Subquery(together), 1))

    def visible_to(self, user) -> "RegistrationQuerySet":
        return self.filter(user=user)

    def managed_by(self, user) -> "RegistrationQuerySet":
        return self.filter(workshop__in=Workshop.objects.managed_by(user))


class Registration(models.Model):
    class State(models.TextChoices):
        REQUESTED = "requested", _("waiting for approval")
        CONFIRMED = "confirmed", _("confirmed")
        WAITLISTED = "waitlisted", _("on the waiting list")
        OFFERED = "offered", _("a place is offered")
        WITHDRAWN = "withdrawn", _("cancelled by the person")
        DECLINED = "declined", _("not accepted")
        REVOKED = "revoked", _("cancelled by the organiser")
        LAPSED = "lapsed", _("the offered place was not taken")

    #: Only these use up a place. A request does not: the coordinator chooses among more than fit.
    TAKES_A_PLACE = (State.CONFIRMED, State.OFFERED)
    STANDING = (State.REQUESTED, State.CONFIRMED, State.WAITLISTED, State.OFFERED)

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="registrations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="registrations")
    state = models.CharField(max_length=10, choices=State.choices)
    # When she joined the waiting list; set under the workshop's lock, so the order is the order of arrival.
    queued_at = models.DateTimeField(null=True, blank=True)
    # How many of the workshop's priority rules held when she joined the list, and which (domain.md B1.7).
    priority = models.PositiveSmallIntegerField(default=0)
    priority_reasons = ArrayField(
        models.CharField(max_length=12, choices=Workshop.Priority.choices), default=list, blank=True
    )
    # People who registered together: accepted, offered places and declined together, or not at all.
    party = models.UUIDField(null=True, blank=True)
    # Who came without having registered, and was entered at the roll-call.
    is_walk_in = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    over_capacity_reason = models.CharField(max_length=200, blank=True)
    # What she asked us to know; read by the workshop's staff only.
    note = models.CharField(_("is there something we should know?"), max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(auto_now=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(fields=["workshop", "state", "-priority", "queued_at"], name="registration_turn"),
            models.Index(fields=["party"], name="registration_party", condition=Q(party__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "user"], name="registration_once"),
            models.CheckConstraint(
                condition=Q(state__in=["waitlisted", "offered"], queued_at__isnull=False)
                | (~Q(state__in=["waitlisted", "offered"]) & Q(queued_at__isnull=True)),
                name="registration_queue_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False),
                name="registration_confirmed_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.workshop_id}: {self.state}"

    @property
    def is_standing(self) -> bool:
        return self.state in self.STANDING

    @property
    def priority_words(self) -> list[str]:
        """Why she goes before others on the waiting list, in words."""
        return [str(Workshop.Priority(reason).label) for reason in self.priority_reasons]

    @property
    def source(self) -> str:
        """What messages about it carry, so that a change silences those that are no longer true."""
        return f"workshops.registration:{self.pk}"


class SeatOfferQuerySet(models.QuerySet["SeatOffer"]):
    def live(self) -> "SeatOfferQuerySet":
        return self.filter(state=SeatOffer.State.LIVE)

    def of(self, registration: Registration) -> "SeatOfferQuerySet":
        """Offers made to her, or to the people she registered with."""
        hers = Q(registration=registration)
        if registration.party:
            hers |= Q(registration__party=registration.party, registration__workshop=registration.workshop_id)
        return self.filter(hers)


class SeatOffer(models.Model):
    """A place kept for somebody on the waiting list until she answers or its time is over.

    For people who registered together there is one offer, of the registration of the one who was asked first.
    """

    class State(models.TextChoices):
        LIVE = "live", _("waiting for an answer")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("not answered in time")
        TAKEN_BACK = "taken_back", _("no longer true")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="offers")
    places = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.LIVE)
    offered_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = SeatOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer of a place")
        verbose_name_plural = _("offers of places")
        ordering = ["-offered_at", "-id"]
        indexes = [models.Index(fields=["until"], name="seat_offer_due", condition=Q(state="live"))]
        constraints = [
            models.UniqueConstraint(
                fields=["registration"], condition=Q(state="live"), name="seat_offer_one_live"
            ),
            models.CheckConstraint(
                condition=Q(until__gt=models.F("offered_at")), name="seat_offer_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(state="live", answered_at__isnull=True)
                | (~Q(state="live") & Q(answered_at__isnull=False)),
                name="seat_offer_answered_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"offer {self.pk} for {self.registration_id}: {self.state}"
