"""What a page costs, as a multiple of the cheapest answer the site gives, so that machines can be compared.

``make bench``. Time is the median of many requests without the network; weight is the page compressed.
"""

import gzip
import time
from statistics import median

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories

REPETITIONS = 30
WORKSHOPS = 30
PEOPLE = 12

pytestmark = pytest.mark.django_db


def milliseconds(client: Client, path: str) -> float:
    def once() -> float:
        started = time.perf_counter()
        response = client.get(path)
        response.content  # noqa: B018 (rendered now)
        return (time.perf_counter() - started) * 1000

    once()
    return median(once() for _ in range(REPETITIONS))


@pytest.fixture
def busy_network(project, theme, trainer):
    workshops = [factories.make_workshop(theme=theme, trainers=[trainer]) for _ in range(WORKSHOPS)]
    people = [factories.make_user() for _ in range(PEOPLE)]
    for workshop in workshops:
        for person in people:
            factories.make_registration(workshop, person)
    return workshops


def test_pages(busy_network, client, migrant, coordinator, capsys):
    cheapest = milliseconds(client, "/health/live")
    pages = [
        (None, "/pl/"),
        (None, "/pl/workshops/"),
        (None, f"/pl/workshops/{busy_network[0].slug}/"),
        (migrant, "/pl/me/"),
        (coordinator, "/pl/me/"),
    ]
    rows = []
    for who, path in pages:
        visitor = Client()
        if who is not None:
            visitor.force_login(who)
        with CaptureQueriesContext(connection) as queries:
            response = visitor.get(path, follow=True)
        count = len(queries)  # the next request empties the log
        assert response.status_code == 200, path
        weight = len(gzip.compress(response.content)) / 1024
        took = milliseconds(visitor, path)
        rows.append(
            (path, who.email.split("@")[0] if who else "visitor", took, took / cheapest, count, weight)
        )
    with capsys.disabled():
        print(f"\n\ncheapest answer: {cheapest:.2f} ms; {WORKSHOPS} workshops with {PEOPLE} people each\n")
        print(f"{'page':34}{'who':14}{'ms':>8}{'times':>8}{'queries':>9}{'KB':>8}")
        for path, who, took, times, count, weight in rows:
            print(f"{path:34}{who:14}{took:8.1f}{times:8.1f}{count:9}{weight:8.1f}")
