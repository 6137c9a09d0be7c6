"""When somebody new is looked for, for requests for which nobody was found."""

from datetime import time, timedelta

import pytest
import time_machine
from django.utils import timezone

from institutions import (
    accepted_papers,
    assistants,
    availability,
    blocks,
    conflicts,
    offers,
    requests,
    trainings,
)
from institutions.assistants import Spoken
from institutions.models import AssistanceRequest, Assistant
from institutions.papers_of_assistants import Paper
from tests import factories
from tests.institutions.searches import NOW, START, accept, fresh, look, open_offers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def unfilled(institution, official, clock):
    """Looked at a minute ago, and again as often as its time comes."""
    request = look(institution, official)
    offers.expire_offers()
    clock.shift(timedelta(minutes=1))
    assert offers.expire_offers() == 0
    return fresh(request)


def test_somebody_new_is_looked_for_every_quarter_of_an_hour(unfilled, clock):
    for minute in range(1, 46):
        clock.shift(timedelta(minutes=1))
        assert offers.expire_offers() == (1 if minute in (14, 29, 44) else 0), minute


def _unable(assistant) -> None:
    """It was long ago that something changed for her."""
    Assistant.objects.filter(pk=assistant.pk).update(able_since=NOW - timedelta(days=9))


def _verify(assistant, by):
    assistants.verify_language(assistant, assistant.user.language_skills.first(), by=by)


WEEK = [(day, time(7), time(21)) for day in range(7)]
#: What may make somebody able who was not.
NEWS = {
    "profile": lambda one, by: assistants.change(one, by=by, home_town="Chełmża"),
    "papers": lambda one, by: assistants.change_papers(one, by=by, insured_until=NOW.date()),
    "language": lambda one, by: assistants.keep_language(one, Spoken("ka", "C1"), by=by),
    "verified": _verify,
    "week": lambda one, by: availability.change_week(one, by=by, hours=WEEK, shares_phone=False),
    "hours of one day": lambda one, by: availability.add_hours(
        one, by=by, day=START.date(), starts=time(8), ends=time(9)
    ),
    "training": lambda one, by: trainings.record(one, by=by, subject="health", trained_on=NOW.date()),
}


@pytest.mark.parametrize("news", NEWS)
def test_what_changes_for_an_assistant_is_looked_at_at_once(unfilled, project, coordinator, clock, news):
    one = factories.make_assistant(project, languages=("be",))
    _unable(one)
    assert offers.expire_offers() == 0
    clock.shift(timedelta(minutes=1))
    NEWS[news](one, coordinator)
    assert offers.expire_offers() == 1


def test_what_is_taken_back_is_looked_at_at_once(unfilled, institution, project, coordinator, clock):
    one = factories.make_assistant(project, languages=("be",))
    off = availability.take_days_off(one, by=coordinator, starts_on=START.date(), ends_on=START.date())
    conflict = conflicts.avoid(one, by=coordinator, reason="other", town="Toruń")
    block = blocks.block(institution, one, by=coordinator, reason="other")
    assistants.suspend(one, by=coordinator)
    for lift in (
        lambda: availability.drop_days_off(off, by=coordinator),
        lambda: conflicts.drop(conflict, by=coordinator),
        lambda: blocks.lift(block, by=coordinator),
        lambda: assistants.resume(one, by=coordinator),
    ):
        _unable(one)
        clock.shift(timedelta(minutes=1))
        assert offers.expire_offers() == 0
        lift()
        assert offers.expire_offers() == 1


def test_an_accepted_paper_is_looked_at_at_once(unfilled, project, clock):
    one = factories.make_assistant(project, languages=("be",))
    _unable(one)
    text = accepted_papers.text_of(Paper.CODE_OF_CONDUCT, "pl")
    accepted_papers.accept(one, Paper.CODE_OF_CONDUCT, version=text.version, language="pl", by=one.user)
    assert offers.expire_offers() == 1


def test_whoever_is_free_again_is_looked_at_at_once(unfilled, institution, official, project, clock):
    one = factories.make_assistant(project)
    taken = look(institution, official, start_at=START + timedelta(hours=1))
    offers.expire_offers()
    accept(open_offers(taken)[0])
    unfilled.offers.all().delete()
    AssistanceRequest.objects.filter(pk=unfilled.pk).update(state="unfilled", looked_again_at=timezone.now())
    unfilled.attempts.update(state="exhausted")
    _unable(one)
    clock.shift(timedelta(minutes=1))
    assert offers.expire_offers() == 0
    requests.cancel(taken, by=official, reason="not_needed")
    offers.expire_offers()
    assert [offer.assistant for offer in open_offers(unfilled)] == [one]


def test_another_network_s_people_are_no_news(unfilled, other_project, clock):
    factories.make_assistant(other_project)
    assert offers.expire_offers() == 0


def test_thirty_unfilled_requests_that_were_looked_at_cost_what_one_costs(
    institution, official, project, clock, django_assert_num_queries
):
    for number in (1, 29):
        for _request in range(number):
            look(institution, official)
        clock.shift(timedelta(minutes=20))
        assert offers.expire_offers() >= number
        clock.shift(timedelta(minutes=1))
        with django_assert_num_queries(3):  # nothing is due: offers, who has to be told, what is due
            assert offers.expire_offers() == 0
