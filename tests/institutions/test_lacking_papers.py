"""Somebody has agreed to go and lacks a paper on that day: coordinators see it wherever they see who goes."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from institutions import assistants
from institutions.models import AssistanceRequest, Assistant
from tests import factories
from tests.institutions.visits import END, START, make_visit

pytestmark = pytest.mark.django_db
SENTENCE = "The contract or volunteer agreement has run out."


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START - timedelta(days=3), tick=False) as traveller, translation.override("en"):
        yield traveller


@pytest.fixture
def job(institution, official, assistant):
    """Her contract ends the day before."""
    Assistant.objects.filter(user=assistant).update(contract_until=START.date() - timedelta(days=1))
    assistant.assistant.refresh_from_db()
    return make_visit(institution, official, assistant)[0]


@pytest.fixture
def desk(client, coordinator):
    client.force_login(coordinator)
    return client


def pages(job) -> list[str]:
    """Where coordinators see who goes, and where they see what waits."""
    return [
        reverse("work_assistance_request", args=[job.request.public_id]),
        reverse("work_assistance"),
        reverse("work_waiting"),
    ]


def test_a_coordinator_sees_which_paper_and_the_way_to_send_somebody_else(desk, job):
    replace = reverse("work_replace", args=[job.public_id])
    for address in pages(job):
        body = desk.get(address).content.decode()
        assert SENTENCE in body, address
        assert replace in body or address == reverse("work_assistance")


def test_it_is_quiet_where_the_paper_holds_or_the_meeting_has_begun(desk, job, assistant, clock):
    Assistant.objects.update(contract_until=START.date())
    for address in pages(job):
        assert SENTENCE not in desk.get(address).content.decode(), address
    Assistant.objects.update(contract_until=START.date() - timedelta(days=1))
    clock.move_to(START)
    for address in pages(job):
        assert SENTENCE not in desk.get(address).content.decode(), address


def test_the_child_protection_check_is_missed_where_minors_are(institution, official, assistant):
    ordinary = make_visit(institution, official, assistant)[0]
    later = {"start_at": START + timedelta(days=1), "end_at": END + timedelta(days=1)}
    with_minors = make_visit(institution, official, assistant, are_minors_present=True, **later)[0]
    found = assistants.lacking_papers(AssistanceRequest.objects.all())
    assert found == [with_minors]
    assert ordinary not in found


def test_a_network_sees_its_own(job, other_project):
    stranger = factories.make_staff(other_project)
    assert assistants.lacking_papers(AssistanceRequest.objects.managed_by(stranger)) == []


@pytest.mark.parametrize("page", ["work_waiting", "work_assistance"])
def test_it_takes_the_same_number_of_queries_however_many(desk, institution, official, project, page):
    counts = []
    for number in (2, 20):
        for _index in range(number):
            helper = factories.make_assistant(project, papers=False)
            make_visit(institution, official, helper.user)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(reverse(page)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
