"""Registering for a workshop, alone or together, and giving a place back.

Every verb locks the workshop first: all who contend for its places pass one after another. What registrations
did to diaries and whom they told follows in the same transaction. The list itself: workshops/waiting_list.py.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from participants.models import Participant
from portal import audit
from portal.models import User
from portal.refusals import Refused
from workshops import emails, seats, waiting_list
from workshops.guards import (
    AlreadyRegistered,
    Full,
    NotStanding,
    NotWaitingForApproval,
    Overlaps,
    PersonIsBusy,
    why_not_cancel,
    why_not_register,
)
from workshops.models import Registration, SeatOffer, Workshop
from workshops.prerequisites import Told, unmet
from workshops.seats import enter_in_diaries, lock
from workshops.waiting_list import promote_next

__all__ = [
    "add_by_hand",
    "approve",
    "cancel",
    "cancel_together",
    "decline",
    "enter_in_diaries",
    "lock",
    "promote_next",
    "register",
    "register_party",
    "revoke",
]

State = Registration.State


class PartyRefused(Refused):
    """Nobody was registered. ``refusals``: by the number of the user."""

    sentence = _("Nobody is registered yet. Please look at the people marked below.")

    def __init__(self, refusals: dict[int, Refused]):
        super().__init__()
        self.refusals = refusals


class PartyTooBig(Refused):
    def __init__(self, capacity: int):
        super().__init__(
            ngettext_lazy(
                "This workshop has only %(number)d place. Please register fewer people together.",
                "This workshop has only %(number)d places. Please register fewer people together.",
                "number",
            )
            % {"number": capacity}
        )


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

    ``told``: what she was asked about who may come; workshops/answers.py registers and keeps it in one.
    Who waits may take what is free when too little time is left to offer it in turn. Raises Refused, or
    AlreadyRegistered, which is harmless and carries the standing registration.
    """
    workshop = lock(workshop)
    now = timezone.now()  # inside the lock: who comes later is later
    registration = _rows(workshop, [user]).get(user.pk)
    if registration and registration.state == State.WAITLISTED and _take_at_once(registration, now, by=by):
        return registration
    if refusal := why_not_register(
        workshop, user, registration=registration, now=now, invitation=invitation, told=told or Told()
    ):
        raise refusal
    waiting_list.offer_free_places(workshop, now)  # somebody may have become free for a place meanwhile
    registration = _open(workshop, user, registration, note=note)
    _admit([registration], now, by=by)
    return registration


@transaction.atomic
def register_party(
    workshop: Workshop,
    users: list[User],
    *,
    by: User,
    notes: dict[int, str] | None = None,
    invitation: str = "",
    told: dict[int, Told] | None = None,
) -> list[Registration]:
    """Register people together: they get places, wait, are offered places and are declined all or none.

    ``notes`` and ``told``: by the number of the user. Raises PartyRefused with the refusal of each,
    PartyTooBig, or AlreadyRegistered where all of them stand registered, which is harmless. Returns them in
    the order given, but ``by`` first: she answers for all.
    """
    people = sorted(dict.fromkeys(users), key=lambda user: user.pk != by.pk)
    workshop = lock(workshop)
    now = timezone.now()
    known = _rows(workshop, people)
    told = told or {}
    refusals = {
        user.pk: refusal
        for user in people
        if (
            refusal := why_not_register(
                workshop,
                user,
                registration=known.get(user.pk),
                now=now,
                invitation=invitation,
                told=told.get(user.pk, Told()),
            )
        )
    }
    if refusals:
        if all(isinstance(refusals.get(user.pk), AlreadyRegistered) for user in people):
            raise refusals[people[0].pk]
        raise PartyRefused(refusals)
    if len(people) > workshop.capacity:
        raise PartyTooBig(workshop.capacity)
    waiting_list.offer_free_places(workshop, now)
    party = uuid.uuid4() if len(people) > 1 else None
    notes = notes or {}
    rows = [
        _open(workshop, user, known.get(user.pk), note=notes.get(user.pk, ""), party=party) for user in people
    ]
    _admit(rows, now, by=by)
    return rows


@transaction.atomic
def cancel(registration: Registration, *, by: User) -> Registration:
    """The person gives her place, offer, request or turn back; what is free is offered to the next.

    Who registered with others cancels for herself alone. Raises CancelTooLate after the deadline.
    """
    return cancel_together([registration], by=by)[0]


@transaction.atomic
def cancel_together(registrations: Iterable[Registration], *, by: User) -> list[Registration]:
    """Several people give back what they have in one workshop, all of them or nobody.

    Their places are offered when all of them have left, so that others who wait together can have them.
    """
    rows = [seats.lock_with_workshop(registration) for registration in registrations]
    now = timezone.now()
    standing = [row for row in rows if row.is_standing]
    for row in standing:
        if refusal := why_not_cancel(row, now=now):
            raise refusal
    for row in standing:
        _leave(row, State.WITHDRAWN, SeatOffer.State.DECLINED, now, by=by)
        emails.cancelled_by_person(row)
    if standing:
        waiting_list.offer_free_places(standing[0].workshop, now)
    return rows


@transaction.atomic
def approve(registration: Registration, *, by: User) -> Registration:
    """Accept a request, with those who asked together: places, or turns on the list where few are left."""
    registration = seats.lock_with_workshop(registration)
    now = timezone.now()
    if registration.state in (State.CONFIRMED, State.WAITLISTED, State.OFFERED):
        return registration
    if registration.state != State.REQUESTED:
        raise NotWaitingForApproval
    seats.refuse_if_closed(registration.workshop)
    waiting_list.offer_free_places(registration.workshop, now)
    rows = seats.together(registration)
    try:
        _place_or_queue(rows, now, by=by)
    except Overlaps:
        raise PersonIsBusy from None
    return next(row for row in rows if row.pk == registration.pk)


