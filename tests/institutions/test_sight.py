"""Sight is by unit: an official of another unit of the same institution finds nothing and can do nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from institutions import codes, complaints, requests, series
from institutions.models import AssistanceRequest, Official, RequestSeries, Unit
from institutions.transitions import NotYours
from portal.models import AuditEntry
from tests import factories
from tests.institutions.afterwards import make_job

BY_REQUEST = [
    "assistance_request",
    "assistance_cancel",
    "assistance_draft",
    "assistance_check",
    "assistance_send",
    "assistance_draft_delete",
    "assistance_leave_out",
    "assistance_answer",
    "assistance_change",
    "assistance_move",
    "assistance_move_back",
    "assistance_details",
    "assistance_one",
    "assistance_confirm",
    "assistance_dispute",
    "assistance_complaint",
]
BY_JOB = ["assistance_feedback", "assistance_wish"]
BY_BOTH = ["assistance_late", "assistance_absent"]


@pytest.fixture
def units(institution):
    return [Unit.objects.create(institution=institution, name=name, address="Długa 1") for name in "AB"]


@pytest.fixture
def here(institution, units):
    return factories.make_official(institution, unit=units[0])


@pytest.fixture
def next_door(institution, units):
    return factories.make_official(institution, unit=units[1])


def looks():
    return AuditEntry.objects.filter(action="request.viewed").count()


@pytest.mark.parametrize("state", [None, AssistanceRequest.State.DRAFT])
def test_another_unit_gets_404_on_every_address(
    client, institution, units, here, next_door, assistant, state
):
    job = make_job(institution, here, assistant.assistant)
    AssistanceRequest.objects.filter(pk=job.request_id).update(
        unit=units[0], state=state or job.request.state, requested_by=here
    )
    asked = job.request.public_id
    addresses = [reverse(name, args=[asked]) for name in BY_REQUEST]
    addresses += [reverse(name, args=[job.public_id]) for name in BY_JOB]
    addresses += [reverse(name, args=[asked, job.public_id]) for name in BY_BOTH]
    client.force_login(next_door)
    answers = {
        address: {client.get(address).status_code, client.post(address).status_code} - {405}
        for address in addresses
    }
    assert answers == {address: {404} for address in addresses}
    client.force_login(here)
    assert client.get(addresses[0], follow=True).status_code == 200


def test_verbs_ask_for_sight_too(institution, units, here, next_door):
    asked = factories.make_request(institution, here, unit=units[0])
    with pytest.raises(NotYours):
        requests.cancel(asked, by=next_door, reason="not_needed")
    requests.cancel(asked, by=here, reason="not_needed")


def test_meetings_of_a_series_that_went_to_another_unit_are_not_hers(
    client, institution, units, here, next_door
):
    row = RequestSeries.objects.create(institution=institution)
    first = factories.make_request(institution, here, unit=units[0], series=row)
    later = first.start_at + timedelta(days=7)
    moved = factories.make_request(
        institution, next_door, unit=units[1], series=row, start_at=later, end_at=later + timedelta(hours=1)
    )
    client.force_login(here)
    page = client.get(reverse("assistance_request", args=[first.public_id])).content.decode()
    assert str(moved.public_id) not in page
    series.cancel_following(first, by=here, reason="not_needed")
    first.refresh_from_db()
    moved.refresh_from_db()
    assert first.state == AssistanceRequest.State.CANCELLED_BY_INSTITUTION
    assert moved.state != AssistanceRequest.State.CANCELLED_BY_INSTITUTION


def test_who_has_left_reads_no_question_about_a_complaint(
    client, institution, official, assistant, coordinator
):
    job = make_job(institution, official, assistant.assistant)
    made = complaints.complain(
        job.request, by=assistant, side="assistant", category="conduct", text="Es war laut.", assignment=job
    )
    complaints.ask_other_side(made, by=coordinator, question="Was it loud?")
    client.force_login(official)
    address = reverse("complaint_view", args=[made.public_id])
    assert client.get(address).status_code == 200
    Official.objects.filter(user=official).update(ends_on=timezone.localdate() - timedelta(days=1))
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("name", ["assistance_change", "assistance_details"])
def test_forms_that_show_the_address_leave_a_line(client, institution, official, name):
    asked = factories.make_request(institution, official, address="Długa 1")
    client.force_login(official)
    assert "Długa 1" in client.get(reverse(name, args=[asked.public_id])).content.decode()
    assert looks() == 1


def test_asking_again_like_before_is_a_look(client, institution, official):
    asked = factories.make_request(institution, official, address="Długa 1")
    client.force_login(official)
    body = client.get(f"{reverse('assistance_new')}?from={asked.public_id}").content.decode()
    assert "Długa 1" in body
    assert looks() == 1


@pytest.mark.parametrize("name", ["assistance_draft", "assistance_check"])
def test_a_draft_that_is_read_leaves_a_line(client, institution, official, name):
    asked = factories.make_request(institution, official, address="Długa 1", state="draft")
    client.force_login(official)
    assert "Długa 1" in client.get(reverse(name, args=[asked.public_id])).content.decode()
    assert looks() == 1


def test_the_admin_shows_neither_the_address_nor_what_is_hard_about_it(client, administrator, official):
    asked = factories.make_request(
        official.official_seats.get().institution, official, address="Długa 1", dialect="huculski"
    )
    client.force_login(administrator)
    body = client.get(
        reverse("admin:institutions_assistancerequest_change", args=[asked.pk])
    ).content.decode()
    assert "Długa 1" not in body
    assert "huculski" not in body


@pytest.mark.parametrize("name", ["assistance_request", "assistance_confirm"])
def test_an_official_who_went_herself_does_not_read_the_code_of_her_own_hours(
    client, institution, official, assistant, name
):
    factories.make_official(institution, assistant)
    start = timezone.now() - timedelta(minutes=30)
    asked = factories.make_request(
        institution, official, state="in_progress", start_at=start, end_at=start + timedelta(hours=1)
    )
    job = factories.make_assignment(asked, assistant.assistant)
    pages = {}
    for user in (official, assistant):
        client.force_login(user)
        pages[user] = client.get(reverse(name, args=[asked.public_id])).content.decode()
    assert codes.code_of(job) in pages[official]
    assert codes.code_of(job) not in pages[assistant]
