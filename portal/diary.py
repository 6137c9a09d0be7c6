"""The diary: every dated commitment of a person, written by the verbs of the apps in their own transaction.

From it come my page, the calendar, the overlap check, an assistant's free time, and the reminders. The diary
knows no app: an entry carries its own title, place and link.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import messages
from portal.clock import WARSAW, local
from portal.models import DiaryEntry, Message, User
from portal.refusals import Refused

#: Nobody is reminded earlier than this.
LONGEST_NOTICE = timedelta(days=8)

Kind = DiaryEntry.Kind
State = DiaryEntry.State


class DoubleBooked(Refused):
    sentence = _("You already have something else at that time.")


@dataclass(frozen=True)
class Appointment:
    """What an entry says, the same for everybody it concerns. Texts by language."""

    source: str
    kind: str
    start_at: datetime
    end_at: datetime
    title: dict[str, str]
    place: dict[str, str] = field(default_factory=dict)
    path: str = ""
    cancel_path: str = ""
    remind_minutes: list[int] = field(default_factory=list)
    buffer_before: int = 0
    buffer_after: int = 0
    #: Of its public calendar entry: a person's own is never older, or her calendar would pass it over.
    revision: int = 0

    @property
    def busy(self) -> tuple[datetime, datetime]:
        return (
            self.start_at - timedelta(minutes=self.buffer_before),
            self.end_at + timedelta(minutes=self.buffer_after),
        )

    def columns(self) -> dict:
        own = {"source", "revision"}
        return {name: getattr(self, name) for name in self.__dataclass_fields__ if name not in own} | {
            "busy": self.busy
        }


def put(
    user: User, appointment: Appointment, *, state: str = State.FIRM, is_exclusive: bool = True
) -> DiaryEntry:
    """Enter an appointment for a person; a second time updates it.

    Raises DoubleBooked where the database already holds another firm, exclusive entry at that time.
    """
    if state == State.FIRM and is_exclusive:
        hold([user.pk])
    entry = DiaryEntry.objects.filter(user=user, source=appointment.source).first()
    columns = appointment.columns() | {"state": state, "is_exclusive": is_exclusive}
    try:
        with transaction.atomic():
            if entry is None:
                return DiaryEntry.objects.create(
                    user=user, source=appointment.source, revision=appointment.revision, **columns
                )
            if entry.start_at != appointment.start_at or entry.state != state:
                entry.noted_at = timezone.now()
            for name, value in columns.items():
                setattr(entry, name, value)
            entry.revision = max(entry.revision + 1, appointment.revision)
            entry.save()
            return entry
    except IntegrityError as error:
        if "diary_no_double_booking" in str(error):
            raise DoubleBooked from None
        raise


def hold(user_ids: Iterable[int]) -> None:
    """Lock the diaries of these people until the transaction ends, always in the same order.

    Whoever books for several people calls it for all of them first. Without it two bookings that exclude each
    other would wait for one another, as each is inserted before the constraint is checked: a deadlock.
    """
    people = User.objects.filter(pk__in=set(user_ids)).order_by("pk")
    list(people.select_for_update(no_key=True).values_list("pk"))


def put_all(
    appointments: Iterable[Appointment], users: Iterable[User], *, is_exclusive: bool = True
) -> list[User]:
    """Enter appointments that do not overlap one another for people who are in it: new dates of a course.

    Nobody is refused: an entry that overlaps something else of the person does not keep others away, and she
    is among those returned. The number of queries does not grow with the people.
    """
    appointments, people = list(appointments), {user.pk: user for user in users}
    if not appointments or not people:
        return []
    hold(people)
    clashing = _clashing(appointments, people) if is_exclusive else set()
    here = DiaryEntry.objects.filter(
        user__in=people, source__in=[appointment.source for appointment in appointments]
    )
    known = {(user, source): pk for user, source, pk in here.values_list("user", "source", "pk")}
    if known:
        exclusive = [pk for pair, pk in known.items() if is_exclusive and pair not in clashing]
        _rewrite(here, appointments, exclusive, state=State.FIRM)
    DiaryEntry.objects.bulk_create(
        DiaryEntry(
            user_id=user,
            source=appointment.source,
            revision=appointment.revision,
            state=State.FIRM,
            is_exclusive=is_exclusive and (user, appointment.source) not in clashing,
            **appointment.columns(),
        )
        for user in people
        for appointment in appointments
        if (user, appointment.source) not in known
    )
    return [people[pk] for pk in sorted({user for user, _source in clashing})]


def refresh(appointment: Appointment) -> list[User]:
    """The appointment has changed (moved, renamed): update it for everybody. Returns whom it overlaps now."""
    return refresh_all([appointment])


def refresh_all(appointments: Iterable[Appointment]) -> list[User]:
    """Several appointments have changed together, and do not overlap one another.

    A move is never blocked by other plans of one person: her entry stays, not exclusive, and she is told.
    Reminders still waiting are taken back: what the diary says now is what people will read. The news of an
    earlier change is not: a new title does not make it untrue, and whoever moves an appointment silences it.
    """
    appointments = list(appointments)
    entries = DiaryEntry.objects.standing().filter(
        source__in=[appointment.source for appointment in appointments]
    )
    hold(entries.values_list("user", flat=True))
    here = list(entries.values_list("pk", "user", "source", "is_exclusive"))
    if not here:
        return []
    concerned = {(user, source) for _pk, user, source, _is_exclusive in here}
    clashing = _clashing(appointments, {user for user, _source in concerned}) & concerned
    exclusive = [pk for pk, user, source, was in here if was and (user, source) not in clashing]
    _rewrite(entries, appointments, exclusive)
    # After the update: it waits for a reminder of the old time that is just being written.
    for appointment in appointments:
        messages.take_back_reminders(source=appointment.source)
    overlapped = {user for user, _source in clashing}
    return list(User.objects.filter(pk__in=overlapped).order_by("pk")) if overlapped else []


def _clashing(appointments: list[Appointment], user_ids: Iterable[int]) -> set[tuple[int, str]]:
    """Who has something else, firm and exclusive, at the time of which appointment. The diaries are held."""
    first, last = min(a.busy[0] for a in appointments), max(a.busy[1] for a in appointments)
    others = DiaryEntry.objects.firm().filter(user__in=user_ids, is_exclusive=True).touching(first, last)
    others = others.exclude(source__in=[appointment.source for appointment in appointments])
    return {
        (user, appointment.source)
        for user, busy in others.values_list("user", "busy")
        for appointment in appointments
        if busy.lower < appointment.busy[1] and appointment.busy[0] < busy.upper
    }


def _rewrite(entries, appointments: list[Appointment], exclusive: list[int], **columns) -> None:
    """Bring entries up to date. None keeps others away meanwhile: a row that moves by a week would stand in
    its own way.
    """
    pks = list(entries.values_list("pk", flat=True))
    rows = DiaryEntry.objects.filter(pk__in=pks)
    rows.update(is_exclusive=False)
    now = timezone.now()
    for appointment in appointments:
        row = rows.filter(source=appointment.source)
        row.exclude(start_at=appointment.start_at, **columns).update(noted_at=now)
        revision = Greatest(F("revision") + 1, appointment.revision)
        row.update(**appointment.columns(), **columns, revision=revision, updated_at=now)
    rows.filter(pk__in=exclusive).update(is_exclusive=True)


def drop(source: str, *, user: User | None = None) -> int:
    """Call an entry off, for one person or for everybody. The row stays, so that calendars learn of it."""
    return drop_all([source], user=user)


def drop_all(sources: Iterable[str], *, user: User | None = None) -> int:
    """Call off everything that comes from these sources."""
    sources = list(sources)
    entries = DiaryEntry.objects.standing().filter(source__in=sources)
    if user is not None:
        entries = entries.filter(user=user)
    called_off = entries.update(state=State.CALLED_OFF, revision=F("revision") + 1, updated_at=timezone.now())
    # After the update: it waits for a reminder that is just being written.
    for source in sources:
        messages.silence(source=source, recipient=user)
    return called_off


def overlaps(user: User, start: datetime, end: datetime, *, except_source: str = "") -> list[DiaryEntry]:
    """The person's firm, exclusive entries that overlap ``[start, end)``, for a page or a guard."""
    entries = DiaryEntry.objects.firm().filter(user=user, is_exclusive=True).touching(start, end)
    return list(entries.exclude(source=except_source).order_by("start_at", "id"))


