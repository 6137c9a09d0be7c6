"""What an assistant is asked, and her answer. Before she agrees she sees the outline alone (domain.md A4)."""

from uuid import UUID

from django.contrib import messages as flash
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from institutions import collisions, disclosure, offers, series_offers
from institutions.access import assistant_required
from institutions.models import AssistanceRequest, Offer
from institutions.staffing_wording import OFFER_BADGES, OVER
from portal.clock import WARSAW
from portal.refusals import Refused


@assistant_required
@require_GET
def assistant_offer(request, public_id):
    offer = own_offer(request, public_id)
    is_open = offer.state == Offer.State.OPEN and offer.expires_at > timezone.now()
    is_impossible = is_open and bool(collisions.colliding([offer]))
    is_open = is_open and not is_impossible
    together = series_offers.waiting_beside(offer) if is_open else []
    context = {
        "offer": offer,
        "view": disclosure.for_offer(offer),
        "is_open": is_open,
        "is_impossible": is_impossible or is_busy_since(offer),
        "is_interested": offer.state == Offer.State.INTERESTED,
        "is_choice": offer.request.choice == AssistanceRequest.Choice.COORDINATOR,
        "badge": OFFER_BADGES[offer.state],
        "over": OVER.get(offer.state),
        "together": disclosure.for_offers(together) if len(together) > 1 else [],
    }
    return render(request, "institutions/assistant_offer.html", context)


@assistant_required
@require_POST
def offer_accept(request, public_id):
    offer = own_offer(request, public_id)
    try:
        job = offers.accept(offer, by=request.user)
    except Refused as no:
        flash.error(request, str(no))
        return redirect("assistant_offer", public_id)
    flash.success(request, _("Thank you. The job is yours."))
    return redirect("assistant_job", job.public_id)


@assistant_required
@require_POST
def offer_accept_series(request, public_id):
    """Yes to those meetings of the series that stood on her page."""
    offer = own_offer(request, public_id)
    answered = series_offers.accept_all(offer, seen=ids_in(request.POST.getlist("offer")), by=request.user)
    for one, no in answered.refused:
        day = date_format(timezone.localtime(one.request.start_at, WARSAW), "j E, H:i")
        flash.error(request, _("%(day)s: %(why)s") % {"day": day, "why": no})
    if not answered.agreed:
        return redirect("assistant_offer", public_id)
    number = len(answered.agreed)
    words = ngettext(
        "Thank you. You have agreed to %(number)s meeting.",
        "Thank you. You have agreed to %(number)s meetings.",
        number,
    )
    flash.success(request, words % {"number": number})
    return redirect("assistant_home")


@assistant_required
@require_POST
def offer_refuse(request, public_id):
    try:
        offers.refuse(own_offer(request, public_id), by=request.user)
    except Refused as no:
        flash.error(request, str(no))
    else:
        flash.success(request, _("All right, not this time. Thank you for the answer."))
    return redirect("assistant_home")


@assistant_required
@require_POST
def offer_interested(request, public_id):
    try:
        offers.show_interest(own_offer(request, public_id), by=request.user)
    except Refused as no:
        flash.error(request, str(no))
    else:
        flash.success(request, _("Thank you. The coordinator chooses, and we will write to you."))
    return redirect("assistant_offer", public_id)


def ids_in(values: list[str]) -> list[UUID]:
    """What a form says were ids; anything else is left out."""
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found


def own_offer(request, public_id) -> Offer:
    mine = Offer.objects.filter(assistant__user=request.user)
    mine = mine.select_related("request__institution", "assistant")
    return get_object_or_404(mine, public_id=public_id)


def is_busy_since(offer: Offer) -> bool:
    """Her offer was ended because something else is in her diary, and the meeting is still to come."""
    is_called_off = offer.state == Offer.State.CALLED_OFF and offer.request.start_at > timezone.now()
    return is_called_off and bool(collisions.colliding([offer]))
