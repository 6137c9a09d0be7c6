"""Messages: a verb queues a row in its own transaction, the worker delivers it after commit, once.

Language, channel, quiet hours and safe contact are the recipient's and are decided here and nowhere else.
The unique key is what makes a message go out once; a lost broker loses nothing, as beat picks up what is due.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError as BrokerError

from portal.clock import WARSAW, after_quiet_hours, local
from portal.languages import site_language
from portal.models import ContactPreference, Message, User

log = logging.getLogger(__name__)

#: Waits before the next try after a transport error; then the message has failed.
BACK_OFF = [timedelta(minutes=m) for m in (1, 5, 15, 60, 240)]

#: Says nothing but that there is something to read.
NEUTRAL = "portal/messages/neutral"
#: Stands before what is written to a child, and says to whoever answers for it whom it concerns.
FOR_WARD = "portal/messages/for_ward"


@dataclass(frozen=True)
class Kind:
    """A kind of message. ``is_answer``: the person has just asked for it, so it is sent even at night."""

    name: str
    label: str
    is_answer: bool = False
    can_be_muted: bool = False
    is_secret: bool = False


KINDS = {
    kind.name: kind
    for kind in [
        Kind("account", _("signing in"), is_answer=True, is_secret=True),
        Kind("registration", _("my registrations"), is_answer=True),
        Kind("place", _("a place from the waiting list")),
        Kind("change", _("changes and cancellations")),
        Kind("reminder", _("reminders"), can_be_muted=True),
        Kind("certificate", _("my certificates")),
        Kind("course", _("how I am getting on in my courses"), can_be_muted=True),
        Kind("work", _("things that wait for me")),
        Kind("request", _("requests for an assistant"), is_answer=True),
        Kind("offer", _("offers to assistants")),
    ]
}


def queue(
    recipient: User,
    *,
    kind: str,
    key: str,
    template: str,
    context: dict | None = None,
    due_at: datetime | None = None,
    useless_after: datetime | None = None,
    source: str = "",
    calendar: str = "",
    is_urgent: bool = False,
) -> Message | None:
    """Queue one message to one person, or return None where she has no address or has muted the kind.

    What is written to a child without an address goes to whoever answers for it, by her rules and in her
    language; ``about`` of the row keeps whom it concerns.

    ``template`` is rendered in the recipient's language, with the name ``<template>.txt``: its first line is
    the subject, the rest the text. ``key`` makes it happen once. ``is_urgent`` passes the quiet hours by.
    """
    rules = KINDS[kind]
    reader = recipient if rules.is_secret else reader_of(recipient)
    if not reader.email or not reader.is_active or not recipient.is_active:
        return None
    preference = ContactPreference.objects.filter(user=reader).first()
    if rules.can_be_muted and preference and kind in preference.muted_kinds:
        return None
    language = site_language(reader.language)
    if preference and preference.is_neutral and not rules.is_secret:
        subject, text = render(NEUTRAL, {"recipient": reader}, language=language)
        calendar = ""
    else:
        subject, text = render(template, {"recipient": recipient, **(context or {})}, language=language)
        if reader != recipient:
            subject, text = _for_ward(recipient, subject, text, language=language)
    now = timezone.now()
    due_at = due_at or now
    if not (rules.is_answer or is_urgent):
        due_at = _within_hours(preference, max(due_at, now))
    return _insert(
        key=key,
        recipient=reader,
        about=recipient if reader != recipient else None,
        address=reader.email,
        kind=kind,
        language=language,
        subject=subject,
        text=text,
        calendar=calendar,
        source=source,
        is_secret=rules.is_secret,
        due_at=due_at,
        next_try_at=due_at,
        useless_after=useless_after,
    )


def reader_of(person: User) -> User:
    """Who reads what is written to a person: she herself, or for a child without an address its guardian."""
    return person.guardian if person.guardian_id and not person.email else person


def queue_to_address(
    address: str, *, key: str, subject: str, text: str, language: str, recipient: User | None = None
) -> Message | None:
    """Queue an account mail (codes, warnings); the address may belong to nobody yet."""
    now = timezone.now()
    return _insert(
        key=key,
        recipient=recipient,
        address=address,
        kind="account",
        language=language,
        subject=subject,
        text=text,
        is_secret=True,
        due_at=now,
        next_try_at=now,
        useless_after=now + timedelta(minutes=30),
    )


def render(template: str, context: dict, *, language: str) -> tuple[str, str]:
    """Subject and text of a message template in a language."""
    with translation.override(language):
        body = render_to_string(f"{template}.txt", {"site_name": settings.SITE_NAME, **context})
    subject, _newline, text = body.strip().partition("\n")
    return " ".join(subject.split())[:200], text.strip() + "\n"


def _for_ward(ward: User, subject: str, text: str, *, language: str) -> tuple[str, str]:
    told, before = render(FOR_WARD, {"ward": ward, "subject": subject}, language=language)
    return told, f"{before}\n{text}"


def silence(*, source: str, recipient: User | None = None) -> int:
    """What is queued about ``source`` is no longer true: do not send it. Returns how many.

    ``recipient``: whom it concerns, a child too whose messages somebody else reads.
    """
    rows = Message.objects.filter(source=source, state=Message.State.QUEUED)
    if recipient is not None:
        rows = rows.filter(Q(recipient=recipient, about=None) | Q(about=recipient))
    return rows.update(state=Message.State.SILENCED)


def take_back_reminders(*, source: str) -> None:
    """Reminders of ``source`` that have not gone out are removed, so that they can be written anew."""
    Message.objects.filter(source=source, kind="reminder", state=Message.State.QUEUED).delete()


def deliver_due(*, limit: int = 1000) -> int:
    """Send what is due, one message in a transaction of its own. Returns how many were sent.

    A row stays locked while it is on the wire: several workers share the work, and a worker that dies lets go
    of its row, so that at most the message in flight can go out twice.
    """
    sent = 0
    connection = get_connection()
    try:
        for _round in range(limit):
            state = _deliver_next(connection)
            if state is None:
                break
            sent += state == Message.State.SENT
    finally:
        connection.close()
    return sent


def _deliver_next(connection) -> str | None:
    now = timezone.now()
    with transaction.atomic():
        message = Message.objects.deliverable(now).select_for_update(skip_locked=True).first()
        if message is None:
            return None
        if message.useless_after and message.useless_after < now:
            message.state = Message.State.MISSED
            _forget_secret(message)
            message.save(update_fields=["state", "text"])
            return message.state
        if not _obey(message):
            message.state = Message.State.SILENCED
            message.save(update_fields=["state"])
            return message.state
        message.attempts += 1
        try:
            _as_mail(message, connection).send()
        except OSError as error:  # SMTP and socket errors are all OSErrors: worth another try
            message.last_error = type(error).__name__
            if message.attempts > len(BACK_OFF):
                message.state = Message.State.FAILED
                log.error(
                    "message %s failed after %s tries: %s", message.pk, message.attempts, message.last_error
                )
            else:
                message.next_try_at = now + BACK_OFF[message.attempts - 1]
                log.warning("message %s not sent, will be tried again: %s", message.pk, message.last_error)
        except ValueError as error:  # an address or a subject that no mail can have: the next message waits
            message.state, message.last_error = Message.State.FAILED, type(error).__name__
            log.error("message %s cannot be sent at all: %s", message.pk, message.last_error)
        else:
            message.state, message.sent_at, message.last_error = Message.State.SENT, timezone.now(), ""
        if message.state != Message.State.QUEUED:
            _forget_secret(message)
        message.save(
            update_fields=[
                "state", "attempts", "next_try_at", "last_error", "sent_at",
                "address", "subject", "text", "calendar",
            ]
        )  # fmt: skip
        return message.state


def _obey(message: Message) -> bool:
    """What she has changed since it was queued holds for it too: her address, and safe contact.

    False where it must not be sent at all. A code goes to the address that asked for it.
    """
    if message.is_secret or message.recipient_id is None:
        return True
    recipient = User.objects.select_related("contact_preference").get(pk=message.recipient_id)
    preference = getattr(recipient, "contact_preference", None)
    is_muted = preference and message.kind in preference.muted_kinds and KINDS[message.kind].can_be_muted
    if not recipient.email or not recipient.is_active or is_muted:
        return False
    if (
        message.about_id
        and not User.objects.filter(pk=message.about_id, guardian=recipient, is_active=True).exists()
    ):
        return False  # she answers for that child no longer
    message.address = recipient.email
    if preference and preference.is_neutral:
        message.subject, message.text = render(NEUTRAL, {"recipient": recipient}, language=message.language)
        message.calendar = ""
    return True


def strike(key: str, words: str) -> None:
    """Words that are deleted where they were written leave the messages that quoted them too. ``key``: of the
    message, or what the keys of several begin with.
    """
    quoting = Message.objects.filter(Q(key=key) | Q(key__startswith=f"{key}:"), text__contains=words)
    for message in quoting if words else []:
        message.text = message.text.replace(words, "…")
        message.save(update_fields=["text"])


def _forget_secret(message: Message) -> None:
    """A code that is used or useless is not kept; in the demo everybody may read it."""
    if message.is_secret and not settings.DEMO:
        message.text = ""


def _as_mail(message: Message, connection) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        to=[message.address],
        connection=connection,
        headers={
            "Content-Language": message.language,
            "Message-ID": f"<{message.pk}.{settings.MAIL_DOMAIN}>",
        },
    )
    if message.calendar:
        _attach_calendar(mail, message.calendar)
    return mail


def _attach_calendar(mail: EmailMultiAlternatives, file: str) -> None:
    """A file to open; where it asks a calendar to enter or remove something, also as a form of the text:
    Outlook and Gmail act upon that one, as they do upon each other's invitations.
    """
    method = next((line[7:].strip() for line in file.splitlines() if line.startswith("METHOD:")), "PUBLISH")
    if method != "PUBLISH":
        mail.attach_alternative(file, f"text/calendar; method={method}")
    mail.attach("workshop.ics", file, f"text/calendar; method={method}")


def _insert(**fields) -> Message | None:
    message, is_new = Message.objects.get_or_create(key=fields.pop("key"), defaults=fields)
    if not is_new:
        return None
    if message.due_at <= timezone.now():
        _wake_worker_after_commit()
    return message


def _wake_worker_after_commit() -> None:
    """Once for a transaction, however many messages it queued."""
    waiting = transaction.get_connection().run_on_commit
    if not any(callback is _wake_worker for _savepoints, callback, _robust in waiting):
        transaction.on_commit(_wake_worker, robust=True)


def _wake_worker() -> None:
    from portal.tasks import deliver_due_messages

    try:
        deliver_due_messages.delay()
    except (BrokerError, OSError):
        # The row is safe; beat delivers it as soon as the broker is back.
        log.warning("the broker is away: messages wait for the next round")


def goes_out_at(recipient: User, moment: datetime) -> datetime:
    """When news that is neither an answer nor urgent, queued at ``moment``, can reach her."""
    return _within_hours(ContactPreference.objects.filter(user=reader_of(recipient)).first(), moment)


def _within_hours(preference: ContactPreference | None, moment: datetime) -> datetime:
    moment = after_quiet_hours(moment)
    return _within(preference, moment) if preference else moment


def _within(preference: ContactPreference, moment: datetime) -> datetime:
    """Move ``moment`` into the hours in which the person may be written to."""
    start, end = preference.not_before, preference.not_after
    here = timezone.localtime(moment, WARSAW)
    if start and here.time() < start:
        return local(here.date(), start)
    if end and here.time() > end:
        return after_quiet_hours(local(here.date() + timedelta(days=1), start or end.min))
    return moment
