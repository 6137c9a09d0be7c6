"""Dates in people's own calendars: what goes with mails, and the public feeds."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from portal import calendars, messages
from portal.models import ContactPreference, Message
from tests.calendar_client import CalendarClient
from tests.factories import at, make_registration, make_theme, make_user, make_workshop
from workshops import calendar, families, planning, registration, series
from workshops.models import Registration, Session, Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def migrant(migrant):
    migrant.language = "en"
    migrant.save(update_fields=["language"])
    return migrant


@pytest.fixture
def phone(migrant):
    return CalendarClient(address=migrant.email)


def delivered(user) -> list:
    """The mails that go out now to this person, whatever the hour."""
    Message.objects.filter(state=Message.State.QUEUED).update(next_try_at=at(-1))
    mail.outbox.clear()
    messages.deliver_due()
    return [message for message in mail.outbox if message.to == [user.email]]


def read(phone, user) -> list[str]:
    return [method for message in delivered(user) for method in phone.read_mail(message)]


def test_calendar_follows_one_meeting_through_everything(workshop, coordinator, migrant, phone):
    row = registration.register(workshop, migrant, by=migrant)
    assert read(phone, migrant) == ["REQUEST", "REQUEST"]  # as a form of the text, and as a file
    assert phone.times == [at(7, "17:00")]
    [event] = phone.shown
    assert (event["SUMMARY"], event["LOCATION"]) == (workshop.title_en, "Dom Sąsiedzki, ul. Cicha 1, Toruń")
    assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert f"/en/workshops/{workshop.slug}/cancel/" in event["DESCRIPTION"]

    session = workshop.sessions.get()
    planning.move_session(session, start_at=at(8, "18:00"), end_at=at(8, "20:00"), by=coordinator)
    assert read(phone, migrant) == ["REQUEST", "REQUEST"]
    assert phone.times == [at(8, "18:00")]

    planning.edit_workshop(workshop, by=coordinator, venue="Biblioteka", address="ul. Jasna 2")
    read(phone, migrant)
    assert [event["LOCATION"] for event in phone.shown] == ["Biblioteka, ul. Jasna 2, Toruń"]

    registration.cancel(row, by=migrant)
    assert read(phone, migrant) == ["CANCEL", "CANCEL"]
    assert phone.times == []

    registration.register(workshop, migrant, by=migrant)
    assert read(phone, migrant) == ["REQUEST", "REQUEST"]
    assert phone.times == [at(8, "18:00")]

    planning.cancel_session(Session.objects.get(pk=session.pk), by=coordinator)
    assert read(phone, migrant) == ["CANCEL", "CANCEL"]
    assert phone.times == []
    assert len(phone.events) == 1  # one UID from the beginning to the end


def test_calendar_follows_a_course_through_everything(theme, coordinator, migrant, phone):
    workshop = make_workshop(theme=theme, sessions=[(7, "17:00", 120), (14, "17:00", 120)])
    registration.register(workshop, migrant, by=migrant)
    assert read(phone, migrant) == ["PUBLISH"]
    assert phone.times == [at(7), at(14)]

    first, second = workshop.sessions.all()
    planning.move_session(second, start_at=at(15), end_at=at(15, "19:00"), by=coordinator)
    assert read(phone, migrant) == ["REQUEST", "REQUEST"]  # only the one concerned
    assert phone.times == [at(7), at(15)]

    planning.add_session(workshop, start_at=at(21), end_at=at(21, "19:00"), by=coordinator)
    read(phone, migrant)
    assert phone.times == [at(7), at(15), at(21)]

    planning.cancel_session(first, by=coordinator)
    read(phone, migrant)
    assert phone.times == [at(15), at(21)]

    planning.cancel_workshop(workshop, by=coordinator, reason="Sala zajęta")
    assert read(phone, migrant) == ["PUBLISH"]
    assert phone.times == []
    assert len(phone.events) == 3


def test_calendar_of_who_is_taken_back_is_emptied(workshop, coordinator, migrant, phone):
    row = registration.register(workshop, migrant, by=migrant)
    read(phone, migrant)
    registration.revoke(row, by=coordinator)
    assert read(phone, migrant) == ["CANCEL", "CANCEL"]
    assert phone.times == []


def test_calendar_follows_a_row_in_one_message(theme, coordinator, migrant, phone):
    workshop = make_workshop(theme=theme, sessions=[])
    series.add(
        workshop, first_on=at(7).date(), starts=at(7).time(), minutes=120, times=4, by=coordinator,
        skip_holidays=False,
    )  # fmt: skip
    registration.register(workshop, migrant, by=migrant)
    read(phone, migrant)
    third = workshop.sessions.all()[2]
    series.move(
        third, scope="following", day=at(22).date(), starts=at(22, "18:00").time(), minutes=90, by=coordinator
    )
    assert read(phone, migrant) == ["PUBLISH"]
    assert phone.times == [at(7), at(14), at(22, "18:00"), at(29, "18:00")]
    series.cancel(workshop.sessions.first(), scope="coming", by=coordinator)
    assert read(phone, migrant) == ["PUBLISH"]
    assert phone.times == []


def test_calendar_of_the_trainer_follows_her_meetings(workshop, coordinator, trainer):
    desk = CalendarClient(address=trainer.email)
    planning.edit_workshop(workshop, by=coordinator, trainers=[])
    planning.edit_workshop(workshop, by=coordinator, trainers=[trainer])
    session = workshop.sessions.get()
    planning.move_session(session, start_at=at(8), end_at=at(8, "19:00"), by=coordinator)
    read(desk, trainer)
    assert desk.times == [at(8)]
    feed, _changed = calendars.feed_of(trainer)
    [entry] = Calendar.from_ical(feed).walk("VEVENT")
    assert [entry["UID"]] == list(desk.events)


def test_calendar_gets_nothing_from_a_list_or_a_request(theme, coordinator, migrant, phone):
    workshop = make_workshop(theme=theme, capacity=1)
    make_registration(workshop)
    registration.register(workshop, migrant, by=migrant)
    session = workshop.sessions.get()
    planning.move_session(session, start_at=at(8), end_at=at(8, "19:00"), by=coordinator)
    assert len(delivered(migrant)) == 2
    assert phone.events == {}
    assert not Message.objects.exclude(calendar="").filter(recipient=migrant).exists()


def test_calendar_is_not_emptied_twice_of_the_same_meeting(theme, coordinator, migrant, phone):
    """She gave a place back, waits now, and leaves the list: there is nothing more to take out."""
    workshop = make_workshop(theme=theme, capacity=1)
    registration.cancel(registration.register(workshop, migrant, by=migrant), by=migrant)
    make_registration(workshop)
    read(phone, migrant)
    registration.cancel(registration.register(workshop, migrant, by=migrant), by=migrant)
    assert read(phone, migrant) == []


def test_calendar_of_somebody_who_wants_neutral_messages_gets_no_files(workshop, coordinator, migrant):
    ContactPreference.objects.create(user=migrant, is_neutral=True)
    row = registration.register(workshop, migrant, by=migrant)
    session = workshop.sessions.get()
    planning.move_session(session, start_at=at(8), end_at=at(8, "19:00"), by=coordinator)
    registration.cancel(row, by=migrant)
    mails = delivered(migrant)
    assert mails
    assert not any(message.attachments or message.alternatives for message in mails)


def test_feed_mail_and_public_file_speak_of_the_same_entry(client, workshop, coordinator, migrant, phone):
    session = workshop.sessions.get()
    for day in (8, 9):
        planning.move_session(session, start_at=at(day), end_at=at(day, "19:00"), by=coordinator)
        session.refresh_from_db()
    registration.register(workshop, migrant, by=migrant)
    read(phone, migrant)
    feed, _changed = calendars.feed_of(migrant)
    [in_feed] = Calendar.from_ical(feed).walk("VEVENT")
    [public] = Calendar.from_ical(calendar.as_ics(workshop, with_address=False)).walk("VEVENT")
    [in_mail] = phone.shown
    assert in_feed["UID"] == in_mail["UID"] == public["UID"]
    assert in_feed["SEQUENCE"] == in_mail["SEQUENCE"] >= public["SEQUENCE"] == 2


def test_feed_shows_what_the_mails_show(workshop, coordinator, migrant, phone):
    other = CalendarClient()
    row = registration.register(workshop, migrant, by=migrant)
    session = workshop.sessions.get()
    steps = [
        lambda: None,
        lambda: planning.move_session(session, start_at=at(8), end_at=at(8, "19:00"), by=coordinator),
        lambda: planning.edit_workshop(workshop, by=coordinator, venue="Biblioteka"),
        lambda: registration.cancel(row, by=migrant),
        lambda: registration.register(workshop, migrant, by=migrant),
    ]
    for step in steps:
        step()
        read(phone, migrant)
        other.subscribe(calendars.feed_of(migrant)[0])
        assert [(event.start, event["LOCATION"]) for event in other.shown] == [
            (event.start, event["LOCATION"]) for event in phone.shown
        ]


# --- public feeds ---


def public_feed(client, query="", language="en"):
    response = client.get(f"/{language}/workshops/calendar.ics{query}")
    assert response.status_code == 200
    return response, Calendar.from_ical(response.content).walk("VEVENT")


def test_public_feed_takes_the_filters_of_the_list(client, project):
    law, sewing = make_theme(project, code="law"), make_theme(project, code="sewing")
    make_workshop(theme=law, title_en="Law in Toruń")
    make_workshop(theme=law, title_en="Law in Włocławek", town="Włocławek", languages=["uk"], level="A1")
    make_workshop(theme=sewing, title_en="Sewing")
    make_workshop(theme=sewing, title_en="Draft", state=Workshop.State.DRAFT, published_at=None)
    make_workshop(theme=sewing, title_en="Invited", signup_mode=Workshop.SignupMode.BY_INVITATION)

    def titles(query=""):
        return sorted(str(event["SUMMARY"]) for event in public_feed(client, query)[1])

    assert titles() == ["Law in Toruń", "Law in Włocławek", "Sewing"]
    assert titles("?theme=law") == ["Law in Toruń", "Law in Włocławek"]
    assert titles("?theme=law&town=W%C5%82oc%C5%82awek") == ["Law in Włocławek"]
    assert titles("?language=uk") == titles("?level=A1") == ["Law in Włocławek"]
    assert titles("?theme=gone") == titles("?place=moon") == titles("?time=never") == []


def test_public_feed_names_no_address_that_is_not_public(client, theme):
    make_workshop(theme=theme)
    [event] = public_feed(client)[1]
    assert event["LOCATION"] == "Toruń"
    assert "Cicha" not in str(public_feed(client)[0].content.decode())
    Workshop.objects.update(is_address_public=True)
    assert "Cicha 1" in public_feed(client)[1][0]["LOCATION"]


def test_public_feed_keeps_what_is_cancelled_until_its_day(client, theme, coordinator):
    workshop = make_workshop(theme=theme)
    planning.cancel_workshop(workshop, by=coordinator, reason="Sala zajęta")
    [event] = public_feed(client)[1]
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)


def test_public_feed_can_be_kept_and_asked_again(client, theme):
    make_workshop(theme=theme)
    response, _events = public_feed(client)
    assert response["Cache-Control"] == "public, max-age=1800"
    assert "Set-Cookie" not in response
    again = client.get("/en/workshops/calendar.ics", headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304


def test_public_feed_refuses_what_no_filter_can_be(client):
    assert client.get("/en/workshops/calendar.ics?town=%00").status_code == 404


@pytest.mark.parametrize("number", [3, 30])
def test_public_feed_takes_the_same_queries(client, theme, django_assert_num_queries, number):
    for _each in range(number):
        make_workshop(theme=theme)
    with django_assert_num_queries(1):
        public_feed(client)


def test_list_leads_to_its_own_feed(client, project):
    make_workshop(theme=make_theme(project, code="law"))
    page = client.get("/en/workshops/?theme=law").content.decode()
    [path] = re.findall(r'data-copy="http[s]?://[^/]+(/en/workshops/calendar.ics[^"]*)"', page)
    assert path == "/en/workshops/calendar.ics?theme=law"
    assert "webcal://" in page


# --- many people ---


def test_adding_a_long_row_to_a_full_workshop_takes_few_queries(theme, coordinator, trainer):
    """24 meetings and 30 people: so many queries for a person's message, and none for each of her dates."""
    workshop = make_workshop(theme=theme, trainers=[trainer], capacity=30)
    for _each in range(30):
        make_registration(workshop, make_user())
    with CaptureQueriesContext(connection) as queries:
        series.add(
            workshop, first_on=at(14).date(), starts=at(14).time(), minutes=90, times=24, by=coordinator
        )
    assert Session.objects.count() == 25
    assert Message.objects.filter(key__startswith="sessions_added:").count() == 31
    assert Registration.objects.count() == 30
    assert len(queries) < 31 * 6 + 24, len(queries)


