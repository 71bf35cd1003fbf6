"""A chapter as its reader meets it: blocks, sentences and figures, each with its line.

`crossings.curriculum.chapter` reads what a chapter names; this reads what it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

WORD = re.compile(r"\b[\w'’-]+\b")
ROLE = re.compile(r"\{(?P<role>law|src|term)\}`(?P<text>[^`<]*?)\s*(?:<(?P<target>[^>]*)>)?`")
DRAWS = "plt.show()"
"""The line with which a code cell shows a figure."""

_CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(?P<body>.*?)^```\s*$", re.M | re.S)
_PICTURE = re.compile(
    r"^(?P<fence>`{3,}|:{3,})\{(?:figure|image)\}[^\n]*\n(?P<body>.*?)^(?P=fence)\s*$", re.M | re.S
)
_HEADER = re.compile(r"\A---\n(?P<yaml>.*?)^---\s*$", re.M | re.S)
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.S)
_MARKS = re.compile(r"^\s*(?::{3,}|`{3,}|:[a-z-]+:|%).*$")
_BEGINS = re.compile(r"\s*(?:[-*] |\d+\. |\||#)")
_BULLET = re.compile(r"^(?:#+|[-*]|\d+\.)\s+")
_SILENT = re.compile(r"\s*\(?\{(?:law|src)\}`[^`<]*`(?:[,;]? \{(?:law|src)\}`[^`<]*`)*\)?")
_ANY_ROLE = re.compile(r"\{[a-z-]+\}`([^`<]*?)\s*(?:<[^>]*>)?`")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_ENDS = re.compile(r"(?<=[.?!:])[\"”)_]*\s+(?=[\"“(]*[A-Z0-9])")


@dataclass(frozen=True)
class Block:
    """A paragraph, list item, heading or row of a table, on one line and without its mark."""

    line: int
    text: str
    kind: str
    """`text`, `heading` or `row`."""


@dataclass(frozen=True)
class Sentence:
    line: int
    text: str

    @property
    def words(self) -> int:
        return len(WORD.findall(self.text))


@dataclass(frozen=True)
class Figure:
    """A drawing: plotted by a code cell, or a picture of our own."""

    line: int
    name: str
    alt: str
    caption: str
    code: str


@dataclass(frozen=True)
class Prose:
    """The text of one page."""

    raw: str

    @classmethod
    def read(cls, path: Path) -> Prose:
        return cls(path.read_text(encoding="utf-8"))

    @cached_property
    def body(self) -> str:
        """Without front matter and code cells; every line keeps its number."""
        return _CELL.sub(_blank, _FRONT.sub(_blank, self.raw))

    @cached_property
    def headings(self) -> tuple[tuple[int, str], ...]:
        """Line and title of each heading of the second level, in order."""
        lines = enumerate(self.body.split("\n"), start=1)
        return tuple((n, line[3:].strip()) for n, line in lines if line.startswith("## "))

    def section(self, title: str) -> str:
        """The text below a heading, up to the next; empty where there is no such heading."""
        found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", self.body, re.M | re.S)
        return found.group(1) if found else ""

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(_blocks(self.body))

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence outside tables, as it is read aloud."""
        parts = ((b, _ENDS.split(read_aloud(b.text))) for b in self.blocks if b.kind != "row")
        return tuple(Sentence(b.line, s) for b, said in parts for s in said if WORD.search(s))

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(sorted(_figures(self.raw), key=lambda figure: figure.line))

    @property
    def has_table(self) -> bool:
        return re.search(r"^\| ?:?-{3}", self.body, re.M) is not None

    def line_of(self, text: str) -> int:
        """The line where `text` first stands; 1 where it does not."""
        at = self.raw.find(text)
        return self.raw.count("\n", 0, at) + 1 if at >= 0 else 1


def read_aloud(line: str) -> str:
    """The line as one reads it to somebody: citations have no words, titles of roles do."""
    line = _SILENT.sub("", line)
    line = _ANY_ROLE.sub(lambda m: m[1], line)
    return _LINK.sub(r"\1", line).replace("*", "")


def _blank(found: re.Match[str]) -> str:
    return "\n" * found.group().count("\n")


def _blocks(body: str) -> Iterator[Block]:
    lines: list[str] = []
    first = 0
    for number, line in enumerate([*body.split("\n"), ""], start=1):
        silent = not line.strip() or _MARKS.match(line) is not None
        if lines and (silent or _BEGINS.match(line)):
            yield _block(first, lines)
            lines = []
        if not silent:
            first = first if lines else number
            lines.append(line)


def _block(line: int, lines: list[str]) -> Block:
    text = " ".join(" ".join(lines).split())
    kind = "row" if text.startswith("|") else "heading" if text.startswith("#") else "text"
    return Block(line, _BULLET.sub("", text), kind)


def _figures(raw: str) -> Iterator[Figure]:
    for cell in _CELL.finditer(raw):
        if DRAWS not in cell["body"]:
            continue
        settings = _settings(cell["body"])
        figure, image = settings.get("figure"), settings.get("image")
        caption = figure.get("caption", "") if isinstance(figure, dict) else ""
        name = figure.get("name", "") if isinstance(figure, dict) else ""
        alt = image.get("alt", "") if isinstance(image, dict) else ""
        line = raw.count("\n", 0, cell.start()) + 1
        yield Figure(line, str(name), str(alt), str(caption), cell["body"])
    for picture in _PICTURE.finditer(raw):
        options = dict(re.findall(r"^:([a-z]+):\s*(.*)$", picture["body"], re.M))
        caption = " ".join(re.sub(r"^:[a-z]+:.*$", "", picture["body"], flags=re.M).split())
        line = raw.count("\n", 0, picture.start()) + 1
        yield Figure(line, options.get("name", ""), options.get("alt", ""), caption, "")


def _settings(body: str) -> dict[str, Any]:
    """What the header of a cell says of its figure; nothing where it cannot be read (the book's
    own build names such a header)."""
    header = _HEADER.match(body)
    try:
        meta = yaml.safe_load(header["yaml"]) if header else None
    except yaml.YAMLError:
        return {}
    own = meta.get("mystnb") if isinstance(meta, dict) else None
    return own if isinstance(own, dict) else {}
