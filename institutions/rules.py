"""The hard rules of matching, one sentence each, and how well somebody answers what a request asks
(domain.md A6.1).
"""

from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cached_property

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from institutions.free_time import (
    Span,
    day_and_week,
    has_day_off,
    hours_to_nearest_job,
    is_busy,
    is_within,
    local_days,
    minutes_of_jobs,
)
from institutions.knowledge import LEVELS, Knowledge, Person, days_of_papers
from institutions.models import Assignment, AssistanceRequest, Attempt, Mode, Offer
from institutions.papers_of_assistants import Paper
from institutions.requirements import Kind, Requirement, requirements_of
from institutions.scores import Facts
from institutions.travel import time_at_work, travel_minutes
from portal.names import is_same_name


class Misfit(models.TextChoices):
    """Why an assistant does not fit, in a sentence."""

    SUSPENDED = "suspended", _("This assistant gets no offers at present.")
    CODE_OF_CONDUCT = "code_of_conduct", _("The code of conduct is not accepted in its present version.")
    CONFIDENTIALITY = "confidentiality", _("The promise of confidentiality is not given.")
    CONTRACT = "contract", _("There is no contract or volunteer agreement on that day.")
    INSURANCE = "insurance", _("There is no accident insurance on that day, which volunteers need.")
    CHILD_PROTECTION = (
        "child_protection",
        _("Children will be there, and there is no valid child protection check."),
    )
    LANGUAGE = "language", _("This assistant does not speak the language well enough.")
    POLISH = "polish", _("This assistant does not speak Polish well enough.")
    DIALECT = "dialect", _("This assistant does not speak the variety that is needed.")
    LEVEL = "level", _("The institution needs somebody who speaks the language better.")
    WRITING = "writing", _("The institution needs somebody who reads and writes the language.")
    MODE = "mode", _("This assistant does not help in this way (on site, by phone, by video).")
    GENDER = "gender", _("The institution needs an assistant of another gender.")
    OTHER_TOWN = "other_town", _("The institution needs somebody from another town.")
    SUBJECT = "subject", _("This assistant has no training on this subject.")
    TOO_FAR = "too_far", _("The way is longer than this assistant wants to travel.")
    NOTICE = "notice", _("It is too soon: this assistant wants to know earlier.")
    HOURS = "hours", _("These are not the hours in which this assistant can help.")
    DAY_OFF = "day_off", _("This assistant has a day off.")
    OVERLAP = "overlap", _("This assistant has something else at that time, with the way there and back.")
    DAY_LIMIT = "day_limit", _("It would be too many hours of interpreting on that day.")
    WEEK_LIMIT = "week_limit", _("It would be too many hours of interpreting in that week.")
    CONFLICT = "conflict", _("This assistant has asked not to interpret there.")
    BLOCKED = "blocked", _("It was decided that this assistant is not sent to this institution.")
    ALREADY_GOING = "already_going", _("This assistant is already going to this meeting.")
    REFUSED = "refused", _("This assistant cannot come this time.")
    WITHDREW = "withdrew", _("This assistant agreed to come, and then could not.")
    REPLACED = "replaced", _("Somebody else was sent instead of this assistant.")
    OWN_REQUEST = "own_request", _("It is this assistant's own request.")


#: What no coordinator can set aside: two places at once, what law and safety demand (A1.4, C1.8), and where
#: somebody will not go or must not be sent; a block is lifted first.
FINAL = frozenset(
    {
        Misfit.OVERLAP,
        Misfit.CONFLICT,
        Misfit.BLOCKED,
        Misfit.ALREADY_GOING,
        Misfit.CODE_OF_CONDUCT,
        Misfit.CONFIDENTIALITY,
        Misfit.CONTRACT,
        Misfit.INSURANCE,
        Misfit.CHILD_PROTECTION,
    }
)

#: What an unmet must of the request means.
OF_REQUIREMENT = {
    Kind.DIALECT: Misfit.DIALECT,
    Kind.LEVEL: Misfit.LEVEL,
    Kind.WRITING: Misfit.WRITING,
    Kind.GENDER: Misfit.GENDER,
    Kind.OTHER_TOWN: Misfit.OTHER_TOWN,
    Kind.TRAINING: Misfit.SUBJECT,
}
#: Wishes that have a part of the score of their own.
SCORED_APART = (Kind.SAME_ASSISTANT, Kind.TRAINING)


