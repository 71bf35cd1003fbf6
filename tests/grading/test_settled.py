"""Submissions that the program could not mark, and what counts as a person having settled them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crossings.apps.desk import Desk
from crossings.curriculum import Course
from crossings.grading import export, feedback, gradebook, inbox, mark, records
from crossings.grading.ledger import override, regrade
from crossings.grading.report import Row
from crossings.grading.sources import take
from crossings.terminal.marking import regrade as commands
from crossings.workspace import Workspace
from tests.grading.test_mark import answered

RIGHT = answered("def count(rows):\n    return len(rows)", said="Three people.")
DIES = answered("import os\nos._exit(0)", said="Three people.")
FORGED = """
import ast
class Gone(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.copy_location(ast.Pass(), node)
get_ipython().ast_transformers.append(Gone())
def count(rows): return 7
"""
TAMPERED = answered(FORGED, said="Three people.")
GREEDY = answered(
    "kept = []\nwhile True:\n    kept.append(b'1' * 10_000_000)", said="Three people."
)
GIVE_UP = {"crashed": DIES, "tampered": TAMPERED, "out of memory": GREEDY}


def hand_in(workspace: Workspace, body: bytes, code: str = "") -> str:
    name = "" if code else "Amina"
    return inbox.receive_upload(workspace, "people", name, "people.ipynb", body, code=code).code


def marked(workspace: Workspace, course: Course, *, again: bool = False) -> Row:
    (row,) = mark.grade("people", None, workspace, course=course, again=again).rows
    return row


def now(workspace: Workspace, course: Course) -> Row:
    (row,) = mark.report("people", workspace, course).rows
    return row


def by_formgrader(workspace: Workspace, cell: str, points: float) -> None:
    with gradebook.opened(workspace) as book:
        grade = book.find_grade(cell, "people", "people", "amina")
        grade.manual_score, grade.needs_manual_grade = points, False
        book.db.commit()


def by_desk(workspace: Workspace, course: Course, level: int) -> str:
    """Mark the written answer as the page would; what the page says then."""
    desk = Desk(course, workspace)
    desk.view.value = "Mark"
    desk.panel.act({"do": "who", "who": "T. Rainer"})
    desk.panel.act({"do": "open", "assignment": "people", "cell": "say"})
    assert desk.panel.session is not None
    (answer,) = desk.panel.session.answers
    desk.panel.act({"do": "go", "to": answer.alias})
    desk.panel.act({"do": "level", "answer": answer.alias, "level": level})
    return str(dict(desk.panel.widget.state)["said"])


@pytest.mark.parametrize("outcome", GIVE_UP)
def test_a_person_settles_what_the_program_gave_up(
    classroom: Workspace, course: Course, outcome: str
) -> None:
    code = hand_in(classroom, GIVE_UP[outcome])
    row = marked(classroom, course)
    assert (row.outcome, row.scored) == (outcome, False)
    assert "Saved" in by_desk(classroom, course, 0)
    row = now(classroom, course)
    assert (row.outcome, row.scored) == (outcome, False), "the test still waits for a person"
    by_formgrader(classroom, "count-test", 1)
    row = now(classroom, course)
    assert (row.outcome, row.scored, row.points, row.waiting) == (outcome, True, 4, 0)
    report = mark.report("people", classroom, course)
    assert ",4,5,0,1.0,3.0" in export.csv_text(report).replace("4.0,5.0", "4,5")
    request = records.Request(course, classroom, report)
    assert ",4" in records.written(request, "moodle").decode()
    feedback.publish("people", classroom, course)
    told = feedback.by_code(classroom, code)
    assert told is not None
    entry = told["assignments"]["people"]
    assert (entry["scored"], entry["points"], entry["reason"]) == (True, 4, "")
    assert marked(classroom, course).points == 4, "nothing new is not marked again"
    row = marked(classroom, course, again=True)
    assert (row.outcome, row.scored) == (outcome, False), "marked anew, it is to be looked at anew"


@pytest.mark.attack
def test_results_that_came_over_a_line_that_was_written_on_wait_for_a_person(
    classroom: Workspace, course: Course
) -> None:
    """The test ran before, and was passed: who can write there can have written that, too."""
    made = json.loads(RIGHT)
    garbage = "import os\nfor fd in range(3, 64):\n    try:\n        os.write(fd, b'\\xff' * 64)\n"
    last = {"cell_type": "code", "id": "last", "metadata": {}, "outputs": []}
    garbage += "    except OSError:\n        pass"
    made["cells"].append(last | {"execution_count": None, "source": garbage})
    hand_in(classroom, json.dumps(made).encode())
    row = marked(classroom, course)
    assert (row.outcome, row.scored) == ("tampered", False), row.reason
    by_desk(classroom, course, 0)
    row = now(classroom, course)
    assert (row.outcome, row.scored) == ("tampered", False), "the desk's marker saw the text only"
    by_formgrader(classroom, "count-test", 0)
    assert now(classroom, course).points == 3


def test_one_that_is_settled_and_handed_in_again_counts_by_its_own(
    classroom: Workspace, course: Course
) -> None:
    code = hand_in(classroom, DIES)
    marked(classroom, course)
    by_desk(classroom, course, 0)
    by_formgrader(classroom, "count-test", 1)
    hand_in(classroom, RIGHT, code)
    row = now(classroom, course)
    assert (row.outcome, row.scored) == ("received", False)
    row = marked(classroom, course)
    assert row.outcome == "needs marking" and row.waiting == 2, "both are to be looked at again"


def torn(workspace: Workspace, course: Course, place: Path) -> None:
    """A later hand-in that nobody can read, brought from elsewhere."""
    folder = place / "inbound" / "amina+people+2036-05-02 09:00:00.000001 UTC+x"
    folder.mkdir(parents=True)
    (folder / "people.ipynb").write_bytes(b"{")
    assert take(course, workspace, "people", place).refused


def test_marks_of_an_earlier_hand_in_settle_nothing(
    classroom: Workspace, course: Course, tmp_path: Path
) -> None:
    """The gradebook still has them: somebody marked that one, and has not seen this one."""
    hand_in(classroom, RIGHT)
    marked(classroom, course)
    by_desk(classroom, course, 0)
    assert now(classroom, course).points == 5
    torn(classroom, course, tmp_path / "in")
    row = marked(classroom, course)
    assert (row.outcome, row.scored) == ("not gradable", False)
    by_formgrader(classroom, "say", 2)
    assert not now(classroom, course).scored, "the test's points are the earlier hand-in's"
    override.give(classroom, "people", "amina", "count-test", who="T", why="on paper", points=1)
    row = now(classroom, course)
    assert (row.outcome, row.scored, row.points) == ("not gradable", True, 3)


def test_an_answer_that_waited_is_no_settlement_either(
    classroom: Workspace, course: Course, tmp_path: Path
) -> None:
    hand_in(classroom, RIGHT)
    marked(classroom, course)
    torn(classroom, course, tmp_path / "in")
    assert marked(classroom, course).outcome == "not gradable"
    by_desk(classroom, course, 0)  # a marker sees no names, and still the earlier answer
    row = now(classroom, course)
    assert (row.outcome, row.scored) == ("not gradable", False)


@pytest.fixture
def answer(
    classroom: Workspace, course: Course, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    """`./course regrade answer`, as a trainer types it."""
    monkeypatch.setattr("crossings.terminal.marking.readable", lambda: course)

    def typed(request: str, *options: str) -> str:
        done = CliRunner().invoke(
            commands,
            ["answer", request, "--who", "T. Rainer", "--text", "I read it on paper.",
             "--data", str(classroom.root), *options],
        )  # fmt: skip
        return done.output

    return typed


def test_points_for_what_was_never_gradable(
    classroom: Workspace, course: Course, tmp_path: Path, answer: Callable[..., str]
) -> None:
    code = hand_in(classroom, RIGHT)
    torn(classroom, course, tmp_path / "in")
    row = marked(classroom, course)
    assert (row.outcome, row.scored) == ("not gradable", False)
    asked = regrade.ask(classroom, "people", "amina", "", "I have it on paper.", "k" * 20)
    assert "--question" in answer(asked.id, "--points", "2")
    assert "There are: count-test, say" in answer(asked.id, "--points", "2", "--question", "sum")
    assert "0 to 2 points" in answer(asked.id, "--points", "3", "--question", "count-test")
    assert "Answered" in answer(asked.id, "--points", "2", "--question", "count-test")
    assert not now(classroom, course).scored, "one of two: no silent zero for the other"
    assert "Answered" in answer(asked.id, "--points", "1.5", "--question", "say")
    row = now(classroom, course)
    assert (row.outcome, row.scored, row.points, row.max_points) == ("not gradable", True, 3.5, 5)
    told = feedback.by_code(classroom, code)
    assert told is not None and told["assignments"]["people"]["points"] == 3.5
    assert json.dumps(told).count("I read it") == 0
    with pytest.raises(override.OverrideError, match="Nothing of `bo`"):
        override.give(classroom, "people", "bo", "say", who="T", why="-", points=1)
