"""Jobs that an assistant could take and was not asked about. She sees the outline alone (domain.md A4)."""

from django.contrib import messages as flash
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from institutions import disclosure, matching, offers
from institutions.access import assistant_required
from institutions.models import AssistanceRequest, Offer
from portal.refusals import Refused


@assistant_required
@require_GET
def open_jobs(request):
    found = matching.open_requests_for(request.user.assistant)
    jobs = [
        {
            "asked": one.request,
            "outline": disclosure.outline(one.request),
            "language": one.candidate.language_name,
            "is_chosen": one.request.choice == AssistanceRequest.Choice.COORDINATOR,
        }
        for one in found
    ]
    return render(request, "institutions/open_jobs.html", {"jobs": jobs})


@assistant_required
@require_POST
def open_job_interested(request, public_id):
    mine = AssistanceRequest.objects.filter(institution__project=request.user.assistant.project_id)
    asked = get_object_or_404(mine, public_id=public_id)
    try:
        offer = offers.volunteer(asked, by=request.user)
    except Refused as no:
        flash.error(request, str(no))
        return redirect("open_jobs")
    if offer.state == Offer.State.OPEN:
        flash.success(request, _("It is your turn: please say yes or no."))
    else:
        flash.success(request, _("Thank you. We have noted that you could come, and will tell you."))
    return redirect("assistant_offer", offer.public_id)
