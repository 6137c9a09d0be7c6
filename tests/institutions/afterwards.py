"""A meeting that is over, as rows: for tests of what people say afterwards."""

from datetime import timedelta

from django.utils import timezone

from institutions.models import Assignment
from tests import factories


def make_job(institution, official, assistant, *, ended_hours_ago=2, **fields) -> Assignment:
    """A closed request with a job that is done; ``fields`` of the request."""
    end = timezone.now() - timedelta(hours=ended_hours_ago)
    fields = {
        "state": "closed",
        "closed_at": end,
        "start_at": end - timedelta(hours=1),
        "end_at": end,
    } | fields
    asked = factories.make_request(institution, official, **fields)
    return factories.make_assignment(asked, assistant, state="done", ended_at=end)
