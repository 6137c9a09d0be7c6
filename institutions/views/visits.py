"""The official: who came and when, what did not happen, and the hours that wait for her word."""

from datetime import datetime

from django.contrib import messages as flash
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from institutions import day, day_board, disclosure, no_shows, time_reports
from institutions.access import official_required
from institutions.day_board import Line
from institutions.forms import refuse
from institutions.models import Assignment, AssistanceRequest, TimeReport
from institutions.views.again import DoneBefore, lands
from institutions.views.ordering import own_request
from institutions.visit_forms import DisputeForm, PresenceForm
from portal.refusals import Refused


@official_required
@require_http_methods(["GET", "POST"])
def assistance_confirm(request, public_id):
    """Where the mail leads: the hours, and one button for all that wait (with two assistants: or for one)."""
    asked = own_request(request, public_id)
    lines = day_board.for_institution(asked, reader=request.user)
    if request.method == "POST":
        chosen = request.POST.get("job", "")
        waiting = [line for line in lines if line.report and chosen in ("", str(line.job.public_id))]
        try:
            confirmed = confirm(request, waiting)
        except Refused as no:
            flash.error(request, str(no))
        else:
            say_thanks(request, confirmed)
        return redirect("assistance_request", public_id)
    context = {"asked": asked, "outline": disclosure.outline(asked), "lines": lines}
    return render(request, "institutions/assistance_confirm.html", context)


@official_required
@require_http_methods(["GET", "POST"])
def assistance_dispute(request, public_id):
    asked = own_request(request, public_id)
    report = report_of(asked, request.GET.get("job", ""))
    form = DisputeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            time_reports.dispute_report(report, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Thank you. The assistant will look at the hours again."))
            return redirect("assistance_request", public_id)
    context = {"asked": asked, "report": report, "form": form}
    return render(request, "institutions/assistance_dispute.html", context)


@official_required
@require_POST
def assistance_late(request, public_id, job):
    """She need not wait any longer."""
    try:
        day.refuse_late(own_visit(request, public_id, job), by=request.user)
    except Refused as no:
        flash.error(request, str(no))
    else:
        flash.success(request, _("It is written down. You need not wait, and the assistant is told."))
    return redirect("assistance_request", public_id)


@official_required
@require_http_methods(["GET", "POST"])
@lands
def assistance_absent(request, public_id, job):
    """The assistant or the client did not come; or, where the assistant said so, that it was different."""
    visit = own_visit(request, public_id, job)
    line = next((line for line in day_board.for_institution(visit.request) if line.job == visit), None)
    if line and line.own and line.own.missing == request.POST.get("missing"):
        raise DoneBefore("assistance_request", public_id)
    form = PresenceForm(request.POST or None, choices=line.choices if line else [])
    if request.method == "POST" and form.is_valid():
        try:
            no_shows.institution_says(visit, by=request.user, missing=form.cleaned_data["missing"])
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Thank you. It is written down, and the other side is told."))
            return redirect("assistance_request", public_id)
    outline = disclosure.outline(visit.request)
    context = {"asked": visit.request, "outline": outline, "form": form, "line": line}
    return render(request, "institutions/assistance_absent.html", context)


def confirm(request, lines: list[Line]) -> list[TimeReport]:
    """What waits; a second click finds it confirmed. Hours newer than her page are not confirmed unread."""
    if not lines:
        raise time_reports.NothingToConfirm
    return [
        time_reports.confirm_report(
            line.report, by=request.user, seen=moment(request.POST.get(f"seen-{line.job.public_id}", ""))
        )
        for line in [line for line in lines if line.can_confirm] or lines
    ]


def moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None


def say_thanks(request, confirmed: list[TimeReport]) -> None:
    minutes = sum(report.minutes for report in confirmed)
    flash.success(
        request,
        ngettext(
            "Thank you. %(number)s minute is confirmed.",
            "Thank you. %(number)s minutes are confirmed.",
            minutes,
        )
        % {"number": minutes},
    )


def own_visit(request, public_id, job) -> Assignment:
    asked = own_request(request, public_id)
    visit = get_object_or_404(
        Assignment.objects.select_related("assistant__user"), request=asked, public_id=job
    )
    visit.request = asked
    return visit


def report_of(asked: AssistanceRequest, job: str) -> TimeReport:
    """The one of this assistant, or the first that waits."""
    rows = TimeReport.objects.filter(assignment__request=asked, assignment__state__in=Assignment.STANDING)
    rows = rows.select_related("assignment").order_by("confirmed_at", "assignment__place")
    lines = [row for row in rows if job in ("", str(row.assignment.public_id))]
    waiting = [row for row in lines if not row.confirmed_at] or lines
    return waiting[0] if waiting else get_object_or_404(rows.none())
