"""What one marking run is about: the assignment, its version, and one run at a time."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

import crossings
from crossings.curriculum.model import Course
from crossings.grading import due, fill
from crossings.grading import release as releasing
from crossings.grading.report import Kind
from crossings.items import Item
from crossings.workspace import Workspace

Rules = Literal["fair", "exact"]
OURS = "the marking program stumbled"
"""How the reason begins where a submission was not marked through no fault of its own."""


class GradeError(Exception):
    """Marking cannot start; the message says why and what to do."""


@dataclass(frozen=True)
class Job:
    """What is the same for every submission of one run.

    `version` is the hash of the released questions, keys and tests; `release` the folder with
    the notebook that trainees got.
    """

    workspace: Workspace
    assignment: str
    title: str
    kind: Kind
    items: tuple[Item, ...] = ()
    version: str = ""
    release: Path = Path()
    due: datetime | None = None
    rules: Rules = "fair"
    cell_seconds: float = 30
    notebook_seconds: float = 180


def of(course: Course, workspace: Workspace, assignment: str) -> Job:
    """The job of marking `assignment`, before it is known to be released.

    Raises:
        GradeError: when there is no such assignment.
    """
    try:
        module, sheet = releasing.find_worksheet(course, assignment)
    except KeyError:
        if assignment in course.exercises:
            title = notebook_title(course, assignment)
            by = due.of(workspace, course, assignment)
            return Job(workspace, assignment, title, "notebook", due=by)
        there_are = ", ".join(releasing.assignments(course)) or "none yet"
        message = f"There is no assignment `{assignment}`. There are: {there_are}."
        raise GradeError(message) from None
    items = tuple(releasing.items_of(course, module, sheet))
    by = due.of(workspace, course, sheet.id)
    return Job(workspace, sheet.id, sheet.title, "worksheet", items, due=by)


def title_of(course: Course, assignment: str) -> str:
    """What people call the assignment: its worksheet's title, or its notebook's."""
    try:
        return releasing.find_worksheet(course, assignment)[1].title
    except KeyError:
        return notebook_title(course, assignment)


def labelled(course: Course, assignment: str) -> str:
    """The title with the kind, to choose by."""
    kind = "notebook" if assignment in course.exercises else "worksheet"
    return f"{title_of(course, assignment)} ({kind})"


def notebook_title(course: Course, assignment: str) -> str:
    """The first heading of a notebook assignment, or its name."""
    path = course.root / "exercises" / "source" / assignment / f"{assignment}.ipynb"
    with contextlib.suppress(OSError, ValueError, KeyError):
        for cell in fill.read(path)["cells"]:
            for line in cell["source"].splitlines():
                if cell["cell_type"] == "markdown" and line.startswith("# "):
                    return str(line[2:].strip())
    return assignment.replace("-", " ").capitalize()


@cache
def worksheet_runner() -> str:
    """The version of what scores worksheets: a hash of the code that does."""
    package = Path(crossings.__file__).parent
    found = hashlib.sha256()
    for name in ("items/model.py", "items/score.py", "grading/answers.py", "grading/fill.py"):
        found.update((package / name).read_bytes())
    return f"worksheets-{found.hexdigest()[:16]}"


@cache
def lock_sha256() -> str:
    """The hash of the list of libraries that this course was set up with; "" without the list."""
    path = Path(crossings.__file__).parent.parent / "requirements.txt"
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


@contextlib.contextmanager
def alone(workspace: Workspace) -> Iterator[None]:
    """One marking run at a time in a workspace; a lock left by a dead process is taken over."""
    import psutil

    lock = workspace.var / "marking.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    for _ in range(2):
        try:
            descriptor = os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
            break
        except FileExistsError:
            holder = lock.read_text(encoding="utf-8").strip()
            if holder.isdecimal() and psutil.pid_exists(int(holder)):
                raise GradeError(
                    f"Marking is already running (process {holder}). Wait until it is done."
                ) from None
            lock.unlink(missing_ok=True)
    else:
        raise GradeError(f"Cannot lock {lock}. Delete the file if no marking is running.")
    try:
        os.write(descriptor, str(os.getpid()).encode())
        os.close(descriptor)
        yield
    finally:
        lock.unlink(missing_ok=True)
