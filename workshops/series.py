"""Rows of dates: planned together by weekday, and changed together. Local time holds across clock changes.

Each meeting stays a session of its own, so one can be moved or cancelled by itself; those that have begun or
whose roll was called are never touched.
"""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import audit, diary, messages
from portal.clock import is_public_holiday
from portal.models import User
from portal.refusals import Refused
from workshops import calendar, planning_emails, waiting_list
from workshops.appointments import teaching_source
from workshops.models import Session, Workshop
from workshops.schedule import (
    NotInThePast,
    SessionsOverlap,
    cancel_session,
    check_times,
    edit_session,
    enter_and_tell,
    everybody_in,
    follow_in_diaries,
    lock_standing,
    marked_among,
    move_session,
    times_on,
)

#: A row is planned for a year at most: a mistyped year is no plan.
LONGEST_ROW = timedelta(days=366)


class Scope(models.TextChoices):
    ONLY = "only", _("only this meeting")
    FOLLOWING = "following", _("this one and those after it")
    COMING = "coming", _("all that are to come")


class WrongRow(Refused):
    sentence = _("The last day must be after the first day, and at most one year later.")
    field = "until"


class NoDays(Refused):
    sentence = _("There is no such day until then. Please look at the days and at the last day again.")
    field = "until"


class MovedByItself(Refused):
    sentence = _("This meeting was moved by itself before, so it can only be moved alone.")
    field = "scope"


@dataclass(frozen=True)
class Move:
    """One meeting of a row and its new time."""

    session: Session
    start_at: datetime
    end_at: datetime

    @property
    def is_on_holiday(self) -> bool:
        return is_public_holiday(timezone.localdate(self.start_at))


def days_of(
    first_on: date,
    *,
    weekdays: Collection[int] = (),
    every_weeks: int = 1,
    until: date | None = None,
    times: int | None = None,
    skip_holidays: bool = True,
) -> tuple[list[date], list[date]]:
    """The days of a row, and the Polish public holidays left out of it. Also for a preview.

    ``weekdays``: from 0 for Monday; that of ``first_on`` where none are given. Weeks begin on Monday. With
    ``times`` there are so many meetings, whatever is left out between them.
    """
    last = until or first_on + LONGEST_ROW
    if not first_on <= last <= first_on + LONGEST_ROW or not (until or times):
        raise WrongRow
    chosen = set(weekdays) or {first_on.weekday()}
    monday = first_on - timedelta(days=first_on.weekday())
    days: list[date] = []
    skipped: list[date] = []
    for number in range((last - first_on).days + 1):
        day = first_on + timedelta(days=number)
        if day.weekday() not in chosen or (day - monday).days // 7 % every_weeks:
            continue
        if times and len(days) == times:
            break
        (skipped if skip_holidays and is_public_holiday(day) else days).append(day)
    if not days:
        raise NoDays
    if times and len(days) < times:
        raise WrongRow
    return days, skipped


@transaction.atomic
def add(
    workshop: Workshop,
    *,
    first_on: date,
    starts: time,
    minutes: int,
    by: User,
    weekdays: Collection[int] = (),
    every_weeks: int = 1,
    until: date | None = None,
    times: int | None = None,
    skip_holidays: bool = True,
    break_minutes: int = 0,
) -> tuple[list[Session], list[date]]:
    """A row of meetings at the same local time. ``minutes``: of the clock, from start to end.

    Returns the sessions and the public holidays that were left out. Twice is harmless: days that are planned
    already stay as they are, and new ones after them belong to the same row.
    """
    workshop = lock_standing(workshop)
    days, skipped = days_of(
        first_on,
        weekdays=weekdays,
        every_weeks=every_weeks,
        until=until,
        times=times,
        skip_holidays=skip_holidays,
    )
    spans = [times_on(day, starts, minutes) for day in days]
    check_times(*spans[0], break_minutes)
    planned = list(workshop.sessions.planned())
    known = {(session.start_at, session.end_at): session for session in planned}
    new = [span for span in spans if span not in known]
    _check_free(new, planned)
    series = next((known[span].series for span in spans if span in known), None) or uuid.uuid4()
    added = Session.objects.bulk_create(
        Session(workshop=workshop, start_at=start, end_at=end, break_minutes=break_minutes, series=series)
        for start, end in new
    )
    if added:
        audit.record(
            "sessions.added",
            workshop,
            by=by,
            sessions=[session.pk for session in added],
            skipped=[day.isoformat() for day in skipped],
        )
        enter_and_tell(workshop, added, by=by)
    known |= {(session.start_at, session.end_at): session for session in added}
    return [known[span] for span in spans], skipped


def concerned(session: Session, scope: str) -> list[Session]:
    """The meetings of its row that a change would touch, the first one first."""
    return [session] if scope == Scope.ONLY else by_scope(session)[Scope(scope)]


def by_scope(session: Session) -> dict[Scope, list[Session]]:
    """What each answer to "which meetings?" would touch; no query for a meeting that is in no row."""
    coming = [session]
    if session.series is not None:
        rows = session.workshop.sessions.planned().filter(series=session.series, start_at__gt=timezone.now())
        rows = list(rows.order_by("start_at", "id"))
        marked = marked_among(rows)
        coming = [row for row in rows if row.pk not in marked]
    return {
        Scope.ONLY: [session],
        Scope.FOLLOWING: [row for row in coming if row.start_at >= session.start_at],
        Scope.COMING: coming,
    }


