"""Officials of an institution: invited, moved, named administrator, and ended when they leave."""

from django.contrib import messages as flash
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from institutions import officials
from institutions.forms import refuse
from institutions.institution_forms import InviteForm, SeatForm, SuccessorForm
from institutions.models import Institution, Official
from institutions.views.again import DoneBefore, did, lands
from institutions.views.keepers import kept, page_of, posted
from portal.refusals import Refused


@require_http_methods(["GET", "POST"])
def official_new(request, slug):
    institution = kept(request, slug)
    form = InviteForm(request.POST or None, institution=institution)
    back = page_of(institution, request.user)
    if request.method == "POST" and form.is_valid():
        try:
            officials.invite(institution, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Invited. The e-mail tells how to sign in."))
            return redirect(back)
    context = {"institution": institution, "form": form, "back_url": back}
    return render(request, "institutions/official_new.html", context)


@require_http_methods(["GET", "POST"])
@lands
def official_seat(request, pk):
    seat = kept_seat(request, pk)
    first = {"unit": seat.unit, "position": seat.position}
    form = SeatForm(request.POST or None, initial=first, institution=seat.institution)
    back = page_of(seat.institution, request.user)
    if request.method == "POST" and form.is_valid():
        try:
            officials.change_seat(seat, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Saved."))
            return redirect(back)
    context = {"seat": seat, "form": form, "back_url": back}
    return render(request, "institutions/official_seat.html", context)


@require_POST
@lands
def official_name(request, pk):
    seat = kept_seat(request, pk)
    try:
        officials.name_administrator(seat, by=request.user)
    except Refused as no:
        flash.error(request, str(no))
    else:
        flash.success(request, _("This person looks after the institution's page from now on."))
    return redirect(page_of(seat.institution, request.user))


@require_http_methods(["GET", "POST"])
@lands
def official_hand_over(request, pk):
    """Somebody else looks after the page from now on."""
    own = Official.objects.filter(user=request.user, pk=pk, is_administrator=False)
    if own.exists() and did(request.user, "official.handed_over", own, object_id=pk):
        raise DoneBefore("own_institution")
    seat = kept_seat(request, pk)
    back = page_of(seat.institution, request.user)
    form = SuccessorForm(posted(request), officials=others(seat), is_needed=False)
    if request.method == "POST" and form.is_valid():
        try:
            officials.hand_over(seat, by=request.user, successor=form.cleaned_data["successor"])
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Somebody else looks after the institution's page from now on."))
            return redirect("own_institution" if seat.user_id == request.user.pk else back)
    context = {"seat": seat, "form": form, "back_url": back}
    return render(request, "institutions/official_hand_over.html", context)


@require_http_methods(["GET", "POST"])
@lands
def official_end(request, pk):
    """She leaves herself, or somebody who keeps the institution ends her seat."""
    kept_here = Q(institution__in=Institution.objects.kept_by(request.user))
    rows = Official.objects.filter(kept_here | Q(user=request.user))
    seat = get_object_or_404(rows.select_related("institution__project", "user"), pk=pk)
    is_own = seat.user_id == request.user.pk
    back = page_of(seat.institution, request.user)
    refuse_ended(seat, reverse("my_page") if is_own else back)
    form = SuccessorForm(posted(request), officials=others(seat), is_needed=False)
    if request.method == "POST" and form.is_valid():
        try:
            officials.end(seat, by=request.user, successor=form.cleaned_data["successor"])
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Ended. The requests stay with the institution."))
            return redirect("my_page" if is_own else back)
    context = {"seat": seat, "form": form, "back_url": back, "is_own": is_own}
    return render(request, "institutions/official_end.html", context)


def kept_seat(request, pk) -> Official:
    rows = Official.objects.filter(institution__in=Institution.objects.kept_by(request.user))
    seat = get_object_or_404(rows.select_related("institution__project", "user", "unit"), pk=pk)
    refuse_ended(seat, page_of(seat.institution, request.user))
    return seat


def refuse_ended(seat: Official, back: str) -> None:
    if not Official.objects.serving().filter(pk=seat.pk).exists():
        raise DoneBefore(back)


def others(seat: Official):
    """Who could take over from her."""
    rows = Official.objects.serving().filter(institution=seat.institution).exclude(pk=seat.pk)
    return rows.select_related("user").order_by("user__name_key", "id")
