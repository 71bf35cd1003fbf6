"""`course export`, `backup`, `restore`: a class for other programs, and for later. No logic."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from crossings.terminal.course import DataOption, workspace_of
from crossings.terminal.says import err, fail, out


def export(
    assignment: Annotated[str, typer.Argument(help="The assignment whose marks to write.")],
    form: Annotated[
        str, typer.Option("--format", help="csv, xlsx, moodle (grade import), or xapi.")
    ] = "csv",
    file: Annotated[Path | None, typer.Option("--out", help="The file to write.")] = None,
    base: Annotated[
        str, typer.Option("--base", help="For xapi: an address of your academy.")
    ] = "https://crossings.invalid",
    data: DataOption = None,
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
    workspace = workspace_of(data)
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


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")],
    data: DataOption = None,
) -> None:
    """Keep everything of a class in one file; also while the course runs.

    Example: ./course backup class-of-march.zip
    """
    from crossings.grading import backup as keep

    try:
        with err.status("keeping the class"):
            made = keep.backup(workspace_of(data), file)
    except keep.BackupError as error:
        fail(str(error))
    out.print(f"Kept {made.files} files ({made.size / 1e6:.1f} MB) in {file}.", soft_wrap=True)
    out.print("It holds names, answers and marks: keep it as you keep personal data.")
    if made.has_keys:
        out.print("It holds the key that signs certificates: who has the file can sign them.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `./course backup` wrote.")],
    data: Annotated[Path, typer.Option("--data", help="An empty or a new folder for the class.")],
) -> None:
    """Put a class back from its backup. Then run it with `./course serve --data FOLDER`.

    Example: ./course restore class-of-march.zip --data class-of-march
    """
    from crossings.grading import backup as keep

    try:
        with err.status("checking and restoring"):
            made = keep.restore(file, data.expanduser().resolve())
    except keep.BackupError as error:
        fail(str(error))
    out.print(f"Restored {made.files} files as they were on {made.made_at}.")
    out.print(f"Run the class: ./course serve --data {data}", markup=False, soft_wrap=True)
