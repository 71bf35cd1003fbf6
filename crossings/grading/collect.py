"""From the inbox into nbgrader's `submitted` folder, the latest hand-in of each student."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crossings.grading import answers, durable, inbox, notebooks, upload
from crossings.workspace import Workspace

BROUGHT = "collected.json"
"""Says where a submission came from that was brought by `--from`, and when."""
RESERVED = frozenset({inbox.RECEIPT, "timestamp.txt", BROUGHT})
"""Files beside a submission that are ours or nbgrader's, not the trainee's."""


class NotGradableError(Exception):
    """The submission cannot be scored; the message says why."""


@dataclass(frozen=True)
class Collected:
    """A submission in `submitted/<student>/<assignment>`."""

    student: str
    path: Path
    received_at: str = ""
    version: str = ""
    """Which hand-in of the inbox this is; empty for one that did not come through it."""

    def fingerprint(self, more: str, only: Collection[str] | None = None) -> str:
        """Changes when `more` or any file of the submission (or of those named) does."""
        found = hashlib.sha256(more.encode())
        paths = (p for p in self.path.rglob("*") if p.name != BROUGHT)
        files = (p for p in paths if p.is_file() and not p.is_symlink())
        for path in sorted(p for p in files if only is None or p.name in only):
            found.update(path.relative_to(self.path).as_posix().encode() + b"\0")
            found.update(hashlib.sha256(path.read_bytes()).digest())
        return found.hexdigest()


def students(workspace: Workspace, assignment: str) -> list[str]:
    """Everybody who handed in, through the inbox or straight into nbgrader's folder."""
    folders = (workspace.exercises / "submitted").glob(f"*/{assignment}")
    found = set(inbox.latest(workspace, assignment)) | {p.parent.name for p in folders}
    return sorted(found)


def collect(workspace: Workspace, assignment: str, student: str) -> Collected:
    """Put the student's latest hand-in where nbgrader looks for it.

    Raises:
        NotGradableError: when what was handed in cannot be unpacked.
    """
    place = place_of(workspace, assignment, student)
    latest = inbox.latest_of(workspace, assignment, student)
    brought = brought_of(workspace, assignment, student)
    if brought is not None and is_newer(brought, latest):
        if brought.get("refused"):
            raise NotGradableError(str(brought["refused"]))
        return Collected(student, place, str(brought["received_at"]), version_of(brought))
    if latest is None:
        return Collected(student, place)
    received = str(latest.receipt.get("received_at", ""))
    source = workspace.exercises / "source" / assignment
    # Their questions were looked at when they came; the assignment may have others by now.
    wanted = dict.fromkeys(notebooks.wanted(source, assignment), ())
    files = _files(latest, assignment, wanted)
    files[inbox.RECEIPT] = (latest.path / inbox.RECEIPT).read_bytes()
    if received:
        stamp = received.replace("T", " ").replace("Z", " UTC")
        files["timestamp.txt"] = f"{stamp}\n".encode()
    if not _is_there(place, files):
        _put(place, files)
    return Collected(student, place, received, latest.path.name)


def place_of(workspace: Workspace, assignment: str, student: str) -> Path:
    """Where nbgrader looks for a submission."""
    return workspace.exercises / "submitted" / student / assignment


def brought_of(workspace: Workspace, assignment: str, student: str) -> dict[str, Any] | None:
    """What is known of a submission that `--from` brought; None where it did not."""
    return durable.read_json(place_of(workspace, assignment, student) / BROUGHT)


def is_newer(brought: Mapping[str, Any], latest: inbox.Submission | None) -> bool:
    """Whether what was brought counts, and not what came through the inbox."""
    if latest is None:
        return True
    when = str(brought.get("received_at") or brought.get("at", ""))
    return when > str(latest.receipt.get("received_at", ""))


def version_of(brought: Mapping[str, Any]) -> str:
    """A name for this very version of the work."""
    return f"brought-{str(brought.get('sha256', ''))[:16]}"


def version_now(
    workspace: Workspace, assignment: str, student: str, latest: inbox.Submission | None
) -> str:
    """Which version counts now; "" for one that lies in nbgrader's folder by itself."""
    brought = brought_of(workspace, assignment, student)
    if brought is not None and is_newer(brought, latest):
        return version_of(brought)
    return latest.path.name if latest is not None else ""


def _is_there(place: Path, files: Mapping[str, bytes]) -> bool:
    """Whether an earlier run put exactly these files there; what it made beside them may stay."""
    return all(
        (place / name).is_file() and (place / name).read_bytes() == content
        for name, content in files.items()
    )


def _put(place: Path, files: Mapping[str, bytes]) -> None:
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for name, content in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _files(
    submission: inbox.Submission, assignment: str, wanted: upload.Wanted
) -> dict[str, bytes]:
    written = submission.path / answers.FILE
    if written.is_file():
        return {answers.FILE: written.read_bytes()}
    # A lone notebook was kept without its name when it was the only one of the assignment.
    for kept, name in (("upload.ipynb", f"{assignment}.ipynb"), ("upload.zip", "upload.zip")):
        sent = submission.path / kept
        if sent.is_file():
            return _unpacked(sent, name, wanted)
    raise NotGradableError("the hand-in is empty")


def _unpacked(sent: Path, name: str, wanted: upload.Wanted) -> dict[str, bytes]:
    try:
        files = upload.files_in(name, sent.read_bytes(), wanted)
    except upload.BadUploadError as error:
        raise NotGradableError(str(error)) from None
    return {name: content for name, content in files.items() if name not in RESERVED}
