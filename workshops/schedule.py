"""The dates of a workshop: adding, moving, cancelling its sessions. Local time holds across clock changes."""

from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import audit, diary, messages
from portal.clock import is_public_holiday, local
from portal.models import User
from portal.refusals import Refused
from workshops import planning_emails, registration, teaching, waiting_list
from workshops.appointments import appointment_for
from workshops.models import Attendance, Registration, Session, Workshop

#: A row of weekly sessions is planned for a year at most: a mistyped year is no plan.
LONGEST_ROW = timedelta(days=366)


class WrongTimes(Refused):
    sentence = _("The end must be after the start, and the break shorter than the meeting.")
    field = "minutes"


class SessionsOverlap(Refused):
    sentence = _("The workshop already has a meeting at that time.")
    field = "start_at"


class WrongRow(Refused):
    sentence = _("The last day must be after the first day, and at most one year later.")
    field = "until"


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
        _enter_and_tell(workshop, [session], by=by)
    return session


@transaction.atomic
def add_weekly_sessions(
    workshop: Workshop,
    *,
    first_on: date,
    starts: time,
    minutes: int,
    until: date,
    by: User,
    skip_holidays: bool = True,
    break_minutes: int = 0,
) -> tuple[list[Session], list[date]]:
    """A meeting each week at the same local time, from ``first_on`` to ``until``. ``minutes``: of the clock.

    Returns the sessions and the public holidays that were left out. Twice is harmless.
    """
    workshop = lock_standing(workshop)
    days, skipped = weekly_days(first_on, until, skip_holidays=skip_holidays)
    new = []
    sessions = []
    for day in days:
        start, end = times_on(day, starts, minutes)
        session, is_new = _add(workshop, start, end, break_minutes, None)
        sessions.append(session)
        if is_new:
            new.append(session)
    if new:
        audit.record(
            "sessions.added",
            workshop,
            by=by,
            sessions=[s.pk for s in new],
            skipped=[d.isoformat() for d in skipped],
        )
        _enter_and_tell(workshop, new, by=by)
    return sessions, skipped


def weekly_days(first_on: date, until: date, *, skip_holidays: bool = True) -> tuple[list[date], list[date]]:
    """The days of a weekly row, and the Polish public holidays left out of it. Also for a preview."""
    if not first_on <= until <= first_on + LONGEST_ROW:
        raise WrongRow
    weeks = (until - first_on).days // 7
    days = [first_on + timedelta(weeks=week) for week in range(weeks + 1)]
    skipped = [day for day in days if skip_holidays and is_public_holiday(day)]
    return [day for day in days if day not in skipped], skipped


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
        if _is_marked(session):
            raise AlreadyHeld
        _check_times(session.start_at, session.end_at, break_minutes)
        session.break_minutes = break_minutes
        fields.append("break_minutes")
    if fields:
        session.save(update_fields=fields)
        audit.record("session.edited", session, by=by, fields=sorted(fields))
    return session


@transaction.atomic
def move_session(session: Session, *, start_at: datetime, end_at: datetime, by: User) -> Session:
    """Another time: diaries and reminders follow, people read the old and the new time.

    Whoever has something else at the new time keeps her place and is told of the overlap.
    """
    session = _locked_session(session)
    if (session.start_at, session.end_at) == (start_at, end_at):
        return session
    if session.start_at <= timezone.now() or _is_marked(session):
        raise AlreadyHeld
    if start_at <= timezone.now():
        raise NotInThePast
    _check_times(start_at, end_at, session.break_minutes)
    _check_free(session.workshop, start_at, end_at, but=session)
    old_start, old_end = session.start_at, session.end_at
    session.start_at, session.end_at = start_at, end_at
    session.revision += 1
    session.save(update_fields=["start_at", "end_at", "revision"])
    audit.record(
        "session.moved",
        session,
        by=by,
        old=[old_start.isoformat(), old_end.isoformat()],
        new=[start_at.isoformat(), end_at.isoformat()],
    )
    diary.hold(user.pk for user in everybody_in(session.workshop))
    busy = set(diary.refresh(appointment_for(session)))
    busy |= set(diary.refresh(teaching.appointment_for(session)))
    messages.silence(source=session.source)
    if session.workshop.state == Workshop.State.PUBLISHED:
        for user in everybody_in(session.workshop, but=by):
            planning_emails.session_moved(
                user, session, old_start=old_start, old_end=old_end, overlaps=user in busy
            )
    waiting_list.follow_dates(session.workshop, by=by)
    return session


