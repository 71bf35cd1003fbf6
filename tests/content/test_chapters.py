"""The conventions of a chapter that a machine can check, so that reviewers can read for the rest.

A chapter answers five questions: what do I see, what may I do, what must I never do, who do I call,
and why. It says who is bound by a regional rule and whose reading a guideline is. It is written for
tired readers whose third language is English.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from crossings.curriculum.chapter import read_chapter
from crossings.curriculum.model import Force

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "modules"
LAW = ROOT / "datasets" / "law"
SECTIONS = (
    "Why this matters at work",
    "The rule",
    "What it looks like",
    "What to do",
    "What never to do",
    "Check yourself",
)
FEWEST_WORDS, MOST_WORDS = 900, 1800
MOST_IN_SENTENCE = 25
MOST_ON_AVERAGE = 20
FEWEST_RULES = 5
SHORTEST_ALT = 60
SYNTHETIC = frozenset({"recruitment-costs", "screening-records"})
"""Datasets that a program made. A figure that draws one says so in its caption and its alt text."""

WORD = re.compile(r"\b[\w'’-]+\b")
ROLE = re.compile(r"\{(?P<role>law|src|term)\}`(?P<text>[^`<]*?)\s*(?:<(?P<target>[^>]*)>)?`")
CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(?P<body>.*?)^```\s*$", re.M | re.S)
HEADER = re.compile(r"\A---\n(?P<yaml>.*?)^---\s*$", re.M | re.S)
PHONE = re.compile(r"\b555-\d{4}\b")

REGIONAL = {
    "COETHB": r"Council of Europe",
    "EU36": r"\bEU\b",
    "EU1712": r"\bEU\b",
    "CV108": r"Convention 108",
    "ICRMW": r"migrant workers convention",
    "P29": r"2014 (ILO )?protocol",
}
"""Instruments that bind few States: the words by which the paragraph says so."""

AUTHORS = (
    "UNHCR",
    "OHCHR",
    "IOM",
    "ILO",
    "UNODC",
    "Committee",
    "committees",
    "drafters",
    "Compact",
)
"""Who speaks in a guideline. One of these stands in the sentence that cites it, or just before."""

BINDING = frozenset(get_args(Force)) - {"guideline", "non-binding"}

COMPACTS = {"GCM": ("Global Compact for Migration",), "GCR": ("Global Compact on Refugees",)}


def chapter_files() -> list[Path]:
    """The chapters that the modules list, in the order in which they are taught."""
    found: list[Path] = []
    for folder in sorted(p.parent for p in MODULES.glob("*/module.yml")):
        listed = yaml.safe_load((folder / "module.yml").read_text(encoding="utf-8"))["chapters"]
        found += [folder / f"{name}.md" for name in listed]
    return found


@cache
def rows(name: str) -> dict[str, dict[str, str]]:
    with (LAW / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row.get("id") or row["key"]: row for row in csv.DictReader(file)}


@pytest.fixture(params=chapter_files(), ids=lambda path: path.stem)
def chapter(request: pytest.FixtureRequest) -> Path:
    return request.param


@pytest.fixture
def text(chapter: Path) -> str:
    return chapter.read_text(encoding="utf-8")


def body(text: str) -> str:
    """The chapter without front matter and code cells."""
    return CELL.sub("", re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S))


def section(text: str, title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", body(text), re.M | re.S)
    return found.group(1) if found else ""


def blocks(text: str) -> Iterator[str]:
    """Paragraphs, list items and table rows, each on one line and without its marks."""
    plain = re.sub(r"^(:{3,}|:class:|:title:|`{3,}).*$", "", body(text), flags=re.M)
    for part in re.split(r"\n\s*\n|\n(?=\s*(?:[-*] |\d+\. |\||#))", plain):
        if line := " ".join(part.split()):
            yield re.sub(r"^(?:#+|[-*]|\d+\.)\s+", "", line)


def read_aloud(line: str) -> str:
    """The line as a reader meets it: citations have no words, titles of roles do."""
    line = re.sub(r"\s*\(?\{(?:law|src)\}`[^`<]*`\)?", "", line)
    line = ROLE.sub(lambda m: m["text"], line)
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line).replace("*", "")


def sentences(text: str) -> Iterator[str]:
    for line in blocks(text):
        if line.startswith("|"):
            continue
        for part in re.split(r"(?<=[.?!:])[\"”)_]*\s+(?=[\"“(]*[A-Z0-9])", read_aloud(line)):
            if WORD.search(part):
                yield part


def length(sentence: str) -> int:
    return len(WORD.findall(sentence))


def figures(text: str) -> Iterator[tuple[dict[str, Any], str]]:
    """The header and the code of every cell that draws."""
    for cell in CELL.finditer(text):
        header = HEADER.match(cell["body"])
        meta = (yaml.safe_load(header["yaml"]) if header else None) or {}
        if "plt.show()" in cell["body"]:
            yield meta, cell["body"]


def cited(line: str) -> Iterator[dict[str, str]]:
    for role in ROLE.finditer(line):
        if role["role"] == "law":
            yield rows("provisions")[(role["target"] or role["text"]).strip()]


def test_there_are_chapters() -> None:
    assert chapter_files()


def test_the_sections_stand_in_order(text: str) -> None:
    headings = re.findall(r"^## (.+)$", body(text), re.M)
    assert [h for h in headings if h in SECTIONS] == list(SECTIONS)
    for title in SECTIONS:
        assert section(text, title).strip(), f"nothing under {title!r}"


def test_a_chapter_is_neither_a_note_nor_a_book(chapter: Path) -> None:
    words = read_chapter(chapter).words
    assert FEWEST_WORDS <= words <= MOST_WORDS, f"{words} words"


def test_sentences_are_short(text: str) -> None:
    lengths = [length(s) for s in sentences(text)]
    average = sum(lengths) / len(lengths)
    assert average < MOST_ON_AVERAGE, f"{average:.1f} words on average"


def test_no_sentence_is_too_long(text: str) -> None:
    long = [s for s in sentences(text) if length(s) > MOST_IN_SENTENCE]
    assert not long, long


def test_a_picture_or_a_table_helps(text: str) -> None:
    assert list(figures(text)) or re.search(r"^\| ?-{3}", body(text), re.M)


def test_every_figure_can_be_read_without_seeing_it(text: str) -> None:
    for meta, _ in figures(text):
        settings = meta.get("mystnb", {})
        alt = settings.get("image", {}).get("alt", "")
        caption = settings.get("figure", {}).get("caption", "")
        name = settings.get("figure", {}).get("name", "?")
        assert len(alt) >= SHORTEST_ALT, f"{name}: the alt text must say what the figure shows"
        assert caption.strip(), f"{name}: no caption"
        assert alt != caption, f"{name}: the alt text repeats the caption"


def test_synthetic_data_are_called_synthetic(text: str) -> None:
    for meta, code in figures(text):
        if not any(f'dataset("{name}")' in code for name in SYNTHETIC):
            continue
        settings = meta["mystnb"]
        assert "synthetic" in settings["figure"]["caption"].lower()
        assert "synthetic" in settings["image"]["alt"].lower()


def test_key_points_close_the_chapter(text: str) -> None:
    found = re.search(r"^```\{keypoints\}\n(.*?)^```", text, re.M | re.S)
    assert found, "no key points"
    assert 3 <= len(re.findall(r"^- ", found.group(1), re.M)) <= 7


def test_it_asks_what_was_learned(text: str) -> None:
    assert "```{quiz}" in section(text, "Check yourself")


def test_the_never_box_holds_prohibitions(text: str) -> None:
    box = section(text, "What never to do")
    assert ":::{never}" in box
    points = re.findall(r"^- (\w+)", box, re.M)
    assert len(points) >= 4
    assert set(points) == {"Never"}


def test_it_says_whom_to_call(text: str) -> None:
    """Each chapter names a number of the invented region, and only numbers that the region has."""
    known = set(PHONE.findall((MODULES / "setting" / "region.md").read_text(encoding="utf-8")))
    named = set(PHONE.findall(body(text)))
    assert named, "the reader does not learn whom to call"
    assert named <= known, f"not in the region: {sorted(named - known)}"


def test_it_rests_on_the_law_register(chapter: Path) -> None:
    rules = set(read_chapter(chapter).targets("law"))
    assert len(rules) >= FEWEST_RULES, sorted(rules)


def test_a_regional_rule_names_those_it_binds(text: str) -> None:
    for line in blocks(text):
        for rule in cited(line):
            pattern = REGIONAL.get(rule["instrument"])
            if pattern is None and rule["binds"].startswith("Only"):
                pattern = re.escape(rows("instruments")[rule["instrument"]]["short"])
            assert pattern is None or re.search(pattern, line), (
                f"{rule['id']} binds only some States; the paragraph does not say so: {line}"
            )


def speakers(rule: dict[str, str]) -> list[str]:
    """The names by which a paragraph may show whose guidance it tells."""
    instrument = rows("instruments")[rule["instrument"]]
    named = [a for a in AUTHORS if a.lower() in rule["author"].lower()]
    return [*named, instrument["short"], *COMPACTS.get(rule["instrument"], ())]


def test_guidance_keeps_its_author(text: str) -> None:
    for line in blocks(text):
        said = re.split(r"(?<=[.?!])\s+(?=[A-Z*\"])", line)
        for before, sentence in zip(["", *said], said, strict=False):
            here = f"{before} {sentence}"
            for rule in cited(sentence):
                assert rule["force"] in BINDING or any(name in here for name in speakers(rule)), (
                    f"{rule['id']}: name the author, {rule['author']}, in: {here}"
                )


def forbidden() -> list[re.Pattern[str]]:
    lines = (MODULES / "words.txt").read_text(encoding="utf-8").splitlines()
    words = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    bare = [re.escape(word).replace(r"\*", r"\w*") for word in words]
    return [re.compile(rf"\b{word}\b", re.I) for word in bare]


def test_no_word_hurts_shocks_or_confuses(text: str) -> None:
    found = [m.group() for word in forbidden() if (m := word.search(text))]
    assert not found, found


def test_the_glossary_keeps_the_same_words() -> None:
    for path in MODULES.glob("*/glossary.yml"):
        text = path.read_text(encoding="utf-8")
        assert not [m.group() for word in forbidden() if (m := word.search(text))], path
