"""Marking one data notebook: nbgrader runs it in a process of its own, with a time limit.

This is not a sandbox. The notebook runs with the rights of whoever started the marking.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from crossings.grading import fill, nbgrader_run
from crossings.grading.answers import clean_text
from crossings.grading.collect import Collected, NotGradableError
from crossings.grading.report import Outcome
from crossings.grading.scoring.master import Master, from_source, read_source
from crossings.grading.scoring.messages import messages as safe_messages
from crossings.grading.upload import BadUploadError, read_notebook
from crossings.items.score import MAX_TEXT
from crossings.workspace import Workspace

NOT_A_SANDBOX = (
    "Notebooks of trainees are run to mark them, each in a process of its own with a time limit. "
    "This is not a sandbox: the code runs with your rights and can read and change your files. "
    "Mark only notebooks of people you trust, or on a computer that holds nothing else."
)
WINDOWS = (
    "Marking notebooks runs trainees' code, which needs Linux. On Windows, install WSL2 "
    "(`wsl --install`) and run the course there. Worksheets are marked on Windows as everywhere."
)


@dataclass(frozen=True)
class Run:
    outcome: Outcome
    reason: str = ""


def possible() -> bool:
    """Whether learners' code may be run on this operating system."""
    return sys.platform != "win32"


def autograde(
    workspace: Workspace,
    assignment: str,
    collected: Collected,
    *,
    cell_seconds: int,
    notebook_seconds: float,
) -> Run:
    """Run nbgrader's autograder on one submission and say how it went."""
    path = collected.path / f"{assignment}.ipynb"
    if not path.is_file():
        raise NotGradableError(f"there is no {assignment}.ipynb in the submission")
    try:
        read_notebook(path.read_bytes())
    except BadUploadError as error:
        raise NotGradableError(str(error)) from None
    ran = nbgrader_run.run(
        workspace,
        "autograde",
        assignment,
        f"--student={collected.student}",
        "--force",
        f"--Execute.timeout={cell_seconds}",
        timeout=notebook_seconds,
    )
    if ran.timed_out:
        return Run("timed out", f"stopped after {notebook_seconds:g} seconds, without a score")
    if ran.code:
        return _failed(ran.said)
    done = autograded_file(workspace, assignment, collected.student)
    if not done.is_file():
        return Run("crashed", "nbgrader wrote no marked notebook")
    stopped = [c for c in fill.read(done)["cells"] if _error(c) == "CellTimeoutError"]
    if stopped:
        cells = "one cell was" if len(stopped) == 1 else f"{len(stopped)} cells were"
        return Run("timed out", f"{cells} stopped after {cell_seconds} seconds; the rest is scored")
    return Run("graded")


def _failed(said: str) -> Run:
    if "Kernel died" in said or "DeadKernelError" in said:
        return Run("crashed", "the notebook ended the Python that ran it")
    if "ValidationError" in said or "Duplicate grade id" in said:
        return Run("not gradable", "the notebook's question marks are damaged")
    last = nbgrader_run.last_lines(said, 30)
    reason = next((line for line in reversed(last.splitlines()) if "Error" in line), last[-200:])
    return Run("crashed", f"nbgrader could not mark it: {reason.strip()[:200]}")


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


def _error(cell: Mapping[str, Any]) -> str:
    """The name of the first error in a cell's output; "" where none is."""
    names = [
        str(o.get("ename", "Error"))
        for o in cell.get("outputs", ())
        if o.get("output_type") == "error"
    ]
    return "CellTimeoutError" if "CellTimeoutError" in names else next(iter(names), "")
