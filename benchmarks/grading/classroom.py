"""What a trainer waits for: `./course grade` on a class folder, from the inbox to the feedback.

Collecting, the sandbox, ledger and gradebook with everything forced to the disk, and a feedback
file for each trainee are in it; the loading of the program and the check of the course, too.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

from benchmarks.grading import worksheets
from benchmarks.grading.measured import FailedError, Measured, measure
from crossings.curriculum import current
from crossings.environment import child_environment
from crossings.grading import fill, inbox, release
from crossings.grading.ledger import Ledger
from crossings.workspace import ROOT, Workspace

WORKSHEET = worksheets.SHEETS[0]
NOTEBOOK = "screening-data"
_SOLUTION = re.compile(r"^### (BEGIN|END) SOLUTION\n?", re.MULTILINE)


def worksheet(folder: Path, count: int) -> Measured:
    """The whole command on `count` worksheets."""
    workspace = _made(folder / f"class-worksheets-{count}")
    items = worksheets.items_of(current(), WORKSHEET)
    for number in range(count):
        given = worksheets.answered(items, number)
        inbox.receive(workspace, WORKSHEET, f"Trainee {number}", given)
    return _grade(f"./course grade {WORKSHEET}", workspace, WORKSHEET, count)


def notebook(folder: Path, count: int) -> Measured:
    """The whole command on `count` notebooks, with a sandbox for each processor."""
    workspace = _made(folder / f"class-notebooks-{count}")
    for number in range(count):
        body = json.dumps(handed_in(workspace, number)).encode()
        name = f"Trainee {number}"
        inbox.receive_upload(workspace, NOTEBOOK, name, f"{NOTEBOOK}.ipynb", body)
    return _grade(f"./course grade {NOTEBOOK}", workspace, NOTEBOOK, count)


def handed_in(workspace: Workspace, number: int) -> dict[str, Any]:
    """The released notebook with answers: of ten, seven are right, one has a wrong number, one
    leaves an answer out, one raises an exception."""
    place = f"{NOTEBOOK}/{NOTEBOOK}.ipynb"
    made = fill.read(workspace.exercises / "release" / place)
    solved = {
        cell["metadata"]["nbgrader"]["grade_id"]: _SOLUTION.sub("", cell["source"])
        for cell in fill.read(workspace.exercises / "source" / place)["cells"]
        if cell["metadata"].get("nbgrader", {}).get("solution")
    }
    code = [c for c in made["cells"] if c["cell_type"] == "code"]
    names = [c["metadata"].get("nbgrader", {}).get("grade_id") for c in code]
    asked = [name for name in names if name in solved]
    chosen = asked[number % len(asked)]
    for cell in made["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name not in solved:
            continue
        if name == chosen and number % 10 == 8:
            continue
        cell["source"] = f"{solved[name]}\n"
        if cell["cell_type"] == "code":
            cell["source"] += f"# by trainee {number}\n"
            if name == chosen and number % 10 == 9:
                cell["source"] += "raise KeyError('no such column')\n"
        if name == "conditions" and number % 10 == 7:
            cell["source"] += "share_good = 0.5\n"
    return made


def _made(folder: Path) -> Workspace:
    """A class folder as the learner site leaves it when it starts."""
    workspace = Workspace(folder.resolve())
    release.prepare(current(), workspace)
    return workspace


def _grade(who: str, workspace: Workspace, assignment: str, count: int) -> Measured:
    command = [sys.executable, "-m", "crossings.cli", "grade", assignment]
    command += ["--data", str(workspace.root)]
    env = {**os.environ, **child_environment(workspace)}
    found = measure(who, count, command, ROOT, env)
    with Ledger(workspace) as ledger:
        marked = sum(e.outcome == "graded" for e in ledger.entries(kind="mark"))
    given = len(list(workspace.feedback.glob("*.json")))
    if (marked, given) != (count, count):
        raise FailedError(f"{who}: {marked} marked and {given} feedback files of {count}")
    return found
