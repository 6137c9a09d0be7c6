"""The diary of those who lead a workshop: an entry of their own for each session."""

from dataclasses import replace

from portal import diary
from portal.models import User
from workshops import appointments
from workshops.models import Session, Workshop


def source_of(session: Session) -> str:
    return f"{session.source}:teaching"


def appointment_for(session: Session) -> diary.Appointment:
    """The session as its trainers see it: it leads to the roll, and nobody cancels with one tap."""
    return replace(
        appointments.appointment_for(session),
        source=source_of(session),
        kind=diary.Kind.TEACHING,
        path=f"/work/sessions/{session.pk}/roll/",
        cancel_path="",
    )


def enter(session: Session, trainers: list[User]) -> list[User]:
    """Enter a session in its trainers' diaries. Returns those who have something else at that time.

    Two things at once are her affair and the coordinator's: the entry is made and shown as an overlap.
    """
    appointment = appointment_for(session)
    busy = []
    for trainer in trainers:
        try:
            diary.put(trainer, appointment)
        except diary.DoubleBooked:
            diary.put(trainer, appointment, is_exclusive=False)
            busy.append(trainer)
    return busy


def enter_all(workshop: Workshop) -> None:
    """Enter the workshop's coming sessions in the diaries of all its trainers."""
    trainers = list(workshop.trainers.all())
    diary.hold(trainer.pk for trainer in trainers)
    for session in workshop.sessions.upcoming().select_related("workshop"):
        enter(session, trainers)


def leave(workshop: Workshop, trainer: User) -> None:
    """She no longer leads the workshop."""
    for session in workshop.sessions.upcoming():
        diary.drop(source_of(session), user=trainer)
