"""Waves, the ladder, and what happens where nobody is found."""

from datetime import datetime, timedelta

import pytest
import time_machine

from institutions import offers, requests, staffing, withdrawals
from institutions.models import AssistanceRequest, Attempt, Offer
from institutions.transitions import NotYours
from portal import diary
from portal.clock import WARSAW
from portal.models import Message
from tests import factories
from tests.institutions.searches import (
    NOW,
    START,
    accept,
    answer_of,
    asked,
    fresh,
    look,
    open_offers,
    people,
    refuse,
    told,
)

pytestmark = pytest.mark.django_db
State = AssistanceRequest.State


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def waves(request) -> list[int]:
    """How many were asked in each wave."""
    made = [offer.wave for offer in asked(request)]
    return [made.count(number) for number in sorted(set(made))]


def states(request) -> list[tuple[str, str, int]]:
    rows = request.attempts.order_by("number")
    return [(attempt.mode, attempt.state, attempt.rung) for attempt in rows]


# --- waves -----------------------------------------------------------------------------------------------


def test_begin_asks_a_few_and_notes_when_it_goes_on(institution, official, project):
    people(project, 12)
    request = look(institution, official)
    assert waves(request) == [3]
    attempt = request.attempts.get()
    assert attempt.wave == 1
    assert attempt.next_wave_at == NOW + timedelta(hours=24)
    assert {offer.expires_at for offer in asked(request)} == {attempt.next_wave_at}
    assert all("level" in offer.score_parts for offer in asked(request)), "why she was asked is kept"


def test_the_best_are_asked_first(institution, official, project):
    people(project, 6, home_town="Ciechocinek", home_county="Aleksandrów")
    near = people(project, 2)
    request = look(institution, official)
    first = asked(request)
    assert {offer.assistant for offer in first[:2]} == set(near)
    assert first[0].score >= first[1].score > first[2].score


def test_whom_the_institution_would_like_is_asked_alone_first(institution, official, project, clock):
    known = people(project, 1, home_town="Ciechocinek", home_county="Aleksandrów")[0]
    people(project, 9)
    request = look(institution, official, preferred_assistant=known)
    assert [offer.assistant for offer in asked(request)] == [known]
    offers.expire_offers()
    assert waves(request) == [1], "her answer is awaited"
    refuse(answer_of(request, known))
    assert waves(request) == [1, 5]


def test_whom_the_institution_would_like_is_not_waited_for_when_time_is_short(
    institution, official, project, clock
):
    known = people(project, 1, home_town="Ciechocinek", home_county="Aleksandrów")[0]
    people(project, 9)
    request = look(institution, official, preferred_assistant=known)
    clock.move_to(START - timedelta(hours=48))
    offers.expire_offers()
    assert len(asked(request)) > 3
    urgent = {"start_at": START - timedelta(hours=24), "urgency": "urgent"}
    soon = look(institution, official, preferred_assistant=known, **urgent)
    assert asked(soon)[0].assistant == known
    assert waves(soon) == [5]


def test_the_other_place_does_not_wait_for_her(institution, official, project):
    known = people(project, 1)[0]
    people(project, 9)
    request = look(institution, official, preferred_assistant=known, assistants_needed=2)
    by_attempt = sorted(attempt.offers.count() for attempt in request.attempts.all())
    assert by_attempt == [1, 3]


def test_the_next_wave_comes_when_time_runs_out(institution, official, project, clock):
    people(project, 12)
    request = look(institution, official)
    clock.move_to(NOW + timedelta(hours=24, minutes=-1))
    offers.expire_offers()
    assert waves(request) == [3]
    clock.move_to(NOW + timedelta(hours=24))
    offers.expire_offers()
    assert waves(request) == [3, 5]
    assert len(open_offers(request)) == 5
    clock.move_to(NOW + timedelta(hours=48))
    offers.expire_offers()
    assert waves(request) == [3, 5, 4]


def test_who_refuses_makes_room_for_the_next_one_at_once(institution, official, project):
    people(project, 12)
    request = look(institution, official)
    for number in (1, 2):
        refuse(open_offers(request)[0])
        assert waves(request) == [3 + number]
        assert len(open_offers(request)) == 3


def test_the_next_wave_begins_when_as_many_have_refused_as_it_asks_at_a_time(institution, official, project):
    people(project, 12)
    request = look(institution, official)
    for _number in range(3):
        refuse(open_offers(request)[0])
    assert waves(request) == [5, 3]
    assert len(open_offers(request)) == 5


