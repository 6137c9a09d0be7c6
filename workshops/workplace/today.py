"""What waits for a coordinator or a trainer in her workshops; the page of today shows it (portal/pages)."""

from datetime import timedelta

from django.db.models import Count, F, Min, Q
from django.utils import timezone

from portal.clock import local
from portal.desk import desk_tabs
from portal.models import User
from projects.access import is_coordinator
from workshops import attendance
from workshops.models import Registration, Session, Workshop
from workshops.workplace.desk import led_sessions

#: A group that is too small is worth a thought this long before its start.
NEAR = timedelta(days=7)
#: Rolls that nobody called are shown this long; by then a report has asked for them.
ROLLS_SINCE = timedelta(days=60)
AT_MOST = 20


def of_workshops(user: User) -> dict:
    can_plan = is_coordinator(user)
    now = timezone.now()
    today = timezone.localdate()
    days = (local(today, now.min.time()), local(today + timedelta(days=2), now.min.time()))
    here = led_sessions(user).exclude(workshop__state=Workshop.State.DRAFT)
    sessions = here.planned().filter(start_at__gte=days[0], start_at__lt=days[1])
    rolls = here.filter(end_at__lt=now, end_at__gt=now - ROLLS_SINCE)
    waiting = list(_waiting(user, now)) if can_plan else []
    return {
        "can_plan": can_plan,
        "tabs": desk_tabs("work_today") if can_plan else [],
        "today": today,
        "sessions": _with_people(sessions).order_by("start_at", "id"),
        "rolls": attendance.unknown(rolls).order_by("-start_at", "-id")[:AT_MOST],
        "requests": [workshop for workshop in waiting if workshop.requested],
        "small": [workshop for workshop in waiting if workshop.is_small],
        "full": [workshop for workshop in waiting if workshop.waiting and not workshop.free_seats],
    }


def _with_people(sessions):
    confirmed = Q(workshop__registrations__state=Registration.State.CONFIRMED)
    return sessions.annotate(people=Count("workshop__registrations", filter=confirmed))


def _waiting(user: User, now):
    """Published workshops still to come in which something waits for the coordinator: one query."""
    requested = Count(
        "registrations", filter=Q(registrations__state=Registration.State.REQUESTED), distinct=True
    )
    first = Min("sessions__start_at", filter=Q(sessions__state=Session.State.PLANNED))
    small = Q(taken__lt=F("minimum"), first_start_at__gt=now, first_start_at__lt=now + NEAR)
    return (
        Workshop.objects.managed_by(user)
        .filter(state=Workshop.State.PUBLISHED)
        .with_free_seats()
        .with_next_session(now)
        .annotate(requested=requested, first_start_at=first)
        .filter(next_start_at__isnull=False)
        .annotate(is_small=small)
        .filter(Q(requested__gt=0) | Q(is_small=True) | Q(free_seats=0, waiting__gt=0))
        .order_by("next_start_at", "id")[: 3 * AT_MOST]
    )
