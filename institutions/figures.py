"""What the network can say of itself: every figure with what stands above and below the line (A8).

Pure reckoning, about one set of requests: those whose meeting was to begin in a period and before now. It
takes a fixed number of queries, whatever their number. What a figure is called stands in ``figures_wording``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, DurationField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncMonth

from institutions import smiles
from institutions.county_tiles import county_name
from institutions.models import Assignment, AssistanceRequest, Assistant, Feedback, Institution
from institutions.outcomes import (
    BEHIND,
    CALLED_OFF,
    TOOK_PLACE,
    Ratio,
    Scope,
    Side,
    State,
    requests_of,
    with_outcome,
)
from institutions.response_times import Times, reached_by, times_of
from portal.clock import WARSAW

#: Notice of a cancellation, in minutes: from and below (domain.md A8.2).
BANDS: dict[str, tuple[int | None, int | None]] = {
    "over_48": (48 * 60 + 1, None),
    "24_to_48": (24 * 60, 48 * 60 + 1),
    "under_24": (0, 24 * 60),
    "after_start": (None, 0),
}


@dataclass(frozen=True)
class Month:
    first: date
    due: int
    agreed: int
    unfilled: int


@dataclass(frozen=True)
class Lack:
    """Where nobody could come: a language, a county and a subject, each '' in a cut that leaves it out."""

    language: str
    county: str
    subject: str
    due: int
    unfilled: int


@dataclass(frozen=True)
class Spread:
    """How the hours are spread over the assistants who could be asked, without saying whose they are."""

    minutes: list[int]
    total: int
    median: int
    gini: float | None
    top_three: Ratio

    @property
    def without_any(self) -> int:
        return self.minutes.count(0)


@dataclass(frozen=True)
class Figures:
    scope: Scope
    counts: dict[str, int]
    still_to_come: int
    ratios: dict[str, Ratio]
    times: list[Times]
    #: Who called off, by notice: {"institution": {"over_48": 3, …}, "network": …, "assistant": …}.
    called_off: dict[str, dict[str, int]]
    months: list[Month]
    lacks: list[Lack]
    spread: Spread
    #: By name of the face; None where a language or an urgency is chosen, as they are counted by neither.
    smiles: dict[str, int] | None


def of(scope: Scope, *, now: datetime) -> Figures:
    """All of them, in six queries."""
    requests = requests_of(scope, now)
    counts = _counts(scope, now)
    work = _work(requests)
    groups = _groups(requests)
    return Figures(
        scope=scope,
        counts=counts,
        still_to_come=counts.pop("still_to_come"),
        ratios=_ratios(counts, work),
        times=times_of(requests),
        called_off={
            "institution": {band: counts[f"institution:{band}"] for band in BANDS},
            "network": {band: counts[f"network:{band}"] for band in BANDS},
            "assistant": {band: work[f"withdrawn:{band}"] for band in BANDS},
        },
        months=_months(groups),
        lacks=_lacks(groups, scope.project.voivodeship),
        spread=_spread(scope, requests),
        smiles=_smiles(scope),
    )


def _counts(scope: Scope, now: datetime) -> dict[str, int]:
    """What stands behind the ratios, and ``still_to_come``, which is in none of them."""
    wanted = dict(BEHIND)
    for side in ("institution", "network"):
        for band, limits in BANDS.items():
            wanted[f"{side}:{band}"] = BEHIND[f"cancelled_by_{side}"] & _noticed(*limits)
    sums = {name: Count("pk", filter=condition & Q(start_at__lte=now)) for name, condition in wanted.items()}
    sums["still_to_come"] = Count("pk", filter=Q(start_at__gt=now) & ~Q(state__in=CALLED_OFF))
    rows = AssistanceRequest.objects.filter(scope.condition()).exclude(state=State.DRAFT)
    return with_outcome(rows).aggregate(**sums)


def _noticed(least: int | None, below: int | None) -> Q:
    condition = Q()
    if least is not None:
        condition &= Q(notice__gte=least)
    if below is not None:
        condition &= Q(notice__lt=below)
    return condition


def _work(requests: QuerySet[AssistanceRequest]) -> dict[str, int]:
    """Counts of who agreed to come and what became of it: assignments, not requests."""
    late = timedelta(minutes=settings.ASSISTANCE["late_after_minutes"])
    came = Q(state__in=Assignment.STANDING, request__state__in=TOOK_PLACE)
    said = Feedback.objects.filter(assignment=OuterRef("pk"))
    punctual = said.filter(side=Side.OFFICIAL).values("was_on_time")[:1]
    known = Q(arrived_at__isnull=False) | Q(delay_minutes__isnull=False) | Q(on_time__isnull=False)
    was_late = (
        Q(arrived_at__gt=F("request__start_at") + late)
        | Q(arrived_at__isnull=True, delay_minutes__gt=settings.ASSISTANCE["late_after_minutes"])
        | Q(arrived_at__isnull=True, delay_minutes__isnull=True, on_time=False)
    )
    sums = {
        "assignments": Count("pk"),
        "withdrawn": Count("pk", filter=Q(state=Assignment.State.WITHDRAWN)),
        "came": Count("pk", filter=came),
        "arrival_known": Count("pk", filter=came & known),
        "late": Count("pk", filter=came & known & was_late),
        "officials_said": Count("pk", filter=came & Q(official_said=True)),
        "assistants_said": Count("pk", filter=came & Q(assistant_said=True)),
    }
    for band, (least, below) in BANDS.items():
        gone = Q(state=Assignment.State.WITHDRAWN)
        if least is not None:
            gone &= Q(ended_at__lte=F("request__start_at") - timedelta(minutes=least))
        if below is not None:
            gone &= Q(ended_at__gt=F("request__start_at") - timedelta(minutes=below))
        sums[f"withdrawn:{band}"] = Count("pk", filter=gone)
    rows = Assignment.objects.filter(request__in=requests.order_by().values("pk"))
    return rows.annotate(
        on_time=Subquery(punctual),
        official_said=Exists(said.filter(side=Side.OFFICIAL)),
        assistant_said=Exists(said.filter(side=Side.ASSISTANT)),
    ).aggregate(**sums)


def _smiles(scope: Scope) -> dict[str, int] | None:
    if scope.language or scope.urgency:
        return None
    institutions = Institution.objects.filter(project=scope.project)
    if scope.institution:
        institutions = institutions.filter(pk=scope.institution.pk)
    return smiles.in_all(institutions, scope.period)


def _ratios(counts: dict[str, int], work: dict[str, int]) -> dict[str, Ratio]:
    met = counts["met"]
    return {
        "success": Ratio(
            counts["success"],
            counts["completed"] - counts["cancelled_by_institution"],
            counts["cancelled_by_institution"],
        ),
        "fill": Ratio(counts["agreed"], counts["due"] - counts["taken_back"], counts["taken_back"]),
        "unfilled": Ratio(counts["unfilled"], counts["due"] - counts["taken_back"], counts["taken_back"]),
        "cancelled_by_institution": Ratio(counts["cancelled_by_institution"], counts["due"]),
        "cancelled_by_network": Ratio(counts["cancelled_by_network"], counts["due"]),
        "withdrawals": Ratio(work["withdrawn"], work["assignments"]),
        "client_no_show": Ratio(counts["client_no_show"], met),
        "institution_no_show": Ratio(counts["institution_no_show"], met),
        "assistant_no_show": Ratio(counts["assistant_no_show"], met),
        "late": Ratio(work["late"], work["arrival_known"], work["came"] - work["arrival_known"]),
        "complaints": Ratio(counts["complaint_upheld"], met),
        "feedback_of_officials": Ratio(work["officials_said"], work["came"]),
        "feedback_of_assistants": Ratio(work["assistants_said"], work["came"]),
    }


def _groups(requests: QuerySet[AssistanceRequest]) -> list[dict]:
    """How many by month, language, county and subject: one query for two tables."""
    rows = with_outcome(requests).annotate(month=TruncMonth("start_at", tzinfo=WARSAW))
    rows = rows.values("month", "language", "county", "subject").annotate(
        due=Count("pk", filter=~BEHIND["taken_back"]),
        agreed_on=Count("pk", filter=BEHIND["agreed"]),
        lacking=Count("pk", filter=BEHIND["unfilled"]),
    )
    return list(rows.order_by("month", "language", "county", "subject"))


def _months(groups: Iterable[dict]) -> list[Month]:
    sums: dict[date, list[int]] = {}
    for row in groups:
        found = sums.setdefault(row["month"].date(), [0, 0, 0])
        for place, name in enumerate(("due", "agreed_on", "lacking")):
            found[place] += row[name]
    return [Month(first, *found) for first, found in sorted(sums.items())]


def _lacks(groups: Iterable[dict], voivodeship: str) -> list[Lack]:
    """One county is one, however it was typed."""
    sums: dict[tuple[str, str, str], list[int]] = {}
    for row in groups:
        county = county_name(row["county"], voivodeship)
        found = sums.setdefault((row["language"], county, row["subject"]), [0, 0])
        found[0] += row["due"]
        found[1] += row["lacking"]
    lacks = [Lack(*key, due=due, unfilled=unfilled) for key, (due, unfilled) in sums.items()]
    return sorted(lacks, key=lambda row: (-row.unfilled, row.language, row.county, row.subject))


def cut(lacks: Iterable[Lack], by: str) -> list[Lack]:
    """The same by one of the three alone, the greatest lack first."""
    sums: dict[str, list[int]] = {}
    for lack in lacks:
        pair = sums.setdefault(getattr(lack, by), [0, 0])
        pair[0] += lack.due
        pair[1] += lack.unfilled
    rows = [
        Lack(**{"language": "", "county": "", "subject": "", by: key}, due=due, unfilled=unfilled)
        for key, (due, unfilled) in sums.items()
    ]
    return sorted(rows, key=lambda row: (-row.unfilled, -row.due, getattr(row, by)))


def _spread(scope: Scope, requests: QuerySet[AssistanceRequest]) -> Spread:
    counted = Q(
        assignments__request__in=requests.order_by().values("pk"),
        assignments__report__confirmed_at__isnull=False,
    )
    spent = Sum(
        F("assignments__report__end_at") - F("assignments__report__start_at"),
        filter=counted,
        output_field=DurationField(),
    )
    breaks = Sum("assignments__report__break_minutes", filter=counted, default=0)
    rows = Assistant.objects.filter(project=scope.project).annotate(
        spent=Coalesce(spent, timedelta(0)), breaks=breaks
    )
    asked = Assistant.objects.active().filter(project=scope.project)
    if scope.language:
        asked = asked.filter(user__language_skills__language=scope.language)
    rows = rows.filter(Q(spent__gt=timedelta(0)) | Q(pk__in=asked.order_by().values("pk"))).order_by()
    return spread(
        [int(spent.total_seconds() // 60) - breaks for spent, breaks in rows.values_list("spent", "breaks")]
    )


def spread(minutes: Iterable[int]) -> Spread:
    """Gini: 0 where everybody has the same, near 1 where one has all; None without hours or two people."""
    ordered = sorted(minutes)
    total, number = sum(ordered), len(ordered)
    gini = None
    if total and number > 1:
        weighted = sum(place * value for place, value in enumerate(ordered, 1))
        gini = round(2 * weighted / (number * total) - (number + 1) / number, 3)
    return Spread(
        minutes=ordered[::-1],
        total=total,
        median=reached_by(ordered, 50) or 0,
        gini=gini,
        top_three=Ratio(sum(ordered[-3:]), total),
    )
