"""Meetings asked for together."""

from datetime import date, timedelta

import pytest
import time_machine

from institutions import offers, requests, series
from institutions.amendments import ChangedMeanwhile
from institutions.models import AssistanceRequest, RequestSeries
from institutions.transitions import NotThere, NotYours
from portal.clock import WARSAW
from portal.models import AuditEntry
from tests import factories
from tests.institutions.orders import FRIDAY, NOW, order

pytestmark = pytest.mark.django_db
State = AssistanceRequest.State


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def days(number, step=7):
    return [FRIDAY.date() + timedelta(days=step * index) for index in range(number)]


def drafts(institution, official, number=3, **fields):
    return series.save_drafts(institution, days=days(number), by=official, **order(**fields))


# --- Which days ------------------------------------------------------------------------------------------


def test_days_every_week_leave_out_public_holidays_and_still_are_as_many():
    found = series.days_of(date(2026, 12, 11), repeat="weekly", times=4)
    assert found.days == [date(2026, 12, 11), date(2026, 12, 18), date(2027, 1, 8), date(2027, 1, 15)]
    assert found.holidays == [date(2026, 12, 25), date(2027, 1, 1)]


def test_days_every_two_weeks():
    found = series.days_of(date(2026, 11, 27), repeat="fortnightly", times=2)
    assert found == series.Days([date(2026, 11, 27), date(2026, 12, 11)], [])


def test_days_once_and_chosen():
    assert series.days_of(FRIDAY.date(), repeat="").days == [FRIDAY.date()]
    chosen = [date(2026, 12, 25), date(2026, 12, 3), FRIDAY.date()]
    found = series.days_of(FRIDAY.date(), repeat="chosen", chosen=chosen)
    assert found.days == [FRIDAY.date(), date(2026, 12, 3), date(2026, 12, 25)]


@pytest.mark.parametrize(
    ("asked", "refusal", "field"),
    [
        ({"repeat": "weekly", "times": 13}, series.TooManyMeetings, "times"),
        ({"repeat": "weekly", "times": 1}, series.NoMeetings, "times"),
        ({"repeat": "chosen", "chosen": []}, series.NoMeetings, "chosen"),
        ({"repeat": "chosen", "chosen": days(13)}, series.TooManyMeetings, "chosen"),
    ],
)
def test_days_are_refused(asked, refusal, field):
    with pytest.raises(refusal) as no:
        series.days_of(FRIDAY.date(), **asked)
    assert no.value.field == field


# --- Drafts ----------------------------------------------------------------------------------------------


def test_plan_puts_a_draft_beside_for_each_day_with_everything_but_the_date(institution, official):
    first = drafts(institution, official, dialect="lwowski", briefing="Formularz")
    rows = list(series.meetings(first, seen_by=official))
    assert [row.start_at.astimezone(WARSAW).date() for row in rows] == days(3)
    assert {(row.state, row.dialect, row.briefing, row.minutes) for row in rows} == {
        (State.DRAFT, "lwowski", "Formularz", 60)
    }
    assert len({row.public_id for row in rows}) == 3
    assert AuditEntry.objects.filter(action="series.planned").count() == 1


def test_plan_keeps_the_hour_over_the_change_of_clocks(institution, official):
    start = FRIDAY.replace(year=2027, month=3, day=22)
    first = series.save_drafts(
        institution,
        days=[start.date(), start.date() + timedelta(days=7)],
        by=official,
        **order(start_at=start),
    )
    assert {row.start_at.astimezone(WARSAW).hour for row in series.meetings(first, seen_by=official)} == {10}


def test_plan_anew_puts_other_drafts_in_place_of_the_old(institution, official):
    first = drafts(institution, official, 3)
    series.save_drafts(institution, days=days(2, 14), by=official, draft=first, **order())
    assert [
        row.start_at.astimezone(WARSAW).date() for row in series.meetings(first, seen_by=official)
    ] == days(2, 14)
    series.save_drafts(institution, days=days(1), by=official, draft=first, **order())
    first.refresh_from_db()
    assert first.series is None
    assert AssistanceRequest.objects.count() == 1


