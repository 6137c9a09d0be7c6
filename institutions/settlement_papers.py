"""Papers of a month as PDF and as spreadsheet: the same rows, in Polish and in the reader's language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from institutions import settlement, sheets, statements
from institutions.models import Contract, Credit, HoursSheet, Mode, MonthlyPaper, Statement, Subject
from portal import papers, spreadsheets
from portal.clock import WARSAW, format_month
from portal.languages import SPOKEN_LANGUAGES, is_right_to_left, site_language, text_in
from projects.hours import hours

POLISH = "pl"
SPOKEN = dict(SPOKEN_LANGUAGES)


@dataclass(frozen=True)
class Column:
    """``value`` of a row; texts are in the language that is active when it is called."""

    label: str
    value: Callable[[dict], object]
    is_number: bool = False
    is_wide: bool = False


def columns_of(paper: MonthlyPaper) -> list[Column]:
    """In the active language."""
    return _sheet_columns() if isinstance(paper, HoursSheet) else _statement_columns()


def words_of(difference: settlement.Difference) -> str:
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


def pdf(paper: MonthlyPaper, *, language: str) -> bytes:
    """Polish for the books; ``language`` of the person beside it."""
    languages = list(dict.fromkeys([POLISH, site_language(language)]))
    spoken = [_in(code, lambda: _words(paper)) for code in languages]
    with translation.override(POLISH):
        columns = columns_of(paper)
        data = {
            "languages": [
                {"code": code, "direction": "rtl" if is_right_to_left(code) else "ltr"} for code in languages
            ],
            "site": settings.SITE_NAME,
            "title": [words["title"] for words in spoken],
            "facts": _side_by_side([words["facts"] for words in spoken]),
            "columns": [
                {
                    "label": [words["columns"][number] for words in spoken],
                    "is_number": column.is_number,
                    "is_wide": column.is_wide,
                }
                for number, column in enumerate(columns)
            ],
            "rows": [[shown(column.value(row)) for column in columns] for row in paper.rows],
            "sums": _side_by_side([words["sums"] for words in spoken]),
            "notes": [words["notes"] for words in spoken],
            "changes": [words["changes"] for words in spoken],
            "corrects": [words["corrects"] for words in spoken],
            "signatures": _signatures(paper, [words["signed_as"] for words in spoken]),
            "unsigned": [words["unsigned"] for words in spoken],
            "page": [words["page"] for words in spoken],
        }
    is_printable = papers.can_print(" ".join(_texts(data)))
    return papers.render("monthly", data, language=POLISH, is_accessible=is_printable)


def spreadsheet(paper: MonthlyPaper) -> bytes:
    """In the active language: the rows, and what they add up to."""
    columns = columns_of(paper)
    words = _words(paper)
    rows = spreadsheets.Table(
        _("Jobs") if isinstance(paper, HoursSheet) else _("Requests"),
        [column.label for column in columns],
        [[column.value(row) for column in columns] for row in paper.rows],
    )
    facts = [[label, value] for label, value in [*words["facts"], *words["sums"]]]
    summary = spreadsheets.Table(_("Summary"), [words["title"], ""], facts)
    return spreadsheets.workbook(
        [rows, summary], is_right_to_left=is_right_to_left(translation.get_language())
    )


def spreadsheet_of_month(month_sheets: Sequence[HoursSheet], month: date) -> bytes:
    """Every sheet of a month, a line for each form of contract: for the network's books."""
    lines = [
        [
            sheet.assistant.user.get_full_name(),
            str(total.label),
            total.jobs,
            total.minutes,
            total.credited,
            total.travel,
            total.km,
            sheet.version,
            _day(sheet.first_signed_at),
            _day(sheet.second_signed_at),
        ]
        for sheet in month_sheets
        for total in sheets.totals(sheet.rows)
    ]
    labels = [
        _("Assistant"),
        _("Form of contract"),
        _("Jobs"),
        _("Work (minutes)"),
        _("Credited (minutes)"),
        _("Travel (minutes)"),
        _("Travel (km)"),
        _("Version"),
        _("Signed by the assistant"),
        _("Signed by the coordinator"),
    ]
    table = spreadsheets.Table(month.strftime("%Y-%m"), labels, lines)
    return spreadsheets.workbook([table], is_right_to_left=is_right_to_left(translation.get_language()))


