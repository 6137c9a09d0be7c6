"""What a coordinator does for an institution where nobody has a way in here."""

from django.contrib import messages as flash
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from institutions import time_reports
from institutions.views.after import managed_job, report_of
from institutions.views.visits import moment
from portal.refusals import Refused
from projects.access import coordinator_required


@coordinator_required
@require_POST
def work_job_confirm(request, public_id):
    """The institution has said on the phone that the hours are right."""
    job = managed_job(request, public_id)
    seen = moment(request.POST.get("seen", ""))
    try:
        time_reports.confirm_report(report_of(job), by=request.user, seen=seen)
    except Refused as no:
        flash.error(request, str(no))
    else:
        flash.success(request, _("Thank you. The hours are confirmed."))
    return redirect("work_after")
