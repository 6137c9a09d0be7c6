"""Looks whether what must never be false is true, and changes nothing.

Verbs keep these rules under a lock and the database holds some of them; this is the proof from outside, for
``manage.py audit_workshops``, for the nightly look, and for tests after every step.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone

from portal.models import Message
from projects.models import LedgerEntry
from workshops import seats, waiting_list
from workshops.models import (
    Attendance,
    Certificate,
    HeadCount,
    ManualHours,
    Registration,
    SeatOffer,
    Session,
    Workshop,
)
from workshops.offer_time import answer_until

State = Registration.State

#: An offer may be so late before it counts as forgotten: beat looks every minute.
LATE = timedelta(minutes=5)


@dataclass(frozen=True)
class Finding:
    """``ids``: of the rows concerned; names and texts are never in it."""

    rule: str
    says: str
    ids: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.rule}: {self.says}: {', '.join(map(str, self.ids))}"


def findings(now: datetime | None = None, *, only_places: bool = False) -> Iterator[Finding]:
    """Everything that is wrong, rule by rule; nothing where all is well. ``only_places``: no hours."""
    now = now or timezone.now()
    for rule in PLACES if only_places else (*PLACES, *HOURS):
        for says, ids in rule(now):
            yield Finding(rule.__name__.strip("_").replace("_", " "), says, tuple(ids))


def _places(now: datetime) -> Iterator[tuple[str, list[int]]]:
    taken = Count("registrations", filter=Q(registrations__state__in=Registration.TAKES_A_PLACE))
    beyond = Q(registrations__is_walk_in=True) | ~Q(registrations__over_capacity_reason="")
    with_reason = Count("registrations", filter=Q(registrations__state=State.CONFIRMED) & beyond)
    rows = Workshop.objects.annotate(taken=taken, with_reason=with_reason)
    if over := list(rows.filter(taken__gt=F("capacity") + F("with_reason")).values_list("pk", flat=True)):
        yield "more places taken and offered than there are, workshops", over


def _offers(now: datetime) -> Iterator[tuple[str, list[int]]]:
    """Each offered registration has one live offer, its own or its party's, for as many as are offered it."""
    offered = defaultdict(list)
    for row in Registration.objects.filter(state=State.OFFERED):
        offered[_turn(row)].append(row.pk)
    live = defaultdict(list)
    for offer in SeatOffer.objects.live().select_related("registration"):
        live[_turn(offer.registration)].append(offer)
    if without := [pk for turn, rows in offered.items() if turn not in live for pk in rows]:
        yield "offered without a live offer, registrations", without
    if pointless := [offer.pk for turn, offers in live.items() if turn not in offered for offer in offers]:
        yield "live, but nothing is offered, offers", pointless
    wrong = [
        offer.pk
        for turn, offers in live.items()
        for offer in offers
        if turn in offered and (len(offers) > 1 or offer.places != len(offered[turn]))
    ]
    if wrong:
        yield "not one live offer for as many places, offers", wrong


def _turn(row: Registration) -> object:
    return (row.workshop_id, row.party) if row.party else row.pk


def _late_offers(now: datetime) -> Iterator[tuple[str, list[int]]]:
    if late := list(SeatOffer.objects.live().filter(until__lt=now - LATE).values_list("pk", flat=True)):
        yield "live although the time to answer is over, offers", late


def _free_places(now: datetime) -> Iterator[tuple[str, list[int]]]:
    """A place nobody has been offered, while somebody waits who could take it."""
    found = Workshop.objects.upcoming(now).with_free_seats().filter(free_seats__gt=0, waiting__gt=0)
    forgotten = []
    for workshop in found.prefetch_related("sessions"):
        if not seats.starts_later(workshop, now):
            continue
        for rows in waiting_list.turns(workshop):
            fits = len(rows) <= workshop.free_seats and not seats.who_is_busy(rows, now)
            if fits and answer_until(workshop, waiting_list.who_answers(rows).user, now):
                forgotten.append(workshop.pk)
                break
    if forgotten:
        yield "a place is free and somebody waits who could take it, workshops", forgotten


