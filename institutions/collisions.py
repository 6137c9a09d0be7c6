"""Offers that became impossible: she is busy at that time by now, with the way there and back."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from institutions.models import Offer
from institutions.travel import longest_way, time_at_work, travel_minutes
from portal.models import DiaryEntry

#: Talks before and after a meeting are shorter than this.
LONGEST_TALK = timedelta(hours=1)


def colliding(offers: Iterable[Offer]) -> list[Offer]:
    """Those of these offers whose assistant is busy by now, in one query. Their request is at hand."""
    offers = list(offers)
    if not offers:
        return []
    widest = longest_way() + LONGEST_TALK
    first = min(offer.request.start_at for offer in offers) - widest
    last = max(offer.request.end_at for offer in offers) + widest
    busy = defaultdict(list)
    entries = DiaryEntry.objects.firm().filter(
        user__in={offer.assistant.user_id for offer in offers}, is_exclusive=True
    )
    for user, source, span in entries.touching(first, last).values_list("user", "source", "busy"):
        busy[user].append((source, span))
    return [offer for offer in offers if _is_busy(offer, busy[offer.assistant.user_id])]


def possible(offers: Iterable[Offer]) -> list[Offer]:
    """The others."""
    offers = list(offers)
    gone = {offer.pk for offer in colliding(offers)}
    return [offer for offer in offers if offer.pk not in gone]


def _is_busy(offer: Offer, entries: list) -> bool:
    request = offer.request
    way = timedelta(minutes=travel_minutes(request, offer.assistant))
    start, end = time_at_work(request)
    return any(
        source != request.source and span.lower < end + way and start - way < span.upper
        for source, span in entries
    )
