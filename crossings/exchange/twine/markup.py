"""What stands in a passage: text, links, assignments, conditions; and everything else, as `Other`.

`sugarcube` and `harlowe` read their format into the same segments. Nothing is run: code is kept as
text, and what is no segment of ours becomes `Other`, which the reader of the story reports.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass, field

MOST_NESTED = 40


@dataclass(frozen=True)
class Words:
    text: str
    line: int


@dataclass(frozen=True)
class Code:
    """An assignment, as written."""

    text: str
    line: int


@dataclass(frozen=True)
class Link:
    text: str
    target: str
    line: int
    setters: tuple[Code, ...] = ()


@dataclass(frozen=True)
class Shown:
    """A variable or an expression whose value stands in the text."""

    expression: str
    line: int


@dataclass(frozen=True)
class Other:
    """Something that has no place in a case; `what` says it in the author's words."""

    what: str
    line: int


@dataclass
class Arm:
    """One branch of a condition; `condition` is None for `else`, and negated for `unless`."""

    condition: str | None
    body: list[Segment] = field(default_factory=list)
    unless: bool = False


@dataclass
class If:
    line: int
    arms: list[Arm] = field(default_factory=list)


Segment = Words | Code | Link | Shown | Other | If


class Lines:
    """Line numbers of places in a text that begins on line `first`."""

    def __init__(self, text: str, first: int) -> None:
        self._breaks = [m.start() for m in re.finditer("\n", text)]
        self._first = first

    def at(self, place: int) -> int:
        return self._first + bisect_right(self._breaks, place - 1)


def closing(text: str, at: int, end: str, opening: str = "") -> int:
    """Where `end` closes what was opened before `at`, outside of strings; -1 when nowhere.

    With `opening`, pairs inside are passed over.
    """
    depth = 0
    while at < len(text):
        if text.startswith(end, at):
            if not depth:
                return at
            depth -= 1
            at += len(end)
        elif opening and text.startswith(opening, at):
            depth += 1
            at += len(opening)
        elif text[at] in "\"'":
            quote = re.compile(r"\\.|" + text[at], re.DOTALL)
            stop = at + 1
            while (found := quote.search(text, stop)) and found.group() != text[at]:
                stop = found.end()
            # An apostrophe that nothing closes before the line ends is no string.
            closed = found is not None and "\n" not in text[at : found.end()]
            at = found.end() if closed and found else at + 1
        else:
            at += 1
    return -1


def link(inner: str, line: int) -> Link | None:
    """The link that stands between `[[` and `]]`; None where it has no target."""
    inner, _, setter = inner.partition("][")
    if "->" in inner:
        text, _, target = inner.rpartition("->")
    elif "<-" in inner:
        target, _, text = inner.partition("<-")
    elif "|" in inner:
        text, _, target = inner.partition("|")
    else:
        text = target = inner
    target = evaluated(target.strip()) or ""
    if not target or target[0] in "$\"'":
        return None
    shown = evaluated(text.strip())
    setters = (Code(setter, line),) if setter.strip() else ()
    return Link(shown if shown else target, target, line, setters)


_PIECE = re.compile(r"""\s*("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\$cx_[a-z0-9_]+)\s*(\+|$)""")


def evaluated(text: str) -> str | None:
    """The words of a link: as they are, or, where they are an expression of strings, its value."""
    if not text.startswith(('"', "'")) and not text.startswith("$cx_"):
        return text
    at, parts = 0, []
    while at < len(text):
        piece = _PIECE.match(text, at)
        if piece is None:
            return text
        token = piece.group(1)
        if token.startswith("$"):
            parts.append("{" + token[4:] + "}")
        elif token.startswith('"'):
            try:
                parts.append(str(json.loads(token)))
            except ValueError:
                return text
        else:
            parts.append(re.sub(r"\\(.)", r"\1", token[1:-1]))
        at = piece.end()
    return "".join(parts)
