"""Papers of a month as PDF and as spreadsheet: the same rows, in Polish and in the reader's language."""

from collections.abc import Callable, Sequence
from datetime import date

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from institutions import sheets
from institutions.models import HoursSheet, MonthlyPaper
from institutions.settlement_wording import columns_of, in_words, shown
from portal import papers, spreadsheets
from portal.clock import WARSAW
from portal.languages import is_right_to_left, site_language

POLISH = "pl"


def pdf(paper: MonthlyPaper, *, language: str) -> bytes:
    """Polish for the books; ``language`` of the person beside it."""
    languages = list(dict.fromkeys([POLISH, site_language(language)]))
    spoken = [_in(code, lambda: in_words(paper)) for code in languages]
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
    words = in_words(paper)
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


def _day(moment) -> date | str:
    return timezone.localtime(moment, WARSAW).date() if moment else ""
