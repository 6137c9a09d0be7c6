"""What a change of a registration does: to its row, to the diary, to the trail, and to what was queued.

The verbs of registration.py and waiting_list.py decide; these steps run inside their transactions, under the
lock of the workshop.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import prefetch_related_objects

from portal import audit, diary, messages
from portal.models import User
from portal.refusals import Refused
from workshops import planning_emails
from workshops.appointments import appointment_for
from workshops.guards import NotPublished, Overlaps, PersonIsBusy, WorkshopCancelled, overlapping
from workshops.models import Registration, Session, Workshop

State = Registration.State


def lock(workshop: Workshop) -> Workshop:
    """The workshop as it is now, locked until the end of the transaction, with its sessions."""
    rows = Workshop.objects.select_for_update(of=("self",), no_key=True).select_related("project")
    workshop = rows.get(pk=workshop.pk)
    prefetch_related_objects([workshop], "sessions")
    return workshop


def lock_with_workshop(registration: Registration) -> Registration:
    workshop = lock(registration.workshop)
    registration = workshop.registrations.select_related("user").get(pk=registration.pk)
    registration.workshop = workshop
    return registration


def refuse_if_closed(workshop: Workshop) -> None:
    if workshop.state == Workshop.State.CANCELLED:
        raise WorkshopCancelled
    if workshop.state != Workshop.State.PUBLISHED:
        raise NotPublished


def free_places(workshop: Workshop) -> int:
    """Not taken and not offered to anybody; below zero where the organiser added people beyond the places."""
    return workshop.capacity - workshop.registrations.taking_a_place().count()


def starts_later(workshop: Workshop, now: datetime) -> bool:
    """Whether a session is still to start: afterwards nobody is given a place any more."""
    return any(session.start_at > now for session in workshop.planned_sessions())


def together(registration: Registration) -> list[Registration]:
    """The registration with those of its party that stand as it does; alone for who came alone."""
    if registration.party is None:
        return [registration]
    rows = registration.workshop.registrations.filter(party=registration.party, state=registration.state)
    found = list(rows.select_related("user").order_by("id"))
    for row in found:
        row.workshop = registration.workshop
    return found


def confirm(registration: Registration, now: datetime, *, by: User | None, is_here: bool = False) -> None:
    """A place, with all sessions to come in her diary. Raises Overlaps, or PersonIsBusy.

    ``is_here``: she has come already, so that what else stands in her diary is no obstacle.
    """
    workshop = registration.workshop
    if not is_here and (entry := overlapping(workshop, registration.user, now)):
        raise Overlaps(entry)
    for session in workshop.sessions_ahead(now):
        session.workshop = workshop
        appointment = appointment_for(session)
        try:
            diary.put(registration.user, appointment, is_exclusive=_keeps_others_away(workshop))
        except diary.DoubleBooked:  # something else was entered in this very moment
            if not is_here:
                raise _what_overlaps(registration, now) from None
            diary.put(registration.user, appointment, is_exclusive=False)
    write(registration, State.CONFIRMED, by=by, confirmed_at=now)


def confirm_all(rows: list[Registration], now: datetime, *, by: User | None) -> None:
    """People who registered together: all of them or nobody, as the caller's transaction is undone.

    What somebody has in her diary is told to her, and to who answers for her, only.
    """
    diary.hold(row.user_id for row in rows)
    for row in rows:
        try:
            confirm(row, now, by=by)
        except Overlaps:
            if by is None or by.pk not in (row.user_id, row.user.guardian_id):
                raise PersonIsBusy from None
            raise


def close(registration: Registration, state: str, now: datetime, *, by: User | None) -> None:
    write(registration, state, by=by)
    for session in registration.workshop.sessions_ahead(now):
        diary.drop(session.source, user=registration.user)


def write(registration: Registration, state: str, *, by: User | None, **moments: datetime) -> None:
    """Move to ``state``. What was queued about the former one is no longer true and is silenced."""
    old = "" if registration.pk is None else registration.state
    registration.state = state
    waits = state in (State.WAITLISTED, State.OFFERED)
    registration.queued_at = moments.get("queued_at", registration.queued_at) if waits else None
    registration.confirmed_at = moments.get("confirmed_at", registration.confirmed_at)
    if registration.pk is None:
        registration.save(force_insert=True)
    else:
        messages.silence(source=registration.source)
        if state not in Registration.STANDING:
            plans = planning_emails.plan_source(registration.workshop)
            messages.silence(source=plans, recipient=registration.user)
        registration.save(
            update_fields=[
                "state", "queued_at", "confirmed_at", "over_capacity_reason", "note", "changed_at",
                "party", "priority", "priority_reasons", "is_walk_in",
            ]
        )  # fmt: skip
    audit.record(f"registration.{state}", registration, by=by, was=old, workshop=registration.workshop_id)


def enter_in_diaries(*sessions: Session) -> list[User]:
    """Enter new or changed sessions of a workshop in the diaries of all who have a place. Returns whom they
    overlap.

    They hold their places already: what else they have at that time is shown as an overlap, and no obstacle.
    """
    workshop = sessions[0].workshop
    people = User.objects.filter(registrations__in=workshop.registrations.confirmed())
    is_exclusive = _keeps_others_away(workshop)
    return diary.put_all(map(appointment_for, sessions), people, is_exclusive=is_exclusive)


def who_is_busy(rows: Iterable[Registration], now: datetime) -> tuple[Registration, Overlaps] | None:
    """The first of them who has something else at the time of a session to come."""
    for row in rows:
        if entry := overlapping(row.workshop, row.user, now):
            return row, Overlaps(entry)
    return None


def _what_overlaps(registration: Registration, now: datetime) -> Refused:
    entry = overlapping(registration.workshop, registration.user, now)
    return Overlaps(entry) if entry else PersonIsBusy()


def _keeps_others_away(workshop: Workshop) -> bool:
    return workshop.kind != Workshop.Kind.EVENT
