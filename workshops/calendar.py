"""The sessions of a workshop as an iCalendar file (RFC 5545), for anybody's calendar."""

from datetime import UTC

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Event

from workshops.appointments import place_of
from workshops.models import Session, Workshop


def as_ics(workshop: Workshop, *, with_address: bool) -> str:
    """All sessions in the current language, in UTC; the cancelled ones too, so that calendars take them out.

    ``with_address`` is for people who have a place; others learn only what the public page says.
    """
    file = Calendar()
    file.add("prodid", f"-//{settings.SITE_NAME}//workshops//EN")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    for session in workshop.sessions.all():
        file.add_component(_event(session, workshop, with_address=with_address))
    return file.to_ical().decode()


def public_place(workshop: Workshop) -> str:
    """The place as everybody may know it."""
    return place_of(workshop) if workshop.is_address_public else workshop.town


def _event(session: Session, workshop: Workshop, *, with_address: bool) -> Event:
    is_off = session.state == Session.State.CANCELLED or workshop.state == Workshop.State.CANCELLED
    event = Event()
    event.add("uid", f"{workshop.public_id}-{session.pk}@{settings.MAIL_DOMAIN}")
    event.add("sequence", session.revision)
    event.add("dtstamp", timezone.now())
    event.add("dtstart", session.start_at.astimezone(UTC))
    event.add("dtend", session.end_at.astimezone(UTC))
    event.add("summary", workshop.title)
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    event.add("url", settings.SITE_URL + reverse("workshop", args=[workshop.slug]))
    if place := (place_of(workshop) if with_address else public_place(workshop)):
        event.add("location", place)
    if session.topic:
        event.add("description", session.topic)
    return event
