"""`course drill report` and `compare`: a drill as files, and beside another run. No logic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from crossings.terminal.course import DataOption, DemoOption
from crossings.terminal.drills import Run, opened_log
from crossings.terminal.drills import app as app
from crossings.terminal.says import fail, out

if TYPE_CHECKING:
    from crossings.drills.log import DrillLog
    from crossings.drills.state import DrillState

HtmlOption = Annotated[
    Path | None, typer.Option("--html", help="Write one self-contained page to this file.")
]


@app.command()
def report(
    run: Run,
    html: HtmlOption = None,
    notebook: Annotated[
        Path | None, typer.Option("--notebook", help="Write a notebook and its data here.")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", help="Write every table into this folder.")
    ] = None,
    xapi: Annotated[
        Path | None, typer.Option("--xapi", help="Write xAPI statements, one a line, here.")
    ] = None,
    names: Annotated[
        bool, typer.Option("--names", help="Show names, but for those that you hid.")
    ] = False,
    site: Annotated[
        str, typer.Option("--site", help="The learner site's address, for links to chapters.")
    ] = "",
    base: Annotated[
        str, typer.Option("--base", help="For xAPI: an address of your academy.")
    ] = "https://crossings.invalid",
    data: DataOption = None,
    demo: DemoOption = False,
) -> None:
    """Write what a drill showed: a page, a notebook, tables, statements. From its log alone.

    Example: ./course drill report 20260312-0915-bkqd --html drill.html
    """
    from crossings.apps.debrief import files
    from crossings.apps.debrief.page import html as as_html
    from crossings.drills.tables import headline
    from crossings.exchange.xapi import Place

    for address in filter(None, (site, base)):
        _is_address(address)
    with opened_log(data, demo) as log:
        state = _state(log, run)
    out.print(headline(state), markup=False, soft_wrap=True)
    try:
        if html is not None:
            _page(html, as_html(state, names, site.rstrip("/") or None))
        tables = files.csv_files(state, names) if notebook or csv else {}
        if notebook is not None:
            made = files.written(notebook, files.notebook_files(state, tables))
            out.print(f"Notebook: {made[0]}", markup=False, soft_wrap=True)
        if csv is not None:
            made = files.written(csv, tables)
            out.print(f"Tables: {len(made)} in {csv}", markup=False, soft_wrap=True)
        if xapi is not None:
            xapi.write_text(files.xapi_lines(state, names, Place(base)), encoding="utf-8")
            out.print(f"Statements: {xapi}", markup=False, soft_wrap=True)
    except OSError as error:
        fail(f"cannot write {error.filename}: {error.strerror}")


@app.command()
def compare(
    first: Annotated[str, typer.Argument(help="The earlier run, or one group's.")],
    second: Annotated[str, typer.Argument(help="The later run, or the other group's.")],
    html: HtmlOption = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", help="Write every difference to this file.")
    ] = None,
    same_people: Annotated[
        bool,
        typer.Option("--same-people", help="Count only who was in both, by their names."),
    ] = False,
    data: DataOption = None,
    demo: DemoOption = False,
) -> None:
    """Compare two runs of a drill: what differs, and how sure that is.

    Example: ./course drill compare 20260312-0915-bkqd 20260319-0915-wxyz --html both.html
    """
    from crossings.apps.debrief import compared as shown
    from crossings.apps.debrief.comparing import WORDS, NotComparableError, compared
    from crossings.apps.debrief.files import CSV_ENCODING
    from crossings.drills.report import export_csv

    if first == second:
        fail("both runs are the same: name two different ones; ./course drill list shows them")
    with opened_log(data, demo) as log:
        states = [_state(log, run) for run in (first, second)]
    try:
        found = compared(states[0], states[1], same_people)
    except NotComparableError as error:
        fail(str(error))
    out.print(found.headline, markup=False, soft_wrap=True)
    for one in found.differences:
        if one.verdict in ("better", "worse"):
            change = f"{100 * one.change.value:+.0f} percentage points"
            out.print(f"  {one.measure.text}: {change}, {WORDS[one.verdict]}", markup=False,
                      soft_wrap=True)  # fmt: skip
    if found.left_out:
        parts = "; ".join(f"{title} ({why})" for title, why in found.left_out)
        out.print(f"Left out: {parts}", markup=False, soft_wrap=True)
    try:
        if html is not None:
            _page(html, shown.html(found))
        if csv is not None:
            csv.write_text(export_csv(shown.frame(found)), encoding=CSV_ENCODING, newline="")
            out.print(f"Differences: {csv}", markup=False, soft_wrap=True)
    except OSError as error:
        fail(f"cannot write {error.filename}: {error.strerror}")


def _page(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    out.print(f"Page: {path}", markup=False, soft_wrap=True)


def _state(log: DrillLog, run: str) -> DrillState:
    """The run as its log has it, by the snapshot where there is one."""
    from crossings.drills.forgetting import NoSuchError
    from crossings.drills.snapshots import resumed

    state = resumed(log, run)
    if not state.seq:
        there = ", ".join(e.drill for e in log.openings()[:8]) or "none"
        raise NoSuchError(f"There is no drill `{run}`. The newest: {there}.")
    if state.script is None:
        fail(f"`{run}` was never opened rightly: its log has no script")
    return state


def _is_address(text: str) -> None:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        fail(f"`{text}` is no address: write it like https://academy.example")
