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
        Path | None, typer.Option("--out", help="Where to write; `-` prints. SVG: CASE.svg.")
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
    target = (file or Path(f"{found.case.id}.svg")).expanduser()
    _write(target, text)
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


def _write(target: Path, text: str) -> None:
    try:
        target.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        fail(f"cannot write to {target}: {error.strerror}")