def month_name(month: date) -> str:
    return format_month(month)


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
        Column(_("Form of contract"), lambda row: _contract(row)),
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


def _words(paper: MonthlyPaper) -> dict:
    """Everything in words, in the active language."""
    is_sheet = isinstance(paper, HoursSheet)
    old = settlement.before(paper)
    changes = [words_of(difference) for difference in settlement.differences(old, paper)]
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


def _sheet_facts(sheet: HoursSheet) -> list[tuple[str, str]]:
    return [
        (_("Assistant"), sheet.assistant.user.get_full_name()),
        (_("Month"), month_name(sheet.month)),
        (_("Project"), sheet.assistant.project.title),
        (_("Version"), str(sheet.version)),
    ]


def _statement_facts(statement: Statement) -> list[tuple[str, str]]:
    return [
        (_("Institution"), statement.institution.name),
        (_("Month"), month_name(statement.month)),
        (_("Project"), statement.institution.project.title),
        (_("Version"), str(statement.version)),
    ]


def _sheet_sums(sheet: HoursSheet) -> list[tuple[str, str]]:
    return [(str(total.label), sum_of(total)) for total in sheets.totals(sheet.rows)]


def sum_of(total: sheets.Total) -> str:
    """What one form of contract adds up to, in words."""
    said = [_("%(hours)s h of work") % {"hours": hours(total.minutes)}]
    if total.credited:
        said.append(_("%(hours)s h credited") % {"hours": hours(total.credited)})
    if total.travel or total.km:
        said.append(_("%(hours)s h and %(km)d km of travel") % {"hours": hours(total.travel), "km": total.km})
    return "; ".join(said)


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


def cuts_of(statement: Statement) -> list[tuple[str, list[statements.Count]]]:
    """Requests and hours by language, by subject and by unit."""
    cuts = [
        (_("Language"), lambda row: SPOKEN[row["language"]]),
        (_("Subject"), lambda row: Subject(row["subject"]).label),
        (_("Unit"), lambda row: text_in(row["unit"]) if row["unit"] else _("no unit")),
    ]
    return [(label, statements.counted(statement.rows, label_of)) for label, label_of in cuts]


def _counted(count: statements.Count) -> str:
    requests = ngettext("%(number)d request", "%(number)d requests", count.requests)
    return _("%(hours)s h, %(requests)s") % {
        "hours": hours(count.minutes),
        "requests": requests % {"number": count.requests},
    }


def _signatures(paper: MonthlyPaper, signed_as: list[list[str]]) -> list[dict]:
    signed = [
        (paper.first_signed_by, paper.first_signed_at),
        (paper.second_signed_by, paper.second_signed_at),
    ]
    return [
        {
            "role": [words[number] for words in signed_as],
            "name": who.get_full_name() if who else "",
            "when": date_format(timezone.localtime(at, WARSAW), "d.m.Y H:i") if at else "",
        }
        for number, (who, at) in enumerate(signed)
    ]


def _in(language: str, words: Callable[[], dict]) -> dict:
    with translation.override(language):
        return words()


def _side_by_side(pairs: list[list[tuple[str, str]]]) -> list[dict]:
    """The same lines of each language, one beside the other; values that are the same stand once."""
    return [
        {
            "label": [label for label, _value in line],
            "value": list(dict.fromkeys(value for _label, value in line)),
        }
        for line in zip(*pairs, strict=True)
    ]


def _texts(data: object):
    if isinstance(data, dict):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value)
    elif isinstance(data, str):
        yield data


def shown(value: object) -> str:
    """A value of a row as text; what says nothing is empty."""
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value or "")


def _on(row: dict) -> date:
    return date.fromisoformat(row["on"])


def _minutes(row: dict, kind: str) -> int:
    return row["minutes"] if row["kind"] == kind else 0


def _contract(row: dict) -> str:
    return str(Contract(row["contract"]).label) if row["contract"] else "–"


def _reason(row: dict) -> str:
    return str(Credit.Reason(row["reason"]).label) if row["reason"] else ""


def _day(moment) -> date | str:
    return timezone.localtime(moment, WARSAW).date() if moment else ""
