"""What people are told when plans change. Each message says what, when and where, with one link.

The recipients come from workshops.schedule.everybody_in, which knows who may read the address. ``entries``:
what it is about in the recipient's diary, for her calendar; nothing where she only waits.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone, translation

from portal import calendars, messages
from portal.clock import after_quiet_hours
from portal.languages import site_language
from portal.models import DiaryEntry, Message, User
from workshops.appointments import place_of
from workshops.models import Session, Workshop

#: A change of something that starts sooner than this after the quiet hours is told at night too.
TOO_SOON = timedelta(hours=3)


def session_moved(
    user: User,
    session: Session,
    *,
    old_start: datetime,
    old_end: datetime,
    overlaps: bool,
    entries: list[DiaryEntry],
) -> Message | None:
    return _tell(
        user,
        session.workshop,
        "session_moved",
        about=f"{session.pk}:{session.revision}",
        first_at=min(old_start, session.start_at),
        source=session.source,
        entries=entries,
        context={"session": session, "old_start": old_start, "old_end": old_end, "overlaps": overlaps},
    )


def session_cancelled(
    user: User, session: Session, *, reason: str, entries: list[DiaryEntry]
) -> Message | None:
    return _tell(
        user,
        session.workshop,
        "session_cancelled",
        about=session.pk,
        first_at=session.start_at,
        entries=entries,
        context={"session": session, "reason": reason},
    )


def sessions_added(
    user: User, workshop: Workshop, sessions: list[Session], *, overlaps: bool, entries: list[DiaryEntry]
) -> Message | None:
    return _tell(
        user,
        workshop,
        "sessions_added",
        about=sessions[0].pk,
        first_at=sessions[0].start_at,
        source=plan_source(workshop),
        entries=entries,
        context={"sessions": sessions, "overlaps": overlaps},
    )


def sessions_moved(
    user: User,
    workshop: Workshop,
    moves: list[tuple[datetime, datetime, Session]],
    *,
    change: int,
    overlaps: bool,
    entries: list[DiaryEntry],
) -> Message | None:
    """A whole row in one message. ``moves``: old start, old end, and the session at its new time."""
    return _tell(
        user,
        workshop,
        "sessions_moved",
        about=f"{workshop.pk}:{change}",
        first_at=min(min(old_start, session.start_at) for old_start, _old_end, session in moves),
        source=plan_source(workshop),
        entries=entries,
        context={"moves": moves, "overlaps": overlaps},
    )


def sessions_cancelled(
    user: User,
    workshop: Workshop,
    sessions: list[Session],
    *,
    change: int,
    reason: str,
    entries: list[DiaryEntry],
) -> Message | None:
    return _tell(
        user,
        workshop,
        "sessions_cancelled",
        about=f"{workshop.pk}:{change}",
        first_at=sessions[0].start_at,
        entries=entries,
        context={"sessions": sessions, "reason": reason},
    )


def place_changed(
    user: User, workshop: Workshop, *, change: int, first: Session, entries: list[DiaryEntry]
) -> Message | None:
    """``change``: the number of the audit line, so that each change is told once."""
    return _tell(
        user,
        workshop,
        "place_changed",
        about=f"{workshop.pk}:{change}",
        first_at=first.start_at,
        source=plan_source(workshop),
        entries=entries,
        context={"session": first},
    )


def workshop_cancelled(
    user: User, workshop: Workshop, *, first: Session, entries: list[DiaryEntry]
) -> Message | None:
    """``first``: the next session that will now not take place."""
    return _tell(
        user,
        workshop,
        "workshop_cancelled",
        about=workshop.pk,
        first_at=first.start_at,
        entries=entries,
        context={"session": first, "reason": workshop.cancelled_reason},
    )


def attendance_unknown(user: User, session: Session) -> Message | None:
    return messages.queue(
        user,
        kind="work",
        key=f"attendance_unknown:{session.pk}:{user.pk}",
        template="workshops/messages/attendance_unknown",
        context=_context(session.workshop, user, knows_place=True)
        | {"session": session, "link": _link(f"/work/sessions/{session.pk}/roll/", user)},
        source=nag_source(session),
    )


def plan_source(workshop: Workshop) -> str:
    """News of new dates and places, so that who leaves, or everybody when it is cancelled, is spared them."""
    return f"workshops.plan:{workshop.pk}"


def nag_source(session: Session) -> str:
    """What is queued about a roll that nobody called, so that calling it silences the question."""
    return f"workshops.roll:{session.pk}"


def _tell(
    user: User,
    workshop: Workshop,
    event: str,
    *,
    about: str | int,
    first_at: datetime,
    entries: list[DiaryEntry],
    context: dict,
    source: str = "",
) -> Message | None:
    """Queue the news of one change, once. ``about``: which change; ``first_at``: when it first matters."""
    return messages.queue(
        user,
        kind="change",
        key=f"{event}:{about}:{user.pk}",
        template=f"workshops/messages/{event}",
        context=_context(workshop, user, knows_place=user.knows_place) | context,
        source=source,
        calendar=calendars.invitation(user, entries),
        is_urgent=_is_urgent(first_at),
    )


def _context(workshop: Workshop, user: User, *, knows_place: bool) -> dict:
    """The address is for those who have a place, the town for everybody (domain.md 0.7)."""
    with translation.override(_language(user)):
        place = place_of(workshop) if knows_place else workshop.town
    return {"workshop": workshop, "place": place, "link": _link(f"/workshops/{workshop.slug}/", user)}


def _link(path: str, user: User) -> str:
    return f"{settings.SITE_URL}/{_language(user)}{path}"


def _language(user: User) -> str:
    """Of whoever reads it: for a child her guardian."""
    return site_language(messages.reader_of(user).language)


def _is_urgent(start: datetime) -> bool:
    now = timezone.now()
    return now < start and start - after_quiet_hours(now) < TOO_SOON
