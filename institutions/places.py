"""Units of an institution: where they are, how to get in, when they are open, and that one is closed."""

from collections.abc import Iterable
from datetime import time
from itertools import pairwise

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.client_data import refuse_identifiers
from institutions.models import Institution, OpeningHours, Unit
from institutions.officials import lock, refuse_other_keepers
from portal import audit
from portal.models import User
from portal.refusals import Refused

#: Where somebody could write about a client by mistake; numbers of the office itself belong there.
FREE_TEXTS = ("access", "parking", "site_rules")


class WrongHours(Refused):
    sentence = _("The hours of one day must not overlap, and each must end after it begins.")


class UnitIsClosed(Refused):
    sentence = _("This unit is closed. Open it again to change it.")


@transaction.atomic
def change_institution(institution: Institution, *, by: User, **facts) -> Institution:
    """Its name, kind, town and what languages are met there."""
    institution = lock(institution)
    refuse_other_keepers(institution, by)
    changed = _set(institution, facts)
    if changed:
        audit.record("institution.changed", institution, by=by, fields=changed)
    return institution


@transaction.atomic
def add_unit(institution: Institution, *, by: User, **facts) -> Unit:
    institution = lock(institution)
    refuse_other_keepers(institution, by)
    refuse_identifiers({name: facts.get(name, "") for name in FREE_TEXTS}, is_checked=True)
    same = institution.units.open().filter(name_pl=facts["name_pl"], address=facts.get("address", "")).first()
    if same:
        return same
    unit = Unit.objects.create(institution=institution, **facts)
    audit.record("unit.added", unit, by=by, institution=institution.pk)
    return unit


@transaction.atomic
def change_unit(unit: Unit, *, by: User, **facts) -> Unit:
    unit = _lock(unit, by)
    if unit.closed_at:
        raise UnitIsClosed
    refuse_identifiers({name: facts.get(name, "") for name in FREE_TEXTS}, is_checked=True)
    changed = _set(unit, facts)
    if changed:
        audit.record("unit.changed", unit, by=by, fields=changed)
    return unit


@transaction.atomic
def set_opening_hours(unit: Unit, hours: Iterable[tuple[int, time, time]], *, by: User) -> Unit:
    """The hours of a whole week, (weekday, from, until) each; they replace those of before."""
    unit = _lock(unit, by)
    if unit.closed_at:
        raise UnitIsClosed
    hours = sorted(set(hours))
    is_overlapping = any(
        day == next_day and next_opens < closes
        for (day, _opens, closes), (next_day, next_opens, _closes) in pairwise(hours)
    )
    if is_overlapping or any(closes <= opens for _day, opens, closes in hours):
        raise WrongHours
    held = unit.opening_hours.order_by("weekday", "opens", "closes")
    if list(held.values_list("weekday", "opens", "closes")) == hours:
        return unit
    unit.opening_hours.all().delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(unit=unit, weekday=day, opens=opens, closes=closes) for day, opens, closes in hours
    )
    audit.record("unit.hours", unit, by=by, rows=len(hours))
    return unit


@transaction.atomic
def close_unit(unit: Unit, *, by: User) -> Unit:
    """Nobody can ask for somebody there any more; what was asked for stays."""
    unit = _lock(unit, by)
    if unit.closed_at is None:
        unit.closed_at = timezone.now()
        unit.save(update_fields=["closed_at"])
        audit.record("unit.closed", unit, by=by, institution=unit.institution_id)
    return unit


@transaction.atomic
def reopen_unit(unit: Unit, *, by: User) -> Unit:
    unit = _lock(unit, by)
    if unit.closed_at:
        unit.closed_at = None
        unit.save(update_fields=["closed_at"])
        audit.record("unit.reopened", unit, by=by, institution=unit.institution_id)
    return unit


def _lock(unit: Unit, by: User) -> Unit:
    institution = lock(unit.institution)
    refuse_other_keepers(institution, by)
    unit = Unit.objects.select_for_update(of=("self",), no_key=True).get(pk=unit.pk)
    unit.institution = institution
    return unit


def _set(thing: Institution | Unit, facts: dict) -> list[str]:
    """Save what is new; returns the names of those fields."""
    changed = sorted(name for name, value in facts.items() if getattr(thing, name) != value)
    for name in changed:
        setattr(thing, name, facts[name])
    if changed:
        thing.save(update_fields=changed)
    return changed
