"""The assistant answers whether she can come at another time."""

from copy import copy

from django.contrib import messages as flash
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from institutions import disclosure, proposals
from institutions.access import assistant_required
from institutions.models import TimeChange
from portal.refusals import Refused


@assistant_required
@require_http_methods(["GET", "POST"])
def assistant_change(request, public_id):
    """What she agreed to, what is proposed now, and yes or no."""
    rows = TimeChange.objects.filter(assignment__assistant__user=request.user)
    change = get_object_or_404(rows.select_related("assignment__request__institution"), public_id=public_id)
    if request.method == "POST":
        is_yes = "yes" in request.POST
        try:
            proposals.answer(change, by=request.user, is_yes=is_yes)
        except Refused as no:
            flash.error(request, str(no))
            return redirect("assistant_change", public_id)
        if is_yes:
            flash.success(request, _("Thank you. The meeting is in your calendar at its new time."))
            return redirect("assistant_job", change.assignment.public_id)
        flash.success(request, _("Thank you for saying so. Somebody else will go."))
        return redirect("assistant_home")
    asked = change.assignment.request
    moved = copy(asked)
    moved.start_at, moved.end_at = change.start_at, change.end_at
    context = {"change": change, "asked": asked, "outline": disclosure.outline(asked)}
    context["moved"] = disclosure.outline(moved)
    return render(request, "institutions/assistant_change.html", context)