def _ranks(now: datetime) -> Iterator[tuple[str, list[int]]]:
    ranks, wrong = defaultdict(list), []
    rows = Registration.objects.waiting().with_rank().order_by("-priority", "queued_at", "id")
    for workshop, rank in rows.values_list("workshop", "rank"):
        ranks[workshop].append(rank)
    wrong = [workshop for workshop, found in ranks.items() if found != list(range(1, len(found) + 1))]
    if wrong:
        yield "ranks with gaps or out of order, workshops", wrong
    unequal = [
        pk
        for pk, priority, reasons in Registration.objects.waiting().values_list(
            "pk", "priority", "priority_reasons"
        )
        if priority != len(reasons)
    ]
    if unequal:
        yield "a priority without its reasons, registrations", unequal


def _parties(now: datetime) -> Iterator[tuple[str, list[int]]]:
    """People who registered together ask, wait and are offered places together."""
    stands = defaultdict(set)
    rows = Registration.objects.standing().exclude(party=None)
    for row in rows.exclude(workshop__state=Workshop.State.CANCELLED):
        turn = (row.queued_at, row.priority) if row.queued_at else None
        stands[(row.workshop_id, row.party)].add((row.state, turn))
    if torn := sorted({workshop for (workshop, _party), how in stands.items() if len(how) > 1}):
        yield "people who registered together stand apart, workshops", torn


def _hours(now: datetime) -> Iterator[tuple[str, list[int]]]:
    """Hours in reports are the marks of the roll, no more and no less."""
    received = LedgerEntry.objects.filter(source=_source("workshops.attendance:")).values("minutes")[:1]
    marks = Attendance.objects.annotate(counted=Coalesce(Subquery(received), 0))
    if unequal := list(marks.exclude(minutes=F("counted")).values_list("pk", flat=True)):
        yield "minutes differ from the ledger, attendances", unequal
    delivered = LedgerEntry.objects.filter(source=_source("workshops.session:"))
    came = Attendance.objects.filter(session=OuterRef("pk"), mark__in=Attendance.CAME)
    counted = HeadCount.objects.filter(session=OuterRef("pk"))
    held = Session.objects.annotate(came=Exists(came), counted=Exists(counted), entered=Exists(delivered))
    if lacking := list(held.filter(came=True, entered=False).values_list("pk", flat=True)):
        yield "somebody came, but it is not counted as held, sessions", lacking
    if empty := list(held.filter(came=False, counted=False, entered=True).values_list("pk", flat=True)):
        yield "nobody came, but it is counted as held, sessions", empty


def _source(prefix: str) -> Concat:
    return Concat(Value(prefix), Cast(OuterRef("pk"), CharField()))


def _certificates(now: datetime) -> Iterator[tuple[str, list[int]]]:
    """No certificate says more than was held, hours written by hand included."""
    issued = list(Certificate.objects.filter(state=Certificate.State.ISSUED).select_related("registration"))
    workshops = {certificate.registration.workshop_id for certificate in issued}
    held: dict[int, int] = defaultdict(int)
    for session in Session.objects.planned().filter(workshop__in=workshops, start_at__lte=now):
        held[session.workshop_id] += session.minutes
    by_hand = dict(
        ManualHours.objects.filter(registration__in=[row.registration_id for row in issued])
        .order_by()
        .values_list("registration")
        .annotate(sum=Sum("minutes"))
    )
    if too_many := [
        row.pk
        for row in issued
        if row.minutes > held[row.registration.workshop_id] + by_hand.get(row.registration_id, 0)
    ]:
        yield "more minutes than were held, certificates", too_many


def _reminders(now: datetime) -> Iterator[tuple[str, list[int]]]:
    """Of one session at one moment, each person is reminded once."""
    sent = Message.objects.filter(
        kind="reminder", state=Message.State.SENT, source__startswith="workshops.session:"
    )
    twice = (
        sent.order_by()
        .values("recipient", "source", "due_at")
        .annotate(number=Count("pk"))
        .filter(number__gt=1)
    )
    if people := sorted({row["recipient"] for row in twice if row["recipient"]}):
        yield "reminded twice of the same, users", people


PLACES = (_places, _offers, _late_offers, _free_places, _ranks, _parties)
HOURS = (_hours, _certificates, _reminders)
