"""What waits for a coordinator or a trainer in her workshops; the page of today shows it (portal/pages)."""

from datetime import timedelta

from django.db.models import Count, F, IntegerField, Min, OuterRef, Q, Subquery, Value
from django.utils import timezone

from portal.clock import local
from portal.desk import desk_tabs
from portal.models import User
from projects.access import is_coordinator
from workshops import attendance, head_counts, manual_hours, sheets, staying
from workshops.models import Certificate, Registration, SeatOffer, Session, Workshop
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
        "errands": list(_errands(user, can_plan=can_plan)),
        **(_numbers(user) if can_plan else {"calls": 0, "by_hand": 0}),
    }


def _numbers(user: User) -> dict[str, int]:
    """How many calls she has to make, and hours written by hand to decide about: one query."""
    return (
        User.objects.filter(pk=user.pk)
        .values(calls=NumberOf(staying.calls_for(user)), by_hand=NumberOf(manual_hours.waiting_for(user)))
        .get()
    )


def _errands(user: User, *, can_plan: bool):
    """Her workshops with papers, head-counts, certificates or offers that are not finished: one query.

    ``sheets`` and ``uncounted`` are of meetings, ``drafts`` wait for her as the second person, ``offers`` for
    the people to whom a place is offered.
    """
    meetings = Session.objects.filter(workshop=OuterRef("pk"))
    drafts = Certificate.objects.filter(state=Certificate.State.DRAFT, registration__workshop=OuterRef("pk"))
    offers = SeatOffer.objects.filter(state=SeatOffer.State.LIVE, registration__workshop=OuterRef("pk"))
    nothing = Value(0, output_field=IntegerField())
    return (
        Workshop.objects.led_by(user)
        .annotate(
            sheets=NumberOf(sheets.lacking(meetings)),
            uncounted=NumberOf(head_counts.uncounted(meetings)),
            drafts=NumberOf(drafts.exclude(drafted_by=user)) if can_plan else nothing,
            offers=NumberOf(offers) if can_plan else nothing,
        )
        .filter(Q(sheets__gt=0) | Q(uncounted__gt=0) | Q(drafts__gt=0) | Q(offers__gt=0))
        .order_by("-pk")[:AT_MOST]
    )


class NumberOf(Subquery):
    """The number of rows, whatever they are annotated with."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) _rows)"
    output_field = IntegerField()

    def __init__(self, rows) -> None:
        super().__init__(rows.order_by().values("pk"))


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
