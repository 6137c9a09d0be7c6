"""Marks that were made on a phone, maybe without signal, and sent later: none is lost, none counts twice.

The phone gives every mark an id of its own and sends it until it is answered. The id is kept here with the
answer, so the same mark sent again is answered the same and changes nothing (features.md U18).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models import User
from portal.refusals import Refused
from workshops import attendance
from workshops.attendance import RollEntry
from workshops.models import Attendance, DeviceMark, Session
from workshops.own_times import WrongTimes

Outcome = DeviceMark.Outcome


class SentElsewhere(Refused):
    """An id names one mark for ever. Phones draw them at random, so this is no accident."""


#: Refusals that are told again when a mark is sent again.
TOLD_AGAIN = {
    no.__name__: no
    for no in (
        attendance.NotYet,
        attendance.NotHeld,
        attendance.NotOnTheList,
        attendance.CorrectionNeedsReason,
        WrongTimes,
    )
}


@dataclass(frozen=True)
class PhoneMark:
    """One tap. ``seen``: what the phone showed of this person before it; ``made_at`` by the phone's clock."""

    sent_id: UUID
    registration_id: int
    entry: RollEntry
    seen: RollEntry
    made_at: datetime


@dataclass(frozen=True)
class Answer:
    """What became of a mark; ``refusal`` says why it was not possible, ``now`` what the roll says."""

    sent_id: UUID
    registration_id: int
    outcome: str
    refusal: Refused | None
    now: Attendance | None


@transaction.atomic
def receive(
    session: Session, marks: Iterable[PhoneMark], *, by: User, phone_clock: datetime | None = None
) -> list[Answer]:
    """Enter each mark by the rules of the roll-call, in the order given; one that is refused stops no other.

    Where the roll says something else than the phone showed, somebody was faster: her mark stays, and the
    answer is a conflict for the person to decide. ``phone_clock``: the phone's time now; by the difference to
    ours its times are put right, so a wrong clock neither loses a mark nor dates it into the future.
    """
    marks = list(marks)
    closed = None
    try:
        session = attendance.hold(session)
    except Refused as no:
        closed = no
    ids = [mark.sent_id for mark in marks]
    answered = {row.sent_id: row for row in DeviceMark.objects.filter(sent_id__in=ids)}
    people = session.workshop.registrations.select_related("user").in_bulk(
        [mark.registration_id for mark in marks]
    )
    roll = {row.registration_id: row for row in session.attendances.select_related("marked_by")}
    now = timezone.now()
    answers = []
    for mark in marks:
        row = answered.get(mark.sent_id)
        if row is None:
            outcome, refusal = _enter(session, people, roll, mark, closed, by=by)
            answered[mark.sent_id] = DeviceMark.objects.create(
                sent_id=mark.sent_id,
                session=session,
                registration=people.get(mark.registration_id),
                mark=mark.entry.mark,
                outcome=outcome,
                refusal=type(refusal).__name__ if refusal else "",
                made_at=_by_our_clock(mark.made_at, phone_clock, now),
                received_at=now,
                by=by,
            )
        elif (row.session_id, row.by_id) != (session.pk, by.pk):
            outcome, refusal = Outcome.REFUSED, SentElsewhere()
        else:
            outcome, refusal = row.outcome, _refusal_of(row)
        answers.append(
            Answer(mark.sent_id, mark.registration_id, outcome, refusal, roll.get(mark.registration_id))
        )
    if closed is None:
        attendance.conclude(session)
    return answers


def says(row: Attendance | None) -> RollEntry:
    """What the roll says of a person, as a phone shows it."""
    if row is None:
        return RollEntry(Attendance.Mark.UNKNOWN)
    return RollEntry(row.mark, came_at=row.came_at, left_at=row.left_at)


def _enter(session, people, roll, mark: PhoneMark, closed, *, by: User) -> tuple[str, Refused | None]:
    pk = mark.registration_id
    current = says(roll.get(pk))
    try:
        if closed is not None:
            raise closed
        if pk not in people:
            raise attendance.NotOnTheList
        if current == _without_reason(mark.entry):
            return Outcome.SAME, None
        if current != _without_reason(mark.seen):
            return Outcome.CONFLICT, None
        row = attendance.enter(
            session, people[pk], roll.get(pk), mark.entry, by=by, source=Attendance.Source.ROLL_CALL
        )
    except Refused as no:
        return Outcome.REFUSED, no
    if row is not None:
        roll[pk] = row
    return Outcome.APPLIED, None


def _without_reason(entry: RollEntry) -> RollEntry:
    return RollEntry(entry.mark, came_at=entry.came_at, left_at=entry.left_at)


def _refusal_of(row: DeviceMark) -> Refused | None:
    if row.outcome != Outcome.REFUSED:
        return None
    known = TOLD_AGAIN.get(row.refusal)
    return known() if known else Refused(_("This mark could not be entered."))


def _by_our_clock(made_at: datetime, phone_clock: datetime | None, now: datetime) -> datetime:
    return min(made_at + (now - phone_clock) if phone_clock else made_at, now)
