"""Changes of a request that was sent, by the institution itself or by a coordinator on the phone."""

from django.contrib import messages as flash
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from institutions import amendments, disclosure, proposals
from institutions.access import official_required
from institutions.change_forms import DetailsForm, TimeForm
from institutions.forms import refuse
from institutions.models import AssistanceRequest
from institutions.request_forms import ChangeForm, initial_of
from institutions.views.ordering import order_form, own_request, paper
from institutions.views.workplace import managed
from portal.clock import WARSAW
from portal.refusals import Refused
from projects.access import coordinator_required


@official_required
@require_http_methods(["GET", "POST"])
def assistance_change(request, public_id):
    return change(request, own_request(request, public_id), back="assistance_request")


@coordinator_required
@require_http_methods(["GET", "POST"])
def work_change(request, public_id):
    return change(request, managed(request, public_id), back="work_assistance_request")


@official_required
@require_http_methods(["GET", "POST"])
def assistance_move(request, public_id):
    return move(request, own_request(request, public_id), back="assistance_request")


@coordinator_required
@require_http_methods(["GET", "POST"])
def work_move(request, public_id):
    return move(request, managed(request, public_id), back="work_assistance_request")


@official_required
@require_POST
def assistance_move_back(request, public_id):
    asked = own_request(request, public_id)
    try:
        proposals.take_back(asked, by=request.user)
    except Refused as no:
        flash.error(request, str(no))
    else:
        flash.success(request, _("The meeting stays as it was."))
    return redirect("assistance_request", public_id)


@official_required
@require_http_methods(["GET", "POST"])
def assistance_details(request, public_id):
    return details(request, own_request(request, public_id), back="assistance_request")


@coordinator_required
@require_http_methods(["GET", "POST"])
def work_details(request, public_id):
    return details(request, managed(request, public_id), back="work_assistance_request")


def change(request, asked: AssistanceRequest, *, back: str):
    seen = {"seen": amendments.version(asked)}
    form = order_form(
        request,
        lambda faces: initial_of(asked, faces) | seen,
        institutions=[asked.institution],
        form_class=ChangeForm,
    )
    if request.method == "POST" and "fill" not in request.POST and form.is_valid():
        try:
            changed = amendments.change_order(
                asked, by=request.user, seen=form.cleaned_data["seen"], **form.order()
            )
        except Refused as no:
            refuse(form, no)
        else:
            say_changed(request, changed, wanted=form.cleaned_data["urgency"])
            if changed.state == AssistanceRequest.State.SUBMITTED and back == "assistance_request":
                flash.info(request, _("A coordinator looks at it first, and we write to you."))
            return redirect(back, asked.public_id)
    can_change = amendments.can_change_order(asked)
    if can_change:  # otherwise the page says only that it is too late
        note_look(request, asked, back=back)
    context = paper(form, asked=asked, back=back, can_change=can_change)
    return render(request, "institutions/assistance_change.html", context)


def say_changed(request, changed: AssistanceRequest, *, wanted: str) -> None:
    flash.success(request, _("The request is changed."))
    if changed.urgency != wanted:
        told = _("The meeting is near now, so the request has become: %(urgency)s.")
        flash.warning(request, told % {"urgency": changed.get_urgency_display()})


def move(request, asked: AssistanceRequest, *, back: str):
    start = timezone.localtime(asked.start_at, WARSAW)
    now = {
        "start_on": start.date(),
        "starts": start.time(),
        "minutes": asked.minutes,
        "mode": asked.mode,
        "town": asked.town,
        "seen": amendments.version(asked),
    }
    form = TimeForm(request.POST or None, initial=now, project=asked.institution.project_id)
    if request.method == "POST" and form.is_valid():
        try:
            proposals.propose(asked, by=request.user, **form.proposal())
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("We have asked the assistant. You get a message with the answer."))
            return redirect(back, asked.public_id)
    context = {"asked": asked, "form": form, "back": back, "outline": disclosure.outline(asked)}
    return render(request, "institutions/assistance_move.html", context)


def details(request, asked: AssistanceRequest, *, back: str):
    names = [name for name in DetailsForm.base_fields if name in DetailsForm.Meta.fields]
    now = {name: getattr(asked, name) for name in names} | {"seen": amendments.version(asked)}
    form = DetailsForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            amendments.change_details(asked, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("It is changed. Whoever comes has been told."))
            return redirect(back, asked.public_id)
    note_look(request, asked, back=back)
    return render(
        request, "institutions/assistance_details.html", {"asked": asked, "form": form, "back": back}
    )


def note_look(request, asked: AssistanceRequest, *, back: str) -> None:
    """The address, the contact and the briefing stand in these forms."""
    is_official = back == "assistance_request"
    viewer = disclosure.Viewer.OFFICIAL if is_official else disclosure.Viewer.COORDINATOR
    disclosure.record_details(asked, by=request.user, viewer=viewer)
