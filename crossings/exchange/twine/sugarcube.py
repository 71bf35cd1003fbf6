"""SugarCube's markup, read into segments: `<<set>>`, `<<if>>`, `<<link>>`, `[[links]]`, text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

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
    evaluated,
    link,
)

_NEXT = re.compile(
    r"<<|\[\[|\[img\[|\"{3}|<nowiki>|/\*|/%|<!--|<(?:script|style)\b|</?[A-Za-z][^<>]{0,500}>"
    r"|\\\n|\n\\|\$cx_[a-z0-9_]+|\$[A-Za-z][A-Za-z0-9_]*",
    re.IGNORECASE,
)
_ENDS = {'"""': '"""', "<nowiki>": "</nowiki>", "/*": "*/", "/%": "%/", "<!--": "-->"}
_NAME = re.compile(r"\s*(/?[A-Za-z][\w-]*|=|-)\s*", re.ASCII)
_CLEAR = {"nobr", "/nobr"}
"""Macros that only change how the page looks between lines."""


@dataclass
class _Open:
    """A link macro whose content is being read."""

    line: int
    words: str
    target: str
    body: list[Segment] = field(default_factory=list)


def sugarcube(text: str, first_line: int) -> list[Segment]:
    """The segments of a passage; `first_line` is the line of its first character."""
    return _Reader(text, Lines(text, first_line)).read()


class _Reader:
    def __init__(self, text: str, lines: Lines) -> None:
        self.text, self.lines, self.at = text, lines, 0
        # Where nothing can be closed any more, so that a damaged file is read in one pass.
        self.last_macro, self.last_link = text.rfind(">>"), text.rfind("]]")
        self.top: list[Segment] = []
        self.open: list[If | _Open] = []

    @property
    def here(self) -> list[Segment]:
        if not self.open:
            return self.top
        last = self.open[-1]
        return last.body if isinstance(last, _Open) else last.arms[-1].body

    def add(self, segment: Segment) -> None:
        self.here.append(segment)

    def words(self, text: str) -> None:
        if text:
            self.add(Words(text, self.lines.at(self.at)))

    def read(self) -> list[Segment]:
        while (found := _NEXT.search(self.text, self.at)) is not None:
            self.words(self.text[self.at : found.start()])
            self.at = found.start()
            self.one(found.group())
        self.words(self.text[self.at :])
        for left in self.open:
            what = "<<if>>" if isinstance(left, If) else "<<link>>"
            self.top.append(Other(f"a `{what}` that is never closed", left.line))
        return self.top

    def one(self, token: str) -> None:
        line = self.lines.at(self.at)
        low = token.lower()
        if token == "<<":
            self.macro(line)
        elif token == "[[":
            self.link(line)
        elif low == "[img[":
            self.skip("]]", Other("an image", line))
        elif low in ('"""', "<nowiki>"):
            self.literal(low)
        elif low in _ENDS:
            self.skip(_ENDS[low], None)  # comments are for authors only
        elif low.startswith(("<script", "<style")):
            name = low[1:].split()[0]
            self.skip(f"</{name}>", Other(f"`<{name}>` and what is in it", line))
        elif token.startswith("<"):
            self.html(token, line)
        elif token.startswith("$"):
            self.at += len(token)
            self.add(Shown(token, line))
        else:  # a line that goes on
            self.at += len(token)

    def skip(self, end: str, other: Other | None) -> None:
        stop = self.text.lower().find(end, self.at + 2)
        self.at = len(self.text) if stop < 0 else stop + len(end)
        if other is not None:
            self.add(other)

    def literal(self, start: str) -> None:
        end = _ENDS[start]
        stop = self.text.lower().find(end, self.at + len(start))
        stop = len(self.text) if stop < 0 else stop
        inside = self.text[self.at + len(start) : stop]
        # What is literal stays so when character references are read later.
        self.words(inside.replace("&", "&amp;"))
        self.at = min(len(self.text), stop + len(end))

    def html(self, token: str, line: int) -> None:
        self.at += len(token)
        name = token.strip("</>").split()[0].lower() if token.strip("</> ") else ""
        if name == "br":
            self.add(Words("\n", line))
        elif not token.startswith("</"):
            self.add(Other(f"HTML `{shortened(token)}`", line))

    def link(self, line: int) -> None:
        stop = self.text.find("]]", self.at) if self.at < self.last_link else -1
        inner = self.text[self.at + 2 : stop]
        if stop < 0 or "\n" in inner:
            self.words("[[")
            self.at += 2
            return
        self.at = stop + 2
        made = link(inner, line)
        self.add(made or Other(f"link `{shortened(inner)}`: its target is computed", line))

    def macro(self, line: int) -> None:
        closes = self.at < self.last_macro
        stop = closing(self.text, self.at + 2, ">>") if closes else -1
        name = _NAME.match(self.text, self.at + 2)
        if stop < 0 or name is None or name.end() > stop:
            self.words("<<")
            self.at += 2
            return
        arguments = self.text[name.end() : stop].strip()
        self.at = stop + 2
        self.run(name.group(1), arguments, line)

    def run(self, name: str, arguments: str, line: int) -> None:
        if name in ("set", "run"):
            self.add(Code(arguments, line))
        elif name in ("if", "elseif", "else", "/if", "endif"):
            self.branch(name, arguments, line)
        elif name in ("=", "-", "print"):
            self.add(Shown(arguments, line))
        elif name in ("link", "button"):
            self.opened(arguments, line)
        elif name in ("/link", "/button"):
            self.closed(line)
        elif name == "script":
            self.skip("<</script>>", Other("`<<script>>` and what is in it", line))
        elif not name.startswith("/") and name not in _CLEAR:
            self.add(Other(f"macro `<<{name}>>`", line))

    def branch(self, name: str, arguments: str, line: int) -> None:
        if name == "if":
            made = If(line, [Arm(arguments)])
            if len(self.open) >= MOST_NESTED:
                self.add(Other("conditions nested too deep", line))
                return
            self.add(made)
            self.open.append(made)
            return
        last = self.open[-1] if self.open else None
        if not isinstance(last, If):
            self.add(Other(f"`<<{name}>>` without `<<if>>`", line))
        elif name in ("/if", "endif"):
            self.open.pop()
        else:
            last.arms.append(Arm(arguments if name == "elseif" else None))

    def opened(self, arguments: str, line: int) -> None:
        """`<<link "words" "target">>` or `<<link [[words|target]]>>`."""
        words = target = ""
        if arguments.startswith("[[") and arguments.endswith("]]"):
            made = link(arguments[2:-2], line)
            words, target = (made.text, made.target) if made else ("", "")
        else:
            strings = re.findall(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'', arguments)
            if len(strings) == 2:
                words, target = (evaluated(s) or "" for s in strings)
        self.open.append(_Open(line, words, target))

    def closed(self, line: int) -> None:
        last = self.open[-1] if self.open else None
        if not isinstance(last, _Open):
            self.add(Other("`<</link>>` without `<<link>>`", line))
            return
        self.open.pop()
        setters = tuple(s for s in last.body if isinstance(s, Code))
        if last.target:
            self.add(Link(last.words or last.target, last.target, last.line, setters))
        else:
            self.add(Other("macro `<<link>>` that leads to no passage", last.line))
        for segment in last.body:
            if not isinstance(segment, Code) and not _blank(segment):
                self.add(Other("what a `<<link>>` shows when it is clicked", segment.line))


def _blank(segment: Segment) -> bool:
    return isinstance(segment, Words) and not segment.text.strip()
