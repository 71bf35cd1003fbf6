"""`course case …`: the tools for authors of cases. No logic: each command calls one room."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossings.terminal.says import err, fail, out
from crossings.workspace import ROOT

if TYPE_CHECKING:
    from crossings.curriculum.cases import FoundCase

app = typer.Typer(
    help="See, try and play a case that you write.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
CaseName = Annotated[
    str, typer.Argument(metavar="CASE", help="The id of a case, or module/id.", show_default=False)
]


@app.command()
def graph(
    name: CaseName,
    file: Annotated[
        Path | None, typer.Option("--out", help="Where to write; `-` prints. Else _build/graphs.")
    ] = None,
    form: Annotated[
        str, typer.Option("--format", help="svg, text (the graph in words) or json (its layout).")
    ] = "svg",
    open_parts: Annotated[
        bool,
        typer.Option("--open-parts", help="Write what can be chosen into the boxes."),
    ] = False,
    columns: Annotated[
        int | None, typer.Option(min=1, max=12, help="Fold into this many columns.")
    ] = None,
) -> None:
    """Draw the graph of a case: every stop, every choice, every ending.

    Example: ./course case graph night-crew-at-north-quay --out graph.svg
    """
    from crossings.cases.graph import draw, layout, told

    if form not in ("svg", "text", "json"):
        fail(f"no format `{form}`: choose svg, text or json")
    found = _found(name)
    if form == "svg":
        text = draw(found.doc, opened=open_parts, columns=columns)
    elif form == "json":
        text = json.dumps(layout(found.doc).to_json(), ensure_ascii=False, indent=1) + "\n"
    else:
        text = told(found.doc, layout(found.doc))
    if str(file) == "-" or (file is None and form != "svg"):
        sys.stdout.write(text)
        return
    # Not where one stands: it would be committed with the next `git add`.
    target = (file or ROOT / "_build" / "graphs" / f"{found.case.id}.svg").expanduser()
    _write(target, text, made=file is None)
    more = " Open it in a browser; it prints on one page." if form == "svg" else ""
    out.print(f"The graph is in {target}.{more}", markup=False, soft_wrap=True)


def _found(name: str) -> FoundCase:
    """The case, or its problems and exit code 2."""
    from crossings.curriculum.cases import NoCaseError, find_case
    from crossings.curriculum.problem import CourseError

    try:
        return find_case(name, ROOT)
    except NoCaseError as error:
        fail(str(error))
    except CourseError as error:
        for problem in error.problems:
            err.print(str(problem), markup=False, soft_wrap=True)
        fail(f"{len(error.problems)} problem(s) in the case. Mend them, then run this again.")


def _write(target: Path, text: str, made: bool) -> None:
    """`made`: the folder is ours, so it is made where it is not there yet."""
    try:
        if made:
            target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        fail(f"cannot write to {target}: {error.strerror}")


@app.command()
def simulate(
    name: CaseName,
    plays: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="Plays of each of the four learners.")
    ] = 1000,
    seed: Annotated[str, typer.Option(help="The same seed gives the same report.")] = "crossings",
    form: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> None:
    """Let four simulated learners play a case; show where it is weak.

    Example: ./course case simulate night-crew-at-north-quay --plays 500
    """
    from time import perf_counter

    from crossings.cases.simulate import findings
    from crossings.cases.simulate import simulate as run
    from crossings.curriculum.problem import Problem
    from crossings.terminal.simulation import show

    if form not in ("text", "json"):
        fail(f"no format `{form}`: choose text or json")
    found = _found(name)
    began = perf_counter()
    try:
        with err.status("the simulated learners play"):
            report = run(found.doc, plays, seed)
    except KeyboardInterrupt:
        fail("stopped; nothing was counted. Ask for fewer plays with --plays.")
    weak = [
        Problem(found.file, found.line(*f.path), f.message, f.hint)
        for f in findings(found.doc, report)
    ]
    if form == "json":
        data = report.to_json() | {"weak": [vars(problem) for problem in weak]}
        sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=1) + "\n")
        return
    show(out, found.doc, report, weak)
    seconds = perf_counter() - began
    speed = f"{report.steps:,} steps in {seconds:.1f} s"
    out.print(f"\n{report.plays:,} plays, {speed}.", markup=False)


@app.command()
def play(
    name: CaseName,
    mode: Annotated[
        str, typer.Option(help="learn: feedback at once, you can go back; assess: at the end.")
    ] = "learn",
    seed: Annotated[
        str | None, typer.Option(help="Draws names and the order of options; the same each time.")
    ] = None,
    trace: Annotated[
        Path | None, typer.Option("--trace", help="Keep the play in this file; go on with it.")
    ] = None,
) -> None:
    """Play a case in the terminal, from the first stop to the debrief.

    Example: ./course case play night-crew-at-north-quay --trace mine.trace.json
    """
    from crossings.cases.trace import TraceError
    from crossings.terminal.keeping import begin
    from crossings.terminal.play import Stopped

    if mode not in ("learn", "assess"):
        fail(f"no mode `{mode}`: choose learn or assess")
    found = _found(name)
    try:
        table = begin(found.doc, out, mode, seed, trace)
        table.opening()
        table.run()
    except TraceError as error:
        fail(f"{trace}: {error}. The file was left as it is; choose another with --trace.")
    except OSError as error:
        fail(f"cannot write to {error.filename or trace}: {error.strerror}")
    except (Stopped, KeyboardInterrupt):
        kept = f"Your play is in {trace}; the same command goes on with it." if trace else ""
        out.print(f"\nStopped. {kept or 'Nothing was saved.'}", markup=False, soft_wrap=True)
        return
    if trace:
        out.print(f"\nYour play is in {trace}.", markup=False, soft_wrap=True)
