"""A request waits for a coordinator or for an answer: who is reminded, and what the official is told."""

from datetime import timedelta

import pytest
import time_machine

from institutions import amendments, held, questions, reviews, tasks
from institutions.models import AssistanceRequest
from portal.models import Message, User
from tests import factories
from tests.institutions.orders import FRIDAY, NOW, ask, texts, told

pytestmark = pytest.mark.django_db
State = AssistanceRequest.State
HOUR = timedelta(hours=1)
#: Of a planned meeting on Friday at ten: a working day after it was sent, and a day before it.
LOOKED_AT_BY, TOLD_BY = NOW + 24 * HOUR, FRIDAY - 24 * HOUR
CALL = "Migrant Info (IOM): +48224902044"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def english(official, coordinator, assistant):
    User.objects.update(language="en")


@pytest.fixture
def waiting(institution, official, coordinator, assistant):
    """Without an agreement it waits."""
    institution.agreements.all().delete()
    return ask(institution, official)


def first_words(user) -> list[str]:
    return [key.split(":")[0] for key in told(user)]


def test_coordinators_are_reminded_once_when_nobody_has_decided_in_time(waiting, coordinator, clock):
    clock.move_to(LOOKED_AT_BY - timedelta(minutes=1))
    assert held.remind_coordinators() == 0
    clock.move_to(LOOKED_AT_BY)
    assert held.remind_coordinators() == 1
    assert held.remind_coordinators() == 0
    assert first_words(coordinator) == ["submitted", "still_waits"]
    reminder = Message.objects.get(key__startswith="still_waits:")
    assert reminder.subject.startswith("A request still waits for you")
    assert f"/en/work/assistance/{waiting.public_id}/review/" in reminder.text


def test_an_answer_begins_a_new_time_for_coordinators(waiting, coordinator, official, clock):
    question = questions.ask(waiting, by=coordinator, text="Jaka odmiana?")
    clock.move_to(LOOKED_AT_BY)
    assert held.remind_coordinators() == 0, "it is the institution's turn"
    AssistanceRequest.objects.update(start_at=FRIDAY + timedelta(days=7), end_at=FRIDAY + timedelta(days=8))
    questions.answer(question, by=official, text="Obojętne")
    assert held.remind_coordinators() == 0
    clock.move_to(LOOKED_AT_BY + 24 * HOUR)
    assert held.remind_coordinators() == 1


def test_a_question_is_asked_again_once(waiting, coordinator, official, clock):
    questions.ask(waiting, by=coordinator, text="Jaka odmiana?")
    assert held.remind_of_questions() == 0
    clock.move_to(LOOKED_AT_BY)
    assert held.remind_of_questions() == 1
    assert held.remind_of_questions() == 0
    again = Message.objects.get(recipient=official, key__endswith=":again")
    assert "still waits" in again.subject
    assert "Jaka odmiana?" in again.text


def test_an_official_is_told_in_time_with_whom_she_can_call(waiting, official, coordinator, clock, client):
    clock.move_to(TOLD_BY - timedelta(minutes=1))
    assert held.tell_in_time() == 0
    clock.move_to(TOLD_BY)
    assert held.tell_in_time() == 1
    assert held.tell_in_time() == 0
    assert first_words(official) == ["nobody_asked_yet"]
    assert "we have not decided about your request yet" in texts(official)
    assert CALL in texts(official)
    assert "still_waits" in first_words(coordinator)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.told_unfilled_at) == (State.SUBMITTED, TOLD_BY)
    client.force_login(official)
    page = client.get(f"/en/assistance/{waiting.public_id}/").content.decode()
    assert "Whom you can call" in page


def test_an_official_who_owes_an_answer_is_told_that_it_waits_for_her(waiting, official, coordinator, clock):
    questions.ask(waiting, by=coordinator, text="Jaka odmiana?")
    clock.move_to(TOLD_BY)
    held.tell_in_time()
    assert "Until then we cannot ask any assistant" in texts(official)
    assert held.remind_of_questions() == 0, "she has just been told"
    assert "still_waits" not in first_words(coordinator)


@pytest.mark.parametrize(("urgency", "hours"), [("urgent", 8), ("emergency", 2)])
def test_what_is_urgent_is_told_when_half_of_the_time_has_gone(
    institution, official, coordinator, clock, urgency, hours
):
    institution.agreements.all().delete()
    ask(institution, official, urgency=urgency, start_at=NOW + hours * HOUR)
    clock.move_to(NOW + hours * HOUR / 2 - timedelta(minutes=1))
    assert held.tell_in_time() == 0
    clock.move_to(NOW + hours * HOUR / 2)
    assert held.tell_in_time() == 1


def test_who_was_told_hears_of_a_search_in_vain_once_it_was_made(
    waiting, official, coordinator, assistant, clock
):
    clock.move_to(TOLD_BY)
    held.tell_in_time()
    reviews.take_on(waiting, by=coordinator)
    assert first_words(official) == ["nobody_asked_yet", "taken_on"]
    offer = waiting.offers.get()
    for _time in range(2):
        clock.move_to(offer.expires_at)
        tasks.move_requests_on()
    waiting.refresh_from_db()
    assert waiting.state == State.UNFILLED
    assert first_words(official).count("unfilled") == 1
    assert first_words(coordinator).count("unfilled") == 1


def test_a_meeting_that_is_moved_is_told_of_anew(waiting, official, clock):
    clock.move_to(TOLD_BY)
    held.tell_in_time()
    week = timedelta(days=7)
    amendments.change_order(waiting, by=official, start_at=FRIDAY + week, minutes=60)
    assert held.tell_in_time() == 0
    clock.move_to(TOLD_BY + week)
    assert held.tell_in_time() == 1


def test_time_does_it_all_with_the_same_queries_however_many_wait(
    institution, official, coordinator, clock, django_assert_num_queries
):
    for number in (1, 10):
        for _one in range(number):
            factories.make_request(institution, official, state=State.SUBMITTED, start_at=FRIDAY)
        clock.move_to(TOLD_BY)
        tasks.move_requests_on()
        with django_assert_num_queries(3):
            held.tell_in_time()
            held.remind_coordinators()
            held.remind_of_questions()
        clock.move_to(NOW)


def test_letters_that_nobody_comes_say_whom_one_can_call(waiting, official, coordinator, clock):
    clock.move_to(FRIDAY)
    reviews.give_up_unlooked()
    assert CALL in texts(official)


@pytest.mark.parametrize(("reason", "is_told"), [("no_language", True), ("sworn_needed", False)])
def test_who_is_declined_reads_whom_she_can_call_unless_it_takes_a_sworn_interpreter(
    waiting, official, coordinator, reason, is_told
):
    reviews.decline(waiting, by=coordinator, reason=reason)
    assert (CALL in texts(official)) == is_told
