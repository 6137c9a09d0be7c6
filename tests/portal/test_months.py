"""Months as they stand inside a sentence."""

from datetime import date

import pytest
from django.utils import translation

from portal.clock import format_month


@pytest.mark.parametrize(
    ("language", "expected"),
    [("pl", "listopad 2026"), ("en", "November 2026"), ("uk", "листопад 2026"), ("ru", "ноябрь 2026")],
)
def test_format_month_has_the_letters_of_a_sentence(language, expected):
    with translation.override(language):
        assert format_month(date(2026, 11, 1)).startswith(expected)
