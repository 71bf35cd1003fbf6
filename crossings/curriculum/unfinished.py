"""Texts that still hold the mark TODO: `./course new` writes them, and nobody should ship them.

A file with such texts loads, can be played and previewed; `./course check`, and with it `serve` and
`build`, names it until each text is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from crossings.curriculum.model import Module
from crossings.curriculum.problem import Problem, relative

if TYPE_CHECKING:
    from pathlib import Path

    from crossings.curriculum.files import Document
    from crossings.curriculum.load import Reading

MARK = "TODO"
MOST_LINES = 8
"""Lines that one message names."""

_MARKED = re.compile(rf"\b{MARK}\b")
Where = tuple[str | int, ...]


def unfinished(module: Module, root: Path, reading: Reading) -> Iterator[Problem]:
    """One problem for each file of `module` with unfinished texts, at the first of them."""
    for key, document in reading.documents.items():
        if key.startswith(f"{module.id}/"):
            yield from unfinished_in(document, root)
    for chapter in module.chapters:
        yield from _told(relative(chapter.path, root), marked_lines(chapter.path))


def unfinished_in(document: Document, root: Path) -> Iterator[Problem]:
    """As `unfinished`, for one file."""
    begun = {document.line(where) for where in marked(document.data)}
    held = marked_lines(document.path) if begun else []
    # A text may begin on the line after its name.
    lines = sorted({next((n for n in held if n >= line), line) for line in begun})
    yield from _told(relative(document.path, root), lines)


def marked(data: Any, where: Where = ()) -> Iterator[Where]:
    """The place of every text with the mark, at any depth of plain data."""
    if isinstance(data, str):
        if _MARKED.search(data):
            yield where
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield from marked(value, (*where, key))
    elif isinstance(data, (list, tuple)):
        for index, value in enumerate(data):
            yield from marked(value, (*where, index))


def marked_lines(path: Path) -> list[int]:
    """The lines of a chapter or YAML file that hold the mark, counted from 1; comments of YAML are
    for authors only and do not count."""
    lines = path.read_text(encoding="utf-8").splitlines()
    notes = path.suffix in (".yml", ".yaml")
    return [
        number
        for number, line in enumerate(lines, start=1)
        if _MARKED.search(line) and not (notes and line.lstrip().startswith("#"))
    ]


def _told(file: str, lines: list[int]) -> Iterator[Problem]:
    if not lines:
        return
    first, *others = lines
    message = f"unfinished: {len(lines)} texts still say {MARK}, here is the first"
    if not others:
        message = f"unfinished: a text still says {MARK}"
    named = ", ".join(str(line) for line in others[:MOST_LINES])
    more = ", …" if len(others) > MOST_LINES else ""
    hint = "write what it asks for, and take the mark away"
    then = f"; then line{'s' if len(others) > 1 else ''} {named}{more}" if named else ""
    yield Problem(file, first, message, hint + then)
