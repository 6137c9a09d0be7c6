"""Meetings asked for together, as one assistant is asked: that they belong together, and one yes to all."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from institutions import disclosure, offers, series, series_offers
from institutions.models import Assignment, AssistanceRequest, Offer
from portal import diary
from portal.models import Message
from tests import factories
from tests.institutions.orders import FRIDAY, NOW, order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def page(client, assistant):
    assistant.language = "en"
    assistant.save(update_fields=["language"])
    client.force_login(assistant)
    return client


def url(name, *arguments):
    return "/en" + reverse(name, args=arguments)[3:]


def sent(institution, official, number=3, **fields) -> list[AssistanceRequest]:
    days = [FRIDAY.date() + timedelta(days=7 * index) for index in range(number)]
    draft = series.save_drafts(institution, days=days, by=official, **order(**fields))
    return series.send(draft, by=official)


def offers_to(user) -> list[Offer]:
    mine = Offer.objects.filter(assistant__user=user).select_related("request__institution", "assistant")
    return list(mine.order_by("request__start_at"))


def ids(rows) -> list:
    return [one.public_id for one in rows]


def test_one_yes_is_a_yes_to_each_that_fits_and_says_which_does_not(
    institution, official, assistant, project, clock
):
    sent(institution, official, 4)
    first, busy, lost, last = seen = offers_to(assistant)
    when = {"start_at": busy.request.start_at, "end_at": busy.request.end_at}
    diary.put(assistant, diary.Appointment(source="course:1", kind="session", title={"en": "Course"}, **when))
    other = factories.make_assistant(project)
    faster = factories.make_offer(lost.request, other, attempt=lost.attempt, expires_at=lost.expires_at)
    offers.accept(faster, by=other.user)
    answered = series_offers.accept_all(last, seen=ids(seen), by=assistant)
    assert [job.request_id for job in answered.agreed] == [first.request_id, last.request_id]
    assert [(one.pk, type(no)) for one, no in answered.refused] == [
        (busy.pk, offers.AssistantBusy),
        (lost.pk, offers.AlreadyTaken),
    ]
    assert Offer.objects.get(pk=busy.pk).state == Offer.State.CALLED_OFF
    again = series_offers.accept_all(last, seen=ids(seen), by=assistant)
    assert again.agreed == answered.agreed, "twice is harmless"
    assert Assignment.objects.filter(assistant=assistant.assistant).count() == 2


def test_a_yes_to_all_is_no_yes_to_what_she_has_not_seen(institution, official, assistant):
    sent(institution, official)
    elsewhere = sent(institution, official, 2, start_at=FRIDAY.replace(hour=15))
    first, *_others = here = [one for one in offers_to(assistant) if one.request.start_at.hour == 9]
    foreign = [one for one in offers_to(assistant) if one.request in elsewhere]
    series_offers.accept_all(first, seen=[*ids(here[:2]), *ids(foreign), uuid4()], by=assistant)
    assert [one.state for one in offers_to(assistant) if one in here] == ["accepted", "accepted", "open"]
    assert {one.state for one in offers_to(assistant) if one in foreign} == {"open"}


def test_only_what_she_can_agree_to_stands_together(institution, official, assistant):
    sent(institution, official, 4)
    first, chosen, refused, last = offers_to(assistant)
    chosen.attempt.state = "choosing"
    chosen.attempt.save(update_fields=["state"])
    offers.refuse(refused, by=assistant)
    assert series_offers.waiting_beside(first) == [first, last]
    Offer.objects.filter(pk=last.pk).update(expires_at=NOW)
    assert series_offers.waiting_beside(first) == [first]


def test_the_place_in_the_series_leaves_out_what_was_called_off(
    institution, official, assistant, django_assert_num_queries
):
    rows = sent(institution, official, 4)
    AssistanceRequest.objects.filter(pk=rows[1].pk).update(state="cancelled_by_institution")
    mine = offers_to(assistant)
    with django_assert_num_queries(1):
        seen = disclosure.for_offers(mine)
    places = [(view.series.number, view.series.total) if view.series else None for _offer, view in seen]
    assert places == [(1, 3), None, (2, 3), (3, 3)]
    AssistanceRequest.objects.filter(pk=rows[2].pk).update(series=None)
    assert disclosure.for_offer(offers_to(assistant)[2]).series is None


def test_the_page_and_the_letter_say_which_meeting_it_is(page, institution, official, assistant):
    sent(institution, official)
    second = offers_to(assistant)[1]
    text = page.get(url("assistant_offer", second.public_id)).content.decode()
    assert "This is meeting 2 of 3 that belong together." in text
    assert text.count('name="offer"') == 3
    assert "meeting 2 of 3" in page.get(url("assistant_home")).content.decode()
    letters = Message.objects.filter(recipient=assistant, key__startswith="offered:").order_by("pk")
    for number, letter in enumerate(letters, start=1):
        assert (
            f"This is meeting {number} of 3 that belong together. If we ask you about several" in letter.text
        )


def test_one_button_says_yes_and_the_page_says_how_many(page, institution, official, assistant):
    sent(institution, official)
    first, second, third = offers_to(assistant)
    offers.refuse(second, by=assistant)
    address = url("offer_accept_series", first.public_id)
    answer = page.post(address, {"offer": [*ids([first, second, third]), "nonsense"]}, follow=True)
    told = [str(one) for one in answer.context["messages"]]
    assert told == [
        "4 December, 10:00: This offer is no longer open.",
        "Thank you. You have agreed to 2 meetings.",
    ]
    assert answer.redirect_chain[-1][0] == url("assistant_home")
    text = page.get(url("assistant_offer", third.public_id)).content.decode()
    assert "Yes to all that fit" not in text


def test_where_the_coordinator_chooses_there_is_no_yes_to_all(page, institution, official, assistant):
    sent(institution, official, choice="coordinator")
    first = offers_to(assistant)[0]
    text = page.get(url("assistant_offer", first.public_id)).content.decode()
    assert "This is meeting 1 of 3 that belong together." in text
    assert "Yes to all that fit" not in text
    letter = Message.objects.get(key=f"offered:{first.pk}").text
    assert "meeting 1 of 3" in letter
    assert "say yes to all" not in letter
