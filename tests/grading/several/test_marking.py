"""Marking an assignment of two notebooks: points, outcomes, ledger, feedback, records, the desk."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from crossings.apps.desk import Desk
from crossings.curriculum import Course
from crossings.grading import export, feedback, gradebook, inbox, mark, nbgrader_run, records
from crossings.grading.analysis.gather import cohort
from crossings.grading.feedback_page import feedback_page
from crossings.grading.ledger import Ledger, override, regrade
from crossings.grading.ledger.rebuild import rebuild, tables
from crossings.grading.ledger.verify import verify
from crossings.grading.notebooks import wanted
from crossings.grading.people import comments
from crossings.grading.report import Report, Row
from crossings.grading.rubrics import questions
from crossings.grading.rubrics.shown import Rubrics
from crossings.grading.words import of as words_of
from crossings.workspace import Workspace
from tests.grading.several.conftest import (
    COUNTED,
    FILES,
    NAME,
    ONE,
    SUMMED,
    TWO,
    answered,
    copied,
    first,
    second,
)
from tests.nbgraders import finished

QUESTIONS = ["part-2/count-test", "part-2/say", "part-2/own-test", "count-test", "say"]
LOOPS = "def count(rows):\n    return 1\nwhile True:\n    pass"
HANGS = (
    "while True:\n    try:\n        while True:\n            pass\n"
    "    except BaseException:\n        pass"
)
WORKS: dict[str, dict[str, bytes]] = {
    "right": FILES,
    "half": FILES | {"part-2.ipynb": answered(second(), "def total(rows):\n    return 0", "Six?")},
    "lacks": {"survey.ipynb": ONE},
    "loops": FILES | {"survey.ipynb": answered(first(), LOOPS)},
    "hangs": FILES | {"survey.ipynb": answered(first(), HANGS)},
    "dies": FILES | {"part-2.ipynb": answered(second(), "import os\nos._exit(0)")},
    "blank": {
        "survey.ipynb": answered(first(), COUNTED, "YOUR ANSWER HERE"),
        "part-2.ipynb": answered(second(), SUMMED, "It is six."),
    },
}


def hand_in(
    workspace: Workspace, course: Course, who: str, files: dict[str, bytes], **more: Any
) -> str:
    folder = course.root / "exercises" / "source" / NAME
    receipt = inbox.receive_files(
        workspace, NAME, who, list(files.items()), wanted=wanted(folder, NAME), partial=True, **more
    )
    return receipt.code


def by_student(report: Report) -> dict[str, Row]:
    return {row.student: row for row in report.rows}


def points(row: Row) -> dict[str, float | None]:
    return {m.cell: None if m.needs_person else m.points for m in row.marks}


def graded(workspace: Workspace, course: Course, **more: Any) -> dict[str, Row]:
    more = {"cell_seconds": 4, "notebook_seconds": 60} | more
    return by_student(mark.grade(NAME, None, workspace, course=course, **more))


Class = tuple[Workspace, dict[str, Row], dict[str, str]]


@pytest.fixture(scope="module")
def once(released: Workspace, course: Course, tmp_path_factory: pytest.TempPathFactory) -> Class:
    """A class that is marked once, for tests that only look."""
    workspace = copied(released, tmp_path_factory.mktemp("marked") / "a class", course)
    codes = {who: hand_in(workspace, course, who, files) for who, files in WORKS.items()}
    return workspace, graded(workspace, course), codes


def test_points_add_up_and_questions_are_kept_apart(once: Class) -> None:
    _, rows, _ = once
    assert points(rows["right"]) == dict(zip(QUESTIONS, (4, None, 1, 2, None), strict=True))
    assert points(rows["half"]) == dict(zip(QUESTIONS, (0, None, 0, 2, None), strict=True))
    assert (rows["right"].points, rows["right"].max_points, rows["right"].waiting) == (7, 11, 2)
    assert rows["right"].outcome == "needs marking" and rows["right"].reason == ""


def test_a_notebook_that_runs_too_long_takes_nothing_from_the_other(once: Class) -> None:
    """A cell that heeds the interruption lets later tests run; else they wait for a person."""
    workspace, rows, codes = once
    for who, earned in (("loops", 0), ("hangs", None)):
        row = rows[who]
        assert row.outcome == "timed out" and row.reason.startswith("survey.ipynb: ")
        assert points(row) == dict(zip(QUESTIONS, (4, None, 1, earned, None), strict=True))
        assert row.points == 5 and row.max_points == 11
        told = feedback.by_code(workspace, codes[who])
        assert told is not None and told["assignments"][NAME]["reason"] == row.reason


def test_a_notebook_that_dies_is_told_by_its_name(once: Class) -> None:
    _, rows, _ = once
    assert rows["dies"].outcome == "crashed" and not rows["dies"].scored
    assert rows["dies"].reason.startswith("part-2.ipynb: ")


def test_a_notebook_that_was_not_handed_in_earns_nothing_and_says_so(once: Class) -> None:
    workspace, rows, codes = once
    row = rows["lacks"]
    assert points(row) == dict(zip(QUESTIONS, (0, 0, 0, 2, None), strict=True))
    assert row.reason == "part-2.ipynb was not handed in"
    told = feedback.by_code(workspace, codes["lacks"])
    assert told is not None
    asked = told["assignments"][NAME]["questions"]
    assert [q["status"] for q in asked] == ["empty"] * 3 + ["right", "waiting"]
    assert all("not handed in" in q["message"] for q in asked[:3])
    place = workspace.exercises / "autograded" / "lacks" / NAME
    assert sorted(p.name for p in place.glob("*.ipynb")) == ["survey.ipynb"]


def test_feedback_shows_both_notebooks_with_their_own_texts(once: Class) -> None:
    workspace, _, codes = once
    told = feedback.by_code(workspace, codes["half"])
    assert told is not None
    asked = {q["cell"]: q for q in told["assignments"][NAME]["questions"]}
    assert list(asked) == QUESTIONS
    assert (asked["say"]["answer"], asked["part-2/say"]["answer"]) == ("It is three.", "Six?")
    assert asked["count-test"]["title"].startswith("Counting people")
    assert asked["part-2/count-test"]["title"].startswith("Adding people")
    assert asked["count-test"]["objectives"] == ["DE-1"]
    assert asked["part-2/count-test"]["objectives"] == []
    assert (
        asked["part-2/count-test"]["status"] == "wrong" and asked["count-test"]["status"] == "right"
    )
    page = feedback_page(workspace, told, words_of("en"), "n")
    assert page.index(">part-2.ipynb<") < page.index("Six?") < page.index(">survey.ipynb<")
    assert page.count('class="w-part"') == 2 and 'value="part-2/say"' in page


def test_exports_have_a_column_for_each_question(once: Class, course: Course) -> None:
    workspace, _, _ = once
    report = mark.report(NAME, workspace, course)
    request = records.Request(course, workspace, report)
    lines = list(csv.DictReader(io.StringIO(export.csv_text(report))))
    right = next(line for line in lines if line["student"] == "right")
    assert {q: right[q] for q in QUESTIONS} == dict(
        zip(QUESTIONS, ("4.0", "", "1.0", "2.0", ""), strict=True)
    )
    lacks = next(line for line in lines if line["student"] == "lacks")
    assert "part-2.ipynb was not handed in" in lacks["reason"]
    book = load_workbook(io.BytesIO(records.written(request, "xlsx")))
    head, *rest = book["Marks"].iter_rows(values_only=True)
    assert list(head[-5:]) == QUESTIONS
    assert next(r for r in rest if r[0] == "right")[-5:] == (4, None, 1, 2, None)
    assert sum(r[0] == "right" for r in book["Questions"].iter_rows(values_only=True)) == 5
    moodle = records.written(request, "moodle").decode()
    assert "11" in moodle.splitlines()[1] or "11" in moodle
    assert records.written(request, "xapi") == b"", "nobody is marked to the end"


def test_analysis_keeps_equal_ids_apart(once: Class, course: Course) -> None:
    workspace, _, _ = once
    found = cohort(course, workspace, NAME)
    assert [q.id for q in found.questions] == QUESTIONS
    assert [q.max_points for q in found.questions] == [4, 1, 1, 2, 3]
    assert len({q.title for q in found.questions}) == 5
    assert "(part-2.ipynb)" in found.by_id["part-2/say"].title
    given = {(a.student, a.question): a.points for a in found.answers}
    assert (given["half", "part-2/count-test"], given["half", "count-test"]) == (0, 2)


def test_the_ledger_names_the_notebook_and_gives_the_gradebook_back(
    released: Workspace, course: Course, tmp_path: Path
) -> None:
    workspace = copied(released, tmp_path / "a class", course)
    hand_in(workspace, course, "right", FILES)
    graded(workspace, course)
    override.give(workspace, NAME, "right", "part-2/say", who="T", why="seen", points=1)
    override.give(workspace, NAME, "right", "say", who="T", why="seen", points=2, comment="Three.")
    with pytest.raises(override.OverrideError, match="0 to 1 points"):
        override.give(workspace, NAME, "right", "part-2/say", who="T", why="-", points=3)
    with pytest.raises(override.OverrideError, match="no question `part-3/say`"):
        override.give(workspace, NAME, "right", "part-3/say", who="T", why="-", points=1)
    with Ledger(workspace) as ledger:
        assert verify(ledger).problems == ()
        last = ledger.latest_of(NAME, "right")
    assert last is not None and [t.grade_id for t in last.tests] == QUESTIONS
    assert {t.grade_id: t.points for t in last.tests}["part-2/say"] == 1
    with gradebook.opened(workspace) as book:
        before = tables(book)
    workspace.gradebook.unlink()
    rebuild(workspace)
    with gradebook.opened(workspace) as book:
        assert tables(book) == before
    row = by_student(mark.report(NAME, workspace, course))["right"]
    assert points(row) == dict(zip(QUESTIONS, (4, 1, 1, 2, 2), strict=True))
    assert {m.cell: m.comment for m in row.marks if m.comment} == {"say": "Three."}
    assert (row.outcome, row.points) == ("graded", 10)
    request = records.Request(course, workspace, mark.report(NAME, workspace, course))
    statement = json.loads(records.written(request, "xapi").splitlines()[0])
    assert statement["result"]["score"]["raw"] == 10 and statement["result"]["score"]["max"] == 11
    assert ",10" in records.written(request, "moodle").decode()
    asked = regrade.ask(workspace, NAME, "right", "part-2/say", "Why?", "k" * 20)
    assert asked.question == "part-2/say"
    with pytest.raises(regrade.RegradeError, match="no such question"):
        regrade.ask(workspace, NAME, "right", "survey/say", "Why?", "m" * 20)


def test_a_new_hand_in_takes_the_place_of_the_whole_one_before(
    released: Workspace, course: Course, tmp_path: Path
) -> None:
    workspace = copied(released, tmp_path / "a class", course)
    code = hand_in(workspace, course, "amina", FILES)
    assert graded(workspace, course)["amina"].points == 7
    stamp = workspace.exercises / "autograded" / "amina" / NAME / "part-2.ipynb"
    before = stamp.stat().st_mtime_ns
    graded(workspace, course)
    assert stamp.stat().st_mtime_ns == before, "nothing new is not marked again"
    hand_in(workspace, course, "", {"part-2.ipynb": TWO}, code=code)
    row = graded(workspace, course)["amina"]
    assert points(row) == dict(zip(QUESTIONS, (4, None, 1, 0, 0), strict=True))
    assert not stamp.with_name("survey.ipynb").exists(), "nobody marks the old one by mistake"
    hand_in(workspace, course, "", FILES, code=code)
    assert graded(workspace, course)["amina"].points == 7


def test_a_change_of_one_notebook_is_shown_before_it_counts(
    released: Workspace, course: Course, tmp_path: Path
) -> None:
    workspace = copied(released, tmp_path / "a class", course)
    hand_in(workspace, course, "right", FILES)
    graded(workspace, course)
    override.give(workspace, NAME, "right", "part-2/say", who="T", why="seen", points=1)
    root = tmp_path / "changed"
    _copy_course(course, root)
    made = second()
    cells = {cell["id"]: cell for cell in made["cells"]}
    cells["count-test"]["metadata"]["nbgrader"]["points"] = 6
    made["cells"] = [c for c in made["cells"] if c["id"] != "say"]
    path = root / "exercises" / "source" / NAME / "part-2.ipynb"
    path.write_text(json.dumps(made), encoding="utf-8")
    changed = course.model_copy(update={"root": root})
    seen: list[Any] = []
    graded(workspace, changed, agree=lambda preview: bool(seen.append(preview)))
    (preview,) = seen
    assert preview.removed == ("part-2/say",) and preview.added == ()
    assert preview.worth == ("part-2/count-test (4 → 6)",)
    (row,) = preview.rows
    assert row.lost == ("part-2/say",) and (row.old, row.new) == (8, 9)
    after = graded(workspace, changed, agree=lambda preview: True)["right"]
    kept = [q for q in QUESTIONS if q != "part-2/say"]
    assert points(after) == dict(zip(kept, (6, 1, 2, None), strict=True))


def _copy_course(course: Course, root: Path) -> None:
    import shutil

    shutil.copytree(course.root, root)


class Hand:
    """A marker at the desk, who sends what the page would send."""

    def __init__(self, course: Course, workspace: Workspace) -> None:
        self.desk = Desk(course, workspace)
        self.desk.view.value = "Mark"
        self.does("who", who="T. Rainer")

    def does(self, what: str, **more: Any) -> dict[str, Any]:
        self.desk.panel.act({"do": what, **more})
        return dict(self.desk.panel.widget.state)

    def gives(self, cell: str, student: str, level: int) -> dict[str, Any]:
        self.does("open", assignment=NAME, cell=cell)
        session = self.desk.panel.session
        assert session is not None
        alias = next(a.alias for a in session.answers if a.student == student)
        self.does("go", to=alias)
        return self.does("level", answer=alias, level=level)


def test_the_desk_marks_equal_ids_of_two_notebooks(
    released: Workspace, course: Course, tmp_path: Path
) -> None:
    workspace = copied(released, tmp_path / "a class", course)
    for who in ("right", "half", "lacks"):
        hand_in(workspace, course, who, WORKS[who])
    graded(workspace, course)
    asked = questions(course, workspace, NAME)
    assert [(q.cell, q.points) for q in asked] == [("part-2/say", 1), ("say", 3)]
    assert [q.model_answer for q in asked] == ["It is six.", "It is three."]
    hand = Hand(course, workspace)
    first_page = hand.gives("part-2/say", "right", 0)
    assert "Saved" in first_page["said"], first_page["said"]
    assert first_page["answer"]["text"] == "It is six people."
    assert first_page["of"] == 2, "who did not hand the notebook in has nothing to read"
    other = hand.gives("say", "right", 2)
    assert other["answer"]["text"] == "It is three." and other["total"] == 1.5
    rows = by_student(mark.report(NAME, workspace, course))
    assert points(rows["right"]) == dict(zip(QUESTIONS, (4, 1, 1, 2, 1.5), strict=True))
    assert points(rows["half"])["part-2/say"] is None and points(rows["half"])["say"] is None
    hand.does("undo")
    rows = by_student(mark.report(NAME, workspace, course))
    assert points(rows["right"])["say"] is None and points(rows["right"])["part-2/say"] == 1
    files = {comments.file_of(workspace, NAME, q) for q in ("say", "part-2/say", "part-2_say")}
    assert len(files) == 3


def test_formgrader_shows_each_notebook_its_own_rubric(
    course: Course, monkeypatch: pytest.MonkeyPatch, once: Class
) -> None:
    from nbformat import from_dict

    workspace, _, _ = once
    monkeypatch.setattr("crossings.grading.rubrics.shown.current", lambda: course)
    monkeypatch.setenv("CROSSINGS_WORKSPACE", str(workspace.root))
    shown = {}
    for notebook in ("survey", "part-2"):
        path = workspace.exercises / "autograded" / "right" / NAME / f"{notebook}.ipynb"
        node = from_dict(json.loads(path.read_text(encoding="utf-8")))  # type: ignore[no-untyped-call]
        told = {"assignment_id": NAME, "notebook_id": notebook, "submission_id": "x"}
        made, _ = Rubrics().preprocess(node, told)
        shown[notebook] = [c.source for c in made.cells if c.source.startswith("**Rubric**")]
    assert len(shown["survey"]) == len(shown["part-2"]) == 1
    assert "| 3 |" in shown["survey"][0] and "| 1 |" in shown["part-2"][0]


def test_exact_marks_are_those_of_nbgrader(
    released: Workspace, course: Course, tmp_path: Path
) -> None:
    workspace = copied(released, tmp_path / "a class", course)
    for who in ("right", "half", "lacks", "blank"):
        hand_in(workspace, course, who, WORKS[who])
    ours = graded(workspace, course, rules="exact")
    mine = {who: points(row) for who, row in ours.items()}
    assert mine["right"]["part-2/count-test"] == 4
    with gradebook.opened(workspace) as book:
        before = tables(book)["grade"]
    plain = [sys.executable, "-m", "nbgrader", "autograde", NAME, "--force"]
    where, env = workspace.exercises, nbgrader_run.environment(workspace)
    ran = finished(
        lambda: subprocess.run(plain, cwd=where, env=env, capture_output=True, text=True)
    )
    assert ran.returncode == 0, ran.stderr
    with gradebook.opened(workspace) as book:
        theirs = {s: {m.cell: None if m.needs_person else m.points for m in found}
                  for s, found in gradebook.marks(book, NAME).items()}  # fmt: skip
        assert theirs == mine
        assert tables(book)["grade"] == before, "also what belongs to people, and what waits"
    assert replace(ours["right"], marks=()).points == 0