@transaction.atomic
def cancel_session(session: Session, *, by: User, reason: str = "") -> Session:
    """It does not take place, or did not. People are told if it was still to come."""
    session = _locked_session(session, cancelled_too=True)
    if session.state == Session.State.CANCELLED:
        return session
    if _is_marked(session):
        raise RollWasCalled
    session.state = Session.State.CANCELLED
    session.revision += 1
    session.save(update_fields=["state", "revision"])
    audit.record("session.cancelled", session, by=by, workshop=session.workshop_id)
    diary.drop(session.source)
    diary.drop(teaching.source_of(session))
    messages.silence(source=planning_emails.nag_source(session))
    if session.workshop.state == Workshop.State.PUBLISHED and session.end_at > timezone.now():
        for user in everybody_in(session.workshop, but=by):
            planning_emails.session_cancelled(user, session, reason=reason.strip())
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
    _check_times(start, end, break_minutes)
    same = workshop.sessions.planned().filter(start_at=start, end_at=end).first()
    if same is not None:
        return same, False
    _check_free(workshop, start, end)
    columns = {f"topic_{code}": text for code, text in (topics or {}).items()}
    session = Session.objects.create(
        workshop=workshop, start_at=start, end_at=end, break_minutes=break_minutes, **columns
    )
    return session, True


def _check_times(start: datetime, end: datetime, break_minutes: int) -> None:
    if end - start <= timedelta(minutes=break_minutes):
        raise WrongTimes


def _check_free(workshop: Workshop, start: datetime, end: datetime, *, but: Session | None = None) -> None:
    others = workshop.sessions.planned().filter(start_at__lt=end, end_at__gt=start)
    if others.exclude(pk=but.pk if but else None).exists():
        raise SessionsOverlap


def _is_marked(session: Session) -> bool:
    return session.attendances.exclude(mark=Attendance.Mark.UNKNOWN).exists()


def _enter_and_tell(workshop: Workshop, sessions: list[Session], *, by: User) -> None:
    """New sessions of a published workshop go into diaries, and everybody in it is told."""
    coming = [session for session in sessions if session.end_at > timezone.now()]
    if workshop.state != Workshop.State.PUBLISHED or not coming:
        return
    people = everybody_in(workshop)
    diary.hold(user.pk for user in people)
    trainers = list(workshop.trainers.all())
    busy = set()
    for session in coming:
        session.workshop = workshop
        busy |= set(registration.enter_in_diaries(session))
        teaching.enter(session, trainers)
    _follow_kind_of_plan(workshop, but=coming)
    for user in people:
        if user != by:
            planning_emails.sessions_added(user, workshop, coming, overlaps=user in busy)
    waiting_list.follow_dates(workshop, by=by)


def _follow_kind_of_plan(workshop: Workshop, *, but: list[Session]) -> None:
    """A single event that becomes a series is reminded of by another rule (domain.md B2.7)."""
    others = list(workshop.sessions.upcoming().exclude(pk__in=[session.pk for session in but]))
    if len(others) == 1:
        others[0].workshop = workshop
        diary.refresh(appointment_for(others[0]))


def everybody_in(workshop: Workshop, *, but: User | None = None) -> list[User]:
    """Whom a change concerns: those registered, asking or waiting, and the trainers; not the one who does it.

    ``knows_place`` says who may read the address.
    """
    here = Registration.objects.filter(workshop=workshop, user=OuterRef("pk"))
    leads = Workshop.trainers.through.objects.filter(workshop=workshop, user=OuterRef("pk"))
    people = User.objects.annotate(knows_place=Exists(here.confirmed()) | Exists(leads))
    people = people.filter(Exists(here.standing()) | Exists(leads))
    return list(people.exclude(pk=but.pk if but else None).order_by("pk"))
