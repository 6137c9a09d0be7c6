"""How long the way is, and how long a job keeps an assistant altogether (domain.md A6.6, A6.9)."""

from datetime import datetime, timedelta

from django.conf import settings

from institutions.models import AssistanceRequest, Assistant, Mode


def travel_minutes(request: AssistanceRequest, assistant: Assistant, mode: str = "") -> int:
    """Kept free before and after a job, for the way from home and for rest (domain.md A6.6)."""
    minutes = settings.ASSISTANCE["travel_minutes"]
    if (mode or request.mode) != Mode.ON_SITE:
        return minutes["remote"]
    if is_same_place(request.town, assistant.home_town):
        return minutes["same_town"]
    if is_same_place(request.county, assistant.home_county):
        return minutes["same_county"]
    return minutes["elsewhere"]


def longest_way() -> timedelta:
    return timedelta(minutes=max(settings.ASSISTANCE["travel_minutes"].values()))


def is_same_place(place: str, other: str) -> bool:
    return bool(place.strip()) and place.strip().casefold() == other.strip().casefold()


def time_at_work(request: AssistanceRequest) -> tuple[datetime, datetime]:
    """The meeting with the talks before and after it, which are part of the work (domain.md A6.9)."""
    return (
        request.start_at - timedelta(minutes=request.briefing_minutes),
        request.end_at + timedelta(minutes=request.debriefing_minutes),
    )
