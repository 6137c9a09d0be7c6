"""What a search does next: whom it asks, when it takes the next step of the ladder, when it gives up.

The row of the request is locked, its meeting has not begun, and it is being looked for (``go_on`` can be
called as often as one likes). All of its attempts go on together: what one has asked, the other has too.
"""

from collections import Counter, defaultdict
from datetime import datetime
from itertools import groupby

from django.utils import timezone

from institutions import attempts, choosing, deadlines, emails, matching, staffing_emails, waves
from institutions.ladder import rungs_left
from institutions.matching import Candidate
from institutions.models import AssistanceRequest, Attempt, Offer
from institutions.transitions import Reason, State, move, move_attempt
from institutions.waves import Room
from portal import audit
from portal.models import User


def go_on(request: AssistanceRequest) -> list[Offer]:
    """Whatever is due now: the coordinator's choice, the next wave, the next rung. Returns new offers."""
    now = timezone.now()
    before = _way_of(attempts.live(request))
    choosing.in_time(request, now)
    made: list[Offer] = []
    while request.is_looking and (due := _due(request, now)):
        if wave := _send_wave(request, due, now):
            made += wave
            continue
        if attempts.standing_offers(request):
            break  # somebody's answer is awaited: she may take either place
        if not _step_down(request):
            give_up(request)
    live = attempts.live(request)
    _note_next(live, request)
    if live:
        tell_in_time(request, now)
        if before and _way_of(live) != before:
            staffing_emails.other_way(request, live[0])
    return made


def reopen(request: AssistanceRequest, *, by: User | None, reason: str = "", is_late: bool = False) -> None:
    """Look for everybody who is missing, from the best rung down."""
    attempts.open_free_places(request, by=by, reason=reason)
    request.filled_at = None
    move(request, State.OFFERING, by=by, reason=reason, is_late=is_late, fields=("filled_at",))


def let_interested_answer(request: AssistanceRequest) -> None:
    """From now on the first who agrees gets it: who is interested already can say yes at once."""
    until = _answer_by(request, timezone.now())
    for offer in _came_forward(attempts.live(request)):
        _your_turn(offer, request, until)


def look_for_new_people(request: AssistanceRequest) -> None:
    """Nobody was found; perhaps somebody fits by now who was never asked, on any rung."""
    request.looked_again_at = timezone.now()
    request.save(update_fields=["looked_again_at"])
    asked = set(request.offers.values_list("assistant", flat=True))
    is_fixed = request.assignments.standing().exists()
    rungs = rungs_left(request, after=-1, is_mode_fixed=is_fixed)
    probes = [
        Attempt(request=request, mode=rung.mode, language=rung.language, rung=rung.number) for rung in rungs
    ]
    way = matching.first_way(request, probes, passed_over=asked)
    if way:
        attempts.open_free_places(request, by=None, after=way.rung - 1)
        move(request, State.OFFERING, by=None)
        go_on(request)


def begin_meeting(request: AssistanceRequest) -> None:
    """Its time has come: it goes on with whoever comes, or nobody was found."""
    for offer in attempts.standing_offers(request):
        attempts.close(offer, request, Offer.State.EXPIRED)
    if request.assignments.standing().exists():
        for attempt in attempts.live(request):
            move_attempt(attempt, Attempt.State.EXHAUSTED, by=None)
        move(request, State.CONFIRMED, by=None, reason=Reason.ONE_IS_ENOUGH)
    else:
        give_up(request)


def give_up(request: AssistanceRequest) -> None:
    """All rungs were tried. Both sides are told; what was asked for stands on the page again."""
    for attempt in attempts.live(request):
        move_attempt(attempt, Attempt.State.EXHAUSTED, by=None)
    if request.ranked_modes and not request.assignments.standing().exists():
        request.mode = request.ranked_modes[0]
    tell_unfilled(request)
    move(request, State.UNFILLED, by=None, fields=("mode",))


def tell_in_time(request: AssistanceRequest, now: datetime) -> None:
    """The official is told although answers are awaited, in time to help herself (domain.md A5.7)."""
    is_planned = request.urgency == AssistanceRequest.Urgency.PLANNED
    is_untold = request.told_unfilled_at is None
    if is_planned and is_untold and now >= deadlines.tell_unfilled_by(request.start_at):
        tell_unfilled(request)


def tell_unfilled(request: AssistanceRequest) -> None:
    """Both sides, once for each time that somebody has to be found: the keys of the letters hold the moment.

    Who was told before that nobody had been asked yet (``held``) hears now that those who were asked cannot.
    """
    if request.told_unfilled_at is None:
        request.told_unfilled_at = timezone.now()
        request.save(update_fields=["told_unfilled_at"])
    going = request.assignments.standing().select_related("assistant__user").first()
    if going:
        staffing_emails.one_of_two(request, going)
    else:
        emails.unfilled(request)
        emails.unfilled_to_coordinators(request)


