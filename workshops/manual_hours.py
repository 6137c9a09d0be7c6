"""Hours of one person that no roll knows of: one member of staff writes them, another one agrees (C8).

Only then do they count: one entry in the ledger, as received by her. The workshop is locked first, then the
person's diary, so that two who write at once cannot pass the limit of a day together.
"""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from portal import audit, diary
from portal.clock import WARSAW
from portal.models import User
from portal.refusals import Refused
from projects import ledger
from workshops import seats, staying_emails
from workshops.attendance import NotOnTheList, activity_of
from workshops.models import Attendance, ManualHours, Registration, Workshop

State = ManualHours.State


class NotInTheFuture(Refused):
    sentence = _("This day is still to come. You can write hours once they were held.")
    field = "on"


class OutsideTheProject(Refused):
    field = "on"

    def __init__(self, project):
        super().__init__(
            _("The project lasts from %(first)s until %(last)s. Hours of another day do not count in it.")
            % {"first": _day(project.starts_on), "last": _day(project.ends_on)}
        )


class TooMuchForADay(Refused):
    field = "minutes"

    def __init__(self, left: int):
        super().__init__(
            _("For one person and one day you can write at most %(most)s minutes by hand; %(left)s are left.")
            % {"most": settings.MANUAL_MINUTES_A_DAY, "left": max(left, 0)}
        )


class NeedsReason(Refused):
    sentence = _("Please write what it was.")
    field = "reason"


class DoublesMeeting(Refused):
    """A warning: who has looked at it can go on."""

    sentence = _(
        "The roll says that she was at a meeting of this workshop on that day. "
        "If these are other hours, please say so."
    )
    field = "even_so"


class OwnHours(Refused):
    sentence = _("Nobody writes or accepts her own hours. Please ask somebody else of your team.")


class SamePerson(Refused):
    sentence = _("You wrote these hours yourself, so a second person has to decide.")


class AlreadyDecided(Refused):
    sentence = _("Somebody has decided about these hours already.")


class NeedsNote(Refused):
    sentence = _("Please write why, so that the person who wrote the hours understands.")
    field = "note"


class NotYours(Refused):
    sentence = _("Only the person who wrote these hours can take them back.")


@transaction.atomic
def enter(
    row: Registration, *, on: date, minutes: int, reason: str, by: User, even_so: bool = False
) -> ManualHours:
    """Write hours of one person; they wait for a second person. The same again returns what is there.

    ``even_so``: these are other hours than those of a meeting of that day to which the roll says she came.
    """
    workshop, row = _locked(row)
    if row.confirmed_at is None:
        raise NotOnTheList
    if row.user_id == by.pk:
        raise OwnHours
    reason = reason.strip()
    if not reason:
        raise NeedsReason
    _refuse_day(workshop, on)
    known = row.manual_hours.exclude(state=State.REFUSED).filter(on=on, minutes=minutes, reason=reason)
    if same := known.first():
        return same
    left = settings.MANUAL_MINUTES_A_DAY - _written(row.user, on)
    if not 0 < minutes <= left:
        raise TooMuchForADay(left)
    if not even_so and came_on(row, on):
        raise DoublesMeeting
    hours = row.manual_hours.create(on=on, minutes=minutes, reason=reason, entered_by=by)
    audit.record("manual_hours.entered", hours, by=by, workshop=workshop.pk, minutes=minutes, on=str(on))
    return hours


@transaction.atomic
def approve(hours: ManualHours, *, by: User, note: str = "") -> ManualHours:
    """A second person agrees: from now on they count. A second time changes nothing."""
    hours = _locked_hours(hours)
    if hours.state == State.APPROVED:
        return hours
    if hours.state == State.REFUSED:
        raise AlreadyDecided
    _refuse_decider(hours, by)
    _decide(hours, State.APPROVED, by=by, note=note)
    workshop = hours.registration.workshop
    ledger.record(
        source=hours.ledger_source,
        project=workshop.project,
        task=workshop.theme.task,
        theme=workshop.theme,
        kind=workshop.kind,
        measure=ledger.Measure.RECEIVED,
        on=hours.on,
        minutes=hours.minutes,
        person=hours.registration.user,
        activity=activity_of(workshop),
    )
    return hours


