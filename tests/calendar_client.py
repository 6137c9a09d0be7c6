"""What a calendar program does with what it is given: a small model of one, fed with real mails and feeds."""

import email
from dataclasses import dataclass, field
from email import policy

from icalendar import Calendar, Event


@dataclass
class CalendarClient:
    """Entries by UID. Takes in invitations as Gmail and Outlook do, and files as one opens them."""

    address: str = ""
    events: dict[str, Event] = field(default_factory=dict)

    def read_mail(self, message) -> list[str]:
        """The calendar part of one sent mail, read from its bytes. Returns the methods of its parts."""
        methods = []
        for part in email.message_from_bytes(message.message().as_bytes(), policy=policy.default).walk():
            if part.get_content_type() != "text/calendar":
                continue
            calendar = Calendar.from_ical(part.get_content())
            assert part.get_content_charset() == "utf-8"
            assert part["Content-Type"].params["method"] == calendar["METHOD"]
            self.take_in(calendar)
            methods.append(str(calendar["METHOD"]))
        return methods

    def take_in(self, calendar: Calendar) -> None:
        method = calendar["METHOD"]
        events = calendar.walk("VEVENT")
        if method in ("REQUEST", "CANCEL"):  # what programs insist on before they act by themselves
            assert len({event["UID"] for event in events}) == 1
            assert all(event["ATTENDEE"] == f"mailto:{self.address}" for event in events)
        assert all(event["ORGANIZER"].startswith("mailto:") for event in events)
        for event in events:
            known = self.events.get(event["UID"])
            if known is not None and event["SEQUENCE"] < known["SEQUENCE"]:
                continue
            if method == "CANCEL" and known is None:
                continue
            self.events[event["UID"]] = event

    def subscribe(self, feed: bytes) -> None:
        """A feed replaces all that was read from it before."""
        self.events = {event["UID"]: event for event in Calendar.from_ical(feed).walk("VEVENT")}

    @property
    def shown(self) -> list[Event]:
        """What the person sees, the first one first."""
        standing = [event for event in self.events.values() if event["STATUS"] != "CANCELLED"]
        return sorted(standing, key=lambda event: event.start)

    @property
    def times(self) -> list:
        return [event.start for event in self.shown]
