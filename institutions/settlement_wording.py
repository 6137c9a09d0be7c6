"""Papers of a month in words, in the active language: their columns, their facts and sums, what changed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from institutions import settlement, sheets, statements
from institutions.models import Contract, Credit, HoursSheet, Mode, MonthlyPaper, Statement, Subject
from portal.clock import format_month
from portal.languages import SPOKEN_LANGUAGES, text_in
from projects.hours import hours

SPOKEN = dict(SPOKEN_LANGUAGES)


@dataclass(frozen=True)
class Column:
    """``value`` of a row; its texts are in the language that is active when it is asked for."""

    label: str
    value: Callable[[dict], object]
    is_number: bool = False
    is_wide: bool = False


def columns_of(paper: MonthlyPaper) -> list[Column]:
    return _sheet_columns() if isinstance(paper, HoursSheet) else _statement_columns()


def in_words(paper: MonthlyPaper) -> dict:
    """Everything that a file says of it beside its rows."""
    is_sheet = isinstance(paper, HoursSheet)
    old = settlement.before(paper)
    changes = [sentence_of(difference) for difference in settlement.differences(old, paper)]
    return {
        "title": _("Sheet of hours") if is_sheet else _("Statement of assistants' help"),
        "facts": _sheet_facts(paper) if is_sheet else _statement_facts(paper),
        "columns": [column.label for column in columns_of(paper)],
        "sums": _sheet_sums(paper) if is_sheet else _statement_sums(paper),
        "notes": _(
            "Only hours that the institution confirmed are counted. Credited time was kept free for nothing."
        )
        if is_sheet
        else _("Only confirmed hours are counted. The statement names no client and no assistant."),
        "corrects": _("What changed since version %(number)d") % {"number": old.version} if old else "",
        "changes": changes,
        "signed_as": [_("Assistant"), _("Coordinator")] if is_sheet else [_("Coordinator"), _("Institution")],
        "unsigned": _("not signed yet"),
        "page": _("Page {n} of {m}"),
    }


def sentence_of(difference: settlement.Difference) -> str:
    """What changed between two versions, as a sentence."""
    old, new = difference.old, difference.new
    day = date_format(date.fromisoformat((new or old)["on"]), "j E Y")
    if old is None:
        return _("%(day)s: added, %(minutes)d min") % {"day": day, "minutes": new["minutes"]}
    if new is None:
        return _("%(day)s: no longer counted, %(minutes)d min before") % {
            "day": day,
            "minutes": old["minutes"],
        }
    if old["minutes"] != new["minutes"]:
        return _("%(day)s: %(old)d min before, %(new)d min now") % {
            "day": day,
            "old": old["minutes"],
            "new": new["minutes"],
        }
    return _("%(day)s: other details changed, %(minutes)d min as before") % {
        "day": day,
        "minutes": new["minutes"],
    }


def sum_of(total: sheets.Total) -> str:
    """What one form of contract adds up to, in words."""
    said = [_("%(hours)s h of work") % {"hours": hours(total.minutes)}]
    if total.credited:
        said.append(_("%(hours)s h credited") % {"hours": hours(total.credited)})
    if total.travel or total.km:
        said.append(_("%(hours)s h and %(km)d km of travel") % {"hours": hours(total.travel), "km": total.km})
    return ("؛ " if get_language() == "ar" else "; ").join(said)


def cuts_of(statement: Statement) -> list[tuple[str, list[statements.Count]]]:
    """Requests and hours by language, by subject and by unit."""
    cuts = [
        (_("Language"), lambda row: SPOKEN[row["language"]]),
        (_("Subject"), lambda row: Subject(row["subject"]).label),
        (_("Unit"), lambda row: text_in(row["unit"]) if row["unit"] else _("no unit")),
    ]
    return [(label, statements.counted(statement.rows, label_of)) for label, label_of in cuts]


def shown(value: object) -> str:
    """A value of a row as text; what says nothing is empty."""
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value or "")


def _sheet_columns() -> list[Column]:
    return [
        Column(_("Day"), _on),
        Column(_("Institution"), lambda row: text_in(row["institution"]), is_wide=True),
        Column(_("Language"), lambda row: str(SPOKEN[row["language"]])),
        Column(_("How"), lambda row: str(Mode(row["mode"]).label)),
        Column(pgettext("time", "From"), lambda row: time.fromisoformat(row["from"])),
        Column(pgettext("time", "Until"), lambda row: time.fromisoformat(row["until"])),
        Column(_("Breaks (min)"), lambda row: row["breaks"], is_number=True),
        Column(_("Work (min)"), lambda row: _minutes(row, sheets.WORK), is_number=True),
        Column(_("Credited (min)"), lambda row: _minutes(row, sheets.CREDIT), is_number=True),
        Column(_("Travel (min)"), lambda row: row["travel_minutes"], is_number=True),
        Column(_("Travel (km)"), lambda row: row["travel_km"], is_number=True),
        Column(_("Form of contract"), _contract),
        Column(_("Note"), _reason, is_wide=True),
    ]


def _statement_columns() -> list[Column]:
    return [
        Column(_("Day"), _on),
        Column(pgettext("time", "From"), lambda row: time.fromisoformat(row["from"])),
        Column(_("Unit"), lambda row: text_in(row["unit"]) if row["unit"] else "–", is_wide=True),
        Column(_("Language"), lambda row: str(SPOKEN[row["language"]])),
        Column(_("Subject"), lambda row: str(Subject(row["subject"]).label)),
        Column(_("How"), lambda row: str(Mode(row["mode"]).label)),
        Column(_("What became of it"), lambda row: str(statements.LABELS[row["outcome"]]), is_wide=True),
        Column(_("Assistants"), lambda row: row["helpers"], is_number=True),
        Column(_("Confirmed (min)"), lambda row: row["minutes"], is_number=True),
    ]


def _sheet_facts(sheet: HoursSheet) -> list[tuple[str, str]]:
    return [
        (_("Assistant"), sheet.assistant.user.get_full_name()),
        (_("Month"), format_month(sheet.month)),
        (_("Project"), sheet.assistant.project.title),
        (_("Version"), str(sheet.version)),
    ]


def _statement_facts(statement: Statement) -> list[tuple[str, str]]:
    return [
        (_("Institution"), statement.institution.name),
        (_("Month"), format_month(statement.month)),
        (_("Project"), statement.institution.project.title),
        (_("Version"), str(statement.version)),
    ]


def _sheet_sums(sheet: HoursSheet) -> list[tuple[str, str]]:
    return [(str(total.label), sum_of(total)) for total in sheets.totals(sheet.rows)]


def _statement_sums(statement: Statement) -> list[tuple[str, str]]:
    rows = statement.rows
    sums = [(_("Requests"), str(len(rows)))]
    sums += [(count.label, str(count.requests)) for count in statements.outcomes(rows)]
    for label, counts in cuts_of(statement):
        sums += [
            (_("%(what)s: %(which)s") % {"what": label, "which": count.label}, _counted(count))
            for count in counts
        ]
    return [*sums, (_("Confirmed hours altogether"), hours(statement.minutes))]


def _counted(count: statements.Count) -> str:
    requests = ngettext("%(number)d request", "%(number)d requests", count.requests)
    return _("%(hours)s h, %(requests)s") % {
        "hours": hours(count.minutes),
        "requests": requests % {"number": count.requests},
    }


def _on(row: dict) -> date:
    return date.fromisoformat(row["on"])


def _minutes(row: dict, kind: str) -> int:
    return row["minutes"] if row["kind"] == kind else 0


def _contract(row: dict) -> str:
    return str(Contract(row["contract"]).label) if row["contract"] else "–"


def _reason(row: dict) -> str:
    return str(Credit.Reason(row["reason"]).label) if row["reason"] else ""
