"""What assistants and coordinators are told about papers, before it is too late."""

from collections.abc import Iterable
from datetime import date

from institutions.emails import link
from institutions.models import Assistant
from portal import messages
from portal.models import Message
from projects.models import Project, ProjectStaff


def assistant_welcomed(assistant: Assistant, *, missing: Iterable) -> Message | None:
    """``missing``: papers with a ``sentence`` each, read in her language."""
    user = assistant.user
    return messages.queue(
        user,
        kind="request",
        key=f"assistant_welcomed:{assistant.pk}",
        template="institutions/messages/assistant_welcomed",
        context={
            "assistant": assistant,
            "missing": missing,
            "papers_link": link(user, "assistant_papers"),
            "link": link(user, "assistant_hours"),
        },
    )


def paper_ends(assistant: Assistant, state, *, days_before: int, job_count: int) -> Message | None:
    """``state``: the paper with its ``until``, ``warning`` and ``sentence``."""
    return messages.queue(
        assistant.user,
        kind="work",
        key=f"paper_ends:{assistant.pk}:{state.paper}:{state.until:%Y%m%d}:{days_before}",
        template="institutions/messages/paper_ends",
        context={"paper": state, "jobs": job_count, "link": link(assistant.user, "assistant_papers")},
    )


def papers_end_work(project: Project, lines: list, *, on: date) -> None:
    """To each coordinator one message a day, with a line for each paper."""
    for user in ProjectStaff.objects.coordinators_of(project):
        messages.queue(
            user,
            kind="work",
            key=f"papers_end_work:{project.pk}:{on:%Y%m%d}:{lines[0]['key']}:{user.pk}",
            template="institutions/messages/papers_end_work",
            context={"lines": lines, "link": link(user, "work_assistants") + "?state=ending"},
        )


def paper_taken_back(assistant: Assistant, event, *, sentence, job_count: int) -> None:
    """To each coordinator, at once: her jobs stand, and she has taken back what they rest on."""
    for user in ProjectStaff.objects.coordinators_of(assistant.project):
        messages.queue(
            user,
            kind="work",
            key=f"paper_taken_back:{event.pk}:{user.pk}",
            template="institutions/messages/paper_taken_back",
            context={
                "assistant": assistant,
                "sentence": sentence,
                "jobs": job_count,
                "link": link(user, "work_assistant", assistant.user.public_id),
            },
        )