def test_one_who_says_nothing_does_not_keep_the_others_waiting(institution, official, project, clock):
    people(project, 5)
    request = look(institution, official)
    silent, *others = open_offers(request)
    for offer in others:
        refuse(offer)
    assert len(open_offers(request)) == 3
    accept(open_offers(request)[-1])
    silent.refresh_from_db()
    assert (silent.state, fresh(request).state) == (Offer.State.TAKEN, State.CONFIRMED)


def test_who_was_asked_in_vain_is_not_replaced_where_all_were_asked(institution, official, project):
    people(project, 3)
    request = look(institution, official)
    for _number in range(2):
        refuse(open_offers(request)[0])
    assert (waves(request), len(open_offers(request))) == ([3], 1)
    refuse(open_offers(request)[0])
    assert fresh(request).state == State.UNFILLED


def test_an_emergency_asks_everybody_at_once(institution, official, project):
    people(project, 12)
    request = look(institution, official, urgency="emergency", start_at=NOW + timedelta(hours=2))
    assert waves(request) == [12]


def test_where_a_relative_interprets_more_are_asked_and_coordinators_see_it_first(
    institution, official, project, coordinator
):
    people(project, 7)
    look(institution, official, start_at=START - timedelta(days=1), case_reference="other")
    request = look(institution, official, is_relative_interpreting=True)
    assert len(open_offers(request)) == 5
    waiting = AssistanceRequest.objects.managed_by(coordinator).waiting_for_the_network(NOW)
    assert waiting.first() == request


def test_waves_grow_as_the_time_comes_nearer(institution, official, project):
    people(project, 12)
    soon = look(institution, official, start_at=NOW + timedelta(hours=30))
    sooner = look(institution, official, start_at=NOW + timedelta(hours=23))
    assert waves(soon) == [5]
    assert waves(sooner) == [12]


def test_more_are_asked_while_answers_are_awaited_as_the_time_comes_nearer(
    institution, official, project, clock
):
    people(project, 12)
    start_at = NOW + timedelta(hours=50)
    request = look(institution, official, start_at=start_at)
    assert waves(request) == [3]
    assert request.attempts.get().next_wave_at == start_at - timedelta(hours=48)
    clock.move_to(start_at - timedelta(hours=48))
    offers.expire_offers()
    assert waves(request) == [5]
    assert len(open_offers(request)) == 5


def test_an_offer_of_friday_evening_does_not_run_out_on_sunday(institution, official, project, clock):
    people(project, 1)
    clock.move_to(datetime(2026, 11, 27, 18, 0, tzinfo=WARSAW))
    request = look(institution, official)
    assert open_offers(request)[0].expires_at == datetime(2026, 11, 30, 16, 0, tzinfo=WARSAW)


def test_nobody_is_asked_twice_in_one_attempt(institution, official, project, clock):
    people(project, 4)
    request = look(institution, official)
    for _wave in range(4):
        clock.shift(timedelta(hours=24))
        offers.expire_offers()
    assert waves(request) == [3, 1]
    assert fresh(request).state == State.UNFILLED


def test_each_message_of_an_offer_is_said_once(institution, official, project, clock):
    people(project, 12)
    request = look(institution, official)
    clock.shift(timedelta(hours=24))
    for _look in range(3):
        offers.expire_offers()
    assert Message.objects.filter(key__startswith="offered:").count() == request.offers.count() == 8


# --- after a withdrawal ----------------------------------------------------------------------------------


def test_a_withdrawal_asks_those_again_who_let_it_run_out_but_not_who_refused(
    institution, official, project, clock
):
    people(project, 3)
    request = look(institution, official)
    first, second, third = open_offers(request)
    refuse(first)
    job = accept(second)
    third.refresh_from_db()
    assert third.state == Offer.State.TAKEN
    withdrawals.withdraw(job, by=second.assistant.user, reason="ill")
    assert states(request) == [("on_site", "filled", 0), ("on_site", "searching", 0)]
    assert [offer.assistant for offer in open_offers(request)] == [third.assistant]
    assert fresh(request).attempts.last().transitions.get().reason == "ill"


def test_a_replaced_one_is_not_asked_again(institution, official, project, coordinator):
    people(project, 2)
    request = look(institution, official)
    job = accept(open_offers(request)[0])
    staffing.replace(job, by=coordinator, reason="other")
    assert [offer.assistant for offer in open_offers(request)] != [job.assistant]
    assert len(open_offers(request)) == 1


