"""The private feed: its address, what it says, and what it never says."""

import logging
from datetime import datetime, timedelta

import pytest
import time_machine
from icalendar import Calendar

from portal import calendars, diary
from portal.access_log import AccessLogger
from portal.clock import WARSAW
from portal.log_masks import MaskAddresses, masked
from portal.models import AuditEntry, CalendarFeed, ContactPreference, DiaryEntry
from tests import factories

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=WARSAW)
START = datetime(2026, 12, 8, 17, 0, tzinfo=WARSAW)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def user(db):
    return factories.make_user(language="uk")


def enter(user, *, source="workshops.session:1", start=START, state=diary.State.FIRM, **fields) -> DiaryEntry:
    fields = {
        "kind": diary.Kind.WORKSHOP,
        "end_at": start + timedelta(hours=2),
        "title": {"pl": "Szycie", "uk": "Шиття"},
        "place": {"pl": "Toruń, ul. Cicha 1"},
        "path": "/workshops/sewing/",
        "cancel_path": "/workshops/sewing/cancel/",
    } | fields
    return diary.put(user, diary.Appointment(source=source, start_at=start, **fields), state=state)


def feed(client, user, **headers):
    response = client.get(f"/calendar/{calendars.open_feed(user).token}.ics", headers=headers)
    assert response.status_code == 200
    return response


def events(client, user) -> list:
    return Calendar.from_ical(feed(client, user).content).walk("VEVENT")


def test_feed_says_what_when_where_in_her_language(client, user):
    enter(user)
    response = feed(client, user)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(response.content)
    assert calendar["REFRESH-INTERVAL"].to_ical() == b"PT1H"
    assert calendar["X-PUBLISHED-TTL"] == "PT1H"
    assert "METHOD" not in calendar
    [event] = calendar.walk("VEVENT")
    assert (event["SUMMARY"], event["LOCATION"]) == ("Шиття", "Toruń, ul. Cicha 1")
    assert (event.start, event.end) == (START, START + timedelta(hours=2))
    assert b"DTSTART:20261208T160000Z" in response.content
    assert event["URL"].endswith("/uk/workshops/sewing/")
    assert "/uk/workshops/sewing/cancel/" in event["DESCRIPTION"]
    assert (event["STATUS"], event["SEQUENCE"]) == ("CONFIRMED", 0)


def test_feed_tells_how_firm_a_date_is(client, user):
    enter(user, source="a:1")
    enter(user, source="b:2", start=START + timedelta(days=1), state=diary.State.TENTATIVE)
    enter(user, source="c:3", start=START + timedelta(days=2))
    diary.drop("c:3")
    assert [(event["STATUS"], event["SEQUENCE"]) for event in events(client, user)] == [
        ("CONFIRMED", 0),
        ("TENTATIVE", 0),
        ("CANCELLED", 1),
    ]


def test_feed_keeps_a_uid_and_counts_up(client, user):
    enter(user)
    [before] = events(client, user)
    for day in (1, 2):
        enter(user, start=START + timedelta(days=day))
    [after] = events(client, user)
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], 2)


def test_feed_forgets_what_is_long_over_or_called_off(client, user, clock):
    enter(user, source="a:1")
    enter(user, source="b:2", start=START + timedelta(days=60))
    diary.drop("b:2")
    clock.move_to(NOW + timedelta(days=31))
    assert [event["STATUS"] for event in events(client, user)] == ["CONFIRMED"]
    clock.move_to(START + timedelta(days=31))
    assert events(client, user) == []


def test_feed_says_nothing_of_a_private_appointment_but_its_time(client, user):
    enter(
        user,
        kind=diary.Kind.PRIVATE,
        title={"uk": "Психолог"},
        place={"pl": "ul. Cicha 1"},
        path="/counselling/7/",
    )
    body = feed(client, user).content.decode()
    assert not [word for word in ("Психолог", "Cicha", "counselling", "URL", "DESCRIPTION") if word in body]
    [event] = events(client, user)
    assert event.start == START


def test_feed_says_nothing_but_the_time_to_who_wants_neutral_messages(client, user):
    enter(user)
    ContactPreference.objects.create(user=user, is_neutral=True)
    body = feed(client, user).content.decode()
    assert not [word for word in ("Шиття", "Szycie", "Cicha", "workshops/", "Splot:") if word in body]
    [event] = events(client, user)
    assert {"URL", "LOCATION", "DESCRIPTION"} & set(event) == set()
    assert event.start == START


def test_feed_names_no_assistant_who_visits_an_office(client, user):
    enter(user, kind=diary.Kind.REQUEST, title={"pl": "Pomoże Państwu asystentka: Iryna"})
    assert "Iryna" not in feed(client, user).content.decode()


