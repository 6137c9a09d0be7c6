"""The drop-out radar of one workshop and of all that run; the names are for those who plan them."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language_bidi

from portal import audit
from portal.desk import desk_tabs
from projects.access import coordinator_required
from workshops import radar
from workshops.models import Workshop
from workshops.workplace.desk import workshop_tabs

A_PAGE = 20


@coordinator_required
def work_radar_all(request):
    """All running courses, those first in which most people may be lost."""
    found = radar.of_workshops(radar.running(request.user))
    found.sort(key=lambda one: (-len(one.in_danger), one.workshop.pk))
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "tabs": desk_tabs("work_radar_all"),
        "page_obj": page,
        "people": sum(one.number for one in found),
        "missing": sum(one.missing for one in found),
        "at_risk": sum(one.at_risk for one in found),
        "lost": sum(one.lost for one in found),
    }
    return render(request, "workshops/workplace/radar_all.html", context)


def work_radar(request, slug):
    workshops = Workshop.objects.managed_by(request.user).select_related("project")
    workshop = get_object_or_404(workshops, slug=slug)
    found, meetings = radar.of_workshop(workshop), radar.meetings(workshop)
    shown = [person.registration.user for person in found.in_danger]
    audit.record_reading(shown, "attendance", by=request.user, purpose="drop-out radar")
    trend = radar.trend(meetings)
    context = {
        "workshop": workshop,
        "tabs": workshop_tabs(workshop, "work_radar"),
        "radar": found,
        "meetings": meetings,
        "trend": {"last": trend[0], "before": trend[1]} if trend else None,
        "picture": radar.picture(
            meetings, threshold=workshop.attendance_percent, mirrored=get_language_bidi()
        ),
    }
    return render(request, "workshops/workplace/radar.html", context)
