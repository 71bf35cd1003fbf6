"""An assignment that changed after submissions were marked: shown first, then taken over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crossings.curriculum import Course, load
from crossings.grading import change, feedback, gradebook, inbox, mark, release
from crossings.grading.ledger import Ledger, override
from crossings.grading.ledger.rebuild import rebuild, tables
from crossings.grading.ledger.verify import verify
from crossings.grading.preview import Preview
from crossings.workspace import Workspace
from tests.grading.conftest import GOOD, PARTLY, data_notebook, write_tiny


@pytest.fixture
def marked(classroom: Workspace, course: Course) -> Workspace:
    for name, given in (("Amina", GOOD), ("Bo", PARTLY)):
        inbox.receive(classroom, "sheet", name, given)
    mark.grade("sheet", None, classroom, course=course)
    override.give(classroom, "sheet", "amina", "item-ws-2", points=1, who="T", why="half of it")
    return classroom


def changed(root: Path, *edits: tuple[str, str], file: str = "modules/demo/items.yml") -> Course:
    write_tiny(root)
    path = root / file
    text = path.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return load(root)


def points(workspace: Workspace, course: Course) -> dict[str, float]:
    return {r.student: r.points for r in mark.report("sheet", workspace, course).rows}


def state_of(workspace: Workspace) -> tuple[Any, int, str]:
    with gradebook.opened(workspace) as book:
        held = tables(book)
    with Ledger(workspace) as ledger:
        count = verify(ledger).count
    path = workspace.exercises / "release" / "sheet" / "sheet.ipynb"
    return held, count, path.read_text(encoding="utf-8")


OTHER_KEY = ("answer: 30", "answer: 45")
MORE_POINTS = ("scoring: per-option\n  points: 2", "scoring: per-option\n  points: 4")


def test_nothing_changes_before_somebody_agrees(marked: Workspace, tmp_path: Path) -> None:
    course = changed(tmp_path / "new", OTHER_KEY, MORE_POINTS)
    before = state_of(marked)
    seen: list[Preview] = []
    for answer in ({"agree": lambda p: bool(seen.append(p))}, {"only_preview": True,
                   "agree": lambda p: True}):  # fmt: skip
        mark.grade("sheet", None, marked, course=course, **answer)
    with pytest.raises(mark.GradeError, match="changed after submissions were marked"):
        mark.grade("sheet", None, marked, course=course)
    assert state_of(marked) == before
    (preview,) = seen
    rows = {r.student: (r.old, r.new, r.changes) for r in preview.rows}
    assert rows["amina"] == (13, 14, True), "1 less for the number, 2 more for the grid"
    assert rows["bo"][0] == pytest.approx(2.4167) and rows["bo"][2]
    assert preview.worth == ("item-ws-grid (2 → 4)",) and preview.changes_marks
    assert not (marked.var / "trial" / "sheet").exists()


def test_after_a_yes_all_are_marked_anew_and_people_s_marks_stay(
    marked: Workspace, tmp_path: Path
) -> None:
    course = changed(tmp_path / "new", OTHER_KEY, MORE_POINTS)
    mark.grade("sheet", None, marked, course=course, agree=lambda preview: True)
    assert points(marked, course)["amina"] == 14
    with Ledger(marked) as ledger:
        assert verify(ledger).problems == ()
        kinds = [e.kind for e in ledger.entries(assignment="sheet")]
        releases = list(ledger.entries(kind="release", assignment="sheet"))
        versions = {e.assignment_version for e in ledger.entries(kind="mark")}
    assert kinds[-3:] == ["release", "mark", "mark"] and "marked anew" in releases[-1].why
    assert len(versions) == 2
    assert not change.is_pending(marked, "sheet")
    before = state_of(marked)
    mark.grade("sheet", None, marked, course=course)
    assert state_of(marked) == before, "and once is enough"


def test_questions_that_come_and_go(marked: Workspace, tmp_path: Path) -> None:
    """nbgrader refuses this: a written answer that a person marked goes, another question comes."""
    sheet = "modules/demo/worksheets/sheet.yml"
    course = changed(tmp_path / "new", ("  - item: ws-2\n", ""), file=sheet)
    seen: list[Preview] = []
    mark.grade("sheet", None, marked, course=course, agree=lambda p: not seen.append(p))
    assert seen[0].removed == ("item-ws-2",)
    lost = {r.student: r.lost for r in seen[0].rows}
    assert lost == {"amina": ("item-ws-2",), "bo": ()}
    assert points(marked, course)["amina"] == 12
    order = [m.cell for m in mark.report("sheet", marked, course).rows[0].marks]
    assert order[0] == "item-ws-1" and "item-ws-2" not in order

    course = changed(tmp_path / "old")
    mark.grade("sheet", None, marked, course=course, agree=lambda p: True)
    rows = {r.student: r for r in mark.report("sheet", marked, course).rows}
    assert rows["amina"].waiting == 1, "a question that comes back is marked by a person again"
    assert [m.cell for m in rows["amina"].marks][-1] == "item-ws-2"
    before = state_of(marked)[0]
    rebuild(marked)
    with gradebook.opened(marked) as book:
        assert tables(book) == before


def test_killed_while_it_is_taken_over_the_same_again_ends_it(
    marked: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = changed(tmp_path / "new", OTHER_KEY)

    def killed(*given: Any) -> None:
        raise KeyboardInterrupt

    for where in ("note_released", "fingerprint"):
        with monkeypatch.context() as patch:
            if where == "note_released":
                patch.setattr("crossings.grading.nbgrader_run.note_released", killed)
            else:
                patch.setattr("crossings.grading.ledger.record.note_release", killed)
            with pytest.raises(KeyboardInterrupt):
                mark.grade("sheet", None, marked, course=course, agree=lambda p: True)
    mark.grade("sheet", None, marked, course=course, agree=lambda p: True)
    assert points(marked, course)["amina"] == 12
    with Ledger(marked) as ledger:
        assert verify(ledger).problems == ()
        assert [e.who for e in ledger.entries(kind="override")] == ["T"]


def test_the_site_starts_and_gives_out_the_old_text(marked: Workspace, tmp_path: Path) -> None:
    course = changed(tmp_path / "new", OTHER_KEY, MORE_POINTS)
    before = state_of(marked)
    assert release.prepare(course, marked) == ["sheet", "people"]
    assert release.pending(course, marked) == ["sheet"]
    assert state_of(marked) == before


def test_a_notebook_whose_tests_changed(classroom: Workspace, tmp_path: Path) -> None:
    from tests.grading.test_mark import answered

    old = load(write_tiny(tmp_path / "old"))
    code = inbox.receive_upload(
        classroom, "people", "Amina", "people.ipynb", answered("def count(rows):\n    return 3")
    ).code
    mark.grade("people", None, classroom, course=old)
    assert feedback.by_code(classroom, code)["assignments"]["people"]["points"] == 2  # type: ignore[index]
    notebook = json.dumps(data_notebook())
    file = "exercises/source/people/people.ipynb"
    root = tmp_path / "new"
    write_tiny(root)
    (root / file).write_text(notebook.replace("== 3,", "== len(rows) == 4,"), encoding="utf-8")
    new, seen = load(root), []
    mark.grade("people", None, classroom, course=new, agree=lambda p: not seen.append(p))
    assert [(r.old, r.new) for r in seen[0].rows] == [(2, 0)]
    assert feedback.by_code(classroom, code)["assignments"]["people"]["points"] == 0  # type: ignore[index]
