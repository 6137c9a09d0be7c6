"""The coordinator: all requests of her network, what is unfilled and for how long, and who could go."""

from datetime import timedelta

from django.contrib import messages as flash
from django.core.paginator import Paginator
from django.db.models import Case, Count, F, IntegerField, Max, Prefetch, Q, Value, When
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from institutions import assistants, day_board, disclosure, order_rules, requests, reviews, staffing_history
from institutions.advice import about_spelling
from institutions.disclosure import Viewer
from institutions.forms import ReasonForm, refuse
from institutions.models import Assignment, AssistanceRequest, Institution, PresenceStatement
from institutions.staffing_wording import SECOND_IS_MISSING
from institutions.views.tabs import network_tabs
from institutions.wording import BADGES_FOR_NETWORK, FOR_NETWORK
from institutions.work_forms import RequestFilter
from portal import audit
from portal.desk import desk_tabs
from portal.refusals import Refused
from projects.access import coordinator_required

PAGE = 30
State = AssistanceRequest.State
#: Somebody has to do something, or nobody comes.
UNDECIDED = (*reviews.WAITING, *AssistanceRequest.LOOKING)


@coordinator_required
@require_GET
def work_assistance(request):
    now = timezone.now()
    mine = AssistanceRequest.objects.managed_by(request.user)
    filters = RequestFilter(request.GET, institutions=Institution.objects.managed_by(request.user))
    going = Prefetch("assignments", Assignment.objects.select_related("assistant__user"))
    rows = filters.narrow(mine).select_related("institution").prefetch_related(going)
    rows = rows.annotate(
        looking_since=Coalesce(
            Max("transitions__at", filter=Q(transitions__new_state=State.OFFERING)), "created_at"
        ),
        urgent_first=Case(
            # Where a relative or a child interprets now, as the institution was promised (domain.md A1.3).
            When(Q(state__in=UNDECIDED, start_at__gt=now, is_relative_interpreting=True), then=Value(-1)),
            When(Q(state__in=UNDECIDED) & Q(start_at__gt=now), then=Value(0)),
            When(state=State.CONFIRMED, then=Value(1)),
            When(state__in=[State.AWAITING_REPORT, State.AWAITING_CONFIRMATION], then=Value(2)),
            default=Value(3),
            output_field=IntegerField(),
        ),
    )
    # What is still to come: the nearest first. What is over: the latest first.
    over = Case(When(urgent_first=3, then=F("start_at")))
    page = Paginator(rows.order_by("urgent_first", over.desc(), "start_at", "id"), PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "institutions/work_assistance.html",
        {
            "tabs": desk_tabs("work_assistance"),
            "network_tabs": network_tabs("work_assistance"),
            "filters": filters,
            "page": page,
            "rows": work_rows(page, now),
            "figures": figures(mine, now),
        },
    )


def figures(mine, now) -> dict:
    week = now + timedelta(days=7)
    return mine.aggregate(
        looking=Count("pk", filter=Q(state__in=AssistanceRequest.LOOKING, start_at__gt=now)),
        coming=Count("pk", filter=Q(state=State.CONFIRMED, start_at__gt=now, start_at__lte=week)),
        hours=Count("pk", filter=Q(state__in=[State.AWAITING_REPORT, State.AWAITING_CONFIRMATION])),
        never=Count("pk", filter=Q(state__in=AssistanceRequest.LOOKING, start_at__lte=now)),
    )


def work_rows(rows, now) -> list[dict]:
    """Each with who goes there, and with what papers she lacks for it."""
    going = {
        row.pk: [job for job in row.assignments.all() if job.state in Assignment.STANDING] for row in rows
    }
    assistants.with_missing_papers(job for jobs in going.values() for job in jobs)
    return [work_row(row, going[row.pk], now) for row in rows]


