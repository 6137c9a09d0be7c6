"""A request is put before those who fit, and they answer: yes, not this time, interested, or unasked.

Where the first who agrees gets it, offers are accepted; where the coordinator chooses, people show interest.
What a search does next is for ``searching``.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import (
    attempts,
    choosing,
    collisions,
    deadlines,
    emails,
    filling,
    matching,
    new_people,
    searching,
)
from institutions.matching import Misfit
from institutions.models import Assignment, AssistanceRequest, Assistant, Attempt, Offer
from institutions.rules import FINAL
from institutions.transitions import NotYours, State, lock
from portal import audit, diary, one_by_one
from portal.models import User
from portal.refusals import Refused


class AlreadyTaken(Refused):
    sentence = _("Somebody else was faster. Thank you for wanting to help.")


class OfferOver(Refused):
    sentence = _("This offer is no longer open.")


class TooManyHours(Refused):
    sentence = _("This would be more hours of interpreting than we allow in one day or one week.")


class NotActive(Refused):
    sentence = _("You cannot take jobs at present. Please talk to your coordinator.")


class AssistantBusy(Refused):
    sentence = _(
        "You have something else at that time by now, with the way there and back. This offer is closed."
    )


class CoordinatorChooses(Refused):
    sentence = _("This time the coordinator chooses. Please say that you are interested.")


class FirstGetsIt(Refused):
    sentence = _("This time the first to agree gets the job. Please say yes or no.")


class NotForYou(Refused):
    sentence = _("You cannot take this job: something about it does not fit.")


class NotLookedFor(Refused):
    sentence = _("Nobody is looked for any more for this meeting. Thank you for wanting to help.")


@transaction.atomic
def begin(request: AssistanceRequest, *, by: User | None = None) -> list[Offer]:
    """Look for somebody for every place of the request that is free; returns the first offers.

    The door for a new request, for one that a coordinator has looked at, and for one that is taken up again.
    """
    request = lock(request)
    if request.start_at <= timezone.now():
        return []
    searching.reopen(request, by=by)
    return searching.go_on(request)


def accept(offer: Offer, *, by: User) -> Assignment:
    """The first to accept gets the place: the request's row is locked, then hers; the database allows one.

    Where she cannot come any more, as something else is in her diary by now, her offer ends and others are
    asked: that stays, although she is refused.
    """
    with transaction.atomic():
        outcome = _accept(offer, by=by)
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


def _accept(offer: Offer, *, by: User) -> Assignment | Refused:
    request, offer = _hers(offer, by)
    if offer.state == Offer.State.ACCEPTED:
        held = request.assignments.filter(assistant=offer.assistant, state=Assignment.State.ACTIVE).first()
        if held:
            return held
    if offer.state in (Offer.State.TAKEN, Offer.State.NOT_CHOSEN):
        raise AlreadyTaken
    _refuse_closed(offer, request, (Offer.State.OPEN,))
    if offer.attempt.state == Attempt.State.CHOOSING:
        raise CoordinatorChooses
    diary.hold([by.pk])
    reasons = matching.candidate(request, offer.assistant, attempt=offer.attempt).reasons
    if Misfit.OVERLAP in reasons:
        return _impossible(offer, request, AssistantBusy())
    if Misfit.DAY_LIMIT in reasons or Misfit.WEEK_LIMIT in reasons:
        return _impossible(offer, request, TooManyHours())
    if Misfit.SUSPENDED in reasons or not FINAL.isdisjoint(reasons):
        raise NotActive
    try:
        with transaction.atomic():
            assignment = filling.fill(offer.attempt, request, offer.assistant, by=by)
    except diary.DoubleBooked:
        request, offer = _hers(offer, by)
        return _impossible(offer, request, AssistantBusy())
    emails.job_agreed(assignment)
    return assignment


@transaction.atomic
def refuse(offer: Offer, *, by: User) -> Offer:
    """Not this time, or not interested any more. The next one is asked in her place at once."""
    request, offer = _hers(offer, by)
    if offer.state == Offer.State.REFUSED:
        return offer
    if offer.state not in Offer.STANDING:
        raise OfferOver
    offer.state, offer.answered_at = Offer.State.REFUSED, timezone.now()
    offer.save(update_fields=["state", "answered_at"])
    audit.record("offer.refused", offer, by=by, request=request.pk)
    if request.is_looking and request.start_at > timezone.now():
        searching.go_on(request)
    return offer


@transaction.atomic
def show_interest(offer: Offer, *, by: User) -> Offer:
    """She would like to go, and the coordinator chooses."""
    request, offer = _hers(offer, by)
    if offer.state == Offer.State.INTERESTED:
        return offer
    _refuse_closed(offer, request, (Offer.State.OPEN,))
    if offer.attempt.state != Attempt.State.CHOOSING:
        raise FirstGetsIt
    offer.state, offer.answered_at = Offer.State.INTERESTED, timezone.now()
    offer.save(update_fields=["state", "answered_at"])
    audit.record("offer.interested", offer, by=by, request=request.pk)
    choosing.tell_of_interest(offer.attempt, request)
    searching.go_on(request)
    return offer


@transaction.atomic
def volunteer(request: AssistanceRequest, *, by: User) -> Offer:
    """She comes forward for a request that she was not asked about.

    Where the coordinator chooses, she is among those interested. Where the first who agrees gets it, those
    who were asked keep their turn: she is the first of the next wave, which comes when they have let it pass,
    or at once where nobody's answer is awaited.
    """
    request = lock(request)
    assistant = Assistant.objects.filter(user=by, project=request.institution.project_id).first()
    if assistant is None:
        raise NotYours
    standing = request.offers.filter(assistant=assistant, state__in=Offer.STANDING).first()
    if standing:
        return standing
    now = timezone.now()
    if not request.is_looking or request.start_at <= now:
        raise NotLookedFor
    if not attempts.live(request):
        searching.reopen(request, by=by)
    attempt = attempts.live(request)[0]
    candidate = matching.candidate(request, assistant, attempt=attempt)
    if set(candidate.reasons) - {Misfit.REFUSED}:
        raise NotForYou
    offer = Offer.objects.create(
        attempt=attempt,
        request=request,
        assistant=assistant,
        state=Offer.State.INTERESTED,
        language=attempt.language,
        wave=0,
        score=candidate.score,
        score_parts=candidate.score_parts,
        made_at=now,
        answered_at=now,
        expires_at=request.start_at,
    )
    audit.record("offer.came_forward", offer, by=by, request=request.pk)
    if attempt.state == Attempt.State.CHOOSING:
        choosing.tell_of_interest(attempt, request)
    searching.go_on(request)
    offer.refresh_from_db()
    return offer


@transaction.atomic
def look_again(request: AssistanceRequest | int) -> None:
    """Time has passed: offers run out, others are asked, and the two sides are told in time."""
    request = lock(request)
    if not request.is_looking:
        return
    now = timezone.now()
    if request.start_at <= now:
        searching.begin_meeting(request)
        return
    overdue = request.offers.filter(state=Offer.State.OPEN, expires_at__lte=now)
    expired = overdue.update(state=Offer.State.EXPIRED, answered_at=now)
    if expired:
        audit.record("request.offers_expired", request, by=None, offers=expired)
    standing = request.offers.filter(state__in=Offer.STANDING).select_related("assistant__user", "request")
    for offer in collisions.colliding(standing):
        _end(offer, request)
    if attempts.live(request):
        searching.go_on(request)
    else:
        searching.look_for_new_people(request)


def expire_offers() -> int:
    """Look again at every request whose time has come, each in a transaction of its own."""
    pks = list(_due(timezone.now()).order_by("start_at", "pk").values_list("pk", flat=True))
    return len(one_by_one.each(pks, look_again))


def _due(now: datetime):
    """Where something runs out, begins or became impossible, or somebody new may be found."""
    live = Attempt.objects.live().filter(request=OuterRef("pk"))
    runs_out = Q(Exists(live.filter(Q(next_wave_at__lte=now) | Q(next_wave_at__isnull=True))))
    coming = Offer.objects.filter(state__in=Offer.STANDING, request__start_at__gt=now)
    gone = collisions.colliding(coming.select_related("assistant", "request"))
    impossible = Q(pk__in={offer.request_id for offer in gone})
    begins = Q(start_at__lte=now)
    untold = Q(pk__in=_to_be_told(now))
    one_comes = Q(assignments__state=Assignment.State.ACTIVE)
    return AssistanceRequest.objects.filter(
        Q(runs_out | begins | impossible | untold, state=State.OFFERING)
        | Q(new_people.is_due(now), state=State.UNFILLED, start_at__gt=now)
        | Q(one_comes, state=State.UNFILLED, start_at__lte=now)
    ).distinct()


#: The days before a long row of holidays are told of in time too.
TELL_WITHIN = timedelta(days=8)


def _to_be_told(now: datetime) -> list[int]:
    """Planned requests whose officials have to know by now that nobody has agreed."""
    near = AssistanceRequest.objects.filter(
        state=State.OFFERING,
        urgency=AssistanceRequest.Urgency.PLANNED,
        told_unfilled_at__isnull=True,
        start_at__lte=now + TELL_WITHIN,
    )
    rows = near.values_list("pk", "start_at")
    return [pk for pk, start_at in rows if deadlines.tell_unfilled_by(start_at) <= now]


def _hers(offer: Offer, by: User) -> tuple[AssistanceRequest, Offer]:
    request = lock(offer.request_id)
    offer = request.offers.select_related("assistant__user", "attempt").get(pk=offer.pk)
    if offer.assistant.user_id != by.pk:
        raise NotYours
    return request, offer


def _refuse_closed(offer: Offer, request: AssistanceRequest, states: tuple) -> None:
    now = timezone.now()
    if offer.state not in states or offer.expires_at <= now:
        raise OfferOver
    if not request.is_looking or request.start_at <= now or not offer.attempt.is_live:
        raise OfferOver


def _impossible(offer: Offer, request: AssistanceRequest, no: Refused) -> Refused:
    _end(offer, request)
    searching.go_on(request)
    return no


def _end(offer: Offer, request: AssistanceRequest) -> None:
    """Nobody is to blame, and nobody is written to: she knows what she has agreed to instead."""
    attempts.close(offer, request, Offer.State.CALLED_OFF, is_told=False)
    audit.record("offer.impossible", offer, by=None, request=request.pk)
