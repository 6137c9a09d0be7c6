"""What both sides are told while an order is settled: questions, answers, refusals, and changes."""

from datetime import datetime

from django.conf import settings

from institutions.emails import must_be_told_at_night, tell, tell_assistant, tell_coordinators, tell_official
from institutions.models import Assignment, AssistanceRequest, Mode, RequestQuestion, TimeChange
from institutions.transitions import Reason, State
from portal.models import Message

PLACE_WANTED = "place_wanted:"


def waits_for_coordinators(request: AssistanceRequest, *, reason: str) -> None:
    """A request waits for somebody of the network: why, until when, and where."""
    key = f"submitted:{request.pk}:{reason}:{request.submitted_at:%Y%m%dT%H%M%S}"
    why = Reason(reason).label if reason else ""
    context = {"page": "work_review", "reason": why, "is_reminder": False}
    tell_coordinators(request, "submitted_work", key=key, **context)


def still_waits(request: AssistanceRequest, *, since: datetime) -> None:
    """Nobody has decided about it in the time that was promised. ``since``: when their turn began."""
    key = f"still_waits:{request.pk}:{since:%Y%m%dT%H%M%S}"
    context = {"page": "work_review", "reason": "", "is_reminder": True}
    tell_coordinators(request, "submitted_work", key=key, **context)


def answered(question: RequestQuestion) -> None:
    key = f"answered:{question.pk}"
    tell_coordinators(question.request, "answered_work", key=key, page="work_review")


def asked(question: RequestQuestion, *, is_reminder: bool = False) -> Message | None:
    key = f"question:{question.pk}:again" if is_reminder else f"question:{question.pk}"
    context = {"question": question, "is_reminder": is_reminder}
    return tell_official(question.request, "question", key=key, **context)


def taken_on(request: AssistanceRequest) -> Message | None:
    return tell_official(
        request, "taken_on", key=f"taken_on:{request.pk}:{request.submitted_at:%Y%m%dT%H%M%S}"
    )


def declined(request: AssistanceRequest, *, reason: str) -> Message | None:
    return tell_official(
        request,
        "declined",
        key=f"declined:{request.pk}",
        reason=Reason(reason).label,
        is_sworn=reason == Reason.SWORN_NEEDED,
        sworn_url=settings.ASSISTANCE["sworn_interpreters_url"],
        alternatives=settings.ASSISTANCE["phone_alternatives"],
    )


def nobody_asked_yet(request: AssistanceRequest) -> Message | None:
    """In time to help herself: it still waits, for the network or for her own answer (domain.md A5.7)."""
    return tell_official(
        request,
        "nobody_asked_yet",
        key=f"nobody_asked_yet:{request.pk}:{request.told_unfilled_at:%Y%m%dT%H%M%S%f}",
        is_asked=request.state == State.NEEDS_INFO,
        alternatives=settings.ASSISTANCE["phone_alternatives"],
    )


def nobody_looked(request: AssistanceRequest) -> Message | None:
    """Its time came before anybody of the network had decided about it."""
    return tell_official(
        request,
        "nobody_looked",
        key=f"nobody_looked:{request.pk}",
        alternatives=settings.ASSISTANCE["phone_alternatives"],
    )


def place_wanted(request: AssistanceRequest) -> Message | None:
    """A day before: where is it? Once for each start."""
    return tell_official(
        request,
        "place_wanted",
        key=place_key(request),
        page="assistance_details",
        useless_after=request.start_at,
    )


def place_key(request: AssistanceRequest) -> str:
    """Whom else it went to stands behind it."""
    return f"{PLACE_WANTED}{request.pk}:{request.start_at:%Y%m%dT%H%M}"


# --- Changes ---------------------------------------------------------------------------------------------


def details_changed(assignment: Assignment, *, stamp: str) -> Message | None:
    return tell_assistant(
        assignment,
        "details_changed",
        kind="change",
        key=f"details_changed:{assignment.pk}:{stamp}",
        is_urgent=must_be_told_at_night(assignment.request),
    )


def change_proposed(change: TimeChange) -> Message | None:
    request = change.assignment.request
    return tell(
        change.assignment.assistant.user,
        "change_proposed",
        request,
        kind="change",
        key=f"change_proposed:{change.pk}",
        page="assistant_change",
        thing=change,
        is_urgent=must_be_told_at_night(request),
        useless_after=change.answer_until,
        source=change.source,
        change=change,
        new_place=change.town if change.mode == Mode.ON_SITE else change.get_mode_display(),
    )


def change_taken_back(change: TimeChange) -> Message | None:
    key = f"change_taken_back:{change.pk}"
    return tell_assistant(change.assignment, "change_taken_back", kind="change", key=key, change=change)


def change_settled(
    request: AssistanceRequest, *, staying: int, key: str, is_address_wanted: bool = False
) -> Message | None:
    """To the official: the meeting has moved, whether the assistants come along, and what is missing now."""
    return tell_official(
        request,
        "change_settled",
        key=f"change_settled:{request.pk}:{key}",
        staying=staying,
        is_address_wanted=is_address_wanted,
    )


def released(assignment: Assignment) -> Message | None:
    """To an assistant who cannot come at the new time: thank you, and nothing is held against her."""
    return tell_assistant(
        assignment, "released", kind="change", key=f"released:{assignment.pk}", page="assistant_home"
    )
