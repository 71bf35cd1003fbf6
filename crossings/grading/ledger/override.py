"""A person changes a mark: with name and reason, first in the ledger, then in the gradebook."""

from __future__ import annotations

import copy
from typing import Any

from crossings.curriculum import named
from crossings.grading import gradebook
from crossings.grading.ledger import record, state
from crossings.grading.ledger.entry import Draft, Entry
from crossings.grading.ledger.store import Ledger
from crossings.workspace import Workspace


class OverrideError(Exception):
    """The mark cannot be changed; the message says why."""


def give(
    workspace: Workspace,
    assignment: str,
    student: str,
    cell: str,
    *,
    who: str,
    why: str,
    points: float | None = None,
    extra: float | None = None,
    comment: str | None = None,
    unmark: bool = False,
    key: str | None = None,
) -> Entry:
    """Give points, extra credit or a comment by hand for one question, `cell`: its name.

    What is None stays as it is. `unmark` takes back the points that a person gave. `key` names the
    act: the same again changes nothing.

    Raises:
        OverrideError: when there is no such submission or question, or points it cannot have.
    """
    if not who.strip():
        raise OverrideError("Say who changes the mark.")
    with Ledger(workspace) as ledger, gradebook.opened(workspace) as book:
        done = ledger.by_key(key) if key else None
        if done is not None:
            record.catch_up(ledger, book, assignment)
            return done
        record.reconcile(ledger, book, assignment)
        shape = state.assignment(book, assignment)
        now = state.submissions(book, assignment, [student]).get(student)
        last = ledger.latest_of(assignment, student)
        if shape is not None and now is None and last is not None:
            # The program could give no points: a person can, question by question.
            now = record.blank(shape, state.person(book, student))
        if shape is None or now is None:
            raise OverrideError(f"Nothing of `{student}` was marked in `{assignment}`.")
        made = _changed(now, assignment, cell, points, extra, comment, unmark)
        tests = record.points_of(made, shape, assignment)
        most = {p.grade_id: p.max for p in tests}
        if points is not None and not 0 <= points <= most.get(cell, points):
            raise OverrideError(f"`{cell}` has 0 to {most[cell]:g} points.")
        draft = Draft(
            "override",
            assignment,
            student,
            tests=tests,
            who=who,
            why=why,
            data={"changes": list(record.differences(now, made))},
        )
        return record.save(ledger, book, record.like(draft, last), made, key)


def _changed(
    now: dict[str, Any],
    assignment: str,
    question: str,
    points: float | None,
    extra: float | None,
    comment: str | None,
    unmark: bool,
) -> dict[str, Any]:
    made = copy.deepcopy(now)
    found = False
    name, cell = named.place(assignment, question)
    notebook = made["notebooks"].get(name, {"grades": {}, "comments": {}})
    grade, said = notebook["grades"].get(cell), notebook["comments"].get(cell)
    if grade is not None and (unmark or points is not None or extra is not None):
        found = True
        kept = None if unmark else grade["manual"]
        grade["manual"] = kept if points is None else float(points)
        grade["extra"] = grade["extra"] if extra is None else float(extra)
        grade["needs"] = grade["manual"] is None and grade["auto"] is None
    if said is not None and comment is not None:
        found = True
        said["manual"] = comment or None
    if not found:
        there_are = ", ".join(
            named.question(assignment, name, cell)
            for name, content in made["notebooks"].items()
            for cell in content["grades"]
        )
        raise OverrideError(
            f"There is no question `{question}` that could be changed so. There are: {there_are}."
        )
    return made
