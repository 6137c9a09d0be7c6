"""Today's work: what is to be done stands there as numbers with links, in a fixed number of queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import at, make_registration, make_session, make_workshop
from workshops import manual_hours, staying
from workshops.models import Attendance, Certificate, SeatOffer, SignatureSheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(theme, trainer):
    return make_workshop(theme=theme, trainers=[trainer], sessions=[(-1, "17:00", 60), (6, "17:00", 60)])


def errands_for(course, trainer, number: int = 1) -> None:
    for _person in range(number):
        row = make_registration(course, confirmed_at=at(-10))
        staying.ask_for_call(row, course.sessions.first())
        manual_hours.enter(row, on=at(-1).date(), minutes=30, reason="Lekcja", by=trainer)
        Certificate.objects.create(
            registration=row, code=f"code-{row.pk}", printed_name="x", minutes=60, planned_minutes=60,
            attended_percent=100, starts_on=at(-1).date(), ends_on=at(-1).date(), drafted_by=trainer,
        )  # fmt: skip
        waits = make_registration(course, state="offered", queued_at=timezone.now())
        SeatOffer.objects.create(registration=waits, until=at(2))


def test_coordinator_sees_what_is_to_be_done(client, course, coordinator, trainer):
    errands_for(course, trainer, 2)
    open_event = make_workshop(theme=course.theme, signup_mode="open", sessions=[(-2, "12:00", 60)])
    client.force_login(coordinator)
    page = client.get(reverse("work_today"))
    assert (page.context["calls"], page.context["by_hand"]) == (2, 2)
    found = {workshop: workshop for workshop in page.context["errands"]}
    assert (found[course].drafts, found[course].offers, found[course].uncounted) == (2, 2, 0)
    assert found[open_event].uncounted == 1
    for name in ("work_calls", "work_manual_hours_waiting"):
        assert reverse(name) in page.content.decode()


def test_trainer_sees_no_errands_of_coordinators(client, course, trainer):
    errands_for(course, trainer)
    client.force_login(trainer)
    page = client.get(reverse("work_today"))
    assert (page.context["calls"], page.context["by_hand"], page.context["errands"]) == (0, 0, [])


def test_certificates_that_she_drafted_herself_do_not_wait_for_her(client, course, coordinator):
    errands_for(course, coordinator)
    client.force_login(coordinator)
    page = client.get(reverse("work_today"))
    assert page.context["by_hand"] == 0
    assert page.context["errands"][0].drafts == 0


def test_page_takes_the_same_queries_for_few_and_many(client, theme, course, coordinator, trainer):
    client.force_login(coordinator)
    counts = []
    for number in (3, 12):
        errands_for(course, trainer, number)
        make_session(make_workshop(theme=theme, trainers=[trainer]), days=0)

        with CaptureQueriesContext(connection) as caught:
            client.get(reverse("work_today"))
        counts.append(len(caught))
    assert counts == [12, 12]


def test_lists_without_a_scan_are_numbers_of_their_own(client, course, coordinator, trainer):
    row = make_registration(course, confirmed_at=at(-10))
    make_session(course, days=-2)
    for session in course.sessions.past():
        SignatureSheet.objects.create(session=session, number=1, language="uk")
        Attendance.objects.create(session=session, registration=row, mark="present", minutes=60)
    for who in (coordinator, trainer):
        client.force_login(who)
        assert [workshop.sheets for workshop in client.get(reverse("work_today")).context["errands"]] == [2]
