"""Requests that wait for a coordinator: taken on, asked about, not taken on."""

from datetime import timedelta

import pytest
import time_machine

from institutions import offers, order_rules, questions, reviews
from institutions.client_data import ClientIdentified
from institutions.models import AssistanceRequest, Attempt
from institutions.transitions import NotYours, ReasonNeeded
from tests import factories
from tests.institutions.orders import FRIDAY, NOW, ask, texts, told

pytestmark = pytest.mark.django_db
State = AssistanceRequest.State


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def held(institution, official, coordinator, assistant):
    """Without an agreement it waits."""
    institution.agreements.all().delete()
    return ask(institution, official, briefing="Formularz")


@pytest.fixture
def long(institution, official, coordinator, assistant):
    return ask(institution, official, minutes=150)


def ways(request):
    return list(request.transitions.values_list("old_state", "new_state", "reason"))


# --- What waits ------------------------------------------------------------------------------------------


def test_without_an_agreement_a_request_waits_and_coordinators_are_told(held, coordinator, assistant):
    assert held.state == State.SUBMITTED
    assert ways(held) == [("", State.SUBMITTED, "no_agreement")]
    assert not held.offers.exists()
    assert [key.split(":")[0] for key in told(coordinator)] == ["submitted"]
    assert "Formularz" not in texts(coordinator)


def test_an_agreement_that_ends_before_the_meeting_does_not_count(institution, official):
    institution.agreements.update(valid_until=(FRIDAY - timedelta(days=1)).date())
    assert ask(institution, official).state == State.SUBMITTED


def test_an_agreement_valid_on_the_day_of_the_meeting_counts(institution, official, assistant):
    institution.agreements.update(valid_until=FRIDAY.date())
    assert ask(institution, official).state == State.OFFERING


def test_a_long_meeting_with_one_assistant_waits_and_with_two_does_not(long, institution, official):
    assert (long.state, ways(long)[0][2]) == (State.SUBMITTED, "long")
    assert ask(institution, official, minutes=150, assistants_needed=2).state == State.OFFERING
    later = FRIDAY + timedelta(days=7)
    assert ask(institution, official, minutes=120, start_at=later).state == State.OFFERING


@pytest.mark.parametrize(
    ("kind", "fields", "is_held"),
    [
        ("school", {"is_signed_or_certified": True}, True),
        ("police", {}, True),
        ("court", {"role": "facilitation"}, True),
        ("court", {"role": "accompaniment"}, False),
    ],
)
def test_where_a_sworn_interpreter_may_be_needed_a_coordinator_looks_first(
    institution, official, assistant, coordinator, kind, fields, is_held
):
    institution.kind = kind
    institution.save(update_fields=["kind"])
    request = ask(institution, official, subject="other", **fields)
    assert ways(request)[0] == (
        ("", State.SUBMITTED, "sworn_perhaps") if is_held else ("", State.OFFERING, "")
    )
    if is_held:
        reviews.take_on(request, by=coordinator)
        assert request.offers.get().assistant.user == assistant


def test_what_a_coordinator_enters_herself_does_not_wait(institution, coordinator, assistant):
    institution.agreements.all().delete()
    assert ask(institution, coordinator, minutes=150).state == State.OFFERING


# --- Taken on --------------------------------------------------------------------------------------------


def test_take_on_asks_assistants_and_tells_the_official(held, official, coordinator):
    reviews.take_on(held, by=coordinator)
    held.refresh_from_db()
    assert held.state == State.OFFERING
    assert held.offers.count() == 1
    assert ways(held)[-1] == (State.SUBMITTED, State.OFFERING, "")
    assert [key.split(":")[0] for key in told(official)] == ["taken_on"]


def test_take_on_twice_is_harmless(held, coordinator):
    for _time in range(2):
        reviews.take_on(held, by=coordinator)
    assert held.attempts.count() == 1
    assert len(ways(held)) == 2


def test_take_on_a_long_one_is_a_decision(long, coordinator):
    with pytest.raises(reviews.TwoOrReason):
        reviews.take_on(long, by=coordinator)
    taken = reviews.take_on(long, by=coordinator, assistants_needed=1)
    assert (taken.assistants_needed, ways(long)[-1][2]) == (1, "one_is_enough")


def test_take_on_a_long_one_with_two_looks_for_two(long, coordinator, project):
    factories.make_assistant(project)
    taken = reviews.take_on(long, by=coordinator, assistants_needed=2)
    assert taken.assistants_needed == 2
    assert taken.attempts.filter(state__in=Attempt.LIVE).count() == 2


def test_take_on_can_leave_the_choice_to_the_coordinator(held, coordinator):
    assert reviews.take_on(held, by=coordinator, choice="coordinator").choice == "coordinator"


@pytest.mark.parametrize("verb", [reviews.take_on, reviews.decline])
def test_only_a_coordinator_of_the_network_decides(held, official, outsider, verb):
    extra = {"reason": "not_ours"} if verb is reviews.decline else {}
    for user in (official, outsider):
        with pytest.raises(NotYours):
            verb(held, by=user, **extra)


def test_take_on_is_refused_when_the_time_has_passed(held, coordinator, clock):
    clock.move_to(FRIDAY)
    with pytest.raises(reviews.TooLateToTakeOn):
        reviews.take_on(held, by=coordinator)


# --- Not taken on ----------------------------------------------------------------------------------------


