"""How a person marks an answer: for each criterion what earns which points, with an example.

A rubric belongs to one question that a person marks: an item of kind `text` (`item:
module/item-id`), or a cell of a notebook assignment (`cell: assignment/grade-id`, with the
notebook's name between the two where it is not the assignment's: `named.py`). For an item the
criteria and their points are the item's own; the rubric adds the levels between all and nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field, model_validator

from crossings.curriculum import named
from crossings.curriculum.problem import Problem, nearest
from crossings.items.model import Frozen, Id, Item, Text
from crossings.items.scale import Scale

if TYPE_CHECKING:
    from crossings.curriculum.load import Reading
    from crossings.curriculum.model import Course

_NAME = r"^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$"
_CELL = r"^[A-Za-z0-9._-]+/(?:[^/]+/)?[A-Za-z0-9._-]+$"


class Rubric(Frozen):
    """`grading/rubrics/<id>.yml`. `notes` is for markers and never leaves the staff's side."""

    id: Id
    item: Annotated[str, Field(pattern=_NAME)] | None = None
    cell: Annotated[str, Field(pattern=_CELL)] | None = None
    notes: Text | None = None
    criteria: tuple[Scale, ...] = Field(min_length=1, max_length=9)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if (self.item is None) == (self.cell is None):
            raise ValueError("name the question: either `item: module/id` or `cell: assignment/id`")
        names = [scale.id for scale in self.criteria]
        if len(set(names)) != len(names):
            raise ValueError("two criteria share an id: give each its own id")
        if self.cell is not None and any(scale.text is None for scale in self.criteria):
            raise ValueError(
                "a rubric of a cell needs `text` in each criterion: what is looked for"
            )
        return self

    @property
    def question(self) -> str:
        return self.item or self.cell or ""


def rubric_of(course: Course, question: str) -> Rubric | None:
    """The rubric of an item (`module/id`) or a cell (`assignment/question`), where there is one."""
    return next((r for r in course.rubrics.values() if r.question == question), None)


def problems(course: Course, reading: Reading) -> Iterator[Problem]:
    """Rubrics that fit no question, or do not fit theirs."""
    seen: dict[str, str] = {}
    for rubric in course.rubrics.values():
        key = f"grading/rubrics/{rubric.id}"
        where = "item" if rubric.item is not None else "cell"
        if rubric.question in seen:
            message = f"`{rubric.question}` has a rubric already: `{seen[rubric.question]}`"
            yield Problem.at(reading.place(key, where), message, "keep one of the two")
        seen[rubric.question] = rubric.id
        if rubric.item is not None:
            yield from _of_item(course, reading, rubric, key)
        else:
            yield from _of_cell(course, reading, rubric, key)


def _of_item(course: Course, reading: Reading, rubric: Rubric, key: str) -> Iterator[Problem]:
    known = {f"{m.id}/{i.id}": i for m in course.modules.values() for i in m.items.values()}
    open_ones = {name: item for name, item in known.items() if item.marked_by_person}
    item = open_ones.get(rubric.question)
    if item is None:
        place = reading.place(key, "item")
        what = "is not marked by a person" if rubric.question in known else "does not exist"
        hint = nearest(rubric.question, open_ones)
        yield Problem.at(place, f"the item `{rubric.question}` {what}", hint)
        return
    yield from _criteria(reading, rubric, item, key)


def _criteria(reading: Reading, rubric: Rubric, item: Item, key: str) -> Iterator[Problem]:
    wanted = {c.id: c for c in item.rubric}
    for index, scale in enumerate(rubric.criteria):
        place = reading.place(key, "criteria", index, "id")
        criterion = wanted.pop(scale.id, None)
        if criterion is None:
            message = f"the item's `rubric` has no criterion `{scale.id}`"
            yield Problem.at(place, message, nearest(scale.id, [c.id for c in item.rubric]))
        elif criterion.points != scale.points:
            message = (
                f"`{scale.id}` earns {criterion.points:g} in the item and {scale.points:g} here"
            )
            yield Problem.at(place, message, "give the first level the item's points")
        if scale.text is not None:
            message = f"`{scale.id}` has a `text` here and in the item"
            yield Problem.at(place, message, "take it out here: the item's is shown")
    if wanted:
        names = ", ".join(f"`{name}`" for name in wanted)
        place = reading.place(key, "criteria")
        yield Problem.at(place, f"no levels for {names}", "add each criterion of the item")


def _of_cell(course: Course, reading: Reading, rubric: Rubric, key: str) -> Iterator[Problem]:
    assignment, _, cell = rubric.question.partition("/")
    place = reading.place(key, "cell")
    if assignment not in course.exercises:
        hint = nearest(assignment, course.exercises)
        yield Problem.at(place, f"there is no notebook assignment `{assignment}`", hint)
        return
    cells = dict(person_cells(course.root / "exercises" / "source" / assignment))
    if cell not in cells:
        message = f"`{assignment}` has no cell `{cell}` that a person marks"
        yield Problem.at(place, message, nearest(cell, cells))
        return
    total, most = sum(scale.points for scale in rubric.criteria), cells[cell]["points"]
    if total != most:
        message = f"the first levels add up to {total:g}, and the cell earns {most:g}"
        yield Problem.at(reading.place(key, "criteria"), message, "make them the same")


def person_cells(folder: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What a person marks in the notebooks of an assignment: the question's name, and its points,
    source and kind. A notebook that cannot be read has none; `./course check` says so elsewhere."""
    for path in sorted(folder.glob("*.ipynb")):
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        for cell in cells:
            meta = cell.get("metadata", {}).get("nbgrader") or {}
            if meta.get("task") or (meta.get("grade") and meta.get("solution")):
                source = "".join(cell.get("source", ""))
                found = {"points": float(meta.get("points", 0)), "source": source}
                kind = {"kind": cell.get("cell_type", "")}
                name = named.question(folder.name, path.stem, str(meta.get("grade_id")))
                yield name, found | kind
