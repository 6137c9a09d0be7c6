"""Staying in a course: encouragement after missed meetings first, then a call (domain.md B2.7, U15).

All verbs lock the workshop first, as everything does that may end in a place given back.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import audit
from portal.models import Message, User
from portal.refusals import Refused
from workshops import hours, registration, seats, staying_emails
from workshops.models import AbsenceReason, Attendance, CallTask, Registration, Session, Workshop

#: Whoever missed meetings longer ago is beyond an encouraging word; the radar goes on showing her.
LOOKS_BACK = timedelta(days=21)
#: The link of a message works so long.
TOKEN_DAYS = 60
SALT = "workshops.staying"

Outcome = CallTask.Outcome
Reason = AbsenceReason.Reason


class NoPlaceAnyMore(Refused):
    sentence = _("You no longer have a place in this workshop, so there is nothing to answer.")


class CallIsOver(Refused):
    sentence = _("Somebody has written down already how this call went.")


# --- Looking after everybody ------------------------------------------------------------------------------


def look_after_everybody(now: datetime | None = None) -> int:
    """Encourage who has missed meetings, ask for a call about who goes on missing. Returns how many of both.

    A mark is believed once the time for slips is over.
    """
    now = now or timezone.now()
    believed = now - timedelta(minutes=settings.SLIP_MINUTES)
    absent = Attendance.objects.filter(
        registration=OuterRef("pk"),
        mark=Attendance.Mark.ABSENT,
        marked_at__lte=believed,
        session__end_at__gt=now - LOOKS_BACK,
    )
    rows = _standing().filter(Exists(absent)).select_related("workshop").order_by("pk")
    rows = list(rows)
    found = hours.standings_of(rows, now)
    needed = settings.MISSED_BEFORE_ENCOURAGING
    missing = [row for row in rows if len(found[row.pk].missed_in_a_row) >= needed and found[row.pk].ahead]
    done = sum(follow_up(row, now=now) for row in missing)
    _close_calls_nobody_needs(now)
    return done


@transaction.atomic
def follow_up(row: Registration, *, now: datetime | None = None) -> bool:
    """One encouraging message for each time that she begins to miss meetings; a call when she goes on.

    Whoever cannot be written to is called at once. True where something was done.
    """
    now = now or timezone.now()
    row = seats.lock_with_workshop(row)
    if row.state != Registration.State.CONFIRMED or row.workshop.state != Workshop.State.PUBLISHED:
        return False
    standing = hours.standing(row, now)
    missed = standing.missed_in_a_row
    if len(missed) < settings.MISSED_BEFORE_ENCOURAGING or not standing.ahead:
        return False
    asked = _asked_about(row, missed)
    if asked is None:
        token = token_of(row, missed[-1])
        if staying_emails.missed_meetings(
            row, standing, first=missed[0], last=missed[-1], token=token, now=now
        ):
            audit.record("staying.encouraged", row, by=None, workshop=row.workshop_id, missed=len(missed))
            return True
    elif missed[-1] == asked:
        return False
    return _call(row, missed[-1], by=None)


def _asked_about(row: Registration, missed: tuple[int, ...]) -> int | None:
    """The last of these meetings that she had missed when we wrote to her; None where we have not."""
    keys = Message.objects.filter(key__startswith=staying_emails.key_of(row)).values_list("key", flat=True)
    asked = {int(key.rpartition(":")[2]) for key in keys}
    return next((session for session in reversed(missed) if session in asked), None)


def _call(row: Registration, session: int, *, by: User | None) -> bool:
    """One open call for each person in a course, and one for each meeting that she missed."""
    if row.call_tasks.filter(done_at__isnull=True).exists():
        return False
    task, is_new = row.call_tasks.get_or_create(session_id=session)
    if is_new:
        audit.record("staying.call_needed", task, by=by, workshop=row.workshop_id, registration=row.pk)
    return is_new


def _close_calls_nobody_needs(now: datetime) -> None:
    """About people who have no place any more, and in courses that are over."""
    ahead = Session.objects.upcoming(now).filter(workshop=OuterRef("workshop"))
    needed = _standing().filter(Exists(ahead.order_by())).values("pk")
    for task in CallTask.objects.filter(done_at__isnull=True).exclude(registration__in=needed):
        closed = CallTask.objects.filter(pk=task.pk, done_at__isnull=True).update(done_at=now)
        if closed:
            audit.record("staying.call_not_needed", task, by=None, registration=task.registration_id)


# --- What she answers -------------------------------------------------------------------------------------


def token_of(row: Registration, session: int) -> str:
    """For a link that opens without signing in: it lets her answer one question and nothing else."""
    return signing.dumps([row.pk, session], salt=SALT)


def read_token(token: str) -> tuple[Registration, Session] | None:
    """None where the token is not ours, too old, or about what is no more."""
    try:
        number, session = signing.loads(token, salt=SALT, max_age=timedelta(days=TOKEN_DAYS))
    except signing.BadSignature:
        return None
    rows = Registration.objects.select_related("workshop__project", "user")
    row = rows.filter(pk=number).first()
    missed = row and row.workshop.sessions.filter(pk=session).first()
    return (row, missed) if missed else None


@transaction.atomic
def give_reason(row: Registration, session: Session, reason: str) -> AbsenceReason:
    """One answer to one question; another one replaces it."""
    row = _with_place(row)
    given, _is_new = AbsenceReason.objects.update_or_create(
        registration=row, session=session, defaults={"reason": reason, "at": timezone.now()}
    )
    audit.record("staying.answered", row, by=row.user, workshop=row.workshop_id, session=session.pk)
    return given


@transaction.atomic
def say_she_comes(row: Registration, session: Session) -> None:
    row = _with_place(row)
    audit.record("staying.comes_next", row, by=row.user, workshop=row.workshop_id, session=session.pk)


@transaction.atomic
def ask_for_call(row: Registration, session: Session) -> None:
    """She wants to be called; where a call is to be made already, this is it."""
    row = _with_place(row)
    _call(row, session.pk, by=row.user)


@transaction.atomic
def leave(row: Registration, session: Session) -> Refused | None:
    """She gives her place back by the rules for everybody. Where these say no, a coordinator is to call.

    Returns the refusal, so that the page can say what happens now; the reason is kept either way.
    """
    row = seats.lock_with_workshop(row)
    if row.state != Registration.State.CONFIRMED:
        return None
    give_reason(row, session, Reason.LEAVING)
    try:
        with transaction.atomic():
            registration.cancel(row, by=row.user)
    except Refused as no:
        _call(row, session.pk, by=row.user)
        return no
    return None


# --- Calls ------------------------------------------------------------------------------------------------


def calls_for(user: User) -> QuerySet[CallTask]:
    """Open calls about people in the workshops that she plans; those never tried first, then the oldest."""
    hers = Registration.objects.confirmed().managed_by(user)
    return CallTask.objects.filter(done_at__isnull=True, registration__in=hers).order_by(
        "outcome", "created_at", "id"
    )


@transaction.atomic
def finish_call(task: CallTask, *, outcome: str, by: User, frees_place: bool = False) -> CallTask:
    """Write down how a call went. Who was not reached stays on the list, after those nobody tried.

    ``frees_place``: she leaves and her place goes to the next person. The same again changes nothing.
    """
    row = seats.lock_with_workshop(task.registration)
    task = CallTask.objects.select_for_update(no_key=True).get(pk=task.pk)
    task.registration = row
    if outcome not in Outcome.values:
        raise ValueError(f"no such outcome: {outcome}")
    if task.done_at and task.outcome != outcome:
        raise CallIsOver
    if not task.done_at:
        task.outcome, task.done_by = outcome, by
        task.done_at = None if outcome == Outcome.NOT_REACHED else timezone.now()
        task.save(update_fields=["outcome", "done_by", "done_at"])
        audit.record(
            "staying.called", task, by=by, outcome=outcome, workshop=row.workshop_id, registration=row.pk
        )
    if outcome == Outcome.LEAVES and frees_place and row.is_standing:
        registration.revoke(row, by=by)
    return task


def _standing() -> QuerySet[Registration]:
    return Registration.objects.confirmed().filter(workshop__state=Workshop.State.PUBLISHED)


def _with_place(row: Registration) -> Registration:
    row = seats.lock_with_workshop(row)
    if row.state != Registration.State.CONFIRMED:
        raise NoPlaceAnyMore
    return row
