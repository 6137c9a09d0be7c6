"""How long the way is, and how long a job keeps an assistant altogether (domain.md A6.6, A6.9)."""

from datetime import datetime, timedelta

from django.conf import settings

from institutions.county_tiles import are_neighbours, is_same_county
from institutions.models import AssistanceRequest, Assistant, Mode
from portal.names import is_same_name


def travel_minutes(request: AssistanceRequest, assistant: Assistant, mode: str = "") -> int:
    """Kept free before and after a job, for the way from home and for rest (domain.md A6.6)."""
    minutes = settings.ASSISTANCE["travel_minutes"]
    if (mode or request.mode) != Mode.ON_SITE:
        return minutes["remote"]
    if is_same_name(request.town, assistant.home_town):
        return minutes["same_town"]
    # Where no county is given, a city that is one, or the seat of one, says it.
    there, home = request.county or request.town, assistant.home_county or assistant.home_town
    if is_same_county(there, home):
        return minutes["same_county"]
    return minutes["next_county" if are_neighbours(there, home) else "elsewhere"]


def longest_way() -> timedelta:
    return timedelta(minutes=max(settings.ASSISTANCE["travel_minutes"].values()))


def time_at_work(request: AssistanceRequest) -> tuple[datetime, datetime]:
    """The meeting with the talks before and after it, which are part of the work (domain.md A6.9)."""
    return (
        request.start_at - timedelta(minutes=request.briefing_minutes),
        request.end_at + timedelta(minutes=request.debriefing_minutes),
    )
