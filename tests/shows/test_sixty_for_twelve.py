"""Sixty people press "register" at once for twelve places, against two web processes."""

import threading
import time
from collections import Counter
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from participants import consents
from tests import factories
from tests.shows.processes import answers, ask, free_port, running, until
from workshops.models import Registration

PEOPLE, PLACES = 60, 12
CSRF = "a" * 32


def session_of(user) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def press_register(port: int, path: str, session: str) -> int:
    return ask(
        port,
        "POST",
        path,
        body=urlencode({"csrfmiddlewaretoken": CSRF}),
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; csrftoken={CSRF}",
        },
    )


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twelve_get_a_place_and_the_others_a_rank_without_gaps():
    workshop = factories.make_workshop(capacity=PLACES)
    people = [factories.make_user(language="uk") for _number in range(PEOPLE)]
    consents.load_texts()
    for user in people:
        for text in consents.missing_required(user, "uk"):
            consents.give(user, text, by=user)
    sessions = [session_of(user) for user in people]
    port, statuses = free_port(), []
    gate = threading.Barrier(PEOPLE)

    def press(session: str) -> None:
        gate.wait()
        statuses.append(press_register(port, f"/uk/workshops/{workshop.slug}/register/", session))

    web = (
        "gunicorn",
        "portal.wsgi",
        "--workers=2",
        "--threads=8",
        f"--bind=127.0.0.1:{port}",
        "--timeout=60",
    )
    with running(*web):
        until(lambda: answers(port), seconds=60, what="the web server")
        threads = [threading.Thread(target=press, args=(session,)) for session in sessions]
        started = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.monotonic() - started

    states = Counter(workshop.registrations.values_list("state", flat=True))
    assert Counter(statuses) == {302: PEOPLE}, "no error page for anybody"
    assert states == {Registration.State.CONFIRMED: PLACES, Registration.State.WAITLISTED: PEOPLE - PLACES}
    waiting = workshop.registrations.waiting().with_rank()
    assert [row.rank for row in waiting] == list(range(1, PEOPLE - PLACES + 1))
    print(f"{PEOPLE} people answered in {seconds:.1f} s: {dict(states)}")
