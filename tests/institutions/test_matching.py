"""For every assistant: does she fit, and if not, why not."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from institutions import matching, travel
from institutions.matching import Misfit
from institutions.models import Availability, AvailabilityException
from participants.models import LanguageSkill
from portal import diary
from portal.clock import WARSAW
from tests import factories

pytestmark = pytest.mark.django_db
#: A Friday.
START = datetime(2026, 11, 27, 10, 0, tzinfo=WARSAW)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2026, 11, 24, 9, 0, tzinfo=WARSAW), tick=False) as traveller:
        yield traveller


def request_of(institution, **fields):
    return factories.make_request(institution, **({"start_at": START} | fields))


def reasons(request, assistant, **which):
    return matching.candidate(request, assistant, **which).reasons


def busy(user, start, minutes=60, *, buffer=0, kind="meeting", **fields):
    return diary.put(
        user,
        diary.Appointment(
            source=f"somewhere:{start}",
            kind=kind,
            start_at=start,
            end_at=start + timedelta(minutes=minutes),
            title={"pl": "Coś"},
            buffer_before=buffer,
            buffer_after=buffer,
        ),
        **fields,
    )


@pytest.fixture
def helper(project):
    return factories.make_assistant(project, languages=("uk",), gender="woman")


def test_candidates_puts_those_who_fit_first_and_knows_the_network_only(institution, project, other_project):
    deaf = factories.make_assistant(project, languages=("ar",))
    fit = factories.make_assistant(project)
    factories.make_assistant(other_project)
    found = matching.candidates(request_of(institution))
    assert [one.assistant for one in found] == [fit, deaf]
    assert [one.fits for one in found] == [True, False]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"language": "ar"}, [Misfit.LANGUAGE]),
        # The second language is another step of the search: an attempt of its own looks for it.
        ({"language": "ar", "second_language": "uk", "is_second_language_agreed": True}, [Misfit.LANGUAGE]),
        ({"subject": "mental_health"}, [Misfit.SUBJECT]),
        ({"subject": "police_court"}, [Misfit.SUBJECT]),
        ({"gender_preference": "woman", "is_gender_required": True}, []),
        ({"gender_preference": "man", "is_gender_required": True}, [Misfit.GENDER]),
        ({"gender_preference": "man"}, []),
        ({"start_at": START.replace(hour=6)}, [Misfit.HOURS]),
        ({"start_at": START.replace(hour=20, minute=30)}, [Misfit.HOURS]),
        ({"start_at": START, "end_at": START + timedelta(minutes=241)}, [Misfit.DAY_LIMIT]),
    ],
)
def test_candidate_follows_the_request(institution, helper, fields, expected):
    assert reasons(request_of(institution, **fields), helper) == expected


def test_candidate_is_judged_by_the_language_and_the_way_of_the_attempt(institution, helper):
    request = request_of(institution, language="ar", second_language="uk", is_second_language_agreed=True)
    first = factories.make_attempt(request, state="exhausted")
    second = factories.make_attempt(request, language="uk", mode="phone", rung=3)
    assert reasons(request, helper, attempt=first) == [Misfit.LANGUAGE]
    one = matching.candidate(request, helper, attempt=second)
    assert (one.reasons, one.language) == ([], "uk")
    helper.modes = ["on_site"]
    helper.save(update_fields=["modes"])
    assert reasons(request, helper, attempt=second) == [Misfit.MODE]


def test_candidate_must_speak_both_languages_well(institution, helper):
    helper.user.language_skills.filter(language="uk").update(spoken=LanguageSkill.Level.A2)
    assert reasons(request_of(institution), helper) == [Misfit.LANGUAGE]
    helper.user.language_skills.update(spoken=LanguageSkill.Level.B1)
    assert reasons(request_of(institution), helper) == []
    helper.user.language_skills.filter(language="pl").delete()
    assert reasons(request_of(institution), helper) == [Misfit.POLISH]


def test_candidate_must_be_trained_on_a_sensitive_subject(institution, helper):
    helper.subjects = ["mental_health"]
    helper.save(update_fields=["subjects"])
    assert reasons(request_of(institution, subject="mental_health"), helper) == []


def test_candidate_helps_in_her_own_ways_only(institution, helper):
    helper.modes = ["phone"]
    helper.save(update_fields=["modes"])
    assert reasons(request_of(institution), helper) == [Misfit.MODE]
    assert reasons(request_of(institution, mode="phone"), helper) == []


def test_candidate_who_is_suspended_or_gone_gets_nothing(institution, helper):
    helper.suspended_at = START
    helper.save(update_fields=["suspended_at"])
    assert reasons(request_of(institution), helper) == [Misfit.SUSPENDED]
    helper.suspended_at, helper.user.is_active = None, False
    helper.save(update_fields=["suspended_at"])
    helper.user.save(update_fields=["is_active"])
    assert reasons(request_of(institution), helper) == [Misfit.SUSPENDED]


def test_hours_that_follow_one_another_count_as_one(institution, helper):
    helper.availability.all().delete()
    first = Availability.objects.create(assistant=helper, weekday=4, starts=time(9), ends=time(10, 30))
    second = Availability.objects.create(assistant=helper, weekday=4, starts=time(10, 30), ends=time(12))
    assert reasons(request_of(institution), helper) == []
    second.starts = time(10, 31)
    second.save(update_fields=["starts"])
    assert reasons(request_of(institution), helper) == [Misfit.HOURS]
    first.weekday = second.weekday = 3
    first.save(update_fields=["weekday"])
    assert reasons(request_of(institution), helper) == [Misfit.HOURS]


@pytest.mark.parametrize("day", [date(2027, 3, 27), date(2027, 3, 28), date(2027, 10, 31)])
def test_hours_are_local_on_both_sides_of_a_change_of_clocks(institution, helper, day):
    helper.availability.all().delete()
    Availability.objects.create(assistant=helper, weekday=day.weekday(), starts=time(8), ends=time(9))
    start = datetime.combine(day, time(8), tzinfo=WARSAW)
    assert reasons(request_of(institution, start_at=start), helper) == []
    assert reasons(request_of(institution, start_at=start - timedelta(minutes=1)), helper) == [Misfit.HOURS]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 11, 27), date(2026, 11, 27), [Misfit.DAY_OFF]),
        (date(2026, 11, 20), date(2026, 12, 20), [Misfit.DAY_OFF]),
        (date(2026, 11, 20), date(2026, 11, 26), []),
        (date(2026, 11, 28), date(2026, 11, 28), []),
    ],
)
def test_days_off_go_before_weekly_hours(institution, helper, first, last, expected):
    AvailabilityException.objects.create(assistant=helper, starts_on=first, ends_on=last)
    assert reasons(request_of(institution), helper) == expected


@pytest.mark.parametrize(
    ("town", "county", "mode", "minutes"),
    [
        ("Toruń", "Toruń", "on_site", 30),
        (" toruń ", "", "on_site", 30),
        ("Chełmża", "Toruń", "on_site", 60),
        ("Grudziądz", "grudziądzki", "on_site", 90),
        ("Grudziądz", "", "on_site", 90),
        ("Grudziądz", "grudziądzki", "phone", 15),
        ("Toruń", "Toruń", "video", 15),
    ],
)
def test_the_way_and_rest_are_kept_free(institution, helper, town, county, mode, minutes):
    request = request_of(institution, town=town, county=county, mode=mode)
    assert travel.travel_minutes(request, helper) == minutes
    entry = busy(helper.user, START - timedelta(minutes=60 + minutes))
    assert reasons(request, helper) == []
    entry.delete()
    busy(helper.user, START - timedelta(minutes=59 + minutes))
    assert reasons(request, helper) == [Misfit.OVERLAP]


def test_buffers_of_both_sides_are_respected(institution, helper):
    busy(helper.user, START + timedelta(minutes=60 + 30 + 29), buffer=30)
    assert reasons(request_of(institution), helper) == [Misfit.OVERLAP]


def test_what_is_called_off_or_open_does_not_keep_her_away(institution, helper):
    busy(helper.user, START, is_exclusive=False)
    busy(helper.user, START + timedelta(minutes=1), state="called_off")
    assert reasons(request_of(institution), helper) == []


def test_limits_of_a_day_and_a_week_count_interpreting_only(institution, helper):
    monday = START.replace(day=23, hour=8)
    busy(helper.user, START.replace(hour=15), 180, kind="meeting")
    assert reasons(request_of(institution), helper) == []
    busy(helper.user, START.replace(hour=18, minute=30), 180, kind="assistance")
    assert reasons(request_of(institution), helper) == []  # 180 + 60 = 240
    request = request_of(institution, end_at=START + timedelta(minutes=61))
    assert reasons(request, helper) == [Misfit.DAY_LIMIT]
    for days in range(3):
        busy(helper.user, monday + timedelta(days=days), 240, kind="assistance")
    assert reasons(request_of(institution), helper) == [Misfit.WEEK_LIMIT]  # 720 + 180 + 60 > 900
    next_week = request_of(institution, start_at=START + timedelta(days=3))
    assert reasons(next_week, helper) == []


def test_those_who_said_no_or_withdrew_are_not_asked_again(institution, helper):
    request = request_of(institution)
    factories.make_offer(request=request, assistant=helper, state="refused", language="uk", expires_at=START)
    assert reasons(request, helper) == [Misfit.REFUSED]
    factories.make_assignment(request=request, assistant=helper, state="withdrawn", language="uk")
    assert reasons(request, helper) == [Misfit.REFUSED, Misfit.WITHDREW]


def test_nobody_interprets_for_herself(institution, helper):
    assert reasons(request_of(institution, by=helper.user), helper) == [Misfit.OWN_REQUEST]


@pytest.mark.parametrize("number", [3, 30])
def test_candidates_takes_the_same_number_of_queries(institution, project, number):
    for index in range(number):
        helper = factories.make_assistant(
            project, user=factories.make_user(email=f"helper{index}@example.org")
        )
        busy(helper.user, START.replace(hour=19), kind="assistance")
    request = request_of(institution)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(matching.candidates(request)) == number
    assert len(queries) == 7
