"""The convention of chapters, through the door of `./course check`: one seeded defect at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossings.curriculum.check import check_files
from crossings.curriculum.problem import Problem
from crossings.curriculum.prose import Prose
from tests.full_module import CHAPTERS, FOLDER, chapter, files, plan, write_full

FILE = f"{FOLDER}/{CHAPTERS[0]}.md"
INSTRUMENTS = (
    "key,name,short,nature,adopted,in_force,depositary\n"
    "TREATY,A Treaty,Treaty,treaty,,,\nNORTH,The Northern Pact,Northern Pact,treaty,,,\n"
    "NOTE,A Note on Rest,Note on Rest,non-binding,,,\n"
)
MORE_LAW = (
    "PACT-1,NORTH,Art. 1,A pact,Members must act.,Only the members of the pact,treaty,t,,,verified,"
    "primary text,2026-01-01\n"
    "NOTE-1,NOTE,para 1,A note,Rest helps.,Nobody,guideline,t,,UNHCR,verified,primary,2026-01-01\n"
)


def changed(old: str, new: str) -> str:
    text = chapter(0)
    assert old in text, old
    return text.replace(old, new, 1)


def told(root: Path, text: str, more: dict[str, str | None] | None = None) -> list[Problem]:
    """What the check says of the first chapter with this text."""
    write_full(root, {FILE: text} | (more or {}))
    _, problems = check_files(root)
    assert {p.file for p in problems if p.fails} <= {FILE}, [str(p) for p in problems if p.fails]
    return [p for p in problems if p.file == FILE]


def test_a_whole_chapter_has_no_problem(tmp_path: Path) -> None:
    assert told(tmp_path, chapter(0)) == []


LONG = "One two three four five six seven eight nine ten and then you see a man and a boy at the gate of the old yard today."  # noqa: E501
DEFECTS = {
    "no section": ("## The rule\n", "## A rule\n", "“The rule” is missing", 0),
    "order": ("## What to do\n", "## What it looks like\n", "“What it looks like” stands twice", 1),
    "too long": ("## What to do\n", f"## What to do\n\n{LONG}\n", "a sentence of 27 words", 1),
    "no key points": ("```{keypoints}\n", "```{note}\n", "no key points", 0),
    "two key points": ("- Write it down.\n", "", "2 key points", 1),
    "no sources": ("*Sources of this chapter:*", "*And:*", "does not name its sources", 1),
    "no quiz there": ("## Check yourself\n", "## Check yourself\n\nAsk.\n\n## More\n",
                      "“Check yourself” asks nothing", 1),
    "no box": (":::{never}\n", ":::{note}\n", "has no box", 1),
    "kind word": ("- Never leave the gate", "- Do not leave the gate", "begins with “Do”", 1),
    "three nevers": ("- Never leave the gate without a word.\n", "", "3 prohibitions", 1),
    "alt": ("Two bars: the first stands for those who were asked, the second, much longer, for all "
            "others.", "Bars.", "no alternative text", 1),
    "caption": ("Few people were asked on the day 0.", "", "has no caption", 1),
    "no number": ("555-0101", "the desk's number", "whom to call", 0),
    "other number": ("Call the desk: 555-0101.", "Call 555-0101 or 555-0199.",
                     "no number 555-0199", 1),
    "few rules": (" ({law}`LAW-3`)", "", "cites 4 provisions", 0),
    "hurtful": ("A {term}`handover`", "A bogus {term}`handover`", "“bogus” is on the list", 1),
}  # fmt: skip
"""What is changed, into what, what is said of it, and whether its line is known."""
WORDS: dict[str, str | None] = {"modules/words.txt": "bogus\n"}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_seeded_defect_is_named(tmp_path: Path, name: str) -> None:
    old, new, message, has_line = DEFECTS[name]
    found = [p for p in told(tmp_path, changed(old, new), WORDS) if message in p.message]
    assert len(found) == 1, name
    assert found[0].fails and found[0].hint
    assert (found[0].line > 1) == bool(has_line), found[0]


def test_sections_in_another_order_are_named_at_the_first_wrong_one(tmp_path: Path) -> None:
    text = changed("## The rule\n", "## Swap\n").replace("## What it looks like", "## The rule")
    text = text.replace("## Swap", "## What it looks like")
    found = [p for p in told(tmp_path, text) if "not in their order" in p.message]
    assert [p.line for p in found] == [text[: text.index("## What it looks like")].count("\n") + 1]


def test_the_line_of_a_long_sentence_is_its_own(tmp_path: Path) -> None:
    text = changed("## What to do\n", f"## What to do\n\n{LONG}\n")
    (found,) = told(tmp_path, text)
    assert found.line == text[: text.index(LONG)].count("\n") + 1


@pytest.mark.parametrize(("times", "said"), [(0, "words"), (3, "words")])
def test_a_chapter_is_neither_a_note_nor_a_book(tmp_path: Path, times: int, said: str) -> None:
    middle = chapter(0).split("## What it looks like\n")[1].split("## What to do\n")[0]
    text = chapter(0).replace(
        middle, "\nLook well.\n\n" if not times else middle + middle * times * 2
    )
    found = [p for p in told(tmp_path, text) if p.message.startswith("the chapter has")]
    assert len(found) == 1
    assert said in found[0].message


def test_long_sentences_on_average_are_named(tmp_path: Path) -> None:
    text = chapter(0).replace(". At the", " and then at the")
    assert any("on average" in p.message for p in told(tmp_path, text))


def test_nothing_to_see_is_named(tmp_path: Path) -> None:
    text = chapter(2).replace(
        "| sign | what it means |\n| --- | --- |\n| a letter | somebody wrote it |\n", ""
    )
    other = f"{FOLDER}/{CHAPTERS[2]}.md"
    write_full(tmp_path, {other: text})
    _, problems = check_files(tmp_path)
    assert [(p.file, p.message) for p in problems if p.fails] == [
        (other, "neither a figure nor a table")
    ]


def test_invented_data_are_called_synthetic(tmp_path: Path) -> None:
    data: dict[str, str | None] = {
        "datasets/numbers/datapackage.json": (
            '{"name": "numbers", "title": "Numbers", "crossings": {"synthetic": true}, '
            '"resources": [{"path": "numbers.csv"}]}'
        ),
        "datasets/numbers/generate.py": "",
    }
    text = changed(
        "import matplotlib", 'from crossings import dataset\ndataset("numbers")\nimport matplotlib'
    )
    found = [p.message for p in told(tmp_path, text, data)]
    assert len(found) == 2
    assert all("draws invented data" in message for message in found)


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("You must act {law}`PACT-1`.", "PACT-1 binds only some States"),
        ("Members of the Northern Pact must act {law}`PACT-1`.", ""),
        ("Rest helps {law}`NOTE-1`.", "NOTE-1 is guidance"),
        ("UNHCR says so. Rest helps {law}`NOTE-1`.", ""),
        ("UNHCR says so. It is late. Rest helps {law}`NOTE-1`.", "NOTE-1 is guidance"),
        ("The Note on Rest asks for it {law}`the note <NOTE-1>`.", ""),
    ],
)
def test_who_is_bound_and_who_speaks(tmp_path: Path, sentence: str, said: str) -> None:
    law: dict[str, str | None] = {
        "datasets/law/provisions.csv": files()["datasets/law/provisions.csv"] + MORE_LAW,
        "datasets/law/instruments.csv": INSTRUMENTS,
    }
    text = changed("## What to do\n", f"## What to do\n\n{sentence}\n")
    found = told(tmp_path, text, law)
    assert [p.message[: len(said)] for p in found] == ([said] if said else [])


def test_a_term_is_linked_at_its_first_use(tmp_path: Path) -> None:
    text = changed("A {term}`handover` is short.", "A handover is short. See {term}`handover`.")
    (found,) = told(tmp_path, text)
    assert (found.code, found.message.split()[0]) == ("term", "“handover”")
    plural = changed("A {term}`handover` is short.", "Two {term}`handovers <handover>` are short.")
    assert told(tmp_path, plural) == []
    link = changed("A {term}`handover`", "See [handover](second-day.md). A {term}`handover`")
    assert told(tmp_path, link) == []
    glossary = files()[f"{FOLDER}/glossary.yml"].replace("word.\n", "word.\n  everyday: true\n", 1)
    assert told(tmp_path, text, {f"{FOLDER}/glossary.yml": glossary}) == []


def test_hard_words_are_named(tmp_path: Path) -> None:
    hard = " ".join(f"Jurisdictional considerations {w} multilateral harmonisation." for w in (
        "necessitate", "presuppose", "invalidate", "circumscribe", "reconfigure") * 40)  # fmt: skip
    middle = chapter(0).split("## What it looks like\n")[1].split("## What to do\n")[0]
    found = told(tmp_path, chapter(0).replace(middle, f"\n{hard}\n\n"))
    assert [(p.code, p.fails) for p in found if "grade" in p.message] == [("readability", True)]


def test_a_module_may_keep_the_convention_of_chapters_alone(tmp_path: Path) -> None:
    alone: dict[str, str | None] = {
        f"{FOLDER}/module.yml": plan().replace("convention: full", "convention: chapters"),
        f"{FOLDER}/trainer-guide.md": None,
    }
    assert told(tmp_path, chapter(0), alone) == []
    assert len(told(tmp_path, changed("- Write it down.\n", ""), alone)) == 1
    none: dict[str, str | None] = {f"{FOLDER}/module.yml": plan().replace("convention: full\n", "")}
    assert told(tmp_path, changed("- Write it down.\n", ""), none) == []


def test_prose_is_what_a_reader_meets() -> None:
    prose = Prose(
        "---\na: 1\n---\n# Title\n\n% for authors\n\nOne *two* {law}`LAW-1`. Three\nfour "
        "[five](six.md)?\n\n- point {term}`a <b>`\n\n```{code-cell} x\nnot read\n```\n\n| a | b |\n"
    )
    assert [(s.line, s.text) for s in prose.sentences] == [
        (4, "Title"),
        (8, "One two."),
        (8, "Three four five?"),
        (11, "point a"),
    ]
    assert [b.kind for b in prose.blocks] == ["heading", "text", "text", "row"]
