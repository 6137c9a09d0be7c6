"""A workshop as search engines read it: https://schema.org/Event."""

from django.conf import settings

from workshops.models import Session, Workshop

SCHEMA = "https://schema.org/"


def event(workshop: Workshop, *, url: str) -> dict:
    """Only what the public page says; empty where no date is set."""
    sessions = list(workshop.sessions.all())
    planned = workshop.planned_sessions() or sessions
    if not planned:
        return {}
    is_open = workshop.signup_mode == Workshop.SignupMode.OPEN
    facts = {
        "@context": SCHEMA.rstrip("/"),
        "@type": "EducationEvent" if workshop.kind != Workshop.Kind.EVENT else "Event",
        "name": workshop.title,
        "description": workshop.summary or workshop.description,
        "url": url,
        "startDate": planned[0].start_at.isoformat(),
        "endDate": planned[-1].end_at.isoformat(),
        "eventStatus": _status(workshop.state == Workshop.State.CANCELLED),
        "eventAttendanceMode": SCHEMA + _mode(workshop),
        "location": _locations(workshop, url),
        "inLanguage": workshop.languages,
        "isAccessibleForFree": True,
        "organizer": {
            "@type": "Organization",
            "name": workshop.project.organisation,
            "url": settings.SITE_URL,
        },
        "offers": {
            "@type": "Offer",
            "price": 0,
            "priceCurrency": "PLN",
            "url": url,
            "availability": SCHEMA + ("InStock" if is_open or workshop.free_seats else "SoldOut"),
        },
    }
    if not is_open:
        facts["maximumAttendeeCapacity"] = workshop.capacity
    if len(sessions) > 1:
        facts["subEvent"] = [_part(session, workshop) for session in sessions]
    return facts


def _part(session: Session, workshop: Workshop) -> dict:
    return {
        "@type": "Event",
        "name": session.topic or workshop.title,
        "startDate": session.start_at.isoformat(),
        "endDate": session.end_at.isoformat(),
        "eventStatus": _status(session.state == Session.State.CANCELLED),
    }


def _status(is_cancelled: bool) -> str:
    return SCHEMA + ("EventCancelled" if is_cancelled else "EventScheduled")


def _mode(workshop: Workshop) -> str:
    return {
        Workshop.Format.ON_SITE: "OfflineEventAttendanceMode",
        Workshop.Format.ONLINE: "OnlineEventAttendanceMode",
        Workshop.Format.HYBRID: "MixedEventAttendanceMode",
    }[Workshop.Format(workshop.format)]


def _locations(workshop: Workshop, url: str) -> list[dict]:
    """The link to the meeting is for those who have a place; everybody else is shown the page."""
    found = []
    if workshop.format != Workshop.Format.ONLINE:
        address = workshop.address if workshop.is_address_public else ""
        venue = workshop.venue if workshop.is_address_public else ""
        found.append(
            {
                "@type": "Place",
                "name": venue or workshop.town,
                "address": {
                    "@type": "PostalAddress",
                    "addressLocality": workshop.town,
                    "addressCountry": "PL",
                    **({"streetAddress": address} if address else {}),
                },
            }
        )
    if workshop.format != Workshop.Format.ON_SITE:
        found.append({"@type": "VirtualLocation", "url": url})
    return found
