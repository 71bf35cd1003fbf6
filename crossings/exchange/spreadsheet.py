"""Marks as other programs take them: an Excel workbook, and Moodle's grade import.

Whatever a person typed is written as text. No cell of these files is a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

_BAD = {n: " " for n in range(32) if n not in (9, 10, 13)}
"""Control characters, which a workbook cannot hold."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: a name, the column heads, and rows of plain values."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class MoodleRow:
    """One trainee in Moodle's import; `points` is None where there is no mark yet."""

    number: str
    first_name: str
    last_name: str
    points: float | None
    feedback: str = ""


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """An .xlsx file with one page for each sheet, heads in bold and in view while one scrolls."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        page = book.create_sheet(sheet.name[:31])
        for place, row in enumerate((sheet.head, *sheet.rows), 1):
            for column, value in enumerate(row, 1):
                _put(page.cell(place, column), value)
        for cell in page[1]:
            cell.font = Font(bold=True)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        page.freeze_panes = "A2"
        for column, width in enumerate(_widths(sheet), 1):
            page.column_dimensions[get_column_letter(column)].width = width
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _put(cell: Any, value: Any) -> None:
    if not isinstance(value, str):
        cell.value = value
        return
    # The type first: a text that begins with `=` would become a formula.
    cell.value = value.translate(_BAD)[:32_000]
    cell.data_type = "s"


def _widths(sheet: Sheet) -> list[float]:
    rows = (sheet.head, *sheet.rows[:200])
    return [min(50.0, 3.0 + max(len(str(r[n])) for r in rows)) for n in range(len(sheet.head))]


def moodle_csv(title: str, most: float, rows: Sequence[MoodleRow]) -> str:
    """A file for *Grades → Import → CSV file* in Moodle; people are matched by "ID number".

    A mark that does not exist is left empty, which Moodle's import leaves alone.
    """
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    grade = f"{title} (of {most:g})"
    writer.writerow(["ID number", "First name", "Last name", grade, f"{title} feedback"])
    for row in rows:
        points = "" if row.points is None else f"{row.points:g}"
        texts = [plain(t) for t in (row.number, row.first_name, row.last_name)]
        writer.writerow([*texts, points, plain(row.feedback)])
    return made.getvalue()


def plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    if text.lstrip()[:1] in {"=", "+", "-", "@", "|", "%"} or text[:1] in {"\t", "\r", "\n"}:
        return "'" + text
    return text
