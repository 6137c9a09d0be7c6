"""Hours of people and of themes, from the roll and from what was written by hand; how she stands in a course.

Clock minutes without breaks throughout. What was written by hand counts in every sum once a second person
has agreed; attendance in percent is of meetings only.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from portal.clock import local
from portal.models import User
from projects.figures import Period
from projects.models import LedgerEntry, Project, Theme
from workshops.models import Attendance, ManualHours, Registration, Session, Workshop

Mark = Attendance.Mark

#: What somebody will do is guessed from so many meetings: enough to be fair, few enough to warn in time.
PACE_OF_LAST = 4


@dataclass(frozen=True)
class Standing:
    """How somebody stands in a course: of the held meetings in which she was expected and the roll knows her.

    An excused absence gives no minutes, but is no missed meeting. ``unmarked``: meetings that are over and of
    which nobody has said whether she was there; until somebody does they are left out of account.
    """

    threshold: int
    held: tuple[int, ...] = ()
    credited: tuple[int, ...] = ()
    #: Minutes of the meetings to come, the next one first; none for who has given her place back.
    ahead: tuple[int, ...] = ()
    by_hand_minutes: int = 0
    came: int = 0
    missed: int = 0
    excused: int = 0
    unmarked: int = 0
    #: Numbers of the meetings missed one after another up to now; excused ones neither count nor interrupt.
    missed_in_a_row: tuple[int, ...] = ()

    @property
    def held_minutes(self) -> int:
        return sum(self.held)

    @property
    def credited_minutes(self) -> int:
        return sum(self.credited)

    @property
    def all_minutes(self) -> int:
        return self.credited_minutes + self.by_hand_minutes

    @property
    def whole_minutes(self) -> int:
        """Of all meetings that concern her, held and to come."""
        return self.held_minutes + sum(self.ahead)

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 79.9 is not yet 80; None before the first meeting."""
        return self.credited_minutes * 100 // self.held_minutes if self.held_minutes else None

    @property
    def is_enough(self) -> bool:
        return bool(self.held_minutes) and self.credited_minutes * 100 >= self.threshold * self.held_minutes

    @property
    def projected_percent(self) -> int | None:
        """At the end of the course, if she goes on as in the last meetings."""
        recent = sum(self.held[-PACE_OF_LAST:])
        if not recent:
            return None
        pace = sum(self.credited[-PACE_OF_LAST:]) / recent
        return int((self.credited_minutes + sum(self.ahead) * pace) * 100 / self.whole_minutes)

    @property
    def needs_next(self) -> int | None:
        """To how many of the next meetings she must come to reach the threshold; None: it is out of reach."""
        lacking = self.threshold * self.whole_minutes - 100 * self.credited_minutes
        for number, minutes in enumerate((0, *self.ahead)):
            lacking -= 100 * minutes
            if lacking <= 0:
                return number
        return None

    @property
    def can_reach(self) -> bool:
        return self.needs_next is not None

    @property
    def is_at_risk(self) -> bool:
        """The pace of the last meetings does not lead to the threshold."""
        return self.projected_percent is not None and self.projected_percent < self.threshold


def standing(registration: Registration, now: datetime | None = None) -> Standing:
    return standings_of([registration], now)[registration.pk]


def standings(workshop: Workshop, now: datetime | None = None) -> dict[int, Standing]:
    """Of everybody who has or had a place, by the number of the registration: four queries."""
    rows = list(workshop.registrations.filter(confirmed_at__isnull=False))
    for row in rows:
        row.workshop = workshop
    return standings_of(rows, now)


def standings_of(rows: Iterable[Registration], now: datetime | None = None) -> dict[int, Standing]:
    """Of registrations with their workshops, in any workshops: three queries, two where ``with_minutes``."""
    rows, now = list(rows), now or timezone.now()
    came = Attendance.objects.filter(session=OuterRef("pk"), mark__in=Attendance.CAME)
    sessions = defaultdict(list)
    planned = Session.objects.planned().filter(workshop__in={row.workshop_id for row in rows})
    for session in planned.annotate(is_held=Exists(came)).order_by("start_at", "id"):
        sessions[session.workshop_id].append(session)
    numbers = [row.pk for row in rows]
    marks = defaultdict(dict)
    found = Attendance.objects.filter(registration__in=numbers).exclude(mark=Mark.UNKNOWN)
    columns = ("registration", "session", "mark", "minutes")
    for number, session, mark, minutes in found.order_by().values_list(*columns):
        marks[number][session] = (mark, minutes)
    by_hand = {row.pk: row.by_hand for row in rows if hasattr(row, "by_hand")}
    if len(by_hand) < len(rows):
        written = ManualHours.objects.filter(registration__in=numbers, state=ManualHours.State.APPROVED)
        by_hand = dict(written.order_by().values_list("registration").annotate(sum=Sum("minutes")))
    return {row.pk: _reckon(row, sessions[row.workshop_id], marks[row.pk], by_hand, now) for row in rows}


def standings_from(
    rows: Iterable[Registration], sessions: list[Session], attendances: Iterable[Attendance]
) -> dict[int, Standing]:
    """The same without a query, from what a page has read anyway: all planned meetings of one workshop in
    their order, all marks in it, and its registrations ``with_minutes`` and their workshop.
    """
    marks, held = defaultdict(dict), set()
    for attendance in attendances:
        marks[attendance.registration_id][attendance.session_id] = (attendance.mark, attendance.minutes)
        if attendance.mark in Attendance.CAME:
            held.add(attendance.session_id)
    for session in sessions:
        session.is_held = session.pk in held
    now = timezone.now()
    return {row.pk: _reckon(row, sessions, marks[row.pk], {row.pk: row.by_hand}, now) for row in rows}


