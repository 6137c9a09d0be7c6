import re

import pytest
from django.utils import timezone

from portal import audit, messages
from portal.models import Message
from tests import factories
from workshops import registration
from workshops.models import Attendance, Registration, Workshop

pytestmark = pytest.mark.django_db
ME = "/en/me/"


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def attend(row: Registration, minutes: int) -> None:
    Attendance.objects.create(
        session=row.workshop.sessions.first(), registration=row, mark=Attendance.Mark.PRESENT, minutes=minutes
    )


# --- the home page -----------------------------------------------------------------------------------------


def test_home_shows_what_is_next_and_the_doors(client, workshop):
    for number in range(5):
        factories.make_workshop(title_en=f"Later {number}", sessions=[(20 + number, "17:00", 60)])
    page = text(client.get("/en/"))
    assert workshop.title_en in page
    assert "Later 2" in page
    assert "Later 3" not in page
    for path in ("/en/workshops/", "/en/projects/", "/en/for-institutions/"):
        assert f'class="door" href="{path}"' in page
    assert "أهلاً وسهلاً" in page


def test_home_without_workshops_says_so(client, db):
    assert "No workshop is planned at the moment" in text(client.get("/en/"))


@pytest.mark.parametrize("count", [3, 30])
def test_home_takes_the_same_number_of_queries(client, theme, django_assert_num_queries, count):
    for _number in range(count):
        factories.make_workshop(theme=theme)
    with django_assert_num_queries(2):
        client.get("/pl/")


# --- my page -----------------------------------------------------------------------------------------------


def test_my_page_shows_what_is_next(client, workshop, migrant):
    registration.register(workshop, migrant, by=migrant)
    client.force_login(migrant)
    page = text(client.get(ME))
    assert f'<a href="/en/workshops/{workshop.slug}/">{workshop.title_en}</a>' in page
    assert "ul. Cicha 1" in page
    assert f'href="/en/workshops/{workshop.slug}/cancel/"' in page
    assert "You can cancel until" in page


def test_my_page_shows_the_rank_and_the_request(client, migrant):
    full = factories.make_workshop(capacity=1)
    factories.make_registration(full)
    asked = factories.make_workshop(signup_mode=Workshop.SignupMode.BY_APPROVAL)
    for workshop in (full, asked):
        registration.register(workshop, migrant, by=migrant)
    client.force_login(migrant)
    page = text(client.get(ME))
    assert "Number 1 on the waiting list" in page
    assert "waiting for approval" in page


def test_my_page_adds_up_my_hours(client, migrant, other_migrant):
    for minutes, person in ((90, migrant), (45, migrant), (600, other_migrant)):
        attend(factories.make_registration(factories.make_workshop(), person), minutes)
    client.force_login(migrant)
    page = text(client.get(ME))
    assert "1.5 h" in page
    assert "0.75 h" in page
    assert "2.25 h" in page
    assert "10 h" not in page


def test_my_page_shows_my_messages_but_no_codes(client, workshop, migrant):
    registration.register(workshop, migrant, by=migrant)
    messages.queue_to_address(
        migrant.email, key="code", subject="Your code", text="123456", language="uk", recipient=migrant
    )
    Message.objects.update(state=Message.State.SENT, sent_at=timezone.now())
    client.force_login(migrant)
    page = text(client.get(ME))
    assert Message.objects.get(kind="registration").subject in page
    assert "Your code" not in page


def test_my_page_says_how_often_my_data_were_opened(client, migrant, coordinator):
    client.force_login(migrant)
    assert "Nobody has opened your data." in text(client.get(ME))
    audit.record_reading(migrant, "participant", by=coordinator, purpose="registrations")
    assert "this many times: 1" in text(client.get(ME))


def test_my_page_shows_nothing_of_others(client, workshop, migrant, outsider):
    registration.register(workshop, migrant, by=migrant)
    client.force_login(outsider)
    assert workshop.title_en not in text(client.get(ME))


def test_my_page_is_kept_by_no_browser(client, migrant):
    assert "/account/login/" in client.get(ME)["Location"]
    client.force_login(migrant)
    assert "no-store" in client.get(ME)["Cache-Control"]


@pytest.mark.parametrize("count", [3, 30])
def test_my_page_takes_the_same_number_of_queries(client, theme, migrant, django_assert_num_queries, count):
    for number in range(count):
        workshop = factories.make_workshop(theme=theme, sessions=[(number + 1, "17:00", 60)])
        row = registration.register(workshop, migrant, by=migrant)
        attend(row, 60)
    client.force_login(migrant)
    with django_assert_num_queries(8):
        client.get(ME)
