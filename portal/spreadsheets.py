"""Tables as spreadsheets: dates, times and numbers as what they are, and texts that stay texts.

A text that begins like a formula is kept as a text, here and wherever the file is opened or saved again
(domain.md C2.5).
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What a spreadsheet takes for the beginning of a formula.
FORMULA = re.compile(r"^[=+\-@\t\r]")
FORMATS = {date: "yyyy-mm-dd", time: "hh:mm"}
GROUND = PatternFill("solid", fgColor="F7F2E8")


@dataclass(frozen=True)
class Table:
    """``rows`` hold texts, numbers, dates and times; ``name`` of the worksheet."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence]


def workbook(tables: Sequence[Table], *, is_right_to_left: bool = False) -> bytes:
    """An xlsx file with a worksheet for each table."""
    book = Workbook()
    book.remove(book.active)
    for table in tables:
        sheet = book.create_sheet(_title(table.name))
        sheet.sheet_view.rightToLeft = is_right_to_left
        _fill(sheet, table)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _fill(sheet: Worksheet, table: Table) -> None:
    for column, label in enumerate(table.columns, start=1):
        cell = sheet.cell(1, column)
        _put(cell, str(label))
        cell.font, cell.fill = Font(bold=True), GROUND
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for number, row in enumerate(table.rows, start=2):
        for column, value in enumerate(row, start=1):
            _put(sheet.cell(number, column), value)
    for column, label in enumerate(table.columns, start=1):
        longest = max([len(str(label)) // 2, *(len(str(row[column - 1])) for row in table.rows)])
        sheet.column_dimensions[get_column_letter(column)].width = min(max(longest + 2, 9), 48)
    sheet.freeze_panes = "A2"
    if table.rows:
        sheet.auto_filter.ref = sheet.dimensions


def _put(cell: Cell, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float | date | time):
        text = ILLEGAL_CHARACTERS_RE.sub("", str("" if value is None else value))
        cell.value = text
        if text:
            cell.data_type = "s"
        cell.quotePrefix = bool(FORMULA.match(text))
        return
    cell.value = value
    if type(value) in FORMATS:
        cell.number_format = FORMATS[type(value)]


def _title(name: str) -> str:
    """A worksheet's name: at most 31 characters, without those that it may not have."""
    return re.sub(r"[\\/*?:\[\]]", " ", name)[:31] or "1"
