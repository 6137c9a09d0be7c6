"""The trails are only ever added to, and the database itself sees to it."""

import pytest
from django.db import DatabaseError, connection, transaction

from portal import audit
from portal.models import AuditEntry, ReadEntry
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(workshop, coordinator):
    return audit.record("workshop.publish", workshop, by=coordinator, capacity=12)


def test_record_keeps_who_what_and_which(line, workshop, coordinator):
    assert list(audit.trail(workshop)) == [line]
    assert (line.actor_id, line.action, line.data) == (coordinator.pk, "workshop.publish", {"capacity": 12})


def test_record_of_the_portal_itself_has_no_actor(workshop):
    assert audit.record("workshop.close", workshop, by=None).actor_id is None


@pytest.mark.parametrize(
    "change", ["UPDATE portal_auditentry SET action = 'x'", "DELETE FROM portal_auditentry"]
)
def test_trail_cannot_be_changed_in_the_database(line, change):
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)
    assert AuditEntry.objects.get() == line


def test_readings_cannot_be_removed_but_by_retention(coordinator, migrant):
    audit.record_reading(migrant, "profile", by=coordinator, purpose="registration")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ReadEntry.objects.all().delete()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL portal.retention = 'on'")
        ReadEntry.objects.all().delete()
    assert not ReadEntry.objects.exists()


def test_record_reading_leaves_out_her_own(coordinator):
    others = [factories.make_user(), factories.make_user()]
    audit.record_reading([coordinator, *others], "roll", by=coordinator, purpose="attendance")
    assert set(ReadEntry.objects.values_list("subject_id", flat=True)) == {user.pk for user in others}
