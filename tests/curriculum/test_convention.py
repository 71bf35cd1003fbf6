"""The convention of a whole module: each point, broken alone, is a problem with its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crossings.curriculum import convention
from crossings.curriculum.alignment import matrix
from crossings.curriculum.check import check_files
from crossings.curriculum.guide import HEADINGS
from crossings.curriculum.load import read_with_lines
from tests.full_module import CHAPTERS, FOLDER, GUIDE, MODULE, case, files, item, plan, write_full

PLAN, ITEMS = f"{FOLDER}/module.yml", f"{FOLDER}/items.yml"
TOC = (
    "format: jb-book\nroot: book/welcome\nparts:\n  - caption: P\n    chapters:\n      - file: x\n"
)


def points(root: Path) -> dict[str, convention.Point]:
    course, reading = read_with_lines(root)
    assert course is not None and not reading.problems, [str(p) for p in reading.problems]
    return {p.name: p for p in convention.points(course, course.modules[MODULE], reading)}


def lacking(root: Path, changes: dict[str, str | None]) -> set[str]:
    write_full(root, changes)
    return {p.name for p in convention.lacking(points(root).values())}


def without(name: str, pattern: str, new: str = "", count: int = 1) -> dict[str, str | None]:
    text, times = re.subn(pattern, new, files()[name], count=count, flags=re.M | re.S)
    assert times, pattern
    return {name: text}


def test_the_whole_module_meets_every_point(tmp_path: Path) -> None:
    write_full(tmp_path)
    assert [p.name for p in convention.lacking(points(tmp_path).values())] == []
    _, problems = check_files(tmp_path)
    assert [str(p) for p in problems if p.fails] == []


REST = f"{FOLDER}/items.yml"
BROKEN: dict[str, tuple[dict[str, str | None], str]] = {
    "verb": (without(PLAN, "verb: ask", "verb: know"), "objectives"),
    "verb and text": (without(PLAN, "text: Ask in", "text: Weigh in"), "objectives"),
    "note": (without(PLAN, "content_note: [^\n]*\n"), "content note"),
    "minutes": (without(PLAN, "minutes: 400", "minutes: 90"), "minutes"),
    "glossary": (without(f"{FOLDER}/glossary.yml", "- term: zebraa.*?LAW-1]\n"), "glossary"),
    "small case": (without(f"{FOLDER}/cases/case-1.yml", "to: n11}", "to: safe}"), ""),
    "pre-test": (without(PLAN, r"pre-6, pre-7\]", "pre-6]"), "pre- and post-test"),
    "worksheets": ({f"{FOLDER}/worksheets/two.yml": None,
                    **without(f"{FOLDER}/{CHAPTERS[1]}.md", r"```\{worksheet\} two\n```\n")},
                   "worksheets"),
    "notebook": ({"exercises/source/counting/counting.ipynb": None,
                  **without(f"{FOLDER}/{CHAPTERS[3]}.md", r"```\{exercise\} counting\n```\n")},
                 "data notebooks"),
    "notebook on no page": (without(f"{FOLDER}/{CHAPTERS[3]}.md",
                                    r"```\{exercise\} counting\n```\n"), "data notebooks"),
    "drill": ({f"{FOLDER}/drills/who.yml": None,
               **without(f"{FOLDER}/{CHAPTERS[3]}.md", r"```\{drill\} who\n```\n")},
              "kinds of live drills"),
    "guide": ({f"{FOLDER}/trainer-guide.md": None}, "trainer's guide"),
    "reviews": ({f"docs/reviews/{MODULE}-chapters.md": None}, "review records"),
    "figures": (without(f"{FOLDER}/{CHAPTERS[1]}.md", r"```\{code-cell\}.*?plt.show\(\)\n```\n"),
                "figures"),
    "terms": (without(f"{FOLDER}/{CHAPTERS[1]}.md", r"\{term\}`handover`", "handover"),
              "terms linked"),
}  # fmt: skip


@pytest.mark.parametrize("name", [n for n, (_, point) in BROKEN.items() if point])
def test_a_missing_part_is_named(tmp_path: Path, name: str) -> None:
    changes, point = BROKEN[name]
    assert lacking(tmp_path, changes) == {point}
    _, problems = check_files(tmp_path)
    failing = [p for p in problems if p.fails]
    assert failing
    assert all(p.file and p.message and p.hint for p in failing)


def test_few_items_and_kinds_are_counted(tmp_path: Path) -> None:
    kinds = re.sub(r"- id: q[2-5]-[2-6]\n.*?(?=^- id)", "", files()[ITEMS], flags=re.M | re.S)
    chapters: dict[str, str | None] = {
        f"{FOLDER}/{CHAPTERS[n]}.md": re.sub(
            r" q\d-[2-6]", "", files()[f"{FOLDER}/{CHAPTERS[n]}.md"]
        )
        for n in range(2, 6)
    }
    assert "items" in lacking(tmp_path, {ITEMS: kinds} | chapters)
    assert points(tmp_path)["items"].has == "55"


def test_a_small_case_is_named_in_its_file(tmp_path: Path) -> None:
    text = re.sub(r"^  n11:.*?(?=^  safe:)", "", case(2), flags=re.M | re.S)
    text = text.replace("to: n11}", "to: safe}").replace(
        "      - {node: n11, action: choose, choice: ask}\n", ""
    )
    assert lacking(tmp_path, {f"{FOLDER}/cases/case-2.yml": text}) == {"cases"}
    (found,) = points(tmp_path)["cases"].problems
    assert found.file == f"{FOLDER}/cases/case-2.yml" and found.line > 1
    assert "11 of 12 decision points" in found.message


def test_a_hole_in_the_alignment_fails_a_full_module_only(tmp_path: Path) -> None:
    live = (
        files()[f"{FOLDER}/drills/live.yml"]
        .replace("WH-1, ", "")
        .replace("  - {item: d-0, talk: Why?}\n", "")
    )
    spare = files()[ITEMS].replace(item("d-0", 2, "drill", 0), "")
    changes: dict[str, str | None] = {f"{FOLDER}/drills/live.yml": live, ITEMS: spare}
    assert lacking(tmp_path, changes) == {"alignment"}
    course, problems = check_files(tmp_path)
    assert course is not None
    assert [p.message for p in problems if p.fails] == ["objective WH-1 is not drilled"]
    rows = {r.objective.id: r for r in matrix(course, course.modules[MODULE])}
    assert rows["WH-1"].holes == ("drilled",)
    assert rows["WH-2"].holes == ()
    write_full(tmp_path, changes | {PLAN: plan().replace("convention: full\n", "")})
    _, problems = check_files(tmp_path)
    assert [p.message for p in problems if p.fails] == []


GUIDES = {
    "heading": (GUIDE.replace("## Room set-up", "## Room"), "“Room set-up” is missing"),
    "empty": (GUIDE.replace("Six tables.", ""), "nothing stands under “Room set-up”"),
    "order": (GUIDE.replace("## Half a day", "## X").replace("## Two days", "## Half a day")
              .replace("## X", "## Two days"), "not in their order"),
    "no card": (GUIDE.replace("{rolecard}", "{note}"), "no sheet stands under “Role cards”"),
    "key": (GUIDE.replace("Look for facts.", "They say: the first rule says so on page 3 of this "
                          "long book of ours."), "says the key of the marked item `w-0`"),
}  # fmt: skip


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_keeps_its_headings_and_no_key(tmp_path: Path, name: str) -> None:
    text, message = GUIDES[name]
    assert lacking(tmp_path, {f"{FOLDER}/trainer-guide.md": text}) == {"trainer's guide"}
    found = points(tmp_path)["trainer's guide"].problems
    assert [message in p.message for p in found] == [True]
    assert found[0].file == f"{FOLDER}/trainer-guide.md"


def test_a_guide_stands_in_the_contents(tmp_path: Path) -> None:
    assert lacking(tmp_path, {"_toc.yml": TOC}) == {"trainer's guide"}
    listed = TOC.replace("file: x", f"file: modules/{MODULE}/trainer-guide")
    assert lacking(tmp_path, {"_toc.yml": listed}) == set()


def test_there_are_eight_headings() -> None:
    assert len(HEADINGS) == len(set(HEADINGS)) == 8
