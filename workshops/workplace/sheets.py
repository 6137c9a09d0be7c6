"""Signature lists in the workplace: of a session, one of them, of a workshop. For trainers too.

Every page that shows names is noted as a reading of them.
"""

from collections import Counter

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import audit
from portal.languages import OWN_NAMES
from portal.refusals import Refused
from projects.models import Project
from workshops import reconciliation, scans, sheet_paper, sheets
from workshops.models import SignatureSheet, Workshop
from workshops.workplace.desk import led_sessions, led_workshops, workshop_tabs
from workshops.workplace.forms import refuse
from workshops.workplace.sheet_forms import CountersignForm, EmptyRowForm, PrintForm, ScanForm, SignedForm


def work_session_paper(request, pk):
    """The lists of a session, a new one, and how they differ from the codes and the roll."""
    session = get_object_or_404(led_sessions(request.user), pk=pk)
    form = PrintForm(
        request.POST if request.POST.get("action") == "print" else None,
        initial={"language": sheets.language_for(session.workshop)},
    )
    if request.method == "POST" and form.is_bound and form.is_valid():
        if printed := _print(request, session, form):
            return redirect(printed)
    elif request.method == "POST" and not form.is_bound:
        _put_right(request, session)
        return redirect("work_session_paper", pk)
    compared = reconciliation.of_all([session])[session.pk]
    found = compared.differences
    audit.record_reading(
        [row.registration.user for row in found], "name", by=request.user, purpose="signatures"
    )
    context = _page(session.workshop, session.can_plan) | {
        "session": session,
        "form": form,
        "sheets": session.sheets.select_related("countersigned_by").order_by("-number"),
        "differences": found,
        "bulk": _bulk(found),
        "unmarked": compared.unmarked,
        "has_begun": session.start_at <= timezone.now(),
        "is_open_event": session.workshop.signup_mode == Workshop.SignupMode.OPEN,
    }
    return render(request, "workshops/workplace/session_paper.html", context)


def _print(request, session, form) -> str:
    data = form.cleaned_data
    try:
        sheet = sheets.print_sheet(
            session, by=request.user, language=data["language"], blank_rows=data["blank_rows"]
        )
    except Refused as no:
        refuse(form, no)
        return ""
    address = reverse("work_sheet_pdf", args=[sheet.public_id])
    return f"{address}?times=1" if data["with_times"] else address


def _put_right(request, session) -> None:
    """One difference, or all of one kind. Where it is right already nothing is said to be changed."""
    number, kind = request.POST.get("registration", ""), request.POST.get("kind", "")
    try:
        if kind:
            changed = reconciliation.put_all_right(session, kind, by=request.user)
        else:
            rows = session.workshop.registrations.filter(pk=int(number) if number.isdecimal() else None)
            changed = sum(bool(reconciliation.put_right(session, row, by=request.user)) for row in rows)
    except Refused as no:
        messages.error(request, str(no))
        return
    told = ngettext("%(number)d mark is put right.", "%(number)d marks are put right.", changed)
    messages.success(request, told % {"number": changed})


def _bulk(found) -> list[dict]:
    """Kinds of which several can be put right at once: those where somebody was there after all."""
    kinds = Counter(row.kind for row in found if row.right_mark == "present" and not row.is_contested)
    return [
        {"kind": kind, "label": kind.label, "number": number} for kind, number in kinds.items() if number > 1
    ]


def work_sheet(request, public_id):
    """One list: print it again, attach its scan, write down who signed, countersign it."""
    sheet = get_object_or_404(_led_sheets(request), public_id=public_id)
    rows = list(sheet.rows.select_related("registration__user").order_by("position"))
    action = request.POST.get("action", "")
    forms = {
        "scan": ScanForm(*([request.POST, request.FILES] if action == "scan" else [])),
        "rows": SignedForm(request.POST if action == "rows" else None, sheet=sheet, rows=rows),
        "row": EmptyRowForm(request.POST if action == "row" else None, sheet=sheet),
        "countersign": CountersignForm(request.POST if action == "countersign" else None),
    }
    if action in ACTIONS and forms[action].is_valid():
        try:
            messages.success(request, ACTIONS[action](sheet, forms[action], request.user))
        except Refused as no:
            refuse(forms[action], no)
        else:
            return redirect("work_sheet", public_id)
    seen = [row.registration.user for row in rows] + [row.user for row in forms["row"].rows]
    audit.record_reading(seen, "name", by=request.user, purpose="signatures")
    context = _page(sheet.session.workshop, sheet.can_plan) | _sheet_context(sheet, rows) | {"forms": forms}
    return render(request, "workshops/workplace/sheet.html", context)


def _attach(sheet, form, user) -> str:
    sheets.attach_scan(sheet, form.contents(), by=user)
    return _("The scan is kept.")