@dataclass(frozen=True)
class Job:
    """What one attempt looks for: the request in one mode and one language."""

    request: AssistanceRequest
    mode: str
    language: str
    points: tuple[Requirement, ...]

    @classmethod
    def of(cls, request: AssistanceRequest, attempt: Attempt | None) -> "Job":
        what = attempt or request
        return cls(request, what.mode, what.language, tuple(requirements_of(request)))

    # The same for everybody who is considered, so reckoned once.

    @cached_property
    def at_work(self) -> Span:
        return time_at_work(self.request)

    @cached_property
    def local_days(self) -> list[tuple[date, time, time]]:
        return local_days(*self.at_work)

    @cached_property
    def day_and_week(self) -> tuple[Span, Span]:
        return day_and_week(self.request.start_at)


@dataclass(frozen=True)
class Answer:
    """Does she meet one point of what is asked for?"""

    requirement: Requirement
    is_met: bool

    @property
    def label(self) -> str:
        return self.requirement.label

    @property
    def is_must(self) -> bool:
        return self.requirement.is_must


def answers_to(job: Job, person: Person) -> list[Answer]:
    return [Answer(point, _is_met(point, job, person)) for point in job.points]


def misfits_of(job: Job, person: Person, known: Knowledge, answers: list[Answer]) -> list[Misfit]:
    return [
        *_papers(job, person, known),
        *_abilities(job, person),
        *[OF_REQUIREMENT[one.requirement.kind] for one in answers if _is_unmet_must(one)],
        *_time(job, person, known),
        *_people(job, person),
        *_history(job, person),
    ]


def facts_of(job: Job, person: Person, known: Knowledge, answers: list[Answer]) -> Facts:
    """What the score is made of."""
    request, assistant = job.request, person.assistant
    skill = person.speaks(job.language)
    others = [entry for entry in person.diary if entry.source != request.source]
    asked_at = person.last_asked_at
    wishes = [one for one in answers if not one.is_must and one.requirement.kind not in SCORED_APART]
    states = {state for state, _mode in person.offers.get(request.pk, ())}
    case = (request.institution_id, request.case_reference)
    return Facts(
        level=skill.spoken if skill else "",
        is_verified=bool(skill and skill.is_verified),
        way_minutes=travel_minutes(request, assistant) if job.mode == Mode.ON_SITE else None,
        knows_case=bool(request.case_reference) and case in person.cases,
        is_in_series=bool(request.series_id) and request.series_id in person.series,
        is_preferred=request.preferred_assistant_id == assistant.pk,
        minutes_lately=person.minutes_lately,
        median_minutes=known.median_minutes.get(assistant.project_id, 0),
        hours_to_other_job=hours_to_nearest_job(*job.at_work, others),
        subject_jobs=person.jobs_by_subject.get(request.subject, 0),
        is_trained=request.subject in person.trained_on,
        wishes_unmet=sum(not one.is_met for one in wishes),
        days_since_asked=(known.now - asked_at) / timedelta(days=1) if asked_at else None,
        is_interested=Offer.State.INTERESTED in states,
    )


def is_avoided(request: AssistanceRequest, institution: int | None, town: str, official: int | None) -> bool:
    """Is it where, or with whom, somebody will not interpret? The last three are one conflict."""
    if institution is not None:
        return institution == request.institution_id
    if official is not None:
        return official == request.requested_by_id
    return is_same_name(town, request.town)


def is_level_enough(level: str, lowest: str) -> bool:
    return bool(level) and LEVELS.index(level) >= LEVELS.index(lowest)


def _is_met(point: Requirement, job: Job, person: Person) -> bool:
    skills = [skill for skill in person.skills if skill.language == job.language]
    best = person.speaks(job.language)
    lowest = settings.ASSISTANCE["lowest_level"]
    match point.kind:
        case Kind.LANGUAGE:
            skill = person.speaks(str(point.value))
            return bool(skill) and is_level_enough(skill.spoken, lowest)
        case Kind.DIALECT:
            return any(is_same_name(skill.dialect, str(point.value)) for skill in skills)
        case Kind.LEVEL:
            return bool(best) and is_level_enough(best.spoken, str(point.value))
        case Kind.WRITING:
            return any(is_level_enough(skill.written, lowest) for skill in skills)
        case Kind.GENDER:
            return person.assistant.gender == point.value
        case Kind.OTHER_TOWN:
            home = person.assistant.home_town
            return bool(home) and not is_same_name(home, str(point.value))
        case Kind.SAME_ASSISTANT:
            return person.assistant.pk == point.value
        case Kind.TRAINING:
            return point.value in person.trained_on
    raise NotImplementedError(point.kind)


