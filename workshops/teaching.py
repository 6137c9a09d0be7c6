"""The diary of those who lead a workshop: an entry of their own for each session."""

from collections.abc import Iterable
from dataclasses import replace

from portal import diary
from portal.models import User
from workshops import appointments
from workshops.models import Session, Workshop


def appointment_for(session: Session) -> diary.Appointment:
    """The session as its trainers see it: it leads to the roll, and nobody cancels with one tap."""
    return replace(
        appointments.appointment_for(session),
        source=appointments.teaching_source(session),
        kind=diary.Kind.TEACHING,
        path=f"/work/sessions/{session.pk}/roll/",
        cancel_path="",
    )


def enter(sessions: Iterable[Session], trainers: Iterable[User]) -> list[User]:
    """Enter sessions in their trainers' diaries. Returns those who have something else at such a time.

    Two things at once are her affair and the coordinator's: the entry is made and shown as an overlap.
    """
    return diary.put_all(map(appointment_for, sessions), trainers)


def enter_all(workshop: Workshop) -> None:
    """Enter the workshop's coming sessions in the diaries of all its trainers."""
    enter(appointments.sessions_to_come(workshop), workshop.trainers.all())


def leave(workshop: Workshop, trainer: User) -> None:
    """She no longer leads the workshop."""
    diary.drop_all(map(appointments.teaching_source, workshop.sessions.upcoming()), user=trainer)
