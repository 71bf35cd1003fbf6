"""One marking run as a process of its own, for tests that kill it; everything slow is imported."""

from __future__ import annotations

import os
import threading
from multiprocessing.connection import Connection
from pathlib import Path

import nbgrader.api
import nbgrader.preprocessors  # noqa: F401

from crossings.curriculum import load
from crossings.grading import cluster, mark
from crossings.workspace import Workspace


def run(root: str, place: str, what: str, told: Connection, address: str = "") -> None:
    """Mark `what`, here or on the cluster at `address`, and tell how many are done after each.

    The last word is why it ended: "" where all is marked.
    """
    os.environ["CROSSINGS_WORKSPACE"] = place

    def moved(done: int, total: int, student: str, outcome: str) -> None:
        told.send(done)

    course, workspace = load(Path(root)), Workspace(Path(place))
    power = mark.Power(cluster=address) if address else mark.Power(jobs=2)
    try:
        mark.grade(what, None, workspace, course=course, power=power, publish=False, progress=moved)
    except mark.GradeError as error:
        told.send(str(error))
    else:
        told.send("")
    told.close()


def serve(place: str, told: Connection) -> None:
    """A scheduler, and workers as its child processes, as `./course cluster` starts them."""
    os.environ["CROSSINGS_WORKSPACE"] = place
    with cluster.local(Workspace(Path(place)), workers=2) as address:
        told.send(address)
        threading.Event().wait()
