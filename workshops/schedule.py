"""The dates of a workshop: adding, moving, cancelling one session. Rows of them: workshops/series.py."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import audit, diary, messages
from portal.clock import local
from portal.models import User
from portal.refusals import Refused
from workshops import calendar, planning_emails, seats, teaching, waiting_list
from workshops.appointments import appointment_for, sessions_to_come, teaching_source
from workshops.models import Attendance, HeadCount, Registration, Session, Workshop


class WrongTimes(Refused):
    sentence = _("The end must be after the start, and the break shorter than the meeting.")
    field = "minutes"


class SessionsOverlap(Refused):
    sentence = _("The workshop already has a meeting at that time.")
    field = "start_at"


class WorkshopIsCancelled(Refused):
    sentence = _("This workshop is cancelled. You cannot change it any more.")


class AlreadyHeld(Refused):
    sentence = _("This meeting has begun or its roll was called, so its time can no longer be changed.")


class RollWasCalled(Refused):
    sentence = _("The roll of this meeting was called, so it cannot be cancelled.")


class SessionIsCancelled(Refused):
    sentence = _("This meeting is cancelled.")


class NotInThePast(Refused):
    sentence = _("The new time must be in the future.")
    field = "start_at"


@transaction.atomic
def add_session(
    workshop: Workshop,
    *,
    start_at: datetime,
    end_at: datetime,
    by: User,
    break_minutes: int = 0,
    topics: dict[str, str] | None = None,
) -> Session:
    """One more meeting. ``topics``: by language. The same times a second time return the same session."""
    workshop = lock_standing(workshop)
    session, is_new = _add(workshop, start_at, end_at, break_minutes, topics)
    if is_new:
        audit.record("session.added", session, by=by, workshop=workshop.pk)
        enter_and_tell(workshop, [session], by=by)
    return session


def times_on(day: date, starts: time, minutes: int) -> tuple[datetime, datetime]:
    """Start and end, in UTC: so many minutes later, whatever the local clock does meanwhile."""
    start = local(day, starts).astimezone(UTC)
    return start, start + timedelta(minutes=minutes)


@transaction.atomic
def edit_session(
    session: Session, *, by: User, topics: dict[str, str] | None = None, break_minutes: int | None = None
) -> Session:
    """Topic and break. The break counts in the hours, so it stays once the roll was called."""
    session = _locked_session(session)
    fields = [
        f"topic_{code}" for code, text in (topics or {}).items() if getattr(session, f"topic_{code}") != text
    ]
    for code, text in (topics or {}).items():
        setattr(session, f"topic_{code}", text)
    if break_minutes is not None and break_minutes != session.break_minutes:
        if is_marked([session]):
            raise AlreadyHeld
        check_times(session.start_at, session.end_at, break_minutes)
        session.break_minutes = break_minutes
        fields.append("break_minutes")
    if fields:
        session.save(update_fields=fields)
        audit.record("session.edited", session, by=by, fields=sorted(fields))
    return session


@transaction.atomic
def move_session(session: Session, *, start_at: datetime, end_at: datetime, by: User) -> Session:
    """Another time: diaries and reminders follow, people read the old and the new time.

    In a repeating row it is an exception from now on. Whoever has something else at the new time keeps her
    place and is told of the overlap.
    """
    session = _locked_session(session)
    if (session.start_at, session.end_at) == (start_at, end_at):
        return session
    if session.start_at <= timezone.now() or is_marked([session]):
        raise AlreadyHeld
    if start_at <= timezone.now():
        raise NotInThePast
    check_times(start_at, end_at, session.break_minutes)
    _check_free(session.workshop, start_at, end_at, but=session)
    old_start, old_end = session.start_at, session.end_at
    session.start_at, session.end_at = start_at, end_at
    session.is_exception = session.series is not None
    session.revision += 1
    session.save(update_fields=["start_at", "end_at", "is_exception", "revision"])
    audit.record(
        "session.moved",
        session,
        by=by,
        old=[old_start.isoformat(), old_end.isoformat()],
        new=[start_at.isoformat(), end_at.isoformat()],
    )
    busy = follow_in_diaries(session.workshop, [session])
    messages.silence(source=session.source)
    if session.workshop.state == Workshop.State.PUBLISHED:
        diaries = calendar.entries_of([session])
        for user in everybody_in(session.workshop, but=by):
            planning_emails.session_moved(
                user,
                session,
                old_start=old_start,
                old_end=old_end,
                overlaps=user in busy,
                entries=diaries.get(user.pk, []),
            )
    waiting_list.follow_dates(session.workshop, by=by)
    return session


@transaction.atomic
def cancel_session(session: Session, *, by: User, reason: str = "") -> Session:
    """It does not take place, or did not. People are told if it was still to come."""
    session = _locked_session(session, cancelled_too=True)
    if session.state == Session.State.CANCELLED:
        return session
    if is_marked([session]):
        raise RollWasCalled
    session.state = Session.State.CANCELLED
    session.revision += 1
    session.save(update_fields=["state", "revision"])
    audit.record("session.cancelled", session, by=by, workshop=session.workshop_id)
    now = timezone.now()
    diary.drop_all([session.source, teaching_source(session)])
    messages.silence(source=planning_emails.nag_source(session))
    if session.workshop.state == Workshop.State.PUBLISHED and session.end_at > now:
        diaries = calendar.entries_of([session], called_off_since=now)
        for user in everybody_in(session.workshop, but=by):
            entries = diaries.get(user.pk, [])
            planning_emails.session_cancelled(user, session, reason=reason.strip(), entries=entries)
    waiting_list.follow_dates(session.workshop, by=by)
    return session


def lock(workshop: Workshop) -> Workshop:
    """The same row, and the same strength, as registrations lock it; sessions are read afresh."""
    return Workshop.objects.select_for_update(no_key=True).get(pk=workshop.pk)


def lock_standing(workshop: Workshop) -> Workshop:
    """The workshop as it is now, locked; refused when it is cancelled."""
    workshop = lock(workshop)
    if workshop.state == Workshop.State.CANCELLED:
        raise WorkshopIsCancelled
    return workshop


def _locked_session(session: Session, *, cancelled_too: bool = False) -> Session:
    """The workshop is locked first, then the session: always in this order."""
    workshop = lock_standing(session.workshop)
    session = Session.objects.select_for_update().get(pk=session.pk)
    session.workshop = workshop
    if session.state == Session.State.CANCELLED and not cancelled_too:
        raise SessionIsCancelled
    return session


def _add(
    workshop: Workshop, start: datetime, end: datetime, break_minutes: int, topics: dict[str, str] | None
) -> tuple[Session, bool]:
    check_times(start, end, break_minutes)
    same = workshop.sessions.planned().filter(start_at=start, end_at=end).first()
    if same is not None:
        return same, False
    _check_free(workshop, start, end)
    columns = {f"topic_{code}": text for code, text in (topics or {}).items()}
    session = Session.objects.create(
        workshop=workshop, start_at=start, end_at=end, break_minutes=break_minutes, **columns
    )
    return session, True


def check_times(start: datetime, end: datetime, break_minutes: int) -> None:
    if end - start <= timedelta(minutes=break_minutes):
        raise WrongTimes


def _check_free(workshop: Workshop, start: datetime, end: datetime, *, but: Session | None = None) -> None:
    others = workshop.sessions.planned().filter(start_at__lt=end, end_at__gt=start)
    if others.exclude(pk=but.pk if but else None).exists():
        raise SessionsOverlap


def is_marked(sessions: Iterable[Session]) -> bool:
    return bool(marked_among(sessions))


def marked_among(sessions: Iterable[Session]) -> set[int]:
    """The numbers of those whose roll was called, or of which somebody has counted the people."""
    marks = Attendance.objects.filter(session__in=sessions).exclude(mark=Attendance.Mark.UNKNOWN)
    counts = HeadCount.objects.filter(session__in=sessions).order_by().values_list("session", flat=True)
    return set(marks.order_by().values_list("session", flat=True).union(counts))


def enter_and_tell(workshop: Workshop, sessions: list[Session], *, by: User) -> None:
    """New sessions of a published workshop go into diaries. Everybody in it is told once, of all of them."""
    if workshop.state != Workshop.State.PUBLISHED:
        return
    new = {session.pk for session in sessions}
    ahead = sessions_to_come(workshop)
    coming = [session for session in ahead if session.pk in new]
    if not coming:
        return
    people = everybody_in(workshop)
    diary.hold(user.pk for user in people)
    busy = set(seats.enter_in_diaries(*coming))
    teaching.enter(coming, workshop.trainers.all())
    others = [session for session in ahead if session.pk not in new]
    if len(others) == 1:  # a single event that becomes a series is reminded of by another rule (B2.7)
        diary.refresh(appointment_for(others[0]))
    diaries = calendar.entries_of(coming)
    for user in people:
        if user != by:
            entries = diaries.get(user.pk, [])
            planning_emails.sessions_added(user, workshop, coming, overlaps=user in busy, entries=entries)
    waiting_list.follow_dates(workshop, by=by)


def follow_in_diaries(workshop: Workshop, sessions: list[Session]) -> set[User]:
    """Diaries and reminders follow sessions that were moved. Returns whom they overlap now."""
    moved = {session.pk for session in sessions}
    diary.hold(user.pk for user in everybody_in(workshop))
    coming = [session for session in sessions_to_come(workshop) if session.pk in moved]
    busy = set(diary.refresh_all(map(appointment_for, coming)))
    return busy | set(diary.refresh_all(map(teaching.appointment_for, coming)))


def everybody_in(workshop: Workshop, *, but: User | None = None) -> list[User]:
    """Whom a change concerns: those registered, asking or waiting, and the trainers; not the one who does it.

    ``knows_place`` says who may read the address.
    """
    here = Registration.objects.filter(workshop=workshop, user=OuterRef("pk"))
    leads = Workshop.trainers.through.objects.filter(workshop=workshop, user=OuterRef("pk"))
    people = User.objects.annotate(knows_place=Exists(here.confirmed()) | Exists(leads))
    people = people.filter(Exists(here.standing()) | Exists(leads)).select_related("guardian")
    return list(people.exclude(pk=but.pk if but else None).order_by("pk"))
