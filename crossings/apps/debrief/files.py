"""What a trainer takes along of a drill: CSV, a notebook with its data, xAPI statements."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
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


def write_csv(state: DrillState, folder: Path, names: bool = False) -> list[Path]:
    """Write every table into `folder`.

    Raises:
        OSError: when the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, data in csv_files(state, names).items():
        path = folder / name
        path.write_bytes(data)
        made.append(path)
    return made


def write_notebook(state: DrillState, folder: Path, names: bool = False) -> Path:
    """Write a notebook, not yet run, and its tables into `folder`; the notebook's path.

    Raises:
        OSError: when the folder cannot be written.
    """
    write_csv(state, folder, names)
    path = folder / notebook.NAME
    path.write_text(notebook.text(state), encoding="utf-8")
    return path


def xapi_lines(state: DrillState, names: bool = False, place: Place | None = None) -> str:
    """The drill for a record store, one statement a line."""
    return xapi.lines(statements(state, place, names))


def csv_zip(state: DrillState, names: bool = False) -> bytes:
    return _zip(lambda folder: write_csv(state, folder, names))


def notebook_zip(state: DrillState, names: bool = False) -> bytes:
    return _zip(lambda folder: write_notebook(state, folder, names))


def _zip(write: Callable[[Path], object]) -> bytes:
    made = io.BytesIO()
    with (
        tempfile.TemporaryDirectory() as folder,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        write(Path(folder))
        for path in sorted(Path(folder).iterdir()):
            archive.write(path, path.name)
    return made.getvalue()
