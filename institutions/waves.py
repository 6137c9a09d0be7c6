"""In which order and how many at a time assistants are asked (features.md U5). Reckons; asks nobody.

A few good ones first, so that a meeting does not ring fifteen phones; more as its time comes nearer.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings


def size(urgency: str, number: int, left: timedelta) -> int | None:
    """How many the ``number``-th wave asks for one place (from 1) with ``left`` until the start; None: all.

    Each threshold of time that has passed skips a wave, as if it had been asked in vain.
    """
    sizes = settings.ASSISTANCE["wave_sizes"][urgency]
    passed = sum(left <= timedelta(hours=hours) for hours in settings.ASSISTANCE["wave_grows_hours"][urgency])
    return sizes[min(number - 1 + passed, len(sizes) - 1)]


def in_order(candidates: Iterable) -> list:
    """The best first: by score, then in the order in which they came."""
    return sorted(candidates, key=lambda one: -score_of(one))


def score_of(candidate) -> int:
    return round(getattr(candidate, "score", 0) or 0)


def score_parts_of(candidate) -> dict:
    """Why she was asked before others, in a form that can be kept."""
    parts = getattr(candidate, "score_parts", None) or {}
    return dict(parts)


def deal(candidates: list, sizes: list[int | None]) -> list[list]:
    """Hand the best out in turn to searches of these sizes: two places of one meeting get equally good ones,
    and nobody both.
    """
    hands: list[list] = [[] for _size in sizes]
    waiting = list(candidates)
    while waiting:
        hungry = [hand for hand, size in zip(hands, sizes, strict=True) if size is None or len(hand) < size]
        if not hungry:
            break
        for hand in hungry:
            if waiting:
                hand.append(waiting.pop(0))
    return hands
