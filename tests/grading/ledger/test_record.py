"""Marks, what people change in them, and the gradebook made anew from the ledger."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from crossings.curriculum import Course
from crossings.grading import feedback, gradebook, inbox, mark
from crossings.grading.ledger import Ledger, override, record, state
from crossings.grading.ledger.entry import Entry
from crossings.grading.ledger.rebuild import RebuildError, rebuild, tables
from crossings.grading.ledger.verify import verify
from crossings.workspace import Workspace
from tests.grading.conftest import GOOD, PARTLY


def entries(workspace: Workspace, **only: Any) -> list[Entry]:
    with Ledger(workspace) as ledger:
        assert verify(ledger).problems == ()
        return list(ledger.entries(**only))


def book_tables(workspace: Workspace) -> dict[str, list[Any]]:
    with gradebook.opened(workspace) as book:
        return tables(book)


def by_formgrader(workspace: Workspace, student: str, **values: Any) -> None:
    """Write as formgrader's page does when a trainer types points or a comment."""
    with gradebook.opened(workspace) as book:
        grade = book.find_grade("item-ws-2", "sheet", "sheet", student)
        if "points" in values:
            grade.manual_score, grade.needs_manual_grade = values["points"], False
        if "extra" in values:
            grade.extra_credit = values["extra"]
        if "comment" in values:
            comment = book.find_comment("item-ws-2", "sheet", "sheet", student)
            comment.manual_comment = values["comment"]
        book.db.commit()


@pytest.fixture
def marked(classroom: Workspace, course: Course) -> Workspace:
    for name, given in (("Amina", GOOD), ("Bo", PARTLY), ("Cho", {})):
        inbox.receive(classroom, "sheet", name, given)
    (classroom.exercises / "submitted" / "none" / "sheet").mkdir(parents=True)
    mark.grade("sheet", None, classroom, course=course)
    return classroom


def test_a_mark_says_what_it_is_of(marked: Workspace) -> None:
    found = {e.student: e for e in entries(marked, kind="mark")}
    assert set(found) == {"amina", "bo", "cho", "none"}
    amina = found["amina"]
    assert (amina.outcome, amina.points, amina.rules, amina.who) == (
        "graded",
        12,
        "fair",
        "crossings",
    )
    assert len(amina.submission_sha256) == len(amina.lock_sha256) == 64
    assert len(amina.assignment_version) == 64 and amina.runner_version.startswith("worksheets-")
    assert [(t.grade_id, t.by) for t in amina.tests][-1] == ("item-ws-2", "nobody")
    assert [t.max for t in amina.tests] == [1, 3, 3, 2, 1, 1, 1, 2]
    assert found["none"].outcome == "not gradable" and found["none"].tests == ()
    assert found["none"].state is None and "answers.json" in found["none"].reason


def test_marking_again_writes_nothing_new(marked: Workspace, course: Course) -> None:
    before = entries(marked)
    mark.grade("sheet", None, marked, course=course)
    mark.report("sheet", marked, course)
    assert entries(marked) == before


def test_what_formgrader_changed_is_written_down_once(marked: Workspace, course: Course) -> None:
    by_formgrader(marked, "amina", points=1.5, comment="Say who was present.")
    by_formgrader(marked, "bo", extra=1)
    for _ in range(2):
        mark.report("sheet", marked, course)
        feedback.publish("sheet", marked, course)
    found = {e.student: e for e in entries(marked, kind="override")}
    assert set(found) == {"amina", "bo"} and len(entries(marked, kind="override")) == 2
    amina = found["amina"]
    assert (amina.who, amina.points, amina.tests[-1].by) == ("formgrader", 13.5, "person")
    changes = [(c["cell"], c["what"], c["from"], c["to"]) for c in amina.data["changes"]]
    assert changes == [
        ("item-ws-2", "points", None, 1.5),
        ("item-ws-2", "needs marking", True, False),
        ("item-ws-2", "comment", None, "Say who was present."),
    ]
    mark_entry = next(e for e in entries(marked, kind="mark") if e.student == "amina")
    assert amina.submission_sha256 == mark_entry.submission_sha256
    by_formgrader(marked, "amina", points=1)
    mark.report("sheet", marked, course)
    last = entries(marked, kind="override")[-1]
    assert [(c["from"], c["to"]) for c in last.data["changes"]] == [(1.5, 1)]


