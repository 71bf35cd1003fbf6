"""Loading: a good course is one value; a bad one is a list of problems that name file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossings.curriculum import CourseError, load, read
from crossings.curriculum.chapter import read_chapter
from tests.tiny_course import FILES, changed, write_course


def problems_of(tmp_path: Path, change: dict[str, str | None]) -> list[str]:
    write_course(tmp_path, change)
    with pytest.raises(CourseError) as caught:
        load(tmp_path)
    return [str(p) for p in caught.value.problems]


def test_a_good_course_is_loaded_whole(tmp_path: Path) -> None:
    course = load(write_course(tmp_path))
    assert course.item("demo/q-1").stem == "What do you do first?"
    assert course.case("demo/walk").title == "A short walk"
    assert course.drill("demo/live").kind == "quiz"
    assert course.worksheet("demo/sheet").item_ids == ("ws-1", "ws-2")
    assert course.modules["demo"].chapters[0].minutes == 5
    assert set(course.datasets) == {"numbers"}


def test_an_objective_knows_where_it_is_taught_practised_assessed_and_drilled(
    tmp_path: Path,
) -> None:
    course = load(write_course(tmp_path))
    assert {u.how for u in course.objective_uses["DE-1"]} == {
        "taught",
        "practised",
        "assessed",
        "drilled",
    }
    assert ("taught", "demo/first") in {(u.how, u.where) for u in course.law_uses["LAW-2"]}


def test_an_unknown_name_raises_with_the_known_ones(tmp_path: Path) -> None:
    course = load(write_course(tmp_path))
    with pytest.raises(KeyError, match="walk"):
        course.case("demo/wlak")


MODULE = "modules/demo/module.yml"
ITEMS = "modules/demo/items.yml"
CHAPTER = "modules/demo/first.md"


TOGETHER = "modules/demo/drills/together.yml"
CASE_DRILL = """\
id: together
kind: case
case: walk
decide: room
title: Together
intro: One officer, all of you.
minutes: 20
objectives: [DE-1]
"""


def test_a_case_drill_names_a_case_and_who_decides(tmp_path: Path) -> None:
    course = load(write_course(tmp_path, {TOGETHER: CASE_DRILL}))
    drill = course.drill("demo/together")
    assert (drill.case, drill.decide) == ("walk", "room")
    assert ("drilled", "demo/together") in {(u.how, u.where) for u in course.law_uses["LAW-1"]}


@pytest.mark.parametrize(
    ("change", "place", "message"),
    [
        (changed(MODULE, "title: A", "title: [A"), "modules/demo/module.yml:", "not valid YAML"),
        (changed(MODULE, "minutes: 20", "minuts: 20"), "module.yml:5", "`minuts`"),
        (changed(MODULE, "order: 1", "order: 1\norder: 2"), "module.yml:5", "given twice"),
        (changed(MODULE, "  - first", "  - frist"), "module.yml:12", "`frist.md` is missing"),
        (changed(MODULE, "id: demo", "id: dmeo"), "module.yml:1", "folder is `demo`"),
        (changed(MODULE, "post: [post-1]", "post: [post-2]"), "module.yml:15", "no item `post-2`"),
        (changed(ITEMS, "correct: true, ", ""), "items.yml:1", "exactly one option"),
        (changed(ITEMS, "misconception: MC-001", "misconception: MC-010"), "items.yml:6", "MC-010"),
        (changed(ITEMS, "cites: [LAW-1]", "cites: [LAW-9]"), "items.yml:9", "`LAW-9`"),
        (changed(ITEMS, "objectives: [DE-1]", "objectives: [DE-7]"), "items.yml:8", "`DE-7`"),
        (changed(ITEMS, "id: pre-1", "id: q-1"), "items.yml:11", "used twice"),
        (changed(CHAPTER, "{law}`LAW-1`", "{law}`LAW-3`"), "first.md:10", "`LAW-3`"),
        (changed(CHAPTER, "<LAW-2>", "<LAW-4>"), "first.md:10", "`LAW-4`"),
        (changed(CHAPTER, "DOC-1 para", "DOC-2 para"), "first.md:10", "`DOC-2`"),
        (changed(CHAPTER, "{quiz} q-1", "{quiz} q-9"), "first.md:12", "`q-9`"),
        (changed(CHAPTER, "{quiz} q-1", "{quiz} ws-1"), "first.md:12", "not for use as practice"),
        (changed(CHAPTER, "{case} walk", "{case} walks"), "first.md:15", "`walks`"),
        (changed(CHAPTER, "{dataset} numbers", "{dataset} number"), "first.md:21", "`number`"),
        (changed("modules/demo/drills/live.yml", "item: d-1", "item: d-2"), "live.yml:8", "`d-2`"),
        ({TOGETHER: CASE_DRILL.replace("walk", "wlak")}, "together.yml:3", "no case `wlak`"),
        ({TOGETHER: CASE_DRILL.replace("walk", "demo/wlak")}, "together.yml:3", "`demo/wlak`"),
        ({TOGETHER: CASE_DRILL.replace("walk", "A walk")}, "together.yml:3", "`case`"),
        ({TOGETHER: CASE_DRILL.replace("room", "all")}, "together.yml:4", "`decide`"),
        ({TOGETHER: CASE_DRILL.replace("decide: room\n", "")}, "together.yml:1", "`decide`"),
        ({TOGETHER: CASE_DRILL.replace("kind: case", "kind: quiz")}, "together.yml:1", "steps"),
        ({TOGETHER: CASE_DRILL + "steps:\n  - item: d-1\n"}, "together.yml:1", "from the case"),
        (changed("modules/demo/drills/live.yml", "minutes: 5", "minutes: 5\ndecide: each"),
         "live.yml:1", "are for drills of kind case"),
        (
            changed("datasets/law/provisions.csv", "LAW-2,TREATY,", "LAW-2,TRAETY,"),
            "provisions.csv:3", "no instrument `TRAETY`",
        ),
        (
            changed("datasets/law/provisions.csv", "verified,", "guessed,"),
            "provisions.csv:2", "confidence",
        ),
        (
            changed("datasets/law/misconceptions.csv", ",LAW-1", ",LAW-8"),
            "misconceptions.csv:2", "`LAW-8`",
        ),
        ({"datasets/numbers/numbers.csv": None}, "datapackage.json", "numbers.csv"),
        ({ITEMS: ""}, "items.yml:1", "empty"),
        ({ITEMS: "a: 1"}, "items.yml:1", "must be a list"),
        ({ITEMS: None}, "items.yml", "missing"),
        ({"modules/demo/module.yml": None}, "modules", "no module"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_line_and_what_is_wrong(
    tmp_path: Path, change: dict[str, str | None], place: str, message: str
) -> None:
    found = problems_of(tmp_path, change)
    assert any(place in p and message in p for p in found), found


HOTSPOT = """\
- id: q-1
  kind: hotspot
  stem: Which place?
  picture: {file: page.svg, alt: A page}
  options:
    - {id: a, text: A, correct: true, region: {x: 0, y: 0, width: 20, height: 20}}
    - {id: b, text: B, region: {x: 50, y: 0, width: 20, height: 20}}
  rationale: A.
  objectives: [DE-1]
  cites: [LAW-1]
