"""Hours of people and of themes, from the roll and from what was written by hand."""

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from portal.models import User
from projects.models import LedgerEntry, Project, Theme
from workshops.models import Attendance, Registration


def hours_of(user: User) -> QuerySet[Registration]:
    """The person's registrations with ``minutes`` credited and ``times`` she came, where she came at all."""
    came = Q(attendances__mark__in=Attendance.CAME)
    return (
        Registration.objects.filter(user=user)
        .annotate(minutes=Coalesce(Sum("attendances__minutes"), 0), times=Count("attendances", filter=came))
        .filter(times__gt=0)
        .select_related("workshop")
        .order_by("-confirmed_at", "-id")
    )


def hours_by_theme(project: Project) -> QuerySet[Theme]:
    """The project's themes with ``delivered`` and ``received`` minutes, and ``sessions_held``."""
    entries = LedgerEntry.objects.filter(theme=OuterRef("pk")).order_by()
    delivered = entries.filter(measure=LedgerEntry.Measure.DELIVERED).values("theme")
    received = entries.filter(measure=LedgerEntry.Measure.RECEIVED).values("theme")
    return project.themes.annotate(
        delivered=_subtotal(delivered, Sum("minutes")),
        sessions_held=_subtotal(delivered, Count("pk")),
        received=_subtotal(received, Sum("minutes")),
    ).order_by("position", "id")


def hours_by_person(project: Project) -> QuerySet[User]:
    """People who came to the project's workshops, with ``minutes``, ``times`` and ``workshops``."""
    here = Q(registrations__workshop__project=project)
    came = here & Q(registrations__attendances__mark__in=Attendance.CAME)
    return (
        User.objects.filter(here)
        .annotate(
            minutes=Coalesce(Sum("registrations__attendances__minutes", filter=came), 0),
            times=Count("registrations__attendances", filter=came),
            workshops=Count("registrations__workshop", filter=came, distinct=True),
        )
        .filter(times__gt=0)
        .order_by("name_key", "id")
    )


def _subtotal(rows: QuerySet, figure) -> Coalesce:
    return Coalesce(Subquery(rows.annotate(n=figure).values("n"), output_field=IntegerField()), 0)
