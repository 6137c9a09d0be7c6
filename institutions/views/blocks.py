"""Who is not sent where any more: an official's wish, and the coordinator's list."""

from collections import defaultdict

from django.contrib import messages as flash
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from institutions import blocks
from institutions.access import official_required
from institutions.appointments import first_name
from institutions.forms import refuse
from institutions.models import Assignment, AssistanceRequest, Assistant, Block, BlockWish, Institution
from institutions.views.tabs import voice_tabs
from institutions.voice_forms import BlockForm
from portal import audit
from portal.desk import desk_tabs
from portal.models import User
from portal.refusals import Refused
from projects.access import coordinator_required

PAGE = 30


@official_required
@require_http_methods(["GET", "POST"])
def assistance_wish(request, public_id):
    """ "Please not this assistant again": asked once more, then noted. It can be taken back."""
    mine = AssistanceRequest.objects.visible_to(request.user)
    # Who gave a job back is nobody's business at the institution.
    went = Assignment.objects.kept().filter(request__in=mine)
    jobs = went.select_related("request__institution", "assistant__user")
    job = get_object_or_404(jobs, public_id=public_id)
    if request.method == "POST":
        if "take_back" in request.POST:
            blocks.take_wish_back(job, by=request.user)
            flash.success(request, _("Your wish is taken back."))
        else:
            blocks.wish(job, by=request.user)
            flash.success(request, _("Your wish is noted. A coordinator decides; the assistant is not told."))
        return redirect("assistance_request", job.request.public_id)
    context = {
        "job": job,
        "name": first_name(job.assistant.user),
        "is_noted": blocks.is_wish_noted(job.request, job.assistant, by=request.user),
    }
    return render(request, "institutions/assistance_wish.html", context)


@coordinator_required
@require_GET
def work_blocks(request):
    wishes = for_her(BlockWish.objects.filter(decision=""), request.user)
    wishes = list(wishes.select_related("institution", "assistant__user", "request", "made_by"))
    held = for_her(Block.objects.filter(lifted_at__isnull=True), request.user)
    page = Paginator(held.select_related("institution", "assistant__user", "made_by"), PAGE).get_page(
        request.GET.get("page")
    )
    coming = defaultdict(list)
    for job in blocks.coming_jobs([(row.institution_id, row.assistant_id) for row in [*wishes, *page]]):
        coming[job.request.institution_id, job.assistant_id].append(job)
    audit.record_reading(
        list({row.assistant.user for row in [*wishes, *page]}), "block", by=request.user, purpose="blocks"
    )
    context = {
        "tabs": desk_tabs("work_assistance"),
        "voice_tabs": voice_tabs("work_blocks"),
        "wishes": [(row, coming[row.institution_id, row.assistant_id]) for row in wishes],
        "page": page,
        "rows": [(row, coming[row.institution_id, row.assistant_id]) for row in page],
        "reasons": Block.Reason.choices,
    }
    return render(request, "institutions/work_blocks.html", context)


@coordinator_required
@require_http_methods(["GET", "POST"])
def work_block_new(request):
    """Chosen by a coordinator, often from a complaint, which names both in the address."""
    form = BlockForm(
        request.POST or None,
        initial=request.GET.dict(),
        institutions=Institution.objects.managed_by(request.user),
        assistants=Assistant.objects.managed_by(request.user)
        .exclude(user=request.user)
        .select_related("user"),
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            blocks.block(data["institution"], data["assistant"], by=request.user, reason=data["reason"])
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("This assistant is not asked for this institution any more."))
            return redirect("work_blocks")
    return render(request, "institutions/work_block_new.html", {"form": form})


@coordinator_required
@require_POST
def work_wish_decide(request, pk):
    wishes = for_her(BlockWish.objects.all(), request.user).select_related("institution", "assistant")
    wished, is_followed = get_object_or_404(wishes, pk=pk), "block" in request.POST
    try:
        blocks.decide(wished, by=request.user, blocks=is_followed, reason=request.POST.get("reason", ""))
    except Refused as no:
        flash.error(request, str(no))
    else:
        flash.success(request, _("It is decided. The assistant is not told."))
    return redirect("work_blocks")


@coordinator_required
@require_POST
def work_block_lift(request, pk):
    held = for_her(Block.objects.all(), request.user)
    blocks.lift(get_object_or_404(held, pk=pk), by=request.user)
    flash.success(request, _("This assistant can be asked for this institution again."))
    return redirect("work_blocks")


def for_her(rows: QuerySet, user: User) -> QuerySet:
    """Wishes or blocks of a coordinator's networks; what is about herself others read and decide."""
    mine = Institution.objects.managed_by(user)
    return rows.filter(institution__in=mine).exclude(assistant__user=user)
