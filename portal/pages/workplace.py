"""What staff see first: today and tomorrow, and what waits for them in workshops and requests."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from institutions import deadlines, debriefings
from institutions.models import AssistanceRequest
from projects.access import staff_required
from workshops.workplace import today

UNFILLED = 10


@staff_required
def work_today(request: HttpRequest) -> HttpResponse:
    context = today.of_workshops(request.user)
    if context["can_plan"]:
        requests = AssistanceRequest.objects.managed_by(request.user)
        waiting = requests.waiting_for_the_network(timezone.now()).select_related("institution")[:UNFILLED]
        context["talks"] = debriefings.managed_by(request.user, among=debriefings.waiting()).count()
        context["unfilled"] = [(asked, until_of(asked)) for asked in waiting]
    return render(request, "portal/work_today.html", context)


def until_of(asked: AssistanceRequest) -> datetime | None:
    """Until when somebody has to have looked at it, where it waits for a coordinator."""
    if asked.state != AssistanceRequest.State.SUBMITTED:
        return None
    return deadlines.first_action_by(
        asked.urgency, submitted_at=asked.submitted_at or asked.created_at, start_at=asked.start_at
    )
