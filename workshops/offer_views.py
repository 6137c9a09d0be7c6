"""The page of an offered place. It opens from the link in the message, without signing in.

The link is as good as a key: nobody can guess its number, and the page says no more than the message did.
Only pressing a button changes anything, as programs that look through mail open links too.
"""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from portal.access import public
from portal.refusals import Refused
from workshops import waiting_list
from workshops.guards import Overlaps, PersonIsBusy
from workshops.models import Registration, SeatOffer

ANSWERS = {"accept": waiting_list.accept, "decline": waiting_list.decline}


class BusyThen(Refused):
    """What else she has at that time is not told to whoever opens the link."""

    sentence = _(
        "You already have something else at that time. "
        "Please sign in, look at your page, and cancel one of the two. Until then we keep the place."
    )


@public
@never_cache
def seat_offer(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    rows = SeatOffer.objects.select_related("registration__user", "registration__workshop__theme")
    offer = rows.prefetch_related("registration__workshop__sessions").filter(public_id=public_id).first()
    if offer is None:
        return render(request, "workshops/offer_unknown.html", status=404)
    if request.method == "POST":
        _answer(request, offer)
        return redirect("seat_offer", public_id)
    now = timezone.now()
    refusal = waiting_list.why_not_accept(offer, now=now)
    context = {
        "offer": offer,
        "workshop": offer.registration.workshop,
        "sessions": offer.registration.workshop.sessions_ahead(now),
        "refusal": refusal,
        "is_open": offer.state == SeatOffer.State.LIVE and refusal is None,
        "has_place": offer.registration.state == Registration.State.CONFIRMED,
    }
    return render(request, "workshops/seat_offer.html", context)


def _answer(request: HttpRequest, offer: SeatOffer) -> None:
    """The page that follows says what became of it; only what it does not say is a message."""
    verb = ANSWERS.get(request.POST.get("answer", ""))
    if verb is None:
        return
    try:
        verb(offer, by=offer.registration.user)
    except waiting_list.OfferIsOver:
        return
    except (Overlaps, PersonIsBusy) as no:
        is_she = request.user.is_authenticated and request.user == offer.registration.user
        messages.error(request, str(no if is_she else BusyThen()))
    except Refused as no:
        messages.error(request, str(no))