def _is_unmet_must(answer: Answer) -> bool:
    """The language is judged by the attempt, which may look for the second one."""
    return answer.is_must and not answer.is_met and answer.requirement.kind in OF_REQUIREMENT


def _papers(job: Job, person: Person, known: Knowledge) -> list[Misfit]:
    assistant = person.assistant
    found = [Misfit.SUSPENDED] if assistant.suspended_at or not assistant.user.is_active else []
    missing = {state.paper for state in known.papers[days_of_papers(job.request)][assistant.pk]}
    return found + [Misfit(paper.value) for paper in Paper if paper in missing]


def _abilities(job: Job, person: Person) -> list[Misfit]:
    lowest, found = settings.ASSISTANCE["lowest_level"], []
    for language, misfit in ((job.language, Misfit.LANGUAGE), ("pl", Misfit.POLISH)):
        skill = person.speaks(language)
        if skill is None or not is_level_enough(skill.spoken, lowest):
            found.append(misfit)
    if job.mode not in person.assistant.modes:
        found.append(Misfit.MODE)
    return found


def _time(job: Job, person: Person, known: Knowledge) -> list[Misfit]:
    request, assistant, limits = job.request, person.assistant, settings.ASSISTANCE
    start, end = job.at_work
    others = [entry for entry in person.diary if entry.source != request.source]
    way = travel_minutes(request, assistant, job.mode)
    buffer = timedelta(minutes=way)
    day, week = job.day_and_week
    notice = timedelta(minutes=assistant.min_notice_minutes or 0)
    checks = {
        Misfit.TOO_FAR: job.mode == Mode.ON_SITE
        and assistant.max_travel_minutes is not None
        and way > assistant.max_travel_minutes,
        Misfit.NOTICE: request.start_at - known.now < notice,
        Misfit.HOURS: not is_within(job.local_days, person.week, person.extra_hours),
        Misfit.DAY_OFF: has_day_off(job.local_days, person.days_off),
        Misfit.OVERLAP: is_busy(start - buffer, end + buffer, others),
        Misfit.DAY_LIMIT: minutes_of_jobs(others, *day) + request.minutes
        > _least(assistant.max_minutes_a_day, limits["max_minutes_a_day"]),
        Misfit.WEEK_LIMIT: minutes_of_jobs(others, *week) + request.minutes
        > _least(assistant.max_minutes_a_week, limits["max_minutes_a_week"]),
    }
    return [misfit for misfit, applies in checks.items() if applies]


def _least(own: int | None, allowed: int) -> int:
    return allowed if own is None else min(own, allowed)


def _people(job: Job, person: Person) -> list[Misfit]:
    """Conflicts either way: what she said, and what was decided about her."""
    request, found = job.request, []
    if any(is_avoided(request, *conflict) for conflict in person.conflicts):
        found.append(Misfit.CONFLICT)
    if request.institution_id in person.blocked_by:
        found.append(Misfit.BLOCKED)
    if request.requested_by_id == person.assistant.user_id:
        found.append(Misfit.OWN_REQUEST)
    return found


def _history(job: Job, person: Person) -> list[Misfit]:
    """What became of her in this request. In another mode it is another question."""
    assignments = person.assignments.get(job.request.pk, set())
    checks = {
        Misfit.ALREADY_GOING: not assignments.isdisjoint(Assignment.STANDING),
        Misfit.REFUSED: (Offer.State.REFUSED, job.mode) in person.offers.get(job.request.pk, ()),
        Misfit.WITHDREW: Assignment.State.WITHDRAWN in assignments,
        Misfit.REPLACED: Assignment.State.REPLACED in assignments,
    }
    return [misfit for misfit, applies in checks.items() if applies]
