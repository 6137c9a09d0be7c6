"""Everything that matching asks about assistants and about requests, read in a fixed number of queries.

``read`` asks the database; what it returns asks nothing more, so that rules and scores are plain functions.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import NamedTuple

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    Subquery,
    Sum,
)
from django.db.models.functions import JSONObject
from django.utils import timezone

from institutions.free_time import Busy, DayHours, Hours, day_and_week
from institutions.models import (
    Assignment,
    AssistanceRequest,
    Assistant,
    Attempt,
    Availability,
    AvailabilityException,
    Block,
    Conflict,
    ExtraHours,
    Offer,
    RequestTransition,
    Training,
)
from institutions.papers_of_assistants import MissingPaper, evidence_of, missing_papers_of
from institutions.travel import longest_way
from participants.models import LanguageSkill
from portal.models import DiaryEntry

#: From the lowest to the best.
LEVELS = list(LanguageSkill.Level.values)


class Skill(NamedTuple):
    language: str
    dialect: str
    spoken: str
    written: str
    is_verified: bool


@dataclass
class Person:
    """One assistant, as far as it matters for finding somebody."""

    assistant: Assistant
    skills: list[Skill]
    week: list[Hours]
    extra_hours: list[DayHours]
    days_off: list[tuple[date, date]]
    #: Institutions, towns and officials that she will not interpret for; institutions that will not have her.
    conflicts: list[tuple[int | None, str, int | None]]
    blocked_by: frozenset[int]
    trained_on: frozenset[str]
    jobs_by_subject: dict[str, int]
    minutes_lately: int
    last_asked_at: datetime | None
    #: By request: the states of her offers with the mode asked for, and the states of her assignments.
    offers: dict[int, set[tuple[str, str]]]
    assignments: dict[int, set[str]]
    #: Where she was, or is going: cases of institutions, and rows of meetings.
    cases: set[tuple[int, str]]
    series: set[int | None]
    diary: list[Busy] = field(default_factory=list)

    def speaks(self, language: str) -> Skill | None:
        """Her best variety of a language."""
        skills = [skill for skill in self.skills if skill.language == language]
        return max(skills, key=lambda skill: (LEVELS.index(skill.spoken), skill.is_verified), default=None)


@dataclass
class Knowledge:
    people: list[Person]
    #: Minutes agreed or done lately by the middle one of each network.
    median_minutes: dict[int, float]
    papers: dict[tuple[date, bool], dict[int, list[MissingPaper]]]
    now: datetime


def read(requests: Iterable[AssistanceRequest], assistants) -> Knowledge:
    """What has to be known to judge these assistants for these requests, of which there is at least one."""
    requests, now = list(requests), timezone.now()
    lately = now - timedelta(days=settings.ASSISTANCE["fairness_days"])
    rows = list(_with_facts(assistants.select_related("user"), requests, now, lately))
    people = [_person(row) for row in rows]
    _read_diaries(people, requests)
    evidence, days = evidence_of(rows), {days_of_papers(request) for request in requests}
    return Knowledge(
        people=people,
        median_minutes=_medians({request.institution.project_id for request in requests}, lately),
        papers={
            key: missing_papers_of(rows, on=key[0], with_minors=key[1], evidence=evidence) for key in days
        },
        now=now,
    )


def minutes_since(lately: datetime) -> Subquery:
    """Minutes of interpreting of an assistant, agreed or done, that began or begin after ``lately``."""
    length = ExpressionWrapper(F("request__end_at") - F("request__start_at"), output_field=DurationField())
    jobs = Assignment.objects.standing().filter(assistant=OuterRef("pk"), request__start_at__gte=lately)
    return Subquery(jobs.order_by().values("assistant").annotate(length=Sum(length)).values("length"))


def _medians(projects: set[int], lately: datetime) -> dict[int, float]:
    """Of those who get offers at all."""
    rows = Assistant.objects.filter(project__in=projects).active().annotate(length=minutes_since(lately))
    minutes = defaultdict(list)
    for project, length in rows.order_by().values_list("project", "length"):
        minutes[project].append(_minutes(length))
    return {project: median(found) for project, found in minutes.items()}


def _minutes(length: timedelta | None) -> int:
    return int(length.total_seconds() // 60) if length else 0


def _with_facts(assistants, requests: list[AssistanceRequest], now: datetime, lately: datetime):
    mine = {"assistant": OuterRef("pk")}
    skills = LanguageSkill.objects.filter(user=OuterRef("user")).order_by("id")
    experience = now - timedelta(days=settings.ASSISTANCE["experience_days"])
    jobs = Assignment.objects.filter(**mine, state=Assignment.State.DONE, request__start_at__gte=experience)
    jobs = jobs.order_by().values("request__subject").annotate(number=Count("pk"))
    asked = (
        Offer.objects.filter(**mine, wave__gt=0).order_by().values("assistant").annotate(at=Max("made_at"))
    )
    return assistants.annotate(
        known_skills=ArraySubquery(
            skills.values(
                row=JSONObject(
                    language="language",
                    dialect="dialect",
                    spoken="spoken",
                    written="written",
                    verified="verified_on",
                )
            )
        ),
        known_week=ArraySubquery(
            Availability.objects.filter(**mine)
            .order_by("id")
            .values(row=JSONObject(weekday="weekday", starts="starts", ends="ends"))
        ),
        known_extra_hours=ArraySubquery(
            ExtraHours.objects.filter(**mine)
            .order_by("id")
            .values(row=JSONObject(day="day", starts="starts", ends="ends"))
        ),
        known_days_off=ArraySubquery(
            AvailabilityException.objects.filter(**mine)
            .order_by("id")
            .values(row=JSONObject(first="starts_on", last="ends_on"))
        ),
        known_conflicts=ArraySubquery(
            Conflict.objects.filter(**mine)
            .order_by("id")
            .values(row=JSONObject(institution="institution_id", town="town", official="official_id"))
        ),
        known_blocks=ArraySubquery(
            Block.objects.filter(**mine, lifted_at__isnull=True).order_by().values("institution")
        ),
        known_trainings=ArraySubquery(Training.objects.filter(**mine).order_by().values("subject")),
        known_jobs=ArraySubquery(jobs.values(row=JSONObject(subject="request__subject", number="number"))),
        known_offers=ArraySubquery(
            Offer.objects.filter(**mine, request__in=[request.pk for request in requests])
            .exclude(_asked_anew())
            .order_by()
            .values(row=JSONObject(request="request_id", state="state", mode="attempt__mode"))
        ),
        known_assignments=ArraySubquery(
            Assignment.objects.filter(_concerning(requests), **mine)
            .order_by()
            .values(
                row=JSONObject(
                    request="request_id",
                    state="state",
                    office="request__institution_id",
                    case="request__case_reference",
                    series="request__series_id",
                )
            )
        ),
        known_length=minutes_since(lately),
        known_asked_at=Subquery(asked.values("at")),
    )


def _asked_anew() -> Q:
    """The request has changed since she answered: a search was called off, or the meeting was moved when all
    searches had ended. Her answer was about another one.
    """
    called_off = Attempt.objects.filter(
        request=OuterRef("request"),
        state=Attempt.State.CALLED_OFF,
        ended_at__gte=OuterRef("answered_at"),
    )
    moved = RequestTransition.objects.filter(
        request=OuterRef("request"),
        new_state=AssistanceRequest.State.OFFERING,
        reason=RequestTransition.Reason.OTHER_DATE,
        at__gte=OuterRef("answered_at"),
    )
    return Q(Exists(called_off)) | Q(Exists(moved))


def _concerning(requests: list[AssistanceRequest]) -> Q:
    """Assignments of these requests, and of others in the same case or the same row."""
    concerned = Q(request__in=[request.pk for request in requests])
    if cases := {request.case_reference for request in requests if request.case_reference}:
        offices = {request.institution_id for request in requests}
        concerned |= Q(request__institution__in=offices, request__case_reference__in=cases)
    if series := {request.series_id for request in requests if request.series_id}:
        concerned |= Q(request__series__in=series)
    return concerned


def _person(row) -> Person:
    offers, assignments = defaultdict(set), defaultdict(set)
    for one in row.known_offers:
        offers[one["request"]].add((one["state"], one["mode"]))
    for one in row.known_assignments:
        assignments[one["request"]].add(one["state"])
    stood = [one for one in row.known_assignments if one["state"] in Assignment.STANDING]
    return Person(
        assistant=row,
        skills=[
            Skill(one["language"], one["dialect"], one["spoken"], one["written"], bool(one["verified"]))
            for one in row.known_skills
        ],
        week=[
            Hours(one["weekday"], time.fromisoformat(one["starts"]), time.fromisoformat(one["ends"]))
            for one in row.known_week
        ],
        extra_hours=[
            DayHours(
                date.fromisoformat(one["day"]),
                time.fromisoformat(one["starts"]),
                time.fromisoformat(one["ends"]),
            )
            for one in row.known_extra_hours
        ],
        days_off=[
            (date.fromisoformat(one["first"]), date.fromisoformat(one["last"])) for one in row.known_days_off
        ],
        conflicts=[(one["institution"], one["town"], one["official"]) for one in row.known_conflicts],
        blocked_by=frozenset(row.known_blocks),
        trained_on=frozenset(row.known_trainings),
        jobs_by_subject={one["subject"]: one["number"] for one in row.known_jobs},
        minutes_lately=_minutes(row.known_length),
        last_asked_at=row.known_asked_at,
        offers=offers,
        assignments=assignments,
        cases={(one["office"], one["case"]) for one in stood},
        series={one["series"] for one in stood},
    )


def _read_diaries(people: list[Person], requests: list[AssistanceRequest]) -> None:
    """The weeks of the requests, and what lies so near that the way there or back reaches into them."""
    weeks = [day_and_week(request.start_at)[1] for request in requests]
    way = longest_way() + timedelta(hours=1)
    first = min(*(week[0] for week in weeks), *(request.start_at for request in requests)) - way
    last = max(*(week[1] for week in weeks), *(request.end_at for request in requests)) + way
    by_user = {person.assistant.user_id: person for person in people}
    entries = DiaryEntry.objects.firm().filter(user__in=by_user).touching(first, last)
    columns = ("user", "source", "kind", "start_at", "end_at", "busy", "is_exclusive")
    for user, source, kind, start_at, end_at, busy, is_exclusive in entries.values_list(*columns):
        by_user[user].diary.append(Busy(source, kind, start_at, end_at, busy.lower, busy.upper, is_exclusive))


def days_of_papers(request: AssistanceRequest) -> tuple[date, bool]:
    return timezone.localdate(request.start_at), request.are_minors_present
