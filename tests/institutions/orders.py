"""A fixed Tuesday morning and the dullest order, for the tests of orders."""

from datetime import datetime

from institutions import requests
from portal.clock import WARSAW
from portal.models import Message

#: A Tuesday morning.
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=WARSAW)
FRIDAY = datetime(2026, 11, 27, 10, 0, tzinfo=WARSAW)


def order(**fields) -> dict:
    return {
        "start_at": FRIDAY,
        "minutes": 60,
        "language": "uk",
        "subject": "health",
        "town": "Toruń",
        "county": "Toruń",
    } | fields


def ask(institution, by, **fields):
    return requests.submit(institution, by=by, **order(**fields))


def told(user) -> list[str]:
    return list(Message.objects.filter(recipient=user).order_by("id").values_list("key", flat=True))


def texts(user) -> str:
    return "\n".join(Message.objects.filter(recipient=user).values_list("text", flat=True))
