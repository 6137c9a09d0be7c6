"""Who did what to which object, and who read whose record and why. Called inside the verb's transaction."""

from django.db import models

from portal.models import AuditEntry, ReadEntry, User


def record(action: str, thing: models.Model, *, by: User | None, **data) -> AuditEntry:
    """Add a line to the trail. ``data``: ids, states and figures only, never names or free text."""
    return AuditEntry.objects.create(
        actor_id=by.pk if by else None,
        action=action,
        object_type=thing._meta.label_lower,
        object_id=thing.pk,
        data=data,
    )


def trail(thing: models.Model) -> models.QuerySet[AuditEntry]:
    """The trail of one object, the newest line first."""
    return AuditEntry.objects.filter(object_type=thing._meta.label_lower, object_id=thing.pk)


def record_reading(subjects: list[User] | User, what: str, *, by: User, purpose: str) -> None:
    """Somebody opened personal records of others; her own are not noted."""
    people = [subjects] if isinstance(subjects, User) else subjects
    ReadEntry.objects.bulk_create(
        ReadEntry(actor_id=by.pk, subject_id=person.pk, what=what, purpose=purpose)
        for person in people
        if person.pk != by.pk
    )
