"""Who could take a request on, and for everybody else why not (domain.md A6).

``rules`` judge, ``scores`` put in order, ``knowledge`` reads. An attempt to staff a request has a mode and a
language of its own; without one, the request's present mode and its first language count.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from institutions import knowledge, scores
from institutions.models import AssistanceRequest, Assistant, Attempt
from institutions.rules import FINAL, Answer, Job, Misfit, answers_to, facts_of, misfits_of
from participants.models import LanguageSkill
from portal.languages import SPOKEN_LANGUAGES


@dataclass(frozen=True)
class Candidate:
    assistant: Assistant
    language: str
    reasons: list[Misfit]
    answers: list[Answer]
    score_parts: dict[str, int]
    is_interested: bool

    @property
    def fits(self) -> bool:
        return not self.reasons

    @property
    def score(self) -> int:
        return scores.score_of(self.score_parts)

    @property
    def explained(self) -> list[scores.Line]:
        return scores.explain(self.score_parts)

    @property
    def language_name(self) -> str:
        return str(dict(SPOKEN_LANGUAGES).get(self.language, self.language))

    @property
    def is_busy(self) -> bool:
        """The database forbids it too."""
        return Misfit.OVERLAP in self.reasons

    @property
    def is_final(self) -> bool:
        """Nobody can set this aside: she cannot be in two places, and the law is the law."""
        return any(reason in FINAL for reason in self.reasons)


@dataclass(frozen=True)
class OpenJob:
    """A request that somebody could take who was not asked yet."""

    request: AssistanceRequest
    attempt: Attempt
    candidate: Candidate


def candidates(request: AssistanceRequest, *, attempt: Attempt | None = None) -> list[Candidate]:
    """All assistants of the request's network in a fixed number of queries: who is to be asked first comes
    first, then those who do not fit, the nearest to fitting before the others.
    """
    return _in_order(_judge(Job.of(request, attempt), _network_of(request)))


def fitting(request: AssistanceRequest, *, attempt: Attempt | None = None) -> list[Candidate]:
    """Only those who fit, in the order in which they are to be asked; the others are not even read."""
    job = Job.of(request, attempt)
    return [one for one in _in_order(_judge(job, _able(request, [job]))) if one.fits]


def first_way(
    request: AssistanceRequest, attempts: Iterable[Attempt], *, passed_over: set[int]
) -> Attempt | None:
    """The first of these attempts in which somebody fits who is not ``passed_over``; all are read at once."""
    jobs = [(attempt, Job.of(request, attempt)) for attempt in attempts]
    able = _able(request, [job for _attempt, job in jobs]).exclude(pk__in=passed_over)
    known = knowledge.read([request], able)
    fits = ((attempt, _consider(job, one, known).fits) for attempt, job in jobs for one in known.people)
    return next((attempt for attempt, is_fitting in fits if is_fitting), None)


def candidate(
    request: AssistanceRequest, assistant: Assistant, *, attempt: Attempt | None = None
) -> Candidate:
    """One assistant, with everything read anew."""
    return _judge(Job.of(request, attempt), Assistant.objects.filter(pk=assistant.pk))[0]


def open_requests_for(assistant: Assistant) -> list[OpenJob]:
    """What she could take and was not asked about, the nearest first."""
    now = timezone.now()
    limits = settings.ASSISTANCE
    attempts = Attempt.objects.live().filter(
        request__in=AssistanceRequest.objects.looking(now),
        request__institution__project=assistant.project_id,
        request__start_at__lte=now + timedelta(days=limits["open_jobs_days"]),
    )
    attempts = attempts.exclude(request__offers__assistant=assistant).select_related("request__institution")
    attempts = list(attempts.order_by("request__start_at", "request_id", "place"))
    if not attempts:
        return []
    known = knowledge.read([one.request for one in attempts], Assistant.objects.filter(pk=assistant.pk))
    found: dict[int, OpenJob] = {}
    for attempt in attempts:
        one = _consider(Job.of(attempt.request, attempt), known.people[0], known)
        if one.fits:
            # Both places of a request are one job to her.
            found.setdefault(attempt.request_id, OpenJob(attempt.request, attempt, one))
    return list(found.values())[: limits["open_jobs_shown"]]


def _network_of(request: AssistanceRequest) -> QuerySet[Assistant]:
    return Assistant.objects.filter(project=request.institution.project_id)


def _able(request: AssistanceRequest, jobs: list[Job]) -> QuerySet[Assistant]:
    """Who gets offers, and works in the way and the language of one of these jobs at least."""
    spoken = LanguageSkill.objects.filter(language__in=[job.language for job in jobs])
    able = _network_of(request).active().filter(modes__overlap=[job.mode for job in jobs])
    return able.filter(user__in=spoken.values("user"))


def _judge(job: Job, assistants: QuerySet[Assistant]) -> list[Candidate]:
    known = knowledge.read([job.request], assistants)
    return [_consider(job, person, known) for person in known.people]


def _consider(job: Job, person: knowledge.Person, known: knowledge.Knowledge) -> Candidate:
    answers = answers_to(job, person)
    facts = facts_of(job, person, known, answers)
    return Candidate(
        assistant=person.assistant,
        language=job.language,
        reasons=misfits_of(job, person, known, answers),
        answers=answers,
        score_parts=scores.parts_of(facts),
        is_interested=facts.is_interested,
    )


def _in_order(found: Iterable[Candidate]) -> list[Candidate]:
    """Equal scores: in the order of enrolment. Names decide nothing."""
    return sorted(found, key=lambda one: (len(one.reasons), -one.score, one.assistant.pk))
