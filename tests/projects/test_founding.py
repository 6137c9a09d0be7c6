from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from projects import founding
from projects.models import ActivityType, BudgetTask, Indicator, Project, TargetGroup, Theme

LANGUAGES = ("pl", "en", "uk", "be", "ru", "ar")


@pytest.fixture
def organizing(db):
    founding.load_founding_projects()
    return Project.objects.get(slug="organizing")


@pytest.fixture
def womens_power(organizing):
    return Project.objects.get(slug="womens-power")


def targets(project):
    return {row.code: (row.target_min, row.target_max) for row in project.indicators.all()}


def test_load_organizing_tells_its_money_dates_and_place(organizing):
    assert (organizing.cost_eur, organizing.grant_eur) == (Decimal(76600), Decimal(75000))
    assert (organizing.starts_on, organizing.ends_on) == (date(2021, 11, 2), date(2023, 8, 31))
    assert (organizing.city, organizing.get_voivodeship_display()) == ("Toruń", "kujawsko-pomorskie")
    assert organizing.final_cost_eur == Decimal(74002)


def test_load_organizing_promises_what_the_grant_did(organizing):
    assert targets(organizing) == {
        "workshop_hours": (160, None),
        "team_members": (8, 12),
        "institutions": (15, None),
        "direct_beneficiaries": (40, None),
        "all_recipients": (190, None),
        "cooperatives": (1, None),
        "associations": (2, None),
    }
    assert sum(theme.budget_minutes for theme in organizing.themes.all()) == 160 * 60
    assert {row.reported for row in organizing.indicators.all()} == {None}


def test_load_womens_power_tells_its_money_dates_and_place(womens_power):
    assert (womens_power.cost_eur, womens_power.grant_eur) == (Decimal(69419), Decimal(69419))
    assert (womens_power.starts_on, womens_power.ends_on) == (date(2021, 1, 16), date(2023, 1, 15))
    assert (womens_power.city, womens_power.get_voivodeship_display()) == ("Białystok", "podlaskie")


def test_load_womens_power_tells_planned_and_achieved(womens_power):
    found = {row.code: (row.target_min, row.reported) for row in womens_power.indicators.all()}
    assert found["women_supported"] == (129, 441)
    assert found["academy_participants"] == (12, 16)
    assert found["club_members"] == (None, 600)
    other = womens_power.indicators.get(code="women_supported").other_targets
    assert [target["target_min"] for target in other] == [120]


def test_load_every_figure_says_where_it_is_written(womens_power):
    for row in Indicator.objects.all():
        assert row.target_source or row.target_min is None, row.code
        assert row.reported_source or row.reported is None, row.code


def test_load_gives_each_text_in_six_languages(womens_power):
    for project in Project.objects.all():
        for field in ("title", "summary", "problem", "activities", "results"):
            texts = {getattr(project, f"{field}_{language}") for language in LANGUAGES}
            assert "" not in texts
            assert len(texts) == len(LANGUAGES), f"{project.slug}: {field}"


def test_load_gives_types_of_activities_and_target_groups(organizing, womens_power):
    assert {row.code for row in organizing.target_groups.all()} == {
        "migrants",
        "local_community",
        "public_officials",
    }
    assert {row.code for row in womens_power.activity_types.all()} == {
        "counselling",
        "self_advocacy",
        "self_help",
    }


def test_load_twice_is_once(organizing):
    def count():
        models = (Project, ActivityType, TargetGroup, BudgetTask, Theme, Indicator)
        return [model.objects.count() for model in models]

    before = count()
    call_command("load_founding_projects")
    assert count() == before


def test_load_demo_project_runs_around_today(db):
    story = founding.read(founding.FOUNDING.parents[1] / "portal" / "demo_texts" / "project.json")
    project = founding.load(story, today=date(2026, 7, 1))
    assert project.starts_on < date(2026, 7, 1) < project.ends_on
    assert project.indicators.get(code="workshop_hours").counts == "delivered_hours"