def queue_due_reminders(now: datetime | None = None) -> int:
    """Queue the reminders whose time has come. Returns how many.

    Each start of an entry has its own reminders: a moved entry is reminded of anew, a called-off one never.
    A reminder that could not be queued in time (nothing ran) goes out late, as long as it is still of use:
    an earlier one is skipped once a later one is due. Whoever enters an appointment later than a reminder's
    moment has just been told of it and is not reminded at once.
    """
    now = now or timezone.now()
    by_herself = Q(user__email__isnull=False)
    by_guardian = Q(user__email__isnull=True, user__guardian__email__isnull=False)
    muted = Q(by_herself, user__contact_preference__muted_kinds__contains=["reminder"])
    muted |= Q(by_guardian, user__guardian__contact_preference__muted_kinds__contains=["reminder"])
    entries = (
        DiaryEntry.objects.firm()
        .filter(start_at__gt=now, start_at__lte=now + LONGEST_NOTICE)
        .filter(by_herself | by_guardian, user__is_active=True)
        .exclude(remind_minutes=[])
        .exclude(muted)
        .select_related("user__guardian")
        .order_by("start_at", "id")
    )
    due = {}
    for entry in entries:
        moments = {m: reminder_moment(entry.start_at, m) for m in entry.remind_minutes}
        past = [m for m, moment in moments.items() if entry.noted_at <= moment <= now]
        if past:
            due[_reminder_key(entry, min(past))] = (entry, min(past))
    known = set(Message.objects.filter(key__in=due).values_list("key", flat=True))
    queued = [remind(entry, minutes) for key, (entry, minutes) in due.items() if key not in known]
    return len([message for message in queued if message])


