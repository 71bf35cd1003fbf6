"""Data notebooks of trainees as they lie in nbgrader's folders, for people to read."""

from __future__ import annotations

import re
import sys
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

from crossings.grading import fill
from crossings.grading.answers import clean_text
from crossings.grading.scoring.master import Master, from_source, read_source
from crossings.grading.scoring.messages import messages as safe_messages
from crossings.items.score import MAX_TEXT
from crossings.workspace import Workspace

WINDOWS = (
    "Marking notebooks runs trainees' code, which needs Linux. On Windows, install WSL2 "
    "(`wsl --install`) and run the course there. Worksheets are marked on Windows as everywhere."
)


def possible() -> bool:
    """Whether learners' code may be run on this operating system."""
    return sys.platform != "win32"


def autograded_file(workspace: Workspace, assignment: str, student: str) -> Path:
    return workspace.exercises / "autograded" / student / assignment / f"{assignment}.ipynb"


def messages(workspace: Workspace, assignment: str, student: str) -> dict[str, str]:
    """For each question, in the notebook's order, what went wrong in its test; plain text.

    Of a test that is hidden, and of every one after it, only words of the released notebook are
    shown: what such a test says while it runs may carry hidden text (see `scoring/messages.py`).
    """
    path = autograded_file(workspace, assignment, student)
    source = workspace.exercises / "source" / assignment / f"{assignment}.ipynb"
    if not path.is_file() or not source.is_file():
        return {}
    return safe_messages(fill.read(path), _master(source, source.stat().st_mtime_ns))


@lru_cache(maxsize=8)
def _master(source: Path, saved: int) -> Master:
    """The assignment's own cells; read again when the file was saved again."""
    return from_source(source.stem, read_source(source))


def titles(workspace: Workspace, assignment: str) -> dict[str, str]:
    """What each question is called: the heading, or the first words, of the text before it.

    Taken from the released notebook, where only the author has written.
    """
    found: dict[str, str] = {}
    name = ""
    for cell in _cells(_released_file(workspace, assignment)):
        meta = cell["metadata"].get("nbgrader") or {}
        if cell["cell_type"] == "markdown" and not meta.get("solution"):
            name = _name_in(cell["source"]) or name
        if meta.get("grade") or meta.get("task"):
            found[str(meta.get("grade_id"))] = name
    shared = Counter(found.values())
    seen: Counter[str] = Counter()
    for question, title in found.items():
        seen[title] += 1
        if title and shared[title] > 1:
            found[question] = f"{title} · part {seen[title]} of {shared[title]}"
    return found


def _name_in(text: str) -> str:
    """The first heading in `text` without its points, or its first words; plain text."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    heading = next((line for line in lines if re.match(r"#{1,6} ", line)), "")
    if heading:
        plain = re.sub(r"\s*\([^()]*\bpoints?\b[^()]*\)$", "", heading.strip("# "))
        return re.sub(r"[*`]", "", plain)
    words = re.sub(r"[*`>]", "", " ".join(lines)).split()
    return " ".join(words[:8]) + (" …" if len(words) > 8 else "")


def written(workspace: Workspace, assignment: str, student: str) -> dict[str, str]:
    """What the trainee wrote where a person marks; "" where nothing was changed."""
    stubs = _answers(_released_file(workspace, assignment))
    given = _answers(autograded_file(workspace, assignment, student))
    return {
        question: "" if text.strip() == stubs.get(question, "").strip() else text
        for question, text in given.items()
    }


def _answers(path: Path) -> dict[str, str]:
    found = {}
    for cell in _cells(path):
        meta = cell["metadata"].get("nbgrader") or {}
        if meta.get("grade") and meta.get("solution"):
            found[str(meta.get("grade_id"))] = clean_text(cell["source"])[:MAX_TEXT]
    return found


def _cells(path: Path) -> list[dict[str, Any]]:
    return list(fill.read(path)["cells"]) if path.is_file() else []


def _released_file(workspace: Workspace, assignment: str) -> Path:
    return workspace.exercises / "release" / assignment / f"{assignment}.ipynb"
