"""The questions of an assignment that a person marks, each with the levels to mark it by."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crossings.curriculum.model import Course
from crossings.curriculum.rubrics import person_cells, rubric_of
from crossings.grading import notebooks
from crossings.grading.cells import STUB
from crossings.grading.release import find_worksheet, items_of
from crossings.items import Item
from crossings.items.scale import Level
from crossings.workspace import Workspace

_PLAIN = {
    2: ("Met.", "Not met."),
    3: ("Met.", "Partly met.", "Not met."),
    5: ("All of it.", "Most of it.", "About half of it.", "A little of it.", "Nothing of it."),
}
"""Words for the levels where nobody wrote a rubric."""
_MARKS = re.compile(r"^\s*#+\s*(BEGIN|END) (SOLUTION|MARK SCHEME|HIDDEN TESTS).*$", re.MULTILINE)


@dataclass(frozen=True)
class Criterion:
    """What is looked for, and its levels, best first."""

    id: str
    text: str
    levels: tuple[Level, ...]

    @property
    def points(self) -> float:
        return self.levels[0].points

    def level_at(self, points: float | None) -> int | None:
        """The place of the level that earns `points`; None where there is none."""
        return next((n for n, one in enumerate(self.levels) if one.points == points), None)


@dataclass(frozen=True)
class Question:
    """A question that a person marks. `cell` is its name (`curriculum/named.py`); `given` are
    texts that every trainee had before them."""

    assignment: str
    cell: str
    title: str
    stem: str
    criteria: tuple[Criterion, ...]
    model_answer: str = ""
    notes: str = ""
    given: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        return round(sum(c.points for c in self.criteria), 4)

    @property
    def version(self) -> str:
        """Changes with what is looked for and what it earns."""
        scales = [[c.id, c.text, [level.model_dump() for level in c.levels]] for c in self.criteria]
        text = json.dumps(scales, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def questions(course: Course, workspace: Workspace, assignment: str) -> list[Question]:
    """What a person marks in `assignment`, in its order; empty where a program marks it all.

    Raises:
        KeyError: when there is no such assignment.
    """
    if assignment in course.exercises:
        return _of_notebook(course, workspace, assignment)
    module, sheet = find_worksheet(course, assignment)
    items = items_of(course, module, sheet)
    found = [
        _of_item(course, sheet.id, module, item, number)
        for number, item in enumerate(items, 1)
        if item.marked_by_person
    ]
    texts = tuple(part.text for part in sheet.parts if part.text)
    around = (sheet.intro, *texts, *(item.stem for item in items))
    return [Question(**_fields(q) | {"given": (*q.given, *around)}) for q in found]


def _fields(question: Question) -> dict[str, Any]:
    return {name: getattr(question, name) for name in question.__dataclass_fields__}


def _of_item(course: Course, assignment: str, module: str, item: Item, number: int) -> Question:
    rubric = rubric_of(course, f"{module}/{item.id}")
    scales = {scale.id: scale.levels for scale in rubric.criteria} if rubric else {}
    criteria = tuple(
        Criterion(c.id, c.text, scales.get(c.id) or _levels(c.points)) for c in item.rubric
    )
    return Question(
        assignment,
        f"item-{item.id}",
        f"Question {number}",
        item.stem,
        criteria,
        item.model_answer or "",
        (rubric.notes or "") if rubric else "",
        tuple(filter(None, (item.model_answer, item.rationale))),
    )


def _of_notebook(course: Course, workspace: Workspace, assignment: str) -> list[Question]:
    titles = notebooks.titles(workspace, assignment)
    folder = course.root / "exercises" / "source" / assignment
    around = tuple(_texts(workspace, assignment))
    return [
        _of_cell(course, assignment, name, cell, titles.get(name, ""), around)
        for name, cell in person_cells(folder)
    ]


def _texts(workspace: Workspace, assignment: str) -> list[str]:
    """All that the released notebooks say: what trainees had before them."""
    folder = workspace.exercises / "release" / assignment
    cells = [c for path in sorted(folder.glob("*.ipynb")) for c in notebooks.cells(path)]
    return [str(cell.get("source", "")) for cell in cells]


def _of_cell(
    course: Course,
    assignment: str,
    name: str,
    cell: Mapping[str, Any],
    title: str,
    around: tuple[str, ...],
) -> Question:
    rubric = rubric_of(course, f"{assignment}/{name}")
    if rubric is not None:
        criteria = tuple(Criterion(s.id, s.text or "", s.levels) for s in rubric.criteria)
    else:
        whole = "The answer as a whole, beside the good answer."
        criteria = (Criterion("points", whole, _levels(cell["points"], 5)),)
    model = _MARKS.sub("", cell["source"]).strip()
    model = "" if model == STUB else model
    plain = title or name.replace("-", " ").replace("_", " ").capitalize()
    notes = (rubric.notes or "") if rubric else ""
    given = (model, STUB, *around)
    return Question(assignment, name, plain, "", criteria, model, notes, given)


def _levels(points: float, steps: int = 3) -> tuple[Level, ...]:
    """Evenly spaced levels for a criterion without a rubric."""
    if points <= 0:
        return (Level(points=0, text="No points here: write a comment."),)
    shares = [1 - n / (steps - 1) for n in range(steps)]
    texts = zip(shares, _PLAIN[steps], strict=True)
    return tuple(Level(points=round(points * share, 4), text=text) for share, text in texts)
