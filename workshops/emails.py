"""What people are told about their registrations: in their language, what, when, where, and one link."""

from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation

from portal import messages
from portal.languages import site_language
from portal.models import Message, User
from workshops import calendar, door_links
from workshops.appointments import place_of
from workshops.models import Registration, SeatOffer, Workshop


def seat_confirmed(registration: Registration, *, by_organiser: bool = False) -> Message | None:
    """``by_organiser``: it is no answer to what she has just done, so it can wait for the morning."""
    return _tell(
        registration, "seat_confirmed", kind="place" if by_organiser else "registration", has_place=True
    )


def is_organiser(by: User | None, registration: Registration) -> bool:
    """Whether somebody else acted than she herself or, for a child, whoever answers for it."""
    return by is None or by.pk not in (registration.user_id, registration.user.guardian_id)


def request_received(registration: Registration) -> Message | None:
    return _tell(registration, "request_received")


def request_declined(registration: Registration) -> Message | None:
    return _tell(registration, "request_declined", kind="change")


def waitlisted(
    registration: Registration, rank: int, *, places: int = 1, by_organiser: bool = False
) -> Message | None:
    kind = "place" if by_organiser else "registration"
    return _tell(registration, "waitlisted", kind=kind, rank=rank, places=places)


def seat_offered(registration: Registration, offer: SeatOffer) -> Message | None:
    """The one message with the link that says yes or no; of no use once the time to answer is over."""
    return _tell(registration, "seat_offered", kind="place", offer=offer, useless_after=offer.until)


def offer_lapsed(registration: Registration) -> Message | None:
    return _tell(registration, "offer_lapsed", kind="place")


def offer_taken_back(registration: Registration) -> Message | None:
    return _tell(registration, "offer_taken_back", kind="change")


def to_tell(rows: list[Registration], *, first: Registration) -> list[Registration]:
    """Of people who registered together one for each reader: whoever answers for children reads of all of
    them at once. Best the one with an address of her own, then ``first``.
    """
    told: dict[int, Registration] = {}
    for row in sorted(rows, key=lambda row: (not row.user.email, row.pk != first.pk)):
        reads_herself = row.user.email or not row.user.guardian_id
        told.setdefault(row.user_id if reads_herself else row.user.guardian_id, row)
    chosen = {row.pk for row in told.values()}
    return [row for row in rows if row.pk in chosen]


def place_would_overlap(registration: Registration, clash) -> Message | None:
    """A place was free, but she has something else then. Told once for each time she joined the list."""
    return _tell(registration, "place_would_overlap", kind="place", clash=clash.entry)


def registration_revoked(registration: Registration) -> Message | None:
    return _tell(registration, "registration_revoked", kind="change", had_place=True)


def cancelled_by_person(registration: Registration) -> Message | None:
    return _tell(registration, "cancelled_by_person", had_place=True)


def _family(registration: Registration) -> list[User]:
    """Whom of one family a message concerns, where it concerns several: it goes to one of them for all."""
    alone = (Registration.State.WITHDRAWN, Registration.State.REVOKED)  # each of them by herself
    if registration.party is None or registration.state in alone:
        return []
    guardian = registration.user.guardian_id or registration.user_id
    rows = registration.workshop.registrations.filter(party=registration.party, state=registration.state)
    hers = rows.filter(Q(user=registration.user) | Q(user__guardian=guardian)).select_related(
        "user__guardian"
    )
    people = sorted((row.user for row in hers), key=lambda user: (user.pk != registration.user_id, user.pk))
    return people if len(people) > 1 else []


def _has_door(registration: Registration, family: list[User]) -> bool:
    """Her code is read where people meet; a family finds the codes of all on its own page."""
    return registration.workshop.format != Workshop.Format.ONLINE and not family


def _tell(
    registration: Registration,
    event: str,
    *,
    kind: str = "registration",
    has_place: bool = False,
    had_place: bool = False,
    useless_after: datetime | None = None,
    **context,
) -> Message | None:
    """Queue once per event. The moment of the change is in the key: who registers again is told again.

    ``has_place``, ``had_place``: the dates come into her calendar with it, or go out of it.
    """
    workshop, user = registration.workshop, registration.user
    now = timezone.now()
    ahead = workshop.sessions_ahead(now)
    family = _family(registration)
    with translation.override(site_language(messages.reader_of(user).language)):
        context |= {
            "registration": registration,
            "workshop": workshop,
            "sessions": ahead,
            "place": place_of(workshop) if has_place else workshop.town,
            "cancel_until": workshop.can_cancel_until(now),
            "site_url": settings.SITE_URL,
            "door_link": door_links.link_to(registration) if _has_door(registration, family) else "",
            "family": [str(person) for person in family],
        }
    attachment = calendar.invitation(family or [user], ahead) if has_place else ""
    if had_place:
        attachment = calendar.withdrawal(registration, ahead)
    return messages.queue(
        user,
        kind=kind,
        key=f"registration:{registration.pk}:{event}:{registration.changed_at:%Y%m%dT%H%M%S%f}",
        template=f"workshops/messages/{event}",
        context=context,
        useless_after=useless_after or (ahead[-1].end_at if ahead else None),
        source=registration.source,
        calendar=attachment,
    )
