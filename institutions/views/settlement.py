"""Papers of a month: the coordinator's list, one sheet or statement, its signatures and its files."""

import hashlib
import re
from datetime import date

from django.contrib import messages as flash
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from institutions import settlement, settlement_papers, settlement_wording, sheets, statements
from institutions.models import Assistant, HoursSheet, Institution, MonthlyPaper, Statement
from portal import audit, spreadsheets
from portal.desk import desk_tabs
from portal.refusals import Refused
from projects.access import coordinator_required
from projects.models import Project

MONTHS = 12
PURPOSE = "settlement"


@coordinator_required
@require_GET
def work_settlement(request):
    """Who has signed and who has not; this month or one before it."""
    month = asked_month(request.GET.get("month"))
    people = Assistant.objects.managed_by(request.user)
    offices = Institution.objects.managed_by(request.user)
    own_sheets = HoursSheet.objects.newest().filter(assistant__in=people, month=month)
    own_statements = Statement.objects.newest().filter(institution__in=offices, month=month)
    rows = list(own_sheets.select_related("assistant__user").order_by("assistant__user__name_key", "pk"))
    audit.record_reading([row.assistant.user for row in rows], "hours", by=request.user, purpose=PURPOSE)
    waiting = sheets.waiting_of(people, month)
    return render(
        request,
        "institutions/work_settlement.html",
        {
            "month": month,
            "months": settlement.months_back(MONTHS),
            "is_over": settlement.is_over(month),
            "sheets": [(row, sheets.totals(row.rows)) for row in rows],
            "statements": own_statements.select_related("institution").order_by("institution__slug"),
            "waiting": waiting,
            "unsigned": sum(not row.is_signed for row in rows),
            "tabs": desk_tabs("work_institutions"),
        },
    )


@coordinator_required
@require_POST
def work_settlement_make(request):
    """All sheets and statements of the month as the hours stand now."""
    month = asked_month(request.POST.get("month"))
    made = sheets.make_all(Assistant.objects.managed_by(request.user), month, by=request.user)
    stated = statements.make_all(Institution.objects.managed_by(request.user), month, by=request.user)
    told = ngettext(
        "%(number)d paper is up to date.", "%(number)d papers are up to date.", len(made) + len(stated)
    )
    flash.success(request, told % {"number": len(made) + len(stated)})
    return redirect(f"{reverse('work_settlement')}?month={month:%Y-%m}")


@coordinator_required
@require_GET
def work_settlement_file(request):
    """One spreadsheet of everybody's month."""
    month = asked_month(request.GET.get("month"))
    people = Assistant.objects.managed_by(request.user)
    rows = HoursSheet.objects.newest().filter(assistant__in=people, month=month)
    rows = list(rows.select_related("assistant__user").order_by("assistant__user__name_key", "pk"))
    content = settlement_papers.spreadsheet_of_month(rows, month)
    audit.record_reading([row.assistant.user for row in rows], "hours", by=request.user, purpose=PURPOSE)
    note_download(request.user, Project.objects.coordinated_by(request.user)[0], content, rows=len(rows))
    return file_response(content, "xlsx", name=f"{month:%Y-%m}")


@require_GET
def hours_sheet(request, public_id):
    sheet = visible_sheet(request, public_id)
    audit.record_reading(sheet.assistant.user, "hours", by=request.user, purpose=PURPOSE)
    is_hers = sheet.assistant.user_id == request.user.pk
    waiting = sheets.waiting_of([sheet.assistant], sheet.month)
    facts = {
        "is_hers": is_hers,
        "waiting": waiting,
        "totals": [(total.label, settlement_wording.sum_of(total)) for total in sheets.totals(sheet.rows)],
        "back_url": reverse("own_sheets") if is_hers else list_url(sheet),
        "can_sign": can_sign(sheet, is_first=is_hers, user=request.user),
    }
    return render(request, "institutions/hours_sheet.html", page_of(sheet, request.user) | facts)


@require_POST
def hours_sheet_sign(request, public_id):
    sheet = visible_sheet(request, public_id)
    try:
        sheets.sign(sheet, by=request.user, seen=request.POST.get("seen", ""))
    except Refused as no:
        flash.error(request, str(no))
    else:
        flash.success(request, _("Signed. Thank you."))
    return redirect("hours_sheet", public_id)


@require_POST
def hours_sheet_renew(request, public_id):
    """Look at the hours again: what has changed becomes a new version."""
    sheet = visible_sheet(request, public_id)
    return redirect("hours_sheet", sheets.make(sheet.assistant, sheet.month, by=request.user).public_id)


@require_GET
def hours_sheet_file(request, public_id, form):
    sheet = visible_sheet(request, public_id)
    audit.record_reading(sheet.assistant.user, "hours", by=request.user, purpose=PURPOSE)
    return download(request, sheet, form, language=sheet.assistant.user.language)


