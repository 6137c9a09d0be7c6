"""Copies of workshops and templates."""

from datetime import date, time

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.clock import local
from projects.models import ProjectStaff
from tests import factories
from tests.factories import make_registration, make_staff, make_workshop
from workshops import copies, planning, series
from workshops.models import Question, Session, Workshop

pytestmark = pytest.mark.django_db

#: Columns of a workshop that a copy has of its own.
OWN = {
    "id", "public_id", "project", "slug", "state", "invitation_key", "is_template", "copied_from",
    "published_at", "cancelled_reason", "created_at",
    "title", "summary", "description", "for_whom", "what_to_bring", "childcare_note",
}  # fmt: skip


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(local(date(2026, 9, 1), time(9)), tick=False) as traveller:
        yield traveller


@pytest.fixture
def course(theme, coordinator, trainer):
    """Three Mondays over the end of summer time, with a question, a requirement and a learner."""
    course = make_workshop(
        theme=theme, sessions=[], trainers=[trainer], title_uk="Курс", capacity=9, min_level="A1",
        registration_closes_at=local(date(2026, 10, 10), time(12)),
    )  # fmt: skip
    series.add(course, first_on=date(2026, 10, 19), times=3, starts=time(18), minutes=90, by=coordinator)
    planning.edit_session(course.sessions.first(), topics={"pl": "Umowa"}, break_minutes=10, by=coordinator)
    course.requires.add(make_workshop(theme=theme))
    Question.objects.create(workshop=course, text_pl="Rozmiar?", text_en="Size?", is_sensitive=True)
    make_registration(course)
    return course


def days(workshop) -> list[date]:
    return [timezone.localdate(session.start_at) for session in workshop.sessions.all()]


def test_copy_takes_all_but_people_and_dates(course, coordinator, trainer):
    new = copies.copy(course, by=coordinator)
    new.refresh_from_db()
    assert (new.state, new.copied_from, new.is_template) == (Workshop.State.DRAFT, course, False)
    assert (new.title_pl, new.title_uk, new.capacity, new.min_level) == (course.title_pl, "Курс", 9, "A1")
    assert list(new.trainers.all()) == [trainer]
    assert list(new.requires.all()) == list(course.requires.all())
    question = new.questions.get()
    assert (question.text_pl, question.text_en, question.is_sensitive) == ("Rozmiar?", "Size?", True)
    assert not new.registrations.exists()
    assert not new.sessions.exists()
    assert new.registration_closes_at is None
    assert new.slug != course.slug
    assert new.invitation_key != course.invitation_key


def test_copy_knows_every_fact_of_a_workshop():
    """A new column is either copied or named here."""
    columns = {field.name for field in Workshop._meta.concrete_fields}
    assert columns - set(planning.FACTS) == OWN


def test_copy_with_dates_keeps_weekdays_and_local_time(course, coordinator):
    new = copies.copy(course, by=coordinator, first_on=date(2027, 3, 16))  # a Tuesday
    # 29 March 2027 is Easter Monday, the clocks went forward the night before.
    assert days(new) == [date(2027, 3, 22), date(2027, 4, 5)]
    assert {timezone.localtime(session.start_at).time() for session in new.sessions.all()} == {time(18)}
    first = new.sessions.first()
    assert (first.topic_pl, first.break_minutes, first.minutes) == ("Umowa", 10, 80)
    rows = set(new.sessions.values_list("series", flat=True))
    assert len(rows) == 1
    assert rows.isdisjoint(course.sessions.values_list("series", flat=True))
    assert new.registration_closes_at == local(date(2027, 3, 13), time(12))


def test_copy_keeps_holidays_where_asked(course, coordinator):
    new = copies.copy(course, by=coordinator, first_on=date(2027, 3, 22), skip_holidays=False)
    assert days(new) == [date(2027, 3, 22), date(2027, 3, 29), date(2027, 4, 5)]


def test_copy_can_go_back_in_time_and_to_the_same_day(course, coordinator):
    assert days(copies.copy(course, by=coordinator, first_on=date(2026, 9, 7)))[0] == date(2026, 9, 7)
    assert days(copies.copy(course, by=coordinator, first_on=date(2026, 10, 19))) == days(course)


def test_copy_leaves_cancelled_meetings_and_former_trainers_out(course, coordinator, trainer):
    planning.cancel_session(course.sessions.first(), by=coordinator)
    ProjectStaff.objects.filter(user=trainer).update(ends_on=date(2026, 8, 1))
    new = copies.copy(course, by=coordinator, first_on=date(2027, 1, 11))
    assert new.sessions.count() == 2
    assert not new.trainers.exists()


