"""An assignment that changed after submissions were marked: tried out beside, then taken over.

nbgrader refuses to release it, because cells and marks would no longer fit together. Here it is
released into a folder and a gradebook of its own; what that would mean for each mark can be looked
at; and then the questions in the true gradebook are changed in one transaction. Marks of questions
that stay are kept, and the ledger keeps all.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crossings.grading import gradebook, nbgrader_run
from crossings.grading.ledger import Ledger, record, state
from crossings.grading.ledger.state import State
from crossings.grading.release import CONFIG
from crossings.workspace import Workspace


def is_pending(workspace: Workspace, assignment: str) -> bool:
    """Whether the source is not what was released, and submissions of that were marked."""
    if nbgrader_run.is_released(workspace, assignment):
        return False
    released = (workspace.exercises / "release" / assignment).is_dir()
    return released and _has_submissions(workspace, assignment)


def _has_submissions(workspace: Workspace, assignment: str) -> bool:
    if not gradebook.knows(workspace, assignment):
        return False
    address = f"{workspace.gradebook.resolve().as_uri()}?mode=ro"
    query = (
        "SELECT 1 FROM submitted_assignment s JOIN assignment a ON a.id = s.assignment_id "
        "WHERE a.name = ? LIMIT 1"
    )
    with contextlib.closing(sqlite3.connect(address, uri=True, timeout=30)) as connection:
        return connection.execute(query, (assignment,)).fetchone() is not None


@contextlib.contextmanager
def tried(workspace: Workspace, assignment: str) -> Iterator[tuple[Path, State]]:
    """The changed assignment released beside the true one: its folder, and its questions."""
    place = workspace.var / "trial" / assignment
    shutil.rmtree(place, ignore_errors=True)
    source = place / "source" / assignment
    shutil.copytree(workspace.exercises / "source" / assignment, source)
    shutil.copyfile(workspace.exercises / CONFIG, place / CONFIG)
    try:
        nbgrader_run.release_beside(workspace, assignment, place)
        with gradebook.opened_file(place / "gradebook.db") as book:
            found = state.assignment(book, assignment)
        assert found is not None, "nbgrader said that it released the assignment"
        yield place / "release" / assignment, found
    finally:
        shutil.rmtree(place, ignore_errors=True)


def take_over(
    workspace: Workspace,
    ledger: Ledger,
    book: Any,
    assignment: str,
    released: Path,
    questions: State,
) -> None:
    """Make the tried-out assignment the true one. Killed half-way, the same again ends it."""
    old = state.assignment(book, assignment)
    shape = questions | {"duedate": old["duedate"] if old else None}
    try:
        state.put_assignment(book, assignment, shape)
        book.db.commit()
    except BaseException:
        book.db.rollback()
        raise
    record.note_release(
        ledger, assignment, shape, why="changed after submissions were marked; they are marked anew"
    )
    place = workspace.exercises / "release" / assignment
    fresh = place.with_name(f".{assignment}.fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(released, fresh)
    shutil.rmtree(place, ignore_errors=True)
    fresh.replace(place)
    nbgrader_run.note_released(workspace, assignment)
