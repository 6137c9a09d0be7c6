"""What everybody may see who has to do with a request: the least that ``disclosure`` shows (domain.md A4)."""

from dataclasses import dataclass
from datetime import datetime

from institutions.breaks import breaks_of
from institutions.models import AssistanceRequest, Mode
from institutions.travel import time_at_work


@dataclass(frozen=True)
class Outline:
    """What everybody may see who has to do with the request at all."""

    language: str
    second_language: str
    dialect: str
    start_at: datetime
    end_at: datetime
    minutes: int
    town: str
    subject: str
    role: str
    mode: str
    is_on_site: bool
    gender_preference: str
    is_gender_required: bool
    urgency: str
    is_writing_wanted: bool
    people_count: int | None
    are_minors_present: bool
    # That it may be hard, not what it is about.
    is_hard: bool
    # Whoever goes must know that she signs nothing (domain.md A1.11).
    may_need_sworn: bool
    # The talks before and after, of both sides alone, are part of the work (domain.md A6.9).
    briefing_minutes: int
    debriefing_minutes: int
    there_at: datetime
    free_at: datetime
    breaks: tuple[tuple[datetime, datetime], ...]
    # That two go and take turns, not who.
    is_for_two: bool


def outline(request: AssistanceRequest) -> Outline:
    there_at, free_at = time_at_work(request)
    return Outline(
        language=request.get_language_display(),
        second_language=request.get_second_language_display() if request.second_language else "",
        dialect=request.dialect,
        start_at=request.start_at,
        end_at=request.end_at,
        minutes=request.minutes,
        town=request.town,
        subject=request.get_subject_display(),
        role=request.get_role_display(),
        mode=request.get_mode_display(),
        is_on_site=request.mode == Mode.ON_SITE,
        gender_preference=request.get_gender_preference_display(),
        is_gender_required=request.is_gender_required,
        urgency=request.get_urgency_display(),
        is_writing_wanted=request.is_writing_wanted,
        people_count=request.people_count,
        are_minors_present=request.are_minors_present,
        is_hard=request.is_sensitive,
        may_need_sworn=request.may_need_sworn,
        briefing_minutes=request.briefing_minutes,
        debriefing_minutes=request.debriefing_minutes,
        there_at=there_at,
        free_at=free_at,
        breaks=tuple(breaks_of(request)),
        is_for_two=request.assistants_needed > 1,
    )
