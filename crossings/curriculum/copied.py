"""Nothing is copied: no more than eight consecutive words of the course stand in a source document.

All texts of the course are read as they stand in their files, so that a problem can name its line
and no field is forgotten. What markup puts between two words (a citation, a line break) does not
hide a copy. Names of instruments, titles of documents and what `names.txt` lists do not count:
nobody can say them otherwise.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from crossings.curriculum.fingerprints import (
    FILE,
    LENGTH,
    FingerprintsError,
    read,
    runs,
    words,
)
from crossings.curriculum.problem import Problem, relative

NAMES = "datasets/sources/names.txt"
"""Names and titles that may be said as they are, one a line; `#` begins a remark."""
TEXTS = (
    "modules/**/*.md",
    "modules/**/*.yml",
    "book/**/*.md",
    "datasets/*/README.md",
    "datasets/law/provisions.csv",
    "datasets/law/misconceptions.csv",
    "datasets/law/finder.csv",
    "exercises/source/**/*.ipynb",
    "grading/rubrics/*.yml",
)
"""Where the prose of a course stands."""

_LONGEST_NAME = 40
SHORTEST_NAME = 3
"""Words. A sentence is not less copied because it says "UNHCR"."""
_CITED = re.compile(r"\{(?:law|src)\}`[^`<\n]*`")
_ROLE = re.compile(r"\{[a-z-]+\}(?=`)")
_TARGET = re.compile(r"<[^<>\n]*>`")
_ESCAPED = re.compile(r"\\(?:n|t|u[0-9a-f]{4})")


@dataclass(frozen=True)
class Copied:
    """Consecutive words that a source document has, too."""

    line: int
    words: tuple[str, ...]
    named: int
    """How many of them belong to names and titles."""

    @property
    def own(self) -> int:
        return len(self.words) - self.named


def problems(root: Path, only: Path | None = None) -> Iterator[Problem]:
    """What stands in a source document word for word, with file and line; `only` in one file. A
    course without fingerprints is not asked."""
    try:
        known = read(root)
    except FingerprintsError as error:
        yield Problem(FILE, 0, str(error), "restore it from the repository")
        return
    if known is None:
        return
    names = _names(root)
    for path in [only] if only else sorted({p for t in TEXTS for p in root.glob(t)}):
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue  # told where the file is read for what it is
        for copy in copies(text, known, names):
            said = " ".join(copy.words)
            message = f"{copy.own} consecutive words stand in a source document: “{said}”"
            hint = "say it in your own words, with the source; names and titles: " + NAMES
            yield Problem(relative(path, root), copy.line, message, hint, 0, "copied")


def copies(
    text: str, known: frozenset[int], names: Mapping[str, tuple[tuple[str, ...], ...]]
) -> Iterator[Copied]:
    """The places of `text` with more than eight words of a document outside names; `names` by
    their first word."""
    said, lines = _read(text)
    start: int | None = None
    for place, value in enumerate([*runs(said), None]):
        if value in known:
            start = place if start is None else start
        elif start is not None:
            end = place - 1 + LENGTH
            copy = Copied(lines[start], tuple(said[start:end]), _named(said, start, end, names))
            if copy.own >= LENGTH:
                yield copy
            start = None


def _read(text: str) -> tuple[list[str], list[int]]:
    """The words and the line of each."""
    said: list[str] = []
    lines: list[int] = []
    plain = _CITED.sub(" ", text)
    for markup in (_ROLE, _TARGET, _ESCAPED):
        plain = markup.sub(" ", plain)
    for number, line in enumerate(plain.split("\n"), start=1):
        found = words(line)
        said += found
        lines += [number] * len(found)
    return said, lines


def _named(
    said: list[str], start: int, end: int, names: Mapping[str, tuple[tuple[str, ...], ...]]
) -> int:
    """How many of the words from `start` to `end` belong to a name, which may begin before."""
    covered: set[int] = set()
    for place in range(max(0, start - _LONGEST_NAME), end):
        for name in names.get(said[place], ()):
            if tuple(said[place : place + len(name)]) == name:
                covered |= set(range(place, place + len(name)))
    return len(covered & set(range(start, end)))


def _names(root: Path) -> dict[str, tuple[tuple[str, ...], ...]]:
    """What may be said as it is, as words, by the first of them."""
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for line in _listed(root):
        name = tuple(words(line))
        if len(name) >= SHORTEST_NAME:
            found[name[0]] = (*found.get(name[0], ()), name)
    return found


def _listed(root: Path) -> Iterator[str]:
    path = root / NAMES
    if path.is_file():
        text = path.read_text(encoding="utf-8")
        yield from (line for line in text.splitlines() if not line.startswith("#"))
    for name, columns in (
        ("datasets/law/instruments.csv", ("name", "short")),
        ("datasets/sources/sources.csv", ("author", "title", "publisher")),
    ):
        if (root / name).is_file():
            with (root / name).open(encoding="utf-8-sig", newline="") as handle:
                for row in csv.DictReader(handle):
                    yield from (row.get(column) or "" for column in columns)
