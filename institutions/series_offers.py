"""One yes to all meetings of a series that she was asked about (features.md G5).

Each meeting stays an order of its own, and each yes the yes to one offer: what the first has won stands,
whatever becomes of the others.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from institutions import collisions, offers
from institutions.models import Assignment, Attempt, Offer
from portal.models import User
from portal.refusals import Refused


@dataclass(frozen=True)
class Answered:
    agreed: list[Assignment]
    #: What did not go, and why.
    refused: list[tuple[Offer, Refused]]


def waiting_beside(offer: Offer) -> list[Offer]:
    """Her offers of its series to which she could say yes now, itself among them, the earliest first."""
    if not offer.request.series_id:
        return []
    now = timezone.now()
    rows = _of_series(offer).filter(state=Offer.State.OPEN, expires_at__gt=now, request__start_at__gt=now)
    return collisions.possible(rows.filter(attempt__state=Attempt.State.SEARCHING))


def accept_all(offer: Offer, *, seen: Iterable[UUID], by: User) -> Answered:
    """Say yes to each offer of the series that she had before her, the earliest first.

    ``seen``: their public ids; nobody agrees to a day that came up while she was reading. Each yes has a
    transaction and locks of its own, so no two of them are ever held together.
    """
    agreed, refused = [], []
    for one in _of_series(offer).filter(public_id__in=list(seen)):
        try:
            agreed.append(offers.accept(one, by=by))
        except Refused as no:
            refused.append((one, no))
    return Answered(agreed, refused)


def _of_series(offer: Offer):
    rows = Offer.objects.filter(assistant=offer.assistant_id, request__series__isnull=False)
    rows = rows.filter(request__series=offer.request.series_id)
    return rows.select_related("request__institution", "assistant").order_by("request__start_at", "pk")
