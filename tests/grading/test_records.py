"""Marks for other systems: nothing is a formula, nothing unmarked looks like a mark."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

from crossings.curriculum import Course
from crossings.exchange.spreadsheet import Sheet, workbook
from crossings.grading import gradebook, inbox, mark, records
from crossings.grading.records import Request
from crossings.workspace import Workspace
from tests.grading.conftest import GOOD, PARTLY

FORMULA = '=HYPERLINK("http://example.invalid","open me")'


@pytest.fixture(scope="module")
def request_(
    course: Course, released: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Request:
    """Amal is marked by a person, too; the second waits for one; the third is damaged."""
    place = tmp_path_factory.mktemp("records") / "a class"
    shutil.copytree(released.root, place)
    workspace = Workspace(place)
    amal = inbox.receive(workspace, "sheet", "Amal Okuro", GOOD, number="T01")
    inbox.receive(workspace, "sheet", FORMULA, PARTLY, number="=1+1")
    torn = inbox.receive(workspace, "sheet", "Cho", GOOD)
    next((workspace.inbox / "sheet" / torn.student).glob("*/answers.json")).write_text("{")
    mark.grade("sheet", workspace=workspace, course=course, publish=False)
    with gradebook.opened(workspace) as book:
        notebook = book.find_submission_notebook("sheet", "sheet", amal.student)
        for grade in notebook.grades:
            if grade.cell.name == "item-ws-2":
                grade.manual_score = grade.cell.max_score
                grade.needs_manual_grade = False
        book.db.commit()
    return Request(course, workspace, mark.report("sheet", workspace, course))


def test_the_workbook_holds_texts_and_no_formula(request_: Request) -> None:
    book = load_workbook(io.BytesIO(records.written(request_, "xlsx")))
    marks = book["Marks"]
    assert marks.freeze_panes == "A2"
    cells = [cell for page in book.worksheets for row in page.iter_rows() for cell in row]
    assert not [c for c in cells if c.data_type == "f"]
    names = [row[1].value for row in marks.iter_rows(min_row=2)]
    assert FORMULA in names  # as it was written, and as text
    points = {row[1].value: row[6].value for row in marks.iter_rows(min_row=2)}
    assert points["Amal Okuro"] == request_.report.rows[0].max_points or points["Amal Okuro"] > 0
    assert points["Cho"] is None


def test_moodle_gets_complete_marks_only(request_: Request) -> None:
    text = records.written(request_, "moodle").decode("utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    grade = next(name for name in rows[0] if "(of " in name)
    by = {row["Last name"]: row for row in rows}
    assert by["Okuro"]["ID number"] == "T01"
    assert float(by["Okuro"][grade]) > 0
    waiting = [r for r in rows if r["A sheet feedback"] == "needs marking"]
    assert [r[grade] for r in waiting] == [""]
    assert not any(v.startswith("=") for row in rows for v in row.values())


def test_statements_of_a_class(request_: Request) -> None:
    lines = records.written(request_, "xapi").decode("utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    assert len({s["id"] for s in found}) == len(found)
    completed = [s for s in found if s["verb"]["id"].endswith("/completed")]
    assert len(completed) == 1  # the other one waits for a person
    assert completed[0]["result"]["score"]["scaled"] == 1
    text = "\n".join(lines)
    assert "Amal" not in text.replace(completed[0]["actor"]["account"]["name"], "")
    assert records.written(request_, "xapi").decode("utf-8").splitlines() == lines


def test_a_control_character_does_not_break_the_workbook(tmp_path: Path) -> None:
    made = workbook([Sheet("A", ("name",), (("a\x00\x1bb",), ("x" * 40_000,), (1.5,)))])
    page = load_workbook(io.BytesIO(made))["A"]
    assert page["A2"].value == "a  b"
    assert len(str(page["A3"].value)) == 32_000
    assert page["A4"].value == 1.5
