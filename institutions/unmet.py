"""Where nobody could come: requests by language, county and week, small cells hidden (features.md U9).

What is reckoned here may be given to anybody: it names no person and no institution. Each table is protected
by itself (``suppression``); they divide the same requests by different things, so one says nothing of the
cells of another. By whom a request was made is left out, because an institution stands in one county. Rare
languages and counties are taken together, since a name alone would say that somebody asked.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.county_tiles import county_name
from institutions.models import AssistanceRequest, RequestTransition, Subject, UnmetReport
from institutions.outcomes import BEHIND, Scope, requests_of, with_outcome
from institutions.suppression import TOTAL, Counts, Table, is_small, protect, protect_list
from portal import audit
from portal.clock import WARSAW
from portal.models import User
from portal.refusals import Refused
from projects.figures import Period
from projects.models import Project

State = AssistanceRequest.State
Reason = RequestTransition.Reason

#: Of the layout of the data that a report keeps.
VERSION = 1
SERVED, LATE, NOBODY = "served", "late", "nobody"
#: What is shown side by side: helped, and not helped in time.
KINDS = ((SERVED,), (LATE, NOBODY))
#: In the place of a language or a county: all that are rare, and what has none.
OTHER = ""
#: Nobody could have been sent, however many assistants there are: not a need of this network.
NOT_FOR_US = (Reason.SWORN_NEEDED, Reason.NOT_OURS, Reason.NO_AGREEMENT)
#: Parts of the day, by the local hour at which they begin; and days, the weekend together.
HOURS = (0, 9, 12, 15, 18)
DAYS = (0, 1, 2, 3, 4, 5)
#: So many places in which the next assistant would help most.
MOST = 3


class NotCoordinator(Refused):
    sentence = _("Only a coordinator of the project can publish its figures.")


class NotOver(Refused):
    sentence = _("This period is not over yet. Its numbers would still change.")
    field = "until"


class NothingToShow(Refused):
    sentence = _("There were too few requests in this period to show any number. Please choose a longer one.")
    field = "until"


class PeriodsOverlap(Refused):
    sentence = _(
        "Numbers of a part of this period were published before. Somebody could subtract one from the other "
        "and find numbers that are too small to show. Please choose another period."
    )
    field = "since"


def reckon(project: Project, period: Period, *, now: datetime) -> dict:
    """What may be shown to everybody, as plain data; a number that may not be shown is None. One query."""
    under = settings.ASSISTANCE["suppress_under"]
    rows = _rows(project, period, now)
    for by in ("language", "county"):
        _take_rare_together(rows, by, under)
    kinds = Counter(row["became"] for row in rows)
    total = (kinds[SERVED], kinds[LATE] + kinds[NOBODY])
    is_shown = not is_small(total, under)
    is_split = is_shown and not is_small((kinds[SERVED], kinds[LATE], kinds[NOBODY]), under)
    places, languages, counties = _places(rows, under)
    return {
        "version": VERSION,
        "under": under,
        "voivodeship": project.voivodeship,
        "total": _cell(total if is_shown else None)
        | {"late": kinds[LATE] if is_split else None, "nobody": kinds[NOBODY] if is_split else None},
        "languages": languages,
        "counties": counties,
        "cells": [[_cell(places.shown(row, column)) for column in counties] for row in languages],
        "by_language": [_cell(places.shown(row, TOTAL)) for row in languages],
        "by_county": [_cell(places.shown(TOTAL, column)) for column in counties],
        "subjects": _subjects(rows, under),
        "weeks": _weeks(rows, period, now, under),
        "times": _times(rows, under) if is_shown and total[1] else None,
        "most": _most(places, languages, counties),
    }


@transaction.atomic
def publish(project: Project, *, since: date, until: date, by: User) -> UnmetReport:
    """Freeze the numbers of a period under an address that everybody may open."""
    project = Project.objects.select_for_update(of=("self",), no_key=True).get(pk=project.pk)
    if not Project.objects.coordinated_by(by).filter(pk=project.pk).exists():
        raise NotCoordinator
    published = UnmetReport.objects.filter(project=project).exclude(_taken_back_at_once())
    if held := published.filter(since=since, until=until, taken_back_at__isnull=True).first():
        return held
    if until >= timezone.localdate():
        raise NotOver
    if published.filter(since__lte=until, until__gte=since).exclude(since=since, until=until).exists():
        raise PeriodsOverlap
    data = reckon(project, Period(since, until), now=timezone.now())
    if data["total"]["asked"] is None:
        raise NothingToShow
    report = UnmetReport.objects.create(project=project, since=since, until=until, data=data, published_by=by)
    audit.record("unmet_report.published", report, by=by, project=project.pk)
    return report


@transaction.atomic
def take_back(report: UnmetReport, *, by: User) -> UnmetReport:
    """It is not to be seen any more: something was wrong with it. What is handed in stays handed in."""
    Project.objects.select_for_update(of=("self",), no_key=True).get(pk=report.project_id)
    report = UnmetReport.objects.get(pk=report.pk)
    if not Project.objects.coordinated_by(by).filter(pk=report.project_id).exists():
        raise NotCoordinator
    if report.taken_back_at:
        return report
    report.taken_back_at, report.taken_back_by = timezone.now(), by
    report.save(update_fields=["taken_back_at", "taken_back_by"])
    audit.record("unmet_report.taken_back", report, by=by, project=report.project_id)
    return report


def _taken_back_at_once() -> Q:
    """A slip that hardly anybody has seen. What stood longer is in others' hands, and keeps its days."""
    mistake = timedelta(minutes=settings.ASSISTANCE["unmet_slip_minutes"])
    return Q(taken_back_at__lte=F("published_at") + mistake)


