"""Breaks of long meetings."""

from datetime import timedelta

import pytest

from institutions.breaks import breaks_between
from tests.institutions.orders import FRIDAY


def clock(minutes):
    return [f"{start:%H:%M}-{end:%H:%M}" for start, end in breaks_between(FRIDAY, minutes)]


@pytest.mark.parametrize(
    ("minutes", "planned"),
    [
        (60, []),
        (75, ["10:35-10:40"]),
        (85, ["10:40-10:45"]),
        (120, ["10:36-10:41", "11:18-11:23"]),
    ],
)
def test_breaks_stand_evenly_in_a_long_meeting(minutes, planned):
    assert clock(minutes) == planned


def test_nobody_interprets_longer_than_forty_minutes_at_a_stretch():
    for minutes in range(61, 241):
        breaks = breaks_between(FRIDAY, minutes)
        ends = [FRIDAY, *[end for _start, end in breaks]]
        begins = [*[start for start, _end in breaks], FRIDAY + timedelta(minutes=minutes)]
        stretches = [begin - end for end, begin in zip(ends, begins, strict=True)]
        assert max(stretches) <= timedelta(minutes=41), minutes
        assert min(stretches) >= timedelta(minutes=20), minutes
