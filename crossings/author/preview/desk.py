"""The course as the author's files are now, read again only where something changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from crossings.author.preview.watch import Stamps, stamps
from crossings.curriculum import Course
from crossings.curriculum.load import Reading, read_with_lines


@dataclass(frozen=True)
class Desk:
    """What was read, and of which state of the files."""

    course: Course | None
    reading: Reading
    seen: Stamps


class Reader:
    """Reads the course; a save of a case alone does not make it read everything again."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._desk: Desk | None = None

    def desk(self, but_cases: bool = False) -> Desk:
        """The course now; with `but_cases`, cases may be older than their files."""
        now = stamps(self.root)
        if self._desk is None or _kept(now, but_cases) != _kept(self._desk.seen, but_cases):
            course, reading = read_with_lines(self.root)
            self._desk = Desk(course, reading, now)
        return self._desk


def _kept(seen: Stamps, but_cases: bool) -> Stamps:
    if not but_cases:
        return seen
    return {path: stamp for path, stamp in seen.items() if path.parent.name != "cases"}
