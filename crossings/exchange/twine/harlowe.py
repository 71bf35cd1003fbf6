"""Harlowe's markup, read into segments: `(set:)`, `(if:)[…]`, `[[links]]`, text."""

from __future__ import annotations

import re

from crossings.exchange.twine.conditions import shortened
from crossings.exchange.twine.markup import (
    MOST_NESTED,
    Arm,
    Code,
    If,
    Lines,
    Link,
    Other,
    Segment,
    Shown,
    Words,
    closing,
    link,
)

_NEXT = re.compile(
    r"\([A-Za-z][A-Za-z-]*:|\[\[|<!--|<(?:script|style)\b|</?[A-Za-z][^<>]{0,500}>"
    r"|\|[A-Za-z]+>\[|\[(?!\[)|\$[A-Za-z][A-Za-z0-9_]*",
    re.IGNORECASE,
)
_BRANCH = ("if", "unless", "elseif", "else")


def harlowe(text: str, first_line: int) -> list[Segment]:
    """The segments of a passage; `first_line` is the line of its first character."""
    return _Reader(text, Lines(text, first_line), 0).read()


class _Reader:
    def __init__(self, text: str, lines: Lines, depth: int, offset: int = 0) -> None:
        self.text, self.lines, self.depth, self.offset, self.at = text, lines, depth, offset, 0
        # Where nothing can be closed any more, so that a damaged file is read in one pass.
        self.last = {end: text.rfind(end) for end in (")", "]", "]]")}
        self.found: list[Segment] = []

    def line(self) -> int:
        return self.lines.at(self.offset + self.at)

    def words(self, text: str) -> None:
        if text:
            self.found.append(Words(text, self.line()))

    def read(self) -> list[Segment]:
        while (found := _NEXT.search(self.text, self.at)) is not None:
            self.words(self.text[self.at : found.start()])
            self.at = found.start()
            self.one(found.group())
        self.words(self.text[self.at :])
        return self.found

    def one(self, token: str) -> None:
        line, low = self.line(), token.lower()
        if token.startswith("("):
            self.macro(low[1:-1].replace("-", ""), token, line)
        elif token == "[[":
            self.link(line)
        elif low == "<!--":
            self.skip("-->")
        elif low.startswith(("<script", "<style")):
            name = low[1:].split()[0]
            self.found.append(Other(f"`<{name}>` and what is in it", line))
            self.skip(f"</{name}>")
        elif token.startswith("<"):
            self.html(token, line)
        elif token.startswith("$"):
            self.at += len(token)
            self.found.append(Shown(token, line))
        else:
            self.at += len(token) - 1
            self.found.append(Other("a hook; its text is kept", line))
            self.found.extend(self.hook() or [Words("[", line)])

    def skip(self, end: str) -> None:
        stop = self.text.lower().find(end, self.at)
        self.at = len(self.text) if stop < 0 else stop + len(end)

    def html(self, token: str, line: int) -> None:
        self.at += len(token)
        if token.lower().startswith("<br"):
            self.found.append(Words("\n", line))
        elif not token.startswith("</"):
            self.found.append(Other(f"HTML `{shortened(token)}`", line))

    def link(self, line: int) -> None:
        stop = self.text.find("]]", self.at) if self.at < self.last["]]"] else -1
        inner = self.text[self.at + 2 : stop]
        if stop < 0 or "\n" in inner:
            self.words("[[")
            self.at += 2
            return
        self.at = stop + 2
        made = link(inner, line)
        self.found.append(made or Other(f"link `{shortened(inner)}`: its target is computed", line))

    def macro(self, name: str, token: str, line: int) -> None:
        closes = self.at < self.last[")"]
        stop = closing(self.text, self.at + 1, ")", "(") if closes else -1
        if stop < 0:
            self.words("(")
            self.at += 1
            return
        arguments = self.text[self.at + len(token) : stop].strip()
        self.at = stop + 1
        if name in _BRANCH:
            self.branch(name, arguments, line)
        elif name in ("set", "put"):
            self.found.append(Code(arguments, line))
        elif name in ("linkgoto", "linkto"):
            self.goto(arguments, line)
        elif name == "print":
            self.found.append(Shown(arguments, line))
        else:
            self.found.append(Other(f"macro `({name}:)`", line))
            if self.text.startswith("[", self.at) and not self.text.startswith("[[", self.at):
                self.found.extend(self.hook() or [])

    def goto(self, arguments: str, line: int) -> None:
        strings = re.findall(r'"([^"]*)"|\'([^\']*)\'', arguments)
        if 1 <= len(strings) <= 2:
            texts = [one or other for one, other in strings]
            self.found.append(Link(texts[0], texts[-1], line))
        else:
            self.found.append(Other("macro `(link-goto:)`: its target is computed", line))

    def branch(self, name: str, arguments: str, line: int) -> None:
        start = self.at
        while self.text[self.at : self.at + 1].isspace():
            self.at += 1
        body = self.hook() if self.text.startswith("[", self.at) else None
        if body is None:
            self.at = start
            self.found.append(Other(f"macro `({name}:)` without a hook", line))
            return
        arm = Arm(None if name == "else" else arguments, body, name == "unless")
        if name in ("if", "unless"):
            self.found.append(If(line, [arm]))
            return
        while self.found and isinstance(self.found[-1], Words) and not self.found[-1].text.strip():
            self.found.pop()
        last = self.found[-1] if self.found else None
        if isinstance(last, If):
            last.arms.append(arm)
        else:
            self.found.append(Other(f"`({name}:)` without `(if:)`", line))

    def hook(self) -> list[Segment] | None:
        """The content of the hook that begins here; None where it is never closed."""
        closes = self.at < self.last["]"]
        stop = closing(self.text, self.at + 1, "]", "[") if closes else -1
        if stop < 0 or self.depth >= MOST_NESTED:
            self.at += 1
            return None
        inner = self.text[self.at + 1 : stop]
        inside = _Reader(inner, self.lines, self.depth + 1, self.offset + self.at + 1)
        self.at = stop + 1
        return inside.read()
