"""nbgrader as a child process: needs no activated environment, ends with all that it started."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crossings.check import promise
from crossings.environment import child_environment
from crossings.grading import gradebook
from crossings.grading.release import CONFIG
from crossings.workspace import Workspace


class NbgraderError(RuntimeError):
    """nbgrader refused; the message holds what it said, shortened."""


@dataclass(frozen=True)
class Ran:
    code: int
    said: str
    timed_out: bool = False


def environment(workspace: Workspace) -> dict[str, str]:
    """The environment for a child that uses nbgrader."""
    return child_environment(workspace) | {"PYTHONIOENCODING": "utf-8"}


def run(workspace: Workspace, *arguments: str, timeout: float = 120) -> Ran:
    """Run `nbgrader …` (`generate_assignment` or `autograde`) in the workspace's course folder."""
    child = subprocess.Popen(
        [sys.executable, "-m", "crossings.grading.nbgrader_child", *arguments],
        cwd=workspace.exercises,
        env=environment(workspace),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=os.name == "posix",
    )
    try:
        said, _ = child.communicate(timeout=timeout)
        return Ran(child.returncode, said.decode("utf-8", "replace"))
    except subprocess.TimeoutExpired:
        _end(child)
        return Ran(-1, "", timed_out=True)
    except BaseException:
        _end(child)
        raise


def _end(child: subprocess.Popen[bytes]) -> None:
    """End `child` and everything it started; kernels sit in sessions of their own."""
    import psutil

    try:
        family = psutil.Process(child.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        family = []
    child.kill()
    for process in family:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(family, timeout=3)
    child.communicate()


def release(workspace: Workspace, assignments: Sequence[str]) -> None:
    """Run `nbgrader generate_assignment` for those whose source changed.

    Raises:
        NbgraderError: with nbgrader's reason, for instance that marked submissions exist.
    """
    stale = [name for name in assignments if not is_released(workspace, name)]
    if not stale:
        return
    ran = run(workspace, "generate_assignment", *stale, "--force")
    for name in stale:
        if f"released {name}" not in ran.said.splitlines():
            raise NbgraderError(_refusal(name, ran))
        promise.keep_readable(workspace.exercises / "release" / name)
        note_released(workspace, name)


def release_beside(workspace: Workspace, assignment: str, place: Path) -> None:
    """Release `place/source/…` into `place`, with a gradebook of its own. Raises as `release`."""
    ran = run(
        workspace,
        "generate_assignment",
        assignment,
        "--force",
        f"--CourseDirectory.root={place}",
        f"--CourseDirectory.db_url=sqlite:///{(place / 'gradebook.db').as_posix()}",
    )
    if f"released {assignment}" not in ran.said.splitlines():
        raise NbgraderError(_refusal(assignment, ran))
    promise.keep_readable(place / "release" / assignment)


def note_released(workspace: Workspace, assignment: str) -> None:
    """Remember that the source as it is now is what was released."""
    mark = mark_of(workspace, assignment)
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(fingerprint(workspace, assignment), encoding="utf-8")


def mark_of(workspace: Workspace, assignment: str) -> Path:
    """The file that remembers what was released."""
    return workspace.var / "released" / f"{assignment}.sha256"


def is_released(workspace: Workspace, assignment: str) -> bool:
    """Whether what trainees get is made of the source as it is now."""
    mark = mark_of(workspace, assignment)
    released = (workspace.exercises / "release" / assignment).glob("*.ipynb")
    return (
        gradebook.knows(workspace, assignment)
        and any(released)
        and mark.is_file()
        and mark.read_text(encoding="utf-8") == fingerprint(workspace, assignment)
    )


def fingerprint(workspace: Workspace, assignment: str) -> str:
    """Changes when the questions, keys, tests or files of the assignment do."""
    found = hashlib.sha256()
    source = workspace.exercises / "source" / assignment
    paths = [p for p in source.rglob("*") if p.is_file() and ".ipynb_checkpoints" not in p.parts]
    for path in [workspace.exercises / CONFIG, *sorted(paths)]:
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def _refusal(assignment: str, ran: Ran) -> str:
    if ran.timed_out:
        return f"nbgrader did not finish releasing `{assignment}` in two minutes"
    return f"nbgrader could not release `{assignment}`:\n" + last_lines(ran.said)


def last_lines(said: str, count: int = 8) -> str:
    """The end of what nbgrader said, without its colours."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", said)
    return "\n".join([line for line in plain.splitlines() if line.strip()][-count:])
