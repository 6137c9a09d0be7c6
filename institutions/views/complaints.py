"""Complaints: to make one, to follow it, to be asked about one; and the coordinator's list."""

from django.contrib import messages as flash
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from institutions import complaints, disclosure
from institutions.access import assistant_required, official_required
from institutions.emails import coordinators_of
from institutions.forms import refuse
from institutions.impartiality import deciders, is_own_case
from institutions.models import Assignment, AssistanceRequest, Complaint, Feedback
from institutions.views.tabs import voice_tabs
from institutions.voice_forms import ComplaintForm, DecisionForm, QuestionForm, ViewForm
from portal import audit
from portal.desk import desk_tabs
from portal.refusals import Refused
from projects.access import coordinator_required

PAGE = 30
BADGES = {
    Complaint.State.RECEIVED: "new",
    Complaint.State.LOOKING: "wait",
    Complaint.State.UPHELD: "stop",
    Complaint.State.NOT_UPHELD: "quiet",
    Complaint.State.WITHDRAWN: "quiet",
}
#: To whoever complained it is good news that she was right.
BADGES_FOR_WRITER = BADGES | {Complaint.State.UPHELD: "good"}


# --- Whoever complains, and whoever is asked -------------------------------------------------------------


@official_required
@require_http_methods(["GET", "POST"])
def assistance_complaint(request, public_id):
    mine = AssistanceRequest.objects.visible_to(request.user).exclude(state=AssistanceRequest.State.DRAFT)
    asked = get_object_or_404(mine.select_related("institution"), public_id=public_id)
    standing = asked.assignments.filter(state__in=["active", "done", "no_show"])
    job = standing.order_by("place").first()
    return _complain(request, asked, Feedback.Side.OFFICIAL, job)


@assistant_required
@require_http_methods(["GET", "POST"])
def assistant_complaint(request, public_id):
    mine = Assignment.objects.filter(assistant__user=request.user).select_related("request__institution")
    job = get_object_or_404(mine, public_id=public_id)
    return _complain(request, job.request, Feedback.Side.ASSISTANT, job)


def _complain(request, asked: AssistanceRequest, side: str, job: Assignment | None):
    form = ComplaintForm(request.POST or None, side=side, coordinators=coordinators_of(asked))
    if request.method == "POST" and form.is_valid():
        try:
            made = complaints.complain(asked, by=request.user, side=side, assignment=job, **form.complaint())
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Thank you for telling us. We have it and look into it."))
            return redirect("complaint", made.public_id)
    context = {
        "asked": asked,
        "outline": disclosure.outline(asked),
        "form": form,
        "is_official": side == Feedback.Side.OFFICIAL,
        "job": job,
    }
    return render(request, "institutions/complaint_new.html", context)


@never_cache
@require_GET
def complaint(request, public_id):
    """What she wrote, how far it is, and the answer."""
    made = get_object_or_404(own(request.user), public_id=public_id)
    context = {
        "complaint": made,
        "outline": disclosure.outline(made.request),
        "badge": BADGES_FOR_WRITER[made.state],
        "is_official": made.side == Feedback.Side.OFFICIAL,
    }
    return render(request, "institutions/complaint.html", context)


@require_POST
def complaint_take_back(request, public_id):
    try:
        complaints.take_back(get_object_or_404(own(request.user), public_id=public_id), by=request.user)
    except Refused as no:
        flash.error(request, str(no))
    else:
        flash.success(request, _("Your complaint is taken back."))
    return redirect("complaint", public_id)


