from decimal import Decimal

import pytest
from django.utils import translation

from projects import hours


@pytest.mark.parametrize(
    ("minutes", "unit", "shown"),
    [
        (9600, 60, "160"),
        (9600, 45, "213.33"),
        (90, 60, "1.5"),
        (90, 45, "2"),
        (600_000, 60, "10,000"),
        (0, 60, "0"),
    ],
)
def test_hours_in_each_unit(minutes, unit, shown):
    with translation.override("en"):
        assert hours.hours(minutes, unit) == shown


def test_hours_are_written_as_the_language_writes_numbers():
    with translation.override("pl"):
        assert hours.hours(90) == "1,5"


def test_both_units_stand_side_by_side():
    with translation.override("en"):
        assert hours.in_both_units(90) == "1.5 h (2 teaching hours of 45 min)"


def test_euros_are_grouped_and_have_cents():
    with translation.override("en"):
        assert hours.euros(Decimal(76600)) == "76,600.00 EUR"
