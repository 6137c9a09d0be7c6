"""The waiting list: a freed place is offered to the next, kept until she answers, and then passed on.

Every verb locks the workshop first, as registering does. A place that is offered is taken: nobody else gets
it meanwhile. Who registered together is offered places together, or waits until there are enough.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import audit, messages
from portal.models import User
from portal.refusals import Refused
from workshops import emails, seats
from workshops.guards import in_words
from workshops.models import Registration, SeatOffer, Session, Workshop
from workshops.offer_time import answer_until
from workshops.priorities import reasons_of

State = Registration.State
Answer = SeatOffer.State


class OfferIsOver(Refused):
    sentence = _("This offer is no longer open.")


class OfferTakenBack(OfferIsOver):
    sentence = _("This offer is no longer true: the organiser has changed something.")


class OfferDeclined(OfferIsOver):
    sentence = _("You have said no to this place, and the next person has been asked.")


class OfferExpired(OfferIsOver):
    def __init__(self, until: datetime):
        super().__init__(
            _(
                "You could answer until %(moment)s, so this place is no longer kept for you. "
                "On the page of the workshop you see whether a place is free, or can join the list again."
            )
            % {"moment": in_words(until)}
        )


@transaction.atomic
def accept(offer: SeatOffer, *, by: User) -> list[Registration]:
    """Everybody the offer is for has a place now. A second time is harmless.

    Raises OfferIsOver where it is too late, and Overlaps where somebody has something else at that time:
    the offer then stays as it is.
    """
    offer, rows = _lock(offer)
    if offer.state == Answer.ACCEPTED:
        return rows
    now = timezone.now()
    if refusal := why_not_accept(offer, now=now):
        raise refusal
    seats.refuse_if_closed(offer.registration.workshop)
    seats.confirm_all(rows, now, by=by)
    _answer(offer, Answer.ACCEPTED, now, by=by)
    for row in emails.to_tell(rows, first=offer.registration):
        emails.seat_confirmed(row)
    return rows


@transaction.atomic
def decline(offer: SeatOffer, *, by: User) -> list[Registration]:
    """She, or they, do not want the place: it passes on. A second time is harmless."""
    offer, rows = _lock(offer)
    if offer.state == Answer.DECLINED:
        return rows
    now = timezone.now()
    if offer.state != Answer.LIVE:
        raise why_not_accept(offer, now=now) or OfferIsOver
    _answer(offer, Answer.DECLINED, now, by=by)
    for row in rows:
        seats.write(row, State.WITHDRAWN, by=by)
    for row in emails.to_tell(rows, first=offer.registration):
        emails.cancelled_by_person(row)
    offer_free_places(offer.registration.workshop, now)
    return rows


@transaction.atomic
def expire(offer: SeatOffer) -> SeatOffer:
    """The time to answer is over: she is told, and the place passes on. Before its time nothing happens."""
    offer, rows = _lock(offer)
    now = timezone.now()
    if offer.state != Answer.LIVE or not _is_over(offer, now):
        return offer
    _answer(offer, Answer.EXPIRED, now, by=None)
    for row in rows:
        seats.write(row, State.LAPSED, by=None)
    for row in emails.to_tell(rows, first=offer.registration):
        emails.offer_lapsed(row)
    offer_free_places(offer.registration.workshop, now)
    return offer


def why_not_accept(offer: SeatOffer, *, now: datetime) -> OfferIsOver | None:
    """For the page, and for the verb inside the lock."""
    if offer.state == Answer.LIVE:
        return OfferExpired(offer.until) if now >= offer.until else None
    if offer.state == Answer.EXPIRED:
        return OfferExpired(offer.until)
    if offer.state == Answer.DECLINED:
        return OfferDeclined()
    return OfferTakenBack() if offer.state == Answer.TAKEN_BACK else OfferIsOver()


def expire_due_offers() -> int:
    """Offers whose time is over, each in a transaction of its own. Returns how many."""
    starts_later = Session.objects.planned().filter(
        workshop=OuterRef("registration__workshop"), start_at__gt=timezone.now()
    )
    due = SeatOffer.objects.live().filter(Q(until__lte=timezone.now()) | ~Exists(starts_later))
    expired = 0
    for offer in due.select_related("registration__workshop").order_by("until", "id"):
        expired += expire(offer).state == Answer.EXPIRED
    return expired


def offer_everywhere() -> int:
    """Free places of all workshops, for what time alone makes possible: somebody is free at that hour now,
    or the start that was too near is over and the next one is not. Returns how many offers were made.
    """
    found = Workshop.objects.upcoming().with_free_seats().filter(free_seats__gt=0, waiting__gt=0)
    return sum(len(promote_next(workshop)) for workshop in found)


@transaction.atomic
def promote_next(workshop: Workshop) -> list[SeatOffer]:
    """Offer free places, if any: for verbs that make places or change dates."""
    return offer_free_places(seats.lock(workshop), timezone.now())


# --- Steps of other verbs, inside their transactions and under the lock of the workshop -------------------


def offer_free_places(workshop: Workshop, now: datetime) -> list[SeatOffer]:
    """Offer each free place to the next on the list, as long as a session has still to start.

    Who has something else at that time keeps her rank and is told; who needs more places together than are
    free keeps it too; the next one is offered the place.
    """
    if workshop.state != Workshop.State.PUBLISHED or not seats.starts_later(workshop, now):
        return []
    free, offers = seats.free_places(workshop), []
    for rows in turns(workshop) if free > 0 else ():
        if free <= 0:
            break
        if len(rows) > free:
            continue
        if busy := seats.who_is_busy(rows, now):
            emails.place_would_overlap(*busy)
            continue
        until = answer_until(workshop, who_answers(rows).user, now)
        if until is not None:
            offers.append(_offer(rows, until, now))
            free -= len(rows)
    return offers


def turns(workshop: Workshop) -> list[list[Registration]]:
    """The waiting list in its order; who registered together is one turn, where the first of them stands."""
    found: dict = {}
    for row in workshop.registrations.waiting().select_related("user"):
        row.workshop = workshop
        found.setdefault(row.party or row.pk, []).append(row)
    return list(found.values())


def can_take_at_once(rows: list[Registration], now: datetime) -> bool:
    """Whether people on the list may take what is free: too little time is left to offer it in turn."""
    workshop = rows[0].workshop
    return (
        workshop.state == Workshop.State.PUBLISHED
        and all(row.state == State.WAITLISTED for row in rows)
        and seats.starts_later(workshop, now)
        and answer_until(workshop, who_answers(rows).user, now) is None
        and seats.free_places(workshop) >= len(rows)
    )


def join(rows: list[Registration], now: datetime, *, by: User) -> None:
    """To the end of the list, or where the rules of priority put them."""
    workshop = rows[0].workshop
    last = workshop.registrations.exclude(queued_at=None).order_by("-queued_at").first()
    # Later than everybody before, even if the clock was put back: the order is the order of arrival.
    queued_at = max(now, last.queued_at + timedelta(microseconds=1)) if last else now
    for row in rows:
        seats.write(row, State.WAITLISTED, by=by, queued_at=queued_at)
    _set_priorities(workshop, rows, by=by)
    _tell_ranks(rows, emails.to_tell(rows, first=rows[0]), by=by)


def leave_offer(registration: Registration, answer: str, now: datetime, *, by: User) -> None:
    """She alone leaves what was offered to her; what was offered to her party stays for the others."""
    offer = SeatOffer.objects.live().of(registration).select_related("registration__user").get()
    others = [row for row in seats.together(registration) if row.pk != registration.pk]
    if not others:
        _answer(offer, answer, now, by=by)
        return
    offer.places = len(others)
    is_hers = offer.registration_id == registration.pk
    if is_hers:
        offer.registration = who_answers(others)
    offer.save(update_fields=["places", "registration"])
    audit.record("offer.smaller", offer, by=by, places=offer.places, workshop=registration.workshop_id)
    if is_hers:
        emails.seat_offered(offer.registration, offer)


def take_back(rows: list[Registration], state: str, now: datetime, *, by: User) -> None:
    """The organiser takes an offer back from all it was made to; ``state``: what becomes of them."""
    offer = SeatOffer.objects.live().of(rows[0]).get()
    _answer(offer, Answer.TAKEN_BACK, now, by=by)
    for row in rows:
        seats.write(row, state, by=by)


@transaction.atomic
def follow_dates(workshop: Workshop, *, by: User) -> None:
    """Dates were added, moved or cancelled: offers may have to be answered sooner, or make no sense."""
    workshop = seats.lock(workshop)
    now = timezone.now()
    if workshop.state != Workshop.State.PUBLISHED:
        return
    starts = [session.start_at for session in workshop.planned_sessions() if session.start_at > now]
    if not starts:
        take_back_all(workshop, by=by, tell=True)
        return
    live = SeatOffer.objects.live().filter(registration__workshop=workshop, until__gt=starts[0])
    for offer in live.select_related("registration__user"):
        offer.registration.workshop = workshop
        offer.until = starts[0]
        offer.save(update_fields=["until"])
        audit.record("offer.shorter", offer, by=by, until=offer.until.isoformat(), workshop=workshop.pk)
        seats.write(offer.registration, State.OFFERED, by=by)  # a new moment: she is told anew
        emails.seat_offered(offer.registration, offer)
    offer_free_places(workshop, now)


def take_back_all(workshop: Workshop, *, by: User, tell: bool) -> None:
    """Nothing more of the workshop is to come: whoever was offered a place is on the list as before."""
    now = timezone.now()
    workshop = seats.lock(workshop)
    offered = workshop.registrations.filter(state=State.OFFERED).select_related("user")
    for offer in SeatOffer.objects.live().filter(registration__in=offered).select_related("registration"):
        offer.registration.workshop = workshop
        rows = seats.together(offer.registration)
        take_back(rows, State.WAITLISTED, now, by=by)
        for row in emails.to_tell(rows, first=offer.registration) if tell else ():
            emails.offer_taken_back(row)


# --- Priority ---------------------------------------------------------------------------------------------


@transaction.atomic
def set_priority(registration: Registration, *, by: User | None = None) -> Registration:
    """Ask the rules again, when she has told more about herself. Only while she waits; twice is harmless."""
    registration = seats.lock_with_workshop(registration)
    if registration.state == State.WAITLISTED:
        rows = seats.together(registration)
        if _set_priorities(registration.workshop, rows, by=by):
            _tell_anew(rows, by=by)
        registration = next(row for row in rows if row.pk == registration.pk)
    return registration


@transaction.atomic
def set_priorities(workshop: Workshop, *, by: User) -> None:
    """The workshop's rules have changed: they hold for everybody who waits."""
    workshop = seats.lock(workshop)
    _set_priorities(workshop, [row for rows in turns(workshop) for row in rows], by=by)


