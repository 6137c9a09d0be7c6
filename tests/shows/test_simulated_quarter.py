"""Seven days of the simulated quarter, asked in waves and first come, first served, on the same input.

Both go through the real verbs. The figures are printed: ``pytest -s tests/shows/test_simulated_quarter.py``.
The whole quarter, 1,500 requests, takes minutes: ``make bench`` plays it.
"""

from statistics import median

import pytest

from portal.clock import is_working_day
from tests.shows import quarter
from tests.shows.quarter_figures import expect_better, gini, table
from tests.shows.quarter_run import FIRST_COME, IN_WAVES, play

REQUESTS, DAYS = 120, 7


@pytest.mark.slow
@pytest.mark.django_db
def test_asking_in_waves_is_fairer_and_quieter_than_first_come_first_served(settings):
    waves, first_come = (
        play(policy, settings, requests=REQUESTS, days=DAYS) for policy in (IN_WAVES, FIRST_COME)
    )
    print(f"\n{REQUESTS} requests in {DAYS} days, {quarter.ASSISTANTS} assistants")
    print(table([waves, first_come]))
    expect_better(waves, first_come)


def test_the_arrivals_are_what_they_are_said_to_be():
    asked = quarter.arrivals()
    assert len(asked) == 1500
    assert [one.at for one in asked] == sorted(one.at for one in asked)
    assert all(is_working_day(one.at.date()) and 8 <= one.at.hour < 16 for one in asked)
    assert all(one.fields["start_at"] > one.at for one in asked)
    share = {
        code: sum(one.fields["language"] == code for one in asked) / len(asked) for code in quarter.LANGUAGES
    }
    assert len(share) == 12
    assert list(share)[:2] == sorted(share, key=share.get, reverse=True)[:2] == ["uk", "ru"]
    planned = [one for one in asked if one.fields["urgency"] == "planned"]
    assert 0.65 < len(planned) / len(asked) < 0.75
    assert len({one.institution for one in asked}) == quarter.INSTITUTIONS == 15


def test_the_same_seed_is_the_same_quarter():
    assert quarter.arrivals() == quarter.arrivals()
    assert quarter.characters() == quarter.characters()
    assert len(quarter.characters()) == len(quarter.SPOKEN) == quarter.ASSISTANTS == 60


def test_people_differ_in_how_fast_they_answer():
    """Without the fast few, first come, first served would be fair."""
    minutes = sorted(one.minutes_to_answer for one in quarter.characters())
    assert minutes[5] < 15 < median(minutes) < minutes[-6]


@pytest.mark.parametrize(
    ("values", "expected"), [([5, 5, 5, 5], 0), ([0, 0, 0, 8], 0.75), ([], 0), ([0, 0], 0), ([1, 3], 0.25)]
)
def test_gini_is_0_where_all_have_alike_and_near_1_where_one_has_all(values, expected):
    assert gini(values) == pytest.approx(expected)
