"""Pictures of the figures as plain numbers, in whole units of the drawing; templates draw them as SVG.

Time runs in the reading direction, so in Arabic from right to left.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 720
HEIGHT = 200
GAP = 4
WIDEST = 60


@dataclass(frozen=True)
class Block:
    """``kind`` says how it looks: met, unmet, late, hidden."""

    kind: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Columns:
    blocks: list[Block]
    most: int
    width: int = WIDTH
    height: int = HEIGHT


def columns(stacks: Sequence[Sequence[tuple[str, int]] | None], *, mirrored: bool) -> Columns | None:
    """One column for each stack of (kind, number), the first below; None is a column whose size is hidden."""
    sums = [sum(number for _kind, number in stack) for stack in stacks if stack is not None]
    most = max(sums, default=0)
    if not most:
        return None
    slot = WIDTH // len(stacks)
    gap = min(GAP, slot // 4)
    width = max(min(slot - gap, WIDEST), 1)
    blocks = []
    for place, stack in enumerate(stacks):
        x = place * slot + (slot - width) // 2
        x = WIDTH - x - width if mirrored else x
        if stack is None:
            blocks.append(Block("hidden", x, HEIGHT - 24, width, 24))
            continue
        below = 0
        for kind, number in stack:
            top = below + number
            y = HEIGHT - round(HEIGHT * top / most)
            height = HEIGHT - round(HEIGHT * below / most) - y
            if height:
                blocks.append(Block(kind, x, y, width, height))
            below = top
    return Columns(blocks, most)