def test_feed_that_has_not_changed_is_not_sent_again(client, user):
    enter(user)
    response = feed(client, user)
    again = client.get(response.wsgi_request.path, headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    enter(user, start=START + timedelta(days=1))
    again = client.get(response.wsgi_request.path, headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 200


def test_feed_is_sent_anew_when_only_its_words_change(client, user):
    """Neutral messages leave the diary as it was: an answer by its date would keep the old words in use."""
    enter(user)
    response = feed(client, user)
    ContactPreference.objects.create(user=user, is_neutral=True)
    old = {"If-None-Match": response["ETag"], "If-Modified-Since": response["Last-Modified"]}
    for headers in (old, {"If-Modified-Since": response["Last-Modified"]}):
        again = client.get(response.wsgi_request.path, headers=headers)
        assert "Шиття" not in again.content.decode()
        assert again.status_code == 200


def test_feed_sets_no_cookie_and_is_kept_by_nobody_else(client, user):
    response = feed(client, user)
    assert "Set-Cookie" not in response
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("number", [3, 30])
def test_feed_takes_the_same_queries(client, user, django_assert_num_queries, number):
    for each in range(number):
        enter(user, source=f"a:{each}", start=START + timedelta(days=each))
    token = calendars.open_feed(user).token
    with django_assert_num_queries(4):
        client.get(f"/calendar/{token}.ics")
    with django_assert_num_queries(3):  # that it was read is noted once in ten minutes
        client.get(f"/calendar/{token}.ics")


def test_open_feed_twice_is_the_same_address(user):
    assert calendars.open_feed(user) == calendars.open_feed(user)
    assert (
        CalendarFeed.objects.count() == AuditEntry.objects.filter(action="calendar_feed.opened").count() == 1
    )


def test_renew_feed_ends_the_old_address(client, user):
    enter(user)
    old = calendars.open_feed(user)
    new = calendars.renew_feed(user)
    assert client.get(f"/calendar/{old.token}.ics").status_code == 410
    assert client.get(f"/calendar/{new.token}.ics").status_code == 200


def test_close_feed_ends_it_and_twice_is_harmless(client, user):
    old = calendars.open_feed(user)
    for _twice in range(2):
        calendars.close_feed(user)
    assert client.get(f"/calendar/{old.token}.ics").status_code == 410
    assert AuditEntry.objects.filter(action="calendar_feed.closed").count() == 1


def test_feed_of_somebody_who_left_is_gone(client, user):
    token = calendars.open_feed(user).token
    type(user).objects.update(is_active=False)
    assert client.get(f"/calendar/{token}.ics").status_code == 410


def test_feed_that_never_was_is_not_found(client):
    assert client.get("/calendar/nothing.ics").status_code == 404


def test_page_makes_shows_renews_and_closes_the_address(client, user):
    client.force_login(user)
    page = "/en/me/calendar/"
    assert "Make my address" in client.get(page).content.decode()
    assert not CalendarFeed.objects.exists()  # only the button makes one
    client.post(page, {"action": "open"})
    first = calendars.feed_in_use(user)
    shown = client.get(page).content.decode()
    assert f"/calendar/{first.token}.ics" in shown
    assert "webcal://" in shown
    assert "No calendar has read it yet" in shown
    client.get(f"/calendar/{first.token}.ics")
    assert "A calendar read it last on" in client.get(page).content.decode()
    client.post(page, {"action": "renew"})
    second = calendars.feed_in_use(user)
    assert second != first
    client.post(page, {"action": "close"})
    assert calendars.feed_in_use(user) is None
    assert client.post(page, {"action": "nonsense"}).status_code == 302


def test_page_shows_nobody_elses_address(client, user, outsider):
    token = calendars.open_feed(user).token
    client.force_login(outsider)
    assert token not in client.get("/en/me/calendar/").content.decode()


def test_log_holds_no_token(client, user, caplog):
    token = calendars.open_feed(user).token
    calendars.close_feed(user)
    caplog.handler.addFilter(MaskAddresses())
    with caplog.at_level(logging.WARNING):
        client.get(f"/calendar/{token}.ics")
    assert "/calendar/…" in caplog.text
    assert token not in caplog.text


def test_feed_of_an_address_that_cannot_be_is_not_found(client):
    assert client.get("/calendar/a%00b.ics").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/pl/workshops/x/invited/secret-1/",
        "/pl/account/login/?next=%2Fpl%2Fcheck-in%2Fsecret%3Asecret%3Asecret",
        "https://example.org/pl/account/login/?next=/pl/my-code/secret:secret/",
        "/uk/smile/secret-secret-secret/",
    ],
)
def test_log_holds_no_key_of_other_pages(address):
    assert "secret" in address
    assert "secret" not in masked(address)


def test_access_log_holds_no_token():
    class Response:
        status, sent, headers = "200 OK", 10, []

    class Request:
        headers = []

    path = "/calendar/Secret_token-1.ics"
    environ = {"REQUEST_METHOD": "GET", "RAW_URI": path, "PATH_INFO": path, "SERVER_PROTOCOL": "HTTP/1.1"}
    atoms = AccessLogger.atoms(
        object.__new__(AccessLogger), Response(), Request(), environ, timedelta(seconds=1)
    )
    assert atoms["U"] == "/calendar/…"
    assert not [value for value in atoms.values() if "Secret" in str(value)]


def test_page_lets_the_browser_say_where_its_forms_come_from(client, user):
    """Under "no-referrer" a browser sends ``Origin: null``, and the forms of the page are refused."""
    client.force_login(user)
    response = client.get("/pl/me/calendar/")
    assert 'name="referrer"' not in response.content.decode()
    assert response["Referrer-Policy"] == "same-origin"
