"""`course export`: the marks of an assignment for other programs. No logic."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from crossings.terminal.says import fail, out
from crossings.workspace import ROOT, Workspace


def export(
    assignment: Annotated[str, typer.Argument(help="The assignment whose marks to write.")],
    form: Annotated[
        str, typer.Option("--format", help="csv, xlsx, moodle (grade import), or xapi.")
    ] = "csv",
    file: Annotated[Path | None, typer.Option("--out", help="The file to write.")] = None,
    base: Annotated[
        str, typer.Option("--base", help="For xapi: an address of your academy.")
    ] = "https://crossings.invalid",
    data: Annotated[
        Path | None, typer.Option("--data", help="The folder that holds the class.")
    ] = None,
) -> None:
    """Write the marks of an assignment for another program.

    Example: ./course export officer-worksheet --format xlsx
    """
    from crossings.curriculum import CourseError, current
    from crossings.exchange.xapi import Place
    from crossings.grading import mark, records

    found = next((f for f in records.FORMATS if f == form), None)
    if found is None:
        fail(f"no format `{form}`: choose {', '.join(records.FORMATS)}")
    if urlsplit(base).scheme not in ("http", "https") or not urlsplit(base).netloc:
        fail(f"`{base}` is no address: write it like https://academy.example")
    workspace = Workspace(data.expanduser().resolve() if data else ROOT)
    try:
        course = current()
        report = mark.report(assignment, workspace, course)
        made = records.written(records.Request(course, workspace, report, Place(base)), found)
    except CourseError as error:
        fail(f"{error}\nRun ./course check.")
    except mark.GradeError as error:
        fail(str(error))
    path = file or Path(f"{assignment}{records.ENDINGS[found]}")
    try:
        path.write_bytes(made)
    except OSError as error:
        fail(f"cannot write {path}: {error.strerror}")
    out.print(f"{report.summary()}\nWritten: {path}", markup=False, soft_wrap=True)
