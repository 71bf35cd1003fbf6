"""python -m benchmarks.engine: steps a second and memory, ours and inkjs's, side by side."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from benchmarks import ink
from benchmarks.browser import NoBrowserError, chromium
from benchmarks.engine import contestants as who
from benchmarks.engine.match import Match, one_case
from benchmarks.engine.told import sheets
from benchmarks.figures import write_json, write_section
from benchmarks.machine import machine, told, versions
from benchmarks.npm import PEERS, NoPeerError, compile_ink, install
from benchmarks.plays import Played, shipped

if TYPE_CHECKING:
    from playwright.sync_api import Browser

COMMAND = "python -m benchmarks.engine"


def main(
    plays: Annotated[int, typer.Option(help="Plays of each case.")] = 8,
    seconds: Annotated[float, typer.Option(help="About how long one measurement takes.")] = 0.5,
    repetitions: Annotated[int, typer.Option(help="Measurements of each kind.")] = 5,
    cases: Annotated[int, typer.Option(help="How many cases, the largest first; 0: all.")] = 0,
    peers: Annotated[bool, typer.Option(help="Measure inkjs, from npm, too.")] = True,
    browser: Annotated[bool, typer.Option(help="Measure in Chromium too.")] = True,
    json: Annotated[Path | None, typer.Option(help="Write all figures to this file.")] = None,
    results: Annotated[bool, typer.Option(help="Put the tables into benchmarks/RESULTS.md.")] = (
        False
    ),
) -> None:
    """Steps a second of both engines on the shipped cases, and of inkjs on the same graphs."""
    console = Console()
    facts = machine() | versions("quickjs")
    chosen = shipped(plays)[: cases or None]
    skipped: list[str] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="crossings-bench-")))
        inkjs = _inkjs(folder, skipped) if peers else None
        page = _browser(stack, skipped) if browser else None
        if page:
            facts["chromium"] = page.version
        if inkjs:
            facts["inkjs"] = PEERS["inkjs"]
        found = []
        for case in chosen:
            console.print(f"{case.reference}: {len(case.plays)} plays, {case.steps} steps")
            peer = _peer(case, inkjs, folder) if inkjs else None
            found.append(one_case(case, peer, page, seconds, repetitions))
    _tell(console, facts, found, skipped, json, results)


def _inkjs(folder: Path, skipped: list[str]) -> Path | None:
    try:
        return install(folder, "inkjs")["inkjs"]
    except NoPeerError as error:
        skipped.append(f"Skipped: inkjs. {error}")
        return None


def _browser(stack: ExitStack, skipped: list[str]) -> Browser | None:
    try:
        return stack.enter_context(chromium())
    except NoBrowserError as error:
        skipped.append(f"Skipped: Chromium. {error}")
        return None


def _peer(case: Played, inkjs: Path, folder: Path) -> who.Inkjs:
    script = (inkjs / "dist" / "ink-es2015.js").read_text(encoding="utf-8")
    story = compile_ink(inkjs, ink.story(case.doc), folder)
    return who.Inkjs(script, story, [ink.choices(case.doc, state) for state in case.plays])


def _tell(
    console: Console,
    facts: dict[str, str],
    found: list[Match],
    skipped: list[str],
    json: Path | None,
    results: bool,
) -> None:
    made = sheets(found, skipped)
    console.print(told(facts))
    for sheet in made:
        sheet.show(console)
    if json:
        write_json(
            json, {"machine": facts, "cases": [m.to_json() for m in found], "skipped": skipped}
        )
    if results:
        head = f"## Engine\n\n`{COMMAND}`; {told(facts)}.\n\n"
        write_section("engine", head + "\n".join(sheet.markdown() for sheet in made))


if __name__ == "__main__":
    typer.run(main)
