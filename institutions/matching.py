"""Who could take a request on, and for everybody else why not (domain.md A6)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.models import Assignment, AssistanceRequest, Assistant, Mode, Offer, Subject
from participants.models import LanguageSkill
from portal.clock import WARSAW, local
from portal.languages import SPOKEN_LANGUAGES
from portal.models import DiaryEntry

#: Subjects only for those who were trained on them.
SENSITIVE = frozenset({Subject.MENTAL_HEALTH, Subject.POLICE_COURT})
#: Levels too low to interpret.
TOO_LOW = frozenset({LanguageSkill.Level.A1, LanguageSkill.Level.A2})


class Misfit(models.TextChoices):
    """Why an assistant does not fit, in a sentence."""

    SUSPENDED = "suspended", _("This assistant gets no offers at present.")
    LANGUAGE = "language", _("This assistant does not speak the language well enough.")
    POLISH = "polish", _("This assistant does not speak Polish well enough.")
    MODE = "mode", _("This assistant does not help in this way (on site, by phone, by video).")
    GENDER = "gender", _("The institution needs an assistant of another gender.")
    SUBJECT = "subject", _("This assistant has no training on this subject.")
    HOURS = "hours", _("These are not the hours in which this assistant can help.")
    DAY_OFF = "day_off", _("This assistant has a day off.")
    OVERLAP = "overlap", _("This assistant has something else at that time, with the way there and back.")
    DAY_LIMIT = "day_limit", _("It would be too many hours of interpreting on that day.")
    WEEK_LIMIT = "week_limit", _("It would be too many hours of interpreting in that week.")
    REFUSED = "refused", _("This assistant cannot come this time.")
    WITHDREW = "withdrew", _("This assistant agreed to come, and then could not.")
    OWN_REQUEST = "own_request", _("It is this assistant's own request.")


@dataclass(frozen=True)
class Candidate:
    assistant: Assistant
    language: str
    reasons: list[Misfit]

    @property
    def fits(self) -> bool:
        return not self.reasons

    @property
    def language_name(self) -> str:
        return str(dict(SPOKEN_LANGUAGES).get(self.language, self.language))

    @property
    def is_busy(self) -> bool:
        """Nobody can set this aside: the database forbids it."""
        return Misfit.OVERLAP in self.reasons


def candidates(request: AssistanceRequest) -> list[Candidate]:
    """All assistants of the request's network, those who fit first, in a constant number of queries."""
    assistants = Assistant.objects.filter(project=request.institution.project_id)
    found = _consider(request, assistants)
    return sorted(found, key=lambda one: (len(one.reasons), one.assistant.user.name_key, one.assistant.pk))


def candidate(request: AssistanceRequest, assistant: Assistant) -> Candidate:
    """One assistant, with everything read anew."""
    return _consider(request, Assistant.objects.filter(pk=assistant.pk))[0]


def travel_minutes(request: AssistanceRequest, assistant: Assistant) -> int:
    """Kept free before and after a job, for the way and for rest (domain.md A6.6)."""
    minutes = settings.ASSISTANCE["travel_minutes"]
    if request.mode != Mode.ON_SITE:
        return minutes["remote"]
    if _same(request.town, assistant.home_town):
        return minutes["same_town"]
    if _same(request.county, assistant.home_county):
        return minutes["same_county"]
    return minutes["elsewhere"]


def _same(place: str, other: str) -> bool:
    return bool(place.strip()) and place.strip().casefold() == other.strip().casefold()


def _consider(request: AssistanceRequest, assistants) -> list[Candidate]:
    rows = list(
        assistants.select_related("user").prefetch_related(
            Prefetch("user__language_skills", LanguageSkill.objects.order_by("id")),
            "availability",
            "exceptions",
        )
    )
    day, week = _day_and_week(request)
    widest = timedelta(minutes=max(settings.ASSISTANCE["travel_minutes"].values()))
    span = (min(week[0], request.start_at - widest), max(week[1], request.end_at + widest))
    entries: dict[int, list[DiaryEntry]] = {row.user_id: [] for row in rows}
    for entry in (
        DiaryEntry.objects.firm().filter(user__in=entries).touching(*span).exclude(source=request.source)
    ):
        entries[entry.user_id].append(entry)
    answers = _answers(request)
    return [_judge(request, row, entries[row.user_id], answers.get(row.pk, []), day, week) for row in rows]


def _answers(request: AssistanceRequest) -> dict[int, list[Misfit]]:
    answers: dict[int, list[Misfit]] = {}
    refused = Offer.objects.filter(request=request, state=Offer.State.REFUSED)
    for pk in refused.values_list("assistant", flat=True):
        answers.setdefault(pk, []).append(Misfit.REFUSED)
    withdrawn = Assignment.objects.filter(request=request, state=Assignment.State.WITHDRAWN)
    for pk in withdrawn.values_list("assistant", flat=True).distinct():
        answers.setdefault(pk, []).append(Misfit.WITHDREW)
    return answers


