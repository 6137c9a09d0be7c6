"""The roll of 25 people is called on a phone whose network is cut in the middle and comes back.

The phone reaches the site through a relay that can be cut like a signal: its worker and its pages lose the
line together.
"""

import socket
import threading
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Error, expect

from projects.models import LedgerEntry
from tests.browser import PHONE
from tests.factories import at, make_participant, make_registration, make_user, make_workshop
from workshops.models import Attendance, AttendanceCorrection, DeviceMark, Session

PEOPLE = 25
KEPT = """async () => ({
    marks: Object.keys(localStorage),
    copies: await caches.keys(),
    databases: (await indexedDB.databases()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""


class Relay:
    """A line to the site that can be cut: what is under way is lost, nothing new gets through."""

    def __init__(self, site: str) -> None:
        self.upstream = (urlsplit(site).hostname, urlsplit(site).port)
        self.is_cut = False
        self.open: set[socket.socket] = set()
        self.door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self) -> None:
        self.is_cut = True
        for line in list(self.open):
            self._end(line)

    def mend(self) -> None:
        self.is_cut = False

    def close(self) -> None:
        self.cut()
        self._end(self.door)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                line, _address = self.door.accept()
                if self.is_cut:
                    line.close()
                    continue
                with suppress(OSError):
                    site = socket.create_connection(self.upstream)
                    self.open |= {line, site}
                    for one, other in ((line, site), (site, line)):
                        threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        self._end(one)
        self._end(other)

    def _end(self, line: socket.socket) -> None:
        self.open.discard(line)
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)
        line.close()


@pytest.fixture
def relay(live_server):
    relay = Relay(live_server.url)
    yield relay
    relay.close()


@pytest.fixture
def phone(chromium, relay, trainer):
    """The trainer's, signed in, on the relay."""
    context = chromium.new_context(base_url=relay.url, viewport=PHONE, locale="pl")
    context.set_default_timeout(15_000)
    context.add_cookies([sign_in(trainer, relay.url)])
    yield context
    context.close()


@pytest.fixture
def session(theme, trainer) -> Session:
    """Began twenty minutes ago and goes on for two hours; 25 people have a place."""
    workshop = make_workshop(theme=theme, trainers=[trainer], capacity=PEOPLE, sessions=[])
    start = timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=20)
    for number in range(PEOPLE):
        user = make_user(full_name=f"Osoba {number:02d}", call_me=f"Osoba {number:02d}")
        make_participant(user)
        make_registration(workshop, user, confirmed_at=at(-9))
    return Session.objects.create(workshop=workshop, start_at=start, end_at=start + timedelta(hours=2))


def sign_in(user, url: str) -> dict:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}


def people(page):
    return page.locator(".roll-item")


def mark(page, number: int, value: str) -> None:
    people(page).nth(number).locator(f"input[value={value}]").check(force=True)


def expect_all_sent(page) -> None:
    expect(page.locator("#roll-status")).to_have_attribute("data-state", "sent", timeout=30_000)


def open_roll(context, session):
    page = context.new_page()
    page.goto(reverse("work_roll", args=[session.pk]))
    expect(page.locator("#roll.is-live")).to_have_count(1)
    return page


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_roll_survives_a_network_that_goes_and_comes_back(
    live_server, chromium, phone, relay, session, coordinator
):
    page = open_roll(phone, session)
    page.wait_for_selector("#roll[data-kept]", state="attached")
    for number in range(10):
        mark(page, number, "present")
    expect_all_sent(page)
    assert Attendance.objects.count() == 10

    # The signal goes. The rest is marked all the same.
    relay.cut()
    phone.set_offline(True)
    for number in range(10, PEOPLE):
        mark(page, number, "late" if number == 23 else "absent" if number == 24 else "present")
    expect(page.locator("#roll-status")).to_have_attribute("data-state", "waiting")
    assert "15" in page.locator("#roll-status strong").inner_text()
    assert Attendance.objects.count() == 10

    # It even survives a reload without signal, and closing the page.
    page.reload()
    expect(page.locator(".roll-item[data-state=waiting]")).to_have_count(15)
    page.close()
    page = open_roll(phone, session)
    expect(page.locator(".roll-item[data-state=sent]")).to_have_count(10)
    expect(page.locator(".roll-item.is-unknown")).to_have_count(0)
    assert people(page).nth(24).locator("input[value=absent]").is_checked()

    # Meanwhile the coordinator marks one of them otherwise.
    desk = chromium.new_context(base_url=live_server.url, viewport=PHONE, locale="pl")
    desk.add_cookies([sign_in(coordinator, live_server.url)])
    other = open_roll(desk, session)
    mark(other, 12, "excused")
    expect_all_sent(other)
    desk.close()

    # The signal comes back: everything is sent, once, and the one conflict is shown.
    relay.mend()
    phone.set_offline(False)
    expect_all_sent(page)
    assert DeviceMark.objects.count() == PEOPLE + 1
    disputed = people(page).nth(12)
    expect(disputed.locator(".roll-told")).to_contain_text(str(coordinator))
    assert disputed.locator("input[value=excused]").is_checked()
    assert Attendance.objects.filter(mark="excused").count() == 1

    # It is still there after a reload, and decided with a reason.
    page.reload()
    disputed.locator(".roll-told button").nth(1).click()
    disputed.locator(".roll-why input").fill("Przyszła po przerwie")
    disputed.locator(".roll-told button").click()
    expect(disputed).to_have_attribute("data-state", "sent")
    expect(disputed.locator(".roll-told")).to_be_empty()
    assert AttendanceCorrection.objects.get().reason == "Przyszła po przerwie"

    marks = Counter(Attendance.objects.values_list("mark", flat=True))
    assert marks == {"present": 23, "late": 1, "absent": 1}
    late = Attendance.objects.get(mark="late")
    assert 0 <= (timezone.now() - late.came_at).total_seconds() < 300
    received = LedgerEntry.objects.filter(measure="received")
    assert received.count() == 24
    assert sum(received.values_list("minutes", flat=True)) == 23 * 120 + late.minutes
    assert 95 <= late.minutes <= 100
    assert LedgerEntry.objects.get(measure="delivered").minutes == 120

    # Signing out leaves nothing on the phone, and nothing opens without signal any more.
    kept = page.evaluate(KEPT)
    assert kept["marks"]
    assert kept["copies"]
    with page.expect_navigation():
        page.locator("form[action$='/account/logout/'] button").first.dispatch_event("click")
    assert page.evaluate(KEPT) == {"marks": [], "copies": [], "databases": 0, "workers": 0}
    relay.cut()
    with pytest.raises(Error):
        page.goto(reverse("work_roll", args=[session.pk]))