def work_row(row: AssistanceRequest, going: list[Assignment], now) -> dict:
    return {
        "asked": row,
        "state": FOR_NETWORK[row.state],
        "badge": BADGES_FOR_NETWORK[row.state],
        "going": going,
        "missing": row.assistants_needed - len(going) if going else 0,
        "looking_since": row.looking_since if row.is_looking and row.start_at > now else None,
    }


@coordinator_required
@require_GET
def work_assistance_request(request, public_id):
    asked = managed(request, public_id)
    view = disclosure.for_coordinator(asked)
    disclosure.record_look(asked, view, by=request.user, viewer=Viewer.COORDINATOR)
    rows = asked.assignments.select_related("assistant__user", "assigned_by", "report")
    said = PresenceStatement.objects.all()
    if asked.start_at > timezone.now():  # nobody can say yet who was there
        said = said.none()
    assignments = list(rows.prefetch_related(Prefetch("presence", said)).order_by("agreed_at", "id"))
    context = {
        "asked": asked,
        "view": view,
        "state": FOR_NETWORK[asked.state],
        "badge": BADGES_FOR_NETWORK[asked.state],
        "is_long": order_rules.is_long_for_one(asked),
        "is_decided": asked.state not in reviews.WAITING,
        "spelling": about_spelling(asked, with_homes=True) if asked.state in UNDECIDED else [],
        "has_nobody_to_tell": not (asked.is_over or asked.is_read),
        "assignments": assignments,
        "lines": day_board.for_institution(asked, assignments),
        "history": [(move, FOR_NETWORK[move.new_state]) for move in requests.history(asked)],
        "can_cancel": asked.state in requests.AFTER,
    }
    context |= staffing_of(asked, assignments)
    reachable = [job.assistant.user for job in context["standing"] if job.assistant.user.phone]
    if reachable:  # their numbers stand on the page
        audit.record_reading(reachable, "phone", by=request.user, purpose="assistance")
    if context["standing"] and asked.state == State.UNFILLED:
        context |= {"state": SECOND_IS_MISSING, "badge": "wait"}
    return render(request, "institutions/work_assistance_request.html", context)


def staffing_of(asked: AssistanceRequest, assignments: list[Assignment]) -> dict:
    """Who goes, who is missing, what was tried, and what the coordinator can do about it now."""
    is_coming = asked.start_at > timezone.now()
    standing = [one for one in assignments if one.state in Assignment.STANDING]
    for job in standing:
        job.request = asked
    standing = assistants.with_missing_papers(standing)
    is_looking = asked.is_looking and is_coming
    tried = staffing_history.of(asked, assignments)
    is_choice = asked.choice == AssistanceRequest.Choice.COORDINATOR
    return {
        "standing": standing,
        "missing": asked.assistants_needed - len(standing),
        "tried": tried,
        "is_looking": is_looking,
        "is_choice": is_choice,
        "interested": sum(one.offer.state == "interested" for one in _asked_now(tried)) if is_choice else 0,
        "can_change_people": is_coming and (asked.is_looking or asked.state == State.CONFIRMED),
        "can_look_again": is_looking and not any(one.is_live for one in tried),
        "can_go_on_with_one": is_looking and asked.assistants_needed == 2 and len(standing) == 1,
    }


def _asked_now(tried: list[staffing_history.Tried]):
    return [one for row in tried if row.is_live for wave in row.waves for one in wave.asked]


@coordinator_required
@require_http_methods(["GET", "POST"])
def work_cancel(request, public_id):
    asked = managed(request, public_id)
    form = ReasonForm(request.POST or None, reasons=requests.CANCELLATION_REASONS)
    if request.method == "POST" and form.is_valid():
        try:
            requests.cancel(asked, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("The request is cancelled. Both sides have been told."))
            return redirect("work_assistance_request", public_id)
    return render(request, "institutions/work_cancel.html", {"asked": asked, "form": form})


def managed(request, public_id) -> AssistanceRequest:
    rows = AssistanceRequest.objects.managed_by(request.user).with_readers()
    return get_object_or_404(rows.select_related("institution", "unit", "requested_by"), public_id=public_id)
