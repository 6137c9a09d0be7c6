"""The level of Polish: as she gives it, and as it was found in a test or a talk (domain.md B1.2, B1.3)."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants import profile
from participants.models import LanguageSkill
from portal import audit
from portal.models import User
from portal.refusals import Refused
from workshops import registration
from workshops.models import Placement, Registration, Workshop


class LevelMissing(Refused):
    sentence = _("Please choose the level that you found.")
    field = "placed_level"


class NotYetFound(Refused):
    sentence = _("A level cannot be found on a day to come.")
    field = "placed_on"


def declare(row: Registration, *, level: str, script: str, by: User) -> Placement:
    """She says herself how much Polish she knows. The same twice is one row."""
    last = newest_of([row.user_id]).get(row.user_id)
    if last and (last.self_declared, last.latin_script) == (level, script) and not last.placed_level:
        return last
    new = Placement.objects.create(
        user_id=row.user_id, registration=row, self_declared=level, latin_script=script
    )
    audit.record("placement.declared", new, by=by, level=level)
    return new


@transaction.atomic
def place(
    row: Registration,
    *,
    by: User,
    placed_level: str,
    test_score: int | None = None,
    interview_level: str = "",
    latin_script: str = "",
    placed_on: date | None = None,
) -> Placement:
    """Write down the level that was found. Earlier rows stay; the newest counts.

    The same level again with the same figures is harmless. Her profile shows the level as verified.
    """
    today = timezone.localdate()
    if placed_level not in Workshop.Level.values:
        raise LevelMissing
    if placed_on and placed_on > today:
        raise NotYetFound
    registration.lock(row.workshop)
    last = newest_of([row.user_id]).get(row.user_id)
    facts = {
        "placed_level": placed_level,
        "test_score": test_score,
        "interview_level": interview_level,
        "latin_script": latin_script or (last.latin_script if last else ""),
        "placed_on": placed_on or today,
        "placed_by": by,
    }
    if last and all(getattr(last, name) == value for name, value in facts.items()):
        return last
    declared = last.self_declared if last else ""
    new = Placement.objects.create(user_id=row.user_id, registration=row, self_declared=declared, **facts)
    audit.record("placement.made", new, by=by, level=placed_level, registration=row.pk)
    spoken = placed_level.rstrip("+")
    if spoken in LanguageSkill.Level.values:  # a profile knows whole levels, and none below A1
        profile.verify_language(row.user, "pl", spoken=spoken, by=by, on=facts["placed_on"])
    return new


def newest_of(users: Iterable[int]) -> dict[int, Placement]:
    """The row that counts of each of these people (by number), in one query."""
    rows = Placement.objects.filter(user__in=users).select_related("placed_by")
    return {row.user_id: row for row in rows.order_by("user_id", "-created_at", "-id").distinct("user_id")}


def attach(rows: list[Registration]) -> None:
    """Give each registration its person's ``placement``, or None: one query for all."""
    newest = newest_of({row.user_id for row in rows})
    for row in rows:
        row.placement = newest.get(row.user_id)