def test_an_override_has_a_name_a_reason_and_happens_once(
    marked: Workspace, course: Course
) -> None:
    told = {"who": "T. Rainer", "why": "the log was on paper", "key": "act-1"}
    for _ in range(2):
        entry = override.give(marked, "sheet", "amina", "item-ws-2", points=2, **told)
    assert (entry.who, entry.why, entry.points) == ("T. Rainer", "the log was on paper", 14)
    assert len(entries(marked, kind="override")) == 1
    row = next(r for r in mark.report("sheet", marked, course).rows if r.student == "amina")
    assert (row.points, row.outcome) == (14, "graded")
    assert len(entries(marked, kind="override")) == 1, "not taken for formgrader's"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"points": 3}, "0 to 2"),
        ({"points": -1}, "0 to 2"),
        ({"cell": "item-none", "points": 1}, "no question"),
        ({"student": "nobody", "points": 1}, "Nothing of"),
        ({"who": " ", "points": 1}, "Say who"),
    ],
)
def test_a_wrong_override_changes_nothing(
    marked: Workspace, change: dict[str, Any], said: str
) -> None:
    given: dict[str, Any] = {"student": "amina", "cell": "item-ws-2", "who": "T", "why": ""}
    given |= change
    before = entries(marked)
    with pytest.raises(override.OverrideError, match=said):
        override.give(marked, "sheet", given.pop("student"), given.pop("cell"), **given)
    assert entries(marked) == before


def test_a_mark_that_a_kill_kept_out_of_the_gradebook_is_put_there(
    marked: Workspace, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between ledger and gradebook: the change is neither lost nor taken back as formgrader's."""
    before = book_tables(marked)

    def killed(*given: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(record, "apply", killed)
        with pytest.raises(KeyboardInterrupt):
            override.give(marked, "sheet", "bo", "item-ws-2", points=1, who="T", why="w")
    assert book_tables(marked) == before
    row = next(r for r in mark.report("sheet", marked, course).rows if r.student == "bo")
    assert row.points == pytest.approx(3.4167)
    assert len(entries(marked, kind="override")) == 1


def test_the_gradebook_is_rebuilt_exactly(marked: Workspace, course: Course) -> None:
    by_formgrader(marked, "amina", points=1.5, comment="Ünïcode, and\nlines", extra=0.5)
    override.give(marked, "sheet", "bo", "item-ws-1", points=1, who="T", why="misread")
    with gradebook.opened(marked) as book:
        book.update_or_create_student("guest", first_name="Gu", last_name="Est", email="g@x.org")
        book.update_or_create_assignment("sheet", duedate="2031-05-04 16:00:00 UTC")
        book.find_submission("sheet", "cho").extension = timedelta(days=2)
        book.find_submission_notebook("sheet", "sheet", "cho").flagged = True
        book.db.commit()
    inbox.receive_upload(marked, "people", "Dana", "people.ipynb", _people())
    mark.grade("people", None, marked, course=course)
    mark.report("sheet", marked, course)
    before = book_tables(marked)
    assert all(before.values()), "every table has something to compare"

    done = rebuild(marked)
    assert (done.assignments, done.submissions) == (2, 4)
    assert done.kept is not None and done.kept.is_file()
    after = book_tables(marked)
    for table, rows in before.items():
        assert after[table] == rows, table
    assert {r.student: r.points for r in mark.report("sheet", marked, course).rows} == {
        "amina": 14,
        "bo": pytest.approx(3.4167),
        "cho": 0,
        "none": 0,
    }


def test_a_lost_gradebook_comes_back_and_marking_goes_on(marked: Workspace, course: Course) -> None:
    before = book_tables(marked)
    marked.gradebook.unlink()
    assert rebuild(marked).kept is None
    assert book_tables(marked) == before
    code = inbox.receive(marked, "sheet", "Eve", GOOD).code
    mark.grade("sheet", None, marked, course=course)
    assert feedback.by_code(marked, code)["assignments"]["sheet"]["points"] == 12  # type: ignore[index]
    assert book_tables(marked)["assignment"] == before["assignment"]


def test_an_empty_ledger_rebuilds_nothing(workspace: Workspace) -> None:
    with pytest.raises(RebuildError, match="no released assignment"):
        rebuild(workspace)
    assert not workspace.gradebook.exists()


def test_marks_from_before_the_ledger_are_taken_in(marked: Workspace, course: Course) -> None:
    for path in marked.gradebook.parent.glob("ledger.*"):
        path.unlink()
    mark.report("sheet", marked, course)
    found = entries(marked, kind="override")
    assert {e.student for e in found} == {"amina", "bo", "cho"}
    assert {e.who for e in found} == {"nbgrader"}
    before = book_tables(marked)
    rebuild(marked)
    assert book_tables(marked) == before


def test_plain_data_of_the_gradebook_goes_back_unchanged(marked: Workspace) -> None:
    with gradebook.opened(marked) as book:
        shape, held = state.assignment(book, "sheet"), state.submissions(book, "sheet")
        assert shape is not None
        before = tables(book)
        state.put_assignment(book, "sheet", shape)
        for student, content in held.items():
            state.put_submission(book, "sheet", student, content, only_auto=False)
        book.db.commit()
        assert tables(book) == before
        assert record.points_of(held["amina"], shape, "sheet")[0].points == 1


def _people() -> bytes:
    import json

    from tests.grading.conftest import data_notebook

    return json.dumps(data_notebook()).encode()
