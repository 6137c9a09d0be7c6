"""Diary entries as calendars read them (RFC 5545): a person's private feed, and what goes with mails.

Both come from the same entry by the same function, so a calendar that reads the feed and one that takes in
the mails show the same. A UID is made of the entry's source, SEQUENCE is the entry's revision: it grows with
each change, also when somebody gives a place back and takes one again.
"""

import hashlib
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from urllib.parse import quote

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress

from portal import audit, messages
from portal.languages import site_language, text_in
from portal.models import CalendarFeed, ContactPreference, DiaryEntry, User

#: So long what is over or called off stays in the feed: details of a visit are hidden then (domain.md A4).
KEEP = timedelta(days=30)
#: How often calendars should look again.
REFRESH = timedelta(hours=1)
#: A reading is noted no more often.
NOTE_READING = timedelta(minutes=10)

STATUS = {
    DiaryEntry.State.FIRM: "CONFIRMED",
    DiaryEntry.State.TENTATIVE: "TENTATIVE",
    DiaryEntry.State.CALLED_OFF: "CANCELLED",
}


# --- the address of a feed ---


@transaction.atomic
def open_feed(user: User) -> CalendarFeed:
    """The person's feed; made where she has none. Twice is harmless."""
    _lock(user)
    feed = feed_in_use(user)
    if feed is None:
        feed = CalendarFeed.objects.create(user=user)
        audit.record("calendar_feed.opened", feed, by=user)
    return feed


@transaction.atomic
def renew_feed(user: User) -> CalendarFeed:
    """A new address; whoever knows the old one reads nothing any more."""
    close_feed(user)
    return open_feed(user)


@transaction.atomic
def close_feed(user: User) -> None:
    _lock(user)
    feed = feed_in_use(user)
    if feed is not None:
        feed.revoked_at = timezone.now()
        feed.save(update_fields=["revoked_at"])
        audit.record("calendar_feed.closed", feed, by=user)


def feed_in_use(user: User) -> CalendarFeed | None:
    return CalendarFeed.objects.filter(user=user, revoked_at=None).first()


def note_reading(feed: CalendarFeed) -> None:
    now = timezone.now()
    if feed.last_read_at is None or now - feed.last_read_at > NOTE_READING:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_read_at=now)


def _lock(user: User) -> None:
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


# --- what a feed says ---


def feed_of(user: User) -> tuple[bytes, datetime | None]:
    """Her diary, and her children's, in her language, and when it changed last.

    The same diary gives the same bytes.
    """
    now = timezone.now()
    is_neutral = wants_neutral(user)
    hers = Q(user=user) | Q(user__guardian=user, user__email=None, user__is_active=True)
    entries = DiaryEntry.objects.filter(hers, end_at__gt=now - KEEP).select_related("user__guardian")
    entries = entries.exclude(state=DiaryEntry.State.CALLED_OFF, updated_at__lt=now - KEEP)
    entries = list(entries.order_by("start_at", "id"))
    with translation.override(site_language(user.language)):
        name = _("Calendar") if is_neutral else _("%(site)s: my dates") % {"site": settings.SITE_NAME}
        file = empty_calendar(name, maker="" if is_neutral else settings.SITE_NAME)
        for entry in entries:
            # Without METHOD, DTSTAMP says when the entry was changed last (RFC 5545, 3.8.7.2).
            file.add_component(event_of(entry, is_neutral=is_neutral, stamp=entry.updated_at))
    return file.to_ical(), max((entry.updated_at for entry in entries), default=None)


def wants_neutral(user: User) -> bool:
    """Her dates say when, and nothing else (features.md U6)."""
    return ContactPreference.objects.filter(user=user, is_neutral=True).exists()


def empty_calendar(name: str, *, maker: str = "") -> Calendar:
    """A calendar to subscribe to. All times are in UTC; every program shows them in its own zone."""
    file = Calendar()
    file.add("prodid", f"-//{maker or 'calendar'}//EN")
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("x-wr-calname", name)
    file.add("name", name)
    file.add("x-wr-timezone", settings.TIME_ZONE)
    file.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    file.add("x-published-ttl", "PT1H")
    return file