def _set_priorities(workshop: Workshop, rows: list[Registration], *, by: User | None) -> bool:
    """Whether anything is different now."""
    reasons = reasons_of(workshop, rows)
    is_other = any(row.priority_reasons != reasons[row.pk] for row in rows)
    for row in rows:
        if row.priority_reasons == reasons[row.pk]:
            continue
        was = row.priority_reasons
        row.priority_reasons = reasons[row.pk]
        row.priority = len(row.priority_reasons)
        row.save(update_fields=["priority", "priority_reasons"])
        audit.record(
            "registration.priority", row, by=by, was=was, now=row.priority_reasons, workshop=workshop.pk
        )
    return is_other


def _tell_ranks(rows: list[Registration], to_tell: list[Registration], *, by: User | None) -> None:
    ranks = dict(rows[0].workshop.registrations.waiting().with_rank().values_list("pk", "rank"))
    for row in to_tell:
        emails.waitlisted(row, ranks[row.pk], places=len(rows), by_organiser=emails.is_organiser(by, row))


def _tell_anew(rows: list[Registration], *, by: User | None) -> None:
    """A number that has not gone out yet is another one now, as what she needs is kept after she has joined.

    Who has read a number already sees the present one on her page.
    """
    untold = [row for row in emails.to_tell(rows, first=rows[0]) if messages.silence(source=row.source)]
    for row in untold:
        row.save(update_fields=["changed_at"])  # a new moment, so a new message
    if untold:
        _tell_ranks(rows, untold, by=by)


