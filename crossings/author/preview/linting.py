"""Trying a case in a process of its own, so that the page need not wait: the next save ends it.

`python -m crossings.author.preview.linting ROOT MODULE/ID` prints the problems as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path

from crossings.curriculum import CourseError, Problem
from crossings.curriculum.cases import NoCaseError, find_case
from crossings.curriculum.check import check_case
from crossings.curriculum.unfinished import unfinished_in
from crossings.environment import child_environment


def lint(root: Path, reference: str) -> list[Problem]:
    """Everything that `./course check` says of a case alone, sorted by line."""
    found = find_case(reference, root)
    problems = check_case(found.case, found.source, root)
    return sorted({*problems, *unfinished_in(found.source.path, root)})


class Linter:
    """Runs one trial at a time; a new one ends the one before."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._running: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()
        self._ended = False

    def problems(self, reference: str) -> list[dict[str, str | int]] | None:
        """The problems as JSON data; None where a later trial ended this one."""
        command = [sys.executable, "-m", __name__, str(self.root), reference]
        with self._lock:
            self._end()
            child = self._running = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
                env=child_environment(),
            )
        told, _ = child.communicate()
        if child.returncode == 0:
            found: list[dict[str, str | int]] = json.loads(told)
            return found
        with self._lock:
            if child is not self._running or self._ended:
                return None
        return [asdict(Problem(reference, 0, "the case could not be tried", "run ./course check"))]

    def end(self) -> None:
        """End what still runs."""
        with self._lock:
            self._ended = True
            self._end()

    def _end(self) -> None:
        if self._running is not None and self._running.poll() is None:
            self._running.kill()
            self._running.wait()


def main(root: str, reference: str) -> None:
    try:
        found = lint(Path(root), reference)
    except (CourseError, NoCaseError):  # the page itself says why
        found = []
    json.dump([asdict(p) for p in found], sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:3])