@require_GET
def statement(request, public_id):
    one = visible_statement(request, public_id)
    is_coordinator = one.institution.project_id in coordinated(request.user)
    facts = {
        "outcomes": statements.outcomes(one.rows),
        "cuts": settlement_wording.cuts_of(one),
        "back_url": list_url(one)
        if is_coordinator
        else reverse("own_statements", args=[one.institution.slug]),
        "is_coordinator": is_coordinator,
        "can_sign": can_sign(one, is_first=is_coordinator, user=request.user),
    }
    return render(request, "institutions/statement.html", page_of(one, request.user) | facts)


@require_POST
def statement_sign(request, public_id):
    one = visible_statement(request, public_id)
    try:
        statements.sign(one, by=request.user, seen=request.POST.get("seen", ""))
    except Refused as no:
        flash.error(request, str(no))
    else:
        flash.success(request, _("Signed. Thank you."))
    return redirect("statement", public_id)


@require_GET
def statement_file(request, public_id, form):
    one = visible_statement(request, public_id)
    return download(request, one, form, language=request.user.language)


def asked_month(text: str | None) -> date:
    """The month of the address; the last one that is over where there is none."""
    if not text:
        return settlement.months_back(2)[1]
    if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", text):
        raise Http404
    return date.fromisoformat(f"{text}-01")


def visible_sheet(request, public_id) -> HoursSheet:
    rows = HoursSheet.objects.visible_to(request.user)
    people = ("assistant__user", "assistant__project", "first_signed_by", "second_signed_by")
    return get_object_or_404(rows.select_related(*people), public_id=public_id)


def visible_statement(request, public_id) -> Statement:
    rows = Statement.objects.visible_to(request.user)
    people = ("institution__project", "first_signed_by", "second_signed_by")
    return get_object_or_404(rows.select_related(*people), public_id=public_id)


def coordinated(user) -> set[int]:
    return set(Project.objects.coordinated_by(user).values_list("pk", flat=True))


def can_sign(paper: MonthlyPaper, *, is_first: bool, user) -> bool:
    """A hint for the page; the verb decides."""
    if not settlement.is_over(paper.month):
        return False
    if is_first:
        return paper.first_signed_at is None
    is_other = paper.first_signed_by_id != user.pk
    return paper.first_signed_at is not None and paper.second_signed_at is None and is_other


def page_of(paper: MonthlyPaper, user) -> dict:
    old = settlement.before(paper)
    newer = type(paper).objects.newest().visible_to(user)
    newer = newer.filter(month=paper.month, version__gt=paper.version)
    owner = "assistant" if isinstance(paper, HoursSheet) else "institution"
    # The files have every column; on the page one that says nothing only takes room from the others.
    columns = [
        column
        for column in settlement_wording.columns_of(paper)
        if not paper.rows or any(on_page(column.value(row)) for row in paper.rows)
    ]
    return {
        "paper": paper,
        "old": old,
        "newer": newer.filter(**{owner: getattr(paper, owner)}).first(),
        "changes": [settlement_wording.sentence_of(one) for one in settlement.differences(old, paper)],
        "columns": columns,
        "lines": [[(column, on_page(column.value(row))) for column in columns] for row in paper.rows],
        "seen": settlement.fingerprint(paper.rows),
        "is_over": settlement.is_over(paper.month),
    }


def on_page(value: object) -> str:
    """The month stands above the table, so a day is enough."""
    return date_format(value, "D j") if isinstance(value, date) else settlement_wording.shown(value)


def list_url(paper: MonthlyPaper) -> str:
    return f"{reverse('work_settlement')}?month={paper.month:%Y-%m}"


def download(request, paper: MonthlyPaper, form: str, *, language: str) -> HttpResponse:
    if form == "pdf":
        content = settlement_papers.pdf(paper, language=language)
    elif form == "xlsx":
        content = settlement_papers.spreadsheet(paper)
    else:
        raise Http404
    note_download(request.user, paper, content, rows=len(paper.rows), form=form)
    return file_response(content, form, name=f"{paper.month:%Y-%m}-v{paper.version}")


def note_download(user, thing, content: bytes, *, rows: int, form: str = "xlsx") -> None:
    """Each file that leaves: why, how many rows, and what exactly (domain.md C2.5)."""
    audit.record(
        "settlement.downloaded",
        thing,
        by=user,
        reason=PURPOSE,
        form=form,
        rows=rows,
        hash=hashlib.sha256(content).hexdigest(),
        language=translation.get_language(),
    )


def file_response(content: bytes, form: str, *, name: str) -> HttpResponse:
    kind = "application/pdf" if form == "pdf" else spreadsheets.CONTENT_TYPE
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
