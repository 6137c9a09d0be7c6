"""Papers of a month as their owners find them: an assistant's sheets, an institution's statements."""

from django.contrib import messages as flash
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from institutions import settlement, sheets
from institutions.access import assistant_required, official_required
from institutions.models import HoursSheet, Institution, Official, Statement
from institutions.views.settlement import asked_month
from portal.refusals import Refused

MONTHS = 12


@assistant_required
@require_GET
def own_sheets(request):
    assistant = request.user.assistant
    held = HoursSheet.objects.newest().filter(assistant=assistant).order_by("-month")
    have = {sheet.month for sheet in held}
    last = settlement.months_back(2)[1]
    waiting = [one for month in settlement.months_back(2) for one in sheets.waiting_of([assistant], month)]
    context = {
        "sheets": held[:MONTHS],
        "last": None if last in have or not sheets.rows_of(assistant, last) else last,
        "waiting": waiting,
    }
    return render(request, "institutions/own_sheets.html", context)


@assistant_required
@require_POST
def own_sheet_make(request):
    """She need not wait for the coordinator: her month is written down as it stands."""
    month = asked_month(request.POST.get("month"))
    try:
        sheet = sheets.make(request.user.assistant, month, by=request.user)
    except Refused as no:
        flash.error(request, str(no))
        return redirect("own_sheets")
    flash.success(request, _("This is your month. Please look whether everything is right."))
    return redirect("hours_sheet", sheet.public_id)


@official_required
@require_GET
def own_statements(request, slug):
    kept = Official.objects.serving().filter(user=request.user, is_administrator=True)
    rows = Institution.objects.filter(pk__in=kept.values("institution"))
    institution = get_object_or_404(rows, slug=slug)
    # What the network has not signed yet is not ready to be read.
    signed = Statement.objects.filter(institution=institution, first_signed_at__isnull=False)
    context = {"institution": institution, "statements": signed.order_by("-month", "-version")[: 2 * MONTHS]}
    return render(request, "institutions/own_statements.html", context)
