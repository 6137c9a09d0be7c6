"""When an assistant can be asked: her week, hours of one day, her days off, and when she is free next."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import new_people
from institutions.assistants import refuse_stranger
from institutions.free_time import hours_of
from institutions.models import Assignment, Assistant, Availability, AvailabilityException, ExtraHours
from portal import audit
from portal.clock import WARSAW, local
from portal.models import DiaryEntry, User
from portal.refusals import Refused

#: How far ahead a free hour is looked for.
DAYS_AHEAD = 14
FREE = timedelta(hours=1)


class DaysTheWrongWayRound(Refused):
    sentence = _("The last day is before the first one.")
    field = "ends_on"


class HoursTheWrongWayRound(Refused):
    sentence = _("The end must be after the start.")
    field = "ends"


class HoursAreOver(Refused):
    sentence = _("These hours are over.")
    field = "day"


class DayIsOff(Refused):
    sentence = _("You have this day off. Please remove it from your days off first.")
    field = "day"


class DaysAreOver(Refused):
    sentence = _("These days are over.")
    field = "ends_on"


@transaction.atomic
def change_week(
    assistant: Assistant, *, by: User, hours: list[tuple[int, time, time]], shares_phone: bool
) -> None:
    """Put the hours of a week (weekday, from, until) in the place of the old ones."""
    refuse_stranger(assistant, by)
    assistant = Assistant.objects.select_for_update(no_key=True).get(pk=assistant.pk)
    assistant.availability.all().delete()
    Availability.objects.bulk_create(
        Availability(assistant=assistant, weekday=weekday, starts=starts, ends=ends)
        for weekday, starts, ends in hours
    )
    assistant.shares_phone = shares_phone
    assistant.save(update_fields=["shares_phone"])
    new_people.may_be_able(assistant)
    audit.record("assistant.hours_changed", assistant, by=by, rows=len(hours), shares_phone=shares_phone)


@transaction.atomic
def add_hours(assistant: Assistant, *, by: User, day: date, starts: time, ends: time) -> ExtraHours:
    """She can be asked for these hours too, on that day only. Days off go before them."""
    refuse_stranger(assistant, by)
    if ends <= starts:
        raise HoursTheWrongWayRound
    if local(day, ends) <= timezone.now():
        raise HoursAreOver
    assistant = Assistant.objects.select_for_update(no_key=True).get(pk=assistant.pk)
    if assistant.exceptions.filter(starts_on__lte=day, ends_on__gte=day).exists():
        raise DayIsOff
    hours, is_new = assistant.extra_hours.get_or_create(day=day, starts=starts, ends=ends)
    if is_new:
        new_people.may_be_able(assistant)
        audit.record("assistant.extra_hours", assistant, by=by, day=str(day))
    return hours


@transaction.atomic
def drop_hours(hours: ExtraHours, *, by: User) -> None:
    """A job she agreed to in these hours stays hers until she withdraws."""
    refuse_stranger(hours.assistant, by)
    audit.record("extra_hours.dropped", hours, by=by, assistant=hours.assistant_id, day=str(hours.day))
    hours.delete()


@transaction.atomic
def take_days_off(assistant: Assistant, *, by: User, starts_on: date, ends_on: date) -> AvailabilityException:
    """No offers for these days. A job she agreed to before stays hers until she withdraws."""
    refuse_stranger(assistant, by)
    if ends_on < starts_on:
        raise DaysTheWrongWayRound
    if ends_on < timezone.localdate():
        raise DaysAreOver
    Assistant.objects.select_for_update(no_key=True).get(pk=assistant.pk)
    days, is_new = AvailabilityException.objects.get_or_create(
        assistant=assistant, starts_on=starts_on, ends_on=ends_on
    )
    if is_new:
        audit.record("assistant.days_off", assistant, by=by, starts_on=str(starts_on), ends_on=str(ends_on))
    return days


@transaction.atomic
def drop_days_off(days: AvailabilityException, *, by: User) -> None:
    refuse_stranger(days.assistant, by)
    audit.record("days_off.dropped", days, by=by, assistant=days.assistant_id, starts_on=str(days.starts_on))
    days.delete()
    new_people.may_be_able(days.assistant)


def jobs_in(days: AvailabilityException) -> int:
    """How many jobs she has agreed to that begin on these days."""
    first, after = local(days.starts_on, time.min), local(days.ends_on + timedelta(days=1), time.min)
    return Assignment.objects.filter(
        assistant=days.assistant_id,
        state=Assignment.State.ACTIVE,
        request__start_at__gte=max(first, timezone.now()),
        request__start_at__lt=after,
    ).count()


def next_free(assistants: Iterable[Assistant]) -> dict[int, datetime | None]:
    """By the key of each assistant when she is free next for an hour; None: not within two weeks.

    ``assistants`` with availability, extra hours and exceptions at hand; one query for all diaries.
    """
    assistants = list(assistants)
    now = timezone.now()
    entries = DiaryEntry.objects.firm().filter(
        user__in=[row.user_id for row in assistants], is_exclusive=True
    )
    busy: dict[int, list[tuple[datetime, datetime]]] = {row.user_id: [] for row in assistants}
    for entry in entries.touching(now, now + timedelta(days=DAYS_AHEAD + 1)).order_by("busy", "id"):
        busy[entry.user_id].append((entry.busy.lower, entry.busy.upper))
    return {row.pk: _first_gap(row, busy[row.user_id], now) for row in assistants}


def _first_gap(assistant: Assistant, busy: list[tuple[datetime, datetime]], now: datetime) -> datetime | None:
    today = timezone.localtime(now, WARSAW).date()
    for day in (today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD + 1)):
        if any(off.starts_on <= day <= off.ends_on for off in assistant.exceptions.all()):
            continue
        for hours in hours_of(day, assistant.availability.all(), assistant.extra_hours.all()):
            free_from, until = max(local(day, hours.starts), now), local(day, hours.ends)
            for start, end in busy:
                if start < free_from + FREE and free_from < end:
                    free_from = end
            if free_from + FREE <= until:
                return free_from
    return None
