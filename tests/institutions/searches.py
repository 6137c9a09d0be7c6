"""Requests and people for tests of how somebody is found."""

from datetime import datetime, timedelta

from institutions import offers
from institutions.models import AssistanceRequest, Assistant, Offer
from portal.clock import WARSAW
from portal.models import Message
from tests import factories

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=WARSAW)  # a Tuesday
START = datetime(2026, 12, 8, 10, 0, tzinfo=WARSAW)  # two weeks later


def people(project, number: int, **fields) -> list[Assistant]:
    return [factories.make_assistant(project, **fields) for _one in range(number)]


def look(institution, official, **fields) -> AssistanceRequest:
    """A request for which people are being asked."""
    start_at = fields.setdefault("start_at", START)
    fields.setdefault("end_at", start_at + timedelta(minutes=60))
    request = factories.make_request(institution, official, **fields)
    offers.begin(request, by=official)
    return fresh(request)


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def asked(request, **fields) -> list[Offer]:
    return list(request.offers.filter(**fields).select_related("assistant__user", "attempt").order_by("pk"))


def open_offers(request) -> list[Offer]:
    return asked(request, state=Offer.State.OPEN)


def answer_of(request, assistant) -> Offer:
    return request.offers.filter(assistant=assistant).latest("pk")


def accept(offer: Offer):
    return offers.accept(offer, by=offer.assistant.user)


def refuse(offer: Offer) -> None:
    offers.refuse(offer, by=offer.assistant.user)


def told(person) -> set[str]:
    """What has been said to somebody: the beginnings of the keys."""
    keys = Message.objects.filter(recipient=person).exclude(state="silenced").values_list("key", flat=True)
    return {key.split(":")[0] for key in keys}
