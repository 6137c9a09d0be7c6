"""The coordinator, after the meetings: who needs a talk, what lasted too long, where the two sides differ."""

from django.contrib import messages as flash
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from institutions import corrections, debriefings, follow_up, hours, late_reports, no_shows, time_reports
from institutions.forms import refuse
from institutions.models import Assignment, AssistanceRequest, PresenceStatement, TimeReport
from institutions.views.tabs import network_tabs
from institutions.visit_forms import (
    CorrectionForm,
    DisputeForm,
    PresenceForm,
    RealTimesForm,
    TalkForm,
    initial_report,
    initial_times,
)
from portal import audit
from portal.desk import desk_tabs
from portal.refusals import Refused
from projects.access import coordinator_required

MOST = 50


@coordinator_required
@require_GET
def work_after(request):
    mine = AssistanceRequest.objects.managed_by(request.user)
    talks = debriefings.managed_by(request.user, among=debriefings.waiting())
    talks = talks.select_related("assignment__assistant__user", "assignment__request")
    contested = PresenceStatement.objects.contested().filter(assignment__request__in=mine)
    contested = contested.select_related("assignment__request__institution", "assignment__assistant__user")
    return render(
        request,
        "institutions/work_after.html",
        {
            "tabs": desk_tabs("work_assistance"),
            "network_tabs": network_tabs("work_after"),
            "now": timezone.now(),
            "talks": talks.order_by("due_at", "id")[:MOST],
            "contested": contested.order_by("contested_at", "id")[:MOST],
            "longer": longer_than_planned(mine)[:MOST],
            "owed": [
                (job, getattr(job, "report", None)) for job in late_reports.managed_by(request.user)[:MOST]
            ],
            "by_phone": [
                row
                for row in follow_up.put_to_nobody(mine)
                if row.assignment.assistant.user_id != request.user.pk
            ][:MOST],
        },
    )


def longer_than_planned(mine) -> list[TimeReport]:
    """Few wait at a time: how long was planned is known to the rows, not to the database."""
    rows = TimeReport.objects.filter(
        assignment__request__in=mine,
        assignment__state=Assignment.State.ACTIVE,
        assignment__request__state__in=hours.OPEN,
        confirmed_at__isnull=True,
        disputed_at__isnull=True,
        approved_at__isnull=True,
    )
    rows = rows.select_related("assignment__request__institution", "assignment__assistant__user")
    return [row for row in rows.order_by("reported_at", "pk") if hours.needs_approval(row)]


@coordinator_required
@require_POST
def work_job_approve(request, public_id):
    job = managed_job(request, public_id)
    try:
        time_reports.approve_overrun(report_of(job), by=request.user)
    except Refused as no:
        flash.error(request, str(no))
    else:
        flash.success(request, _("Saved."))
    return redirect("work_after")


@coordinator_required
@require_http_methods(["GET", "POST"])
def work_job_dispute(request, public_id):
    """Back to the assistant: the hours are not right."""
    job = managed_job(request, public_id)
    form = DisputeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            time_reports.dispute_report(report_of(job), by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Thank you. The assistant will look at the hours again."))
            return redirect("work_after")
    context = {"job": job, "report": report_of(job), "form": form}
    return render(request, "institutions/work_job_dispute.html", context)


@coordinator_required
@require_http_methods(["GET", "POST"])
def work_job_decide(request, public_id):
    """Who was there? Both sides' words, and one decision."""
    job = managed_job(request, public_id)
    form = PresenceForm(request.POST or None, choices=PresenceStatement.Missing.values)
    if request.method == "POST" and form.is_valid():
        try:
            no_shows.decide(job, by=request.user, missing=form.cleaned_data["missing"])
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("It is decided. Both sides are told."))
            return redirect("work_assistance_request", job.request.public_id)
    said = PresenceStatement.objects.filter(assignment__request=job.request_id)
    said = said.select_related("assignment__assistant__user").order_by("at", "id")
    context = {"job": job, "said": said, "report": getattr(job, "report", None), "form": form}
    return render(request, "institutions/work_job_decide.html", context)


@coordinator_required
@require_http_methods(["GET", "POST"])
def work_job_correct(request, public_id):
    """Confirmed hours were wrong."""
    job = managed_job(request, public_id)
    report = report_of(job)
    so_far = initial_times(report) | {
        name: getattr(report, name) for name in ("break_minutes", "travel_minutes", "travel_km")
    }
    form = CorrectionForm(request.POST or None, initial=so_far)
    if request.method == "POST" and form.is_valid():
        try:
            correct(report, form, by=request.user)
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("The hours are corrected, in the report too. Both sides are told."))
            return redirect("work_assistance_request", job.request.public_id)
    return render(request, "institutions/work_job_correct.html", {"job": job, "report": report, "form": form})


def correct(report: TimeReport, form: CorrectionForm, *, by) -> TimeReport:
    reason = form.cleaned_data["reason"]
    if form.cleaned_data["nothing_counts"]:
        return corrections.strike_hours(report, by=by, reason=reason)
    return corrections.correct_hours(report, by=by, reason=reason, **form.times())


@coordinator_required
@require_http_methods(["GET", "POST"])
def work_talk(request, public_id):
    """Whom to call, and why; that she looked is written down."""
    talks = debriefings.managed_by(request.user).select_related("assignment__assistant__user")
    talk = get_object_or_404(
        talks.select_related("assignment__request", "assignment__report"), assignment__public_id=public_id
    )
    form = TalkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            debriefings.finish(talk, by=request.user, outcome=form.cleaned_data["outcome"])
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Thank you. It is written down."))
            return redirect("work_after")
    person = talk.assignment.assistant.user
    audit.record_reading(person, "wellbeing", by=request.user, purpose="debriefing")
    report = getattr(talk.assignment, "report", None)
    context = {"talk": talk, "person": person, "report": report, "form": form}
    return render(request, "institutions/work_talk.html", context)


@coordinator_required
@require_http_methods(["GET", "POST"])
def work_job_report(request, public_id):
    """The hours of an assistant who cannot write them down herself, or again."""
    job = managed_job(request, public_id)
    report = getattr(job, "report", None)
    form = RealTimesForm(request.POST or None, initial=initial_report(job, report, None))
    if request.method == "POST" and form.is_valid():
        try:
            time_reports.report_times(job, by=request.user, **form.times(), **as_she_said(report))
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Saved."))
            return redirect("work_after")
    return render(request, "institutions/work_job_report.html", {"job": job, "report": report, "form": form})


def as_she_said(report: TimeReport | None) -> dict:
    """What is not about the times stays hers."""
    names = ("outcome", "role_done", "wellbeing", "wants_to_talk")
    return {name: getattr(report, name) for name in names} if report else {}


def managed_job(request, public_id) -> Assignment:
    mine = AssistanceRequest.objects.managed_by(request.user)
    rows = Assignment.objects.filter(request__in=mine).select_related(
        "request__institution__project", "assistant__user", "report"
    )
    return get_object_or_404(rows, public_id=public_id)


def report_of(job: Assignment) -> TimeReport:
    report = get_object_or_404(TimeReport, assignment=job)
    report.assignment = job
    return report
