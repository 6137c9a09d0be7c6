"""Who was there: marks, corrections, and the hours that follow from them in the ledger.

A mark is written under the locks of the workshop and of its session, in this order as everywhere, together
with its ledger entries: what a report counts and what the roll says are never two things, and a meeting that
is being called off has no first mark.

Other doors to the roll (marks from a phone, codes at the door) work between ``hold`` and ``conclude``.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import audit, messages
from portal.clock import WARSAW, local
from portal.models import Message, User
from portal.refusals import Refused
from projects import ledger
from projects.models import ProjectStaff
from workshops import own_times, planning_emails
from workshops.models import Attendance, AttendanceCorrection, Registration, Session, Workshop

Mark = Attendance.Mark

#: Marks that say for how long the person was there.
PARTLY = (Mark.LATE, Mark.LEFT_EARLY)
#: Older rolls are no longer asked for each night; the workplace goes on showing them.
NAG_FOR = timedelta(days=14)


class NotYet(Refused):
    sentence = _("You can call the roll from the day of the meeting on.")


class NotHeld(Refused):
    sentence = _("This meeting is cancelled, so nobody could be there.")


class NotOnTheList(Refused):
    sentence = _("This person has no place in this workshop.")


class WrongMinutes(Refused):
    field = "minutes"


class CorrectionNeedsReason(Refused):
    sentence = _("This changes a mark that was made before. Please write why.")
    field = "reason"


class RollRefused(Refused):
    """Nothing was saved. ``refusals``: by the number of the registration."""

    sentence = _("Nothing is saved yet. Please look at the people marked below.")

    def __init__(self, refusals: dict[int, Refused]):
        super().__init__()
        self.refusals = refusals


@dataclass(frozen=True)
class RollEntry:
    """What the roll says of one person.

    Who was there for a part has her own times, of which the minutes follow; without any ``minutes`` counts,
    and None is the usual number of this mark.
    """

    mark: str
    minutes: int | None = None
    reason: str = ""
    came_at: datetime | None = None
    left_at: datetime | None = None


def usual_minutes(session: Session, mark: str) -> int:
    """Minutes a mark is worth where nobody says otherwise."""
    if mark == Mark.PRESENT:
        return session.minutes
    if mark in PARTLY:
        return max(session.minutes - settings.USUALLY_MISSED_MINUTES, 0)
    return 0


@transaction.atomic
def mark(
    session: Session,
    registration: Registration,
    mark: str,
    *,
    by: User | None,
    source: str = Attendance.Source.ROLL_CALL,
    **details,
) -> Attendance | None:
    """Mark one person. The same mark again changes nothing. None: she was not marked and still is not.

    Another mark than before is a correction: it keeps the old value and needs a reason, but for a slip that
    the same person puts right within the hour. ``details``: those of RollEntry.
    """
    session = hold(session)
    attendance = session.attendances.filter(registration=registration).first()
    attendance = enter(session, registration, attendance, RollEntry(mark, **details), by=by, source=source)
    conclude(session)
    return attendance


@transaction.atomic
def call_roll(
    session: Session, marks: dict[int, RollEntry], *, by: User, source: str = Attendance.Source.ROLL_CALL
) -> int:
    """Mark everybody in ``marks`` (by the number of the registration), or nobody. Returns how many changed.

    Raises RollRefused with every single refusal, so that the page can show each beside its person.
    """
    session = hold(session)
    people = session.workshop.registrations.select_related("user").in_bulk(list(marks))
    known = {row.registration_id: row for row in session.attendances.all()}
    refusals: dict[int, Refused] = {}
    before = {pk: _said(row) for pk, row in known.items()}
    changed = 0
    for pk in sorted(marks):
        try:
            if pk not in people:
                raise NotOnTheList
            row = enter(session, people[pk], known.get(pk), marks[pk], by=by, source=source)
        except Refused as no:
            refusals[pk] = no
        else:
            changed += row is not None and before.get(pk) != _said(row)
    if refusals:
        raise RollRefused(refusals)
    conclude(session)
    return changed


# --- Between the locks and the ledger, for every door to the roll ----------------------------------------


def hold(session: Session) -> Session:
    """The session as it is now, locked after its workshop; refused where no roll can be called."""
    rows = Workshop.objects.select_for_update(of=("self",), no_key=True)
    workshop = rows.select_related("project", "theme__task").get(pk=session.workshop_id)
    session = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
    session.workshop = workshop
    if session.state == Session.State.CANCELLED:
        raise NotHeld
    if timezone.localdate() < timezone.localdate(session.start_at):
        raise NotYet
    return session


def enter(
    session: Session,
    registration: Registration,
    attendance: Attendance | None,
    entry: RollEntry,
    *,
    by: User | None,
    source: str,
) -> Attendance | None:
    """One mark in a roll that is held. ``attendance``: what the roll says of her, read under the lock."""
    if registration.workshop_id != session.workshop_id or registration.confirmed_at is None:
        raise NotOnTheList
    minutes, came_at, left_at = _credited(session, entry)
    if attendance is None:
        if entry.mark == Mark.UNKNOWN:
            return None
        attendance = Attendance(session=session, registration=registration)
    old, new = _said(attendance), (entry.mark, minutes, came_at, left_at)
    if old == new:
        return attendance
    is_correction = attendance.mark != Mark.UNKNOWN
    if is_correction and not entry.reason.strip() and not _is_slip(attendance, by):
        raise CorrectionNeedsReason
    attendance.mark, attendance.minutes, attendance.came_at, attendance.left_at = new
    attendance.source = source
    if not is_correction:
        attendance.marked_by, attendance.marked_at = by, timezone.now()
    attendance.save()
    if is_correction and entry.reason.strip():
        _keep_old(attendance, old, reason=entry.reason.strip(), by=by)
    audit.record(
        "attendance.marked",
        attendance,
        by=by,
        session=session.pk,
        workshop=session.workshop_id,
        old=_as_data(old),
        new=_as_data(new),
    )
    _record_received(session, registration, attendance)
    return attendance


def conclude(session: Session) -> None:
    """After the marks: a meeting counts as held once somebody came (domain.md B3.4)."""
    if session.attendances.filter(mark__in=Attendance.CAME).exists():
        ledger.record(
            source=session.source,
            measure=ledger.Measure.DELIVERED,
            minutes=session.minutes,
            **_what(session),
        )
    else:
        ledger.withdraw(session.source)
    if not to_mark(session).exists():
        messages.silence(source=planning_emails.nag_source(session))


def _said(attendance: Attendance) -> tuple:
    return (attendance.mark, attendance.minutes, attendance.came_at, attendance.left_at)


def _as_data(said: tuple) -> list:
    mark, minutes, *times = said
    return [mark, minutes, *(time and time.isoformat() for time in times)]


def _keep_old(attendance: Attendance, old: tuple, *, reason: str, by: User | None) -> None:
    mark, minutes, came_at, left_at = old
    AttendanceCorrection.objects.create(
        attendance=attendance,
        old_mark=mark,
        old_minutes=minutes,
        old_came_at=came_at,
        old_left_at=left_at,
        new_mark=attendance.mark,
        new_minutes=attendance.minutes,
        reason=reason,
        by=by,
    )


def _credited(session: Session, entry: RollEntry) -> tuple[int, datetime | None, datetime | None]:
    """Minutes, and the times of which they follow; only who was there for a part has any of her own."""
    if entry.mark not in Mark.values:
        raise ValueError(f"no such mark: {entry.mark}")
    if entry.mark not in PARTLY:
        return usual_minutes(session, entry.mark), None, None
    if entry.came_at or entry.left_at:
        own_times.check(session, entry.came_at, entry.left_at)
        minutes = own_times.minutes_between(session, entry.came_at, entry.left_at)
        return minutes, entry.came_at, entry.left_at
    if entry.minutes is None:
        return usual_minutes(session, entry.mark), None, None
    if not 0 < entry.minutes <= session.minutes:
        raise WrongMinutes(_("Please write between 1 and %(most)s minutes.") % {"most": session.minutes})
    return entry.minutes, None, None


def _is_slip(attendance: Attendance, by: User | None) -> bool:
    within = timezone.now() - attendance.marked_at <= timedelta(minutes=settings.SLIP_MINUTES)
    return within and by is not None and attendance.marked_by_id == by.pk


def _record_received(session: Session, registration: Registration, attendance: Attendance) -> None:
    if attendance.minutes == 0:
        ledger.withdraw(attendance.ledger_source)
        return
    ledger.record(
        source=attendance.ledger_source,
        measure=ledger.Measure.RECEIVED,
        minutes=attendance.minutes,
        person=registration.user,
        **_what(session),
    )


def _what(session: Session) -> dict:
    workshop = session.workshop
    return {
        "project": workshop.project,
        "task": workshop.theme.task,
        "theme": workshop.theme,
        "kind": workshop.kind,
        "on": timezone.localdate(session.start_at, WARSAW),
        "activity": activity_of(workshop),
    }


def activity_of(workshop: Workshop) -> str:
    return f"workshops.workshop:{workshop.pk}"


# --- What the roll still lacks ---------------------------------------------------------------------------


def to_mark(session: Session) -> QuerySet[Registration]:
    """People with a place of whom the roll says nothing yet; not those who got theirs after the meeting."""
    known = Attendance.objects.filter(session=session, registration=OuterRef("pk")).exclude(mark=Mark.UNKNOWN)
    expected = session.workshop.registrations.confirmed().filter(confirmed_at__lt=session.end_at)
    return expected.exclude(Exists(known))


def unknown(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Of these sessions, the planned ones with people of whom the roll says nothing yet."""
    known = Attendance.objects.filter(session=OuterRef(OuterRef("pk")), registration=OuterRef("pk")).exclude(
        mark=Mark.UNKNOWN
    )
    expected = Registration.objects.confirmed().filter(
        workshop=OuterRef("workshop"), confirmed_at__lt=OuterRef("end_at")
    )
    lacking = expected.exclude(Exists(known))
    return sessions.planned().exclude(workshop__state=Workshop.State.DRAFT).filter(Exists(lacking))


