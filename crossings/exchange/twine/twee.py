"""Twee 3: Twine's text notation (iftechfoundation/twine-specs, twee-3-specification.md, 1.0.0).

A file is a row of passages. A header is one line: `:: name [tags] {metadata}`; in names and tags
the characters `[ ] { } \\` stand behind a backslash.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from crossings.exchange.report import ExchangeError, Loss

MOST_PASSAGES = 2000
_META = re.compile(r"([\\\[\]{}])")


@dataclass(frozen=True)
class Passage:
    """`line` is the line of the header; the text begins on the next."""

    name: str
    text: str
    tags: tuple[str, ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True)
class Story:
    """A story; `passages` are without StoryTitle and StoryData."""

    title: str
    data: dict[str, Any]
    passages: tuple[Passage, ...]


def parse(text: str) -> tuple[Story, list[Loss]]:
    """The story in `text`, and what of its notation could not be read.

    Raises:
        ExchangeError: when there is no passage, or far too many.
    """
    losses: list[Loss] = []
    passages = list(_passages(text, losses))
    if not passages:
        hint = "a Twee file has headers such as `:: Start`; in Twine choose Build, Export As Twee"
        raise ExchangeError(f"no passage found: {hint}")
    if len(passages) > MOST_PASSAGES:
        raise ExchangeError(f"{len(passages)} passages: the most is {MOST_PASSAGES}")
    title = next((p.text.strip() for p in passages if p.name == "StoryTitle"), "")
    data: dict[str, Any] = {}
    for passage in passages:
        if passage.name == "StoryData":
            data = _json(passage.text, passage, losses)
    kept = tuple(p for p in passages if p.name not in ("StoryTitle", "StoryData"))
    if not kept:
        raise ExchangeError("the file has a title and data, but no passage with a story")
    return Story(title, data, kept), losses


def write(story: Story) -> str:
    """`story` in Twee 3 notation."""
    title = Passage("StoryTitle", story.title)
    data = Passage("StoryData", json.dumps(story.data, indent=2, ensure_ascii=False))
    return "\n\n".join(_written(p) for p in (title, data, *story.passages)) + "\n"


def _written(passage: Passage) -> str:
    header = f":: {_escaped(passage.name)}"
    if passage.tags:
        header += " [" + " ".join(_escaped(t) for t in passage.tags) + "]"
    if passage.metadata:
        header += " " + json.dumps(passage.metadata, separators=(",", ":"))
    # A line of text that begins like a header would be one: a space before it is harmless.
    text = re.sub(r"^::", " ::", passage.text.rstrip(), flags=re.MULTILINE)
    return f"{header}\n{text}"


def _escaped(name: str) -> str:
    return _META.sub(r"\\\1", name)


def _passages(text: str, losses: list[Loss]) -> Iterator[Passage]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    starts = [n for n, line in enumerate(lines) if line.startswith("::")]
    ends = [*starts, len(lines)][1:]
    for start, end in zip(starts, ends, strict=False):  # without a passage, there is one end
        name, tags, rest = _header(lines[start][2:])
        if not name:
            losses.append(Loss("story", start + 1, "a passage without a name, left out"))
            continue
        body = "\n".join(lines[start + 1 : end]).rstrip()
        passage = Passage(name, body, tags, {}, start + 1)
        metadata = _json(rest, passage, losses) if rest else {}
        yield Passage(name, body, tags, metadata, start + 1)


def _header(text: str) -> tuple[str, tuple[str, ...], str]:
    name, rest = _until(text, "[{")
    tags = ""
    if rest.startswith("["):
        tags, rest = _until(rest[1:], "]")
        rest = rest[1:]
    plain = tuple(_plain(t) for t in tags.split())
    return _plain(name.strip()), plain, rest.strip()


def _until(text: str, ends: str) -> tuple[str, str]:
    """`text` up to the first of `ends` that stands behind no backslash, and the rest."""
    at = 0
    while at < len(text):
        if text[at] == "\\":
            at += 2
            continue
        if text[at] in ends:
            break
        at += 1
    return text[:at], text[at:]


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _json(text: str, passage: Passage, losses: list[Loss]) -> dict[str, Any]:
    """As the specification asks: what cannot be decoded is told, discarded, and reading goes on."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    if isinstance(data, dict):
        return data
    losses.append(Loss(f"passage `{passage.name}`", passage.line, "its data is no JSON object"))
    return {}
