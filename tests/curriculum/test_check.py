"""What `./course check` refuses in a course that loads."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossings.curriculum import load
from crossings.curriculum.check import check
from tests.tiny_course import FILES, changed, write_course

MODULE = "modules/demo/module.yml"
ITEMS = "modules/demo/items.yml"
CHAPTER = "modules/demo/first.md"
CASE = "modules/demo/cases/walk.yml"


def found(tmp_path: Path, change: dict[str, str | None] | None = None) -> list[str]:
    return [str(p) for p in check(load(write_course(tmp_path, change)))]


def test_the_small_course_has_no_problem(tmp_path: Path) -> None:
    assert found(tmp_path) == []


def without_assessment() -> dict[str, str | None]:
    """The one objective is in no post-test, worksheet or notebook."""
    module = (
        FILES[MODULE]
        .replace("id: DE-1", "id: DE-2")
        .replace(
            "objectives:\n", "objectives:\n  - {id: DE-1, bloom: apply, verb: ask, text: Ask.}\n"
        )
    )
    items, seen = "", 0
    for block in FILES[ITEMS].split("- id: ")[1:]:
        assessed = block.startswith(("post-1", "ws-"))
        items += "- id: " + (block.replace("DE-1", "DE-2") if assessed else block)
        seen += assessed
    assert seen == 3
    sheet = FILES["modules/demo/worksheets/sheet.yml"].replace("DE-1", "DE-2")
    chapter = FILES[CHAPTER].replace("{objectives} DE-1", "{objectives} DE-1 DE-2")
    case = FILES[CASE].replace("objectives: [DE-1]", "objectives: [DE-1, DE-2]", 1)
    return {
        MODULE: module, ITEMS: items, "modules/demo/worksheets/sheet.yml": sheet,
        CHAPTER: chapter, CASE: case,
    }  # fmt: skip


def test_an_objective_that_is_not_assessed_is_a_problem(tmp_path: Path) -> None:
    problems = found(tmp_path, without_assessment())
    assert len(problems) == 1
    assert "module.yml:7:5: objective DE-1 is not assessed" in problems[0]


def test_an_objective_that_is_not_taught_is_a_problem(tmp_path: Path) -> None:
    chapter = FILES[CHAPTER].replace("```{objectives} DE-1\n```\n", "")
    problems = found(tmp_path, {CHAPTER: chapter})
    assert any("objective DE-1 is not taught" in p for p in problems)
    assert any("names no objective" in p for p in problems)


def test_an_objective_that_is_not_practised_is_a_problem(tmp_path: Path) -> None:
    module = FILES[MODULE].replace(
        "objectives:\n", "objectives:\n  - {id: DE-2, bloom: apply, verb: wait, text: Wait.}\n"
    )
    items = FILES[ITEMS].replace("objectives: [DE-1]", "objectives: [DE-1, DE-2]")
    first, rest = items.split("- id: pre-1", 1)
    chapter = FILES[CHAPTER].replace("{objectives} DE-1", "{objectives} DE-1, DE-2")
    change = {
        MODULE: module,
        ITEMS: first.replace("DE-1, DE-2", "DE-1") + "- id: pre-1" + rest,
        CHAPTER: chapter,
    }
    problems = found(tmp_path, change)
    assert len(problems) == 1
    assert "objective DE-2 is not practised" in problems[0]


def test_an_item_that_nobody_meets_is_a_problem(tmp_path: Path) -> None:
    change = changed(MODULE, "pre: [pre-1]", "pre: []")
    assert any("item `pre-1` is used nowhere" in p for p in found(tmp_path, change))


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ("to: safe}", "to: saef}", "walk.yml:18", "saef"),
        ("start: gate", "start: gaet", "walk.yml:", "gaet"),
        (", cap: harm,", ",", "walk.yml:19", "without a cap"),
        (
            "ending: safe\n    percent",
            "ending: lost\n    percent",
            "walk.yml:25",
            "stops at the ending",
        ),
    ],
)
def test_a_defect_of_a_case_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, place: str, message: str
) -> None:
    problems = found(tmp_path, changed(CASE, old, new))
    assert any(place in p and message in p for p in problems), problems


def test_a_chapter_without_quiz_or_minutes_is_a_problem(tmp_path: Path) -> None:
    chapter = FILES[CHAPTER].replace("minutes: 5", "minutes: 0").replace("```{quiz} q-1\n```\n", "")
    problems = found(tmp_path, {CHAPTER: chapter})
    assert any("no reading time" in p for p in problems)
    assert any("has no quiz" in p for p in problems)
