"""The public pages: the list, a workshop, its calendar file."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.access import public
from portal.models import User
from portal.refusals import Refused
from workshops import calendar, placement, prerequisites, search, seats, structured_data, waiting_list
from workshops.alternatives import alternatives_to
from workshops.cards import cards_of, with_cards
from workshops.facts import facts_of
from workshops.forms import FilterForm
from workshops.guards import AlreadyRegistered, JustCome, why_not_cancel, why_not_register
from workshops.models import Placement, Registration, SeatOffer, Workshop

A_PAGE = 20

#: Of the session: the keys of the invitations that were opened in this browser, by workshop.
INVITED = "invitations"


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
        "calendar": calendar.addresses_of_feed(form.criteria),
        "main_filters": [form[name] for name in ("theme", "town", "language")],
        "more_filters": [form[name] for name in ("level", "place", "time")],
        "more_filters_used": bool({"level", "place", "time"} & form.criteria.keys()),
    }
    return render(request, "workshops/workshops.html", context)


@public
def workshop(request: HttpRequest, slug: str) -> HttpResponse:
    workshop = find_workshop(request.user, slug)
    now = timezone.now()
    user = request.user if request.user.is_authenticated else None
    mine = workshop.registrations.with_rank().with_party_size().select_related("user")
    registration = mine.filter(user=user).first() if user else None
    invitation = invitation_of(request, workshop)
    refusal = why_not_register(workshop, user, registration=registration, now=now, invitation=invitation)
    if registration:
        registration.workshop = workshop
    has_place = bool(registration) and registration.state == Registration.State.CONFIRMED
    url = request.build_absolute_uri(request.path)
    context = {
        "workshop": workshop,
        "registration": registration if registration and registration.is_standing else None,
        "refusal": None if isinstance(refusal, AlreadyRegistered) else refusal,
        "just_come": isinstance(refusal, JustCome),
        "other_way": _other_way(refusal, request),
        "my_level": _level_of(registration) if registration else None,
        **_turn_of(registration, now),
        "alternatives": _alternatives(workshop, registration, refusal, user),
        "rules": prerequisites.rules_of(workshop),
        "cancel_refusal": why_not_cancel(registration, now=now) if registration else None,
        "closes_at": workshop.closes_at(),
        "cancel_until": workshop.can_cancel_until(now),
        "facts": facts_of(workshop, has_place=has_place, now=now),
        **_meetings(workshop, now),
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


def _meetings(workshop: Workshop, now) -> dict[str, list]:
    """What is to come, and what is past: folded away while there is still something to come."""
    meetings = list(workshop.sessions.all())
    ahead = [meeting for meeting in meetings if meeting.end_at >= now]
    past = [meeting for meeting in meetings if meeting.end_at < now]
    return {"ahead": ahead, "past": past} if ahead else {"ahead": past, "past": []}


def invitation_of(request: HttpRequest, workshop: Workshop) -> str:
    """The key from the link that she opened, where one is needed."""
    if workshop.signup_mode != Workshop.SignupMode.BY_INVITATION:
        return ""
    return request.session.get(INVITED, {}).get(workshop.slug, "")


def _turn_of(registration: Registration | None, now) -> dict:
    """What is offered to her, or what she may take at once."""
    state = registration.state if registration else ""
    is_offered, waits = state == Registration.State.OFFERED, state == Registration.State.WAITLISTED
    return {
        "offer": SeatOffer.objects.live().of(registration).first() if is_offered else None,
        "can_take": waits
        and registration.workshop.free_seats > 0
        and waiting_list.can_take_at_once(seats.together(registration), now),
    }


def _alternatives(
    workshop: Workshop, registration: Registration | None, refusal: Refused | None, user: User | None
) -> list[dict]:
    """For who waits, finds it full, or cannot come here; not for who has what she came for."""
    if workshop.state == Workshop.State.DRAFT or isinstance(refusal, JustCome):
        return []
    if registration and registration.is_standing:
        looks = registration.state == Registration.State.WAITLISTED
        looks |= workshop.state == Workshop.State.CANCELLED
    else:
        looks = refusal is not None or not workshop.free_seats
    return alternatives_to(workshop, user=user) if looks else []


def _level_of(registration: Registration) -> Placement | None:
    """Shown where the level decides; one query."""
    if not registration.is_standing or not registration.workshop.needs_placement:
        return None
    return placement.newest_of([registration.user_id]).get(registration.user_id)


def _other_way(refusal: Refused | None, request: HttpRequest) -> dict[str, str] | None:
    """Where somebody goes who cannot register here as she is."""
    if isinstance(refusal, prerequisites.SignInFirst):
        address = reverse("account_login", query={"next": request.path})
        return {"url": address, "label": _("Sign in")}
    if isinstance(refusal, prerequisites.WrongLevel):
        label = _("Groups for level %(level)s") % {"level": refusal.level}
        return {"url": reverse("workshops", query={"level": refusal.level}), "label": label}
    return None


def find_workshop(user, slug: str) -> Workshop:
    """A published workshop, or a draft for those who plan it; 404 for everybody else."""
    seen = Workshop.objects.published() | Workshop.objects.managed_by(user)
    rows = seen.with_free_seats().select_related("project", "theme").prefetch_related("sessions", "requires")
    return get_object_or_404(rows, slug=slug)
