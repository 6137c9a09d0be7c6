"""An address, a link or a number without which nobody finds the meeting: asked for in time."""

from datetime import timedelta

import pytest
import time_machine

from institutions import amendments, offers, where_to_meet
from institutions.models import AssistanceRequest
from portal.models import Message
from tests import factories
from tests.institutions.orders import FRIDAY, NOW, ask, texts, told

pytestmark = pytest.mark.django_db
LINK = "https://meet.example/abc-def"
WRITE = "Please write the link to the video meeting"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def helper(project):
    """She helps by video alone, so that the ladder steps down to her."""
    return factories.make_assistant(project, factories.make_user(language="en"), modes=["video"]).user


@pytest.fixture
def remote(institution, official, helper):
    official.language = "en"
    official.save(update_fields=["language"])
    modes = ["on_site", "video"]
    request = ask(institution, official, address="ul. Cicha 2", ranked_modes=modes)
    offers.accept(request.offers.get(), by=helper)
    request.refresh_from_db()
    return request


def shown(client, user, address: str) -> str:
    client.force_login(user)
    return client.get(address).content.decode()


def asked_again(official) -> int:
    return sum(key.startswith("place_wanted:") for key in told(official))


def test_the_official_is_asked_for_the_link_until_it_is_there(client, remote, official, helper):
    page, job = f"/en/assistance/{remote.public_id}/", remote.assignments.get().public_id
    letter = Message.objects.get(recipient=official, key__startswith="assistant_comes:").text
    assert "There is no link to the video meeting yet" in letter
    assert "You need not do anything" not in texts(official)
    assert WRITE in shown(client, official, page)
    assert WRITE in shown(client, official, "/en/assistance/")
    theirs = shown(client, helper, f"/en/assistant/jobs/{job}/")
    assert "ul. Cicha 2" not in theirs
    assert "not written yet" in theirs
    amendments.change_details(remote, by=official, link=LINK)
    assert LINK in shown(client, helper, f"/en/assistant/jobs/{job}/")
    assert WRITE not in shown(client, official, page) + shown(client, official, "/en/assistance/")


@pytest.mark.parametrize(
    ("fields", "is_missing"),
    [
        ({"mode": "on_site", "address": ""}, True),
        ({"mode": "on_site", "address": "ul. Cicha 2"}, False),
        ({"mode": "phone", "contact_phone": ""}, True),
        ({"mode": "phone", "contact_phone": "+48566223344"}, False),
    ],
)
def test_each_way_needs_its_own_place(institution, official, project, fields, is_missing):
    request = factories.make_request(institution, official, start_at=FRIDAY, state="confirmed", **fields)
    factories.make_assignment(request, factories.make_assistant(project))
    assert request.is_place_missing is is_missing
    assert where_to_meet.wanted(AssistanceRequest.objects.all(), NOW).exists() is is_missing


def test_once_a_day_before_and_not_at_night(remote, official, clock, django_assert_num_queries):
    for moment, number in [
        (FRIDAY - timedelta(hours=25), 0),
        (FRIDAY - timedelta(hours=24), 1),
        (FRIDAY - timedelta(hours=3), 1),
    ]:
        clock.move_to(moment)
        where_to_meet.remind()
        assert asked_again(official) == number
    with django_assert_num_queries(3):
        where_to_meet.remind()


def test_in_the_night_it_waits_for_the_morning(institution, official, helper, clock):
    start_at = FRIDAY + timedelta(hours=9)
    request = factories.make_request(
        institution, official, state="confirmed", mode="video", start_at=start_at
    )
    factories.make_assignment(request, helper.assistant)
    clock.move_to(start_at - timedelta(hours=23))
    assert where_to_meet.remind() == 0
    clock.move_to(start_at - timedelta(hours=11))
    assert where_to_meet.remind() == 1


@pytest.mark.parametrize("why", ["there", "nobody goes", "asked today"])
def test_nobody_is_reminded_without_need(remote, official, clock, why):
    if why == "there":
        amendments.change_details(remote, by=official, link=LINK)
    elif why == "nobody goes":
        remote.assignments.update(state="withdrawn")
    else:
        remote.assignments.update(agreed_at=FRIDAY - timedelta(hours=20))
    clock.move_to(FRIDAY - timedelta(hours=19))
    assert where_to_meet.remind() == 0
    assert asked_again(official) == 0


def test_who_is_asked_where_something_is_signed_reads_that_she_signs_nothing(
    client, institution, coordinator, assistant
):
    request = ask(institution, coordinator, is_signed_or_certified=True)
    offer = request.offers.get()
    assert "You do not sign or certify anything" in shown(
        client, assistant, f"/en/assistant/offers/{offer.public_id}/"
    )
    job = offers.accept(offer, by=assistant)
    assert "You do not sign or certify anything" in shown(
        client, assistant, f"/en/assistant/jobs/{job.public_id}/"
    )
