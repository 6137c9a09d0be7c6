"""The official sees, in plain words, how her requests go, and calls them off. Her own institutions only."""

from django.conf import settings
from django.contrib import messages as flash
from django.core.paginator import Paginator
from django.db.models import Case, Prefetch, Q, When
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from institutions import (
    amendments,
    day_board,
    disclosure,
    hours,
    proposals,
    requests,
    requirements,
    series,
    voice_panel,
    where_to_meet,
)
from institutions.access import official_required
from institutions.appointments import first_name
from institutions.change_forms import CancelForm, RequestSearch
from institutions.disclosure import Viewer
from institutions.forms import refuse
from institutions.models import Assignment, AssistanceRequest, Institution, Official, Statement, Unit
from institutions.views.ordering import own_request
from institutions.wording import (
    BADGES,
    REACHED,
    STEPS,
    WHAT_NOW,
    WHAT_NOW_COORDINATOR,
    WHAT_NOW_PLACE,
    WHAT_NOW_TOO_LATE,
    happened,
)
from portal.refusals import Refused

PAGE = 30
State = AssistanceRequest.State
#: What the official can choose from in the filter: states that mean the same to her.
COMING_GROUPS = {
    "looked_at": (gettext_lazy("the network looks at it"), [State.SUBMITTED, State.NEEDS_INFO]),
    "looking": (gettext_lazy("we are looking"), AssistanceRequest.LOOKING),
    "coming": (gettext_lazy("somebody comes"), [State.CONFIRMED, State.IN_PROGRESS]),
    "hours": (gettext_lazy("hours to confirm"), [State.AWAITING_REPORT, State.AWAITING_CONFIRMATION]),
}
PAST_GROUPS = {
    "done": (gettext_lazy("it took place"), [State.CLOSED]),
    "cancelled": (
        gettext_lazy("called off or not taken on"),
        [State.DECLINED, *AssistanceRequest.CALLED_OFF],
    ),
    "failed": (
        gettext_lazy("it did not come about"),
        [State.UNFILLED, *AssistanceRequest.NO_SHOWS],
    ),
}


@official_required
@require_GET
def assistance(request):
    """What waits for her, what is coming or past, by unit, state and language."""
    is_past = request.GET.get("show") == "past"
    groups = PAST_GROUPS if is_past else COMING_GROUPS
    mine = AssistanceRequest.objects.visible_to(request.user).select_related("institution", "unit")
    hers = Institution.objects.served_by(request.user)
    units = Unit.objects.filter(institution__in=hers).order_by("institution", "id")
    search = RequestSearch(
        request.GET, units=units, states={key: words for key, (words, _s) in groups.items()}
    )
    rows = narrow(standing(mine, is_past=is_past), search.criteria, groups)
    jobs = Assignment.objects.standing().select_related("assistant__user").order_by("place", "pk")
    page = Paginator(
        rows.prefetch_related(Prefetch("assignments", jobs, to_attr="jobs")).order_by(
            *(("-start_at", "-id") if is_past else ("start_at", "id"))
        ),
        PAGE,
    ).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [row_of(row) for row in page],
        "waiting": [] if is_past else waiting_of(mine),
        "drafts": [] if is_past else drafts_of(mine),
        "statements": [] if is_past else statements_for(request.user),
        "is_past": is_past,
        "search": search,
        "is_searching": bool(search.criteria),
    }
    return render(request, "institutions/assistance.html", context)


def standing(rows, *, is_past: bool):
    """Past: what is over, or found nobody in time. Drafts stand by themselves."""
    gone = Q(state__in=AssistanceRequest.OVER) | Q(state=State.UNFILLED, start_at__lt=timezone.now())
    rows = rows.exclude(state=State.DRAFT)
    return rows.filter(gone) if is_past else rows.exclude(gone)


def narrow(rows, criteria: dict, groups: dict):
    if criteria.get("state"):
        rows = rows.filter(state__in=groups[criteria["state"]][1])
    return rows.filter(**{name: criteria[name] for name in ("unit", "language") if name in criteria})


def row_of(row: AssistanceRequest) -> dict:
    return {
        "asked": row,
        "outline": disclosure.outline(row),
        "state": row.get_state_display(),
        "badge": BADGES[row.state],
        "names": [first_name(job.assistant.user) for job in row.jobs],
    }


def waiting_of(mine) -> list[AssistanceRequest]:
    """What only she, or somebody of her unit, can do now. Questions first: nothing goes on without them; then
    where an assistant could not find the meeting, then hours.
    """
    now = timezone.now()
    nowhere = Q(pk__in=where_to_meet.wanted(mine, now).values("pk"))
    rows = mine.filter(nowhere | Q(state__in=[State.NEEDS_INFO, State.AWAITING_CONFIRMATION]))
    jobs = Prefetch("assignments", Assignment.objects.standing().select_related("report"), to_attr="jobs")
    turn = Case(When(state=State.NEEDS_INFO, then=0), When(nowhere, then=1), default=2)
    found = rows.prefetch_related(jobs).order_by(turn, "start_at", "id")[:20]
    return [row for row in found if row.state != State.AWAITING_CONFIRMATION or is_to_confirm(row)]


