"""Each role tries each address, with objects of one network: what is not hers does not exist for her.

An address that is missing from the table fails the test.
"""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.shows.scene import ELSEWHERE, ELSEWHERE_PREFIXES, EVERYBODY, TABLE

MOST_QUERIES = 12


def _names(resolver=None, namespace: str = "") -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _names(pattern, namespace or (f"{pattern.namespace}:" if pattern.namespace else ""))
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


def test_table_names_every_address():
    tried = {name for name in _names() if name not in ELSEWHERE and not name.startswith(ELSEWHERE_PREFIXES)}
    assert tried == set(TABLE)


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_each_role_gets_in_where_the_table_says_and_nowhere_else(scene, role):
    client = Client()
    if scene.people[role]:
        client.force_login(scene.people[role])
    wrong = []
    for name, welcome in TABLE.items():
        address = reverse(name, kwargs=scene.arguments.get(name, {}))
        for method in ("get", "post"):
            with transaction.atomic():  # whatever a POST does is undone for the next one
                answer = getattr(client, method)(address, scene.data.get(name) if method == "post" else None)
                transaction.set_rollback(True)
            if answer.status_code == 405:
                continue
            gets_in = answer.status_code < 400 and "/account/login/" not in answer.headers.get("Location", "")
            if gets_in != (role in welcome):
                wrong.append(f"{method} {name}: {answer.status_code}")
            elif role not in welcome and role != "stranger" and answer.status_code != 404:
                wrong.append(f"{method} {name}: {answer.status_code} instead of 404")
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["stranger", "migrant", "coordinator", "trainer", "official", "assistant"])
def test_no_page_takes_more_than_12_queries(scene, role):
    client = Client()
    if scene.people[role]:
        client.force_login(scene.people[role])
    costs = {}
    for name, welcome in TABLE.items():
        if role in welcome:
            address = reverse(name, kwargs=scene.arguments.get(name, {}))
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            costs[name] = len(queries)
    assert not {name: cost for name, cost in costs.items() if cost > MOST_QUERIES}
