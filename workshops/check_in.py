"""Checking in by code: she reads the one on the trainer's screen, or the trainer reads hers.

A check-in is evidence beside the roll. Where the roll says nothing of her yet it is a mark too; where it says
something already, that stays, and both are shown.
"""

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import audit
from portal.models import User
from portal.refusals import Refused
from workshops import attendance, door_links
from workshops.models import Attendance, CheckIn, Registration, Session, Workshop
from workshops.own_times import on_the_clock

How = CheckIn.How
RULES = settings.CHECK_IN

_screen = signing.TimestampSigner(salt="workshops.check_in.screen")
_hers = signing.Signer(salt="workshops.check_in.hers")


class OldCode(Refused):
    sentence = _("This code is too old. Please read the one that is on the screen now.")
    field = "code"


class UnknownCode(Refused):
    sentence = _("This is not a code of ours.")


class NoPlace(Refused):
    sentence = _("You have no place in this workshop. Please talk to the trainer.")


class PlaceGivenBack(Refused):
    sentence = _("This registration was cancelled. Please look at the list of the workshop.")


class NotNow(Refused):
    def __init__(self, opens_at: datetime, closes_at: datetime):
        super().__init__(
            _("Checking in is possible from %(start)s to %(end)s. Later the trainer writes you down.")
            % {"start": on_the_clock(opens_at), "end": on_the_clock(closes_at)}
        )


class NoMeetingNow(Refused):
    sentence = _("This code is for a workshop that does not meet now.")


@transaction.atomic
def check_in(
    session: Session, registration: Registration, *, how: str, by: User | None, now: datetime | None = None
) -> CheckIn:
    """Write down that she is here, and mark her where the roll says nothing yet. Twice is harmless.

    Late is who comes some minutes after the start, with the time of the check-in (settings.CHECK_IN).
    """
    session = attendance.hold(session)
    registration = Registration.objects.select_related("user").get(pk=registration.pk)
    known = CheckIn.objects.filter(session=session, registration=registration).first()
    if known:
        return known
    if registration.workshop_id != session.workshop_id:
        raise NoPlace
    if registration.state != Registration.State.CONFIRMED:
        raise PlaceGivenBack
    now = now or timezone.now()  # inside the lock
    opens_at, closes_at = window(session, how)
    if not opens_at <= now <= closes_at:
        raise NotNow(opens_at, closes_at)
    check = CheckIn.objects.create(session=session, registration=registration, how=how, at=now, by=by)
    audit.record("attendance.checked_in", registration, by=by, session=session.pk, how=how)
    _mark_where_unknown(session, registration, now, by=by)
    return check


def _mark_where_unknown(session: Session, registration: Registration, now: datetime, *, by: User | None):
    row = session.attendances.filter(registration=registration).first()
    if row is not None and row.mark != Attendance.Mark.UNKNOWN:
        return
    entry = attendance.RollEntry(Attendance.Mark.PRESENT)
    if now > session.start_at + timedelta(minutes=RULES["late_after_minutes"]):
        came_at = min(now.replace(second=0, microsecond=0), session.end_at)
        entry = attendance.RollEntry(Attendance.Mark.LATE, came_at=came_at)
    attendance.enter(session, registration, row, entry, by=by, source=Attendance.Source.CHECK_IN)
    attendance.conclude(session)


def window(session: Session, how: str) -> tuple[datetime, datetime]:
    """From when until when; a trainer who reads a code may do so to the end of the meeting."""
    opens_at = session.start_at - timedelta(minutes=RULES["opens_minutes_before"])
    if how == How.HER_CODE:
        return opens_at, session.end_at
    closes_at = session.start_at + timedelta(minutes=RULES["closes_minutes_after"])
    return opens_at, min(closes_at, session.end_at)


def is_open(session: Session, now: datetime, how: str = How.OWN_PHONE) -> bool:
    opens_at, closes_at = window(session, how)
    return session.state == Session.State.PLANNED and opens_at <= now <= closes_at


