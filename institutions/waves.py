"""In which order and how many at a time assistants are asked (features.md U5). Reckons; asks nobody.

A few good ones first, so that a meeting does not ring fifteen phones; more as its time comes nearer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from institutions.models import AssistanceRequest, Attempt, Offer


@dataclass(frozen=True)
class Room:
    """How many more may be asked for one place now, and in which wave; None: all who are left."""

    wave: int
    places: int | None

    @property
    def is_there(self) -> bool:
        return self.places is None or self.places > 0

    def less(self, taken: int) -> "Room":
        return self if self.places is None else Room(self.wave, max(self.places - taken, 0))


def room(request: AssistanceRequest, attempt: Attempt, offers: list[Offer], now: datetime) -> Room:
    """For whom there is room beside those whose answer is awaited. ``offers``: all of this attempt.

    Who says no makes room for the next one at once. A wave is over when so many have said no to it, or
    nothing, as it asks at a time; then the next one begins, which is larger.
    """
    awaited = sum(offer.state == Offer.State.OPEN for offer in offers)
    over = sum(offer.wave == attempt.wave and offer.state not in Offer.STANDING for offer in offers)
    present = _size(request, attempt.wave, now)
    is_over = not awaited or (present is not None and over >= present)
    wave = attempt.wave + is_over
    asks = _size(request, wave, now)
    if asks is None and awaited and _size(request, attempt.wave, max(one.made_at for one in offers)) is None:
        return Room(wave, 0)  # all who fit were asked
    return Room(wave, None if asks is None else max(asks - awaited, 0))


def waits_for_preferred(request: AssistanceRequest, now: datetime) -> bool:
    """Whether there is time to ask whom the institution would like alone, before anybody else."""
    if not request.preferred_assistant_id or request.urgency != AssistanceRequest.Urgency.PLANNED:
        return False
    hours = settings.ASSISTANCE["wave_grows_hours"][request.urgency]
    return not hours or request.start_at - now > timedelta(hours=max(hours))


def grows_at(request: AssistanceRequest, now: datetime) -> list[datetime]:
    """When more are asked at a time, as the meeting comes nearer."""
    hours = settings.ASSISTANCE["wave_grows_hours"][request.urgency]
    moments = [request.start_at - timedelta(hours=number) for number in hours]
    return [moment for moment in moments if moment > now]


def size(urgency: str, number: int, left: timedelta) -> int | None:
    """How many the ``number``-th wave asks for one place (from 1) with ``left`` until the start; None: all.

    Each threshold of time that has passed skips a wave, as if it had been asked in vain.
    """
    sizes = settings.ASSISTANCE["wave_sizes"][urgency]
    passed = sum(left <= timedelta(hours=hours) for hours in settings.ASSISTANCE["wave_grows_hours"][urgency])
    return sizes[min(number - 1 + passed, len(sizes) - 1)]


def _size(request: AssistanceRequest, number: int, now: datetime) -> int | None:
    """As ``size``; where a relative or a child interprets now, more are asked at once (domain.md A1.3)."""
    skipped = 1 if request.is_relative_interpreting else 0
    return size(request.urgency, max(number, 1) + skipped, request.start_at - now)


def in_order(candidates: Iterable) -> list:
    """The best first: by score, then in the order in which they came."""
    return sorted(candidates, key=lambda one: -one.score)


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
