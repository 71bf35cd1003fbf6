"""What marking one submission came to, before it is written down anywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crossings.grading.collect import Collected
from crossings.grading.ledger.state import State
from crossings.grading.report import Outcome


@dataclass(frozen=True)
class Notebook:
    """The automatic points and comments of one notebook, by cell; None leaves it to a person."""

    points: Mapping[str, float | None]
    comments: Mapping[str, str | None] = field(default_factory=dict)
    late: float | None = None
    """Points taken off for being late, where the assignment does that."""


@dataclass(frozen=True)
class Scored:
    """The outcome of one submission. `notebooks` is None where there are no points to write.

    `submission` is the hash of what was handed in; empty where marking went wrong for a reason
    of ours, so that it is tried again. `more` goes into the ledger as it is.
    """

    collected: Collected
    outcome: Outcome
    reason: str = ""
    submission: str = ""
    notebooks: Mapping[str, Notebook] | None = None
    more: Mapping[str, Any] = field(default_factory=dict)
    keep: Callable[[], None] = lambda: None
    """Writes the files that formgrader shows."""


def of_autograded(notebook: Mapping[str, Any]) -> Notebook:
    """What nbgrader's SaveAutoGrades would write about a worksheet's notebook."""
    from nbformat import from_dict
    from nbgrader import utils

    points: dict[str, float | None] = {}
    for cell in from_dict(notebook).cells:  # type: ignore[no-untyped-call]
        if utils.is_grade(cell):
            given, _ = utils.determine_grade(cell)
            points[cell.metadata.nbgrader.grade_id] = None if given is None else float(given)
    return Notebook(points, comments_of(notebook))


def comments_of(notebook: Mapping[str, Any]) -> dict[str, str | None]:
    """nbgrader's own comment on every answer: that there is none, or nothing."""
    from nbformat import from_dict
    from nbgrader import utils

    found: dict[str, str | None] = {}
    for cell in from_dict(notebook).cells:  # type: ignore[no-untyped-call]
        if utils.is_solution(cell) or utils.is_task(cell):
            meta = cell.metadata.nbgrader
            same = meta.get("checksum") == utils.compute_checksum(cell)
            found[meta.grade_id] = "No response." if same and not utils.is_task(cell) else None
    return found


def into(base: State, notebooks: Mapping[str, Notebook]) -> State:
    """`base`, a submission state that is ours to change, with the automatic points written in.

    A score that a person gave before is kept, and asks to be looked at again.
    """
    for name, marked in notebooks.items():
        place = base["notebooks"].get(name)
        if place is None:
            continue
        place["late"] = marked.late
        for cell, given in marked.points.items():
            grade = place["grades"].get(cell)
            if grade is not None:
                grade["auto"] = given
                by_person = grade["manual"] is not None
                grade["needs"] = by_person or given is None
        for cell, said in marked.comments.items():
            if cell in place["comments"]:
                place["comments"][cell]["auto"] = said
    return base
