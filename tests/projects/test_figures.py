from datetime import date

import pytest

from projects import figures, ledger
from projects.figures import Period
from tests import factories
from tests.projects.entries import write


@pytest.fixture
def amount(project):
    """What an indicator of the project stands at."""

    def count(counts: str, *, period: Period | None = None, **fields):
        indicator = factories.make_indicator(project, counts=counts, **fields)
        found = {figure.indicator: figure.amount for figure in figures.of_project(project, period)}
        return found[indicator]

    return count


def test_count_delivered_hours_sums_held_minutes_only(theme, migrant, amount):
    write(theme, "delivered", minutes=90)
    write(theme, "delivered", minutes=45)
    write(theme, "received", person=migrant, minutes=90)
    assert amount("delivered_hours") == 135


def test_count_person_hours_sums_received_minutes_only(theme, migrant, other_migrant, amount):
    write(theme, "delivered", minutes=90)
    write(theme, person=migrant, minutes=90)
    write(theme, person=other_migrant, minutes=60)
    assert amount("person_hours") == 150


def test_count_unique_persons_counts_each_person_once_across_activities(
    theme, migrant, other_migrant, amount
):
    write(theme, person=migrant, activity="workshops.workshop:1")
    write(theme, person=migrant, activity="workshops.workshop:2", kind="course")
    write(theme, person=other_migrant, activity="workshops.workshop:1")
    write(theme, "heads", people=50, kind="event")
    assert amount("unique_persons") == 2


def test_count_participations_counts_a_person_once_in_each_activity(theme, migrant, other_migrant, amount):
    write(theme, person=migrant, activity="workshops.workshop:1")
    write(theme, person=migrant, activity="workshops.workshop:1", on=date(2026, 3, 17))
    write(theme, person=migrant, activity="workshops.workshop:2")
    write(theme, person=other_migrant, activity="workshops.workshop:1")
    assert amount("participations") == 3


def test_count_attendances_counts_every_presence(theme, migrant, amount):
    write(theme, person=migrant, activity="workshops.workshop:1")
    write(theme, person=migrant, activity="workshops.workshop:1", on=date(2026, 3, 17))
    write(theme, "delivered", activity="workshops.workshop:1")
    assert amount("attendances") == 2


def test_count_heads_adds_up_open_events(theme, migrant, amount):
    write(theme, "heads", people=50, kind="event")
    write(theme, "heads", people=7, kind="event")
    write(theme, person=migrant)
    assert amount("heads") == 57


def test_count_partners_counts_each_institution_once(theme, amount):
    for partner in ("institutions.institution:1", "institutions.institution:1", "institutions.institution:2"):
        write(theme, "delivered", kind="assistance", partner=partner)
    write(theme, "delivered")
    assert amount("partners") == 2


def test_count_assistance_hours_leaves_workshops_out(theme, amount):
    write(theme, "delivered", kind="assistance", minutes=75)
    write(theme, "delivered", kind="workshop", minutes=120)
    assert amount("assistance_hours") == 75


def test_count_reported_quotes_the_report(theme, amount):
    write(theme, "delivered", minutes=6000)
    assert amount("reported", reported=441) == 441
    assert amount("reported") is None


def test_count_with_kinds_and_roles_leaves_the_others_out(theme, migrant, official, amount):
    write(theme, person=migrant, kind="course")
    write(theme, person=official, kind="training", role="official")
    assert amount("unique_persons", kinds=["course"]) == 1
    assert amount("unique_persons", roles=["official", "migrant"]) == 2
    assert amount("unique_persons", roles=["local"]) == 0


def test_count_in_a_period_takes_both_its_days(theme, amount):
    for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1)):
        write(theme, "delivered", on=day, minutes=60)
    assert amount("delivered_hours", period=Period(date(2026, 3, 1), date(2026, 3, 31))) == 120


def test_count_after_withdrawal_forgets_the_entry(theme, migrant, amount):
    entry = write(theme, person=migrant)
    ledger.withdraw(entry.source)
    assert amount("unique_persons") == 0
    assert amount("attendances") == 0


def test_count_ignores_the_ledger_of_other_projects(theme, migrant, amount):
    write(factories.make_theme(), person=migrant)
    assert amount("unique_persons") == 0


def test_count_takes_two_queries_however_many_indicators(theme, project, migrant, django_assert_num_queries):
    write(theme, person=migrant, activity="workshops.workshop:1")
    for counts in figures.Counts:
        factories.make_indicator(project, counts=counts)
    with django_assert_num_queries(2):
        figures.of_project(project)


@pytest.mark.parametrize(("unit", "goal"), [(60, 9600), (45, 7200)])
def test_goal_of_hours_is_in_the_unit_of_the_grant(db, unit, goal):
    project = factories.make_project(hour_unit=unit)
    factories.make_indicator(project, unit="hours", counts="delivered_hours", target_min=160)
    (figure,) = figures.of_project(project)
    assert figure.goal == goal
    assert not figure.is_reached


def test_budget_by_theme_counts_held_minutes_of_each_theme(theme, project, migrant):
    other = factories.make_theme(project, task=theme.task, budget_minutes=600)
    write(theme, "delivered", minutes=120)
    write(theme, "delivered", minutes=60)
    write(theme, person=migrant, minutes=60)
    lines = {line.theme: line for line in figures.budget_by_theme(project, today=date(2026, 7, 1))}
    assert (lines[theme].planned, lines[theme].delivered, lines[theme].left) == (2400, 180, 2220)
    assert (lines[other].planned, lines[other].delivered, lines[other].left) == (600, 0, 600)


def test_forecast_follows_the_pace_so_far(db):
    project = factories.make_project(starts_on=date(2026, 1, 1), ends_on=date(2026, 4, 10))  # 100 days
    assert figures.forecast(project, 10 * 60, today=date(2026, 1, 25)) == 40 * 60


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2026, 4, 11)])
def test_forecast_outside_the_project_is_none(db, day):
    project = factories.make_project(starts_on=date(2026, 1, 1), ends_on=date(2026, 4, 10))
    assert figures.forecast(project, 600, today=day) is None


def test_by_month_shows_empty_months_too(theme, project, migrant):
    write(theme, "delivered", on=date(2026, 1, 31), minutes=90)
    write(theme, on=date(2026, 3, 1), person=migrant, minutes=60)
    months = figures.by_month(project, today=date(2026, 4, 2))
    assert [(month.first.month, month.delivered, month.received) for month in months] == [
        (1, 90, 0),
        (2, 0, 0),
        (3, 0, 60),
        (4, 0, 0),
    ]


def test_by_month_of_a_task_leaves_the_others_out(theme, project):
    write(theme, "delivered", on=date(2026, 1, 31), minutes=90)
    write(factories.make_theme(project), "delivered", on=date(2026, 1, 31), minutes=30)
    (january,) = figures.by_month(project, today=date(2026, 1, 31), task=theme.task)
    assert january.delivered == 90