# --- the ladder ------------------------------------------------------------------------------------------


def test_the_next_best_way_is_tried_and_the_official_told(institution, official, project):
    people(project, 1, modes=["video"])
    request = look(institution, official, ranked_modes=["on_site", "video", "phone"])
    assert request.mode == "video"
    assert states(request) == [("on_site", "exhausted", 0), ("video", "searching", 1)]
    assert "other_way" in told(official)
    job = accept(open_offers(request)[0])
    assert (fresh(request).mode, job.attempt.mode) == ("video", "video")


def test_the_official_is_told_once_however_many_rungs_are_skipped(institution, official, project):
    people(project, 1, modes=["phone"])
    look(institution, official, ranked_modes=["on_site", "video", "phone"])
    assert Message.objects.filter(key__startswith="other_way:").count() == 1
    assert not Message.objects.filter(key__startswith="unfilled:").exists()


def test_only_ways_are_tried_that_the_institution_ranked(institution, official, project):
    people(project, 1, modes=["phone"])
    request = look(institution, official, ranked_modes=["on_site", "video"])
    assert request.state == State.UNFILLED
    assert request.mode == "on_site", "what was asked for stands there again"
    assert not request.offers.exists()


@pytest.mark.parametrize("is_agreed", [True, False])
def test_a_bridge_language_only_if_the_client_agreed(institution, official, project, is_agreed):
    people(project, 1, languages=("ru",))
    request = look(institution, official, second_language="ru", is_second_language_agreed=is_agreed)
    assert [offer.language for offer in open_offers(request)] == (["ru"] if is_agreed else [])
    assert request.state == (State.OFFERING if is_agreed else State.UNFILLED)


def test_who_let_it_run_out_on_site_is_asked_again_by_video(institution, official, project, clock):
    (helper,) = people(project, 1)
    request = look(institution, official, ranked_modes=["on_site", "video"])
    clock.shift(timedelta(hours=24))
    offers.expire_offers()
    assert [(offer.assistant, offer.attempt.mode, offer.state) for offer in asked(request)] == [
        (helper, "on_site", "expired"),
        (helper, "video", "open"),
    ]


# --- nobody ----------------------------------------------------------------------------------------------


def test_unfilled_tells_the_official_whom_to_call(institution, official, coordinator, settings):
    numbers = [{"name": "Sieć", "number": "+48111222333", "when": "8-16"}]
    settings.ASSISTANCE = settings.ASSISTANCE | {"phone_alternatives": numbers}
    request = look(institution, official)
    assert request.state == State.UNFILLED
    text = Message.objects.get(recipient=official, key__startswith="unfilled:").text
    assert "+48111222333" in text
    assert "unfilled" in told(coordinator)


def test_the_official_is_told_on_friday_about_monday(institution, official, project, clock):
    people(project, 1)
    monday = datetime(2026, 11, 30, 10, 0, tzinfo=WARSAW)
    request = look(institution, official, start_at=monday)
    Offer.objects.update(expires_at=monday)
    Attempt.objects.update(next_wave_at=monday)
    clock.move_to(datetime(2026, 11, 27, 14, 59, tzinfo=WARSAW))
    offers.expire_offers()
    assert "unfilled" not in told(official)
    clock.move_to(datetime(2026, 11, 27, 15, 0, tzinfo=WARSAW))
    offers.expire_offers()
    assert "unfilled" in told(official)
    assert fresh(request).state == State.OFFERING, "it goes on being tried"


def test_somebody_new_is_asked_by_itself_on_the_rung_that_fits(institution, official, project):
    request = look(institution, official, ranked_modes=["on_site", "phone"])
    (helper,) = people(project, 1, modes=["phone"])
    offers.expire_offers()
    assert [offer.assistant for offer in open_offers(request)] == [helper]
    assert (fresh(request).state, fresh(request).mode) == (State.OFFERING, "phone")
    assert states(request)[-1] == ("phone", "searching", 1)


def test_who_was_asked_in_vain_is_not_asked_each_minute(institution, official, project, clock):
    people(project, 1)
    request = look(institution, official)
    clock.shift(timedelta(hours=24))
    for _minute in range(3):
        offers.expire_offers()
    assert request.offers.count() == 1
    assert request.attempts.count() == 1


