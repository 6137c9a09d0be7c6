"""One person's registration for one workshop. One row for ever: who comes back reuses it."""

import uuid

from django.conf import settings
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
        return self.filter(state=Registration.State.WAITLISTED).order_by("queued_at", "id")

    def with_rank(self) -> "RegistrationQuerySet":
        """Annotates ``rank``: 1 for the first on the waiting list. Derived, so it has no gaps."""
        ahead = (
            Registration.objects.filter(workshop=OuterRef("workshop"), state=Registration.State.WAITLISTED)
            .filter(
                Q(queued_at__lt=OuterRef("queued_at"))
                | Q(queued_at=OuterRef("queued_at"), id__lt=OuterRef("id"))
            )
            .order_by()
            .values("workshop")
            .annotate(n=Count("pk"))
            .values("n")
        )
        return self.annotate(rank=Coalesce(Subquery(ahead), 0) + 1)

    def visible_to(self, user) -> "RegistrationQuerySet":
        return self.filter(user=user)

    def managed_by(self, user) -> "RegistrationQuerySet":
        return self.filter(workshop__in=Workshop.objects.managed_by(user))


class Registration(models.Model):
    class State(models.TextChoices):
        REQUESTED = "requested", _("waiting for approval")
        CONFIRMED = "confirmed", _("confirmed")
        WAITLISTED = "waitlisted", _("on the waiting list")
        WITHDRAWN = "withdrawn", _("cancelled by the person")
        DECLINED = "declined", _("not accepted")
        REVOKED = "revoked", _("cancelled by the organiser")

    #: Only these use up a place. A request does not: the coordinator chooses among more than fit.
    TAKES_A_PLACE = (State.CONFIRMED,)
    STANDING = (State.REQUESTED, State.CONFIRMED, State.WAITLISTED)

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="registrations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="registrations")
    state = models.CharField(max_length=10, choices=State.choices)
    # When she joined the waiting list; set under the workshop's lock, so the order is the order of arrival.
    queued_at = models.DateTimeField(null=True, blank=True)
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
        indexes = [models.Index(fields=["workshop", "state", "queued_at"], name="registration_queue")]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "user"], name="registration_once"),
            models.CheckConstraint(
                condition=Q(state="waitlisted", queued_at__isnull=False)
                | (~Q(state="waitlisted") & Q(queued_at__isnull=True)),
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
    def source(self) -> str:
        """What messages about it carry, so that a change silences those that are no longer true."""
        return f"workshops.registration:{self.pk}"