def test_copy_refuses_dates_where_there_are_none(theme, coordinator):
    workshop = make_workshop(theme=theme, sessions=[])
    with pytest.raises(copies.NoDates):
        copies.copy(workshop, by=coordinator, first_on=date(2027, 1, 11))
    assert Workshop.objects.count() == 1


def test_template_is_never_published_nor_cancelled(course, coordinator):
    template = copies.save_as_template(course, by=coordinator)
    with pytest.raises(planning.IsTemplate):
        planning.publish(template, by=coordinator)
    with pytest.raises(planning.IsTemplate):
        planning.cancel_workshop(template, by=coordinator, reason="Nie")
    with pytest.raises(IntegrityError), transaction.atomic():
        Workshop.objects.filter(pk=template.pk).update(state=Workshop.State.PUBLISHED)


def test_template_gives_workshops_with_its_pattern_of_dates(course, coordinator):
    template = copies.save_as_template(course, by=coordinator)
    new = copies.copy(template, by=coordinator, first_on=date(2027, 1, 11))
    assert days(new) == [date(2027, 1, 11), date(2027, 1, 18), date(2027, 1, 25)]
    assert (new.copied_from, new.is_template) == (template, False)
    assert planning.publish(new, by=coordinator).state == Workshop.State.PUBLISHED


def test_template_that_is_discarded_leaves_its_copies(course, coordinator):
    template = copies.save_as_template(course, by=coordinator)
    new = copies.copy(template, by=coordinator)
    for _twice in range(2):
        copies.discard(template, by=coordinator)
    new.refresh_from_db()
    assert new.copied_from is None
    with pytest.raises(copies.NoTemplate):
        copies.discard(new, by=coordinator)


# --- the pages ---


def test_page_copies_without_dates_at_once(client, course, coordinator):
    client.force_login(coordinator)
    address = f"/en/work/workshops/{course.slug}/copy/"
    assert client.get(address).status_code == 200
    response = client.post(address, {"skip_holidays": "on"})
    new = Workshop.objects.get(copied_from=course)
    assert response["Location"] == f"/en/work/workshops/{new.slug}/"
    page = client.get(response["Location"]).content.decode()
    assert "Copied from:" in page
    assert f"/en/work/workshops/{course.slug}/" in page


def test_page_shows_the_dates_before_it_copies_them(client, course, coordinator):
    client.force_login(coordinator)
    address, data = (
        f"/en/work/workshops/{course.slug}/copy/",
        {"first_on": "2027-03-22", "skip_holidays": "on"},
    )
    page = client.post(address, data).content.decode()
    assert "2 dates" in page
    assert "Left out, because it is a public holiday" in page
    assert not Workshop.objects.filter(copied_from=course).exists()
    client.post(address, data | {"action": "agreed"})
    assert Workshop.objects.get(copied_from=course).sessions.count() == 2


def test_page_says_that_there_are_no_dates_to_copy(client, theme, coordinator):
    workshop = make_workshop(theme=theme, sessions=[])
    client.force_login(coordinator)
    page = client.post(f"/en/work/workshops/{workshop.slug}/copy/", {"first_on": "2027-03-22"})
    assert "has no dates" in page.content.decode()


def test_pages_save_list_and_delete_a_template(client, course, coordinator):
    client.force_login(coordinator)
    client.post(f"/en/work/workshops/{course.slug}/template/")
    template = Workshop.objects.templates().get()
    assert template.slug in client.get("/en/work/templates/").content.decode()
    assert template.slug not in client.get("/en/work/workshops/").content.decode()
    page = client.get(f"/en/work/workshops/{template.slug}/").content.decode()
    assert "This is a template" in page
    assert "Publish" not in page
    client.post(f"/en/work/workshops/{template.slug}/discard/")
    assert not Workshop.objects.templates().exists()
    assert client.post(f"/en/work/workshops/{course.slug}/discard/").status_code == 404


def test_template_is_seen_by_nobody_else(client, course, coordinator, migrant, other_project):
    template = copies.save_as_template(course, by=coordinator)
    assert client.get(f"/en/workshops/{template.slug}/").status_code == 404
    client.force_login(make_staff(other_project))
    for page in ("", "copy/"):
        assert client.get(f"/en/work/workshops/{template.slug}/{page}").status_code == 404
    assert template.slug not in client.get("/en/work/templates/").content.decode()


@pytest.mark.parametrize("number", [3, 30])
def test_list_of_templates_takes_the_same_queries(
    client, theme, coordinator, django_assert_num_queries, number
):
    for _each in range(number):
        factories.make_workshop(
            theme=theme, sessions=[], is_template=True, state=Workshop.State.DRAFT, published_at=None
        )
    client.force_login(coordinator)
    client.get("/en/work/templates/")
    with django_assert_num_queries(6):
        client.get("/en/work/templates/")
    assert Session.objects.count() == 0
