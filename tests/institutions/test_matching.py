"""For every assistant: does she fit, and if not, why not."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from institutions import matching, travel
from institutions.matching import Misfit
from institutions.models import (
    Assistant,
    Availability,
    AvailabilityException,
    Block,
    Conflict,
    RequestSeries,
    Training,
)
from participants.models import ConsentEvent, LanguageSkill
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
    Training.objects.create(assistant=helper, subject="mental_health", trained_on=date(2026, 1, 10))
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
    ("day", "starts", "ends", "expected"),
    [
        (date(2026, 11, 27), time(10), time(11), []),
        (date(2026, 11, 27), time(9), time(10, 30), [Misfit.HOURS]),
        (date(2026, 11, 20), time(10), time(11), [Misfit.HOURS]),
    ],
)
def test_hours_of_one_day_count_on_that_day(institution, helper, day, starts, ends, expected):
    helper.availability.all().delete()
    helper.extra_hours.create(day=day, starts=starts, ends=ends)
    assert reasons(request_of(institution), helper) == expected


def test_hours_of_one_day_join_those_of_the_week(institution, helper):
    helper.availability.update(ends=time(10, 30))
    assert reasons(request_of(institution), helper) == [Misfit.HOURS]
    helper.extra_hours.create(day=date(2026, 11, 27), starts=time(10, 30), ends=time(12))
    assert reasons(request_of(institution), helper) == []


def test_a_day_off_goes_before_hours_of_that_day(institution, helper):
    helper.extra_hours.create(day=date(2026, 11, 27), starts=time(10), ends=time(11))
    AvailabilityException.objects.create(
        assistant=helper, starts_on=date(2026, 11, 27), ends_on=date(2026, 11, 27)
    )
    assert reasons(request_of(institution), helper) == [Misfit.DAY_OFF]


@pytest.mark.parametrize(
    ("town", "county", "mode", "minutes"),
    [
        ("Toruń", "Toruń", "on_site", 30),
        (" torun ", "", "on_site", 30),
        ("Chełmża", "Toruń", "on_site", 60),
        ("Chełmża", "powiat toruński", "on_site", 60),
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


@pytest.mark.parametrize("number", [3, 60])
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
    assert len(queries) == 4


# --- What the institution asks for -----------------------------------------------------------------------


def speak(helper, **fields):
    helper.user.language_skills.filter(language="uk").update(**fields)


def answers(request, assistant):
    return {one.requirement.kind: one.is_met for one in matching.candidate(request, assistant).answers}


@pytest.mark.parametrize(
    ("asked", "must", "misfit"),
    [
        ({"dialect": "Surzhyk"}, "is_dialect_required", Misfit.DIALECT),
        ({"level": "C2"}, "is_level_required", Misfit.LEVEL),
        ({"is_writing_wanted": True}, "is_writing_required", Misfit.WRITING),
        ({"gender_preference": "man"}, "is_gender_required", Misfit.GENDER),
        ({"is_other_town_wanted": True}, "is_other_town_required", Misfit.OTHER_TOWN),
    ],
)
def test_a_must_keeps_her_away_and_a_wish_costs_points(institution, helper, asked, must, misfit):
    plain = matching.candidate(request_of(institution), helper)
    wish = matching.candidate(request_of(institution, **asked), helper)
    assert (plain.reasons, wish.reasons) == ([], [])
    assert wish.score_parts["wishes"] == -8
    assert wish.score == plain.score - 8
    assert reasons(request_of(institution, **asked, **{must: True}), helper) == [misfit]


def test_musts_that_are_met_keep_nobody_away(institution, helper):
    speak(helper, dialect=" surzhyk", spoken="native", written="B1")
    helper.home_town = "Chełmno"
    helper.save(update_fields=["home_town"])
    request = request_of(
        institution,
        dialect="Surzhyk",
        is_dialect_required=True,
        level="C2",
        is_level_required=True,
        is_writing_wanted=True,
        is_writing_required=True,
        is_other_town_wanted=True,
        is_other_town_required=True,
    )
    one = matching.candidate(request, helper)
    assert one.fits
    assert {answer.is_met for answer in one.answers if answer.is_must} == {True}


@pytest.mark.parametrize("home", ["Torun", "m. Toruń", "ТОРУНЬ", ""])
def test_another_town_is_not_the_same_one_spelled_otherwise(institution, helper, home):
    Assistant.objects.update(home_town=home)
    request = request_of(institution, is_other_town_wanted=True, is_other_town_required=True)
    assert reasons(request, helper) == [Misfit.OTHER_TOWN]


def test_candidate_answers_every_point_of_the_request(institution, helper):
    request = request_of(institution, subject="school", gender_preference="man", preferred_assistant=helper)
    assert answers(request, helper) == {
        "language": True,
        "gender": False,
        "same_assistant": True,
        "training": False,
    }


def test_a_hard_meeting_is_for_those_trained_on_its_subject(institution, helper):
    request = request_of(institution, subject="health", sensitivities=["trauma"])
    assert reasons(request, helper) == [Misfit.SUBJECT]
    Training.objects.create(assistant=helper, subject="health", trained_on=date(2026, 1, 10))
    assert reasons(request, helper) == []


# --- Papers ----------------------------------------------------------------------------------------------


def test_children_are_met_only_with_a_valid_check(institution, helper, settings):
    settings.ASSISTANCE = settings.ASSISTANCE | {"papers_required": ["child_protection"]}
    Assistant.objects.update(child_protection_checked_on=None)
    assert reasons(request_of(institution), helper) == []
    request = request_of(institution, are_minors_present=True)
    one = matching.candidate(request, helper)
    assert one.reasons == [Misfit.CHILD_PROTECTION]
    assert one.is_final
    Assistant.objects.update(child_protection_checked_on=date(2026, 11, 1))
    assert reasons(request, helper) == []


def test_papers_have_to_hold_on_the_day_of_the_meeting(institution, helper, settings):
    settings.ASSISTANCE = settings.ASSISTANCE | {"papers_required": ["contract"]}
    Assistant.objects.update(
        contract_form="mandate", contract_from=date(2026, 1, 1), contract_until=date(2026, 11, 26)
    )
    assert reasons(request_of(institution), helper) == [Misfit.CONTRACT]
    assert reasons(request_of(institution, start_at=START - timedelta(days=1)), helper) == []


def test_confidentiality_is_promised_before_any_work(institution, helper, settings):
    settings.ASSISTANCE = settings.ASSISTANCE | {"papers_required": ["code_of_conduct", "confidentiality"]}
    ConsentEvent.objects.all().delete()
    one = matching.candidate(request_of(institution), helper)
    assert one.reasons == [Misfit.CODE_OF_CONDUCT, Misfit.CONFIDENTIALITY]
    assert one.is_final


# --- Her own limits, and who does not go where -----------------------------------------------------------


def test_her_own_limits_hold_where_they_are_narrower(institution, helper):
    busy(helper.user, START.replace(hour=15), 60, kind="assistance")
    request = request_of(institution)
    helper.max_minutes_a_day = 119
    helper.save(update_fields=["max_minutes_a_day"])
    assert reasons(request, helper) == [Misfit.DAY_LIMIT]
    helper.max_minutes_a_day, helper.max_minutes_a_week = 9999, 119
    helper.save(update_fields=["max_minutes_a_day", "max_minutes_a_week"])
    assert reasons(request, helper) == [Misfit.WEEK_LIMIT]
    helper.max_minutes_a_week = 120
    helper.save(update_fields=["max_minutes_a_week"])
    assert reasons(request, helper) == []
    too_long = request_of(institution, end_at=START + timedelta(minutes=181))
    assert reasons(too_long, helper) == [Misfit.DAY_LIMIT, Misfit.WEEK_LIMIT]


@pytest.mark.parametrize(
    ("minutes", "expected"), [(3 * 24 * 60 + 60, []), (3 * 24 * 60 + 61, [Misfit.NOTICE])]
)
def test_she_is_not_asked_later_than_she_wants_to_know(institution, helper, minutes, expected):
    helper.min_notice_minutes = minutes  # it is Tuesday, 9 o'clock
    helper.save(update_fields=["min_notice_minutes"])
    assert reasons(request_of(institution), helper) == expected


def test_she_is_not_sent_further_than_she_wants_to_travel(institution, helper):
    helper.max_travel_minutes = 60
    helper.save(update_fields=["max_travel_minutes"])
    far = {"town": "Grudziądz", "county": "grudziądzki"}
    assert reasons(request_of(institution), helper) == []
    assert reasons(request_of(institution, **far), helper) == [Misfit.TOO_FAR]
    assert reasons(request_of(institution, **far, mode="phone"), helper) == []


@pytest.mark.parametrize("about", ["institution", "town", "official"])
def test_conflicts_she_told_of_keep_her_away(institution, official, helper, about):
    things = {"institution": institution, "town": " torun", "official": official}
    Conflict.objects.create(assistant=helper, reason="relative", **{about: things[about]})
    assert reasons(request_of(institution, by=official), helper) == [Misfit.CONFLICT]
    assert matching.candidate(request_of(institution, by=official), helper).is_final
    other = factories.make_institution(institution.project, town="Chełmża")
    assert reasons(request_of(other), helper) == []


def test_who_is_blocked_goes_there_no_more_until_it_is_lifted(institution, helper):
    block = Block.objects.create(institution=institution, assistant=helper, reason="asked")
    assert reasons(request_of(institution), helper) == [Misfit.BLOCKED]
    assert matching.candidate(request_of(institution), helper).is_final
    assert reasons(request_of(factories.make_institution(institution.project)), helper) == []
    block.lifted_at = START
    block.save(update_fields=["lifted_at"])
    assert reasons(request_of(institution), helper) == []


def test_nobody_takes_both_places_of_a_request(institution, helper):
    request = request_of(institution, assistants_needed=2)
    factories.make_assignment(request=request, assistant=helper, place=1)
    second = factories.make_attempt(request, place=2)
    one = matching.candidate(request, helper, attempt=second)
    assert one.reasons == [Misfit.ALREADY_GOING]
    assert one.is_final


def test_a_refusal_holds_for_one_way_and_not_for_another(institution, helper):
    request = request_of(institution)
    factories.make_offer(request=request, assistant=helper, state="refused", expires_at=START)
    by_phone = factories.make_attempt(request, place=2, mode="phone")
    assert reasons(request, helper) == [Misfit.REFUSED]
    assert reasons(request, helper, attempt=by_phone) == []


def test_who_was_replaced_is_not_asked_again(institution, helper):
    request = request_of(institution)
    factories.make_assignment(request=request, assistant=helper, state="replaced")
    assert reasons(request, helper) == [Misfit.REPLACED]


@pytest.mark.parametrize(
    ("fields", "is_final"),
    [({"mode": "on_site", "language": "ar"}, False), ({"start_at": START + timedelta(minutes=30)}, True)],
)
def test_only_what_cannot_be_set_aside_is_final(institution, helper, fields, is_final):
    busy(helper.user, START + timedelta(hours=1), 30)
    helper.modes = ["phone"]
    helper.save(update_fields=["modes"])
    fields = {"start_at": START - timedelta(hours=2)} | fields
    one = matching.candidate(request_of(institution, **fields), helper)
    assert (bool(one.reasons), one.is_final) == (True, is_final)


# --- Talks before and after, and midnight ----------------------------------------------------------------


def test_talks_before_and_after_belong_to_the_time(institution, helper):
    helper.availability.all().delete()
    Availability.objects.create(assistant=helper, weekday=4, starts=time(9, 50), ends=time(11, 10))
    assert reasons(request_of(institution, briefing_minutes=10, debriefing_minutes=10), helper) == []
    assert reasons(request_of(institution, briefing_minutes=11), helper) == [Misfit.HOURS]
    assert reasons(request_of(institution, debriefing_minutes=11), helper) == [Misfit.HOURS]


def test_talks_before_and_after_keep_other_things_away(institution, helper):
    busy(helper.user, START - timedelta(minutes=90))  # ends half an hour before: just the way
    assert reasons(request_of(institution), helper) == []
    assert reasons(request_of(institution, briefing_minutes=1), helper) == [Misfit.OVERLAP]


@pytest.mark.parametrize(("saturday", "expected"), [(time(2), []), (time(1, 30), [Misfit.HOURS])])
def test_a_meeting_over_midnight_needs_the_hours_of_both_days(institution, helper, saturday, expected):
    helper.availability.all().delete()
    Availability.objects.create(assistant=helper, weekday=4, starts=time(22), ends=time(23, 59))
    Availability.objects.create(assistant=helper, weekday=5, starts=time(0), ends=saturday)
    late = START.replace(hour=23)
    assert (
        reasons(request_of(institution, start_at=late, end_at=late + timedelta(hours=3)), helper) == expected
    )


def test_a_day_off_after_midnight_counts(institution, helper):
    Availability.objects.update(starts=time(0), ends=time(23, 59))
    AvailabilityException.objects.create(
        assistant=helper, starts_on=date(2026, 11, 28), ends_on=date(2026, 11, 28)
    )
    late = START.replace(hour=23)
    assert reasons(request_of(institution, start_at=late, end_at=late + timedelta(minutes=60)), helper) == []
    over_midnight = request_of(institution, start_at=late, end_at=late + timedelta(minutes=61))
    assert reasons(over_midnight, helper) == [Misfit.DAY_OFF]


# --- In which order --------------------------------------------------------------------------------------


def order(request):
    return [one.assistant.pk for one in matching.candidates(request) if one.fits]


def test_candidates_puts_first_who_knows_the_case(institution, project):
    first, second = (factories.make_assistant(project) for _number in range(2))
    request = request_of(institution, case_reference="OPS/12/2026")
    assert order(request) == [first.pk, second.pk]
    old = request_of(institution, case_reference="OPS/12/2026", start_at=START - timedelta(days=30))
    factories.make_assignment(request=old, assistant=second, state="done")
    assert order(request) == [second.pk, first.pk]
    # Another institution's number says nothing.
    old.institution = factories.make_institution(project)
    old.save(update_fields=["institution"])
    assert order(request) == [first.pk, second.pk]


def test_candidates_puts_last_who_has_many_hours(institution, project):
    first, second = (factories.make_assistant(project) for _number in range(2))
    done = request_of(institution, start_at=START - timedelta(days=10))
    factories.make_assignment(request=done, assistant=first, state="done")
    request = request_of(institution)
    assert order(request) == [second.pk, first.pk]
    # What was agreed counts like what was done; what is longer ago does not, nor what came to nothing.
    agreed = request_of(institution, start_at=START + timedelta(days=1), end_at=START + timedelta(hours=27))
    job = factories.make_assignment(request=agreed, assistant=second)
    assert order(request) == [first.pk, second.pk]
    job.state = "withdrawn"
    job.save(update_fields=["state"])
    assert order(request) == [second.pk, first.pk]


def test_who_is_preferred_or_in_the_row_or_interested_comes_forward(institution, project):
    first, second = (factories.make_assistant(project) for _number in range(2))
    assert order(request_of(institution, preferred_assistant=second)) == [second.pk, first.pk]
    row = RequestSeries.objects.create(institution=institution)
    other = request_of(institution, series=row, start_at=START + timedelta(days=7))
    factories.make_assignment(request=other, assistant=second)
    assert order(request_of(institution, series=row)) == [second.pk, first.pk]
    request = request_of(institution)
    factories.make_offer(request=request, assistant=second, state="interested", wave=0)
    assert order(request) == [second.pk, first.pk]
    assert [one.is_interested for one in matching.candidates(request)] == [True, False]


def test_scores_say_what_they_are_made_of(institution, helper):
    one = matching.candidate(request_of(institution), helper)
    assert one.score == sum(one.score_parts.values())
    assert {line.name for line in one.explained} <= set(one.score_parts)
    assert all(line.sentence for line in one.explained)


# --- Only those who fit; open jobs -----------------------------------------------------------------------


def test_fitting_is_the_beginning_of_candidates(institution, project):
    for index in range(12):
        helper = factories.make_assistant(
            project,
            languages=("uk", "ar") if index % 3 else ("ar",),
            modes=["on_site", "phone"] if index % 4 else ["phone"],
            home_town="Toruń" if index % 2 else "Grudziądz",
            suspended_at=START if index == 5 else None,
        )
        if index % 5 == 0:
            speak(helper, spoken="A2")
    request = request_of(institution)
    by_phone = factories.make_attempt(request, mode="phone", language="ar")
    for attempt in (None, by_phone):
        fit = [one for one in matching.candidates(request, attempt=attempt) if one.fits]
        assert fit
        assert matching.fitting(request, attempt=attempt) == fit


@pytest.fixture
def open_job(institution):
    request = request_of(institution)
    factories.make_attempt(request)
    return request


def open_to(helper):
    return [one.request for one in matching.open_requests_for(helper)]


def test_open_requests_are_those_she_fits_and_was_not_asked_about(
    institution, helper, open_job, other_project
):
    assert open_to(helper) == [open_job]
    far_ahead = request_of(institution, start_at=START + timedelta(days=30))
    factories.make_attempt(far_ahead)
    arabic = request_of(institution, language="ar")
    factories.make_attempt(arabic)
    factories.make_attempt(request_of(institution, start_at=START + timedelta(days=1)), state="exhausted")
    foreign = request_of(factories.make_institution(other_project))
    factories.make_attempt(foreign)
    assert open_to(helper) == [open_job]
    factories.make_attempt(arabic, language="uk", place=2)
    assert open_to(helper) == [open_job, arabic]
    factories.make_offer(request=open_job, assistant=helper)
    assert open_to(helper) == [arabic]


def test_both_places_of_a_request_are_one_open_job(helper, open_job):
    factories.make_attempt(open_job, place=2)
    assert open_to(helper) == [open_job]


@pytest.mark.parametrize("number", [3, 30])
def test_open_requests_takes_the_same_number_of_queries(institution, helper, number):
    Assistant.objects.update(child_protection_checked_on=date(2026, 11, 1))
    for day in range(number):
        request = request_of(
            institution,
            start_at=START + timedelta(days=day % 10, hours=day // 10),
            are_minors_present=day % 2 == 0,
        )
        factories.make_attempt(request)
    with CaptureQueriesContext(connection) as queries:
        assert len(matching.open_requests_for(helper)) == min(number, 20)
    assert len(queries) == 5
