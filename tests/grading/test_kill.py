"""kill -9 in the middle of marking: nothing is lost, doubled or changed; the next run goes on."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import random
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from crossings.curriculum import Course
from crossings.grading import gradebook, inbox, mark
from crossings.grading.ledger import Ledger
from crossings.grading.ledger.rebuild import tables
from crossings.grading.ledger.verify import verify
from crossings.workspace import Workspace
from tests.grading import marking_run
from tests.grading.conftest import GOOD, PARTLY, data_notebook
from tests.grading.test_mark import answered

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
SHEETS, NOTEBOOKS = 60, 40
"""More than 50 killed runs get done, at 0 to 3 marks a run."""

_start = multiprocessing.get_context("forkserver")
_start.set_forkserver_preload(["tests.grading.marking_run"])


def hand_in(workspace: Workspace) -> None:
    for number in range(SHEETS):
        given = [GOOD, PARTLY, {}][number % 3]
        inbox.receive(workspace, "sheet", f"Person {number}", given)
    for number in range(NOTEBOOKS):
        code = f"def count(rows):\n    return {2 + number % 2}"
        if number == 5:
            code = "import os\nos._exit(1)"
        body = answered(code, said=data_notebook()["cells"][-1]["source"] + f" {number}")
        inbox.receive_upload(workspace, "people", f"Person {number}", "people.ipynb", body)


def outcome(workspace: Workspace) -> dict[str, Any]:
    """Everything that marking decided; times, hashes and places left out."""
    with Ledger(workspace) as ledger:
        assert verify(ledger).problems == ()
        marks = [
            (e.assignment, e.student, e.submission_sha256, e.outcome, e.reason, e.tests)
            for e in ledger.entries(kind="mark")
        ]
        assert list(ledger.entries(kind="override")) == [], "nobody changed anything by hand"
        assert ledger.pending("sheet") == ledger.pending("people") == []
    with gradebook.opened(workspace) as book:
        held = tables(book)
    shown = {
        path.relative_to(workspace.exercises).as_posix(): _plain(path)
        for path in (workspace.exercises / "autograded").rglob("*.ipynb")
    }
    assert len(marks) == len({m[:2] for m in marks}), "each mark is there once"
    return {"marks": sorted(marks), "book": held, "shown": shown}


def _plain(path: Path) -> Any:
    return [c.get("outputs") for c in json.loads(path.read_text(encoding="utf-8"))["cells"]]


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "moments", [10, pytest.param(50, marks=pytest.mark.slow)], ids=["ten", "fifty"]
)
def test_killed_at_random_moments_every_mark_is_there_once(
    classroom: Workspace, course: Course, tmp_path: Path, moments: int
) -> None:
    hand_in(classroom)
    calm = Workspace(tmp_path / "undisturbed")
    shutil.copytree(classroom.root, calm.root)
    for what in ("sheet", "people"):
        mark.grade(what, None, calm, course=course, publish=False)
    moment = random.Random(20_311)
    killed = 0
    for number in range(moments):
        what = ("sheet", "people")[number % 2]
        killed += _killed(course, classroom, what, moment)
    assert killed >= moments * 0.6, "most of them were killed at work, not after it"
    for what in ("sheet", "people"):
        mark.grade(what, None, classroom, course=course, publish=False)
    assert outcome(classroom) == outcome(calm)


def _killed(course: Course, workspace: Workspace, what: str, moment: random.Random) -> bool:
    """Start marking and kill it with all it started; False when it was done before."""
    with Ledger(workspace) as ledger:
        done = len(ledger.latest(what, ("mark",)))
    mine, its = _start.Pipe(duplex=False)
    given = (str(course.root), str(workspace.root), what, its)
    running = _start.Process(target=marking_run.run, args=given)
    running.start()
    its.close()
    # Once it is at work on what is new, after so many marks, and then somewhere within the next.
    with contextlib.suppress(EOFError):
        for _ in range(done + moment.randrange(4)):
            mine.recv()
    time.sleep(moment.random() * 0.05)
    alive = running.is_alive()
    running.kill()
    running.join()
    mine.close()
    return alive