# --- The code on the trainer's screen --------------------------------------------------------------------


def code_on_screen(session: Session) -> str:
    """A signed word that changes with every showing and is soon too old (lessons.md C: against sharing)."""
    return _screen.sign(str(session.pk))


def session_on_screen(code: str) -> Session:
    """Raises OldCode, or UnknownCode for what nobody of us signed."""
    try:
        pk = _screen.unsign(code, max_age=RULES["code_lasts_seconds"])
    except signing.SignatureExpired:
        raise OldCode from None
    except signing.BadSignature:
        raise UnknownCode from None
    session = Session.objects.select_related("workshop__project").filter(pk=pk).first()
    if session is None:
        raise UnknownCode
    return session


def digits_on_screen(session: Session, now: datetime | None = None, *, steps_ago: int = 0) -> str:
    """Six digits for a phone without a camera; they change as the picture does."""
    step = int((now or timezone.now()).timestamp()) // RULES["code_changes_seconds"] - steps_ago
    key = f"{settings.SECRET_KEY}:workshops.check_in.digits".encode()
    drawn = hmac.digest(key, f"{session.pk}:{step}".encode(), hashlib.sha256)
    return f"{int.from_bytes(drawn[:8]) % 1_000_000:06d}"


def session_by_digits(user: User, digits: str, now: datetime | None = None) -> Session:
    """Among the meetings to which she may check in now, the one whose screen shows these digits."""
    now = now or timezone.now()
    steps = RULES["code_lasts_seconds"] // RULES["code_changes_seconds"]
    for session in meetings_of(user, now):
        shown = {digits_on_screen(session, now, steps_ago=ago) for ago in range(steps)}
        if digits in shown:
            return session
    raise OldCode


def meetings_of(user: User, now: datetime) -> list[Session]:
    """Meetings to which she, or a child of hers, may check in now."""
    around = timedelta(minutes=max(RULES["opens_minutes_before"], RULES["closes_minutes_after"]))
    near = Session.objects.planned().filter(
        start_at__lte=now + around, end_at__gte=now, workshop__in=hers(user).confirmed().values("workshop")
    )
    sessions = near.select_related("workshop__project").order_by("start_at", "id")
    return [session for session in sessions if is_open(session, now)]


def hers(user: User):
    """Her own registrations, and those of the children she answers for."""
    return Registration.objects.filter(Q(user=user) | Q(user__guardian=user))


# --- Her own code ----------------------------------------------------------------------------------------


def her_code(registration: Registration) -> str:
    return _hers.sign(registration.public_id.hex)


def registration_of_link(code: str, now: datetime | None = None) -> Registration:
    """Raises UnknownCode too once no meeting is ahead: the link has no use then, and opens nothing."""
    registration = _signed_by(door_links.signer, code)
    if not registration.workshop.sessions.upcoming(now or timezone.now()).exists():
        raise UnknownCode
    return registration


def registration_of(code: str) -> Registration:
    return _signed_by(_hers, code)


def _signed_by(signer: signing.Signer, code: str) -> Registration:
    try:
        public_id = signer.unsign(code)
    except signing.BadSignature:
        raise UnknownCode from None
    rows = Registration.objects.select_related("user", "workshop__project")
    registration = rows.filter(public_id=public_id).first()
    if registration is None:
        raise UnknownCode
    return registration


def meeting_now(workshop: Workshop, now: datetime | None = None) -> Session:
    """The meeting of this workshop for which a code is read now: the one that began last, or begins next."""
    now = now or timezone.now()
    rows = workshop.sessions.planned().filter(end_at__gte=now).order_by("-start_at", "-id")
    opened = [session for session in rows if is_open(session, now, How.HER_CODE)]
    if not opened:
        raise NoMeetingNow
    session = next((row for row in opened if row.start_at <= now), opened[-1])
    session.workshop = workshop
    return session
