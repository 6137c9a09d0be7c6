"""How many are asked at a time, and in which order."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from institutions import waves

HOUR = timedelta(hours=1)


@dataclass
class One:
    name: str
    score: int = 0


@pytest.mark.parametrize(
    ("urgency", "number", "hours", "size"),
    [
        ("planned", 1, 100, 3),
        ("planned", 2, 100, 5),
        ("planned", 3, 100, None),
        ("planned", 9, 100, None),
        ("planned", 1, 48, 5),  # it grows as the time comes nearer
        ("planned", 1, 24, None),
        ("planned", 2, 48, None),
        ("urgent", 1, 20, 5),
        ("urgent", 1, 4, None),
        ("urgent", 2, 20, None),
        ("emergency", 1, 1, None),
    ],
)
def test_size(urgency, number, hours, size):
    assert waves.size(urgency, number, hours * HOUR) == size


def test_in_order_is_by_score_and_then_as_they_came():
    people = [One("a", 3), One("b", 7), One("c", 7), One("d")]
    assert [one.name for one in waves.in_order(people)] == ["b", "c", "a", "d"]


@pytest.mark.parametrize(
    ("sizes", "hands"),
    [
        ([3], ["abc"]),
        ([3, 3], ["ace", "bdf"]),
        ([None, 1], ["acdefg", "b"]),
        ([None], ["abcdefg"]),
        ([9, None], ["aceg", "bdf"]),
    ],
)
def test_deal_gives_the_best_in_turn_and_nobody_two_places(sizes, hands):
    assert ["".join(hand) for hand in waves.deal(list("abcdefg"), sizes)] == hands
