"""The public pages: the list, a workshop, its calendar file."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language

from portal.access import public
from workshops import calendar, search, structured_data
from workshops.cards import cards_of, with_cards
from workshops.facts import facts_of
from workshops.forms import FilterForm
from workshops.guards import AlreadyRegistered, why_not_cancel, why_not_register
from workshops.models import Registration, Workshop

A_PAGE = 20


@public
def workshops(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET, choices=search.choices())
    form.is_valid()
    found = with_cards(search.find(**form.criteria))
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page,
        "cards": cards_of(page, request.user, page_language=get_language()),
        "is_filtered": bool(form.criteria),
        "main_filters": [form[name] for name in ("theme", "town", "language")],
        "more_filters": [form[name] for name in ("place", "time")],
        "more_filters_used": bool({"place", "time"} & form.criteria.keys()),
    }
    return render(request, "workshops/workshops.html", context)


@public
def workshop(request: HttpRequest, slug: str) -> HttpResponse:
    workshop = find_workshop(request.user, slug)
    now = timezone.now()
    user = request.user if request.user.is_authenticated else None
    registration = workshop.registrations.with_rank().filter(user=user).first() if user else None
    refusal = why_not_register(workshop, user, registration=registration, now=now)
    if registration:
        registration.workshop = workshop
    has_place = bool(registration) and registration.state == Registration.State.CONFIRMED
    url = request.build_absolute_uri(request.path)
    context = {
        "workshop": workshop,
        "registration": registration if registration and registration.is_standing else None,
        "refusal": None if isinstance(refusal, AlreadyRegistered) else refusal,
        "cancel_refusal": why_not_cancel(registration, now=now) if registration else None,
        "closes_at": workshop.closes_at(),
        "cancel_until": workshop.can_cancel_until(now),
        "facts": facts_of(workshop, has_place=has_place, now=now),
        "now": now,
        "url": url,
        "structured_data": structured_data.event(workshop, url=url),
    }
    return render(request, "workshops/workshop.html", context)


@public
def workshop_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """Its sessions for any calendar; with the address for those who have a place."""
    workshop = find_workshop(request.user, slug)
    confirmed = workshop.registrations.confirmed()
    has_place = request.user.is_authenticated and confirmed.filter(user=request.user).exists()
    return HttpResponse(
        calendar.as_ics(workshop, with_address=has_place),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{workshop.slug}.ics"'},
    )


def find_workshop(user, slug: str) -> Workshop:
    """A published workshop, or a draft for those who plan it; 404 for everybody else."""
    seen = Workshop.objects.published() | Workshop.objects.managed_by(user)
    rows = seen.with_free_seats().select_related("project", "theme").prefetch_related("sessions")
    return get_object_or_404(rows, slug=slug)
