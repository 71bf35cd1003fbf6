"""The writing: citations, feedback that says something, plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crossings.cases.checks import reading
from crossings.cases.checks.problem import CaseProblem, Path
from crossings.cases.checks.words import Words
from crossings.cases.checks.writing import says_nothing
from crossings.tabletop.model import Tabletop

_SHOWN = {
    "text", "title", "name", "brief", "consequence", "reason", "question", "label", "hint", "note",
    "sender",
}  # fmt: skip
_READ = {"text", "brief", "consequence", "reason", "question", "note"}


def problems(table: Tabletop, words: Words | None) -> Iterator[CaseProblem]:
    yield from _cited(table)
    for path, text in texts(table):
        if says_nothing(text):
            hint = "say what happens to people, or why"
            message = f"the {path[-1]} says nothing"
            yield CaseProblem(path, message, hint, "no-text")
        if path[-1] in _READ:
            yield from reading.read(path, text)
        yield from words.told(path, text) if words else ()


def _cited(table: Tabletop) -> Iterator[CaseProblem]:
    for shelf in ("actions", "milestones"):
        for name, thing in getattr(table, shelf).items():
            if not thing.cites and not thing.sources:
                hint = "add `cites` (law register) or `sources` (bibliography)"
                yield CaseProblem((shelf, name), "the reason has no citation", hint, "no-citation")


def texts(table: Tabletop) -> Iterator[tuple[Path, str]]:
    """Every text that somebody in the room reads, with its place."""
    yield from _within(table.model_dump(mode="json", exclude_none=True), ())


def _within(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        if path[-1] in _SHOWN:
            yield path, value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _within(one, (*path, key))
    elif isinstance(value, list):
        for n, one in enumerate(value):
            yield from _within(one, (*path, n))
