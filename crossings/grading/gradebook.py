"""nbgrader's gradebook: written by nbgrader's rules, read into plain data."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crossings.grading.trainees import Trainee
from crossings.workspace import Workspace

COURSE = "crossings"


@dataclass(frozen=True)
class Marked:
    """The marks of one question of one submission."""

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

    with warnings.catch_warnings():
        # nbgrader's own way of adding submissions makes SQLAlchemy warn; nothing is lost.
        warnings.filterwarnings("ignore", message="Object of type <Submitted")
        with Gradebook("sqlite:///" + path.as_posix(), COURSE) as book:
            try:
                yield book
            finally:
                book.engine.dispose()


def set_due(workspace: Workspace, assignment: str, when: datetime | None) -> None:
    """Show the due time in formgrader, where the gradebook already knows the assignment."""
    from nbgrader.api import MissingEntry

    if not workspace.gradebook.is_file():
        return
    with opened(workspace) as book, contextlib.suppress(MissingEntry):
        book.find_assignment(assignment)
        book.update_or_create_assignment(assignment, duedate=when)


def register(book: Any, student: str, trainee: Trainee | None) -> None:
    """Make the student known, under a name that is safe in formgrader's pages."""
    if trainee is None:
        book.update_or_create_student(student)
        return
    first, _, last = plain_name(trainee.name).rpartition(" ")
    book.update_or_create_student(student, first_name=first or last, last_name=last or first)


def plain_name(name: str) -> str:
    """A name of letters, digits, spaces and a few signs; formgrader does not escape names."""
    kept = "".join(c if c.isalnum() or c in " .-’" else " " for c in name.replace("'", "’"))
    return " ".join(kept.split())


def master_cells(book: Any, assignment: str) -> dict[str, Any]:
    """nbgrader's source cells of the assignment's one notebook, by grade id."""
    return {c.name: c for c in book.find_notebook(assignment, assignment).source_cells}


def save(
    book: Any, assignment: str, student: str, notebook: Mapping[str, Any], submitted_at: str
) -> None:
    """Save the automatic scores of an autograded notebook, as nbgrader's SaveAutoGrades does.

    A score that a person gave before is kept, and asks to be looked at again.
    """
    from nbformat import from_dict
    from nbgrader import utils

    when = {"timestamp": submitted_at} if submitted_at else {}
    book.update_or_create_submission(assignment, student, **when)
    found = book.find_submission_notebook(assignment, assignment, student)
    grades = {grade.cell.name: grade for grade in found.grades}
    comments = {comment.cell.name: comment for comment in found.comments}
    for cell in from_dict(notebook).cells:  # type: ignore[no-untyped-call]
        if utils.is_grade(cell):
            grade = grades[cell.metadata.nbgrader.grade_id]
            grade.auto_score, _ = utils.determine_grade(cell)
            by_person = grade.manual_score is not None
            grade.needs_manual_grade = by_person or grade.auto_score is None
        if utils.is_solution(cell):
            same = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
            comments[cell.metadata.nbgrader.grade_id].auto_comment = (
                "No response." if same else None
            )
    book.db.commit()


def has(book: Any, assignment: str, student: str) -> bool:
    """Whether the gradebook holds a submission of this student."""
    from nbgrader.api import MissingEntry

    try:
        return book.find_submission(assignment, student) is not None
    except MissingEntry:
        return False


def marks(book: Any, assignment: str) -> dict[str, list[Marked]]:
    """The marks of every submission of `assignment`, by student, in the notebook's order."""
    from nbgrader.api import MissingEntry

    try:
        submissions = book.find_assignment(assignment).submissions
    except MissingEntry:
        return {}
    return {s.student_id: _of(s) for s in submissions}


def _of(submission: Any) -> list[Marked]:
    found: list[Marked] = []
    for notebook in submission.notebooks:
        comments = {c.cell.name: c.comment or "" for c in notebook.comments}
        order = [c.name for c in notebook.notebook.source_cells]
        grades = {grade.cell.name: grade for grade in notebook.grades}
        found.extend(_one(grades[n], comments.get(n, "")) for n in order if n in grades)
    return found


def _one(grade: Any, comment: str) -> Marked:
    return Marked(
        cell=grade.cell.name,
        points=float(grade.score),
        max_points=float(grade.max_score),
        needs_person=bool(grade.needs_manual_grade),
        by_person=grade.manual_score is not None,
        comment=comment,
    )
