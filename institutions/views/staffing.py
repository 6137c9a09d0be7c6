"""The coordinator sees who could go and why, and decides; the official may say that one is enough."""

from django.contrib import messages as flash
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from institutions import attempts, choosing, matching, staffing, withdrawals
from institutions.access import official_required
from institutions.forms import ReasonForm, refuse
from institutions.models import Assignment, AssistanceRequest, Assistant, Attempt, Offer
from institutions.staffing_forms import ReplaceForm
from institutions.staffing_wording import OFFER_BADGES_FOR_NETWORK
from institutions.transitions import is_short_notice
from institutions.views.again import DoneBefore, lands
from institutions.views.workplace import managed
from institutions.work_forms import AssignForm
from portal.models import User
from portal.refusals import Refused
from projects.access import coordinator_required


@coordinator_required
@require_GET
def work_candidates(request, public_id):
    """Every assistant of the network, why she could go or not; who is interested comes first."""
    asked = managed(request, public_id)
    is_looking = asked.is_looking and asked.start_at > timezone.now()
    live = attempts.live(asked) if is_looking else []
    attempt = next(iter(live), None)
    context = {
        "asked": asked,
        "is_looking": is_looking,
        "is_choice": asked.choice == AssistanceRequest.Choice.COORDINATOR,
        "attempt": attempt,
        "choose_by": choosing.choose_by(attempt, asked) if attempt else None,
        "rows": candidate_rows(asked, attempt, request.user) if is_looking else [],
        "reasons": staffing.BY_HAND_REASONS,
    }
    return render(request, "institutions/work_candidates.html", context)


@coordinator_required
@require_POST
def work_assign(request, public_id):
    asked = managed(request, public_id)
    form = AssignForm(request.POST)
    pk = form.cleaned_data["assistant"] if form.is_valid() else None
    assistant = get_object_or_404(Assistant.objects.managed_by(request.user), user__public_id=pk)
    try:
        staffing.assign_by_hand(asked, assistant, by=request.user, reason=form.cleaned_data["reason"])
    except Refused as no:
        flash.error(request, str(no))
        return redirect("work_candidates", public_id)
    flash.success(request, _("The assistant and the institution have been told."))
    return redirect("work_assistance_request", public_id)


@coordinator_required
@require_POST
def work_choose(request, public_id):
    """``public_id``: of the request; the offer of the one who was chosen stands in the form."""
    asked = managed(request, public_id)
    form = AssignForm({"assistant": request.POST.get("offer", "")})
    pk = form.cleaned_data["assistant"] if form.is_valid() else None
    offer = get_object_or_404(Offer, request=asked, public_id=pk)
    try:
        staffing.choose(offer, by=request.user)
    except Refused as no:
        flash.error(request, str(no))
        return redirect("work_candidates", public_id)
    flash.success(request, _("The one you chose goes. Everybody has been told."))
    return redirect("work_assistance_request", public_id)


@coordinator_required
@require_POST
def work_choice(request, public_id):
    asked = managed(request, public_id)
    choice = request.POST.get("choice", "")
    if choice in AssistanceRequest.Choice.values:
        try:
            staffing.change_choice(asked, choice, by=request.user)
        except Refused as no:
            flash.error(request, str(no))
    return redirect("work_assistance_request", public_id)


@coordinator_required
@require_POST
def work_look_again(request, public_id):
    try:
        asked = staffing.look_again(managed(request, public_id), by=request.user)
    except Refused as no:
        flash.error(request, str(no))
    else:
        if asked.state == AssistanceRequest.State.UNFILLED:
            flash.warning(request, _("Nobody fits now. You can still choose somebody yourself."))
        else:
            flash.success(request, _("Assistants are asked again."))
    return redirect("work_assistance_request", public_id)


@coordinator_required
@require_POST
def work_one(request, public_id):
    go_on_with_one(request, managed(request, public_id))
    return redirect("work_assistance_request", public_id)


@official_required
@require_POST
def assistance_one(request, public_id):
    mine = AssistanceRequest.objects.visible_to(request.user)
    go_on_with_one(request, get_object_or_404(mine, public_id=public_id))
    return redirect("assistance_request", public_id)


@coordinator_required
@require_http_methods(["GET", "POST"])
@lands
def work_withdraw(request, public_id):
    job = managed_job(request, public_id)
    form = ReasonForm(request.POST or None, reasons=withdrawals.WITHDRAWAL_REASONS)
    if request.method == "POST" and form.is_valid():
        try:
            withdrawals.withdraw(job, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("The request goes out again."))
            return redirect("work_assistance_request", job.request.public_id)
    context = {"asked": job.request, "job": job, "form": form}
    return render(request, "institutions/work_withdraw.html", context)


@coordinator_required
@require_http_methods(["GET", "POST"])
@lands
def work_replace(request, public_id):
    """Somebody else goes: one whom the coordinator names, or whoever is found."""
    job = managed_job(request, public_id)
    probe = Attempt(request=job.request, mode=job.request.mode, language=job.language)
    found = [one for one in matching.candidates(job.request, attempt=probe) if not one.is_final]
    found = [one for one in found if one.assistant.pk != job.assistant_id]
    form = ReplaceForm(request.POST or None, candidates=found)
    if request.method == "POST" and form.is_valid():
        try:
            staffing.replace(job, form.assistant(), by=request.user, **form.why())
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Everybody has been told."))
            return redirect("work_assistance_request", job.request.public_id)
    context = {"asked": job.request, "job": job, "form": form, "is_late": is_short_notice(job.request)}
    return render(request, "institutions/work_replace.html", context)


def go_on_with_one(request, asked: AssistanceRequest) -> None:
    try:
        staffing.go_on_with_one(asked, by=request.user)
    except Refused as no:
        flash.error(request, str(no))
    else:
        flash.success(request, _("It goes on with one assistant. Everybody has been told."))


def managed_job(request, public_id) -> Assignment:
    mine = AssistanceRequest.objects.managed_by(request.user)
    jobs = Assignment.objects.filter(request__in=mine).select_related(
        "request__institution", "assistant__user"
    )
    job = get_object_or_404(jobs, public_id=public_id)
    if job.state != Assignment.State.ACTIVE:
        raise DoneBefore("work_assistance_request", job.request.public_id)
    return job


def candidate_rows(asked: AssistanceRequest, attempt: Attempt | None, user: User) -> list[dict]:
    """Everybody with what she answered so far; who is interested first, then in the order of asking.

    Where it was decided that she herself is not sent there, she is left out: she is not told of it.
    """
    probe = attempt or Attempt(request=asked, mode=asked.mode, language=asked.language)
    standing = {offer.assistant_id: offer for offer in asked.offers.filter(state__in=Offer.STANDING)}
    rows = [
        {
            "one": one,
            "offer": offer,
            "badge": OFFER_BADGES_FOR_NETWORK[offer.state] if offer else "",
            "is_interested": bool(offer and offer.state == Offer.State.INTERESTED),
        }
        for one in matching.candidates(asked, attempt=probe)
        for offer in [standing.get(one.assistant.pk)]
        if one.assistant.user_id != user.pk or matching.Misfit.BLOCKED not in one.reasons
    ]
    return sorted(rows, key=lambda row: not row["is_interested"])
