"""A request is put before those who fit; the first to accept gets it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions import attempts, emails, matching
from institutions.matching import Misfit
from institutions.models import Assignment, AssistanceRequest, Attempt, Offer
from institutions.staffing import staff
from institutions.transitions import NotYours, State, lock, move, move_attempt
from portal import audit
from portal.clock import after_quiet_hours
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


@transaction.atomic
def begin(request: AssistanceRequest, *, by: User | None) -> list[Offer]:
    """Look for somebody for every place of the request that is free."""
    request = lock(request)
    if request.state != State.OFFERING:
        move(request, State.OFFERING, by=by)
    for place in attempts.free_places(request):
        attempts.open_attempt(request, by=by, place=place)
    return offer(request)


@transaction.atomic
def offer(request: AssistanceRequest, *, is_new_round: bool = False) -> list[Offer]:
    """Put the request before everybody who fits and has not answered; returns the new offers.

    With nobody to ask and nobody's answer awaited, the request is unfilled, and both sides are told. In a
    ``is_new_round`` (somebody withdrew) those are asked again who had let an offer run out.
    """
    request = lock(request)
    now = timezone.now()
    if not request.is_looking or request.start_at <= now:
        return []
    attempt = next(iter(attempts.live(request)), None) or attempts.open_attempt(request, by=None)
    passed_over = Q(state=Offer.State.OPEN)
    if not is_new_round:
        passed_over |= Q(state=Offer.State.EXPIRED)
    asked = set(request.offers.filter(passed_over).values_list("assistant", flat=True))
    fitting = [one for one in matching.candidates(request) if one.fits and one.assistant.pk not in asked]
    new = Offer.objects.bulk_create(
        Offer(
            attempt=attempt,
            request=request,
            assistant=one.assistant,
            language=one.language,
            wave=attempt.wave + 1,
            made_at=now,
            expires_at=_expiry(request, now),
        )
        for one in fitting
    )
    for made in new:
        emails.offered(made, request)
    if new:
        attempt.wave, attempt.next_wave_at = attempt.wave + 1, new[0].expires_at
        attempt.save(update_fields=["wave", "next_wave_at"])
        move(request, State.OFFERING, by=None)
        audit.record("request.offered", request, by=None, offers=len(new))
    elif not request.offers.filter(state=Offer.State.OPEN).exists():
        _give_up(request)
    return new


@transaction.atomic
def accept(offer: Offer, *, by: User) -> Assignment:
    """The first to accept gets the request: its row is locked, and the database allows one assignment."""
    request = lock(offer.request_id)
    offer = request.offers.select_related("assistant__user", "attempt").get(pk=offer.pk)
    if offer.assistant.user_id != by.pk:
        raise NotYours
    if offer.state == Offer.State.ACCEPTED:
        held = request.assignments.filter(assistant=offer.assistant, state=Assignment.State.ACTIVE).first()
        if held:
            return held
    if offer.state == Offer.State.TAKEN:
        raise AlreadyTaken
    now = timezone.now()
    if offer.state != Offer.State.OPEN or offer.expires_at <= now:
        raise OfferOver
    if not request.is_looking or request.start_at <= now:
        raise OfferOver
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    misfits = matching.candidate(request, offer.assistant).reasons
    if Misfit.SUSPENDED in misfits:
        raise NotActive
    if Misfit.DAY_LIMIT in misfits or Misfit.WEEK_LIMIT in misfits:
        raise TooManyHours
    offer.state, offer.answered_at = Offer.State.ACCEPTED, now
    offer.save(update_fields=["state", "answered_at"])
    assignment = staff(offer.attempt, request, offer.assistant, language=offer.language, by=by)
    emails.job_agreed(assignment)
    return assignment


@transaction.atomic
def refuse(offer: Offer, *, by: User) -> Offer:
    """Not this time. When she was the last to be asked, others are looked for at once."""
    request = lock(offer.request_id)
    offer = request.offers.select_related("assistant__user").get(pk=offer.pk)
    if offer.assistant.user_id != by.pk:
        raise NotYours
    if offer.state == Offer.State.REFUSED:
        return offer
    if offer.state != Offer.State.OPEN:
        raise OfferOver
    offer.state, offer.answered_at = Offer.State.REFUSED, timezone.now()
    offer.save(update_fields=["state", "answered_at"])
    audit.record("offer.refused", offer, by=by, request=request.pk)
    if not request.offers.filter(state=Offer.State.OPEN).exists():
        _look_on(request)
    return offer


@transaction.atomic
def look_again(request: AssistanceRequest | int) -> None:
    """Time has passed: offers run out, others are asked, and the two sides are told in time."""
    request = lock(request)
    if not request.is_looking:
        return
    now = timezone.now()
    overdue = request.offers.filter(state=Offer.State.OPEN)
    if request.start_at > now:
        overdue = overdue.filter(expires_at__lte=now)
    expired = overdue.update(state=Offer.State.EXPIRED, answered_at=now)
    if expired:
        audit.record("request.offers_expired", request, by=None, offers=expired)
    _look_on(request)


def expire_offers() -> int:
    """Look again at every request that waits for somebody, each in a transaction of its own."""
    now = timezone.now()
    waiting = AssistanceRequest.objects.filter(
        Q(state=State.OFFERING) | Q(state=State.UNFILLED, start_at__gt=now)
    )
    pks = list(waiting.order_by("start_at", "pk").values_list("pk", flat=True))
    for pk in pks:
        look_again(pk)
    return len(pks)


def _look_on(request: AssistanceRequest) -> None:
    now = timezone.now()
    if request.start_at <= now:
        _give_up(request)
        return
    if not request.offers.filter(state=Offer.State.OPEN).exists():
        offer(request)
        return
    tell_by = request.start_at - timedelta(hours=settings.ASSISTANCE["tell_unfilled_hours_before"])
    if request.urgency == AssistanceRequest.Urgency.PLANNED and now >= tell_by:
        _tell_unfilled(request)


def _give_up(request: AssistanceRequest) -> None:
    _tell_unfilled(request)
    for attempt in attempts.live(request):
        move_attempt(attempt, Attempt.State.EXHAUSTED, by=None)
    move(request, State.UNFILLED, by=None)


def _tell_unfilled(request: AssistanceRequest) -> None:
    """Both sides, once for each time that somebody has to be found."""
    if request.told_unfilled_at:
        return
    request.told_unfilled_at = timezone.now()
    request.save(update_fields=["told_unfilled_at"])
    attempt = request.assignments.count()
    emails.unfilled(request, attempt=attempt)
    emails.unfilled_to_coordinators(request, attempt=attempt)


def _expiry(request: AssistanceRequest, now: datetime) -> datetime:
    """The hours to answer run from when the offer can be read, never beyond the start (domain.md A5.7)."""
    read_at = now if emails.must_be_told_at_night(request) else after_quiet_hours(now)
    hours = settings.ASSISTANCE["offer_expires_hours"][request.urgency]
    return min(read_at + timedelta(hours=hours), request.start_at)
