"""What a module still lacks, how plain its chapters are, and how good its questions: as tables."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from crossings.terminal.says import err, fail, out
from crossings.workspace import ROOT

if TYPE_CHECKING:
    from crossings.curriculum import Course
    from crossings.curriculum.convention import Point
    from crossings.curriculum.load import Reading
    from crossings.curriculum.model import Module
    from crossings.items.quality import BankReport

SHOWN = 12
"""Problems of one point that are printed; the table has their number."""
EASIEST = 8


def _read(root: Path) -> tuple[Course, Reading]:
    """The course as far as it can be read; other modules may be broken."""
    from crossings.curriculum.load import read_with_lines

    course, reading = read_with_lines(root)
    if course is None:
        fail(str(reading.problems[0]) if reading.problems else "there is no module")
    return course, reading


def _module(course: Course, reading: Reading, name: str) -> Module:
    from crossings.curriculum.problem import nearest

    module = course.modules.get(name)
    if module is None:
        fail(f"no module `{name}`: {nearest(name, course.modules)}")
    own = sorted({p for p in reading.problems if p.file.startswith(f"modules/{name}/")})
    if own:
        for problem in own:
            err.print(str(problem), markup=False, soft_wrap=True)
        fail(f"{len(own)} problem(s) keep the module from being read. Mend them first.")
    return module


def show_lacks(name: str) -> bool:
    """Print what the module has and lacks of the full convention; whether it lacks anything."""
    from crossings.curriculum import convention

    course, reading = _read(ROOT)
    module = _module(course, reading, name)
    found = convention.points(course, module, reading)
    lacking = convention.lacking(found)
    for point in lacking:
        _problems(point)
    table = _table("", "point", "has", "needs", right=())
    for point in found:
        mark = Text("✓", "green") if point.met else Text("✕", "bold red")
        table.add_row(mark, point.name, point.has, point.needs)
    out.print(table)
    declared = module.file.convention or "nothing"
    out.print(
        f"\n{len(found) - len(lacking)} of {len(found)} points of the full convention are met. "
        f"{name} declares: {declared}.",
        markup=False,
    )
    return bool(lacking)


def _problems(point: Point) -> None:
    failing = [problem for problem in point.problems if problem.fails]
    for problem in failing[:SHOWN]:
        err.print(str(problem), markup=False, soft_wrap=True)
    if len(failing) > SHOWN:
        err.print(f"… and {len(failing) - SHOWN} more of “{point.name}”\n", markup=False)


def show_readability(name: str | None) -> None:
    """Print how each chapter reads; those of one module, where it is named."""
    from crossings.curriculum import readability

    course, reading = _read(ROOT)
    only = _module(course, reading, name) if name else None
    columns = ("words", "mean", "longest", "rare", "cloze", "grade")
    table = _table("chapter", *columns, right=columns)
    last = ""
    for module, chapter, found in readability.chapters(course):
        if only is not None and module.id != only.id:
            continue
        if module.id != last:
            table.add_row(Text(module.id, "bold"))
            last = module.id
        table.add_row(
            f"  {chapter.id}",
            str(found.words),
            f"{found.average:.1f}",
            str(found.longest),
            f"{100 * found.unfamiliar:.0f} %",
            f"{found.cloze:.0f}",
            Text(found.grade, _tone(found.grade)),
        )
    out.print(table)
    out.print(
        "\nMean and longest: words in a sentence. Rare: words that are not among 3,000 that "
        "most people know. Cloze: about the percentage of blanks that a reader could fill in. "
        "Grade: years of school (new Dale-Chall formula); 9-10 is worth another look, from 11 on a "
        "module of the full convention fails. Tables are left out.",
        markup=False,
    )


def _tone(grade: str) -> str:
    from crossings.curriculum.readability import HARD, TOO_HARD

    return "bold red" if grade in TOO_HARD else "yellow" if grade in HARD else ""


def items_report(
    name: Annotated[
        str | None, typer.Argument(metavar="[MODULE]", help="Only this module.", show_default=False)
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Show every item.")] = False,
    html: Annotated[Path | None, typer.Option("--html", help="Write a page to this file.")] = None,
) -> None:
    """Let four simulated test-takers answer; show what gives answers away.

    Example: ./course items report trafficking-identification
    """
    from crossings.items.quality import report

    course, reading = _read(ROOT)
    modules = [_module(course, reading, name)] if name else list(course.modules.values())
    found = [(module, report(module.items.values())) for module in modules if module.items]
    if html is not None:
        from crossings.terminal.item_page import page

        try:
            html.expanduser().write_text(page(found), encoding="utf-8", newline="\n")
        except OSError as error:
            fail(f"cannot write to {html}: {error.strerror}")
        out.print(f"Page: {html}", markup=False, soft_wrap=True)
        return
    _banks(found)
    for module, bank in found:
        _items(module, bank, every)


def _banks(found: Iterable[tuple[Module, BankReport]]) -> None:
    from crossings.items.quality import TAKERS

    columns = ("items", *(taker.name for taker in TAKERS), "flaws")
    table = _table("bank", *columns, right=columns)
    for module, bank in found:
        shares = [f"{100 * bank.mean(taker.name):.0f} %" for taker in TAKERS]
        table.add_row(module.id, str(len(bank.items)), *shares, str(len(bank.flaws)))
    out.print(table)
    for taker in TAKERS:
        out.print(f"  {taker.name}: {taker.says}", style="dim", markup=False)
    out.print(
        "Figures are shares of the points that a program marks. The outsider reads only what "
        "options look like; under 50 % is asked, and people who did not take the course remain the "
        "test.",
        style="dim",
        markup=False,
    )


def _items(module: Module, bank: BankReport, every: bool) -> None:
    from crossings.items.quality import TAKERS

    for flaw in bank.flaws:
        name = f"{flaw.item}: " if flaw.item else ""
        out.print(f"\n{module.id}: {name}{flaw.message}", markup=False, soft_wrap=True)
        out.print(f"    hint: {flaw.hint}", markup=False, soft_wrap=True)
    ranked = sorted(bank.items, key=lambda i: -i.shares["outsider"])
    shown = ranked if every else ranked[:EASIEST]
    columns = (*(taker.name for taker in TAKERS), "author")
    out.print()
    title = "all items" if every else f"the easiest for an outsider, of {len(ranked)}"
    out.print(f"{module.id}, {title}:", style="bold", markup=False)
    table = _table("item", "kind", *columns, right=columns)
    for one in shown:
        shares = [f"{100 * one.shares[taker.name]:.0f}" for taker in TAKERS]
        style = "bold red" if one.gives_away else ""
        author = f"{100 * one.item.difficulty:.0f}"
        table.add_row(Text(one.item.id, style), one.item.kind, *shares, author)
    out.print(table)


def _table(first: str, *columns: str, right: Iterable[str]) -> Table:
    table = Table(box=None, pad_edge=False)
    aligned = set(right)
    for column in (first, *columns):
        table.add_column(column, justify="right" if column in aligned else "left")
    return table
