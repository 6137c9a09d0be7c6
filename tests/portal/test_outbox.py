"""The outbox shows everything in the demo, and does not exist elsewhere."""

import pytest

from portal import messages

pytestmark = pytest.mark.django_db


def write_to(address: str, key: str, text: str = "code 123456"):
    messages.queue_to_address(address, key=key, subject=f"Subject {key}", text=text, language="uk")


def test_outbox_shows_the_newest_first(client):
    write_to("a@example.org", "first")
    write_to("b@example.org", "second")
    page = client.get("/pl/outbox/").content.decode()
    assert page.index("Subject second") < page.index("Subject first")
    assert "code 123456" in page


def test_outbox_finds_an_address(client):
    write_to("olha@example.org", "hers")
    write_to("b@example.org", "other")
    page = client.get("/pl/outbox/?address=Olha").content.decode()
    assert "Subject hers" in page
    assert "Subject other" not in page


def test_outbox_turns_pages_and_runs_nothing(client, django_assert_max_num_queries):
    for number in range(30):
        write_to("a@example.org", str(number), "<script>alert(1)</script>")
    with django_assert_max_num_queries(3):
        page = client.get("/pl/outbox/").content.decode()
    assert "page=2" in page
    assert "<script>alert" not in page


def test_outbox_is_not_there_outside_the_demo(client, settings):
    settings.DEMO = False
    write_to("a@example.org", "first")
    assert client.get("/pl/outbox/").status_code == 404
