"""What is wrong in an author's file: where, what, and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple


class Place(NamedTuple):
    """Where something stands in a file."""

    file: str
    line: int
    column: int = 0


@dataclass(frozen=True, order=True)
class Problem:
    """One defect. `line` and `column` count from 1; 0 means the file, or the line, as a whole.

    `code` is the kind of mistake, where there are several in one place to tell apart
    (`docs/formats/case-lint.md`). A `warning` is for the author's judgement and fails no build.
    """

    file: str
    line: int
    message: str
    hint: str = ""
    column: int = 0
    code: str = ""
    severity: Literal["problem", "warning"] = "problem"

    @classmethod
    def at(cls, place: Place, message: str, hint: str = "") -> Problem:
        """A defect at `place`."""
        return cls(place.file, place.line, message, hint, place.column)

    @property
    def fails(self) -> bool:
        """Whether the course cannot be served, built or marked with it."""
        return self.severity == "problem"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        place += f":{self.column}" if self.line and self.column else ""
        kind = "warning: " if self.severity == "warning" else ""
        code = f" [{self.code}]" if self.code else ""
        told = f"{place}: {kind}{self.message}{code}"
        return told + (f"\n    hint: {self.hint}" if self.hint else "")


class CourseError(Exception):
    """The course cannot be loaded; `problems` says why, sorted by file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(p) for p in self.problems))


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint that names the known names closest to `name`, or says there are none."""
    names = list(known)
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    if close:
        return "did you mean " + " or ".join(f"`{c}`" for c in close) + "?"
    if not names:
        return "there are none yet"
    return f"there are {len(names)}, for example `{names[0]}`"


def relative(path: Path, root: Path) -> str:
    """`path` as an author knows it: from the repository's folder, with forward slashes."""
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return path.as_posix()
