"""Attempts to find somebody: one for each place of a request, and a new one whenever it is empty again."""

from django.db.models import Max

from institutions.models import AssistanceRequest, Attempt
from institutions.transitions import move_attempt, write_down_attempt
from portal.models import User


def open_attempt(
    request: AssistanceRequest,
    *,
    by: User | None,
    place: int = 1,
    state: str = Attempt.State.SEARCHING,
    language: str = "",
    rung: int = 0,
) -> Attempt:
    """Begin to look for one assistant, in the request's present mode. The request's row is locked."""
    last = request.attempts.aggregate(number=Max("number"))["number"] or 0
    attempt = Attempt.objects.create(
        request=request,
        place=place,
        number=last + 1,
        state=state,
        mode=request.mode,
        language=language or request.language,
        rung=rung,
    )
    write_down_attempt(attempt, "", by=by)
    return attempt


def live(request: AssistanceRequest) -> list[Attempt]:
    """What is being tried now, by place."""
    return list(request.attempts.live().order_by("place", "number"))


def free_places(request: AssistanceRequest) -> list[int]:
    """Places of the request to which nobody goes and for which nobody is looked for."""
    taken = set(request.assignments.standing().values_list("place", flat=True))
    taken |= {attempt.place for attempt in live(request)}
    return [place for place in range(1, request.assistants_needed + 1) if place not in taken]


def call_off(request: AssistanceRequest, *, by: User | None) -> None:
    for attempt in live(request):
        move_attempt(attempt, Attempt.State.CALLED_OFF, by=by)
