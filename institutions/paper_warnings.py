"""Assistants and their coordinators hear some time before that a paper will end (features.md G4)."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from institutions import paper_emails
from institutions.assistants import coming_jobs
from institutions.models import Assistant, PaperWarning
from institutions.papers_of_assistants import Paper, PaperState, states_of
from portal import one_by_one
from projects.models import Project


def warn_of_papers() -> int:
    """For every network; each in a transaction of its own. Returns how many papers were warned of."""
    projects = Project.objects.filter(assistants__isnull=False).distinct().order_by("id")
    return sum(one_by_one.each(projects, warn_network))


@transaction.atomic
def warn_network(project: Project) -> int:
    """Say of each paper that will end soon, once per number of days before, to her and to coordinators."""
    today = timezone.localdate()
    assistants = {row.pk: row for row in _working(project)}
    lines = [
        _warn(assistants[pk], state, days_before)
        for pk, states in states_of(assistants.values(), on=today).items()
        for state in states
        if (days_before := _due(state, today)) is not None and _is_first(assistants[pk], state, days_before)
    ]
    if lines:
        paper_emails.papers_end_work(project, lines, on=today)
    return len(lines)


def notices_for(assistants: Iterable[Assistant]) -> dict[int, dict[str, list]]:
    """By the key of each: what stands between her and offers today, and what will end soon."""
    today = timezone.localdate()
    return {
        pk: {
            "missing": [
                state
                for state in states
                if state.is_required and state.why and state.paper != Paper.CHILD_PROTECTION
            ],
            "ending": [state for state in states if state.ends_soon],
        }
        for pk, states in states_of(assistants, on=today).items()
    }


def _working(project: Project):
    return Assistant.objects.filter(project=project).active().select_related("user").order_by("id")


def _due(state: PaperState, today: date) -> int | None:
    """Which of the warnings is due: the nearest one that has come; None before the first and after the end.

    A day on which nothing ran is caught up; what ended before yesterday is on the coordinator's list anyway.
    """
    if not state.is_required or state.until is None:
        return None
    left = (state.until - today).days
    steps = sorted(days for days in settings.ASSISTANCE["warn_of_papers_days"] if days >= max(left, 0))
    return steps[0] if steps and left >= -1 else None


def _is_first(assistant: Assistant, state: PaperState, days_before: int) -> bool:
    _row, is_new = PaperWarning.objects.get_or_create(
        assistant=assistant, paper=state.paper, until=state.until, days_before=days_before
    )
    return is_new


def _warn(assistant: Assistant, state: PaperState, days_before: int) -> dict:
    """Tell her; return the line for coordinators, with the jobs that would be left without the paper."""
    jobs = [
        job for job in coming_jobs(assistant) if any(missing.paper == state.paper for missing in job.missing)
    ]
    paper_emails.paper_ends(assistant, state, days_before=days_before, job_count=len(jobs))
    return {
        "assistant": assistant,
        "paper": state,
        "jobs": len(jobs),
        "key": f"{assistant.pk}:{state.paper}:{state.until:%Y%m%d}",
    }
