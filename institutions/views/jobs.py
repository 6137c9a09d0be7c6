"""The assistant: offers that wait, her jobs, her hours. institutions.disclosure says what she sees."""

from datetime import time

from django.contrib import messages as flash
from django.db.models import DurationField, ExpressionWrapper, F, Sum
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from institutions import disclosure, time_reports, withdrawals
from institutions.access import assistant_required
from institutions.disclosure import Viewer
from institutions.forms import ReasonForm, TimesForm, refuse
from institutions.models import Assignment, AssistanceRequest, Offer, TimeReport
from institutions.paper_warnings import notices_for
from institutions.wording import BADGES, FOR_ASSISTANT
from portal.clock import WARSAW, local
from portal.refusals import Refused

State = AssistanceRequest.State
PAST = 20


@assistant_required
@require_GET
def assistant_home(request):
    now = timezone.now()
    waiting = Offer.objects.filter(
        assistant__user=request.user, state=Offer.State.OPEN, expires_at__gt=now, request__start_at__gt=now
    )
    waiting = waiting.select_related("request").order_by("request__start_at", "id")
    mine = own_jobs(request.user)
    coming = mine.filter(request__state=State.CONFIRMED).order_by("request__start_at", "id")
    to_report = mine.filter(request__state=State.AWAITING_REPORT).order_by("request__start_at", "id")
    past = mine.filter(request__state__in=[State.AWAITING_CONFIRMATION, State.CLOSED])
    return render(
        request,
        "institutions/assistant_home.html",
        {
            "offers": [(offer, disclosure.for_offer(offer)) for offer in waiting],
            "coming": [job_row(job) for job in coming],
            "to_report": [job_row(job) for job in to_report],
            "past": [job_row(job) for job in past.order_by("-request__start_at", "-id")[:PAST]],
            "minutes": minutes_this_month(request.user),
            "papers": notices_for([request.user.assistant])[request.user.assistant.pk],
        },
    )


@assistant_required
@require_GET
def assistant_job(request, public_id):
    job = own_job(request, public_id)
    view = disclosure.for_assignment(job, job.request)
    disclosure.record_look(job.request, view, by=request.user, viewer=Viewer.ASSISTANT)
    return render(request, "institutions/assistant_job.html", job_row(job) | {"view": view} | may(job))


@assistant_required
@require_http_methods(["GET", "POST"])
def assistant_withdraw(request, public_id):
    job = own_job(request, public_id)
    form = ReasonForm(request.POST or None, reasons=withdrawals.WITHDRAWAL_REASONS)
    if request.method == "POST" and form.is_valid():
        try:
            withdrawals.withdraw(job, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("We have told the institution and are looking for somebody else."))
            return redirect("assistant_home")
    context = {"job": job, "view": disclosure.for_assignment(job, job.request), "form": form}
    return render(request, "institutions/assistant_withdraw.html", context)


@assistant_required
@require_http_methods(["GET", "POST"])
def assistant_report(request, public_id):
    job = own_job(request, public_id)
    report = TimeReport.objects.filter(assignment=job).first()
    form = TimesForm(request.POST or None, initial=times_so_far(job, report))
    if request.method == "POST" and form.is_valid():
        try:
            time_reports.report_times(job, by=request.user, **form.times())
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Thank you. The institution will confirm the hours."))
            return redirect("assistant_home")
    view = disclosure.for_assignment(job, job.request)
    context = {"job": job, "view": view, "report": report, "form": form}
    return render(request, "institutions/assistant_report.html", context)


def own_jobs(user):
    mine = Assignment.objects.filter(assistant__user=user, state__in=["active", "done"])
    return mine.select_related("request__institution", "request__unit", "report")


def own_job(request, public_id) -> Assignment:
    mine = Assignment.objects.filter(assistant__user=request.user)
    mine = mine.select_related("request__institution", "request__unit", "report", "assistant")
    return get_object_or_404(mine, public_id=public_id)


def job_row(job: Assignment) -> dict:
    """One job as the pages show it."""
    is_standing = job.state in ("active", "done")
    state = job.request.state
    return {
        "job": job,
        "view": disclosure.for_assignment(job, job.request),
        "language": job.get_language_display(),
        "report": getattr(job, "report", None),
        "state": FOR_ASSISTANT[state] if is_standing else job.get_state_display(),
        "badge": BADGES[state] if is_standing else "quiet",
    }


def may(job: Assignment) -> dict:
    now, state = timezone.now(), job.request.state
    is_active = job.state == Assignment.State.ACTIVE
    return {
        "can_withdraw": is_active and state == State.CONFIRMED and job.request.start_at > now,
        "can_report": is_active
        and (
            state in (State.AWAITING_REPORT, State.AWAITING_CONFIRMATION)
            or (state == State.CONFIRMED and job.request.end_at <= now)
        ),
    }


def minutes_this_month(user) -> int:
    """Minutes of interpreting reported for this month, confirmed or not."""
    first = timezone.localdate().replace(day=1)
    length = ExpressionWrapper(F("end_at") - F("start_at"), output_field=DurationField())
    reports = TimeReport.objects.filter(
        assignment__assistant__user=user, start_at__gte=local(first, time.min)
    )
    total = reports.aggregate(total=Sum(length))["total"]
    return int(total.total_seconds() // 60) if total else 0


def times_so_far(job: Assignment, report: TimeReport | None) -> dict:
    start_at = timezone.localtime((report or job.request).start_at, WARSAW)
    end_at = timezone.localtime((report or job.request).end_at, WARSAW)
    return {
        "start_on": start_at.date(),
        "starts": start_at.time(),
        "ends": end_at.time(),
        "travel_minutes": report.travel_minutes if report else 0,
    }