def nag_about_unknown_attendance(now: datetime | None = None) -> int:
    """The day after: ask the coordinators and the trainers who was there, once for each session.

    Returns how many messages were queued.
    """
    now = now or timezone.now()
    today = local(timezone.localdate(now, WARSAW), datetime.min.time())
    sessions = unknown(Session.objects.filter(end_at__lt=today, end_at__gt=today - NAG_FOR))
    sessions = sessions.select_related("workshop").order_by("end_at", "id")
    queued = 0
    for session in sessions:
        source = planning_emails.nag_source(session)
        told = set(Message.objects.filter(source=source).values_list("recipient", flat=True))
        for user in staff_of(session.workshop).exclude(pk__in=told):
            queued += bool(planning_emails.attendance_unknown(user, session))
    return queued


def staff_of(workshop: Workshop) -> QuerySet[User]:
    """Who answers for a workshop today: its project's coordinators and its own trainers."""
    serving = ProjectStaff.objects.serving().filter(project=workshop.project_id, user=OuterRef("pk"))
    leads = Workshop.trainers.through.objects.filter(workshop=workshop, user=OuterRef("pk"))
    return User.objects.filter(
        Exists(serving.filter(role=ProjectStaff.Role.COORDINATOR))
        | Exists(serving.filter(role=ProjectStaff.Role.TRAINER)) & Exists(leads)
    ).order_by("pk")
