"""Marks as a CSV file that a spreadsheet can open without running anything."""

from __future__ import annotations

import csv
import io
from typing import Any

from crossings.exchange.spreadsheet import plain
from crossings.grading.report import Report, Row


def csv_text(report: Report) -> str:
    """One line a student: who, outcome, points, then the points of each question."""
    questions = question_names(report)
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    head = ["student", "name", "received", "late", "outcome", "reason", "points", "of", "to mark"]
    writer.writerow([*head, *questions])
    for row in report.rows:
        writer.writerow([safe(value) for value in _values(row, questions)])
    return made.getvalue()


def question_names(report: Report) -> list[str]:
    """The gradebook's names of the questions, in order; empty before anything is marked."""
    longest: tuple[str, ...] = max(
        (tuple(m.cell for m in row.marks) for row in report.rows), key=len, default=()
    )
    return list(longest)


def _values(row: Row, questions: list[str]) -> list[Any]:
    marks = {m.cell: m for m in row.marks} if row.scored else {}
    total = [row.points, row.max_points, row.waiting] if row.scored else ["", "", ""]
    given = [
        "" if name not in marks or marks[name].needs_person else marks[name].points
        for name in questions
    ]
    return [
        row.student,
        row.name,
        row.received_at,
        "late" if row.late else "",
        row.outcome,
        row.reason,
        *total,
        *given,
    ]


def safe(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    return plain(value) if isinstance(value, str) else value