def _due(request: AssistanceRequest, now: datetime) -> dict[Attempt, Room]:
    """Where somebody else may be asked, and how many; not where the coordinator has people to choose from."""
    live = attempts.live(request)
    asked = defaultdict(list)
    for offer in Offer.objects.filter(attempt__in=live):
        asked[offer.attempt_id].append(offer)
    rooms = {}
    for attempt in live:
        offers = asked[attempt.pk]
        is_chosen = attempt.state == Attempt.State.CHOOSING
        if is_chosen and any(offer.state == Offer.State.INTERESTED for offer in offers):
            continue
        if waves.waits_for_preferred(request, now) and _awaits_preferred(request, offers):
            continue
        room = waves.room(request, attempt, offers, now)
        if room.is_there:
            rooms[attempt] = room
    return rooms


def _awaits_preferred(request: AssistanceRequest, offers: list[Offer]) -> bool:
    return any(
        offer.state == Offer.State.OPEN and offer.assistant_id == request.preferred_assistant_id
        for offer in offers
    )


def _send_wave(request: AssistanceRequest, due: dict[Attempt, Room], now: datetime) -> list[Offer]:
    """Ask the next ones for these attempts, the best first; who came forward comes before them."""
    made = []
    for _way, group in groupby(due, key=lambda one: (one.mode, one.language)):
        made += _ask(request, {attempt: due[attempt] for attempt in group}, now)
    return made


def _ask(request: AssistanceRequest, group: dict[Attempt, Room], now: datetime) -> list[Offer]:
    until = _answer_by(request, now)
    passed_over = {offer.assistant_id for offer in attempts.standing_offers(request)}
    asked = Offer.objects.filter(attempt__in=group).exclude(state=Offer.State.CALLED_OFF)
    passed_over |= set(asked.values_list("assistant", flat=True))
    found = matching.fitting(request, attempt=next(iter(group)))
    fitting = waves.in_order(one for one in found if one.assistant.pk not in passed_over)
    made = [_your_turn(offer, request, until) for offer in _came_forward(list(group))]
    turns = Counter(offer.attempt_id for offer in made)
    sizes = [room.less(turns[attempt.pk]).places for attempt, room in group.items()]
    if preferred := [one for one in fitting if one.assistant.pk == request.preferred_assistant_id]:
        fitting = preferred + [one for one in fitting if one not in preferred]
        if waves.waits_for_preferred(request, now):
            sizes[0] = 1  # she is dealt to the first place
    hands = waves.deal(fitting, sizes)
    for (attempt, room), hand in zip(group.items(), hands, strict=True):
        new = Offer.objects.bulk_create(_offer(attempt, request, one, room, now, until) for one in hand)
        for offer in new:
            emails.offered(offer, request)
        made += new
    if made:
        for attempt, room in group.items():
            attempt.wave = room.wave
            attempt.save(update_fields=["wave"])
        move(request, State.OFFERING, by=None)
        numbers = [attempt.wave for attempt in group]
        audit.record("request.offered", request, by=None, offers=len(made), waves=numbers)
    return made


def _offer(
    attempt: Attempt,
    request: AssistanceRequest,
    candidate: Candidate,
    room: Room,
    now: datetime,
    until: datetime,
) -> Offer:
    return Offer(
        attempt=attempt,
        request=request,
        assistant=candidate.assistant,
        language=attempt.language,
        wave=room.wave,
        score=candidate.score,
        score_parts=candidate.score_parts,
        made_at=now,
        expires_at=until,
    )


def _answer_by(request: AssistanceRequest, now: datetime) -> datetime:
    is_night_call = emails.must_be_told_at_night(request)
    return deadlines.answer_by(
        request.urgency, start_at=request.start_at, now=now, is_night_call=is_night_call
    )


def _came_forward(group: list[Attempt]) -> list[Offer]:
    """Who said by herself that she could come, where the first to agree gets it."""
    rows = Offer.objects.filter(attempt__in=group, state=Offer.State.INTERESTED)
    return list(rows.select_related("assistant__user").order_by("answered_at", "pk"))


def _your_turn(offer: Offer, request: AssistanceRequest, until: datetime) -> Offer:
    offer.state, offer.expires_at, offer.answered_at = Offer.State.OPEN, until, None
    offer.save(update_fields=["state", "expires_at", "answered_at"])
    staffing_emails.your_turn(offer, request)
    return offer


def _step_down(request: AssistanceRequest) -> bool:
    """All who fit were asked in vain: the next rung, with attempts of its own. False where there is none."""
    tried = attempts.live(request)
    for attempt in tried:
        move_attempt(attempt, Attempt.State.EXHAUSTED, by=None)
    return bool(attempts.open_free_places(request, by=None, after=max(one.rung for one in tried)))


def _way_of(live: list[Attempt]) -> tuple[str, str] | None:
    return (live[0].mode, live[0].language) if live else None


def _note_next(live: list[Attempt], request: AssistanceRequest) -> None:
    """When time has to look at each attempt again."""
    now = timezone.now()
    for attempt in live:
        runs_out = attempt.offers.filter(state=Offer.State.OPEN).values_list("expires_at", flat=True)
        moments = [*runs_out, *choosing.moments(attempt, request)]
        if runs_out:
            moments += waves.grows_at(request, now)
        attempt.next_wave_at = min(moments, default=None)
        attempt.save(update_fields=["next_wave_at"])
