"""Requests that wait for the coordinator: take on, ask, say why not; and asking for an institution."""

from django.conf import settings
from django.contrib import messages as flash
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from institutions import (
    assistants,
    deadlines,
    disclosure,
    order_rules,
    questions,
    requests,
    requirements,
    reviews,
)
from institutions.advice import about_spelling
from institutions.disclosure import Viewer
from institutions.forms import refuse
from institutions.models import AssistanceRequest, Institution, RequestTransition
from institutions.review_forms import AskForm, DeclineForm, OrderByPhoneForm, TakeOnForm
from institutions.views.again import DoneBefore, lands
from institutions.views.ordering import order_form, paper
from institutions.views.tabs import network_tabs
from institutions.views.workplace import managed
from institutions.wording import BADGES_FOR_NETWORK, FOR_NETWORK
from portal.desk import desk_tabs
from portal.refusals import Refused
from projects.access import coordinator_required

State = AssistanceRequest.State


@coordinator_required
@require_GET
def work_waiting(request):
    """What waits for somebody of the network: whoever has nobody else first, then the nearest."""
    mine = AssistanceRequest.objects.managed_by(request.user)
    rows = mine.filter(state__in=reviews.WAITING)
    rows = rows.select_related("institution", "unit").order_by("-is_relative_interpreting", "start_at", "id")
    held = {}
    for move in RequestTransition.objects.filter(request__in=rows, new_state=State.SUBMITTED).order_by(
        "at", "id"
    ):
        held[move.request_id] = move.get_reason_display() if move.reason else ""
    waiting = [
        {
            "asked": row,
            "why": held.get(row.pk, ""),
            # While the institution owes an answer, nobody here is late.
            "until": act_by(row) if row.state == State.SUBMITTED else None,
            "is_late": act_by(row) < timezone.now(),
            "state": FOR_NETWORK[row.state],
            "badge": BADGES_FOR_NETWORK[row.state],
        }
        for row in rows[:100]
    ]
    context = {
        "rows": waiting,
        "lacking": assistants.lacking_papers(mine),
        "tabs": desk_tabs("work_assistance"),
        "network_tabs": network_tabs("work_waiting"),
    }
    return render(request, "institutions/work_waiting.html", context)


@coordinator_required
@require_GET
def work_review(request, public_id):
    asked = managed(request, public_id)
    if asked.state not in reviews.WAITING:
        return redirect("work_assistance_request", public_id)
    return render_review(request, asked)


@coordinator_required
@require_POST
@lands
def work_take_on(request, public_id):
    asked = one_waiting(request, public_id)
    form = TakeOnForm(request.POST, asked=asked)
    if form.is_valid():
        try:
            reviews.take_on(asked, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Assistants are asked now. The official has been told."))
            return redirect("work_assistance_request", public_id)
    return render_review(request, asked, take_on=form)


@coordinator_required
@require_POST
@lands
def work_ask(request, public_id):
    asked = one_waiting(request, public_id)
    form = AskForm(request.POST)
    if form.is_valid():
        try:
            questions.ask(asked, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("The official has your question."))
            return redirect("work_review", public_id)
    return render_review(request, asked, ask=form)


@coordinator_required
@require_POST
@lands
def work_request_decline(request, public_id):
    asked = one_waiting(request, public_id)
    form = DeclineForm(request.POST)
    if form.is_valid():
        try:
            reviews.decline(asked, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("The official has been told, with what else may help."))
            return redirect("work_assistance_request", public_id)
    return render_review(request, asked, decline=form)


@coordinator_required
@require_http_methods(["GET", "POST"])
def work_request_new(request):
    """An official calls: the coordinator writes the request down for the institution."""
    institutions = Institution.objects.managed_by(request.user).order_by("slug")
    form = order_form(request, lambda faces: {}, institutions=institutions, form_class=OrderByPhoneForm)
    if request.method == "POST" and "fill" not in request.POST and form.is_valid():
        try:
            place, key = form.cleaned_data["institution"], form.cleaned_data["key"]
            asked = requests.submit(place, by=request.user, key=key, **form.order())
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("The request is sent. Assistants are asked now."))
            return redirect("work_assistance_request", asked.public_id)
    by_phone = [place.name for place in institutions.without_officials()]
    return render(request, "institutions/work_request_new.html", paper(form, by_phone=by_phone))


def one_waiting(request, public_id) -> AssistanceRequest:
    asked = managed(request, public_id)
    if asked.state not in reviews.WAITING:
        raise DoneBefore("work_assistance_request", public_id)
    return asked


def render_review(request, asked: AssistanceRequest, *, take_on=None, ask=None, decline=None):
    view = disclosure.view_of(asked, request.user, viewer=Viewer.COORDINATOR)
    disclosure.record_look(asked, view, by=request.user, viewer=Viewer.COORDINATOR)
    last = asked.transitions.filter(new_state=State.SUBMITTED).exclude(reason="").last()
    context = {
        "asked": asked,
        "view": view,
        "state": FOR_NETWORK[asked.state],
        "badge": BADGES_FOR_NETWORK[asked.state],
        "why": last.get_reason_display() if last else "",
        "until": act_by(asked),
        "points": requirements.requirements_of(asked),
        "is_long": order_rules.is_long_for_one(asked),
        "questions": asked.questions.all(),
        "is_asked": asked.state == State.NEEDS_INFO,
        "spelling": about_spelling(asked, with_homes=True),
        "has_nobody_to_tell": not (asked.is_over or asked.is_read),
        "take_on": take_on or TakeOnForm(asked=asked),
        "ask": ask or AskForm(),
        "decline": decline or DeclineForm(),
        "sworn_url": settings.ASSISTANCE["sworn_interpreters_url"],
    }
    return render(request, "institutions/work_review.html", context)


def act_by(asked: AssistanceRequest):
    return deadlines.first_action_by(asked.urgency, submitted_at=asked.submitted_at, start_at=asked.start_at)
