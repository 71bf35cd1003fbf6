"""Lines that still hold the mark TODO: `./course new` writes them, and nobody should ship them.

A file with such lines loads, can be played and previewed; `./course check`, and with it `serve` and
`build`, names it until each is written. The mark may stand in a text, or in a remark behind a value
(`cites: [TIP-3a] # TODO the rule`); whole lines of remarks do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from crossings.curriculum.model import Module
from crossings.curriculum.problem import Problem, relative

if TYPE_CHECKING:
    from pathlib import Path

    from crossings.curriculum.load import Reading

MARK = "TODO"
MOST_LINES = 8
"""Lines that one message names."""

_MARKED = re.compile(rf"\b{MARK}\b")


def unfinished(module: Module, root: Path, reading: Reading) -> Iterator[Problem]:
    """One problem for each file of `module` with unfinished lines, at the first of them."""
    for key, document in reading.documents.items():
        if key.startswith(f"{module.id}/"):
            yield from unfinished_in(document.path, root)
    for page in (*module.chapters, *([module.guide] if module.guide else [])):
        yield from unfinished_in(page.path, root)


def unfinished_in(path: Path, root: Path) -> Iterator[Problem]:
    """As `unfinished`, for one file."""
    lines = marked_lines(path)
    if not lines:
        return
    first, *others = lines
    message = f"unfinished: {len(lines)} lines still say {MARK}, here is the first"
    if not others:
        message = f"unfinished: a line still says {MARK}"
    named = ", ".join(str(line) for line in others[:MOST_LINES])
    more = ", …" if len(others) > MOST_LINES else ""
    hint = "write what it asks for, and take the mark away"
    then = f"; then line{'s' if len(others) > 1 else ''} {named}{more}" if named else ""
    yield Problem(relative(path, root), first, message, hint + then)


def marked_lines(path: Path) -> list[int]:
    """The lines of a chapter or YAML file that hold the mark, counted from 1."""
    lines = path.read_text(encoding="utf-8").splitlines()
    notes = path.suffix in (".yml", ".yaml")
    return [
        number
        for number, line in enumerate(lines, start=1)
        if _MARKED.search(line) and not (notes and line.lstrip().startswith("#"))
    ]
