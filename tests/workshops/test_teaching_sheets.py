"""A trainer's month: what counts, who gets which file."""

import io
from datetime import date, datetime

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from portal.clock import WARSAW
from portal.models import AuditEntry
from projects.models import Project
from tests import factories
from workshops import attendance, teaching_sheets

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2026, 11, 10, 9, 0, tzinfo=WARSAW), tick=False) as traveller:
        yield traveller


@pytest.fixture
def taught(theme, trainer, migrant, clock):
    """Two meetings of which one was held and marked, one was not marked, and one of December."""
    sessions = [(1, "17:00", 120), (2, "17:00", 90), (30, "17:00", 60)]
    workshop = factories.make_workshop(theme=theme, trainers=[trainer], sessions=sessions)
    place = factories.make_registration(workshop, migrant)
    first = workshop.sessions.order_by("start_at").first()
    first.break_minutes = 15
    first.save(update_fields=["break_minutes"])
    clock.move_to(datetime(2026, 12, 20, 9, 0, tzinfo=WARSAW))
    attendance.mark(first, place, mark="present", by=trainer)
    return workshop


def url(trainer, form):
    return reverse("work_teaching_file", args=[trainer.public_id, form]) + "?month=2026-11"


def test_a_month_counts_what_took_place_and_shows_what_is_not_marked(taught, trainer):
    month = teaching_sheets.month_of(trainer, NOVEMBER)
    assert (len(month.held), len(month.waiting), month.minutes) == (1, 1, 105)


def test_who_does_not_lead_has_nothing(taught, coordinator):
    assert teaching_sheets.month_of(coordinator, NOVEMBER).held == []


def test_a_coordinator_gets_what_was_led_in_her_projects_alone(taught, trainer, other_project):
    none = Project.objects.filter(pk=other_project.pk)
    assert teaching_sheets.month_of(trainer, NOVEMBER, projects=none).held == []
    assert list(teaching_sheets.trainers_of(none, NOVEMBER)) == []


@pytest.mark.parametrize("language", ["pl", "uk", "ar"])
def test_the_sheet_is_a_pdf(taught, trainer, language):
    trainer.language = language
    assert teaching_sheets.pdf(teaching_sheets.month_of(trainer, NOVEMBER)).startswith(b"%PDF")


def test_the_spreadsheet_has_minutes_and_teaching_hours(client, taught, trainer):
    client.force_login(trainer)
    book = load_workbook(io.BytesIO(client.get(url(trainer, "xlsx")).content))
    row = next(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert (row[0], row[5], row[6], row[7]) == (datetime(2026, 11, 11), 15, 105, 2.33)
    line = AuditEntry.objects.get(action="teaching.downloaded")
    assert (line.data["rows"], line.data["month"], len(line.data["hash"])) == (1, "2026-11", 64)


def test_files_are_for_the_trainer_and_her_coordinators(
    client, taught, trainer, coordinator, other_project, migrant
):
    answers = {}
    for user in (trainer, coordinator, factories.make_staff(other_project), migrant):
        client.force_login(user)
        answers[user] = client.get(url(trainer, "pdf")).status_code
    assert list(answers.values()) == [200, 200, 404, 404]


def test_the_page_shows_the_month(client, taught, trainer, coordinator):
    client.force_login(trainer)
    page = client.get(reverse("work_teaching") + "?month=2026-11").content.decode()
    assert url(trainer, "pdf") in page
    assert reverse("work_roll", args=[taught.sessions.order_by("start_at")[1].pk]) in page
    client.force_login(coordinator)
    assert url(trainer, "xlsx") in client.get(reverse("work_teaching") + "?month=2026-11").content.decode()
    assert client.get(reverse("work_teaching") + "?month=x").status_code == 404