def statements_for(user):
    """Months that the network has signed, and whoever looks after the institution's page has not."""
    signed = Statement.objects.newest().filter(first_signed_at__isnull=False, second_signed_at__isnull=True)
    own = Official.objects.serving().filter(user=user, is_administrator=True)
    return signed.filter(institution__in=own.values("institution")).order_by("month", "id")


def is_to_confirm(asked: AssistanceRequest) -> bool:
    """Not where a coordinator looks first: it lasted much longer than planned."""
    reports = [job.report for job in asked.jobs if hasattr(job, "report")]
    return any(not (one.confirmed_at or one.disputed_at or hours.needs_approval(one)) for one in reports)


def drafts_of(mine) -> list[AssistanceRequest]:
    """Drafts of one series are one: its first day stands for all."""
    drafts, seen = [], set()
    for row in mine.filter(state=State.DRAFT).order_by("start_at", "id")[:50]:
        if row.series_id is None or row.series_id not in seen:
            drafts.append(row)
            seen.add(row.series_id)
    return drafts


@official_required
@require_GET
def assistance_request(request, public_id):
    asked = own_request(request, public_id)
    if asked.state == State.DRAFT:
        return redirect("assistance_check", public_id)
    jobs = day_board.jobs_of(asked)
    view = disclosure.for_official(asked, jobs)
    disclosure.record_look(asked, view, by=request.user, viewer=Viewer.OFFICIAL)
    lines = day_board.for_institution(asked, jobs, reader=request.user)
    moves = list(requests.history(asked))
    is_unfilled, is_ahead = asked.state == State.UNFILLED, asked.start_at > timezone.now()
    context = {
        "asked": asked,
        "view": view,
        "lines": lines,
        "is_to_confirm": any(line.can_confirm for line in lines),
        "badge": BADGES[asked.state],
        "alternatives": settings.ASSISTANCE["phone_alternatives"],
        "what_now": what_now(asked, view, lines),
        "steps": STEPS,
        "reached": 0 if is_unfilled and not is_ahead else REACHED.get(asked.state, 0),
        "points": requirements.requirements_of(asked),
        "history": [(move.at, happened(move)) for move in moves],
        "why_declined": moves[-1].get_reason_display() if asked.state == State.DECLINED and moves else "",
        "question": open_question(asked) if asked.state == State.NEEDS_INFO else None,
        "change": open_change(asked) if jobs and asked.start_at > timezone.now() else None,
        "meetings": series.meetings(asked, seen_by=request.user) if asked.series_id else [],
        "is_unfilled": is_unfilled and is_ahead,
        "is_place_wanted": where_to_meet.is_wanted(asked, jobs, timezone.now()),
        "is_ahead": is_ahead,
        "voice": voice_panel.for_official(asked, request.user),
        **what_she_can(asked, jobs),
    }
    return render(request, "institutions/assistance_request.html", context)


def what_now(asked: AssistanceRequest, view: disclosure.View, lines: list[day_board.Line]):
    """The words of the state, but where one of two has agreed, the day has passed, or a coordinator is
    first to look at the hours.
    """
    if asked.state == State.AWAITING_CONFIRMATION and not any(line.can_confirm for line in lines):
        return WHAT_NOW_COORDINATOR
    if asked.state == State.CONFIRMED and view.details.lacks:
        return WHAT_NOW_PLACE
    if asked.state != State.UNFILLED:
        return WHAT_NOW[asked.state]
    if asked.start_at <= timezone.now():
        return WHAT_NOW_TOO_LATE
    return WHAT_NOW[State.OFFERING if view.helpers else State.UNFILLED]


def open_question(asked: AssistanceRequest):
    return asked.questions.filter(answered_at__isnull=True).first()


def open_change(asked: AssistanceRequest):
    return proposals.open_changes(asked).first() if asked.start_at > timezone.now() else None


def what_she_can(asked: AssistanceRequest, jobs: list[Assignment]) -> dict:
    """Which buttons stand on the page; the verbs decide."""
    is_before = asked.start_at > timezone.now()
    jobs = [job for job in jobs if job.state == Assignment.State.ACTIVE] if is_before else []
    return {
        "can_cancel": is_before and asked.state in requests.BEFORE,
        "can_change": is_before and not jobs and asked.state in amendments.BEFORE,
        "can_move": bool(jobs) and proposals.can_propose(asked, jobs),
        "can_change_details": is_before and bool(jobs) and amendments.can_change_details(asked),
    }


@official_required
@require_http_methods(["GET", "POST"])
def assistance_cancel(request, public_id):
    asked = own_request(request, public_id)
    later = series.following(asked, by=request.user).count() if asked.series_id else 0
    form = CancelForm(request.POST or None, later=later)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            if form.cleaned_data.get("scope") == form.FOLLOWING:
                series.cancel_following(asked, by=request.user, reason=reason)
            else:
                requests.cancel(asked, by=request.user, reason=reason)
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("The request is cancelled. Whoever was asked has been told."))
            return redirect("assistance_request", public_id)
    context = {
        "asked": asked,
        "outline": disclosure.outline(asked),
        "form": form,
        "is_late": bool(amendments.active(asked)) and requests.is_short_notice(asked),
    }
    return render(request, "institutions/assistance_cancel.html", context)