def test_look_again_asks_everybody_once_more(institution, official, project, coordinator, clock):
    people(project, 1)
    request = look(institution, official)
    clock.shift(timedelta(hours=24))
    offers.expire_offers()
    assert fresh(request).state == State.UNFILLED
    staffing.look_again(request, by=coordinator)
    staffing.look_again(request, by=coordinator)
    assert len(open_offers(request)) == 1
    assert request.attempts.count() == 2
    assert fresh(request).transitions.last().actor == coordinator


def test_look_again_is_the_coordinators_and_only_before_the_meeting(
    institution, official, coordinator, clock
):
    request = look(institution, official)
    with pytest.raises(NotYours):
        staffing.look_again(request, by=official)
    clock.move_to(START)
    with pytest.raises(staffing.NotLooking):
        staffing.look_again(request, by=coordinator)


# --- what became impossible ------------------------------------------------------------------------------


def test_offers_that_collide_with_what_she_took_are_closed(institution, official, project):
    people(project, 1)
    one = look(institution, official)
    near = look(institution, official, start_at=START + timedelta(minutes=85))
    far = look(institution, official, start_at=START + timedelta(hours=3))
    accept(open_offers(one)[0])
    offers.expire_offers()
    assert [offer.state for offer in asked(near)] == [Offer.State.CALLED_OFF]
    assert fresh(near).state == State.UNFILLED, "somebody else is needed, and the official knows"
    assert [offer.state for offer in asked(far)] == [Offer.State.OPEN]


def test_talks_before_and_after_keep_her_busy_too(institution, official, project):
    people(project, 1)
    one = look(institution, official, briefing_minutes=10, debriefing_minutes=10)
    after = look(institution, official, start_at=START + timedelta(minutes=60 + 30 + 10 + 20))
    accept(open_offers(one)[0])
    with pytest.raises(offers.AssistantBusy):
        accept(open_offers(after)[0])


@pytest.mark.parametrize("day", ["2027-03-28", "2026-10-25"])
def test_no_collision_over_a_clock_change(institution, official, project, clock, day):
    """One job ends before the hour that is left out or comes twice, the other begins after it."""
    clock.move_to(datetime.fromisoformat(f"{day}T12:00+00:00") - timedelta(days=20))
    (helper,) = people(project, 1, always=False, home_town="Toruń")
    helper.availability.create(weekday=6, starts="00:00", ends="23:59")
    start = datetime.fromisoformat(f"{day}T01:40").replace(tzinfo=WARSAW)
    first = look(institution, official, start_at=start, end_at=start + timedelta(minutes=15))
    real = first.end_at + timedelta(minutes=59)  # an hour between them, less a minute, whatever clocks show
    second = look(institution, official, start_at=real, end_at=real + timedelta(minutes=15))
    third = look(
        institution,
        official,
        start_at=real + timedelta(minutes=1),
        end_at=real + timedelta(minutes=16),
    )
    accept(open_offers(first)[0])
    with pytest.raises(offers.AssistantBusy):
        accept(open_offers(second)[0])
    accept(open_offers(third)[0])


def test_an_offer_ends_when_a_workshop_of_her_own_came_between(institution, official, project):
    (helper,) = people(project, 1)
    request = look(institution, official)
    entry = diary.Appointment(
        source="workshops.session:1",
        kind=diary.Kind.WORKSHOP,
        start_at=START,
        end_at=START + timedelta(hours=1),
        title={"en": "A workshop"},
    )
    diary.put(helper.user, entry)
    with pytest.raises(offers.AssistantBusy):
        accept(open_offers(request)[0])
    assert answer_of(request, helper).state == Offer.State.CALLED_OFF


def test_cancelling_ends_everything_that_was_tried(institution, official, project):
    people(project, 5)
    request = look(institution, official)
    requests.cancel(request, by=official, reason="not_needed")
    assert states(request) == [("on_site", "called_off", 0)]
    assert not open_offers(request)


def test_expire_offers_asks_the_database_a_fixed_number_of_times(
    institution, official, project, django_assert_num_queries
):
    people(project, 3)
    for number in (1, 13):
        for _request in range(number):
            look(institution, official)
        with django_assert_num_queries(4):  # nothing is due: offers, diaries, who has to be told, what is due
            assert offers.expire_offers() == 0


def test_begin_does_nothing_once_the_meeting_began(institution, official, project, clock):
    people(project, 1)
    request = factories.make_request(institution, official, start_at=NOW)
    assert offers.begin(request) == []
    assert not request.attempts.exists()
