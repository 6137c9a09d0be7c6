"""Who looks after an institution comes from one of two pages: the coordinator's or the institution's own."""

from django.shortcuts import get_object_or_404
from django.urls import reverse

from institutions.models import Institution
from institutions.officials import is_coordinator_for


def kept(request, slug) -> Institution:
    rows = Institution.objects.kept_by(request.user).select_related("project")
    return get_object_or_404(rows, slug=slug)


def page_of(institution: Institution, user) -> str:
    """Where she goes back to."""
    if is_coordinator_for(institution, user):
        return reverse("work_institution", args=[institution.slug])
    return f"{reverse('own_institution')}?of={institution.slug}"


def posted(request):
    """What was sent, even if it is nothing: such a form may be left empty."""
    return request.POST if request.method == "POST" else None