def with_need(requests: QuerySet[AssistanceRequest]) -> QuerySet[AssistanceRequest]:
    """Annotate ``became``: served, late or nobody; what was no need of the network's is left out."""
    moves = RequestTransition.objects.filter(request=OuterRef("pk")).order_by("-at", "-id")
    refused = moves.filter(new_state=State.DECLINED, reason__in=NOT_FOR_US)
    notice = timedelta(hours=settings.ASSISTANCE["tell_unfilled_hours_before"])
    told = Q(was_unfilled=True) | Q(
        urgency=AssistanceRequest.Urgency.PLANNED,
        submitted_at__lte=F("start_at") - notice,
        last_agreed_at__gt=F("start_at") - notice,
    )
    nobody = (
        BEHIND["unfilled"]
        | BEHIND["no_help"]
        | Q(state__in=(State.ASSISTANT_NO_SHOW, State.CANCELLED_BY_NETWORK))
        # They gave up, after having been told that nobody was found.
        | BEHIND["taken_back"] & Q(told_unfilled_at__isnull=False)
    )
    return (
        with_outcome(requests)
        .annotate(
            is_not_for_us=Exists(refused),
            was_unfilled=Exists(moves.filter(new_state=State.UNFILLED)),
            last_agreed_at=Subquery(moves.filter(new_state=State.CONFIRMED).values("at")[:1]),
            ended_because=Subquery(moves.values("reason")[:1]),
        )
        .exclude(Q(state=State.DECLINED, is_not_for_us=True))
        .exclude(BEHIND["taken_back"] & Q(told_unfilled_at__isnull=True))
        .annotate(
            became=Case(
                When(Q(state=State.CANCELLED_BY_NETWORK, ended_because=Reason.LATE), then=Value(LATE)),
                When(nobody, then=Value(NOBODY)),
                When(told, then=Value(LATE)),
                default=Value(SERVED),
                output_field=CharField(),
            )
        )
    )


