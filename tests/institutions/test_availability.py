"""Weeks, days off, and who is free next."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse

from institutions import availability
from institutions.models import Availability, AvailabilityException
from institutions.officials import NotYourNetwork
from institutions.week_forms import WeekForm
from portal import diary
from portal.clock import WARSAW, local
from portal.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=WARSAW)  # a Tuesday
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def helper(assistant):
    assistant.assistant.availability.all().delete()
    return assistant.assistant


def hours(helper, weekday, starts, ends):
    Availability.objects.create(assistant=helper, weekday=weekday, starts=time(starts), ends=time(ends))


def busy(user, start, minutes):
    diary.put(
        user,
        diary.Appointment(
            source=f"tests.thing:{start.isoformat()}",
            kind="assistance",
            start_at=start,
            end_at=start + timedelta(minutes=minutes),
            title={"pl": "Praca"},
        ),
    )


def free(helper):
    return availability.next_free([type(helper).objects.get(pk=helper.pk)])[helper.pk]


def test_without_hours_she_is_never_free(helper):
    assert free(helper) is None


def test_she_is_free_now_if_an_hour_is_left(helper):
    hours(helper, 1, 8, 10)
    assert free(helper) == NOW
    helper.availability.update(ends=time(9, 59))
    assert free(helper) == local(date(2026, 12, 1), time(8))


def test_days_off_and_other_weekdays_are_passed_over(helper):
    hours(helper, 2, 8, 12)
    AvailabilityException.objects.create(
        assistant=helper, starts_on=date(2026, 11, 25), ends_on=date(2026, 12, 1)
    )
    assert free(helper) == local(date(2026, 12, 2), time(8))


def test_after_two_weeks_nobody_looks_any_more(helper):
    hours(helper, 2, 8, 12)
    AvailabilityException.objects.create(
        assistant=helper, starts_on=TODAY, ends_on=TODAY + timedelta(days=15)
    )
    assert free(helper) is None


def test_what_is_in_her_diary_is_passed_over(helper):
    hours(helper, 1, 9, 13)
    busy(helper.user, NOW + timedelta(minutes=30), 60)
    assert free(helper) == NOW + timedelta(minutes=90)
    busy(helper.user, NOW + timedelta(minutes=120), 90)
    assert free(helper) == local(date(2026, 12, 1), time(9))


def test_hours_of_one_day_are_found_too(helper):
    helper.extra_hours.create(day=date(2026, 12, 3), starts=time(17), ends=time(19))
    assert free(helper) == local(date(2026, 12, 3), time(17))
    hours(helper, 2, 8, 12)
    assert free(helper) == local(date(2026, 11, 25), time(8))


def test_hours_of_one_day_twice_are_once_and_only_hers(assistant, outsider, coordinator):
    helper = assistant.assistant
    about = {"day": TODAY + timedelta(days=2), "starts": time(10), "ends": time(12)}
    first = availability.add_hours(helper, by=assistant, **about)
    assert availability.add_hours(helper, by=coordinator, **about) == first
    assert AuditEntry.objects.filter(action="assistant.extra_hours").count() == 1
    with pytest.raises(NotYourNetwork):
        availability.add_hours(helper, by=outsider, **about)
    with pytest.raises(NotYourNetwork):
        availability.drop_hours(first, by=outsider)


@pytest.mark.parametrize(
    ("ahead", "starts", "ends", "refusal"),
    [
        (1, 12, 12, availability.HoursTheWrongWayRound),
        (-1, 10, 12, availability.HoursAreOver),
        (3, 10, 12, availability.DayIsOff),
    ],
)
def test_hours_of_one_day_that_make_no_sense_are_refused(assistant, ahead, starts, ends, refusal):
    helper, off = assistant.assistant, TODAY + timedelta(days=3)
    availability.take_days_off(helper, by=assistant, starts_on=off, ends_on=off)
    day = TODAY + timedelta(days=ahead)
    with pytest.raises(refusal):
        availability.add_hours(helper, by=assistant, day=day, starts=time(starts), ends=time(ends))
    assert not helper.extra_hours.exists()


def test_days_off_twice_are_once_and_only_hers(assistant, outsider, coordinator):
    helper = assistant.assistant
    about = {"starts_on": TODAY, "ends_on": TODAY + timedelta(days=2)}
    first = availability.take_days_off(helper, by=assistant, **about)
    assert availability.take_days_off(helper, by=coordinator, **about) == first
    assert AuditEntry.objects.filter(action="assistant.days_off").count() == 1
    with pytest.raises(NotYourNetwork):
        availability.take_days_off(helper, by=outsider, **about)
    with pytest.raises(NotYourNetwork):
        availability.drop_days_off(first, by=outsider)
    with pytest.raises(NotYourNetwork):
        availability.change_week(helper, by=outsider, hours=[], shares_phone=False)


@pytest.mark.parametrize(
    ("first", "last", "refusal"),
    [(2, 1, availability.DaysTheWrongWayRound), (-3, -1, availability.DaysAreOver)],
)
def test_days_off_that_make_no_sense_are_refused(assistant, first, last, refusal):
    with pytest.raises(refusal):
        availability.take_days_off(
            assistant.assistant,
            by=assistant,
            starts_on=TODAY + timedelta(days=first),
            ends_on=TODAY + timedelta(days=last),
        )


def test_jobs_on_days_off_are_named(client, assistant, institution):
    factories.make_assignment(factories.make_request(institution), assistant.assistant)
    factories.make_assignment(
        factories.make_request(institution, start_at=NOW + timedelta(days=9)), assistant.assistant
    )
    days = availability.take_days_off(
        assistant.assistant, by=assistant, starts_on=TODAY, ends_on=TODAY + timedelta(days=8)
    )
    assert availability.jobs_in(days) == 1
    client.force_login(assistant)
    page = client.post(
        "/en/assistant/days-off/", {"starts_on": "2026-11-28", "ends_on": "2026-11-30"}, follow=True
    )
    assert "You have agreed to 1 job on these days." in page.content.decode()


def test_the_hours_of_monday_go_to_other_days_without_a_script(client, assistant):
    client.force_login(assistant)
    typed = {"from_0_1": "08:00", "until_0_1": "12:00", "from_0_2": "15:00", "until_0_2": "17:00"}
    typed |= {"from_3_1": "10:00", "until_3_1": "11:00", "from_5_1": "10:00", "until_5_1": "11:00"}
    client.post(reverse("assistant_hours"), typed | {"same_days": ["1", "3"]})
    rows = list(assistant.assistant.availability.values_list("weekday", "starts", "ends"))
    long = [(time(8), time(12)), (time(15), time(17))]
    assert rows == [
        *((day, *span) for day in (0, 1, 3) for span in long),
        (5, time(10), time(11)),
    ]


def test_the_second_hours_begin_after_the_first(assistant):
    typed = {"from_0_1": "08:00", "until_0_1": "12:00", "from_0_2": "11:00", "until_0_2": "13:00"}
    form = WeekForm(typed, assistant=assistant.assistant)
    assert not form.is_valid()
    assert "from_0_2" in form.errors
