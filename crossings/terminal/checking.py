"""`course check` as a person, a program or GitHub reads it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossings.terminal.says import err, fail, out
from crossings.workspace import ROOT

if TYPE_CHECKING:
    from crossings.curriculum import Course, Problem

OPEN = "state-bound"
"""The warning that a proof was not ended. It tells of no mistake: one line for all is enough."""


def all_problems(deep: bool = False) -> tuple[Course | None, tuple[Problem, ...]]:
    """The course, and what is wrong in it, in who gets certificates, and in the pages' words."""
    from crossings.curriculum.check import check_files
    from crossings.grading import words
    from crossings.grading.awards import rule
    from crossings.player import catalogue

    course, problems = check_files(ROOT, deep)
    more = rule.problems(course) if course is not None else ()
    return course, (*problems, *more, *catalogue.problems(), *words.problems())


def print_problems(problems: Sequence[Problem]) -> None:
    for problem in problems:
        err.print(str(problem), markup=False, soft_wrap=True)


def check(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[CASE]",
            help="Only this case: its id, module/id or file.",
            show_default=False,
        ),
    ] = None,
    form: Annotated[
        str, typer.Option("--format", help="text, json, or github (for annotations in CI).")
    ] = "text",
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail, too.")] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="Take minutes to prove more of large cases.")
    ] = False,
    module: Annotated[
        str | None,
        typer.Option("--module", help="What this module lacks of the full convention."),
    ] = None,
    readability: Annotated[
        bool, typer.Option("--readability", help="How plain the language of each chapter is.")
    ] = False,
) -> None:
    """Check all content, or one case; name file, line, column and what to do.

    Example: ./course check
    """
    if form not in ("text", "json", "github"):
        fail(f"no format `{form}`: choose text, json or github")
    if module is not None or readability:
        if name is not None or form != "text":
            fail("--module and --readability are tables: leave out the case and --format")
        _tables(module, readability)
        return
    done = f"No problems in `{name}`."
    if name is None:
        course, problems = all_problems(deep)
        lost = course is None
        done = _summary(course) if course else ""
    else:
        problems, lost = _of_one(name, deep), False
    if form == "json":
        print(json.dumps([vars(p) for p in problems], indent=1, ensure_ascii=False))
    elif form == "github":
        for p in problems:
            print(_annotation(p))
    else:
        show(problems)
    wrong = sum(p.fails for p in problems)
    if wrong or lost or (strict and problems):
        raise typer.Exit(2)
    if form == "text":
        out.print(done)


def _tables(module: str | None, readability: bool) -> None:
    from crossings.terminal import convention

    if readability:
        convention.show_readability(module)
    elif module is not None and convention.show_lacks(module):
        raise typer.Exit(2)


def _of_one(name: str, deep: bool) -> tuple[Problem, ...]:
    from crossings.curriculum.cases import NoCaseError, reference_of
    from crossings.curriculum.check import check_one

    try:
        return check_one(ROOT, reference_of(name, ROOT, Path.cwd()), deep)
    except NoCaseError as error:
        fail(str(error))


def show(problems: Sequence[Problem]) -> None:
    """Problems for a person; proofs that were not ended share one line."""
    open_ = [p for p in problems if p.code == OPEN]
    told = [p for p in problems if p.code != OPEN]
    print_problems(told)
    if told:
        wrong = sum(p.fails for p in told)
        err.print(f"\n{wrong} problem(s), {len(told) - wrong} warning(s).")
    if open_:
        names = ", ".join(dict.fromkeys(Path(p.file).stem for p in open_))
        err.print(
            f"No mistake: the quick proof did not end for {names}. What was tried is sound; "
            "`./course check --deep` goes on.",
            markup=False,
            soft_wrap=True,
        )


def _annotation(problem: Problem) -> str:
    """A problem in the language of GitHub's workflow commands, where some characters end a part."""
    escapes = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
    code = f" [{problem.code}]" if problem.code else ""
    text, file = f"{problem.message}{code} {problem.hint}".strip(), problem.file
    for plain, escaped in escapes:
        text, file = text.replace(plain, escaped), file.replace(plain, escaped)
    file = file.replace(":", "%3A").replace(",", "%2C")
    level = "error" if problem.fails else "warning"
    column = f",col={problem.column}" if problem.column else ""
    return f"::{level} file={file},line={problem.line or 1}{column}::{text}"


def _summary(course: Course) -> str:
    modules = course.modules.values()
    counts = (
        (len(course.modules), "module"),
        (sum(len(m.chapters) for m in modules), "chapter"),
        (sum(len(m.items) for m in modules), "item"),
        (sum(len(m.cases) for m in modules), "case"),
        (sum(len(m.drills) for m in modules), "drill"),
        (len(course.objectives), "objective"),
        (len(course.law), "provision"),
        (len(course.datasets), "dataset"),
    )
    text = ", ".join(f"{number} {name}{'' if number == 1 else 's'}" for number, name in counts)
    return f"No problems: {text}. Every objective is taught, practised and assessed."
