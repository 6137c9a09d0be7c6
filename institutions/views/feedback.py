"""How it was: one short page for each side, and what coordinators read of it."""

from django.contrib import messages as flash
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from institutions import feedback
from institutions.access import assistant_required, official_required
from institutions.appointments import first_name
from institutions.forms import refuse
from institutions.models import Assignment, AssistanceRequest, Feedback, Institution
from institutions.views.tabs import voice_tabs
from institutions.voice_forms import FeedbackForm
from portal import audit
from portal.desk import desk_tabs
from portal.refusals import Refused
from projects.access import coordinator_required

PAGE = 30


@official_required
@require_http_methods(["GET", "POST"])
def assistance_feedback(request, public_id):
    mine = AssistanceRequest.objects.visible_to(request.user)
    went = jobs().standing().filter(request__in=mine)
    job = get_object_or_404(went, public_id=public_id)
    return _feedback(request, job, Feedback.Side.OFFICIAL, back="assistance_request", of=job.request)


@assistant_required
@require_http_methods(["GET", "POST"])
def assistant_feedback(request, public_id):
    job = get_object_or_404(jobs().filter(assistant__user=request.user), public_id=public_id)
    return _feedback(request, job, Feedback.Side.ASSISTANT, back="assistant_job", of=job)


def _feedback(request, job: Assignment, side: str, *, back: str, of):
    held = Feedback.objects.filter(assignment=job, side=side).first()
    form = FeedbackForm(request.POST or None, side=side, held=held)
    if request.method == "POST" and form.is_valid():
        try:
            feedback.give(job, by=request.user, side=side, **form.answers())
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Thank you. That helps us to make it better."))
            return redirect(back, of.public_id)
    context = {
        "job": job,
        "form": form,
        "is_official": side == Feedback.Side.OFFICIAL,
        "name": first_name(job.assistant.user),
        "is_again": held is not None,
        "can_give": feedback.can_give(job, job.request),
        "until": feedback.until(job.request),
        "back": back,
        "of": of,
    }
    return render(request, "institutions/feedback.html", context)


@coordinator_required
@require_GET
def work_feedback(request):
    """The newest first; words where somebody wrote some. A reading of what was said of a person is noted.

    What was said about herself, as she interprets too, a coordinator does not read.
    """
    mine = Institution.objects.managed_by(request.user)
    rows = Feedback.objects.filter(assignment__request__institution__in=mine)
    rows = rows.exclude(side=Feedback.Side.OFFICIAL, assignment__assistant__user=request.user)
    wish = request.GET.get("show", "")
    if wish == "words":
        rows = rows.exclude(comment="")
    elif wish == "low":
        rows = rows.filter(Q(rating__lte=2) | Q(would_again=False) | Q(was_on_time=False))
    rows = rows.select_related("assignment__assistant__user", "assignment__request__institution")
    page = Paginator(rows.order_by("-at", "-pk"), PAGE).get_page(request.GET.get("page"))
    audit.record_reading(
        list({row.assignment.assistant.user for row in page}), "feedback", by=request.user, purpose="feedback"
    )
    figures = feedback.counts(Assignment.objects.filter(request__institution__in=mine))
    context = {
        "tabs": desk_tabs("work_assistance"),
        "voice_tabs": voice_tabs("work_feedback"),
        "page": page,
        "show": wish,
        "figures": figures,
        "percent": round(100 * figures["by_somebody"] / figures["done"]) if figures["done"] else None,
    }
    return render(request, "institutions/work_feedback.html", context)


def jobs():
    related = ("request__institution", "request__requested_by", "assistant__user")
    return Assignment.objects.select_related(*related)
