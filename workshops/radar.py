"""The drop-out radar: who may not stay in a course, why, and where attendance goes (features.md U15).

Nothing of it is stored: it is reckoned from the roll each time somebody looks.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from portal.models import User
from projects.pictures import HEIGHT, WIDTH, Bar
from workshops import hours
from workshops.hours import PACE_OF_LAST, Standing
from workshops.models import AbsenceReason, Attendance, Registration, Session, Workshop

Mark = Attendance.Mark
GAP = 4


@dataclass(frozen=True)
class Person:
    registration: Registration
    standing: Standing
    #: What she said, the last word last.
    reasons: list[AbsenceReason]

    @property
    def reason(self) -> AbsenceReason | None:
        return self.reasons[-1] if self.reasons else None

    @property
    def misses(self) -> bool:
        return len(self.standing.missed_in_a_row) >= settings.MISSED_BEFORE_ENCOURAGING

    @property
    def is_in_danger(self) -> bool:
        return self.misses or self.standing.is_at_risk


@dataclass(frozen=True)
class Meeting:
    """One held meeting: who came, of those whom the roll knows."""

    session: Session
    came: int
    missed: int
    excused: int

    @property
    def percent(self) -> int:
        return round(self.came * 100 / (self.came + self.missed + self.excused))


@dataclass(frozen=True)
class Radar:
    workshop: Workshop
    people: list[Person]

    @property
    def number(self) -> int:
        return len(self.people)

    @property
    def missing(self) -> int:
        return sum(person.misses for person in self.people)

    @property
    def at_risk(self) -> int:
        return sum(person.standing.is_at_risk for person in self.people)

    @property
    def lost(self) -> int:
        """For whom the threshold is out of reach already."""
        return sum(not person.standing.can_reach for person in self.people)

    @property
    def in_danger(self) -> list[Person]:
        """The ones who need somebody most first."""
        return sorted(
            (person for person in self.people if person.is_in_danger),
            key=lambda person: (
                -len(person.standing.missed_in_a_row),
                person.standing.projected_percent or 0,
                person.registration.pk,
            ),
        )

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """What people said, the most frequent first."""
        labels = dict(AbsenceReason.Reason.choices)
        said = Counter(given.reason for person in self.people for given in person.reasons)
        return [(labels[reason], number) for reason, number in sorted(said.items(), key=lambda i: (-i[1], i))]

    @property
    def projected_percent(self) -> int | None:
        """Of the whole group at the end, if everybody goes on as in the last meetings."""
        known = [person.standing for person in self.people if person.standing.projected_percent is not None]
        if not known:
            return None
        weights = sum(standing.whole_minutes for standing in known)
        return sum(standing.projected_percent * standing.whole_minutes for standing in known) // weights


def of_workshops(workshops: QuerySet[Workshop], now: datetime | None = None) -> list[Radar]:
    """Those who have a place in each of these workshops: five queries, however many there are."""
    workshops = {workshop.pk: workshop for workshop in workshops}
    confirmed = Registration.objects.confirmed().filter(workshop__in=workshops)
    rows = list(hours.with_minutes(confirmed).select_related("user").order_by("user__name_key", "id"))
    for row in rows:
        row.workshop = workshops[row.workshop_id]
    standings = hours.standings_of(rows, now)
    given = AbsenceReason.objects.filter(registration__in=[row.pk for row in rows]).order_by("at", "id")
    said = defaultdict(list)
    for reason in given:
        said[reason.registration_id].append(reason)
    people = {pk: [] for pk in workshops}
    for row in rows:
        people[row.workshop_id].append(Person(row, standings[row.pk], said[row.pk]))
    return [Radar(workshop, people[pk]) for pk, workshop in workshops.items()]


def of_workshop(workshop: Workshop, now: datetime | None = None) -> Radar:
    return of_workshops([workshop], now)[0]


def running(user: User, now: datetime | None = None) -> QuerySet[Workshop]:
    """Courses that she plans, with meetings behind and ahead: only there can somebody still be kept."""
    now = now or timezone.now()
    planned = Session.objects.planned().filter(workshop=OuterRef("pk"))
    return (
        Workshop.objects.managed_by(user)
        .filter(
            Exists(planned.filter(end_at__lte=now)),
            Exists(planned.filter(end_at__gt=now)),
            state=Workshop.State.PUBLISHED,
        )
        .exclude(signup_mode=Workshop.SignupMode.OPEN)
        .order_by("pk")
    )


def meetings(workshop: Workshop) -> list[Meeting]:
    """Every meeting that somebody came to, in their order: one query."""

    def number(*marks: str) -> Count:
        return Count("attendances", filter=Q(attendances__mark__in=marks))

    rows = workshop.sessions.planned().annotate(
        came=number(*Attendance.CAME), missed=number(Mark.ABSENT), excused=number(Mark.EXCUSED)
    )
    held = rows.filter(came__gt=0).order_by("start_at", "id")
    return [Meeting(row, row.came, row.missed, row.excused) for row in held]


def trend(found: list[Meeting]) -> tuple[int, int] | None:
    """Percent who came to the last meetings, and to those before them; None while there are too few."""
    if len(found) <= PACE_OF_LAST:
        return None
    last, before = found[-PACE_OF_LAST:], found[-2 * PACE_OF_LAST : -PACE_OF_LAST]
    return tuple(
        round(
            sum(meeting.came for meeting in part)
            * 100
            / sum(meeting.came + meeting.missed + meeting.excused for meeting in part)
        )
        for part in (last, before)
    )


@dataclass(frozen=True)
class Picture:
    """A bar for each meeting, and a line at the threshold. The table has the figures."""

    bars: list[Bar]
    threshold_y: int
    first: datetime
    last: datetime
    width: int = WIDTH
    height: int = HEIGHT


def picture(found: list[Meeting], *, threshold: int, mirrored: bool) -> Picture | None:
    """``mirrored``: time runs from right to left."""
    if not found:
        return None
    slot = WIDTH / len(found)
    width = max(round(min(slot - GAP, 60)), 1)
    bars = []
    for place, meeting in enumerate(found):
        height = round(HEIGHT * meeting.percent / 100)
        x = round(place * slot) + GAP // 2
        bars.append(Bar(WIDTH - x - width if mirrored else x, HEIGHT - height, width, height))
    first, last = found[0].session.start_at, found[-1].session.start_at
    return Picture(bars, round(HEIGHT * (100 - threshold) / 100), first, last)
