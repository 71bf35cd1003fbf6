"""A drill as a notebook for those who want to ask more: pandas and matplotlib, and the CSV files
beside it. It needs nothing of this course, so it opens anywhere.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from crossings.drills.state import DrillState

NAME = "debrief.ipynb"
_TEMPLATES = Path(__file__).parent / "notebooks"
"""One for each kind of drill. Open it in Jupyter to change what trainers get; its first cell
carries `TITLE`."""


def text(state: DrillState) -> str:
    """The notebook as it is written to a file."""
    return json.dumps(document(state), ensure_ascii=False, indent=1) + "\n"


def document(state: DrillState) -> dict[str, Any]:
    """The notebook as data. Whatever people wrote is in its tables only."""
    path = _TEMPLATES / f"{state.plan().kind}.ipynb"
    made: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    head = made["cells"][0]
    head["source"] = head["source"].replace("TITLE", _plain(state.title))
    return made


def _plain(title: str) -> str:
    """A title that Markdown shows as it is."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|$" else c for c in " ".join(title.split()))
