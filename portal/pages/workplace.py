"""What staff see first: today and tomorrow, and what waits for them in workshops and requests."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from institutions import debriefings
from institutions.models import AssistanceRequest
from projects.access import staff_required
from workshops.workplace import today

UNFILLED = 10


@staff_required
def work_today(request: HttpRequest) -> HttpResponse:
    context = today.of_workshops(request.user)
    if context["can_plan"]:
        requests = AssistanceRequest.objects.managed_by(request.user).unfilled()
        coming = requests.filter(start_at__gt=timezone.now()).select_related("institution")
        context["talks"] = debriefings.managed_by(request.user).filter(done_at__isnull=True).count()
        context["unfilled"] = coming.order_by("start_at", "id")[:UNFILLED]
    return render(request, "portal/work_today.html", context)
