"""What became of requests: which of them stand behind each number, and how a part of a whole is told."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from institutions.models import (
    Assignment,
    AssistanceRequest,
    Complaint,
    Feedback,
    Institution,
    RequestTransition,
    TimeReport,
)
from portal.clock import local
from projects.figures import Period
from projects.models import Project

State = AssistanceRequest.State
Side = Feedback.Side

TOOK_PLACE = (State.AWAITING_REPORT, State.AWAITING_CONFIRMATION, State.CLOSED)
CALLED_OFF, NO_SHOWS = AssistanceRequest.CALLED_OFF, AssistanceRequest.NO_SHOWS
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