def _reckon(row: Registration, sessions: list, marks: dict, by_hand: dict, now: datetime) -> Standing:
    held, credited, ahead, in_a_row = [], [], [], []
    number = dict.fromkeys(("came", "missed", "excused", "unmarked"), 0)
    has_place = row.state == Registration.State.CONFIRMED
    for session in sessions:
        mark, minutes = marks.get(session.pk, (Mark.UNKNOWN, 0))
        if mark == Mark.UNKNOWN:
            if has_place and session.end_at > now and not session.is_held:
                ahead.append(session.minutes)
            elif has_place and row.confirmed_at < session.end_at <= now:
                number["unmarked"] += 1
            continue
        if session.is_held:
            held.append(session.minutes)
            credited.append(min(minutes, session.minutes))
        if mark == Mark.EXCUSED:
            number["excused"] += 1
        elif mark == Mark.ABSENT:
            number["missed"] += 1
            in_a_row.append(session.pk)
        else:
            number["came"] += 1
            in_a_row = []
    return Standing(
        row.workshop.attendance_percent,
        tuple(held),
        tuple(credited),
        tuple(ahead),
        by_hand_minutes=by_hand.get(row.pk, 0),
        missed_in_a_row=tuple(in_a_row),
        **number,
    )


# --- Sums ------------------------------------------------------------------------------------------------


def with_minutes(registrations: QuerySet[Registration]) -> QuerySet[Registration]:
    """Annotate ``minutes``, everything that counts, and ``by_hand``, what of it was written by hand."""
    marked = Attendance.objects.filter(registration=OuterRef("pk")).order_by().values("registration")
    written = ManualHours.objects.filter(registration=OuterRef("pk"), state=ManualHours.State.APPROVED)
    return registrations.annotate(
        by_hand=_subtotal(written.order_by().values("registration"), Sum("minutes")),
        minutes=_subtotal(marked, Sum("minutes")) + F("by_hand"),
    )


def hours_of(user: User) -> QuerySet[Registration]:
    """Where she has or had a place, with ``minutes``, ``by_hand`` and ``times`` she came; newest first."""
    came = Attendance.objects.filter(registration=OuterRef("pk"), mark__in=Attendance.CAME).order_by()
    return (
        with_minutes(Registration.objects.visible_to(user).filter(confirmed_at__isnull=False))
        .annotate(times=_subtotal(came.values("registration"), Count("pk")))
        .select_related("workshop")
        .order_by("-confirmed_at", "-id")
    )


def hours_by_theme(project: Project, period: Period | None = None) -> QuerySet[Theme]:
    """The project's themes with ``delivered`` and ``received`` minutes, and ``sessions_held``."""
    entries = LedgerEntry.objects.filter((period or Period()).entries(), theme=OuterRef("pk")).order_by()
    delivered = entries.filter(measure=LedgerEntry.Measure.DELIVERED).values("theme")
    received = entries.filter(measure=LedgerEntry.Measure.RECEIVED).values("theme")
    return project.themes.annotate(
        delivered=_subtotal(delivered, Sum("minutes")),
        sessions_held=_subtotal(delivered, Count("pk")),
        received=_subtotal(received, Sum("minutes")),
        by_hand=_subtotal(received.filter(source__startswith="workshops.manual_hours:"), Sum("minutes")),
    ).order_by("position", "id")


def hours_by_person(project: Project, period: Period | None = None) -> QuerySet[User]:
    """Who came to the project's workshops, with ``minutes``, ``by_hand``, ``times`` and ``workshops``."""
    period = period or Period()
    here = Attendance.objects.filter(registration__workshop__project=project, mark__in=Attendance.CAME)
    if period.since:
        here = here.filter(session__start_at__gte=local(period.since, time.min))
    if period.until:
        here = here.filter(session__start_at__lt=local(period.until + timedelta(days=1), time.min))
    hers = here.filter(registration__user=OuterRef("pk")).order_by().values("registration__user")
    written = (
        ManualHours.objects.filter(registration__workshop__project=project, state=ManualHours.State.APPROVED)
        .filter(period.entries(), registration__user=OuterRef("pk"))
        .order_by()
        .values("registration__user")
    )
    with_place = Registration.objects.filter(workshop__project=project, confirmed_at__isnull=False)
    return (
        User.objects.filter(pk__in=with_place.values("user"))
        .annotate(
            by_hand=_subtotal(written, Sum("minutes")),
            minutes=_subtotal(hers, Sum("minutes")) + F("by_hand"),
            times=_subtotal(hers, Count("pk")),
            workshops=_subtotal(hers, Count("registration__workshop", distinct=True)),
        )
        .filter(Q(times__gt=0) | Q(by_hand__gt=0))
        .order_by("name_key", "id")
    )


def planned_ahead(project: Project, now: datetime | None = None) -> dict[int, int]:
    """Minutes of published meetings still to come, by theme: one query. The pace is another thing."""
    coming = Session.objects.upcoming(now).filter(
        workshop__project=project, workshop__state=Workshop.State.PUBLISHED
    )
    minutes = defaultdict(int)
    for session in coming.annotate(theme=F("workshop__theme")):
        minutes[session.theme] += session.minutes
    return minutes


def _subtotal(rows: QuerySet, figure) -> Coalesce:
    return Coalesce(Subquery(rows.annotate(n=figure).values("n"), output_field=IntegerField()), 0)