# --- Inside ------------------------------------------------------------------------------------------------


def _lock(offer: SeatOffer) -> tuple[SeatOffer, list[Registration]]:
    """The offer as it is now, with the workshop locked, and all whom it is for."""
    workshop = seats.lock(Workshop.objects.get(registrations__offers=offer))
    offer = SeatOffer.objects.select_related("registration__user").get(pk=offer.pk)
    offer.registration.workshop = workshop
    return offer, seats.together(offer.registration)


def _is_over(offer: SeatOffer, now: datetime) -> bool:
    return now >= offer.until or not seats.starts_later(offer.registration.workshop, now)


def _offer(rows: list[Registration], until: datetime, now: datetime) -> SeatOffer:
    for row in rows:
        seats.write(row, State.OFFERED, by=None)
    first = who_answers(rows)
    offer = SeatOffer.objects.create(registration=first, places=len(rows), offered_at=now, until=until)
    audit.record("offer.made", offer, by=None, places=offer.places, workshop=first.workshop_id)
    emails.seat_offered(first, offer)
    return offer


def who_answers(rows: list[Registration]) -> Registration:
    """One of those who registered together: the first who can be written to herself."""
    return next((row for row in rows if row.user.email), rows[0])


def _answer(offer: SeatOffer, state: str, now: datetime, *, by: User | None) -> None:
    offer.state, offer.answered_at = state, now
    offer.save(update_fields=["state", "answered_at"])
    audit.record(f"offer.{state}", offer, by=by, workshop=offer.registration.workshop_id)
