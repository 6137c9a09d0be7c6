"""A unit of an institution: kept by the institution's own administrator or by the network's coordinator."""

from django.contrib import messages as flash
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from institutions import places
from institutions.forms import refuse
from institutions.institution_forms import UnitForm
from institutions.models import Institution, Unit
from institutions.views.keepers import kept, page_of, posted
from institutions.week_forms import OpeningHoursForm
from portal.refusals import Refused


@require_http_methods(["GET", "POST"])
def unit_new(request, slug):
    institution = kept(request, slug)
    form = UnitForm(request.POST or None, project=institution.project_id)
    if request.method == "POST" and form.is_valid():
        try:
            unit = places.add_unit(institution, by=request.user, **form.facts())
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("The unit is on the list. Now say when it is open."))
            return redirect("unit_hours", unit.pk)
    back = page_of(institution, request.user)
    context = {"institution": institution, "unit": None, "form": form, "back_url": back}
    return render(request, "institutions/unit.html", context)


@require_http_methods(["GET", "POST"])
def unit(request, pk):
    one = kept_unit(request, pk)
    form = UnitForm(request.POST or None, instance=one, project=one.institution.project_id)
    if request.method == "POST" and form.is_valid():
        try:
            places.change_unit(one, by=request.user, **form.facts())
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("Saved."))
            return redirect(page_of(one.institution, request.user))
    context = {"institution": one.institution, "unit": one, "form": form}
    back = {"back_url": page_of(one.institution, request.user)}
    return render(request, "institutions/unit.html", context | back)


@require_http_methods(["GET", "POST"])
def unit_hours(request, pk):
    one = kept_unit(request, pk)
    form = OpeningHoursForm(posted(request), hours=one.opening_hours.all())
    if request.method == "POST" and form.is_valid():
        try:
            places.set_opening_hours(one, form.hours(), by=request.user)
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("The opening hours are saved."))
            return redirect(page_of(one.institution, request.user))
    context = {"unit": one, "form": form, "back_url": page_of(one.institution, request.user)}
    return render(request, "institutions/unit_hours.html", context)


@require_POST
def unit_close(request, pk):
    """Close it, or open it again: what the page showed is in the form."""
    one = kept_unit(request, pk)
    if request.POST.get("open"):
        places.reopen_unit(one, by=request.user)
        flash.success(request, _("The unit is open again."))
    else:
        places.close_unit(one, by=request.user)
        flash.success(request, _("The unit is closed. Requests of before stay."))
    return redirect(page_of(one.institution, request.user))


def kept_unit(request, pk) -> Unit:
    rows = Unit.objects.filter(institution__in=Institution.objects.kept_by(request.user))
    return get_object_or_404(rows.select_related("institution__project"), pk=pk)
