"""Rubrics: mistakes are named with file and line; formgrader shows them, trainees never."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crossings.curriculum import current, load, read
from crossings.curriculum.rubrics import person_cells
from crossings.grading import release
from crossings.grading.rubrics import questions, shown
from crossings.workspace import Workspace
from tests.grading.conftest import write_tiny

GOOD = """\
id: log
item: demo/ws-2
notes: Read the log first.
criteria:
  - id: facts
    levels:
      - {points: 2, text: All facts, example: SECRET example}
      - {points: 1, text: Some facts}
      - {points: 0, text: None}
"""
CELL = """\
id: say
cell: people/say
criteria:
  - id: number
    text: The number
    levels: [{points: 3, text: Right}, {points: 0, text: Wrong}]
"""


def with_rubric(root: Path, text: str, name: str = "log") -> Path:
    course = write_tiny(root)
    path = course / "grading" / "rubrics" / f"{name}.yml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return course


@pytest.mark.parametrize("text", [GOOD, CELL])
def test_a_rubric_gives_a_question_its_levels(tmp_path: Path, text: str) -> None:
    course = load(with_rubric(tmp_path, text, "log" if text == GOOD else "say"))
    name = "sheet" if text == GOOD else "people"
    (question,) = questions(course, Workspace(tmp_path / "class"), name)
    points = [level.points for level in question.criteria[0].levels]
    assert points == ([2, 1, 0] if text == GOOD else [3, 0])


def test_without_a_rubric_there_are_plain_levels(tmp_path: Path) -> None:
    course = load(write_tiny(tmp_path))
    workspace = Workspace(tmp_path / "class")
    (written,) = questions(course, workspace, "sheet")
    assert [level.points for level in written.criteria[0].levels] == [2, 1, 0]
    (cell,) = questions(course, workspace, "people")
    assert [level.points for level in cell.criteria[0].levels] == [3, 2.25, 1.5, 0.75, 0]
    assert cell.model_answer == "It is three."


MISTAKES = [
    (GOOD, "demo/ws-2", "demo/ws-3", 2, "the item `demo/ws-3` does not exist"),
    (GOOD, "demo/ws-2", "demo/ws-1", 2, "the item `demo/ws-1` is not marked by a person"),
    (GOOD, "id: facts", "id: fact", 5, "the item's `rubric` has no criterion `fact`"),
    (GOOD, "points: 2", "points: 3", 5, "`facts` earns 2 in the item and 3 here"),
    (GOOD, "points: 1,", "points: 2,", 6, "best first"),
    (GOOD, "points: 0,", "points: 0.5,", 6, "the last level earns 0 points"),
    (GOOD, "item: demo/ws-2\n", "", 1, "name the question"),
    (GOOD, "text: All facts", "txt: All facts", 7, "there is no such field"),
    (GOOD, "id: log", "id: lag", 1, "`id` is `lag`"),
    (CELL, "people/say", "people/sya", 2, "has no cell `sya` that a person marks"),
    (CELL, "people/say", "poeple/say", 2, "there is no notebook assignment `poeple`"),
    (CELL, "points: 3", "points: 2", 3, "add up to 2, and the cell earns 3"),
    (CELL, "    text: The number\n", "", 1, "needs `text` in each criterion"),
]


@pytest.mark.parametrize(("text", "right", "wrong", "line", "said"), MISTAKES)
def test_mistakes_are_named_with_file_and_line(
    tmp_path: Path, text: str, right: str, wrong: str, line: int, said: str
) -> None:
    assert right in text
    name = "log" if text == GOOD else "say"
    _, problems = read(with_rubric(tmp_path, text.replace(right, wrong), name))
    found = [p for p in problems if said in p.message]
    assert found, [str(p) for p in problems]
    assert found[0].file == f"grading/rubrics/{name}.yml"
    assert abs(found[0].line - line) <= 1, str(found[0])


def test_two_rubrics_of_one_question_are_a_mistake(tmp_path: Path) -> None:
    root = with_rubric(tmp_path, GOOD)
    other = root / "grading" / "rubrics" / "zwei.yml"
    other.write_text(GOOD.replace("id: log", "id: zwei"), encoding="utf-8")
    _, problems = read(root)
    assert any("has a rubric already: `log`" in p.message for p in problems)


def test_every_question_of_the_course_that_people_mark_has_a_whole_rubric() -> None:
    course = current()
    wanted = {
        f"{m.id}/{i.id}" for m in course.modules.values() for i in m.items.values() if i.rubric
    }
    folder = course.root / "exercises" / "source"
    for name in course.exercises:
        wanted |= {f"{name}/{cell}" for cell, _ in person_cells(folder / name)}
    assert {r.question for r in course.rubrics.values()} == wanted and len(wanted) >= 9
    for rubric in course.rubrics.values():
        for scale in rubric.criteria:
            assert 3 <= len(scale.levels) <= 4, rubric.id
            assert scale.levels[0].example, f"{rubric.id}: {scale.id} has no example"


def test_examples_are_passages_of_the_good_answer() -> None:
    """So that nothing is claimed in a rubric that the course's sources do not carry."""
    course, workspace = current(), Workspace(Path("/nowhere"))
    for name in release.assignments(course):
        for question in questions(course, workspace, name):
            words = set(_words(question.model_answer))
            for criterion in question.criteria:
                example = _words(criterion.levels[0].example or "")
                strange = [word for word in example if word not in words]
                assert len(strange) <= 0.1 * len(example), (question.cell, criterion.id, strange)


def _words(text: str) -> list[str]:
    return "".join(c.lower() if c.isalnum() else " " for c in text).split()


def page(course_assignment: str, **resources: Any) -> str:
    from nbformat import from_dict

    cell = {
        "cell_type": "markdown",
        "id": "a",
        "source": "My answer",
        "metadata": {"nbgrader": {"grade_id": "item-ws-9", "grade": True, "solution": True}},
    }
    notebook = from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})  # type: ignore[no-untyped-call]
    made, _ = shown.Rubrics().preprocess(
        notebook, {"assignment_id": course_assignment, **resources}
    )
    return "\n".join(cell.source for cell in made.cells)


def test_formgrader_shows_the_rubric_and_feedback_does_not() -> None:
    marking = page("officer-worksheet", submission_id="1")
    assert marking.startswith("**Rubric**") and marking.endswith("My answer")
    assert "*Example:* The contract says 600 crowns" in marking
    assert page("officer-worksheet") == "My answer"
    assert page("officer-worksheet", submission_id="1", nbgrader={}) == "My answer"
    assert page("no-such-assignment", submission_id="1") == "My answer"


def test_trainees_receive_no_example(tmp_path: Path) -> None:
    course = load(with_rubric(tmp_path / "course", GOOD))
    workspace = Workspace(tmp_path / "class")
    release.prepare(course, workspace)
    for path in (workspace.exercises / "release").rglob("*"):
        if path.is_file():
            assert b"SECRET" not in path.read_bytes(), path
    module, sheet = release.find_worksheet(course, "sheet")
    assert "SECRET" not in json.dumps(release.public_items(course, module, sheet))
