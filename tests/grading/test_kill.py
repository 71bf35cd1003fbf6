"""kill -9 in the middle of marking: nothing is lost, doubled or changed; the next run goes on."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
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
from tests.grading.conftest import GOOD, PARTLY, data_notebook
from tests.grading.test_mark import answered

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
SHEETS, NOTEBOOKS = 60, 40
"""More than 50 killed runs get done, at 0 to 3 marks a run."""

RUN = """
import sys
from pathlib import Path
from crossings.curriculum import load
from crossings.grading import mark
from crossings.workspace import Workspace
root, place, what = sys.argv[1:]


def told(done, total, student, outcome):
    print(done, flush=True)


mark.grade(what, None, Workspace(Path(place)), course=load(Path(root)),
           power=mark.Power(jobs=2), publish=False, progress=told)
"""


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
    command = [sys.executable, "-c", RUN, str(course.root), str(workspace.root), what]
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert running.stdout is not None
    # Once it is at work on what is new, after so many marks, and then somewhere within the next.
    for _ in range(done + moment.randrange(4)):
        if not running.stdout.readline():
            break
    time.sleep(moment.random() * 0.05)
    alive = running.poll() is None
    running.send_signal(signal.SIGKILL)
    running.stdout.close()
    running.wait()
    return alive
