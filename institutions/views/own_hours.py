"""The assistant says when she can help: her week, hours of one day, and her days off."""

from django.contrib import messages as flash
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from institutions import availability
from institutions.access import assistant_required
from institutions.forms import refuse
from institutions.models import AvailabilityException, ExtraHours
from institutions.views.again import lands, to_drop
from institutions.views.tabs import own_tabs
from institutions.week_forms import DaysOffForm, ExtraHoursForm, WeekForm
from portal.refusals import Refused


@assistant_required
@require_http_methods(["GET", "POST"])
def assistant_hours(request):
    assistant = request.user.assistant
    form = WeekForm(request.POST or None, assistant=assistant)
    if request.method == "POST" and form.is_valid():
        availability.change_week(
            assistant, by=request.user, hours=form.hours(), shares_phone=form.cleaned_data["shares_phone"]
        )
        flash.success(request, _("Your hours are saved."))
        return redirect("assistant_hours")
    return render(request, "institutions/assistant_hours.html", hours_page(assistant, form=form))


@assistant_required
@require_POST
def extra_hours_add(request):
    assistant = request.user.assistant
    form = ExtraHoursForm(request.POST)
    if form.is_valid():
        try:
            availability.add_hours(assistant, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("We will ask you in these hours too."))
            return redirect("assistant_hours")
    context = hours_page(assistant, extra_hours_form=form)
    return render(request, "institutions/assistant_hours.html", context)


@assistant_required
@require_POST
@lands
def extra_hours_drop(request, pk):
    mine = ExtraHours.objects.filter(assistant__user=request.user)
    hours = to_drop(mine, pk, action="extra_hours.dropped", by=request.user, to="assistant_hours")
    availability.drop_hours(hours, by=request.user)
    flash.success(request, _("These hours are gone."))
    return redirect("assistant_hours")


@assistant_required
@require_POST
def days_off_add(request):
    assistant = request.user.assistant
    form = DaysOffForm(request.POST)
    if form.is_valid():
        try:
            days = availability.take_days_off(assistant, by=request.user, **form.cleaned_data)
        except Refused as no:
            refuse(form, no)
        else:
            flash.success(request, _("We will not ask you on these days."))
            if jobs := availability.jobs_in(days):
                sentence = ngettext(
                    "You have agreed to %(number)s job on these days. If you cannot come, please withdraw.",
                    "You have agreed to %(number)s jobs on these days. If you cannot come, please withdraw.",
                    jobs,
                )
                flash.warning(request, sentence % {"number": jobs})
            return redirect("assistant_hours")
    context = hours_page(assistant, days_off_form=form)
    return render(request, "institutions/assistant_hours.html", context)


@assistant_required
@require_POST
@lands
def days_off_drop(request, pk):
    mine = AvailabilityException.objects.filter(assistant__user=request.user)
    days = to_drop(mine, pk, action="days_off.dropped", by=request.user, to="assistant_hours")
    availability.drop_days_off(days, by=request.user)
    flash.success(request, _("These days are free again."))
    return redirect("assistant_hours")


def hours_page(assistant, *, form=None, extra_hours_form=None, days_off_form=None) -> dict:
    """Three forms; the one that was sent with what was typed, the others as they are."""
    today = timezone.localdate()
    return {
        "form": form or WeekForm(assistant=assistant),
        "extra_hours_form": extra_hours_form or ExtraHoursForm(),
        "extra_hours": assistant.extra_hours.filter(day__gte=today),
        "days_off_form": days_off_form or DaysOffForm(),
        "days_off": assistant.exceptions.filter(ends_on__gte=today),
        "tabs": own_tabs("assistant_hours"),
    }
