"""What several commands need: the course without problems, and the workspace they work in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossings.terminal.says import err, fail
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
    course, problems = all_problems()
    wrong = tuple(p for p in problems if p.fails)
    if wrong or course is None:
        print_problems(wrong)
        fail(f"{len(wrong)} problem(s) in the content. Mend them, then run the command again.")
    return course


def all_problems(deep: bool = False) -> tuple[Course | None, tuple[Problem, ...]]:
    from crossings.curriculum.check import check_files
    from crossings.grading import words
    from crossings.grading.awards import rule
    from crossings.player import catalogue

    course, problems = check_files(ROOT, deep)
    more = rule.problems(course) if course is not None else ()
    return course, (*problems, *more, *catalogue.problems(), *words.problems())


def print_problems(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        err.print(str(problem), markup=False, soft_wrap=True)
