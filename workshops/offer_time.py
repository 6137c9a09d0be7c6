"""How long an offered place is kept: counted in hours in which people are awake and can answer."""

from datetime import datetime, timedelta

from django.conf import settings

from portal import messages
from portal.clock import after_quiet_hours, is_quiet, quiet_since
from portal.models import User
from workshops.models import Workshop

#: Between the last moment to say yes and the start: she has to get there.
TO_GET_THERE = timedelta(hours=1)


def answer_until(workshop: Workshop, user: User, now: datetime) -> datetime | None:
    """Until when a place offered to her now is kept; None where too little time is left to offer it at all.

    The hours of the workshop count from the moment the message can go out. Near the start they are at most
    half of the time that is left, so that the next one on the list has a chance too. What would end at night
    ends in the morning, with time to answer, or in the evening before where the start does not wait.
    """
    starts = [session.start_at for session in workshop.planned_sessions() if session.start_at > now]
    if not starts:
        return None
    shortest = timedelta(hours=settings.OFFER_SHORTEST_HOURS)
    told_at = messages.goes_out_at(user, now)
    latest = starts[0] - TO_GET_THERE
    until = told_at + min(timedelta(hours=workshop.offer_hours), max(shortest, (latest - told_at) / 2))
    if is_quiet(until):
        morning = after_quiet_hours(until) + shortest
        until = morning if morning <= latest else quiet_since(until)
    return until if told_at + shortest <= until <= latest else None
