"""What drawing gives: a page, or the problems that keep it from being drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crossings.curriculum.problem import Problem

AROUND = 2
"""Lines shown before and after the one that has a problem."""


@dataclass(frozen=True)
class Drawn:
    """A page: `content` is a payload for the player, or the HTML of a chapter."""

    title: str
    content: Any = None
    problems: tuple[Problem, ...] = ()
    """What is wrong and does not keep the page from being drawn."""
    left_out: tuple[str, ...] = ()
    """What a light preview does not show, a sentence each."""
    bare: bool = False
    """True where figures are missing that the built page has."""


@dataclass(frozen=True)
class Undrawn:
    """The page cannot be drawn until these are mended."""

    title: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Excerpt:
    """A problem with the lines around its place."""

    problem: Problem
    lines: tuple[tuple[int, str], ...] = field(default=())


def excerpts(problems: Iterable[Problem], root: Path) -> list[Excerpt]:
    """Each problem with what stands in the file there."""
    return [Excerpt(p, _lines(root / p.file, p.line)) for p in problems]


def _lines(path: Path, line: int) -> tuple[tuple[int, str], ...]:
    if not line:
        return ()
    try:
        every = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    first = max(1, line - AROUND)
    return tuple(enumerate(every[first - 1 : line + AROUND], start=first))