"""
SVG = "<svg xmlns='http://www.w3.org/2000/svg'/>"


def with_hotspot(tmp_path: Path, content: str | None) -> Path:
    bank = FILES[ITEMS]
    write_course(tmp_path, {ITEMS: HOTSPOT + bank[bank.index("- id: pre-1") :]})
    if content is not None:
        (tmp_path / "modules/demo/pictures").mkdir()
        (tmp_path / "modules/demo/pictures/page.svg").write_text(content, encoding="utf-8")
    return tmp_path


def test_a_picture_travels_with_its_item(tmp_path: Path) -> None:
    picture = load(with_hotspot(tmp_path, SVG)).item("demo/q-1").picture
    assert picture is not None and picture.data is not None
    assert picture.data.startswith("data:image/svg+xml;base64,")


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "`page.svg` is missing"), (SVG + " " * 40_001, "bytes"), ("<html/>", "no SVG file")],
)
def test_a_picture_that_cannot_be_used_is_named(
    tmp_path: Path, content: str | None, message: str
) -> None:
    with pytest.raises(CourseError) as caught:
        load(with_hotspot(tmp_path, content))
    found = [str(p) for p in caught.value.problems]
    assert any("items.yml:4" in p and message in p for p in found), found


def test_one_broken_file_does_not_hide_the_problems_of_another(tmp_path: Path) -> None:
    found = problems_of(
        tmp_path,
        changed(MODULE, "minutes: 20", "minuts: 20")
        | {"datasets/sources/sources.csv": "id,author\nDOC-1,Someone,too,many\n"},
    )
    assert any("module.yml" in p for p in found)
    assert any("sources.csv:2" in p for p in found)


def test_a_text_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    write_course(tmp_path)
    (tmp_path / ITEMS).write_bytes(FILES[ITEMS].encode("utf-16"))
    _, problems = read(tmp_path)
    assert any("items.yml" in str(p) and "UTF-8" in str(p) for p in problems)


def test_a_reference_in_a_code_cell_is_not_read(tmp_path: Path) -> None:
    text = FILES[CHAPTER] + "\n```{code-cell} ipython3\nx = '{law}`NOPE`'\n```\n"
    load(write_course(tmp_path, {CHAPTER: text}))


def test_a_chapter_in_another_encoding_is_a_problem(tmp_path: Path) -> None:
    root = write_course(tmp_path)
    (root / "modules/demo/first.md").write_bytes("# Grüße\n".encode("latin-1"))
    problems = read(root)[1]
    assert [(p.file, p.message) for p in problems] == [
        ("modules/demo/first.md", "the file is not UTF-8")
    ]


def test_reading_time_that_is_no_number_is_none(tmp_path: Path) -> None:
    for front in ("crossings: {minutes: twenty}", "crossings: twenty", "[a]"):
        (tmp_path / "x.md").write_text(f"---\n{front}\n---\n# Title\n", encoding="utf-8")
        assert read_chapter(tmp_path / "x.md").minutes == 0
