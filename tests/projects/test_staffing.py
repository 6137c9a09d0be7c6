from datetime import timedelta

import pytest
from django.utils import timezone

from portal.models import AuditEntry, Message, User
from projects import staffing
from projects.access import is_coordinator, is_trainer
from projects.models import ProjectStaff
from tests import factories


def test_appoint_gives_the_role_and_tells_the_person(project, coordinator, outsider):
    row = staffing.appoint(project, email="Outsider@example.org ", role="trainer", by=coordinator)
    assert row.user == outsider
    assert is_trainer(outsider)
    assert not is_coordinator(outsider)
    message = Message.objects.get(recipient=outsider)
    assert project.title_pl in message.subject
    assert "http" in message.text


def test_appoint_leaves_a_trail_without_names(project, coordinator, outsider):
    staffing.appoint(project, email=outsider.email, role="trainer", by=coordinator)
    entry = AuditEntry.objects.get(action="projects.appointed")
    assert entry.actor_id == coordinator.pk
    assert entry.data == {"project": project.pk, "user": outsider.pk, "role": "trainer"}


def test_appoint_twice_is_once(project, coordinator, outsider):
    for _time in range(2):
        staffing.appoint(project, email=outsider.email, role="trainer", by=coordinator)
    assert ProjectStaff.objects.filter(user=outsider).count() == 1
    assert Message.objects.filter(recipient=outsider).count() == 1


def test_appoint_unknown_person_makes_her_known(project, coordinator):
    row = staffing.appoint(
        project,
        email="new@example.org",
        full_name="Łucja Nowa",
        role="trainer",
        by=coordinator,
        language="uk",
    )
    assert row.user.full_name == "Łucja Nowa"
    assert row.user.language == "uk"
    assert not row.user.has_usable_password()


def test_appoint_unknown_person_without_a_name_is_refused(project, coordinator):
    with pytest.raises(staffing.NameMissing):
        staffing.appoint(project, email="new@example.org", role="trainer", by=coordinator)
    assert not User.objects.filter(email="new@example.org").exists()


def test_appoint_closed_account_is_refused(project, coordinator, outsider):
    outsider.is_active = False
    outsider.save(update_fields=["is_active"])
    with pytest.raises(staffing.AccountClosed):
        staffing.appoint(project, email=outsider.email, role="trainer", by=coordinator)


def test_end_takes_the_role_away_at_once(project, coordinator, trainer):
    row = staffing.end(ProjectStaff.objects.get(user=trainer), by=coordinator)
    assert not is_trainer(trainer)
    assert row.ends_on == timezone.localdate() - timedelta(days=1)
    assert Message.objects.filter(recipient=trainer).count() == 1
    assert AuditEntry.objects.filter(action="projects.role_ended", actor_id=coordinator.pk).count() == 1


def test_end_twice_is_once(project, coordinator, trainer):
    for _time in range(2):
        staffing.end(ProjectStaff.objects.get(user=trainer), by=coordinator)
    assert Message.objects.filter(recipient=trainer).count() == 1


def test_end_last_coordinator_is_refused(project, coordinator):
    with pytest.raises(staffing.LastCoordinator):
        staffing.end(ProjectStaff.objects.get(user=coordinator), by=coordinator)
    assert is_coordinator(coordinator)


def test_end_one_of_two_coordinators_is_allowed(project, coordinator):
    other = factories.make_staff(project)
    staffing.end(ProjectStaff.objects.get(user=coordinator), by=other)
    assert not is_coordinator(coordinator)
    assert is_coordinator(other)


def test_appoint_again_after_the_end_is_a_new_row(project, coordinator, trainer):
    staffing.end(ProjectStaff.objects.get(user=trainer), by=coordinator)
    staffing.appoint(project, email=trainer.email, role="trainer", by=coordinator)
    assert is_trainer(trainer)
    assert ProjectStaff.objects.filter(user=trainer).count() == 2