@transaction.atomic
def remind(entry: DiaryEntry, minutes_before: int) -> Message | None:
    """Queue one reminder of one entry; doing it twice is harmless.

    The entry is locked, so that whoever changes it comes before, and nothing is queued, or after, and
    silences it.
    """
    as_read = DiaryEntry.objects.firm().filter(pk=entry.pk, noted_at=entry.noted_at, start_at=entry.start_at)
    if not as_read.select_for_update(no_key=True).exists():
        return None
    return messages.queue(
        entry.user,
        kind="reminder",
        key=_reminder_key(entry, minutes_before),
        template="portal/messages/reminder",
        context={"entry": entry},
        due_at=reminder_moment(entry.start_at, minutes_before),
        useless_after=entry.start_at,
        source=entry.source,
    )


def reminder_moment(start: datetime, minutes_before: int) -> datetime:
    """Whole days before are days of the calendar: at the same hour, also over the night of a clock change."""
    days, minutes = divmod(minutes_before, 24 * 60)
    here = timezone.localtime(start, WARSAW)
    same_hour = local(here.date() - timedelta(days=days), here.time())
    return same_hour.astimezone(UTC) - timedelta(minutes=minutes)


def _reminder_key(entry: DiaryEntry, minutes_before: int) -> str:
    """Each time that an entry was given has reminders of its own, even a time it had once before."""
    return f"reminder:{entry.source}:{entry.user_id}:{entry.noted_at:%Y%m%dT%H%M%S%f}:{minutes_before}m"
