"""What the network can say of itself: every figure with what stands above and below the line (A8).

Pure reckoning, about one set of requests: those whose meeting was to begin in a period and before now. It
takes a fixed number of queries, whatever their number. What a figure is called stands in ``figures_wording``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Count, DurationField, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Least, TruncMonth

from institutions.deadlines import first_action_by
from institutions.models import (
    Assignment,
    AssistanceRequest,
    Assistant,
    Complaint,
    Feedback,
    Institution,
    Offer,
    RequestTransition,
    TimeReport,
)
from institutions.states import NO_SHOWS
from portal.clock import WARSAW, local
from projects.figures import Period
from projects.models import Project

State = AssistanceRequest.State
Side = Feedback.Side

TOOK_PLACE = (State.AWAITING_REPORT, State.AWAITING_CONFIRMATION, State.CLOSED)
CALLED_OFF = (State.CANCELLED_BY_INSTITUTION, State.CANCELLED_BY_NETWORK)
SOMEBODY_COMES = (State.CONFIRMED, State.IN_PROGRESS, State.AWAITING_REPORT)
NOBODY_CAME = (State.SUBMITTED, State.NEEDS_INFO, State.OFFERING, State.UNFILLED, State.DECLINED)
#: The meeting took place, and yet the help that was asked for was not given.
NO_HELP = (TimeReport.Outcome.WRONG_LANGUAGE, TimeReport.Outcome.TECHNICAL)

_FULFILLED = Q(state__in=TOOK_PLACE, had_no_help=False)
_CUSTOMER_AWAY = Q(state__in=(State.CLIENT_NO_SHOW, State.INSTITUTION_NO_SHOW))
_OVER = ~Q(state__in=(State.CONFIRMED, State.IN_PROGRESS))
_CUT_SHORT = Q(called_off_from__in=SOMEBODY_COMES)
#: Which requests stand behind each number. Pages list them by the same words, so a number and its list agree.
BEHIND: dict[str, Q] = {
    "due": Q(),
    "agreed": Q(state__in=(*SOMEBODY_COMES, *TOOK_PLACE, *NO_SHOWS)) | Q(state__in=CALLED_OFF) & _CUT_SHORT,
    "taken_back": Q(state=State.CANCELLED_BY_INSTITUTION) & ~_CUT_SHORT,
    "unfilled": Q(state__in=NOBODY_CAME) | Q(state=State.CANCELLED_BY_NETWORK) & ~_CUT_SHORT,
    "completed": _OVER,
    "fulfilled": _FULFILLED,
    "customer_away": _CUSTOMER_AWAY,
    "success": _FULFILLED | _CUSTOMER_AWAY,
    "failed": _OVER & ~Q(state=State.CANCELLED_BY_INSTITUTION) & ~(_FULFILLED | _CUSTOMER_AWAY),
    "no_help": Q(state__in=TOOK_PLACE, had_no_help=True),
    "took_place": Q(state__in=TOOK_PLACE),
    "cancelled_by_institution": Q(state=State.CANCELLED_BY_INSTITUTION),
    "cancelled_by_network": Q(state=State.CANCELLED_BY_NETWORK),
    "met": Q(state__in=(*TOOK_PLACE, *NO_SHOWS)),
    "client_no_show": Q(state=State.CLIENT_NO_SHOW),
    "institution_no_show": Q(state=State.INSTITUTION_NO_SHOW),
    "assistant_no_show": Q(state=State.ASSISTANT_NO_SHOW),
    "withdrawn": Q(was_given_back=True),
    "complaint_upheld": Q(was_complained_of=True, state__in=(*TOOK_PLACE, *NO_SHOWS)),
}

#: Notice of a cancellation, in minutes: from and below (domain.md A8.2).
BANDS: dict[str, tuple[int | None, int | None]] = {
    "over_48": (48 * 60 + 1, None),
    "24_to_48": (24 * 60, 48 * 60 + 1),
    "under_24": (0, 24 * 60),
    "after_start": (None, 0),
}


@dataclass(frozen=True)
class Scope:
    """Which requests are looked at."""

    project: Project
    period: Period
    institution: Institution | None = None
    language: str = ""
    urgency: str = ""

    def condition(self) -> Q:
        wanted = Q(institution__project=self.project) & _begins_in(self.period)
        if self.institution:
            wanted &= Q(institution=self.institution)
        if self.language:
            wanted &= Q(language=self.language)
        if self.urgency:
            wanted &= Q(urgency=self.urgency)
        return wanted


@dataclass(frozen=True)
class Ratio:
    """``part`` of ``whole``; ``left_out`` would have been in the whole and was taken out of it."""

    part: int
    whole: int
    left_out: int = 0

    @property
    def percent(self) -> int | None:
        """In whole hundredths, rounded half up; None where there is nothing to divide by."""
        return (200 * self.part + self.whole) // (2 * self.whole) if self.whole else None

    @property
    def is_small(self) -> bool:
        return 0 < self.whole < settings.ASSISTANCE["few_requests"]

    @property
    def one_more(self) -> int:
        """By how many hundredths one request more or less would change it, at least 1."""
        return max(round(100 / self.whole), 1) if self.whole else 0


@dataclass(frozen=True)
class Spell:
    """How long something took, in minutes: half of them at most ``median``, nine of ten at most ``ninth``."""

    number: int
    of: int
    median: int | None = None
    ninth: int | None = None

    @property
    def never(self) -> int:
        return self.of - self.number


@dataclass(frozen=True)
class Times:
    """``urgency`` is empty for all of them together."""

    urgency: str
    first_offer: Spell
    first_answer: Spell
    agreed: Spell
    #: First answered within the working time that the network promises (domain.md A5.7).
    kept: Ratio


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
    smiles: dict[int, int] = field(default_factory=dict)


def _begins_in(period: Period) -> Q:
    """In days as they are in Poland."""
    wanted = Q()
    if period.since:
        wanted &= Q(start_at__gte=local(period.since, time.min))
    if period.until:
        wanted &= Q(start_at__lt=local(period.until + timedelta(days=1), time.min))
    return wanted


def requests_of(scope: Scope, now: datetime) -> QuerySet[AssistanceRequest]:
    """The requests of a scope whose time has come, whatever became of them."""
    return AssistanceRequest.objects.filter(scope.condition(), start_at__lte=now).exclude(state=State.DRAFT)


def behind(
    requests: QuerySet[AssistanceRequest],
    name: str,
    *,
    period: Period,
    now: datetime,
    project: str = "",
    urgency: str = "",
) -> QuerySet[AssistanceRequest]:
    """Those of ``requests`` that stand behind a number of ``BEHIND``; ``project`` by its slug."""
    rows = requests.filter(_begins_in(period), start_at__lte=now).exclude(state=State.DRAFT)
    if project:
        rows = rows.filter(institution__project__slug=project)
    if urgency:
        rows = rows.filter(urgency=urgency)
    return with_outcome(rows).filter(BEHIND[name])


def with_outcome(requests: QuerySet[AssistanceRequest]) -> QuerySet[AssistanceRequest]:
    """Annotate what the conditions of ``BEHIND`` ask for."""
    ended = RequestTransition.objects.filter(request=OuterRef("pk"), new_state__in=CALLED_OFF)
    ended = ended.order_by("-at", "-id")
    reports = TimeReport.objects.filter(assignment__request=OuterRef("pk"), outcome__in=NO_HELP)
    upheld = Complaint.objects.filter(
        request=OuterRef("pk"), state=Complaint.State.UPHELD, side=Side.OFFICIAL
    )
    return requests.annotate(
        called_off_from=Coalesce(Subquery(ended.values("old_state")[:1]), Value("")),
        notice=Subquery(ended.values("notice_minutes")[:1]),
        had_no_help=Exists(reports.filter(assignment__state__in=Assignment.STANDING)),
        was_complained_of=Exists(upheld),
        was_given_back=Exists(
            Assignment.objects.filter(request=OuterRef("pk"), state=Assignment.State.WITHDRAWN)
        ),
    )


def of(scope: Scope, *, now: datetime) -> Figures:
    """All of them, in six queries."""
    requests = requests_of(scope, now)
    counts = _counts(requests)
    work = _work(requests)
    groups = _groups(requests)
    return Figures(
        scope=scope,
        counts=counts,
        still_to_come=AssistanceRequest.objects.filter(scope.condition(), start_at__gt=now)
        .exclude(state__in=(State.DRAFT, *CALLED_OFF))
        .count(),
        ratios=_ratios(counts, work),
        times=_times(requests),
        called_off={
            "institution": {band: counts[f"institution:{band}"] for band in BANDS},
            "network": {band: counts[f"network:{band}"] for band in BANDS},
            "assistant": {band: work[f"withdrawn:{band}"] for band in BANDS},
        },
        months=_months(groups),
        lacks=_lacks(groups),
        spread=_spread(scope, requests),
        smiles={face: work[f"smile:{face}"] for face in (3, 2, 1)},
    )


def _counts(requests: QuerySet[AssistanceRequest]) -> dict[str, int]:
    sums = {name: Count("pk", filter=condition) for name, condition in BEHIND.items()}
    for side in ("institution", "network"):
        for band, limits in BANDS.items():
            sums[f"{side}:{band}"] = Count("pk", filter=BEHIND[f"cancelled_by_{side}"] & _noticed(*limits))
    return with_outcome(requests).aggregate(**sums)


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
    for face in (1, 2, 3):
        sums[f"smile:{face}"] = Count("pk", filter=Q(smile__face=face))
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


def _times(requests: QuerySet[AssistanceRequest]) -> list[Times]:
    """By urgency, the most urgent first, and all together where there is more than one kind."""
    moves = RequestTransition.objects.filter(request=OuterRef("pk"))
    offers = Offer.objects.filter(request=OuterRef("pk"))
    # Somebody of the network did something: neither time itself nor the institution.
    acted = moves.filter(actor__isnull=False).exclude(old_state__in=("", State.DRAFT, State.NEEDS_INFO))
    acted = acted.exclude(new_state=State.CANCELLED_BY_INSTITUTION)
    answered = offers.filter(state__in=(Offer.State.ACCEPTED, Offer.State.REFUSED, Offer.State.INTERESTED))
    rows = requests.annotate(
        offered=_earliest(offers, "made_at"),
        answered=Least(_earliest(acted, "at"), _earliest(answered, "answered_at")),
        agreed=_earliest(moves.filter(new_state=State.CONFIRMED), "at"),
    ).values_list("urgency", "submitted_at", "start_at", "offered", "answered", "agreed")
    found: dict[str, list[tuple]] = {}
    for urgency, sent, start, *moments in rows.iterator():
        spent = [max(moment - sent, timedelta(0)) if moment and sent else None for moment in moments]
        found.setdefault(urgency, []).append((*spent, _is_kept(urgency, sent, start, moments[1])))
    kinds = [kind for kind in reversed(AssistanceRequest.Urgency.values) if kind in found]
    groups = [(kind, found[kind]) for kind in kinds]
    if len(kinds) != 1:
        groups.append(("", [row for kind in kinds for row in found[kind]]))
    return [
        Times(
            kind,
            *(spell([row[place] for row in rows]) for place in range(3)),
            kept=Ratio(sum(row[3] for row in rows), len(rows)),
        )
        for kind, rows in groups
    ]


def _is_kept(urgency: str, sent: datetime | None, start: datetime, answered: datetime | None) -> bool:
    if answered is None or sent is None:
        return False
    at_once = timedelta(minutes=settings.ASSISTANCE["first_action_minutes"][urgency])
    if answered - sent <= at_once:  # working time runs at most as fast as the clock
        return answered <= start
    return answered <= first_action_by(urgency, submitted_at=sent, start_at=start)


def _earliest(rows: QuerySet, moment: str) -> Subquery:
    return Subquery(rows.order_by().values("request").annotate(first=Min(moment)).values("first"))


def spell(durations: Sequence[timedelta | None]) -> Spell:
    """Of those that ever happened; the shortest that so many reached, so both sentences are true as said."""
    known = sorted(int(one.total_seconds() // 60) for one in durations if one is not None)
    return Spell(len(known), len(durations), _reached_by(known, 50), _reached_by(known, 90))


def _reached_by(ordered: list[int], percent: int) -> int | None:
    """The nearest rank: the least value that at least ``percent`` of 100 do not exceed."""
    return ordered[-(-percent * len(ordered) // 100) - 1] if ordered else None


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


def _lacks(groups: Iterable[dict]) -> list[Lack]:
    sums: dict[tuple[str, str, str], list[int]] = {}
    for row in groups:
        found = sums.setdefault((row["language"], row["county"], row["subject"]), [0, 0])
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
        median=_reached_by(ordered, 50) or 0,
        gini=gini,
        top_three=Ratio(sum(ordered[-3:]), total),
    )
