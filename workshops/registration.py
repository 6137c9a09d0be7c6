"""Registering for a workshop, the waiting list, and giving a place back.

Every verb locks the workshop first: all who contend for its places pass one after another. What registrations
did to diaries and whom they told follows in the same transaction.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from participants.models import Participant
from portal import audit, diary, messages
from portal.models import User
from portal.refusals import Refused
from workshops import emails
from workshops.appointments import appointment_for
from workshops.guards import (
    AlreadyRegistered,
    Full,
    NotPublished,
    NotStanding,
    NotWaitingForApproval,
    Overlaps,
    PersonIsBusy,
    WorkshopCancelled,
    overlapping,
    why_not_cancel,
    why_not_register,
)
from workshops.models import Registration, Session, Workshop
from workshops.prerequisites import Told, unmet

State = Registration.State


@transaction.atomic
def register(
    workshop: Workshop,
    user: User,
    *,
    by: User,
    note: str = "",
    invitation: str = "",
    told: Told | None = None,
) -> Registration:
    """Give a place, a turn on the waiting list, or a request, by the workshop's rule and its free places.

    ``told``: what she was asked; what is to be kept of it: workshops/answers.py.
    Raises AlreadyRegistered, which is harmless and carries the standing registration, or another Refused.
    """
    workshop = lock(workshop)
    now = timezone.now()  # inside the lock: who comes later is later
    registration = workshop.registrations.filter(user=user).first()
    if refusal := why_not_register(
        workshop, user, registration=registration, now=now, invitation=invitation, told=told or Told()
    ):
        raise refusal
    _fill(workshop, now, newcomer=user)  # somebody on the list may have become free for a place meanwhile
    registration = _open(workshop, user, registration, note=note)
    if workshop.signup_mode == Workshop.SignupMode.BY_APPROVAL:
        _write(registration, State.REQUESTED, by=by)
        emails.request_received(registration)
    elif _free_seats(workshop) > 0:
        _confirm(registration, now, by=by)
        emails.seat_confirmed(registration)
    else:
        _queue(registration, now, by=by)
    return registration


@transaction.atomic
def cancel(registration: Registration, *, by: User) -> Registration:
    """The person gives her place, request or turn back; the place goes to the first on the waiting list.

    Raises CancelTooLate after the deadline.
    """
    registration = _lock_with_workshop(registration)
    now = timezone.now()
    if not registration.is_standing:
        return registration
    if refusal := why_not_cancel(registration, now=now):
        raise refusal
    _close(registration, State.WITHDRAWN, now, by=by)
    emails.cancelled_by_person(registration)
    _fill(registration.workshop, now)
    return registration


@transaction.atomic
def approve(registration: Registration, *, by: User) -> Registration:
    """Accept a request: a place, or a turn on the waiting list where no place is left."""
    registration = _lock_with_workshop(registration)
    now = timezone.now()
    if registration.state in (State.CONFIRMED, State.WAITLISTED):
        return registration
    if registration.state != State.REQUESTED:
        raise NotWaitingForApproval
    _refuse_if_closed(registration.workshop)
    if _free_seats(registration.workshop) > 0:
        try:
            _confirm(registration, now, by=by)
        except Overlaps:
            raise PersonIsBusy from None
        emails.seat_confirmed(registration, by_organiser=by != registration.user)
    else:
        _queue(registration, now, by=by)
    return registration


@transaction.atomic
def decline(registration: Registration, *, by: User) -> Registration:
    """Turn a request down, or somebody on the waiting list; she is told."""
    registration = _lock_with_workshop(registration)
    if registration.state == State.DECLINED:
        return registration
    if registration.state not in (State.REQUESTED, State.WAITLISTED):
        raise NotWaitingForApproval
    _close(registration, State.DECLINED, timezone.now(), by=by)
    emails.request_declined(registration)
    return registration


@transaction.atomic
def add_by_hand(workshop: Workshop, user: User, *, by: User, reason: str = "") -> Registration:
    """The coordinator gives a place, whatever the windows say; beyond the capacity only with a reason."""
    workshop = lock(workshop)
    now = timezone.now()
    registration = workshop.registrations.filter(user=user).first()
    if registration and registration.state == State.CONFIRMED:
        raise AlreadyRegistered(registration)
    _refuse_if_closed(workshop)
    is_full = _free_seats(workshop) <= 0
    if is_full and not reason.strip():
        raise Full
    registration = _open(workshop, user, registration)
    registration.over_capacity_reason = reason.strip() if is_full else ""
    try:
        _confirm(registration, now, by=by)
    except Overlaps:
        raise PersonIsBusy from None
    passed_by = unmet(workshop, user)  # the rules of who may come bind her not, but it is written down
    audit.record(
        "registration.added_by_hand",
        registration,
        by=by,
        over_capacity=is_full,
        **({"unmet": passed_by} if passed_by else {}),
    )
    emails.seat_confirmed(registration, by_organiser=by != registration.user)
    return registration


@transaction.atomic
def revoke(registration: Registration, *, by: User) -> Registration:
    """The organiser takes a registration back; the place goes to the first on the waiting list."""
    registration = _lock_with_workshop(registration)
    now = timezone.now()
    if registration.state == State.REVOKED:
        return registration
    if not registration.is_standing:
        raise NotStanding
    _close(registration, State.REVOKED, now, by=by)
    emails.registration_revoked(registration)
    _fill(registration.workshop, now)
    return registration


@transaction.atomic
def promote_next(workshop: Workshop) -> list[Registration]:
    """Fill free places from the waiting list: for verbs that make places, such as a larger capacity."""
    return _fill(lock(workshop), timezone.now())


def enter_in_diaries(session: Session) -> list[User]:
    """Enter a new or changed session in the diaries of all who have a place. Returns whom it overlaps.

    They hold their places already: what else they have at that time is shown as an overlap, and no obstacle.
    """
    overlapped = []
    for registration in session.workshop.registrations.confirmed().select_related("user").order_by("user_id"):
        appointment = appointment_for(session)
        try:
            diary.put(registration.user, appointment, is_exclusive=_keeps_others_away(session.workshop))
        except diary.DoubleBooked:
            diary.put(registration.user, appointment, is_exclusive=False)
            overlapped.append(registration.user)
    return overlapped


def lock(workshop: Workshop) -> Workshop:
    """The workshop as it is now, locked until the end of the transaction, with its sessions."""
    rows = Workshop.objects.select_for_update(of=("self",), no_key=True).select_related("project")
    workshop = rows.get(pk=workshop.pk)
    prefetch_related_objects([workshop], "sessions")
    return workshop


def _lock_with_workshop(registration: Registration) -> Registration:
    workshop = lock(registration.workshop)
    registration = workshop.registrations.select_related("user").get(pk=registration.pk)
    registration.workshop = workshop
    return registration


def _refuse_if_closed(workshop: Workshop) -> None:
    if workshop.state == Workshop.State.CANCELLED:
        raise WorkshopCancelled
    if workshop.state != Workshop.State.PUBLISHED:
        raise NotPublished


def _free_seats(workshop: Workshop) -> int:
    return workshop.capacity - workshop.registrations.taking_a_place().count()


def _open(
    workshop: Workshop, user: User, registration: Registration | None, *, note: str = ""
) -> Registration:
    """Her row: the old one where she comes back. Whoever registers takes part, so she has a profile."""
    Participant.objects.get_or_create(user=user)
    registration = registration or Registration(workshop=workshop, user=user)
    registration.workshop, registration.user = workshop, user
    registration.note = note or registration.note
    return registration


def _confirm(registration: Registration, now: datetime, *, by: User | None) -> None:
    entry = overlapping(registration.workshop, registration.user, now)
    if entry:
        raise Overlaps(entry)
    for session in registration.workshop.sessions_ahead(now):
        session.workshop = registration.workshop
        try:
            diary.put(
                registration.user,
                appointment_for(session),
                is_exclusive=_keeps_others_away(registration.workshop),
            )
        except diary.DoubleBooked:  # something else was entered in this very moment
            raise _what_overlaps(registration, now) from None
    _write(registration, State.CONFIRMED, by=by, confirmed_at=now)


def _what_overlaps(registration: Registration, now: datetime) -> Refused:
    entry = overlapping(registration.workshop, registration.user, now)
    return Overlaps(entry) if entry else PersonIsBusy()


def _keeps_others_away(workshop: Workshop) -> bool:
    return workshop.kind != Workshop.Kind.EVENT


def _queue(registration: Registration, now: datetime, *, by: User | None) -> None:
    _write(registration, State.WAITLISTED, by=by, queued_at=now)
    rank = registration.workshop.registrations.waiting().filter(queued_at__lte=now).count()
    emails.waitlisted(registration, rank, by_organiser=by != registration.user)


def _close(registration: Registration, state: str, now: datetime, *, by: User | None) -> None:
    _write(registration, state, by=by)
    for session in registration.workshop.sessions_ahead(now):
        diary.drop(session.source, user=registration.user)


def _write(registration: Registration, state: str, *, by: User | None, **moments: datetime) -> None:
    """Move to ``state``. What was queued about the former one is no longer true and is silenced."""
    old = "" if registration.pk is None else registration.state
    registration.state = state
    registration.queued_at = moments.get("queued_at")
    registration.confirmed_at = moments.get("confirmed_at", registration.confirmed_at)
    if registration.pk is None:
        registration.save(force_insert=True)
    else:
        messages.silence(source=registration.source)
        registration.save(
            update_fields=[
                "state", "queued_at", "confirmed_at", "over_capacity_reason", "note", "changed_at",
            ]
        )  # fmt: skip
    audit.record(f"registration.{state}", registration, by=by, was=old, workshop=registration.workshop_id)


def _fill(workshop: Workshop, now: datetime, *, newcomer: User | None = None) -> list[Registration]:
    """Give free places to the waiting list in its order, as long as a session has still to start.

    Who has something else at that time keeps her rank and is told; the next one gets the place. ``newcomer``:
    who is about to register, so that all diaries are held at once.
    """
    starts_later = any(session.start_at > now for session in workshop.planned_sessions())
    if workshop.state != Workshop.State.PUBLISHED or not starts_later:
        return []
    free, promoted = _free_seats(workshop), []
    waiting = list(workshop.registrations.waiting().select_related("user")) if free > 0 else []
    if waiting:
        diary.hold([row.user_id for row in waiting] + ([newcomer.pk] if newcomer else []))
    for registration in waiting:
        if len(promoted) == free:
            break
        registration.workshop = workshop
        try:
            with transaction.atomic():
                _confirm(registration, now, by=None)
        except Overlaps as clash:
            emails.place_would_overlap(registration, clash)
            continue
        except PersonIsBusy:
            continue
        emails.place_from_waiting_list(registration)
        promoted.append(registration)
    return promoted
