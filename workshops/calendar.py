"""Workshops as iCalendar files (RFC 5545): one of them, many to subscribe to, and what goes with mails."""

from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from portal import calendars
from portal.models import DiaryEntry, User
from workshops.appointments import place_of, teaching_source
from workshops.models import Registration, Session, Workshop


def as_ics(workshop: Workshop, *, with_address: bool) -> str:
    """All sessions in the current language, in UTC; the cancelled ones too, so that calendars take them out.

    ``with_address`` is for people who have a place; others learn only what the public page says.
    """
    file = Calendar()
    file.add("prodid", f"-//{settings.SITE_NAME}//EN")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    place = place_of(workshop) if with_address else public_place(workshop)
    for session in workshop.sessions.all():
        file.add_component(_event(session, workshop, place=place, stamp=timezone.now()))
    return file.to_ical().decode()


def feed(sessions: Iterable[Session], *, name: str) -> bytes:
    """Sessions of many workshops to subscribe to, with what everybody may know. The same ones give the same
    bytes.
    """
    file = calendars.empty_calendar(name, maker=settings.SITE_NAME)
    for session in sessions:
        workshop = session.workshop
        stamp = workshop.published_at or workshop.created_at
        file.add_component(_event(session, workshop, place=public_place(workshop), stamp=stamp))
    return file.to_ical()


def addresses_of_feed(criteria: dict[str, str]) -> dict[str, str]:
    """Of the feed with the same filters as the list."""
    query = f"?{urlencode(criteria)}" if criteria else ""
    return calendars.addresses_of(reverse("workshops_calendar") + query)


def public_place(workshop: Workshop) -> str:
    """The place as everybody may know it."""
    if workshop.is_address_public:
        return place_of(workshop)
    return _("Online") if workshop.format == Workshop.Format.ONLINE else workshop.town


def _event(session: Session, workshop: Workshop, *, place: str, stamp: datetime) -> Event:
    is_off = session.state == Session.State.CANCELLED or workshop.state == Workshop.State.CANCELLED
    event = Event()
    event.add("uid", calendars.uid_of(session.source))
    event.add("sequence", session.revision)
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("dtstart", session.start_at.astimezone(UTC))
    event.add("dtend", session.end_at.astimezone(UTC))
    event.add("summary", workshop.title)
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    event.add("url", settings.SITE_URL + reverse("workshop", args=[workshop.slug]))
    if place:
        event.add("location", place)
    if session.topic:
        event.add("description", session.topic)
    return event


# --- what goes with mails: made of the diary, so that it agrees with the person's own feed ---


def entries_of(
    sessions: Iterable[Session], *, called_off_since: datetime | None = None
) -> dict[int, list[DiaryEntry]]:
    """What these sessions are, or were until called off, in diaries: of those who take part and who lead."""
    sources = [source for session in sessions for source in (session.source, teaching_source(session))]
    return calendars.entries_of(sources, called_off_since=called_off_since)


def invitation(people: list[User], sessions: Iterable[Session]) -> str:
    """The sessions for which they have places: one person, or a family that has one calendar."""
    entries = calendars.entries_of([session.source for session in sessions], people=people)
    together = [entry for person in people for entry in entries.get(person.pk, [])]
    return calendars.invitation(people[0], together)


def withdrawal(registration: Registration, sessions: Iterable[Session]) -> str:
    """The sessions that went out of her diary with this change of her registration."""
    user = registration.user
    entries = calendars.entries_of(
        [session.source for session in sessions], people=[user], called_off_since=registration.changed_at
    )
    return calendars.invitation(user, entries.get(user.pk, []))