def moves(
    session: Session, *, scope: str, day: date, starts: time, minutes: int, same_weekday: bool = False
) -> list[Move]:
    """Where the meetings would go when this one goes to ``day``: all by as many days, to the same local time.

    Those that were moved by themselves stay. ``same_weekday``: only those on the weekday of this one.
    """
    if session.is_exception and scope != Scope.ONLY:
        raise MovedByItself
    here = timezone.localdate(session.start_at)
    planned = []
    for row in concerned(session, scope):
        was_on = timezone.localdate(row.start_at)
        if row.pk != session.pk and (
            row.is_exception or (same_weekday and was_on.weekday() != here.weekday())
        ):
            continue
        planned.append(Move(row, *times_on(was_on + (day - here), starts, minutes)))
    return planned


@transaction.atomic
def move(
    session: Session,
    *,
    scope: str,
    day: date,
    starts: time,
    minutes: int,
    by: User,
    same_weekday: bool = False,
) -> list[Session]:
    """Move a row, or part of it, all or nothing. Everybody reads about it once, with old and new times."""
    workshop, session = _locked(session)
    plan = moves(session, scope=scope, day=day, starts=starts, minutes=minutes, same_weekday=same_weekday)
    if scope == Scope.ONLY or len(plan) == 1:
        return [move_session(row.session, start_at=row.start_at, end_at=row.end_at, by=by) for row in plan]
    plan = [row for row in plan if (row.session.start_at, row.session.end_at) != (row.start_at, row.end_at)]
    if not plan:
        return []
    check_moves(workshop, plan)
    old = {row.session.pk: (row.session.start_at, row.session.end_at) for row in plan}
    for row in plan:
        row.session.start_at, row.session.end_at = row.start_at, row.end_at
        row.session.revision += 1
    sessions = [row.session for row in plan]
    Session.objects.bulk_update(sessions, ["start_at", "end_at", "revision"])
    line = audit.record("sessions.moved", workshop, by=by, sessions=[row.pk for row in sessions], scope=scope)
    busy = follow_in_diaries(workshop, sessions)
    for row in sessions:
        messages.silence(source=row.source)
    if workshop.state == Workshop.State.PUBLISHED:
        diaries = calendar.entries_of(sessions)
        for user in everybody_in(workshop, but=by):
            planning_emails.sessions_moved(
                user,
                workshop,
                [(*old[row.pk], row) for row in sessions],
                change=line.pk,
                overlaps=user in busy,
                entries=diaries.get(user.pk, []),
            )
    waiting_list.follow_dates(workshop, by=by)
    return sessions


def check_moves(workshop: Workshop, plan: list[Move]) -> None:
    """Raises NotInThePast, WrongTimes or SessionsOverlap; for the preview too."""
    if min(row.start_at for row in plan) <= timezone.now():
        raise NotInThePast
    for row in plan:
        check_times(row.start_at, row.end_at, row.session.break_minutes)
    others = workshop.sessions.planned().exclude(pk__in=[row.session.pk for row in plan])
    _check_free([(row.start_at, row.end_at) for row in plan], others)


@transaction.atomic
def edit(
    session: Session,
    *,
    scope: str,
    by: User,
    topics: dict[str, str] | None = None,
    break_minutes: int | None = None,
) -> list[Session]:
    """Topic and break of several meetings at once."""
    _workshop, session = _locked(session)
    return [
        edit_session(row, by=by, topics=topics, break_minutes=break_minutes)
        for row in concerned(session, scope)
    ]


@transaction.atomic
def cancel(session: Session, *, scope: str, by: User, reason: str = "") -> list[Session]:
    """Cancel a row, or part of it. Everybody reads about it once. Twice is harmless."""
    workshop, session = _locked(session)
    sessions = concerned(session, scope)
    if scope == Scope.ONLY or len(sessions) == 1:
        return [cancel_session(row, by=by, reason=reason) for row in sessions]
    if not sessions:
        return []
    now = timezone.now()
    for row in sessions:
        row.state = Session.State.CANCELLED
        row.revision += 1
    Session.objects.bulk_update(sessions, ["state", "revision"])
    line = audit.record(
        "sessions.cancelled", workshop, by=by, sessions=[row.pk for row in sessions], scope=scope
    )
    diary.drop_all(source for row in sessions for source in (row.source, teaching_source(row)))
    for row in sessions:
        messages.silence(source=planning_emails.nag_source(row))
    if workshop.state == Workshop.State.PUBLISHED:
        diaries = calendar.entries_of(sessions, called_off_since=now)
        for user in everybody_in(workshop, but=by):
            planning_emails.sessions_cancelled(
                user,
                workshop,
                sessions,
                change=line.pk,
                reason=reason.strip(),
                entries=diaries.get(user.pk, []),
            )
    waiting_list.follow_dates(workshop, by=by)
    return sessions


def _locked(session: Session) -> tuple[Workshop, Session]:
    """The workshop is locked first, then its row of sessions: always in this order."""
    workshop = lock_standing(session.workshop)
    session = Session.objects.get(pk=session.pk)
    session.workshop = workshop
    if session.series is not None:
        list(workshop.sessions.filter(series=session.series).order_by("pk").select_for_update())
    return workshop, session


def _check_free(spans: list[tuple[datetime, datetime]], others: Iterable[Session]) -> None:
    """Neither with what is planned already nor with one another; refused as a whole."""
    taken = [(other.start_at, other.end_at) for other in others]
    for number, (start, end) in enumerate(spans):
        if any(start < its_end and its_start < end for its_start, its_end in [*taken, *spans[:number]]):
            raise SessionsOverlap