def _rows(project: Project, period: Period, now: datetime) -> list[dict]:
    requests = with_need(requests_of(Scope(project, period), now)).order_by()
    rows = []
    for row in requests.values("language", "county", "subject", "start_at", "became").iterator():
        here = timezone.localtime(row["start_at"], WARSAW)
        row["county"] = county_name(row["county"], project.voivodeship)
        row["week"] = here.date() - timedelta(days=here.weekday())
        row["day"] = min(here.weekday(), DAYS[-1])
        row["hour"] = max(hour for hour in HOURS if hour <= here.hour)
        rows.append(row)
    return rows


def _take_rare_together(rows: list[dict], by: str, under: int) -> None:
    number = Counter(row[by] for row in rows)
    for row in rows:
        if number[row[by]] < under:
            row[by] = OTHER


def _counted(rows: Iterable[dict], keys: Iterable, key, *, kinds=KINDS) -> dict:
    """How many of each kind under each of the keys, those without any too."""
    found = Counter((key(row), row["became"]) for row in rows)
    return {name: tuple(sum(found[name, became] for became in kind) for kind in kinds) for name in keys}


def _cell(counts: Counts | None) -> dict:
    if counts is None:
        return {"asked": None, "unmet": None}
    served, unmet = counts
    return {"asked": served + unmet, "unmet": unmet}


def _places(rows: list[dict], under: int) -> tuple[Table, list[str], list[str]]:
    """By language and county, and both in the order in which they are shown."""
    languages = {row["language"] for row in rows} | {OTHER}
    counties = {row["county"] for row in rows} | {OTHER}
    pairs = [(language, county) for language in languages for county in counties]
    cells = _counted(rows, pairs, lambda row: (row["language"], row["county"]))
    table = protect(cells, under=under)

    def place(name: str, cell: tuple) -> tuple:
        """Where most is asked for first. What is hidden comes by name, as its place would tell its size."""
        shown = table.shown(*cell)
        return (name == OTHER, -sum(shown) if shown else 0, name)

    return (
        table,
        sorted(languages, key=lambda name: place(name, (name, TOTAL))),
        sorted(counties, key=lambda name: place(name, (TOTAL, name))),
    )


def _subjects(rows: list[dict], under: int) -> list[dict]:
    table = protect_list(_counted(rows, Subject.values, lambda row: row["subject"]), under=under)
    return [{"subject": key} | _cell(table.shown(0, key)) for key in Subject.values]


def _weeks(rows: list[dict], period: Period, now: datetime, under: int) -> list[dict]:
    """Every week of the period until now, those without a request too."""
    until = min(period.until, timezone.localdate(now, WARSAW))
    first = period.since - timedelta(days=period.since.weekday())
    weeks = [first + timedelta(weeks=place) for place in range((until - first).days // 7 + 1)]
    counted = _counted(rows, weeks, lambda row: row["week"])
    if not counted:
        return []
    table = protect_list(counted, under=under)
    return [{"first": week.isoformat()} | _cell(table.shown(0, week)) for week in weeks]


def _times(rows: list[dict], under: int) -> list[list[int | None]]:
    """By part of the day and day: how often nobody came in time."""
    keys = [(day, hour) for hour in HOURS for day in DAYS]
    counted = _counted(rows, keys, lambda row: (row["day"], row["hour"]), kinds=((LATE, NOBODY),))
    table = protect_list(counted, under=under)
    cells = [[table.shown(0, (day, hour)) for day in DAYS] for hour in HOURS]
    return [[shown[0] if shown else None for shown in row] for row in cells]


def _most(places: Table, languages: list[str], counties: list[str]) -> list[dict]:
    """The languages and counties with the greatest need that may be told."""
    found = [
        {"language": language, "county": county} | _cell(places.shown(language, county))
        for language in languages
        for county in counties
        if language != OTHER and county != OTHER
    ]
    lacking = [cell for cell in found if cell["unmet"]]
    return sorted(lacking, key=lambda cell: (-cell["unmet"], -cell["asked"], cell["language"]))[:MOST]
