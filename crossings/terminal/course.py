"""What several commands need: the course without problems, and the workspace they work in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossings.terminal import checking
from crossings.terminal.says import fail
from crossings.workspace import ROOT, Workspace

if TYPE_CHECKING:
    from crossings.curriculum import Course, Problem

DataOption = Annotated[
    Path | None, typer.Option("--data", help="Keep submissions, marks and drills in this folder.")
]
DemoOption = Annotated[bool, typer.Option("--demo", help="Work on the demo class.")]


def workspace_of(data: Path | None, demo: bool = False) -> Workspace:
    """The workspace that the options name, and our own environment for what it starts."""
    if data is not None:
        return Workspace(data.expanduser().resolve())
    return Workspace((ROOT / "var" / "demo") if demo else ROOT)


def checked() -> Course:
    """The course, or a message about each problem and exit code 2."""
    return _without(*checking.all_problems())


def readable() -> Course:
    """As `checked`, without the search through all cases: for those who only read the course.

    Every file has its form and every reference resolves; whether each case can be played to its
    end takes many seconds to prove, and a trainer who marks does not wait for it.
    """
    from crossings.curriculum import read

    return _without(*read(ROOT))


def _without(course: Course | None, problems: Sequence[Problem]) -> Course:
    wrong = tuple(p for p in problems if p.fails)
    if wrong or course is None:
        checking.print_problems(wrong)
        fail(f"{len(wrong)} problem(s) in the content. Mend them, then run the command again.")
    return course
