"""python -m benchmarks.player: our player in a browser, beside inkjs, H5P's frame and Voila."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.browser import NoBrowserError, chromium
from benchmarks.figures import write_json, write_section
from benchmarks.machine import machine, told, versions
from benchmarks.npm import PEERS, NoPeerError, install
from benchmarks.player import pages
from benchmarks.player.rounds import Measured, measured
from benchmarks.player.told import sheets
from benchmarks.plays import Played, shipped, size

COMMAND = "python -m benchmarks.player"


def main(
    repetitions: Annotated[int, typer.Option(help="Visits of each kind.")] = 9,
    peers: Annotated[bool, typer.Option(help="Measure inkjs and H5P, from npm, too.")] = True,
    voila: Annotated[bool, typer.Option(help="Measure Voila too.")] = True,
    json: Annotated[Path | None, typer.Option(help="Write all figures to this file.")] = None,
    results: Annotated[bool, typer.Option(help="Put the tables into benchmarks/RESULTS.md.")] = (
        False
    ),
) -> None:
    """Weight, first interaction, render and memory of the largest shipped case, beside peers."""
    console = Console()
    case = shipped(4)[0]
    facts = machine() | versions("voila", "ipywidgets", "starlette")
    remarks = _method(case)
    with tempfile.TemporaryDirectory(prefix="crossings-bench-") as name:
        folder = Path(name)
        sites = pages.crossings(case.reference)
        sites += _peers(case, folder, facts, remarks) if peers else []
        try:
            with chromium() as browser:
                facts["chromium"] = browser.version
                found = measured(browser, case, sites, folder, repetitions, voila)
        except NoBrowserError as error:
            console.print(f"Nothing to measure in: {error}", style="bold")
            raise typer.Exit(2) from None
    _tell(console, facts, found, remarks, json, results)


def _method(case: Played) -> list[str]:
    return [
        f"The largest shipped case, {case.reference}: a document of {size(case.doc) / 1024:.0f} KiB"
        " before compression. Cold cache, a server on 127.0.0.1, files compressed beforehand "
        "(gzip 9); a phone's window; players visited in turn.",
        "First interaction: from the start of the navigation until the first button can be "
        "clicked. Slow phone: 1.6 Mbit/s, 150 ms, a processor four times slower. Click to next "
        "text: until the frame that shows it is painted. Render: script and layout, in the page.",
        "Ours brings law cards, sources and the debrief with the case; the ink story has its "
        "texts, choices, state, rules and points.",
        "Voila: its stock template on a warm server, a fresh kernel a visit, as it does by "
        "default; its bytes include what came through the WebSocket.",
    ]


def _peers(
    case: Played, folder: Path, facts: dict[str, str], remarks: list[str]
) -> list[pages.Site]:
    try:
        packages = install(folder, *PEERS)
    except NoPeerError as error:
        remarks.append(f"Skipped: inkjs and H5P. {error}.")
        return []
    facts |= PEERS
    remarks.append(
        "H5P: we found no package with a content type (Branching Scenario, Question Set, …), so "
        "this is h5p-standalone's frame and core with a content type of four lines: what any H5P "
        "content loads before its own libraries. It is a floor, not a case."
    )
    return [
        pages.inkjs(case, packages["inkjs"], folder),
        pages.h5p(packages["h5p-standalone"]),
    ]


def _tell(
    console: Console,
    facts: dict[str, str],
    found: list[Measured],
    remarks: list[str],
    json: Path | None,
    results: bool,
) -> None:
    made = sheets(found, remarks)
    console.print(told(facts))
    for sheet in made:
        sheet.show(console)
    if json:
        players = [one.to_json() for one in found]
        write_json(json, {"machine": facts, "players": players, "remarks": remarks})
    if results:
        head = f"## Player\n\n`{COMMAND}`; {told(facts)}.\n\n"
        write_section("player", head + "\n".join(sheet.markdown() for sheet in made))


if __name__ == "__main__":
    typer.run(main)
