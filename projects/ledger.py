"""The ledger: verbs record every unit of support in their own transaction; recording twice is one entry."""

import hashlib
import hmac
from datetime import date

from django.conf import settings

from participants.models import Participant
from portal.models import User
from projects.models import BudgetTask, LedgerEntry, Project, Theme

Kind = LedgerEntry.Kind
Measure = LedgerEntry.Measure
Role = LedgerEntry.Role


def beneficiary_key(project: Project, user: User) -> str:
    """HMAC of the person under the project's key: counts her once per project, names her to nobody."""
    project_key = hmac.digest(settings.LEDGER_KEY.encode(), f"project:{project.pk}".encode(), "sha256")
    return hmac.new(project_key, str(user.public_id).encode(), hashlib.sha256).hexdigest()


def record(
    *,
    source: str,
    project: Project,
    task: BudgetTask,
    kind: str,
    measure: str,
    on: date,
    minutes: int,
    theme: Theme | None = None,
    person: User | None = None,
    people: int = 1,
    role: str = Role.MIGRANT,
    activity: str = "",
    partner: str = "",
) -> LedgerEntry:
    """Write, or rewrite, the entry of ``source``. Minutes are clock minutes without breaks.

    The characteristics of ``person`` are kept as they were when the entry was first written.
    """
    fields = {
        "project": project,
        "task": task,
        "theme": theme,
        "kind": kind,
        "measure": measure,
        "on": on,
        "minutes": minutes,
        "people": people,
        "role": role,
        "activity": activity,
        "partner": partner,
        "beneficiary_key": beneficiary_key(project, person) if person else "",
    }
    entry, _created = LedgerEntry.objects.update_or_create(
        source=source,
        defaults=fields,
        create_defaults=fields | (_characteristics(person, on) if person else {}),
    )
    return entry


def withdraw(source: str) -> None:
    """It did not happen after all: take the entry out."""
    LedgerEntry.objects.filter(source=source).delete()


def _characteristics(person: User, on: date) -> dict[str, str]:
    participant = Participant.objects.filter(user=person).first()
    if participant is None:
        return {}
    return {
        "gender": participant.gender,
        "age_band": participant.age_band(on),
        "citizenship_group": participant.citizenship_group,
        "county": participant.county,
    }