@never_cache
@require_http_methods(["GET", "POST"])
def complaint_view(request, public_id):
    """A question of the coordinator's to the other side, and room for the answer; nothing else."""
    asked = Complaint.objects.put_to(request.user).select_related("request__institution")
    made = get_object_or_404(asked, public_id=public_id)
    form = ViewForm(request.POST or None, initial={"text": made.view})
    if request.method == "POST" and form.is_valid():
        try:
            complaints.give_view(made, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Thank you. Only the coordinators read your answer."))
            return redirect("complaint_view", public_id)
    context = {"complaint": made, "outline": disclosure.outline(made.request), "form": form}
    return render(request, "institutions/complaint_view.html", context)


def own(user):
    return Complaint.objects.own_of(user).select_related("request__institution", "assignment")


# --- The coordinator -------------------------------------------------------------------------------------


@coordinator_required
@require_GET
def work_complaints(request):
    mine = Complaint.objects.managed_by(request.user).select_related("request__institution")
    is_past = request.GET.get("show") == "past"
    if is_past:
        rows = mine.exclude(state__in=Complaint.UNDECIDED).order_by("-closed_at", "-pk")
    else:
        rows = complaints.queue(mine.undecided())
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {
        "tabs": desk_tabs("work_assistance"),
        "voice_tabs": voice_tabs("work_complaints"),
        "page": page,
        "own_cases": set(mine.own_cases_of(request.user).values_list("pk", flat=True)),
        "rows": [(row, BADGES[row.state], row.is_undecided and row.due_at < now) for row in page],
        "is_past": is_past,
    }
    return render(request, "institutions/work_complaints.html", context)


@coordinator_required
@require_GET
def work_complaint(request, public_id):
    return _show(request, managed(request, public_id))


@coordinator_required
@require_POST
def work_complaint_look(request, public_id):
    try:
        complaints.look_into(managed(request, public_id), by=request.user)
    except Refused as no:
        flash.error(request, str(no))
    else:
        flash.success(request, _("It is written down that you look into it."))
    return redirect("work_complaint", public_id)


@coordinator_required
@require_POST
def work_complaint_ask(request, public_id):
    made, form = managed(request, public_id), QuestionForm(request.POST)
    if form.is_valid():
        try:
            complaints.ask_other_side(made, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("The other side has been asked. You are told when it answers."))
            return redirect("work_complaint", public_id)
    return _show(request, made, question=form)


@coordinator_required
@require_POST
def work_complaint_decide(request, public_id):
    made, form = managed(request, public_id), DecisionForm(request.POST)
    if form.is_valid():
        try:
            complaints.decide(made, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            told = _("It is decided. Whoever complained has been told.")
            gone = _("It is decided. Whoever complained has left the institution and is not told.")
            flash.success(request, told if made.can_reach_writer else gone)
            return redirect("work_complaint", public_id)
    return _show(request, made, decision=form)


def _show(request, made: Complaint, *, question=None, decision=None):
    """Whoever made it, or whom it is about, reads here that there is one and who decides; no more."""
    if is_own_case(made, request.user):
        context = {"complaint": made, "badge": BADGES[made.state], "deciders": deciders(made)}
        return render(request, "institutions/work_complaint_own.html", context)
    context = _page(request, made, question=question or QuestionForm(), decision=decision or DecisionForm())
    return render(request, "institutions/work_complaint.html", context)


def _page(request, made: Complaint, *, question: QuestionForm, decision: DecisionForm) -> dict:
    job = made.assignment
    people = [person for person in (made.made_by, job.assistant.user if job else None) if person]
    audit.record_reading(people, "complaint", by=request.user, purpose="complaint")
    return {
        "complaint": made,
        "outline": disclosure.outline(made.request),
        "badge": BADGES[made.state],
        "is_late": made.is_undecided and made.due_at < timezone.now(),
        "is_official": made.side == Feedback.Side.OFFICIAL,
        "has_left": not made.can_reach_writer,
        "can_ask": made.is_undecided and not made.asked_at and complaints.other_side(made) is not None,
        "concerned": list(made.concerns.order_by("name_key", "pk")),
        "is_other_side": made.about == Complaint.About.OTHER_SIDE,
        "question_form": question,
        "decision_form": decision,
        "steps": made.steps.select_related("actor"),
    }


def managed(request, public_id) -> Complaint:
    rows = Complaint.objects.managed_by(request.user)
    related = ("request__institution", "request__requested_by", "made_by", "assignment__assistant__user")
    return get_object_or_404(rows.select_related(*related), public_id=public_id)
