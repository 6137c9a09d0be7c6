"""The audit finds what is wrong, each rule by itself, and nothing where all is well."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.models import Message
from projects.models import LedgerEntry
from tests import factories
from workshops import attendance, registration, tasks
from workshops.capacity_audit import findings
from workshops.models import Attendance, Registration, SeatOffer, Workshop

pytestmark = pytest.mark.django_db
State = Registration.State


def rules() -> list[str]:
    return [finding.rule for finding in findings()]


@pytest.fixture
def held(theme, trainer, migrant):
    """A session that took place, with its roll."""
    workshop = factories.make_workshop(theme=theme, trainers=[trainer], sessions=[(-1, "10:00", 90)])
    row = factories.make_registration(workshop, migrant, confirmed_at=factories.at(-5))
    attendance.mark(workshop.sessions.get(), row, Attendance.Mark.PRESENT, by=trainer)
    return workshop


def offered(**fields) -> SeatOffer:
    workshop = factories.make_workshop(capacity=1, sessions=[(14, "17:00", 60)])
    row = factories.make_registration(workshop, state=State.OFFERED)
    return SeatOffer.objects.create(
        registration=row, **{"until": timezone.now() + timedelta(days=1)} | fields
    )


def test_all_is_well(held, capsys):
    offered()
    assert rules() == []
    call_command("audit_workshops")
    assert "All is well" in capsys.readouterr().out


def test_more_people_than_places(capsys):
    workshop = factories.make_workshop(capacity=1)
    rows = [factories.make_registration(workshop) for _person in range(2)]
    assert rules() == ["places"]
    with pytest.raises(CommandError) as no:
        call_command("audit_workshops")
    assert no.value.returncode == 1
    assert f": {workshop.pk}" in capsys.readouterr().out
    rows[1].over_capacity_reason = "A chair was added"
    rows[1].save(update_fields=["over_capacity_reason"])
    assert rules() == []


def test_offered_and_taken_together_are_more_than_places():
    offer = offered()
    factories.make_registration(offer.registration.workshop)
    assert rules() == ["places"]


def test_an_offer_nobody_has_and_a_state_without_an_offer():
    offer = offered()
    SeatOffer.objects.update(state=SeatOffer.State.DECLINED, answered_at=timezone.now())
    assert rules() == ["offers"]
    SeatOffer.objects.update(state=SeatOffer.State.LIVE, answered_at=None)
    Registration.objects.filter(pk=offer.registration_id).update(
        state=State.CONFIRMED, queued_at=None, confirmed_at=timezone.now()
    )
    assert rules() == ["offers"]


def test_an_offer_for_another_number_of_places():
    offered(places=2)
    assert rules() == ["offers"]


def test_an_offer_that_was_forgotten():
    now = timezone.now()
    offered(offered_at=now - timedelta(days=2), until=now - timedelta(minutes=6))
    assert rules() == ["late offers"]


def test_a_free_place_that_nobody_is_offered():
    workshop = factories.make_workshop(capacity=2, sessions=[(14, "17:00", 60)])
    factories.make_registration(workshop, state=State.WAITLISTED)
    assert rules() == ["free places"]
    registration.promote_next(workshop)
    assert rules() == []


def test_a_priority_without_reasons_and_a_torn_party():
    workshop = factories.make_workshop(capacity=1)
    factories.make_registration(workshop)
    row = factories.make_registration(workshop, state=State.WAITLISTED, priority=1)
    assert rules() == ["ranks"]
    Registration.objects.filter(pk=row.pk).update(party=row.public_id, priority=0)
    factories.make_registration(workshop, state=State.REQUESTED, party=row.public_id)
    assert rules() == ["parties"]


def test_minutes_that_are_not_in_the_ledger(held):
    LedgerEntry.objects.filter(source__startswith="workshops.attendance").delete()
    LedgerEntry.objects.filter(source__startswith="workshops.session").delete()
    assert rules() == ["hours", "hours"]


def test_held_without_anybody(held):
    Attendance.objects.all().delete()
    assert rules() == ["hours"]


def test_reminded_twice(migrant):
    session = factories.make_workshop().sessions.get()
    moment = timezone.now()
    for number in range(2):
        Message.objects.create(
            key=f"reminder:{number}", recipient=migrant, address=migrant.email, kind="reminder",
            language="pl", subject="s", text="t", source=session.source, state="sent",
            due_at=moment, next_try_at=moment, sent_at=moment,
        )  # fmt: skip
    assert rules() == ["reminders"]


@pytest.mark.allow_error_logs
def test_the_nightly_look_calls_somebody(error_records):
    workshop = factories.make_workshop(capacity=1)
    for _person in range(2):
        factories.make_registration(workshop)
    assert tasks.audit_workshops() == 1
    assert str(workshop.pk) in error_records[-1].getMessage()


def test_the_audit_changes_nothing(held, django_assert_max_num_queries):
    offered()
    with django_assert_max_num_queries(20) as queries:
        list(findings())
    assert all(query["sql"].lstrip().startswith("SELECT") for query in queries.captured_queries)
    assert Workshop.objects.count() == 2
