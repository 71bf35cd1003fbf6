"""Marks for other systems: CSV, an Excel workbook, Moodle's grade import, xAPI statements."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from crossings.curriculum.model import Course
from crossings.exchange import xapi
from crossings.exchange.spreadsheet import MoodleRow, Sheet, moodle_csv, workbook
from crossings.exchange.xapi import Attempt, Place, Reply
from crossings.grading import answers, export, trainees
from crossings.grading.release import find_worksheet, items_of
from crossings.grading.report import Report, Row
from crossings.items import score
from crossings.workspace import Workspace

Format = Literal["csv", "xlsx", "moodle", "xapi"]
FORMATS: tuple[Format, ...] = get_args(Format)
ENDINGS: Mapping[Format, str] = {
    "csv": "-marks.csv",
    "xlsx": "-marks.xlsx",
    "moodle": "-moodle.csv",
    "xapi": "-xapi.jsonl",
}


@dataclass(frozen=True)
class Request:
    """What to write: an assignment as it stands, and for xAPI whose records they are."""

    course: Course
    workspace: Workspace
    report: Report
    place: Place = field(default_factory=Place)


def written(request: Request, form: Format) -> bytes:
    """The file in one of the formats."""
    return _WRITERS[form](request)


def _csv(request: Request) -> bytes:
    return export.csv_text(request.report).encode("utf-8-sig")


def _xlsx(request: Request) -> bytes:
    report = request.report
    names = export.question_names(report)
    head = ("Student", "Name", "Received", "Late", "Outcome", "Reason", "Points", "Of", "To mark")
    rows = tuple(_cells(row, names) for row in report.rows)
    comments = tuple(
        (row.student, row.name, m.cell, m.points, m.max_points, m.comment)
        for row in report.rows
        if row.scored
        for m in row.marks
    )
    questions = ("Student", "Name", "Question", "Points", "Of", "Comment")
    return workbook(
        [Sheet("Marks", (*head, *names), rows), Sheet("Questions", questions, comments)]
    )


def _cells(row: Row, names: list[str]) -> tuple[Any, ...]:
    marks = {m.cell: m for m in row.marks} if row.scored else {}
    total = (row.points, row.max_points, row.waiting) if row.scored else (None, None, None)
    late = "late" if row.late else ""
    each = (
        None if name not in marks or marks[name].needs_person else marks[name].points
        for name in names
    )
    return (
        row.student,
        row.name,
        row.received_at,
        late,
        row.outcome,
        row.reason,
        *total,
        *each,
    )


def _moodle(request: Request) -> bytes:
    """Only complete marks: half of one in another gradebook would look like the whole."""
    report = request.report
    most = max((row.max_points for row in report.rows if row.scored), default=0.0)
    rows = [_moodle_row(request.workspace, row) for row in report.rows]
    return moodle_csv(report.title, most, rows).encode("utf-8")


def _moodle_row(workspace: Workspace, row: Row) -> MoodleRow:
    trainee = trainees.find(workspace, row.student)
    first, _, last = row.name.rpartition(" ")
    done = row.scored and not row.waiting
    said = "" if done else row.outcome
    number = (trainee.number if trainee else "") or row.student
    return MoodleRow(
        number, first or last, last if first else "", row.points if done else None, said
    )


def _xapi(request: Request) -> bytes:
    report = request.report
    found: list[xapi.Statement] = []
    for row in (r for r in report.rows if r.scored):
        attempt = Attempt(
            row.student, report.assignment, report.title, _version(row), row.received_at
        )
        if report.kind == "worksheet":
            found += [xapi.answered(request.place, attempt, r) for r in _replies(request, row)]
        if not row.waiting:
            found.append(xapi.completed(request.place, attempt, row.points, row.max_points))
    return xapi.lines(found).encode("utf-8")


def _version(row: Row) -> str:
    return f"{row.received_at}/{row.versions}"


def _replies(request: Request, row: Row) -> list[Reply]:
    module, sheet = find_worksheet(request.course, request.report.assignment)
    folder = request.workspace.exercises / "submitted" / row.student / request.report.assignment
    try:
        given = answers.responses(answers.read(folder / answers.FILE))
    except answers.BadAnswersError:
        given = {}
    marks = {m.cell.removeprefix("item-"): m for m in row.marks}
    found = []
    for item in items_of(request.course, module, sheet):
        response = given.get(item.id)
        mark = marks.get(item.id)
        if mark is None or not isinstance(response, Mapping):
            continue
        points = None if mark.needs_person else mark.points
        found.append(Reply(item, response, points, score(item, response)))
    return found


_WRITERS: Mapping[Format, Callable[[Request], bytes]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "moodle": _moodle,
    "xapi": _xapi,
}
