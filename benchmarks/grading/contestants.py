"""Those who are compared. Each runs in a process of its own, which is measured from outside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.grading import assignment
from benchmarks.grading.measured import FailedError, Measured, measure
from crossings.environment import child_environment
from crossings.workspace import ROOT, Workspace

OTTER = ("otter-grader==7.0.0",)


def ours(folder: Path, count: int, jobs: int) -> tuple[Measured, dict[str, dict[str, float]]]:
    """The runner with the whole sandbox; the points of each submission by nbgrader's plain rule."""
    scores = folder / f"ours-{jobs}-{count}.json"
    found = _own("ours", count, str(jobs), str(scores))
    return found, json.loads(scores.read_text(encoding="utf-8"))


def floor(count: int) -> Measured:
    """The same cells in one warm IPython process: no sandbox, no fork, nothing kept apart."""
    return _own("floor", count)


def _own(who: str, count: int, *more: str) -> Measured:
    command = [sys.executable, "-m", "benchmarks.grading.one", who, str(count), *more]
    names = {"ours": f"Crossings, {more[0]} job{'s' * (more[0] != '1')}"} if more else {}
    return measure(names.get(who, "floor"), count, command, ROOT)


def nbgrader(folder: Path, count: int) -> tuple[Measured, dict[str, dict[str, float]]]:
    """`nbgrader autograde`, and the points it gave."""
    course = folder / f"nbgrader-{count}"
    course.mkdir()
    assignment.write_nbgrader(course, count)
    env = child_environment(Workspace.current()) | {"PYTHONIOENCODING": "utf-8"}
    program = [sys.executable, "-m", "nbgrader"]
    _do([*program, "generate_assignment", assignment.NAME], course, env)
    command = [*program, "autograde", assignment.NAME]
    found = measure("nbgrader autograde", count, command, course, env)
    return found, _nbgrader_scores(course)


def _nbgrader_scores(course: Path) -> dict[str, dict[str, float]]:
    from nbgrader.api import Gradebook

    found: dict[str, dict[str, float]] = {}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        for submission in book.assignment_submissions(assignment.NAME):
            grades = (grade for book_ in submission.notebooks for grade in book_.grades)
            found[submission.student.id] = {g.name: float(g.auto_score or 0) for g in grades}
    return found


def otter(folder: Path, count: int) -> Measured:
    """`otter run`, a process for each submission as otter does it, in a venv of its own.

    Raises:
        FailedError: when the venv or the assignment cannot be made.
    """
    place = folder / "otter-venv"
    venv.create(place, with_pip=True)
    python = str(place / "bin" / "python")
    env = {**os.environ, "PYTHONPATH": "", "PATH": f"{place / 'bin'}:{os.environ['PATH']}"}
    packages = [*OTTER, "ipykernel", "pandas", "matplotlib"]
    _do([python, "-m", "pip", "install", "--quiet", *packages], folder, env)
    course = folder / "otter"
    course.mkdir()
    assignment.write_otter(course, count)
    program = str(place / "bin" / "otter")
    _do(
        [program, "assign", f"source/{assignment.NAME}.ipynb", "made", "--no-run-tests"],
        course,
        env,
    )
    archive = next((course / "made" / "autograder").glob("*.zip"), None)
    if archive is None:
        raise FailedError("otter assign made no autograder")
    paths = [str(path) for _, path in assignment.otter_submissions(course, count)]
    loop = "import subprocess, sys\nfor path in sys.argv[3:]:\n"
    loop += "    subprocess.run([sys.argv[1], 'run', '-a', sys.argv[2], path], check=True)"
    return measure(
        "otter run", count, [python, "-c", loop, program, str(archive), *paths], course, env
    )


def _do(command: Sequence[str], cwd: Path, env: dict[str, Any]) -> None:
    done = subprocess.run(
        list(command), cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        said = (done.stdout + done.stderr).strip().splitlines()
        raise FailedError("\n".join(said[-3:]))
