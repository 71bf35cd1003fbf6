"""Marking end to end: the same scores as plain nbgrader, and no submission stops another."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from crossings.check.words import NOT_PASSED
from crossings.curriculum import Course
from crossings.grading import export, feedback, gradebook, inbox, mark, nbgrader_run
from crossings.grading.report import Report, Row
from crossings.workspace import Workspace
from tests.grading.conftest import GOOD, PARTLY, data_notebook
from tests.nbgraders import finished

HOSTILE: dict[str, Any] = {
    "ws-1": {"choice": ["a"]},
    "ws-multiple": {"choices": {"__class__": "x"}},
    "ws-order": {"order": [{}, None, "safe"]},
    "ws-grid": {"pairs": [["one", "trafficking"]]},
    "ws-number": {"number": "__import__('os').system('touch pwned')"},
    "ws-short": {"text": "'''); import os; os.system('touch pwned') #"},
    "ws-2": {"text": "```\n%%bash\ntouch pwned\n```\n<script>alert(1)</script>\n\x1b[2J"},
    "no-such-item": {"choice": "a"},
}


def by_student(report: Report) -> dict[str, Row]:
    return {row.student: row for row in report.rows}


def table(workspace: Workspace, assignment: str) -> dict[str, list[tuple[str, float, bool]]]:
    with gradebook.opened(workspace) as book:
        marks = gradebook.marks(book, assignment)
    return {s: [(m.cell, m.points, m.needs_person) for m in found] for s, found in marks.items()}


def test_scores_equal_those_of_plain_nbgrader(classroom: Workspace, course: Course) -> None:
    for name, given in [("Good", GOOD), ("Partly", PARTLY), ("Empty", {}), ("Hostile", HOSTILE)]:
        inbox.receive(classroom, "sheet", name, given)
    seen: list[tuple[int, int, str, str]] = []
    report = mark.grade(
        "sheet", None, classroom, course=course, progress=lambda *news: seen.append(news)
    )
    rows = by_student(report)
    assert rows["good"].points == 12 and rows["good"].waiting == 1
    assert rows["good"].outcome == rows["partly"].outcome == "needs marking"
    assert rows["partly"].points == pytest.approx(0.75 + 1 + 0.6667)
    assert (rows["empty"].points, rows["empty"].outcome) == (0, "graded")
    assert (rows["hostile"].points, rows["hostile"].outcome) == (0, "needs marking")
    assert [n[0] for n in seen] == [1, 2, 3, 4]
    ours = table(classroom, "sheet")
    before = _outputs(classroom)

    plain = [sys.executable, "-m", "nbgrader", "autograde", "sheet", "--force"]
    environment = nbgrader_run.environment(classroom)
    ran = finished(
        lambda: subprocess.run(
            plain, cwd=classroom.exercises, env=environment, capture_output=True, text=True
        )
    )
    assert ran.returncode == 0, ran.stderr
    assert table(classroom, "sheet") == ours
    assert _outputs(classroom) == before, "formgrader shows the same"
    assert list(classroom.root.rglob("pwned*")) == []


def _outputs(workspace: Workspace) -> dict[str, list[tuple[str, str, Any]]]:
    found = {}
    for path in sorted((workspace.exercises / "autograded").glob("*/sheet/sheet.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        found[path.parts[-3]] = [
            (c["id"], "".join(c["source"]), _points(c))
            for c in cells
            if c["metadata"].get("nbgrader", {}).get("grade")
        ]
    return found


def _points(cell: dict[str, Any]) -> Any:
    plain = (o["data"]["text/plain"] for o in cell.get("outputs", ()) if "data" in o)
    return ["".join(text) for text in plain]


def test_marking_by_hand_flows_into_feedback(classroom: Workspace, course: Course) -> None:
    receipt = inbox.receive(classroom, "sheet", "Amina", GOOD)
    mark.grade("sheet", None, classroom, course=course)
    before = feedback.by_code(classroom, receipt.code)
    assert before is not None
    last = before["assignments"]["sheet"]["questions"][-1]
    assert (last["status"], before["assignments"]["sheet"]["waiting"]) == ("waiting", 1)
    assert last["answer"] == GOOD["ws-2"]["text"]

    with gradebook.opened(classroom) as book:
        grade = book.find_grade("item-ws-2", "sheet", "sheet", "amina")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        comment = book.find_comment("item-ws-2", "sheet", "sheet", "amina")
        comment.manual_comment = "Say who was present."
        book.db.commit()
    assert feedback.publish("sheet", classroom, course) == 1
    after = feedback.by_code(classroom, receipt.code.replace("-", " "))
    assert after is not None
    entry = after["assignments"]["sheet"]
    assert (entry["points"], entry["waiting"], entry["outcome"]) == (13.5, 0, "graded")
    assert entry["questions"][-1]["comment"] == "Say who was present."
    assert entry["questions"][-1]["status"] == "partly"

    again = mark.grade("sheet", None, classroom, course=course)
    assert by_student(again)["amina"].points == 13.5, "marking again keeps a person's marks"
    assert by_student(again)["amina"].outcome == "graded"


def test_only_a_new_version_is_marked_again(classroom: Workspace, course: Course) -> None:
    first = inbox.receive(classroom, "sheet", "Amina", PARTLY)
    mark.grade("sheet", None, classroom, course=course)
    marked = classroom.exercises / "autograded" / "amina" / "sheet" / "sheet.ipynb"
    stamp = marked.stat().st_mtime_ns
    mark.grade("sheet", None, classroom, course=course)
    assert marked.stat().st_mtime_ns == stamp
    inbox.receive(classroom, "sheet", "", GOOD, code=first.code)
    waiting = by_student(mark.report("sheet", classroom, course))["amina"]
    assert waiting.outcome == "received" and "newer" in waiting.reason
    report = mark.grade("sheet", None, classroom, course=course)
    assert by_student(report)["amina"].points == 12


def test_a_worksheet_notebook_that_was_sent_is_never_used(
    classroom: Workspace, course: Course
) -> None:
    folder = classroom.exercises / "submitted" / "sly" / "sheet"
    folder.mkdir(parents=True)
    evil = json.loads((classroom.exercises / "release/sheet/sheet.ipynb").read_text("utf-8"))
    for cell in evil["cells"]:
        if cell["cell_type"] == "code":
            cell["source"] = "open('pwned', 'w'); 99"
    (folder / "sheet.ipynb").write_text(json.dumps(evil), encoding="utf-8")
    (folder / "answers.json").write_text(json.dumps({"answers": PARTLY}), encoding="utf-8")
    none = classroom.exercises / "submitted" / "empty-handed" / "sheet"
    none.mkdir(parents=True)
    rows = by_student(mark.grade("sheet", None, classroom, course=course))
    assert rows["sly"].points == pytest.approx(2.4167)
    assert "pwned" not in (folder / "sheet.ipynb").read_text(encoding="utf-8")
    assert (rows["empty-handed"].outcome, rows["empty-handed"].scored) == ("not gradable", False)
    assert "answers.json" in rows["empty-handed"].reason


def test_what_cannot_be_marked_is_said_in_one_sentence(
    classroom: Workspace, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(mark.GradeError, match="There are: sheet, people"):
        mark.grade("sheeet", None, classroom, course=course)
    with pytest.raises(mark.GradeError, match="Nothing was handed in by: nobody"):
        mark.grade("sheet", ["nobody"], classroom, course=course)
    monkeypatch.setattr("sys.platform", "win32")
    with pytest.raises(mark.GradeError, match="WSL2"):
        mark.grade("people", None, classroom, course=course)


def test_two_marking_runs_do_not_meet(classroom: Workspace, course: Course) -> None:
    lock = classroom.var / "marking.lock"
    lock.write_text(str(os.getpid()), encoding="utf-8")
    with pytest.raises(mark.GradeError, match="already running"):
        mark.grade("sheet", None, classroom, course=course)
    lock.write_text("999999999", encoding="utf-8")
    assert mark.grade("sheet", None, classroom, course=course).rows == ()
    assert not lock.exists()


# Data notebooks: one run of real nbgrader processes for all of them.


def answered(code: str, *, setup: str = "", said: str = "It is three.") -> bytes:
    made = data_notebook()
    for cell in made["cells"]:
        cell["source"] = {"count": code, "say": said}.get(cell["id"], cell["source"])
        if cell["id"] == "count-test":
            cell["source"] = "assert count(rows) is not None"
    if setup:
        made["cells"][0]["source"] = setup
    return json.dumps(made).encode()


HANDLERS = (
    "# <img src=x onerror=alert(1)>\n<script>alert(2)</script>\n"
    "[link](javascript:alert(3)) <a href='javascript:alert(4)'>x</a> <iframe srcdoc='x'></iframe>"
)
SHOWS = """
from IPython.display import HTML, Javascript, SVG, display
display(HTML("<img src=x onerror=alert(5)><script>alert(6)</script>"))
display(HTML("<form action=//x><input></form><object data=x></object><base href=//x>"))
display(Javascript("alert(7)"))
inside = "<script>alert(9)</script>"
display(SVG(f"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(8)'>{inside}</svg>"))
display({"text/markdown": "<script>alert(10)</script>", "text/plain": "x"}, raw=True)
print("\\x1b]0;title\\x07\\x1b[31m<script>alert(11)</script>")
def count(rows):
    return len(rows)
