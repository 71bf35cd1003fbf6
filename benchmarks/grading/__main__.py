"""python -m benchmarks.grading: marking, ours beside nbgrader, otter and the floor."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.figures import write_json, write_section
from benchmarks.grading import classroom, worksheets
from benchmarks.grading import contestants as who
from benchmarks.grading.assignment import different
from benchmarks.grading.measured import FailedError, Measured
from benchmarks.grading.told import sheets, worksheet_sheets
from benchmarks.machine import machine, told, versions
from crossings.grading.runner import protection

COMMAND = "python -m benchmarks.grading"


def main(
    submissions: Annotated[int, typer.Option(help="Submissions for each contestant.")] = 200,
    small: Annotated[int, typer.Option(help="Only so many, and nothing for linearity.")] = 0,
    slow: Annotated[int, typer.Option(help="Submissions for nbgrader and otter; 0: as all.")] = 0,
    peers: Annotated[bool, typer.Option(help="Measure nbgrader and otter too.")] = True,
    otter: Annotated[bool, typer.Option(help="Measure otter, from PyPI, too.")] = True,
    notebooks: Annotated[bool, typer.Option(help="Measure notebooks by themselves.")] = True,
    linear: Annotated[str, typer.Option(help="Numbers for linearity.")] = "200,1000,5000",
    json: Annotated[Path | None, typer.Option(help="Write all figures to this file.")] = None,
    results: Annotated[bool, typer.Option(help="Put the tables into benchmarks/RESULTS.md.")] = (
        False
    ),
) -> None:
    """Wall time, processor time and memory of marking notebooks and worksheets."""
    console = Console()
    if not protection().complete:
        console.print(f"The sandbox is not complete here:\n{protection().told()}", markup=False)
        raise typer.Exit(1)
    facts = machine() | versions("nbgrader", "ipython", "pandas", "matplotlib")
    count = small or submissions
    remarks: list[str] = []
    with tempfile.TemporaryDirectory(prefix="crossings-bench-") as name:
        folder = Path(name)
        few = slow or count
        compared, grown = [], []
        if notebooks:
            compared = _compared(console, folder, count, few, peers, otter, remarks)
            numbers = [] if small or not linear else [int(n) for n in linear.split(",")]
            grown = [_say(console, who.ours(folder, n, 2)[0]) for n in numbers]
        answered, said = _worksheets(console, folder, count, few if peers else 0)
        whole = [_say(console, classroom.worksheet(folder, count))]
        whole.append(_say(console, classroom.notebook(folder, count)))
    made = sheets(compared, grown, remarks) + worksheet_sheets(answered, said, whole)
    console.print(told(facts))
    for sheet in made:
        sheet.show(console)
    if json:
        found = {"compared": compared, "linear": grown, "worksheets": answered, "whole": whole}
        figures = {name: [m.to_json() for m in all_] for name, all_ in found.items()}
        write_json(json, {"machine": facts, **figures, "remarks": remarks + said})
    if results:
        head = f"## Marking\n\n`{COMMAND}`; {told(facts)}.\n\n"
        write_section("grading", head + "\n".join(sheet.markdown() for sheet in made))


def _compared(
    console: Console,
    folder: Path,
    count: int,
    slow: int,
    peers: bool,
    otter: bool,
    remarks: list[str],
) -> list[Measured]:
    found = []
    one, points = who.ours(folder, count, 1)
    found.append(_say(console, one))
    found.append(_say(console, who.ours(folder, count, 2)[0]))
    found.append(_say(console, who.floor(count)))
    if not peers:
        return found
    theirs, their_points = who.nbgrader(folder, slow)
    found.append(_say(console, theirs))
    unequal = different(points, their_points)
    both = len(points.keys() & their_points.keys())
    remarks.append(
        f"Points of ours and nbgrader's compared: {both} submissions, {len(unequal)} unequal."
    )
    remarks += unequal[:10]
    if otter:
        try:
            found.append(_say(console, who.otter(folder, slow)))
        except (FailedError, OSError) as error:
            remarks.append(f"Skipped: otter. {error}")
    return found


def _worksheets(
    console: Console, folder: Path, count: int, slow: int
) -> tuple[list[Measured], list[str]]:
    ours, points = worksheets.ours(folder, count)
    found = [_say(console, ours)]
    if not slow:
        return found, []
    theirs, their_points = worksheets.nbgrader(folder, slow)
    found.append(_say(console, theirs))
    return found, worksheets.told_of_both(points, their_points)


def _say(console: Console, found: Measured) -> Measured:
    console.print(f"{found.who}: {found.count} in {found.wall:.1f} s", markup=False)
    return found


if __name__ == "__main__":
    typer.run(main)