def _write_down(sheet, form, user) -> str:
    signed = sheets.write_down(sheet, form.signed(), by=user)
    return ngettext(
        "%(number)d signature is written down.", "%(number)d signatures are written down.", signed
    ) % {"number": signed}


def _add_row(sheet, form, user) -> str:
    row = sheets.add_row(sheet, form.cleaned_data["registration"], by=user)
    return _("%(person)s is on the list now.") % {"person": row.registration.user}


def _countersign(sheet, form, user) -> str:
    sheets.countersign(sheet, by=user, remark=form.cleaned_data["remark"])
    return _("The list is countersigned.")


ACTIONS = {"scan": _attach, "rows": _write_down, "row": _add_row, "countersign": _countersign}


def _sheet_context(sheet, rows) -> dict:
    return {
        "sheet": sheet,
        "session": sheet.session,
        "rows": rows,
        "is_picture": sheet.scan.name.endswith((".jpg", ".png")),
        "is_written_down": all(row.is_signed is not None for row in rows),
        "differences": len(reconciliation.differences(sheet.session)),
        "has_begun": sheet.session.start_at <= timezone.now(),
        "is_over": sheet.session.end_at <= timezone.now(),
        "may_countersign": sheet.is_hers or not sheet.has_trainers,
        "changed_since": sheets.changed_since(sheet),
        "walk_in_url": _walk_in_url(sheet.session),
    }


def _walk_in_url(session) -> str:
    try:
        return reverse("work_walk_in", args=[session.pk])
    except NoReverseMatch:
        return ""


def work_sheet_pdf(request, public_id):
    sheet = get_object_or_404(_led_sheets(request), public_id=public_id)
    people = [row.registration.user for row in sheet.rows.select_related("registration__user")]
    audit.record_reading(people, "name", by=request.user, purpose="signatures")
    return HttpResponse(
        sheet_paper.pdf(sheet, with_times=bool(request.GET.get("times"))),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{_file_name(sheet, "pdf")}"'},
    )


def work_sheet_scan(request, public_id):
    """The scan as it was kept: of a kind that we chose by its content, never run, never stored on the way."""
    sheet = get_object_or_404(_led_sheets(request), public_id=public_id)
    if not sheet.scan:
        raise Http404
    people = [row.registration.user for row in sheet.rows.select_related("registration__user")]
    audit.record_reading(people, "signature", by=request.user, purpose="signatures")
    kind = sheet.scan.name.rpartition(".")[2]
    response = FileResponse(
        sheet.scan.open("rb"),
        as_attachment=kind == "pdf",
        filename=_file_name(sheet, kind),
        content_type=scans.CONTENT_TYPES[kind],
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    return response


def _file_name(sheet, kind: str) -> str:
    day = timezone.localtime(sheet.session.start_at)
    return f"{sheet.session.workshop.slug}-{day:%Y-%m-%d}-{sheet.number}.{kind}"


def work_workshop_sheets(request, slug):
    """What paper there is of each meeting so far, and what is missing; of an open event the head-counts."""
    workshop = get_object_or_404(led_workshops(request.user), slug=slug)
    rows = sheets.with_paper(workshop.sessions.planned()).select_related("head_count")
    sessions = list(rows.order_by("start_at", "id"))
    compared = reconciliation.of_all(sessions)
    context = _page(workshop, workshop.can_plan) | {
        "lines": [
            {
                "session": row,
                "differences": len(compared[row.pk].differences),
                "count": getattr(row, "head_count", None),
            }
            for row in sessions
        ],
        "now": timezone.now(),
        "sums": sums_of([session for session in sessions if session.end_at <= timezone.now()]),
        "poster_languages": OWN_NAMES.items(),
    }
    return render(request, "workshops/workplace/workshop_sheets.html", context)


def sums_of(sessions) -> dict[str, int]:
    """``sessions``: with what sheets.with_paper knows of them."""
    return {
        "over": len(sessions),
        "printed": sum(session.has_sheet for session in sessions),
        "scanned": sum(session.has_scan for session in sessions),
        "countersigned": sum(session.is_countersigned for session in sessions),
    }


def _led_sheets(request):
    hers = Project.objects.coordinated_by(request.user).filter(pk=OuterRef("session__workshop__project"))
    trainers = Workshop.trainers.through.objects.filter(workshop=OuterRef("session__workshop"))
    return (
        SignatureSheet.objects.filter(session__workshop__in=Workshop.objects.led_by(request.user))
        .annotate(
            can_plan=Exists(hers),
            has_trainers=Exists(trainers),
            is_hers=Exists(trainers.filter(user=request.user)),
        )
        .select_related("session__workshop__project", "countersigned_by")
    )


def _page(workshop: Workshop, can_plan: bool) -> dict:
    tabs = workshop_tabs(workshop, "work_workshop_sheets") if can_plan else []
    return {"workshop": workshop, "tabs": tabs}
