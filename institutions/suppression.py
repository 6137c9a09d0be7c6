"""Small cells of a published table are hidden, and enough others that nobody can work them out.

A table with its totals is a network: each cell stands in one row and one column, each total in one line of
totals. Whoever adds and subtracts what is published can find a hidden number only where no other table of
whole numbers fits what is published. So for each small number a round trip through hidden cells is looked for
on which one may be taken away here and put there, with every published number as it was; where there is none
yet, the cells of the cheapest one are hidden too.
"""

import heapq
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

#: In the place of a row or a column: the total.
TOTAL = None
Cell = tuple[Hashable | None, Hashable | None]
#: What is counted in a cell, kind by kind (helped, not helped): all shown, or none.
Counts = tuple[int, ...]
Node = tuple[str, Hashable | None]


@dataclass(frozen=True)
class Table:
    """Cells with their totals, and which of all these may not be shown."""

    counts: dict[Cell, Counts]
    hidden: frozenset[Cell]

    def shown(self, row: Hashable | None, column: Hashable | None) -> Counts | None:
        """None where it is hidden."""
        return None if (row, column) in self.hidden else self.counts[(row, column)]


def protect(cells: Mapping[tuple[Hashable, Hashable], Counts], *, under: int) -> Table:
    """Every pair of a row and a column has a place in the table, also where nothing was counted.

    What has fewer than ``under`` on the whole is hidden, none included, so that a hidden cell may be empty;
    and so is what has fewer of any kind, but not none. The grand total is hidden only for its own sake.
    """
    counts = _with_totals(cells)
    hidden = {cell for cell, kinds in counts.items() if is_small(kinds, under)}
    for kind in range(len(counts[(TOTAL, TOTAL)])):
        numbers = {cell: kinds[kind] for cell, kinds in counts.items()}
        costs = {
            cell: sum(kinds) + 1 for cell, kinds in counts.items() if cell in hidden or cell != (TOTAL, TOTAL)
        }
        for cell in sorted(hidden, key=str):
            if 0 < numbers[cell] < under:
                hidden |= _round_trip(cell, numbers, costs, hidden)
    return Table(counts, frozenset(hidden))


def protect_list(cells: Mapping[Hashable, Counts], *, under: int) -> Table:
    """The same for a list with its sum: a table of one row, ``row`` 0.

    What is hidden is not small together either: where all but one of these are known to be empty, the sum
    less what is shown would be that one.
    """
    table = protect({(0, key): kinds for key, kinds in cells.items()}, under=under)
    both = {column for _row, column in table.hidden if column is not TOTAL}
    if (TOTAL, TOTAL) not in table.hidden:
        both |= _enough_beside(both, cells, under)
    hidden = {(row, column) for column in both for row in (0, TOTAL)}
    return Table(table.counts, frozenset(hidden | (table.hidden & {(TOTAL, TOTAL)})))


def _enough_beside(hidden: set[Hashable], cells: Mapping[Hashable, Counts], under: int) -> set[Hashable]:
    """The smallest of those shown that are to be hidden too, until all hidden are not small together."""
    more: set[Hashable] = set()
    while True:
        together = [sum(kinds) for kinds in zip(*(cells[key] for key in hidden | more), strict=True)]
        lacking = [kind for kind, number in enumerate(together) if 0 < number < under]
        if not lacking and not 0 < sum(together) < under:
            return more
        shown = [key for key in cells if key not in hidden | more]
        if not shown:
            return more
        more.add(min(shown, key=lambda key: (-_filled(cells[key], lacking), sum(cells[key]), str(key))))


def _filled(kinds: Counts, lacking: list[int]) -> int:
    """How many of the kinds that are lacking have a number here."""
    return sum(kinds[kind] > 0 for kind in lacking)


def is_small(kinds: Counts, under: int) -> bool:
    """Whether these numbers may not be told for their own sake."""
    return sum(kinds) < under or any(0 < number < under for number in kinds)


def _with_totals(cells: Mapping[tuple[Hashable, Hashable], Counts]) -> dict[Cell, Counts]:
    rows = sorted({row for row, _column in cells}, key=str)
    columns = sorted({column for _row, column in cells}, key=str)
    kinds = max((len(one) for one in cells.values()), default=1)
    none = (0,) * kinds
    counts: dict[Cell, Counts] = {
        (row, column): tuple(cells.get((row, column), none)) for row in rows for column in columns
    }
    for row in rows:
        counts[(row, TOTAL)] = _sum([counts[(row, column)] for column in columns], none)
    for column in columns:
        counts[(TOTAL, column)] = _sum([counts[(row, column)] for row in rows], none)
    counts[(TOTAL, TOTAL)] = _sum([counts[(row, TOTAL)] for row in rows], none)
    return counts


def _sum(parts: list[Counts], none: Counts) -> Counts:
    return tuple(map(sum, zip(none, *parts, strict=True)))


def _round_trip(cell: Cell, numbers: dict[Cell, int], costs: dict[Cell, int], hidden: set[Cell]) -> set[Cell]:
    """The cells of the cheapest round trip through ``cell``; empty where hidden ones make one already.

    One more in a cell leads from its row to its column, one less leads back; for totals it is the other way
    round, as they stand on the other side of the sum. One less is possible only where there is one.
    """
    ways: dict[Node, list[tuple[Node, Cell]]] = {}
    for other in costs:
        row, column = ("row", other[0]), ("column", other[1])
        is_margin = (other[0] is TOTAL) != (other[1] is TOTAL)
        more, less = ((column, row), (row, column)) if is_margin else ((row, column), (column, row))
        if other == cell:
            ends = (more, less)
            continue
        ways.setdefault(more[0], []).append((more[1], other))
        if numbers[other]:
            ways.setdefault(less[0], []).append((less[1], other))
    best: tuple[int, set[Cell]] | None = None
    for start, end in ends:  # the way back, from where one more (or one less) in the cell has led
        found = _cheapest(ways, end, start, costs, hidden)
        if found and (best is None or found[0] < best[0]):
            best = found
    return best[1] if best else set()


def _cheapest(
    ways: dict[Node, list[tuple[Node, Cell]]],
    start: Node,
    end: Node,
    costs: dict[Cell, int],
    hidden: set[Cell],
) -> tuple[int, set[Cell]] | None:
    queue: list[tuple[int, int, Node, tuple[Cell, ...]]] = [(0, 0, start, ())]
    seen, number = set(), 0
    while queue:
        cost, _number, node, trip = heapq.heappop(queue)
        if node == end:
            return cost, set(trip)
        if node in seen:
            continue
        seen.add(node)
        for following, cell in ways.get(node, []):
            if following not in seen:
                number += 1
                price = 0 if cell in hidden else costs[cell]
                heapq.heappush(queue, (cost + price, number, following, (*trip, cell)))
    return None
