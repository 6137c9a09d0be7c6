"""Properties of the score: what speaks for somebody never counts against her, and the other way round."""

from dataclasses import fields, replace

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as some

from institutions.knowledge import LEVELS
from institutions.scores import Facts, Part, explain, parts_of, score_of

A_MONTH = 31 * 24 * 60
#: The same examples on every machine, however slow it is.
calmly = how(deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])

people = some.builds(
    Facts,
    level=some.sampled_from(LEVELS[2:]),
    is_verified=some.booleans(),
    way_minutes=some.none() | some.integers(0, 200),
    knows_case=some.booleans(),
    is_in_series=some.booleans(),
    is_preferred=some.booleans(),
    minutes_lately=some.integers(0, A_MONTH),
    median_minutes=some.floats(0, A_MONTH),
    hours_to_other_job=some.none() | some.floats(0, 200),
    subject_jobs=some.integers(0, 100),
    is_trained=some.booleans(),
    wishes_unmet=some.integers(0, 6),
    days_since_asked=some.none() | some.floats(0, 400),
    is_interested=some.booleans(),
)


def score(facts):
    return score_of(parts_of(facts))


def never_lower(facts, **better):
    assert score(replace(facts, **better)) >= score(facts)


@calmly
@given(people, some.integers(0, A_MONTH))
def test_more_minutes_lately_never_raise_the_score(facts, more):
    assert score(replace(facts, minutes_lately=facts.minutes_lately + more)) <= score(facts)


@calmly
@given(people, people)
def test_whoever_is_beyond_the_gap_comes_after_everybody_within_it(one, other):
    gap = settings.ASSISTANCE["score"]["fairness_gap_minutes"]
    median = 600
    ahead = replace(one, median_minutes=median, minutes_lately=median + gap + one.minutes_lately)
    within = replace(other, median_minutes=median, minutes_lately=other.minutes_lately % (median + gap))
    if within.wishes_unmet <= ahead.wishes_unmet:
        assert score(ahead) < score(within)


@calmly
@given(people, some.integers(0, 200), some.integers(0, 200))
def test_a_longer_way_never_raises_the_score(facts, minutes, more):
    near, far = replace(facts, way_minutes=minutes), replace(facts, way_minutes=minutes + more)
    assert score(far) <= score(near)


@calmly
@given(people, some.floats(0, 200), some.floats(0, 200))
def test_a_longer_rest_never_lowers_the_score(facts, hours, more):
    facts = replace(facts, hours_to_other_job=hours)
    never_lower(facts, hours_to_other_job=hours + more)
    never_lower(facts, hours_to_other_job=None)


@calmly
@given(people, some.floats(0, 400), some.floats(0, 400))
def test_a_longer_time_since_she_was_asked_never_lowers_the_score(facts, days, more):
    facts = replace(facts, days_since_asked=days)
    never_lower(facts, days_since_asked=days + more)
    never_lower(facts, days_since_asked=None)


@calmly
@given(people, some.sampled_from(LEVELS[2:]))
def test_a_better_level_never_lowers_the_score(facts, level):
    better, worse = sorted([facts.level, level], key=LEVELS.index, reverse=True)
    never_lower(replace(facts, level=worse), level=better)


@pytest.mark.parametrize(
    "name", ["is_verified", "knows_case", "is_in_series", "is_preferred", "is_trained", "is_interested"]
)
@calmly
@given(facts=people)
def test_what_speaks_for_her_raises_the_score(name, facts):
    assert score(replace(facts, **{name: True})) > score(replace(facts, **{name: False}))


@calmly
@given(people, some.integers(0, 30))
def test_more_jobs_on_the_subject_never_lower_the_score(facts, more):
    never_lower(facts, subject_jobs=facts.subject_jobs + more)


@calmly
@given(people)
def test_each_wish_that_is_not_met_costs_the_same(facts):
    worse = replace(facts, wishes_unmet=facts.wishes_unmet + 1)
    assert score(facts) - score(worse) == settings.ASSISTANCE["score"]["wish"]


@calmly
@given(people)
def test_the_score_is_the_sum_of_whole_parts_and_each_can_be_explained(facts):
    parts = parts_of(facts)
    assert set(parts) == {str(part) for part in Part}
    assert all(type(points) is int for points in parts.values())
    lines = explain(parts)
    assert sum(line.points for line in lines) == score_of(parts)
    assert [line.name for line in lines] == [part for part in Part if parts[part]]
    assert all(line.sentence and 0 <= line.share <= 100 for line in lines)


@calmly
@given(people)
def test_a_stored_score_of_fewer_parts_can_still_be_explained(facts):
    """Weights and parts change; offers of last year keep theirs."""
    parts = {name: points for name, points in parts_of(facts).items() if name != Part.REST}
    assert Part.REST not in [line.name for line in explain(parts | {"gone": 3})]


def test_nobody_travels_where_the_mode_is_remote():
    assert parts_of(Facts(level="C1"))["way"] == 0
    assert parts_of(Facts(level="C1", way_minutes=30))["way"] == 15
    assert parts_of(Facts(level="C1", way_minutes=60))["way"] == 8
    assert parts_of(Facts(level="C1", way_minutes=90))["way"] == 0


def test_fairness_is_a_straight_line_around_the_median_of_the_network():
    points = {
        minutes: parts_of(Facts(level="C1", minutes_lately=minutes, median_minutes=600))["fairness"]
        for minutes in (0, 300, 600, 900, 1799, 1800, 4000)
    }
    assert points == {0: 30, 300: 15, 600: 0, 900: -15, 1799: -60, 1800: -250, 4000: -250}


def test_past_ratings_are_no_fact_of_the_score():
    """They are for the coordinator's eyes (domain.md A6.2)."""
    assert not [one.name for one in fields(Facts) if "rating" in one.name or "feedback" in one.name]
    assert not [part for part in Part if "rating" in part]
