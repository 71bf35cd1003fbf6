"""Data notebooks of trainees as they lie in nbgrader's folders, for people to read."""

from __future__ import annotations

import re
import sys
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

from crossings.curriculum import named
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


def wanted(folder: Path, assignment: str) -> dict[str, frozenset[str]]:
    """The notebooks in a source folder by name, each with its grade ids; by default the one that
    is called as the assignment is."""
    found = {path.stem: _grade_ids(path, path.stat().st_mtime_ns) for path in _in(folder)}
    return found or {assignment: frozenset()}


def _in(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.ipynb"))


@lru_cache(maxsize=64)
def _grade_ids(source: Path, saved: int) -> frozenset[str]:
    metas = (cell["metadata"].get("nbgrader") or {} for cell in cells(source))
    return frozenset(str(meta["grade_id"]) for meta in metas if "grade_id" in meta)


def autograded_file(
    workspace: Workspace, assignment: str, student: str, notebook: str = ""
) -> Path:
    """Where the marked notebook lies; by default the one that is called as the assignment is."""
    place = workspace.exercises / "autograded" / student / assignment
    return place / f"{notebook or assignment}.ipynb"


def messages(workspace: Workspace, assignment: str, student: str) -> dict[str, str]:
    """For each question, in the notebooks' order, what went wrong in its test; plain text.

    Of a test that is hidden, and of every one after it, only words of the released notebook are
    shown: what such a test says while it runs may carry hidden text (see `scoring/messages.py`).
    """
    found: dict[str, str] = {}
    for source in _in(workspace.exercises / "source" / assignment):
        path = autograded_file(workspace, assignment, student, source.stem)
        if path.is_file():
            said = safe_messages(fill.read(path), _master(source, source.stat().st_mtime_ns))
            found |= {
                named.question(assignment, source.stem, cell): text for cell, text in said.items()
            }
    return found


@lru_cache(maxsize=8)
def _master(source: Path, saved: int) -> Master:
    """The assignment's own cells; read again when the file was saved again."""
    return from_source(source.stem, read_source(source))


def titles(workspace: Workspace, assignment: str, *, apart: bool = True) -> dict[str, str]:
    """What each question is called: the heading, or the first words, of the text before it.

    Taken from the released notebooks, where only the author has written. With `apart`, the
    notebook's file is named as well where there are several.
    """
    found: dict[str, str] = {}
    files = _in(workspace.exercises / "release" / assignment)
    for path in files:
        end = f" ({path.name})" if apart and len(files) > 1 else ""
        for cell, title in _titles(path).items():
            found[named.question(assignment, path.stem, cell)] = title and f"{title}{end}"
    return found


def _titles(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    name = ""
    for cell in cells(path):
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
    found: dict[str, str] = {}
    for released in _in(workspace.exercises / "release" / assignment):
        stubs = _answers(released)
        given = _answers(autograded_file(workspace, assignment, student, released.stem))
        for cell, text in given.items():
            name = named.question(assignment, released.stem, cell)
            found[name] = "" if text.strip() == stubs.get(cell, "").strip() else text
    return found


def _answers(path: Path) -> dict[str, str]:
    found = {}
    for cell in cells(path):
        meta = cell["metadata"].get("nbgrader") or {}
        if meta.get("grade") and meta.get("solution"):
            found[str(meta.get("grade_id"))] = clean_text(cell["source"])[:MAX_TEXT]
    return found


def cells(path: Path) -> list[dict[str, Any]]:
    """The cells of a notebook; none where there is no such file."""
    return list(fill.read(path)["cells"]) if path.is_file() else []
