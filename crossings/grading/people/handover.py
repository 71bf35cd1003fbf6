"""What markers decided, on its way into ledger and gradebook: once, also after a crash."""

from __future__ import annotations

from collections.abc import Sequence

from crossings.grading.ledger import Entry, override
from crossings.grading.people import fold
from crossings.grading.people.log import Act, MarkingLog
from crossings.grading.rubrics import Question
from crossings.workspace import Workspace

_COUNTING = ("first", "settled")
"""Roles whose marks can reach the trainee."""


def hand_over(
    workspace: Workspace, log: MarkingLog, question: Question, student: str
) -> Entry | None:
    """Make the gradebook say of one answer what the acts come to. Again changes nothing.

    Returns what was written into ledger and gradebook; None where there was nothing to write.

    Raises:
        override.OverrideError: when the gradebook has no such submission.
    """
    with log.alone():
        acts = log.acts(question.assignment, question.cell)
        newest = _newest(acts, student)
        if newest is None or newest.seq in log.given():
            return None
        made = _give(workspace, question, student, acts, newest)
        log.note_given(newest.seq)
        return made


def behind(log: MarkingLog, question: Question) -> list[str]:
    """The students of whom the gradebook may not have what the acts come to: after a crash."""
    acts, given = log.acts(question.assignment, question.cell), log.given()
    students = {str(a.body["student"]) for a in acts if a.kind == "mark"}
    newest = {student: _newest(acts, student) for student in sorted(students)}
    return [s for s, act in newest.items() if act is not None and act.seq not in given]


def _newest(acts: Sequence[Act], student: str) -> Act | None:
    """The newest act that can have changed what this student gets."""
    mine = {
        a.seq
        for a in acts
        if a.kind == "mark" and a.body["student"] == student and a.body["role"] in _COUNTING
    }
    touching = [a for a in acts if a.seq in mine or (a.kind == "undo" and a.body.get("of") in mine)]
    return touching[-1] if touching else None


def _give(
    workspace: Workspace, question: Question, student: str, acts: Sequence[Act], newest: Act
) -> Entry | None:
    counts = fold.marks(acts).get(student, fold.Marks()).counts or fold.Mark()
    points = counts.points(question)
    earlier = [
        fold.Mark(a.body.get("levels", {}), a.body.get("comment"))
        for a in acts
        if a.kind == "mark" and a.body["student"] == student and a.body["role"] in _COUNTING
    ]
    unmark = points is None and any(m.points(question) is not None for m in earlier)
    comment = counts.comment
    if comment is None and any(m.comment is not None for m in earlier):
        comment = ""
    if points is None and not unmark and comment is None:
        return None
    return override.give(
        workspace,
        question.assignment,
        student,
        question.cell,
        who=newest.who,
        why=_why(question, counts, newest),
        points=points,
        comment=comment,
        unmark=unmark,
        # With the time: a log that was replaced starts to count anew.
        key=f"people/{newest.at}/{newest.seq}",
    )


def _why(question: Question, counts: fold.Mark, newest: Act) -> str:
    if newest.kind == "undo":
        return "taken back on the marking desk"
    placed = counts.fits(question)
    parts = [
        f"{c.id} {counts.levels[c.id]:g} of {c.points:g}"
        for c in question.criteria
        if c.id in placed
    ]
    role = "settled" if newest.body.get("role") == "settled" else "marked"
    return f"{role} on the marking desk: {', '.join(parts) or 'comment only'}"
