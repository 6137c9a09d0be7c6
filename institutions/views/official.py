"""The official asks for an assistant and sees, in plain words, how it goes. Her own institutions only."""

from django.conf import settings
from django.contrib import messages as flash
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from institutions import disclosure, requests, time_reports
from institutions.access import official_required
from institutions.disclosure import Viewer
from institutions.forms import DisputeForm, ReasonForm, RequestForm, refuse
from institutions.models import AssistanceRequest, Institution, Official, TimeReport
from institutions.wording import BADGES, CANCELLED, REACHED, STEPS
from portal.refusals import Refused

PAGE = 30
State = AssistanceRequest.State


@official_required
@require_GET
def assistance(request):
    is_past = request.GET.get("show") == "past"
    rows = AssistanceRequest.objects.visible_to(request.user).select_related("institution", "unit")
    over = [State.CLOSED, *CANCELLED]
    if is_past:
        rows = rows.filter(state__in=over) | rows.filter(state=State.UNFILLED, start_at__lt=timezone.now())
        rows = rows.order_by("-start_at", "-id")
    else:
        rows = rows.exclude(state__in=over).exclude(state=State.UNFILLED, start_at__lt=timezone.now())
        rows = rows.order_by("start_at", "id")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "institutions/assistance.html",
        {
            "page": page,
            "rows": [(row, disclosure.outline(row), BADGES[row.state]) for row in page],
            "to_confirm": [row for row in page if row.state == State.AWAITING_CONFIRMATION],
            "is_past": is_past,
        },
    )


@official_required
@require_http_methods(["GET", "POST"])
def assistance_new(request):
    seats = Official.objects.serving().filter(user=request.user).select_related("institution", "unit")
    institutions = Institution.objects.filter(pk__in=seats.values("institution"))
    seat = seats.order_by("id").first()
    first = {
        "town": seat.institution.town,
        "county": seat.institution.county,
        "unit": seat.unit,
        "address": seat.unit.address if seat.unit else "",
    }
    form = RequestForm(request.POST or None, initial=first, institutions=institutions)
    if request.method == "POST" and form.is_valid():
        try:
            asked = requests.submit(form.cleaned_data["institution"], by=request.user, **form.submission())
        except Refused as no:
            form.refuse(no)
        else:
            flash.success(request, _("Thank you. We are looking for an assistant and will write to you."))
            advise(request, asked)
            return redirect("assistance_request", asked.public_id)
    return render(
        request, "institutions/assistance_new.html", {"form": form, "institution": seat.institution}
    )


@official_required
@require_GET
def assistance_request(request, public_id):
    asked = own_request(request, public_id)
    view = disclosure.view_of(asked, request.user, viewer=Viewer.OFFICIAL)
    disclosure.record_look(asked, view, by=request.user, viewer=Viewer.OFFICIAL)
    report = TimeReport.objects.filter(
        assignment__request=asked, assignment__state__in=["active", "done"]
    ).first()
    return render(
        request,
        "institutions/assistance_request.html",
        {
            "asked": asked,
            "view": view,
            "report": report,
            "badge": BADGES[asked.state],
            "steps": STEPS,
            "reached": REACHED.get(asked.state, 0),
            "can_cancel": asked.start_at > timezone.now()
            and (asked.is_looking or asked.state == State.CONFIRMED),
            "can_confirm": asked.state == State.AWAITING_CONFIRMATION,
            "is_cancelled": asked.state in CANCELLED,
            "is_unfilled": asked.state == State.UNFILLED,
        },
    )


@official_required
@require_http_methods(["GET", "POST"])
def assistance_cancel(request, public_id):
    asked = own_request(request, public_id)
    form = ReasonForm(request.POST or None, reasons=requests.CANCELLATION_REASONS)
    if request.method == "POST" and form.is_valid():
        try:
            requests.cancel(asked, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("The request is cancelled. Whoever was asked has been told."))
            return redirect("assistance_request", public_id)
    context = {"asked": asked, "outline": disclosure.outline(asked), "form": form}
    return render(request, "institutions/assistance_cancel.html", context)


@official_required
@require_POST
def assistance_confirm(request, public_id):
    try:
        time_reports.confirm_report(report_of(own_request(request, public_id)), by=request.user)
    except Refused as no:
        flash.error(request, str(no))
    else:
        flash.success(request, _("Thank you. The hours are confirmed."))
    return redirect("assistance_request", public_id)


@official_required
@require_http_methods(["GET", "POST"])
def assistance_dispute(request, public_id):
    asked = own_request(request, public_id)
    report = report_of(asked)
    form = DisputeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            time_reports.dispute_report(report, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Thank you. The assistant will look at the hours again."))
            return redirect("assistance_request", public_id)
    return render(
        request, "institutions/assistance_dispute.html", {"asked": asked, "report": report, "form": form}
    )


def advise(request, asked: AssistanceRequest) -> None:
    """Long meetings need breaks, very long ones perhaps a second person (domain.md A6.5)."""
    limits = settings.ASSISTANCE
    if asked.minutes > limits["second_assistant_over_minutes"]:
        flash.info(request, _("Two hours are a lot for one person. We may call you about a second one."))
    elif asked.minutes > limits["warn_over_minutes"]:
        flash.info(request, _("Please plan a break of five minutes every half hour."))


def own_request(request, public_id) -> AssistanceRequest:
    rows = AssistanceRequest.objects.visible_to(request.user).select_related(
        "institution", "unit", "requested_by"
    )
    return get_object_or_404(rows, public_id=public_id)


def report_of(asked: AssistanceRequest) -> TimeReport:
    standing = TimeReport.objects.filter(assignment__state__in=["active", "done"]).select_related(
        "assignment"
    )
    return get_object_or_404(standing, assignment__request=asked)
