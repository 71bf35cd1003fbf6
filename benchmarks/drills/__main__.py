"""python -m benchmarks.drills: a full room on one machine, as it grows and as it is hurt."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.drills.measured import Measured
from benchmarks.drills.otree import OtreeRoom, install, otree_room
from benchmarks.drills.peers import VoilaRoom, voila_room
from benchmarks.drills.rooms import harmed_room, quiet_room
from benchmarks.drills.served import more_files
from benchmarks.drills.told import missed, sheets
from benchmarks.figures import write_json, write_section
from benchmarks.machine import machine, told, versions

COMMAND = "python -m benchmarks.drills"


def main(
    sizes: Annotated[str, typer.Option(help="Participants of each room.")] = (
        "50,100,200,500,1000,2000"
    ),
    harmed: Annotated[str, typer.Option(help="Rooms in which everything goes wrong.")] = "200,1000",
    voila: Annotated[str, typer.Option(help="Voila pages opened at once; empty: none.")] = "1,4,12",
    otree: Annotated[str, typer.Option(help="Rooms on oTree; empty: none.")] = "50,200,500",
    json: Annotated[Path | None, typer.Option(help="Write all figures to this file.")] = None,
    results: Annotated[bool, typer.Option(help="Put the tables into benchmarks/RESULTS.md.")] = (
        False
    ),
) -> None:
    """Joining, answering and looking, for 50 to 2,000 participants. About fifteen minutes."""
    console, remarks = Console(), list[str]()
    more_files()
    facts = machine() | versions("starlette", "uvicorn", "sqlalchemy", "voila")
    rooms = _rooms(console, _numbers(sizes), remarks, wrong=False)
    hurt = _rooms(console, _numbers(harmed), remarks, wrong=True)
    pages = _voila(console, _numbers(voila), remarks)
    others = _otree(console, _numbers(otree), remarks)
    for found in rooms:
        if misses := missed(found):
            remarks.append(f"Missed at {found.people:,}: {', '.join(misses)}.")
    made = sheets(rooms, hurt, pages, others, remarks)
    console.print(told(facts))
    for sheet in made:
        sheet.show(console)
    if json:
        figures = {"rooms": rooms, "harmed": hurt}
        all_ = {name: [m.to_json() for m in found] for name, found in figures.items()}
        write_json(json, {"machine": facts, **all_, "remarks": remarks})
    if results:
        head = f"## Drills\n\n`{COMMAND}`; {told(facts)}.\n\n"
        write_section("drills", head + "\n".join(sheet.markdown() for sheet in made))


def _numbers(text: str) -> list[int]:
    return [int(n) for n in text.split(",") if n.strip()]


def _rooms(console: Console, sizes: list[int], remarks: list[str], wrong: bool) -> list[Measured]:
    found = []
    for size in sizes:
        try:
            found.append((harmed_room if wrong else quiet_room)(size))
        except (TimeoutError, RuntimeError) as error:
            remarks.append(f"No figures for {size:,}{' harmed' * wrong}: {error}")
            console.print(remarks[-1], markup=False)
            continue
        m = found[-1]
        console.print(
            f"{size} participants{' harmed' * wrong}: joined {m.joined:.1f} s, ack p95 "
            f"{1000 * m.ack95:.0f} ms, lost {m.lost}, twice {m.doubled}, wrong {m.wrong}",
            markup=False,
        )
    return found


def _voila(console: Console, sizes: list[int], remarks: list[str]) -> list[VoilaRoom]:
    found = []
    for people in sizes:
        with tempfile.TemporaryDirectory(prefix="crossings-bench-") as name:
            try:
                found.append(voila_room(people, Path(name)))
            except (TimeoutError, OSError) as error:
                remarks.append(f"Skipped: Voila for {people}. {error}")
                continue
        console.print(f"Voila, {people} pages: {found[-1].joined:.1f} s", markup=False)
    return found


def _otree(console: Console, sizes: list[int], remarks: list[str]) -> list[OtreeRoom]:
    found = []
    with tempfile.TemporaryDirectory(prefix="crossings-bench-") as name:
        try:
            place = install(Path(name)) if sizes else Path(name)
            for people in sizes:
                found.append(otree_room(people, place, Path(name) / f"room-{people}"))
                m = found[-1]
                console.print(f"oTree, {people}: in {m.join95:.2f} s, ack p95 {m.ack95:.2f} s")
        except (TimeoutError, OSError) as error:
            remarks.append(f"Skipped: oTree. {error}")
    return found


if __name__ == "__main__":
    typer.run(main)