@transaction.atomic
def decline(registration: Registration, *, by: User) -> Registration:
    """Turn a request down, or somebody on the waiting list, with those who came with her; they are told."""
    registration = seats.lock_with_workshop(registration)
    now = timezone.now()
    if registration.state == State.DECLINED:
        return registration
    if registration.state not in (State.REQUESTED, State.WAITLISTED, State.OFFERED):
        raise NotWaitingForApproval
    rows = seats.together(registration)
    if registration.state == State.OFFERED:
        waiting_list.take_back(rows, State.DECLINED, now, by=by)
    else:
        for row in rows:
            seats.close(row, State.DECLINED, now, by=by)
    for row in emails.to_tell(rows, first=rows[0]):
        emails.request_declined(row)
    waiting_list.offer_free_places(registration.workshop, now)
    return next(row for row in rows if row.pk == registration.pk)


@transaction.atomic
def add_by_hand(
    workshop: Workshop, user: User, *, by: User, reason: str = "", is_here: bool = False
) -> Registration:
    """The coordinator gives a place, whatever the windows say; beyond the capacity only with a reason.

    Whoever was offered a place has it already. The place is for this person alone, whomever she came with.
    ``is_here``: she has come without one (workshops/walk_ins.py), whatever else she has at that time.
    """
    workshop = lock(workshop)
    now = timezone.now()
    registration = _rows(workshop, [user]).get(user.pk)
    if registration and registration.state == State.CONFIRMED:
        raise AlreadyRegistered(registration)
    seats.refuse_if_closed(workshop)
    is_offered = registration is not None and registration.state == State.OFFERED
    is_full = not is_offered and seats.free_places(workshop) <= 0
    if is_full and not reason.strip():
        raise Full
    if is_offered:
        waiting_list.leave_offer(registration, SeatOffer.State.ACCEPTED, now, by=by)
    registration = _open(workshop, user, registration)
    registration.over_capacity_reason = reason.strip() if is_full else ""
    try:
        seats.confirm(registration, now, by=by, is_here=is_here)
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
    emails.seat_confirmed(registration, by_organiser=emails.is_organiser(by, registration))
    waiting_list.offer_free_places(workshop, now)
    return registration


@transaction.atomic
def revoke(registration: Registration, *, by: User) -> Registration:
    """The organiser takes one registration, or the offer made to her, back; what is free goes to the next."""
    registration = seats.lock_with_workshop(registration)
    now = timezone.now()
    if registration.state == State.REVOKED:
        return registration
    if not registration.is_standing:
        raise NotStanding
    was_offered = registration.state == State.OFFERED
    _leave(registration, State.REVOKED, SeatOffer.State.TAKEN_BACK, now, by=by)
    if was_offered:
        emails.offer_taken_back(registration)
    else:
        emails.registration_revoked(registration)
    waiting_list.offer_free_places(registration.workshop, now)
    return registration


def _rows(workshop: Workshop, users: list[User]) -> dict[int, Registration]:
    rows = workshop.registrations.filter(user__in=users).select_related("user")
    found = {row.user_id: row for row in rows}
    for row in rows:
        row.workshop = workshop
    return found


def _open(
    workshop: Workshop,
    user: User,
    registration: Registration | None,
    *,
    note: str = "",
    party: uuid.UUID | None = None,
) -> Registration:
    """Her row: the old one where she comes back. Whoever registers takes part, so she has a profile."""
    Participant.objects.get_or_create(user=user)
    registration = registration or Registration(workshop=workshop, user=user)
    registration.workshop, registration.user = workshop, user
    registration.note = note or registration.note
    registration.party, registration.over_capacity_reason = party, ""
    registration.priority, registration.priority_reasons = 0, []
    registration.is_walk_in = False
    return registration


def _admit(rows: list[Registration], now: datetime, *, by: User) -> None:
    if rows[0].workshop.signup_mode == Workshop.SignupMode.BY_APPROVAL:
        for row in rows:
            seats.write(row, State.REQUESTED, by=by)
        for row in emails.to_tell(rows, first=rows[0]):
            emails.request_received(row)
    else:
        _place_or_queue(rows, now, by=by)


def _place_or_queue(rows: list[Registration], now: datetime, *, by: User) -> None:
    """Places for all of them, or turns on the list for all of them."""
    if seats.free_places(rows[0].workshop) < len(rows):
        waiting_list.join(rows, now, by=by)
        return
    seats.confirm_all(rows, now, by=by)
    for row in emails.to_tell(rows, first=rows[0]):
        emails.seat_confirmed(row, by_organiser=emails.is_organiser(by, row))


def _take_at_once(registration: Registration, now: datetime, *, by: User) -> bool:
    """Near the start nothing is offered in turn: who waits takes what is free, as a newcomer does, and also
    when newcomers are too late: she registered in time."""
    rows = seats.together(registration)
    if not waiting_list.can_take_at_once(rows, now):
        return False
    _place_or_queue(rows, now, by=by)
    registration.refresh_from_db()
    return True


def _leave(registration: Registration, state: str, answer: str, now: datetime, *, by: User) -> None:
    if registration.state == State.OFFERED:
        waiting_list.leave_offer(registration, answer, now, by=by)
    seats.close(registration, state, now, by=by)
