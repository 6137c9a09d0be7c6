"""Meetings to which somebody agreed to come, as rows: what happened before matters to no test of the day."""

from datetime import datetime, timedelta

from institutions.models import Assignment
from portal.clock import WARSAW
from portal.models import Message
from tests import factories

#: A Friday.
START = datetime(2026, 11, 27, 10, 0, tzinfo=WARSAW)
END = START + timedelta(minutes=60)


def make_visit(institution, official, *people, state="confirmed", **fields) -> list[Assignment]:
    """One assignment for each of ``people``, by place."""
    fields = {"start_at": START, "end_at": END, "assistants_needed": len(people)} | fields
    request = factories.make_request(institution, official, state=state, **fields)
    return [
        factories.make_assignment(request=request, assistant=person.assistant, place=place)
        for place, person in enumerate(people, start=1)
    ]


def keys(user) -> list[str]:
    return list(Message.objects.filter(recipient=user).order_by("pk").values_list("key", flat=True))


def told(user, start: str) -> list[str]:
    return [key for key in keys(user) if key.startswith(start)]