@transaction.atomic
def refuse(hours: ManualHours, *, by: User, note: str) -> ManualHours:
    """A second person does not accept them, or no longer: they do not count. Who wrote them is told why."""
    hours = _locked_hours(hours)
    if hours.state == State.REFUSED:
        return hours
    _refuse_decider(hours, by)
    if not note.strip():
        raise NeedsNote
    _decide(hours, State.REFUSED, by=by, note=note)
    ledger.withdraw(hours.ledger_source)
    if hours.entered_by:
        staying_emails.manual_hours_refused(hours.entered_by, hours)
    return hours


@transaction.atomic
def take_back(hours: ManualHours, *, by: User) -> ManualHours:
    """Who wrote them sees a mistake and takes them back; nobody has to agree to fewer hours."""
    hours = _locked_hours(hours)
    if hours.state == State.REFUSED:
        return hours
    if hours.entered_by_id != by.pk:
        raise NotYours
    _decide(hours, State.REFUSED, by=None, note="")
    ledger.withdraw(hours.ledger_source)
    return hours


def came_on(row: Registration, on: date) -> QuerySet[Attendance]:
    """Her marks of that day in this workshop that give minutes."""
    here = row.attendances.filter(mark__in=Attendance.CAME, session__state="planned")
    return here.filter(session__start_at__date=on)


def waiting_for(user: User) -> QuerySet[ManualHours]:
    """Hours on which she can decide as a coordinator, the oldest first; not those that she wrote herself."""
    hers = Q(entered_by=user) | Q(registration__user=user)
    rows = ManualHours.objects.filter(state=State.WAITING, registration__in=_managed(user))
    return rows.exclude(hers).order_by("entered_at", "id")


def _managed(user: User) -> QuerySet[Registration]:
    return Registration.objects.managed_by(user)


def _locked(row: Registration) -> tuple[Workshop, Registration]:
    workshop = seats.lock(row.workshop)
    row = workshop.registrations.select_related("user").get(pk=row.pk)
    row.workshop = workshop
    diary.hold([row.user_id])
    return workshop, row


def _locked_hours(hours: ManualHours) -> ManualHours:
    return (
        ManualHours.objects.select_for_update(of=("self",), no_key=True)
        .select_related("registration__workshop__project", "registration__workshop__theme__task")
        .select_related("registration__user", "entered_by")
        .get(pk=hours.pk)
    )


def _refuse_day(workshop: Workshop, on: date) -> None:
    if on > timezone.localdate(timezone=WARSAW):
        raise NotInTheFuture
    if not workshop.project.starts_on <= on <= workshop.project.ends_on:
        raise OutsideTheProject(workshop.project)


def _refuse_decider(hours: ManualHours, by: User) -> None:
    if hours.registration.user_id == by.pk:
        raise OwnHours
    if hours.entered_by_id == by.pk:
        raise SamePerson


def _written(person: User, on: date) -> int:
    """Minutes written by hand for her and this day, in whatever workshop, and not refused."""
    rows = ManualHours.objects.filter(registration__user=person, on=on).exclude(state=State.REFUSED)
    return rows.aggregate(sum=Sum("minutes"))["sum"] or 0


def _decide(hours: ManualHours, state: str, *, by: User | None, note: str) -> None:
    """``by`` is None where the one who wrote them takes them back."""
    was = hours.state
    hours.state, hours.decided_by, hours.decided_at = state, by, timezone.now()
    hours.decision_note = note.strip()
    hours.save(update_fields=["state", "decided_by", "decided_at", "decision_note"])
    action = {State.APPROVED: "approved", State.REFUSED: "refused" if by else "taken_back"}[state]
    audit.record(
        f"manual_hours.{action}",
        hours,
        by=by or hours.entered_by,
        was=was,
        workshop=hours.registration.workshop_id,
        minutes=hours.minutes,
    )


def _day(day: date) -> str:
    return formats.date_format(day, "j E Y")