"""


@pytest.fixture(scope="module")
def notebooks(
    released: Workspace, course: Course, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Workspace, Report, dict[str, str]]:
    """A class of notebooks marked once: right, wrong, looping, dying, hostile, no notebook."""
    workspace = Workspace(tmp_path_factory.mktemp("notebooks") / "a class")
    shutil.copytree(released.root, workspace.root)
    mark_file = nbgrader_run.mark_of(workspace, "people")
    mark_file.write_text(nbgrader_run.fingerprint(workspace, "people"), encoding="utf-8")
    works = {
        "right": answered("def count(rows):\n    return len(rows)"),
        "wrong": answered("def count(rows):\n    return 2"),
        "loop": answered("while True:\n    pass"),
        "dies": answered("import os\nos._exit(0)"),
        "hostile": answered(SHOWS, setup=HANDLERS, said=HANDLERS),
    }
    codes = {
        name: inbox.receive_upload(workspace, "people", name, "people.ipynb", body).code
        for name, body in works.items()
    }
    torn = workspace.exercises / "submitted" / "torn" / "people"
    torn.mkdir(parents=True)
    (torn / "people.ipynb").write_text("{", encoding="utf-8")
    report = mark.grade(
        "people", None, workspace, course=course, cell_seconds=4, notebook_seconds=90
    )
    return workspace, report, codes


def test_each_notebook_has_its_own_outcome(
    notebooks: tuple[Workspace, Report, dict[str, str]],
) -> None:
    _, report, _ = notebooks
    rows = by_student(report)
    outcomes = {name: row.outcome for name, row in rows.items()}
    assert outcomes == {
        "right": "needs marking",
        "wrong": "needs marking",
        "loop": "timed out",
        "dies": "crashed",
        "hostile": "needs marking",
        "torn": "not gradable",
    }
    assert (rows["right"].points, rows["right"].max_points) == (2, 5)
    assert rows["wrong"].points == 0
    assert rows["loop"].scored and "longer than 4 s" in rows["loop"].reason
    assert not rows["dies"].scored and "ended its own process" in rows["dies"].reason
    assert not rows["torn"].scored and "not a notebook" in rows["torn"].reason
    assert report.notes == (), "with the sandbox complete there is nothing to warn of"


def test_feedback_of_a_notebook_says_what_failed_and_no_more(
    notebooks: tuple[Workspace, Report, dict[str, str]],
) -> None:
    workspace, _, codes = notebooks
    wrong = feedback.by_code(workspace, codes["wrong"])
    assert wrong is not None
    first = wrong["assignments"]["people"]["questions"][0]
    assert (first["message"], first["points"]) == (NOT_PASSED, 0)
    text = json.dumps(wrong)
    assert "== 3" not in text and "assert " not in text, "the hidden test stays hidden"
    assert (first["title"], first["written"]) == ("Counting people · part 1 of 2", False)
    second = wrong["assignments"]["people"]["questions"][1]
    assert (second["title"], second["answer"]) == ("Counting people · part 2 of 2", "It is three.")
    loop = feedback.by_code(workspace, codes["loop"])
    assert loop is not None
    dies = feedback.by_code(workspace, codes["dies"])
    assert dies is not None and dies["assignments"]["people"]["scored"] is False


@pytest.mark.attack
def test_formgrader_s_page_runs_nothing_of_a_submission(
    notebooks: tuple[Workspace, Report, dict[str, str]],
) -> None:
    workspace, _, _ = notebooks
    benign = _formgrader_page(workspace, "right")
    hostile = _formgrader_page(workspace, "hostile")
    assert _alive(hostile) == _alive(benign)
    assert "alert(2)" in hostile.get_text(), "the marker still sees what was written"


def _formgrader_page(workspace: Workspace, student: str) -> Any:
    """The page as formgrader's own exporter makes it from nbgrader_config.py."""
    from bs4 import BeautifulSoup
    from nbconvert.exporters import HTMLExporter
    from nbgrader.server_extensions.formgrader.formgrader import FormgradeExtension

    app = FormgradeExtension()
    app.load_cwd_config = False
    app.initialize([], root=str(workspace.exercises))
    assert app.config.HTMLExporter.sanitize_html is True
    path = workspace.exercises / "autograded" / student / "people" / "people.ipynb"
    names = ("assignment_id", "notebook_id", "submission_id", "base_url", "student")
    resources: dict[str, Any] = dict.fromkeys((*names, "notebook_path"), "x")
    resources |= {"index": 0, "total": 1, "last_name": "x", "first_name": "x"}
    html, _ = HTMLExporter(config=app.config).from_filename(str(path), resources=resources)
    return BeautifulSoup(html, "html.parser")


