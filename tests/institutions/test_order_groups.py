"""The order's page: short at first, and nothing folded away that somebody has set or got wrong."""

import pytest
import time_machine

from tests.institutions.orders import NOW
from tests.institutions.test_official_pages import form

pytestmark = pytest.mark.django_db
NEW = "/en/assistance/new/"


@pytest.fixture
def page(client, official):
    client.force_login(official)
    with time_machine.travel(NOW, tick=False):
        yield client


def folds(response) -> dict:
    """By a field of each fold."""
    groups = response.context["form"].groups
    rows = [(fold, row) for group in groups for fold in group["folds"] for row in fold.rows]
    return {field.name: fold for fold, row in rows for field in row}


def opened(response) -> set[str]:
    names = ["level", "urgency", "repeat", "mode_2", "role", "gender_preference", "briefing"]
    return {name for name in names if folds(response)[name].is_open}


def test_a_new_order_shows_only_what_most_people_need(page):
    response = page.get(NEW)
    assert opened(response) == set()
    assert folds(response)["urgency"].now == "planned, at least 2 working days ahead"
    shown = {
        field.name for group in response.context["form"].groups for row in group["rows"] for field in row
    }
    assert {"language", "start_on", "starts", "minutes", "mode_1", "town", "subject"} <= shown


def test_every_field_of_the_order_has_its_place(page):
    response = page.get(NEW)
    order = response.context["form"]
    placed = {field.name for group in order.groups for row in group["rows"] for field in row}
    asked = {field.name for field in order.visible_fields()}
    assert asked - placed - folds(response).keys() == set()


@pytest.mark.parametrize(
    ("fields", "name", "words"),
    [
        ({"level": "C1"}, "level", "C1: talks about hard matters too"),
        ({"urgency": "urgent"}, "urgency", "urgent, today or tomorrow"),
        ({"mode_2": "phone"}, "mode_2", "phone"),
        ({"sensitivities": ["trauma"], "is_signed_or_certified": "on"}, "role", "hard experiences, trauma"),
        ({"gender_preference": "woman"}, "gender_preference", "a woman"),
        ({"people_count": "1"}, "briefing", "How many people come, without you? 1"),
    ],
)
def test_what_differs_from_the_usual_opens_its_group_and_says_so(page, institution, fields, name, words):
    response = page.post(NEW, form(institution, language="", **fields))
    assert opened(response) == {name}
    assert words in folds(response)[name].now


def test_a_day_that_is_too_near_opens_the_urgency(page, institution):
    response = page.post(NEW, form(institution, start_on="2026-11-25"))
    assert "choose urgent" in response.content.decode()
    assert opened(response) == {"urgency"}


def test_an_error_opens_the_group_in_which_it_stands(page, institution):
    response = page.post(NEW, form(institution, subject="police_court"))
    assert opened(response) == {"role"}


def test_errors_are_told_in_the_order_of_the_page(page, institution):
    response = page.post(NEW, form(institution, language="", subject="", start_on=""))
    assert list(response.context["form"].errors) == ["language", "start_on", "subject"]
