"""The commands of marking, as a trainer types them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from crossings import cli
from crossings.curriculum import Course
from crossings.grading import feedback, inbox
from crossings.grading.ledger import regrade, store
from crossings.terminal import marking
from crossings.workspace import Workspace
from tests.grading.conftest import GOOD, PARTLY, write_tiny


@pytest.fixture
def run(classroom: Workspace, course: Course, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Type a command in this class; exit code, and all that was printed."""
    monkeypatch.setattr(marking, "readable", lambda: course)
    for name in ("err", "out"):
        monkeypatch.setattr(getattr(marking, name), "width", 200)

    def typed(*words: str, **more: Any) -> tuple[int, str]:
        done = CliRunner().invoke(cli.app, [*words, "--data", str(classroom.root)], **more)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return typed


def test_marking_says_how_far_it_is_and_what_came_of_it(run: Any, classroom: Workspace) -> None:
    for name, given in (("Amina", GOOD), ("Bo", PARTLY)):
        inbox.receive(classroom, "sheet", name, given)
    code, said = run("grade", "sheet")
    assert code == 0 and "2 of 2: 2 graded" in said
    assert "12 / 14" in said and "sheet: 2 needs marking" in said
    code, said = run("grade", "sheet", "--preview")
    assert code == 0 and "0 mark(s) would change, 2 stay" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["grade", "sheeet"], "There are: sheet, people"),
        (["grade", "sheet", "--from", "/no/such/place"], "no file or folder"),
        (["grade", "sheet", "--nbgrader-rules", "odd"], "choose fair or exact"),
        (["ledger", "rebuild"], "no released assignment"),
        (["regrade", "answer", "none", "--who", "T", "--text", "x"], "no request"),
    ],
)
def test_a_mistake_is_one_message(run: Any, words: list[str], said: str) -> None:
    code, printed = run(*words)
    assert code == 2 and said in printed and len(printed.strip().splitlines()) == 1


def test_the_ledger_is_shown_and_checked(run: Any, classroom: Workspace) -> None:
    inbox.receive(classroom, "sheet", "Amina", GOOD)
    run("grade", "sheet")
    code, said = run("ledger", "show", "sheet", "--student", "amina")
    assert code == 0 and "mark sheet amina · graded; 12 of 14" in said
    code, said = run("ledger", "verify")
    assert code == 0 and "each as it was written" in said
    newest = said.split("Newest: ")[1].split()[0]
    assert run("ledger", "verify", "--head", newest)[0] == 0
    assert run("ledger", "verify", "--head", "0" * 63 + "1")[0] == 2
    assert run("ledger", "rebuild")[0] == 0
    with sqlite3.connect(store.file_of(classroom)) as connection:
        connection.execute("DROP TRIGGER entry_stays")
        connection.execute("UPDATE entry SET body = replace(body, 'amina', 'anima')")
    code, said = run("ledger", "verify")
    assert code == 2 and "was changed" in said
    assert run("ledger", "rebuild")[0] == 2


def test_a_request_is_answered(run: Any, classroom: Workspace, course: Course) -> None:
    code_ = inbox.receive(classroom, "sheet", "Amina", GOOD).code
    run("grade", "sheet")
    made = regrade.ask(classroom, "sheet", "amina", "item-ws-2", "Please look.", "k" * 16)
    assert "Please look." in run("regrade", "list")[1]
    told = ("--who", "T. Rainer", "--text", "Yes.", "--points", "2")
    assert run("regrade", "answer", made.id, *told)[0] == 0
    assert "0 of 1 request(s)" in run("regrade", "list")[1]
    found = feedback.by_code(classroom, code_)
    assert found is not None and found["assignments"]["sheet"]["points"] == 14


def test_a_changed_assignment_waits_for_yes(
    run: Any, classroom: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crossings.curriculum import load

    inbox.receive(classroom, "sheet", "Amina", GOOD)
    run("grade", "sheet")
    write_tiny(tmp_path / "new")
    path = tmp_path / "new" / "modules" / "demo" / "items.yml"
    path.write_text(path.read_text("utf-8").replace("answer: 30", "answer: 45"), encoding="utf-8")
    new = load(tmp_path / "new")
    monkeypatch.setattr(marking, "readable", lambda: new)
    code, said = run("grade", "sheet")
    assert code == 2 and "1 mark(s) would change" in said and "--yes" in said
    assert "12" in said and "11" in said
    code, said = run("grade", "sheet", "--yes")
    assert code == 0 and "11 / 14" in said


def test_submissions_come_from_a_folder(run: Any, tmp_path: Path) -> None:
    (tmp_path / "in" / "amina").mkdir(parents=True)
    answers = json.dumps({"answers": GOOD})
    (tmp_path / "in" / "amina" / "answers.json").write_text(answers, encoding="utf-8")
    code, said = run("grade", "sheet", "--from", str(tmp_path / "in"))
    assert code == 0 and "1 without an owner" in said and "--add-unknown" in said
    code, said = run("grade", "sheet", "--from", str(tmp_path / "in"), "--add-unknown")
    assert code == 0 and "1 submission(s) taken" in said and "12 / 14" in said