def test_leave_out_takes_one_day_and_the_last_one_left_is_a_single_draft(institution, official):
    first = drafts(institution, official, 3)
    second = series.meetings(first, seen_by=official)[1]
    series.leave_out(second, by=official)
    assert [row.start_at.astimezone(WARSAW).date() for row in series.meetings(first, seen_by=official)] == [
        days(3)[0],
        days(3)[2],
    ]
    left = series.leave_out(first, by=official)
    assert (left.series, RequestSeries.objects.count()) == (None, 0)


# --- Sent and called off ---------------------------------------------------------------------------------


def sent(institution, official, number=3):
    return series.send(drafts(institution, official, number), by=official)


def test_send_makes_each_day_a_request_of_its_own(institution, official, assistant):
    rows = sent(institution, official)
    assert {row.state for row in rows} == {State.OFFERING}
    assert [row.offers.count() for row in rows] == [1, 1, 1]
    assert len({row.series_id for row in rows}) == 1


def test_send_is_all_or_none(institution, official, assistant, clock):
    first = drafts(institution, official)
    clock.move_to(FRIDAY + timedelta(days=1))
    with pytest.raises(requests.order_rules.StartInThePast):
        series.send(first, by=official)
    assert set(AssistanceRequest.objects.values_list("state", flat=True)) == {State.DRAFT}


def test_nobody_sends_or_overwrites_what_a_colleague_has_written_meanwhile(institution, official):
    colleague = factories.make_official(institution, unit=official.official_seats.get().unit)
    draft = AssistanceRequest.objects.get(pk=drafts(institution, official, 2).pk)
    seen = series.version_of(draft)
    new = {"days": days(2), "draft": draft}
    series.save_drafts(institution, by=colleague, seen=seen, **new, **order(town="Bydgoszcz"))
    with pytest.raises(ChangedMeanwhile):
        series.send(draft, by=official, seen=seen)
    with pytest.raises(ChangedMeanwhile):
        series.save_drafts(institution, by=official, seen=seen, **new, **order(town="Chełmża"))
    assert set(AssistanceRequest.objects.values_list("town", "state")) == {("Bydgoszcz", State.DRAFT)}
    series.save_drafts(institution, by=colleague, seen=seen, **new, **order(town="Bydgoszcz"))  # twice
    draft.refresh_from_db()
    series.send(draft, by=official, seen=series.version_of(draft))
    assert not AssistanceRequest.objects.filter(state=State.DRAFT).exists()


def test_send_is_refused_once_somebody_has_deleted_the_draft(institution, official):
    first = drafts(institution, official, 2)
    second = series.drafts_beside(first).get()
    requests.delete_draft(first, by=official)
    with pytest.raises(NotThere):
        series.send(first, by=official)
    assert list(AssistanceRequest.objects.values_list("pk", "state")) == [(second.pk, State.DRAFT)]


def test_cancel_following_leaves_what_is_before_and_what_is_over(institution, official, assistant):
    rows = sent(institution, official, 4)
    requests.cancel(rows[3], by=official, reason="mistake")
    series.cancel_following(rows[1], by=official, reason="not_needed")
    states = [AssistanceRequest.objects.get(pk=row.pk).state for row in rows]
    assert states == [State.OFFERING] + [State.CANCELLED_BY_INSTITUTION] * 3
    assert [row.transitions.last().reason for row in rows[1:]] == ["not_needed", "not_needed", "mistake"]
    series.cancel_following(rows[1], by=official, reason="not_needed")
    assert AuditEntry.objects.filter(action="request.cancelled_by_institution").count() == 3


def test_cancel_following_frees_the_assistant_of_all_days(institution, official, assistant):
    rows = sent(institution, official)
    for row in rows:
        offers.accept(row.offers.get(), by=assistant)
    series.cancel_following(rows[0], by=official, reason="not_needed")
    assert set(assistant.assistant.assignments.values_list("state", flat=True)) == {"cancelled"}


def test_cancel_following_is_for_those_whose_requests_they_are(institution, official, outsider):
    with pytest.raises(NotYours):
        series.cancel_following(sent(institution, official)[0], by=outsider, reason="other")
