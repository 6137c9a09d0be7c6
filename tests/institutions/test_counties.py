"""Which counties are one, and which lie side by side."""

import pytest

from institutions.county_tiles import BORDERS, MAPS, are_neighbours, is_same_county


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Toruń", "toruński", True),
        ("powiat torunski", "m. Toruń", True),
        ("Chełmno", "świecki", True),
        ("Włocławek", "Lipno", True),
        ("Bydgoszcz", "Toruń", False),
        ("Toruń", "grudziądzki", False),
        ("Toruń", "torun", False),
        ("", "Toruń", False),
        ("warszawski zachodni", "Warszawa", False),
    ],
)
def test_are_neighbours(one, other, expected):
    assert are_neighbours(one, other) is are_neighbours(other, one) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("powiat lipnowski", "Lipno", True),
        ("Warszawski Zachodni", "warszawski-zachodni", True),
        ("Toruń", "toruński", False),
        ("", "", False),
    ],
)
def test_is_same_county_by_its_name_or_its_seat(one, other, expected):
    assert is_same_county(one, other) is is_same_county(other, one) is expected


@pytest.mark.parametrize("voivodeship", BORDERS)
def test_borders_are_of_the_counties_on_the_map_and_leave_none_alone(voivodeship):
    pairs = BORDERS[voivodeship]
    assert {len(pair) for pair in pairs} == {2}
    assert {name for pair in pairs for name in pair} == {tile.name for tile in MAPS[voivodeship]}
