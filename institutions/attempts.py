"""Attempts to find somebody: one for each place of a request, and a new one whenever it is empty again, or
whenever the next step of the ladder is taken.
"""

from collections.abc import Iterable

from django.db.models import Max
from django.utils import timezone

from institutions import emails, staffing_emails
from institutions.ladder import Rung, rungs_left
from institutions.models import Assignment, AssistanceRequest, Assistant, Attempt, Offer
from institutions.transitions import lock, move_attempt, write_down_attempt
from portal import audit, messages
from portal.models import User


def open_attempt(
    request: AssistanceRequest, *, by: User | None, place: int = 1, rung: Rung | None = None, reason: str = ""
) -> Attempt:
    """Begin to look for one assistant; without a rung, in the request's present mode. Its row is locked."""
    last = request.attempts.aggregate(number=Max("number"))["number"] or 0
    chosen = request.choice == AssistanceRequest.Choice.COORDINATOR
    attempt = Attempt.objects.create(
        request=request,
        place=place,
        number=last + 1,
        state=Attempt.State.CHOOSING if chosen else Attempt.State.SEARCHING,
        mode=rung.mode if rung else request.mode,
        language=rung.language if rung else request.language,
        rung=rung.number if rung else 0,
    )
    write_down_attempt(attempt, "", by=by, reason=reason)
    return attempt


def open_free_places(
    request: AssistanceRequest, *, by: User | None, reason: str = "", after: int = -1
) -> list[Attempt]:
    """Look for everybody who is missing, on the best rung below ``after``; nothing where there is none."""
    places = free_places(request)
    left = rungs_left(request, after=after, is_mode_fixed=request.assignments.standing().exists())
    if not places or not left:
        return []
    if request.mode != left[0].mode:
        request.mode = left[0].mode
        request.save(update_fields=["mode"])
    return [open_attempt(request, by=by, place=place, rung=left[0], reason=reason) for place in places]


def live(request: AssistanceRequest) -> list[Attempt]:
    """What is being tried now, by place."""
    return list(request.attempts.live().order_by("place", "number"))


def free_places(request: AssistanceRequest) -> list[int]:
    """Places of the request to which nobody goes and for which nobody is looked for."""
    taken = set(request.assignments.standing().values_list("place", flat=True))
    taken |= {attempt.place for attempt in live(request)}
    return [place for place in range(1, request.assistants_needed + 1) if place not in taken]


def is_complete(request: AssistanceRequest) -> bool:
    return request.assignments.filter(state=Assignment.State.ACTIVE).count() >= request.assistants_needed


def call_off(request: AssistanceRequest, *, by: User | None) -> None:
    """Nobody is looked for any more; those who have not been told yet are."""
    for offer in standing_offers(request):
        close(offer, request, Offer.State.CALLED_OFF)
    for attempt in live(request):
        move_attempt(attempt, Attempt.State.CALLED_OFF, by=by)


def standing_offers(request: AssistanceRequest) -> list[Offer]:
    rows = request.offers.filter(state__in=Offer.STANDING).select_related("assistant__user", "attempt")
    return list(rows.order_by("pk"))


#: What those are told whose offer is over through no act of theirs.
NEWS = {
    Offer.State.TAKEN: emails.taken,
    Offer.State.NOT_CHOSEN: staffing_emails.not_chosen,
    Offer.State.CALLED_OFF: emails.called_off,
}


def close(offer: Offer, request: AssistanceRequest, state: str, *, is_told: bool = True) -> None:
    """End an offer. Who has not heard of it yet, as the letter waits for the morning, never will."""
    offer.state, offer.answered_at = state, timezone.now()
    offer.save(update_fields=["state", "answered_at"])
    is_unread = messages.silence(source=request.source, recipient=offer.assistant.user)
    if is_told and not is_unread and state in NEWS:
        NEWS[state](offer, request)


def withdraw_offers(assistant: Assistant, *, requests: Iterable[AssistanceRequest] | None = None) -> None:
    """What she was asked and has not answered is called off without a word; others are looked for at once.

    ``requests``: only in these.
    """
    offers = Offer.objects.filter(assistant=assistant, state__in=Offer.STANDING)
    if requests is not None:
        offers = offers.filter(request__in=requests)
    # By key, as whoever locks the meetings of a series does: a request itself is ordered by its day.
    for pk in list(offers.order_by("request_id").values_list("request_id", flat=True).distinct()):
        request = lock(pk)
        offers.filter(request=request).update(state=Offer.State.CALLED_OFF, answered_at=timezone.now())
        messages.silence(source=request.source, recipient=assistant.user)
        # Nobody waits for her answer any more: time looks who is next at once, not when it had run out.
        Attempt.objects.live().filter(request=request).update(next_wave_at=None)
        audit.record("request.offer_called_off", request, by=None)