def _judge(
    request: AssistanceRequest,
    assistant: Assistant,
    entries: list[DiaryEntry],
    answers: list[Misfit],
    day: tuple[datetime, datetime],
    week: tuple[datetime, datetime],
) -> Candidate:
    language = spoken_language(request, assistant)
    limits = settings.ASSISTANCE
    misfits = {
        Misfit.SUSPENDED: bool(assistant.suspended_at) or not assistant.user.is_active,
        Misfit.LANGUAGE: not language,
        Misfit.POLISH: not _speaks(assistant, "pl"),
        Misfit.MODE: request.mode not in assistant.modes,
        Misfit.GENDER: request.is_gender_required
        and request.gender_preference != AssistanceRequest.GenderPreference.ANY
        and assistant.gender != request.gender_preference,
        Misfit.SUBJECT: request.subject in SENSITIVE and request.subject not in assistant.subjects,
        Misfit.HOURS: not _is_within_hours(request, assistant),
        Misfit.DAY_OFF: _has_day_off(request, assistant),
        Misfit.OVERLAP: _is_busy(request, assistant, entries),
        Misfit.DAY_LIMIT: _minutes(entries, *day) + request.minutes > limits["max_minutes_a_day"],
        Misfit.WEEK_LIMIT: _minutes(entries, *week) + request.minutes > limits["max_minutes_a_week"],
        Misfit.OWN_REQUEST: request.requested_by_id == assistant.user_id,
    }
    reasons = [misfit for misfit, applies in misfits.items() if applies] + answers
    return Candidate(assistant=assistant, language=language or request.language, reasons=reasons)


def spoken_language(request: AssistanceRequest, assistant: Assistant) -> str:
    """The first language asked for, or the acceptable second one, or ''."""
    for language in filter(None, [request.language, request.second_language]):
        if _speaks(assistant, language):
            return language
    return ""


def _speaks(assistant: Assistant, language: str) -> bool:
    skills = assistant.user.language_skills.all()
    return any(skill.language == language and skill.spoken not in TOO_LOW for skill in skills)


def _local_days(request: AssistanceRequest) -> list[tuple[date, time, time]]:
    """The request in local time, cut at midnight: (day, from, until) each; an end at midnight is 23:59."""
    start = timezone.localtime(request.start_at, WARSAW)
    end = timezone.localtime(request.end_at, WARSAW)
    pieces, day = [], start.date()
    while day <= end.date():
        starts = start.time() if day == start.date() else time.min
        ends = end.time() if day == end.date() else time(23, 59)
        if starts != ends or day == start.date():
            pieces.append((day, starts, ends))
        day += timedelta(days=1)
    return pieces


def _is_within_hours(request: AssistanceRequest, assistant: Assistant) -> bool:
    return all(
        _is_covered(day.weekday(), starts, ends, assistant) for day, starts, ends in _local_days(request)
    )


def _is_covered(weekday: int, starts: time, ends: time, assistant: Assistant) -> bool:
    """Hours that follow one another without a gap count as one."""
    reached = starts
    for hours in sorted(assistant.availability.all(), key=lambda row: row.starts):
        if hours.weekday == weekday and hours.starts <= reached < hours.ends:
            reached = hours.ends
    return reached >= ends


def _has_day_off(request: AssistanceRequest, assistant: Assistant) -> bool:
    days = [day for day, _starts, _ends in _local_days(request)]
    return any(off.starts_on <= days[-1] and days[0] <= off.ends_on for off in assistant.exceptions.all())


def _is_busy(request: AssistanceRequest, assistant: Assistant, entries: list[DiaryEntry]) -> bool:
    buffer = timedelta(minutes=travel_minutes(request, assistant))
    start, end = request.start_at - buffer, request.end_at + buffer
    return any(
        entry.is_exclusive and entry.busy.lower < end and start < entry.busy.upper for entry in entries
    )


def _minutes(entries: list[DiaryEntry], start: datetime, end: datetime) -> int:
    """Minutes of interpreting that begin in ``[start, end)``."""
    jobs = [
        entry
        for entry in entries
        if entry.kind == DiaryEntry.Kind.ASSISTANCE and start <= entry.start_at < end
    ]
    return sum(int((job.end_at - job.start_at).total_seconds() // 60) for job in jobs)


def _day_and_week(request: AssistanceRequest) -> tuple[tuple[datetime, datetime], tuple[datetime, datetime]]:
    """The local day and the local week, Monday to Sunday, in which the request begins."""
    day = timezone.localtime(request.start_at, WARSAW).date()
    monday = day - timedelta(days=day.weekday())
    return (
        (local(day, time.min), local(day + timedelta(days=1), time.min)),
        (local(monday, time.min), local(monday + timedelta(days=7), time.min)),
    )