def event_of(entry: DiaryEntry, *, is_neutral: bool, stamp: datetime) -> Event:
    """The entry in the current language. Private appointments, and all of them for a person who wants neutral
    messages (features.md U6), say when and nothing else.
    """
    event = Event()
    person = entry.user
    is_childs = messages.reader_of(person) != person
    # Children of one mother may go to the same meeting: each has its own entry in the mother's calendar.
    event.add("uid", uid_of(f"{entry.source}:{person.public_id}" if is_childs else entry.source))
    event.add("sequence", entry.revision)
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("dtstart", entry.start_at.astimezone(UTC))
    event.add("dtend", entry.end_at.astimezone(UTC))
    event.add("status", STATUS[entry.state])
    if is_neutral or entry.kind == DiaryEntry.Kind.PRIVATE:
        event.add("summary", _("Appointment"))
        event.add("class", "PRIVATE")
        return event
    # Who comes to a partner institution is named in the portal only.
    is_visit = entry.kind == DiaryEntry.Kind.REQUEST
    subject = _("Visit of an assistant") if is_visit else text_in(entry.title)
    if is_childs:
        subject = _("%(name)s: %(subject)s") % {"name": person, "subject": subject}
    event.add("summary", subject)
    if place := text_in(entry.place):
        event.add("location", place)
    if entry.path:
        event.add("url", _address(entry.path))
    if entry.cancel_path and entry.state == DiaryEntry.State.FIRM:
        event.add(
            "description",
            _("If you cannot come, please tell us here: %(link)s") % {"link": _address(entry.cancel_path)},
        )
    return event


def uid_of(source: str) -> str:
    """The same for ever, in feeds, mails and public files."""
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"{settings.MAIL_DOMAIN}/{source}")
    return f"{name}@{settings.MAIL_DOMAIN}"


def addresses_of(path: str) -> dict[str, str]:
    """A feed as a plain address, as one that opens a calendar program, and for two of them on the web."""
    url = settings.SITE_URL + path
    webcal = "webcal://" + url.partition("://")[2]
    return {
        "url": url,
        "webcal": webcal,
        "google": "https://calendar.google.com/calendar/r?cid=" + quote(webcal, safe=""),
        "outlook": "https://outlook.live.com/calendar/0/addfromweb?url=" + quote(url, safe=""),
    }


def etag_of(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _address(path: str) -> str:
    return f"{settings.SITE_URL}/{translation.get_language()}{path}"


# --- what goes with a mail ---


def invitation(user: User, entries: Iterable[DiaryEntry]) -> str:
    """A file that brings these entries of one person up to date in her calendar; empty where there are none.

    One meeting goes as METHOD:REQUEST, or CANCEL once it is called off: Gmail and Outlook enter, move and
    remove these by themselves, by UID and SEQUENCE, where organiser and attendee are named; Apple asks first.
    The attendee has accepted already and no answer is wanted, as nobody reads the organiser's address.
    Several meetings go as PUBLISH: a REQUEST or CANCEL may hold one UID only (RFC 5546, 3.2.2 and 3.2.5), and
    programs pass over all but the first. Such a file is taken in whole when it is opened; what was moved or
    called off carries its STATUS and a greater SEQUENCE there.
    """
    entries = list(entries)
    reader = messages.reader_of(user)
    if not entries or not reader.email:
        return ""
    is_off = entries[0].state == DiaryEntry.State.CALLED_OFF
    method = "PUBLISH" if len(entries) > 1 else "CANCEL" if is_off else "REQUEST"
    file = Calendar()
    file.add("prodid", f"-//{settings.SITE_NAME}//EN")
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("method", method)
    with translation.override(site_language(reader.language)):
        for entry in entries:
            event = event_of(entry, is_neutral=False, stamp=timezone.now())
            event.add("organizer", _organiser())
            if method != "PUBLISH":
                event.add("attendee", _attendee(reader))
            file.add_component(event)
    return file.to_ical().decode()


def entries_of(
    sources: Iterable[str],
    *,
    people: Iterable[User] | None = None,
    called_off_since: datetime | None = None,
) -> dict[int, list[DiaryEntry]]:
    """What stands in diaries from these sources, or what has just been called off, by person: one query."""
    wanted = Q(state=DiaryEntry.State.FIRM)
    if called_off_since is not None:
        wanted = Q(state=DiaryEntry.State.CALLED_OFF, updated_at__gte=called_off_since)
    if people is not None:
        wanted &= Q(user__in=list(people))
    found: dict[int, list[DiaryEntry]] = {}
    entries = DiaryEntry.objects.filter(wanted, source__in=list(sources)).select_related("user__guardian")
    for entry in entries.order_by("start_at", "id"):
        found.setdefault(entry.user_id, []).append(entry)
    return found


def _organiser() -> vCalAddress:
    """The address that the mail comes from: Gmail believes no other."""
    address = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    address.params["CN"] = settings.SITE_NAME
    return address


def _attendee(reader: User) -> vCalAddress:
    address = vCalAddress(f"mailto:{reader.email}")
    address.params["PARTSTAT"] = "ACCEPTED"
    address.params["RSVP"] = "FALSE"
    return address
