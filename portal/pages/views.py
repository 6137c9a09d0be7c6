"""The home page, and the person's own page: what concerns her, from whatever app it comes."""

from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from portal.access import public
from portal.models import DiaryEntry, Message, ReadEntry
from workshops.cards import cards_of, with_cards
from workshops.guards import why_not_cancel
from workshops.hours import with_minutes
from workshops.models import Registration, SeatOffer, Workshop
from workshops.registration_views import ASKED

#: A greeting in each language, so that everybody finds her own at once.
GREETINGS = {
    "pl": "Dzień dobry",
    "en": "Hello",
    "uk": "Добрий день",
    "be": "Добры дзень",
    "ru": "Здравствуйте",
    "ar": "أهلاً وسهلاً",
}
NEXT = 4
MESSAGES = 20


@public
def home(request: HttpRequest) -> HttpResponse:
    soon = with_cards(Workshop.objects.announced())[:NEXT]
    cards = cards_of(soon, request.user, page_language=get_language())
    return render(request, "portal/home.html", {"cards": cards, "greetings": GREETINGS})


def my_page(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    rows = list(_registrations(request.user))
    messages = Message.objects.visible_to(request.user).filter(state=Message.State.SENT, is_secret=False)
    offers = _offers(rows)
    # What is offered stands above, with its two buttons.
    shown = {(offer.registration.workshop_id, Registration.State.OFFERED) for offer in offers}
    standing = [row for row in rows if row.is_standing and (row.workshop_id, row.state) not in shown]
    context = {
        "diary": list(DiaryEntry.objects.standing().filter(user=request.user).coming(now)[: NEXT * 5]),
        "offers": offers,
        "registrations": [_standing(row, now) for row in standing if _is_ahead(row, now)],
        "hours": [row for row in rows if row.minutes],
        "minutes": sum(row.minutes for row in rows),
        "inbox": list(messages.order_by("-sent_at", "-id")[:MESSAGES]),
        "readings": ReadEntry.objects.filter(subject_id=request.user.pk).aggregate(
            number=Count("pk"), last_at=Max("at"), phone=Count("pk", filter=Q(what="phone"))
        ),
        "asked": request.session.get(ASKED),
        "today": timezone.localdate(),
    }
    return render(request, "portal/my_page.html", context)


def _registrations(user):
    """All of a person's, with her number on each list and the minutes credited to her."""
    return (
        with_minutes(Registration.objects.visible_to(user))
        .with_rank()
        .with_party_size()
        .select_related("workshop__project")
        .prefetch_related("workshop__sessions")
        .order_by("created_at", "id")
    )


def _offers(rows: list[Registration]) -> list[SeatOffer]:
    """Places kept for her, or for those she registered with, until she answers."""
    offered = [row for row in rows if row.state == Registration.State.OFFERED]
    if not offered:
        return []
    hers = Q(registration__in=offered) | Q(
        registration__party__in=[row.party for row in offered if row.party]
    )
    live = SeatOffer.objects.live().filter(hers, registration__workshop__in=[row.workshop for row in offered])
    return list(live.select_related("registration__workshop").order_by("until", "id"))


def _is_ahead(row: Registration, now) -> bool:
    return row.workshop.state == Workshop.State.PUBLISHED and bool(row.workshop.sessions_ahead(now))


def _standing(row: Registration, now) -> dict:
    ahead = row.workshop.sessions_ahead(now)
    return {
        "row": row,
        "workshop": row.workshop,
        "next": ahead[0],
        "meetings": len(ahead),
        "refusal": why_not_cancel(row, now=now),
        "cancel_until": row.workshop.can_cancel_until(now),
    }