def _alive(page: Any) -> list[str]:
    """Everything in a page that a browser would act on."""
    found = [
        f"{tag.name} {tag.get('src', '')}"
        for tag in page.find_all(["script", "iframe", "object", "embed", "form", "svg", "base"])
    ]
    for tag in page.find_all(True):
        found += [f"{tag.name} {name}" for name in tag.attrs if name.startswith("on")]
        link = str(tag.get("href") or tag.get("src") or "")
        if link.strip().lower().startswith(("javascript:", "data:text", "vbscript:")):
            found.append(link)
        if tag.name == "img" and not link.startswith("data:image/"):
            found.append(f"img {link}")
    return found


def test_the_csv_starts_no_formula(classroom: Workspace, course: Course) -> None:
    inbox.receive(classroom, "sheet", '=HYPERLINK("http://x")', PARTLY)
    inbox.receive(classroom, "sheet", "@SUM(1)", {})
    text = export.csv_text(mark.grade("sheet", None, classroom, course=course))
    lines = text.split("\r\n")
    assert lines[0].startswith(
        "student,name,received,late,outcome,reason,points,of,to mark,item-ws-1"
    )
    assert "'=HYPERLINK" in text and "'@SUM(1)" in text
    assert not any(
        cell.startswith(("=", "+", "-", "@")) for line in lines for cell in line.split(",")
    )


def test_plain_nbgrader_finds_its_configuration(classroom: Workspace) -> None:
    """`nbgrader` by its full path, nothing activated, no variable set: the folder's own state."""
    kept = {k: v for k, v in os.environ.items() if k != "CROSSINGS_WORKSPACE"}
    kept["PATH"] = os.defpath
    code = (
        "import sys; from nbgrader.apps import NbGraderApp; app = NbGraderApp();"
        "app.initialize(['list']); print(app.coursedir.root); print(app.coursedir.db_url)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=classroom.exercises,
        env=kept,
        capture_output=True,
        text=True,
    )
    assert str(classroom.exercises) in ran.stdout, ran.stderr
    assert Path(ran.stdout.strip().split("sqlite:///")[1]) == classroom.gradebook
