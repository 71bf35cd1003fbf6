"""What a trainer takes along of a drill: CSV, a notebook with its data, xAPI statements."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from crossings.apps.debrief import notebook
from crossings.drills import report, tables
from crossings.drills.state import DrillState
from crossings.drills.statements import statements
from crossings.exchange import xapi
from crossings.exchange.xapi import Place

CSV_ENCODING = "utf-8-sig"
"""The byte-order mark makes spreadsheets read the files as UTF-8."""


def csv_files(state: DrillState, names: bool = False) -> dict[str, bytes]:
    """Every table as a CSV file, by file name; no cell is a formula."""
    found = tables.tables(state, names)
    return {f"{n}.csv": report.export_csv(t).encode(CSV_ENCODING) for n, t in found.items()}


def notebook_files(state: DrillState, csv: Mapping[str, bytes]) -> dict[str, bytes]:
    """A notebook, not yet run, and the tables that it reads, by file name."""
    return {notebook.NAME: notebook.text(state).encode(), **csv}


def xapi_lines(state: DrillState, names: bool = False, place: Place | None = None) -> str:
    """The drill for a record store, one statement a line."""
    return xapi.lines(statements(state, place, names))


def written(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write `files` into `folder`; their paths.

    Raises:
        OSError: when the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in files]


def packed(files: Mapping[str, bytes]) -> bytes:
    """`files` as one ZIP file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()
