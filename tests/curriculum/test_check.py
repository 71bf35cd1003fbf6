"""What `./course check` refuses in a course that loads."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossings.curriculum import load
from crossings.curriculum.check import check, check_files
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


def test_a_problem_has_line_column_code_and_severity(tmp_path: Path) -> None:
    root = write_course(tmp_path, changed(CASE, ", cap: harm,", ","))
    told = [p for p in check(load(root)) if p.code == "harm-uncapped"]
    assert [(p.file, p.line, p.column, p.severity) for p in told] == [(CASE, 19, 9, "problem")]


def test_a_warning_says_so_and_fails_nothing(tmp_path: Path) -> None:
    long = "word " * 40
    root = write_course(tmp_path, changed(CASE, "A person stands at the gate.", long))
    told = [p for p in check(load(root)) if p.code == "reading-level"]
    assert [p.fails for p in told] == [False]
    assert "walk.yml:14:5: warning:" in str(told[0])


EXERCISE = """\
id: night
kind: tabletop
title: A night
intro: Play your role.
minutes: 20
objectives: [DE-1]
tabletop:
  roles:
    a: {name: A, brief: You are A.}
    b: {name: B, brief: You are B.}
  milestones:
    told: {text: B knows., when: told b, reason: They need to., cites: [LAW-1]}
    asked:
      text: A has asked.
      reason: One asks first.
      cites: [LAW-2]
  actions:
    ask:
      {roles: [a, b], text: Ask., meets: [asked], grade: good, consequence: An answer comes.,
       reason: One asks first., cites: [LAW-9]}
  injects:
    - {id: call, to: all, at: 8, title: A call, text: Somebody calls.}
    - {id: late, to: all, at: 12, when: told a, title: Late, text: Somebody waits.}
"""


def test_an_exercise_is_checked_with_the_course(tmp_path: Path) -> None:
    path = "modules/demo/drills/night.yml"
    course, told = check_files(write_course(tmp_path / "a", {path: EXERCISE}))
    assert [(p.line, p.code, p.file) for p in told] == [(20, "unknown-reference", path)]
    sound = EXERCISE.replace("LAW-9", "LAW-1").replace("told: {text", "told-b: {text")
    course, told = check_files(write_course(tmp_path / "b", {path: sound}))
    assert not told and course is not None
    assert {u.where for u in course.law_uses["LAW-2"]} >= {"demo/night"}
    broken = sound.replace("meets: [asked]", "meets: []").replace("told a", "told aa")
    _, told = check_files(write_course(tmp_path / "c", {path: broken}))
    assert [(p.line, p.code) for p in told] == [(23, "unknown-name")]
    _, told = check_files(
        write_course(tmp_path / "d", {path: sound.replace("meets: [asked]", "meets: []")})
    )
    assert [(p.line, p.column, p.code) for p in told] == [(13, 5, "milestone-unreachable")]
    assert "trainer: true" in str(told[0])


def test_a_block_of_an_exercise_is_for_its_kind(tmp_path: Path) -> None:
    wrong = EXERCISE.replace("kind: tabletop", "kind: quiz").replace(
        "tabletop:", "steps: [{item: d-1}]\ntabletop:", 1
    )
    _, told = check_files(write_course(tmp_path, {"modules/demo/drills/night.yml": wrong}))
    assert any("no other, has a block `tabletop`" in str(p) for p in told)


def test_a_missing_field_is_told_with_its_column(tmp_path: Path) -> None:
    root = write_course(tmp_path, changed(CASE, " consequence: She answers.,", ""))
    _, told = check_files(root)
    assert [(p.line, p.column) for p in told if "consequence" in p.message] == [(18, 9)]


def test_a_remark_names_a_misconception_that_exists(tmp_path: Path) -> None:
    remark = "    options:  # MC-001, MC-999\n"
    root = write_course(tmp_path, changed(CASE, "    options:\n", remark))
    told = [p for p in check(load(root)) if p.code == "unknown-misconception"]
    assert [(p.line, p.column, p.hint) for p in told] == [(17, 25, "did you mean `MC-001`?")]


def test_the_list_of_words_is_the_author_s(tmp_path: Path) -> None:
    change = changed(CASE, "A person stands at the gate.", "A suspicious-looking person comes.")
    write_course(tmp_path, change)
    assert not [p for p in check(load(tmp_path)) if p.code == "hurtful-word"]
    words = tmp_path / "modules" / "words.txt"
    words.write_text("# a remark\nsuspicious*\n", encoding="utf-8")
    told = [p for p in check(load(tmp_path)) if p.code == "hurtful-word"]
    assert len(told) == 1 and "“suspicious”" in told[0].message


def test_a_chapter_without_quiz_or_minutes_is_a_problem(tmp_path: Path) -> None:
    chapter = FILES[CHAPTER].replace("minutes: 5", "minutes: 0").replace("```{quiz} q-1\n```\n", "")
    problems = found(tmp_path, {CHAPTER: chapter})
    assert any("no reading time" in p for p in problems)
    assert any("has no quiz" in p for p in problems)


def test_a_case_that_no_chapter_names_is_a_warning(tmp_path: Path) -> None:
    chapter = FILES[CHAPTER].replace("```{case} walk\n```\n", "")
    (told,) = check(load(write_course(tmp_path, {CHAPTER: chapter})))
    assert (told.file, told.line, told.code, told.fails) == (CASE, 1, "case-on-no-page", False)


def test_a_source_without_a_place_is_a_warning(tmp_path: Path) -> None:
    cited = changed(CASE, "cites: [LAW-1], to: safe", "sources: [DOC-1], to: safe")
    (told,) = check(load(write_course(tmp_path / "a", cited)))
    assert (told.file, told.line, told.code, told.fails) == (CASE, 18, "source-place", False)
    placed = changed(CASE, "cites: [LAW-1], to: safe", "sources: [DOC-1 para 3], to: safe")
    assert check(load(write_course(tmp_path / "b", placed))) == ()