def test_decline_tells_the_official_why_and_what_may_help(held, official, coordinator):
    reviews.decline(held, by=coordinator, reason="no_language")
    held.refresh_from_db()
    assert held.state == State.DECLINED
    assert ways(held)[-1][2] == "no_language"
    assert told(official) == [f"declined:{held.pk}"]
    assert reviews.decline(held, by=coordinator, reason="other").state == State.DECLINED
    assert len(told(official)) == 1


def test_decline_for_want_of_a_sworn_interpreter_says_where_to_find_one(
    held, official, coordinator, settings
):
    reviews.decline(held, by=coordinator, reason="sworn_needed")
    assert settings.ASSISTANCE["sworn_interpreters_url"] in texts(official)


def test_decline_needs_a_reason_of_its_own(held, coordinator):
    for reason in ("", "ill"):
        with pytest.raises(ReasonNeeded):
            reviews.decline(held, by=coordinator, reason=reason)


def test_decline_calls_off_who_was_asked(institution, official, coordinator, assistant):
    request = ask(institution, official)
    reviews.decline(request, by=coordinator, reason="not_ours")
    assert request.offers.get().state == "called_off"
    assert not request.attempts.live().exists()


def test_decline_is_refused_when_somebody_has_agreed(institution, official, coordinator, assistant):
    request = ask(institution, official)
    offers.accept(request.offers.get(), by=assistant)
    with pytest.raises(reviews.NotWaiting):
        reviews.decline(request, by=coordinator, reason="not_ours")


def test_what_nobody_looked_at_in_time_is_unfilled_and_the_official_is_told(held, official, clock):
    assert reviews.give_up_unlooked() == 0
    clock.move_to(FRIDAY)
    assert reviews.give_up_unlooked() == 1
    held.refresh_from_db()
    assert held.state == State.UNFILLED
    assert told(official) == [f"nobody_looked:{held.pk}"]
    assert reviews.give_up_unlooked() == 0


# --- Questions -------------------------------------------------------------------------------------------


def test_ask_and_answer(held, official, coordinator):
    question = questions.ask(held, by=coordinator, text="Jaka odmiana języka?")
    held.refresh_from_db()
    assert held.state == State.NEEDS_INFO
    assert "Jaka odmiana" in texts(official)
    questions.answer(question, by=official, text="Obojętne")
    held.refresh_from_db()
    assert held.state == State.SUBMITTED
    assert [key.split(":")[0] for key in told(coordinator)] == ["submitted", "answered"]
    assert "Obojętne" not in texts(coordinator)


def test_an_answer_goes_straight_on_where_nothing_else_speaks_against_it(
    held, institution, official, coordinator
):
    question = questions.ask(held, by=coordinator, text="Kiedy będzie umowa?")
    institution.agreements.create(project=institution.project, signed_on=NOW.date())
    questions.answer(question, by=official, text="Jest od dziś")
    held.refresh_from_db()
    assert held.state == State.OFFERING
    assert held.offers.count() == 1


def test_ask_twice_is_one_question_and_another_waits(held, coordinator):
    first = questions.ask(held, by=coordinator, text="Jaka odmiana?")
    assert questions.ask(held, by=coordinator, text="Jaka odmiana?") == first
    with pytest.raises(questions.OneAtATime):
        questions.ask(held, by=coordinator, text="Ile osób?")


def test_answer_twice_is_harmless_and_another_answer_is_refused(held, official, coordinator):
    question = questions.ask(held, by=coordinator, text="Jaka odmiana?")
    for _time in range(2):
        questions.answer(question, by=official, text="Obojętne")
    with pytest.raises(questions.AnsweredAlready):
        questions.answer(question, by=official, text="Jednak lwowska")
    assert len(told(coordinator)) == 2


@pytest.mark.parametrize("text", ["PESEL 44051401359", ""])
def test_questions_and_answers_name_no_client(held, official, coordinator, text):
    with pytest.raises((ClientIdentified, questions.QuestionMissing)):
        questions.ask(held, by=coordinator, text=text)
    question = questions.ask(held, by=coordinator, text="Jaka odmiana?")
    with pytest.raises((ClientIdentified, questions.AnswerMissing)):
        questions.answer(question, by=official, text=text, is_checked=True)


def test_asking_and_answering_belong_to_the_two_sides(held, official, coordinator, outsider):
    with pytest.raises(NotYours):
        questions.ask(held, by=official, text="Halo?")
    question = questions.ask(held, by=coordinator, text="Jaka odmiana?")
    for user in (coordinator, outsider):
        with pytest.raises(NotYours):
            questions.answer(question, by=user, text="Obojętne")


def test_nothing_is_asked_about_a_request_that_is_on_its_way(institution, official, coordinator, assistant):
    with pytest.raises(questions.NothingToAskAbout):
        questions.ask(ask(institution, official), by=coordinator, text="Jaka odmiana?")


def test_take_on_closes_an_open_question(held, coordinator, official):
    question = questions.ask(held, by=coordinator, text="Jaka odmiana?")
    reviews.take_on(held, by=coordinator)
    with pytest.raises(questions.AnsweredAlready):
        questions.answer(question, by=official, text="Obojętne")


def test_the_rules_know_what_is_long_for_one(institution):
    request = factories.make_request(institution, end_at=factories.at(5, "12:01"))
    assert order_rules.is_long_for_one(request)
