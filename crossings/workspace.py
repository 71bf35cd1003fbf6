"""Where the state of a class lives: one folder of the same shape as the repository.

The course's files (modules, datasets) never change while a class runs. What does change lives in a
workspace: submissions and marks under `exercises/` and `grading/` (where nbgrader looks), drills
and the inbox under `var/`. The default workspace is the repository itself; `--demo` and `--data`
use another folder of the same shape.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(os.environ.get("CROSSINGS_ROOT") or Path(__file__).parent.parent).resolve()
"""The repository: course files, and the default workspace. CROSSINGS_ROOT names another course."""


@dataclass(frozen=True)
class Workspace:
    root: Path

    @classmethod
    def current(cls) -> Workspace:
        """The one named by CROSSINGS_WORKSPACE, or the repository."""
        return cls(Path(os.environ.get("CROSSINGS_WORKSPACE") or ROOT).resolve())

    @property
    def exercises(self) -> Path:
        """The nbgrader course folder."""
        return self.root / "exercises"

    @property
    def gradebook(self) -> Path:
        return self.root / "grading" / "gradebook.db"

    @property
    def var(self) -> Path:
        return self.root / "var"

    @property
    def drill_log(self) -> Path:
        return self.var / "drills.sqlite"

    @property
    def drills(self) -> Path | str:
        """Where the log of live drills is: CROSSINGS_DRILL_LOG names a database by its URL."""
        return os.environ.get("CROSSINGS_DRILL_LOG") or self.drill_log

    @property
    def inbox(self) -> Path:
        """Received submissions: inbox/<assignment>/<student>/<time>/…"""
        return self.var / "inbox"

    @property
    def feedback(self) -> Path:
        """Feedback for learners, one JSON file a private code."""
        return self.var / "feedback"

    @property
    def lock(self) -> Path:
        return self.var / "serve.lock"
