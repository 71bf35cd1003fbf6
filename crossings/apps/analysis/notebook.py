"""The analysis as a notebook with its data: for trainers who want to ask more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from crossings.grading.analysis import Cohort, tables

NAME = "analysis.ipynb"
_TEMPLATE = Path(__file__).parent / "template.ipynb"
"""Open it in Jupyter to change what trainers get; its first cell carries `TITLE`."""


def write(cohort: Cohort, folder: Path) -> Path:
    """Write the notebook, not yet run, and its tables into `folder`; the notebook's path.

    Raises:
        OSError: when the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables.write(cohort, folder)
    path = folder / NAME
    text = json.dumps(document(cohort), ensure_ascii=False, indent=1) + "\n"
    path.write_text(text, encoding="utf-8")
    return path


def document(cohort: Cohort) -> dict[str, Any]:
    """The notebook as data."""
    made: dict[str, Any] = json.loads(_TEMPLATE.read_text(encoding="utf-8"))
    head = made["cells"][0]
    head["source"] = head["source"].replace("TITLE", cohort.title)
    return made
