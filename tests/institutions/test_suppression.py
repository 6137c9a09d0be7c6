"""What is hidden cannot be worked out: the tests try to."""

import time
from collections import Counter
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from institutions.suppression import TOTAL, protect, protect_list

UNDER = 3
number = st.sampled_from([0, 0, 1, 2, 3, 4, 6, 9])


@st.composite
def tables(draw):
    rows, columns, number_of_kinds = (draw(st.integers(1, most)) for most in (3, 3, 2))
    return {
        (row, column): tuple(draw(number) for _kind in range(number_of_kinds))
        for row in range(rows)
        for column in range(columns)
    }


def inner(table):
    return [cell for cell in table.counts if TOTAL not in cell]


def members(table, cell):
    """The cells of which one is the sum; an inner cell is its own."""
    row, column = cell
    return [one for one in inner(table) if row in (TOTAL, one[0]) and column in (TOTAL, one[1])]


def sums_left(table, kind):
    """What an attacker adds up: of each published total, what is left for the hidden cells in it."""
    for cell in table.counts:
        if TOTAL in cell and cell not in table.hidden:
            among = members(table, cell)
            known = sum(table.counts[one][kind] for one in among if one not in table.hidden)
            yield {one for one in among if one in table.hidden}, table.counts[cell][kind] - known


def what_fits(table, kind, most=400):
    """Every table of whole numbers that fits what is published, or as many as are asked for."""
    free = [cell for cell in inner(table) if cell in table.hidden]
    lines = list(sums_left(table, kind))
    found = []

    def go(place, values):
        for cells, left in lines:
            known = sum(values[cell] for cell in cells if cell in values)
            if known > left or (known < left and cells <= values.keys()):
                return
        if place == len(free):
            found.append(dict(values))
            return
        cell = free[place]
        limit = min([left for cells, left in lines if cell in cells], default=12)
        for value in range(limit + 1):
            go(place + 1, values | {cell: value})
            if len(found) >= most:
                return

    go(0, {})
    return found


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(tables())
def test_no_small_number_can_be_worked_out(cells):
    table = protect(cells, under=UNDER)
    for kind in range(len(next(iter(cells.values())))):
        fitting = what_fits(table, kind)
        if len(fitting) >= 400:
            continue  # so many possibilities that the list is cut off
        truth = {cell: table.counts[cell][kind] for cell in inner(table) if cell in table.hidden}
        assert truth in fitting
        for cell in table.hidden:
            if 0 < table.counts[cell][kind] < UNDER:
                among = members(table, cell)
                possible = {
                    sum(values.get(one, table.counts[one][kind]) for one in among) for values in fitting
                }
                assert len(possible) > 1, (cell, kind, sorted(table.hidden, key=str))


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(tables())
def test_what_is_shown_is_true_and_never_small(cells):
    table = protect(cells, under=UNDER)
    for cell, kinds in table.counts.items():
        shown = table.shown(*cell)
        assert shown in (None, kinds)
        if shown is not None:
            assert sum(kinds) >= UNDER
            assert not any(0 < one < UNDER for one in kinds)
    total = tuple(map(sum, zip(*cells.values(), strict=True)))
    assert table.counts[(TOTAL, TOTAL)] == total


@settings(max_examples=80, deadline=None, derandomize=True, database=None)
@given(tables())
def test_the_grand_total_is_hidden_only_for_its_own_sake(cells):
    table = protect(cells, under=UNDER)
    kinds = table.counts[(TOTAL, TOTAL)]
    is_small = sum(kinds) < UNDER or any(0 < one < UNDER for one in kinds)
    assert ((TOTAL, TOTAL) in table.hidden) == is_small


@settings(max_examples=80, deadline=None, derandomize=True, database=None)
@given(st.lists(number, min_size=1, max_size=6))
def test_in_a_list_no_small_number_stands_alone(numbers):
    table = protect_list(dict(enumerate((one,) for one in numbers)), under=UNDER)
    hidden = [column for row, column in table.hidden if row == 0 and column is not TOTAL]
    if any(0 < one < UNDER for one in numbers) and (TOTAL, TOTAL) not in table.hidden:
        assert len(hidden) > 1
        assert any(numbers[column] > 0 for column in hidden)
    assert all(numbers[column] >= UNDER for column in set(range(len(numbers))) - set(hidden))


@settings(max_examples=80, deadline=None, derandomize=True, database=None)
@given(st.lists(st.tuples(number, number), min_size=1, max_size=6))
def test_in_a_list_what_is_hidden_is_not_small_together(cells):
    """All but one of the hidden ones may be known to be empty."""
    table = protect_list(dict(enumerate(cells)), under=UNDER)
    hidden = [column for row, column in table.hidden if row == 0 and column is not TOTAL]
    if (TOTAL, TOTAL) not in table.hidden and len(hidden) < len(cells):
        for kind in range(2):
            together = sum(cells[column][kind] for column in hidden)
            assert together == 0 or together >= UNDER


def test_naive_hiding_would_be_found_out():
    """The attack of these tests works: with the small cell alone hidden, one table fits, and it is found."""
    cells = {(0, 0): (1,), (0, 1): (9,), (1, 0): (6,), (1, 1): (9,)}
    table = protect(cells, under=UNDER)
    assert len(table.hidden) >= 4
    naive = type(table)(table.counts, frozenset({(0, 0)}))
    assert what_fits(naive, 0) == [{(0, 0): 1}]


def test_the_cheapest_others_are_hidden():
    """Where one of several would do, the smallest goes: as much as possible is shown."""
    numbers = {(row, column): (10 + row + column,) for row, column in product(range(3), repeat=2)}
    table = protect(numbers | {(0, 0): (1,)}, under=5)
    assert {cell for cell in table.hidden if TOTAL not in cell} == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert not [cell for cell in table.hidden if TOTAL in cell]


def test_nothing_is_hidden_where_nothing_is_small():
    cells = dict.fromkeys(product("ab", "cd"), (7, 9))
    assert protect(cells, under=5).hidden == frozenset()


def test_one_small_cell_and_nothing_else():
    table = protect({("a", "b"): (2,)}, under=5)
    assert table.hidden == frozenset(table.counts)


@pytest.mark.parametrize("rows", [12, 30])
def test_large_tables_take_no_time(rows):
    cells = {
        (row, column): ((row * 7 + column * 3) % 11, (row * 5 + column) % 7)
        for row, column in product(range(rows), range(23))
    }
    started = time.perf_counter()
    table = protect(cells, under=5)
    assert time.perf_counter() - started < 10
    # Every hidden small number has company in its row and in its column.
    for place in (0, 1):
        in_line = Counter(cell[place] for cell in table.hidden)
        assert all(in_line[cell[place]] > 1 for cell in table.hidden if cell != (TOTAL, TOTAL))
