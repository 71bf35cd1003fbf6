"""The levels of a rubric that an answer reached, as its trainee may read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crossings.curriculum.model import Course
from crossings.grading.gradebook import Marked
from crossings.grading.people import fold
from crossings.grading.people.log import MarkingLog
from crossings.grading.rubrics import Question, questions
from crossings.grading.rubrics.questions import Criterion
from crossings.workspace import Workspace


@dataclass(frozen=True)
class Reached:
    """What markers gave in one assignment: the questions, and for each the marks by student."""

    questions: Mapping[str, Question] = field(default_factory=dict)
    marks: Mapping[str, Mapping[str, fold.Marks]] = field(default_factory=dict)

    def by(self, student: str, booked: Marked) -> list[dict[str, Any]]:
        """The level of each criterion; empty where the points do not come from levels, as when
        formgrader or the answer to a request gave them, or where a mark is still to be given."""
        question = self.questions.get(booked.cell)
        held = self.marks.get(booked.cell, {}).get(student)
        mark = held.counts if held is not None else None
        if question is None or mark is None or booked.needs_person or not booked.by_person:
            return []
        points = mark.points(question)
        if points is None or abs(points - booked.points) > 1e-6:
            return []
        placed = mark.fits(question)
        return [_level(criterion, placed[criterion.id]) for criterion in question.criteria]


def of(workspace: Workspace, course: Course, assignment: str) -> Reached:
    """What the marking desk knows of `assignment`. Examples and notes for markers stay there.

    Raises:
        MarkingLogError: when the acts of the markers cannot be read.
    """
    log = MarkingLog(workspace)
    try:
        acts = log.acts(assignment)
    finally:
        log.close()
    if not acts:
        return Reached()
    found = {q.cell: q for q in questions(course, workspace, assignment)}
    marks = {cell: fold.marks(act for act in acts if act.cell == cell) for cell in found}
    return Reached(found, marks)


def _level(criterion: Criterion, place: int) -> dict[str, Any]:
    reached = criterion.levels[place]
    better = criterion.levels[place - 1] if place > 0 else None
    look = "right" if better is None else "partly" if reached.points > 0 else "wrong"
    return {
        "looked_for": criterion.text,
        "points": reached.points,
        "most": criterion.points,
        "look": look,
        "text": reached.text,
        "next": None if better is None else {"points": better.points, "text": better.text},
    }
