"""What is told on the day and after it. Nobody but the coordinators hears that a talk is due, and not even
they why.
"""

from datetime import datetime

from django.conf import settings

from institutions.appointments import first_name
from institutions.emails import coordinators_of, link, tell_assistant, tell_coordinators, tell_official
from institutions.models import Assignment, AssistanceRequest, Debriefing, PresenceStatement, TimeReport
from portal import messages
from portal.models import Message

Missing, Side = PresenceStatement.Missing, PresenceStatement.Side
#: The list of what coordinators look at in working hours.
AFTER_MEETINGS = {"page": "work_after", "is_of_request": False, "can_wait": True}


# --- Late, or not there -----------------------------------------------------------------------------------


def assistant_late(assignment: Assignment) -> Message | None:
    """At once: somebody may be waiting at the door."""
    return tell_official(
        assignment.request,
        "assistant_late",
        key=f"late:{assignment.pk}:{assignment.delay_told_at:%Y%m%dT%H%M%S}",
        name=first_name(assignment.assistant.user),
        minutes=assignment.delay_minutes,
    )


def refused_late(assignment: Assignment) -> Message | None:
    return tell_assistant(
        assignment,
        "refused_late",
        kind="offer",
        key=f"refused_late:{assignment.pk}",
        page="assistant_home",
        is_urgent=True,
    )


def late_to_coordinators(request: AssistanceRequest) -> None:
    tell_coordinators(request, "refused_late_work", key=f"refused_late:{request.pk}", can_wait=True)


def somebody_missing(said: PresenceStatement) -> None:
    """The first statement: the other side hears of it, and how long it can speak against it."""
    request, key = said.assignment.request, f"missing:{said.pk}"
    days = settings.ASSISTANCE["object_days"]
    if said.side == Side.ASSISTANT:
        tell_official(request, "somebody_missing", key=key, said=said, days=days, kind="work")
    if said.missing == Missing.ASSISTANT:
        _tell_missing(said.assignment, said, key=key, days=days)
        tell_coordinators(request, "did_not_come_work", key=key, can_wait=True)
        return
    others = request.assignments.standing().select_related("assistant__user")
    for job in others.exclude(assistant__user=said.said_by):
        job.request = request
        _tell_missing(job, said, key=f"{key}:{job.pk}", days=days)


def _tell_missing(job: Assignment, said: PresenceStatement, *, key: str, days: int) -> Message | None:
    return tell_assistant(
        job,
        "missing_to_assistant",
        kind="work",
        key=key,
        said=said,
        is_hers=said.missing == Missing.ASSISTANT,
        days=days,
    )


def sides_differ(said: PresenceStatement) -> None:
    tell_coordinators(
        said.assignment.request, "sides_differ_work", key=f"sides_differ:{said.pk}", **AFTER_MEETINGS
    )


def presence_decided(assignment: Assignment, missing: str) -> None:
    context = {"decision": Missing(missing).label}
    key = f"presence_decided:{assignment.pk}:{assignment.presence.count()}:{missing}"
    tell_official(assignment.request, "presence_decided", key=key, kind="work", **context)
    tell_assistant(assignment, "presence_decided", kind="work", key=f"{key}:assistant", **context)


def counts_after_all(assignment: Assignment, *, number: int) -> Message | None:
    """Her part was over, with a credit or as a no-show, until something else was decided (``number``)."""
    return tell_assistant(
        assignment, "counts_after_all", kind="work", key=f"counts_after_all:{assignment.pk}:{number}"
    )


# --- Hours ------------------------------------------------------------------------------------------------


def longer_than_planned(report: TimeReport) -> None:
    key = f"longer:{report.pk}:{report.reported_at:%Y%m%dT%H%M%S}"
    tell_coordinators(report.assignment.request, "longer_work", key=key, report=report, **AFTER_MEETINGS)


def confirmed_by_code(report: TimeReport) -> Message | None:
    """Her code has confirmed them: she reads what, and whom to ask if it is wrong."""
    key = f"confirmed_by_code:{report.pk}"
    return tell_official(report.assignment.request, "confirmed_by_code", key=key, kind="work", report=report)


def confirm_reminder(report: TimeReport) -> Message | None:
    key = f"confirm_reminder:{report.pk}:{report.reported_at:%Y%m%dT%H%M%S}"
    context = {"kind": "work", "page": "assistance_confirm", "report": report}
    return tell_official(report.assignment.request, "confirm_reminder", key=key, **context)


def hours_corrected(report: TimeReport, *, number: int) -> None:
    """``number``: of this correction, so that each is told once."""
    assignment, key = report.assignment, f"hours_corrected:{report.pk}:{number}"
    tell_official(assignment.request, "hours_corrected", key=key, kind="work", report=report)
    tell_assistant(assignment, "hours_corrected", kind="work", key=f"{key}:assistant", report=report)


def hours_wanted_again(assignment: Assignment, *, since: datetime) -> Message | None:
    """Nobody has written them down, or put them right, ``since`` she was asked to."""
    return tell_assistant(
        assignment,
        "hours_wanted_again",
        kind="work",
        key=f"hours_wanted_again:{assignment.pk}:{since:%Y%m%dT%H%M%S}",
        page="assistant_report",
        is_disputed=_is_disputed(assignment),
    )


def hours_owed(assignment: Assignment, *, since: datetime) -> None:
    """To coordinators: she has been asked twice."""
    tell_coordinators(
        assignment.request,
        "hours_owed_work",
        key=f"hours_owed:{assignment.pk}:{since:%Y%m%dT%H%M%S}",
        but=assignment.assistant.user,
        is_disputed=_is_disputed(assignment),
        **AFTER_MEETINGS,
    )


def _is_disputed(assignment: Assignment) -> bool:
    report = getattr(assignment, "report", None)
    return report is not None and report.disputed_at is not None


# --- The talk after a hard job ----------------------------------------------------------------------------


def talk_due(debriefing: Debriefing) -> None:
    _tell_of_talk(debriefing, "talk_due")


def talk_overdue(debriefing: Debriefing) -> None:
    _tell_of_talk(debriefing, "talk_overdue")


def _tell_of_talk(debriefing: Debriefing, template: str) -> None:
    """No name, no meeting, no reason: whoever sees the mail over a shoulder learns nothing."""
    helper = debriefing.assignment.assistant
    for user in coordinators_of(debriefing.assignment.request):
        if user.pk != helper.user_id:
            messages.queue(
                user,
                kind="work",
                key=f"{template}:{debriefing.pk}:{debriefing.due_at:%Y%m%dT%H%M}:{user.pk}",
                template=f"institutions/messages/{template}",
                context={"due_at": debriefing.due_at, "link": link(user, "work_after")},
            )