def test_moving_a_long_row_of_a_full_workshop_takes_few_queries(theme, coordinator):
    workshop = make_workshop(theme=theme, sessions=[], capacity=30)
    series.add(workshop, first_on=at(14).date(), starts=at(14).time(), minutes=90, times=24, by=coordinator)
    for _each in range(30):
        registration.add_by_hand(workshop, make_user(), by=coordinator)
    first = workshop.sessions.first()
    day = (first.start_at + timedelta(days=1)).date()
    with CaptureQueriesContext(connection) as queries:
        series.move(first, scope="coming", day=day, starts=at(14, "18:00").time(), minutes=90, by=coordinator)
    assert Message.objects.filter(key__startswith="sessions_moved:").count() == 30
    assert len(queries) < 30 * 6 + 24 * 5, len(queries)


def test_calendar_of_a_mother_keeps_each_child_apart(theme, migrant, phone, client):
    course = make_workshop(theme=theme, takes_children=True)
    first, second = (
        families.add_child(migrant, call_me=name, birth_year=2018, by=migrant)
        for name in ("Sofiia", "Matvii")
    )
    sofiia, _matvii = families.register(course, migrant, [first, second])
    assert "PUBLISH" in read(phone, migrant)  # one message for both, and both are in it
    titles = {f"Sofiia: {course.title_en}", f"Matvii: {course.title_en}"}
    assert {str(event["SUMMARY"]) for event in phone.shown} == titles

    feed = Calendar.from_ical(client.get(f"/calendar/{calendars.open_feed(migrant).token}.ics").content)
    assert {str(event["SUMMARY"]) for event in feed.walk("VEVENT")} == titles
    assert {str(event["UID"]) for event in feed.walk("VEVENT")} == set(phone.events)

    registration.cancel(sofiia, by=migrant)
    read(phone, migrant)
    assert [str(event["SUMMARY"]) for event in phone.shown] == [f"Matvii: {course.title_en}"]
