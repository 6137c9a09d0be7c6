"""The institution's own page: officials read it, whoever looks after it keeps it right."""

from django.contrib import messages as flash
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from institutions import places
from institutions.access import official_required
from institutions.forms import refuse
from institutions.institution_forms import InstitutionFactsForm
from institutions.models import Institution, Official
from institutions.views.institutions import people_and_places
from portal.languages import SPOKEN_LANGUAGES, listed
from portal.refusals import Refused

SPOKEN = dict(SPOKEN_LANGUAGES)


@official_required
@require_GET
def own_institution(request):
    """``?of=``: which one, for who works in several."""
    seats = list(
        Official.objects.serving()
        .filter(user=request.user)
        .select_related("institution", "unit")
        .order_by("institution__slug", "id")
    )
    asked = request.GET.get("of")
    seat = next((one for one in seats if one.institution.slug == asked), None if asked else seats[0])
    if seat is None:
        raise Http404
    return render(
        request,
        "institutions/own_institution.html",
        people_and_places(seat.institution)
        | {
            "seat": seat,
            "seats": seats,
            "can_keep": seat.is_administrator,
            "agreement": Institution.objects.with_agreement().get(pk=seat.institution_id),
            "spoken_here": listed(SPOKEN[code] for code in seat.institution.languages_met),
        },
    )


@official_required
@require_http_methods(["GET", "POST"])
def own_institution_edit(request, slug):
    seats = Official.objects.serving().filter(user=request.user, is_administrator=True)
    seat = seats.filter(institution__slug=slug).select_related("institution").first()
    if seat is None:
        raise Http404
    form = InstitutionFactsForm(request.POST or None, instance=seat.institution)
    if request.method == "POST" and form.is_valid():
        try:
            places.change_institution(
                Institution.objects.get(pk=seat.institution_id), by=request.user, **form.cleaned_data
            )
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Saved."))
            return redirect("own_institution")
    return render(
        request,
        "institutions/own_institution_edit.html",
        {"institution": seat.institution, "form": form},
    )
