"""Pages on which coordinators and assistants find one another."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from institutions import offers
from institutions.models import AssistanceRequest, Offer
from tests import factories
from tests.institutions.searches import NOW, START, accept, fresh, look, open_offers, people, refuse

pytestmark = pytest.mark.django_db
State = AssistanceRequest.State


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(client, coordinator):
    coordinator.language = "en"
    coordinator.save(update_fields=["language"])
    client.force_login(coordinator)
    return client


def url(name, *arguments):
    return "/en" + reverse(name, args=arguments)[3:]


def text(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def as_assistant(client, offer: Offer):
    client.force_login(offer.assistant.user)
    return client


# --- the request, as the coordinator sees it -------------------------------------------------------------


def test_the_request_shows_what_was_tried(desk, institution, official, project, clock):
    people(project, 5)
    request = look(institution, official)
    clock.shift(timedelta(hours=24))
    offers.expire_offers()
    page = text(desk.get(url("work_assistance_request", request.public_id)))
    assert "Wave 1" in page
    assert "Wave 2" in page
    assert page.count("no answer in time") == 3
    assert "It goes on by itself" in page
    assert "Speaks the language very well." in page, "why somebody was asked is kept with the offer"


def test_the_request_takes_the_same_queries_however_many_were_asked(
    desk, institution, official, project, django_assert_num_queries
):
    counts = []
    for number in (3, 30):
        people(project, number)
        request = look(institution, official, urgency="emergency", start_at=NOW + timedelta(hours=2))
        accept(open_offers(request)[0])
        with django_assert_num_queries(12, exact=False) as captured:
            desk.get(url("work_assistance_request", request.public_id))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_two_places_are_shown_and_one_can_be_enough(desk, institution, official, project):
    people(project, 4)
    request = look(institution, official, assistants_needed=2)
    accept(open_offers(request)[0])
    page = text(desk.get(url("work_assistance_request", request.public_id)))
    assert "1 of 2 assistants" in page
    desk.post(url("work_one", request.public_id))
    assert fresh(request).state == State.CONFIRMED
    assert "1 of 2" not in text(desk.get(url("work_assistance_request", request.public_id)))


def test_look_again_from_the_page(desk, institution, official, project, clock):
    people(project, 1)
    request = look(institution, official)
    refuse(open_offers(request)[0])
    people(project, 1)
    assert "Ask everybody again" in text(desk.get(url("work_assistance_request", request.public_id)))
    desk.post(url("work_look_again", request.public_id))
    assert fresh(request).state == State.OFFERING


def test_look_again_says_where_nobody_fits(desk, institution, official):
    request = look(institution, official)
    answer = desk.post(url("work_look_again", request.public_id), follow=True)
    assert "Nobody fits now" in text(answer)


# --- choosing --------------------------------------------------------------------------------------------


def test_who_is_interested_comes_first_and_can_be_chosen(desk, institution, official, project):
    people(project, 4)
    request = look(institution, official, choice="coordinator")
    last = open_offers(request)[-1]
    offers.show_interest(last, by=last.assistant.user)
    answer = desk.get(url("work_candidates", request.public_id))
    rows = answer.context["rows"]
    assert [row["is_interested"] for row in rows] == [True, False, False, False]
    assert "After that the one who fits best goes." in text(answer)
    desk.post(url("work_choose", request.public_id), {"offer": last.public_id})
    assert request.assignments.get().assistant == last.assistant


@pytest.mark.parametrize("number", [3, 30])
def test_candidates_take_a_fixed_number_of_queries(
    desk, institution, official, project, django_assert_max_num_queries, number
):
    people(project, number)
    request = look(institution, official)
    with django_assert_max_num_queries(12):
        desk.get(url("work_candidates", request.public_id))


def test_choose_of_what_is_no_offer_of_this_request_is_not_found(desk, institution, official, project):
    people(project, 1)
    request, other = look(institution, official), look(institution, official)
    for key in ("nonsense", open_offers(other)[0].public_id):
        assert desk.post(url("work_choose", request.public_id), {"offer": key}).status_code == 404


def test_the_choice_is_switched_from_the_page(desk, institution, official, project):
    people(project, 1)
    request = look(institution, official)
    address = url("work_choice", request.public_id)
    desk.post(address, {"choice": "nonsense"})
    assert fresh(request).choice == "first"
    desk.post(address, {"choice": "coordinator"})
    assert fresh(request).choice == "coordinator"
    assert "You choose among those who are interested." in text(
        desk.get(url("work_assistance_request", request.public_id))
    )


def test_assigning_a_misfit_says_why_not_and_stays_with_the_candidates(desk, institution, official, project):
    helper = factories.make_assistant(project, always=False)
    request = look(institution, official)
    answer = desk.post(
        url("work_assign", request.public_id), {"assistant": helper.user.public_id}, follow=True
    )
    assert "Please choose why you decide so." in text(answer)
    assert "These are not the hours" in text(answer)


# --- somebody else ---------------------------------------------------------------------------------------


def test_replace_from_the_page(desk, institution, official, project):
    one, other = people(project, 2)
    request = look(institution, official)
    job = accept(request.offers.get(assistant=one))
    address = url("work_replace", job.public_id)
    assert other.user.get_full_name() in text(desk.get(address))
    kept = desk.post(address, {"reason": "", "who": str(other.user.public_id)})
    assert f'value="{other.user.public_id}" selected' in text(kept), "nothing that was chosen is lost"
    desk.post(address, {"reason": "ill", "who": str(other.user.public_id), "misfit_reason": ""})
    assert [row.state for row in request.assignments.order_by("pk")] == ["replaced", "active"]
    assert desk.get(address).status_code == 404, "she does not go any more"


def test_replace_by_whoever_is_found_from_the_page(desk, institution, official, project):
    people(project, 2)
    request = look(institution, official)
    job = accept(open_offers(request)[0])
    desk.post(url("work_replace", job.public_id), {"reason": "ill", "who": "", "misfit_reason": ""})
    assert fresh(request).state == State.OFFERING


# --- the list and today ----------------------------------------------------------------------------------


def test_today_shows_what_waits_for_a_decision_first(desk, institution, official, project):
    people(project, 1)
    look(institution, official, start_at=START - timedelta(days=1))
    factories.make_request(institution, official, state=State.SUBMITTED, start_at=START)
    page = text(desk.get(url("work_today")))
    assert page.index("waits for your decision") < page.index("looking for")


# --- the assistant ---------------------------------------------------------------------------------------


def test_an_offer_can_be_accepted_or_interest_shown(client, institution, official, project):
    people(project, 1)
    first = look(institution, official)
    offer = open_offers(first)[0]
    page = text(as_assistant(client, offer).get(url("assistant_offer", offer.public_id)))
    assert "Yes, I will come" in page
    assert "I am interested" not in page
    chosen = look(institution, official, choice="coordinator", start_at=START + timedelta(days=1))
    offer = open_offers(chosen)[0]
    page = text(client.get(url("assistant_offer", offer.public_id)))
    assert "I am interested" in page
    assert "Yes, I will come" not in page
    client.post(url("offer_interested", offer.public_id))
    page = text(client.get(url("assistant_offer", offer.public_id)))
    assert "We know that you could come" in page
    client.post(url("offer_refuse", offer.public_id))
    assert fresh(offer).state == Offer.State.REFUSED


def test_an_offer_tells_nothing_but_the_outline(client, institution, official, project):
    people(project, 1)
    request = look(
        institution,
        official,
        address="ul. Tajna 7",
        contact_name="Pani Tajna",
        contact_phone="+48600700800",
        briefing="Tajne",
    )
    offer = open_offers(request)[0]
    client = as_assistant(client, offer)
    for state in Offer.State.values:
        Offer.objects.filter(pk=offer.pk).update(state=state)
        page = text(client.get(url("assistant_offer", offer.public_id)))
        for secret in ("Tajn", "600700800", institution.name):
            assert secret not in page, (state, secret)


def test_an_offer_that_became_impossible_says_so(client, institution, official, project):
    people(project, 1)
    one, other = look(institution, official), look(institution, official)
    offer = open_offers(other)[0]
    accept(open_offers(one)[0])
    client = as_assistant(client, offer)
    address = url("assistant_offer", offer.public_id)
    assert "You have something else at that time" in text(client.get(address))
    answer = client.post(url("offer_accept", offer.public_id), follow=True)
    assert "This offer is closed." in text(answer)
    assert "You have something else at that time" in text(client.get(address))


def test_somebody_elses_offer_is_not_found(client, institution, official, project):
    people(project, 2)
    first, second = open_offers(look(institution, official))
    client = as_assistant(client, first)
    answers = ("offer_accept", "offer_accept_series", "offer_refuse", "offer_interested")
    for name in ("assistant_offer", *answers):
        assert client.post(url(name, second.public_id)).status_code in (404, 405)
        assert client.get(url(name, second.public_id)).status_code in (404, 405)
    assert fresh(second).state == Offer.State.OPEN


def test_one_of_two_is_not_called_nobody(client, desk, institution, official, project):
    people(project, 2)
    request = look(institution, official, assistants_needed=2)
    first, second = open_offers(request)
    accept(first)
    refuse(second)
    page = text(desk.get(url("work_assistance_request", request.public_id)))
    assert "the second assistant is missing" in page
    client.force_login(official)
    page = text(client.get(url("assistance_request", request.public_id)))
    assert "the second assistant is missing" in page
    assert "One of two assistants so far" in page
    client.post(url("assistance_one", request.public_id))
    assert fresh(request).state == State.CONFIRMED


def test_an_official_reads_whom_to_call(client, institution, official):
    request = look(institution, official)
    client.force_login(official)
    page = text(client.get(url("assistance_request", request.public_id)))
    assert "Whom you can call" in page
    assert "+48224902044" in page
