"""When an assistant can be asked: her week, and her days off."""

from datetime import date, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.models import Assistant, Availability, AvailabilityException
from portal import audit
from portal.models import User
from portal.refusals import Refused


class DaysTheWrongWayRound(Refused):
    sentence = _("The last day is before the first one.")
    field = "ends_on"


class DaysAreOver(Refused):
    sentence = _("These days are over.")
    field = "ends_on"


@transaction.atomic
def change_week(
    assistant: Assistant, *, by: User, hours: list[tuple[int, time, time]], shares_phone: bool
) -> None:
    """Put the hours of a week (weekday, from, until) in the place of the old ones."""
    assistant = Assistant.objects.select_for_update(no_key=True).get(pk=assistant.pk)
    assistant.availability.all().delete()
    Availability.objects.bulk_create(
        Availability(assistant=assistant, weekday=weekday, starts=starts, ends=ends)
        for weekday, starts, ends in hours
    )
    assistant.shares_phone = shares_phone
    assistant.save(update_fields=["shares_phone"])
    audit.record("assistant.hours_changed", assistant, by=by, rows=len(hours), shares_phone=shares_phone)


@transaction.atomic
def take_days_off(assistant: Assistant, *, by: User, starts_on: date, ends_on: date) -> AvailabilityException:
    """No offers for these days. A job she agreed to before stays hers until she withdraws."""
    if ends_on < starts_on:
        raise DaysTheWrongWayRound
    if ends_on < timezone.localdate():
        raise DaysAreOver
    days, is_new = AvailabilityException.objects.get_or_create(
        assistant=assistant, starts_on=starts_on, ends_on=ends_on
    )
    if is_new:
        audit.record("assistant.days_off", assistant, by=by, starts_on=str(starts_on), ends_on=str(ends_on))
    return days


@transaction.atomic
def drop_days_off(days: AvailabilityException, *, by: User) -> None:
    audit.record("assistant.days_off_dropped", days.assistant, by=by, starts_on=str(days.starts_on))
    days.delete()
