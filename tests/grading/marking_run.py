"""One marking run as a process of its own, for tests that kill it; everything slow is imported."""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path

import nbgrader.api
import nbgrader.preprocessors  # noqa: F401

from crossings.curriculum import load
from crossings.grading import mark
from crossings.workspace import Workspace


def run(root: str, place: str, what: str, told: Connection) -> None:
    """Mark `what`, and tell how many are done after each."""

    def moved(done: int, total: int, student: str, outcome: str) -> None:
        told.send(done)

    course, workspace = load(Path(root)), Workspace(Path(place))
    power = mark.Power(jobs=2)
    mark.grade(what, None, workspace, course=course, power=power, publish=False, progress=moved)
    told.close()
