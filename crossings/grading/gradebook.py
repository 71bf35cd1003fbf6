"""nbgrader's gradebook: written by nbgrader's rules, read into plain data."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crossings.curriculum import named
from crossings.environment import child_environment
from crossings.grading.trainees import Trainee
from crossings.workspace import Workspace

COURSE = "crossings"


@dataclass(frozen=True)
class Marked:
    """The marks of one question of one submission. `cell` is the question's name (`named.py`)."""

    cell: str
    points: float
    max_points: float
    needs_person: bool
    by_person: bool
    comment: str


@contextlib.contextmanager
def opened(workspace: Workspace) -> Iterator[Any]:
    """nbgrader's Gradebook of this workspace."""
    with opened_file(workspace.gradebook) as book:
        yield book


@contextlib.contextmanager
def opened_file(path: Path) -> Iterator[Any]:
    """nbgrader's Gradebook in `path`, made where there is none."""
    from nbgrader.api import Gradebook

    if not path.exists():
        # To make one, nbgrader starts `alembic` by name.
        os.environ["PATH"] = child_environment()["PATH"]
    with warnings.catch_warnings():
        # nbgrader's own way of adding submissions makes SQLAlchemy warn; nothing is lost.
        warnings.filterwarnings("ignore", message="Object of type <Submitted")
        with Gradebook("sqlite:///" + path.as_posix(), COURSE) as book:
            try:
                _index(book)
                yield book
            finally:
                book.engine.dispose()


def _index(book: Any) -> None:
    """Let the database find the marks of one submission without reading everybody's.

    nbgrader has no such indexes and minds none; formgrader gets faster by them, too.
    """
    from sqlalchemy import text

    for table, column in (
        ("grade", "notebook_id"),
        ("comment", "notebook_id"),
        ("submitted_notebook", "assignment_id"),
        ("submitted_assignment", "student_id"),
    ):
        name = f"crossings_{table}_{column}"
        book.db.execute(text(f"CREATE INDEX IF NOT EXISTS {name} ON {table} ({column})"))
    book.db.commit()


def knows(workspace: Workspace, assignment: str) -> bool:
    """Whether there is a gradebook that has the assignment; asked without starting nbgrader."""
    if not workspace.gradebook.is_file():
        return False
    address = f"{workspace.gradebook.resolve().as_uri()}?mode=ro"
    with contextlib.closing(sqlite3.connect(address, uri=True, timeout=30)) as connection:
        try:
            query = "SELECT 1 FROM assignment WHERE name = ?"
            return connection.execute(query, (assignment,)).fetchone() is not None
        except sqlite3.DatabaseError:
            return False


def set_due(workspace: Workspace, assignment: str, when: datetime | None) -> None:
    """Show the due time in formgrader, where the gradebook already knows the assignment."""
    from nbgrader.api import MissingEntry

    if not workspace.gradebook.is_file():
        return
    with opened(workspace) as book, contextlib.suppress(MissingEntry):
        book.find_assignment(assignment)
        book.update_or_create_assignment(assignment, duedate=when)


def known_as(trainee: Trainee | None) -> dict[str, str]:
    """What formgrader calls the trainee, under a name that is safe in its pages."""
    if trainee is None:
        return {}
    first, _, last = plain_name(trainee.name).rpartition(" ")
    return {"first_name": first or last, "last_name": last or first}


def plain_name(name: str) -> str:
    """A name of letters, digits, spaces and a few signs; formgrader does not escape names."""
    kept = "".join(c if c.isalnum() or c in " .-’" else " " for c in name.replace("'", "’"))
    return " ".join(kept.split())


def marks(book: Any, assignment: str) -> dict[str, list[Marked]]:
    """The marks of every submission of `assignment`, by student, in the notebooks' order."""
    from crossings.grading.ledger import record, state

    shape = state.assignment(book, assignment)
    if shape is None:
        return {}
    return {
        student: marked_in(held, record.points_of(held, shape, assignment), assignment)
        for student, held in state.submissions(book, assignment).items()
    }


def marked_in(held: Mapping[str, Any], points: Iterable[Any], assignment: str) -> list[Marked]:
    """The marks in a submission's state."""
    grades = _named(held, "grades", assignment)
    said = _named(held, "comments", assignment)
    return [
        Marked(
            cell=p.grade_id,
            points=p.points,
            max_points=p.max,
            needs_person=grades[p.grade_id]["needs"],
            by_person=grades[p.grade_id]["manual"] is not None,
            comment=_comment(said.get(p.grade_id)),
        )
        for p in points
    ]


def _named(held: Mapping[str, Any], part: str, assignment: str) -> dict[str, Any]:
    """What is held of each question, by its name."""
    return {
        named.question(assignment, notebook, cell): values
        for notebook, content in held["notebooks"].items()
        for cell, values in content[part].items()
    }


def _comment(said: Mapping[str, Any] | None) -> str:
    if said is None:
        return ""
    return str((said["manual"] if said["manual"] is not None else said["auto"]) or "")
