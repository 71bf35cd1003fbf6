"""Making a workspace ready: its folders, and the course's own notebooks where it is not the
repository."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from crossings.workspace import ROOT, Workspace

LEAST_FREE = 50_000_000
"""Bytes without which a class would soon lose time; answers are refused honestly at zero."""
COPIED = ("drills", "grading")
"""Folders whose notebooks staff open; Jupyter shows only what lies under the workspace."""


CONFIG = "nbgrader_config.py"
"""The staff site reads it when it starts."""


class NotReadyError(Exception):
    """The workspace cannot be used; the message says where and what to do."""


def prepare(workspace: Workspace) -> None:
    """Make the folders of `workspace` and bring the course's notebooks up to date in it.

    Raises:
        NotReadyError: when a folder cannot be made or written, or the disk is full.
    """
    try:
        for folder in (workspace.var, workspace.exercises, workspace.gradebook.parent):
            folder.mkdir(parents=True, exist_ok=True)
            _probe(folder)
        free = shutil.disk_usage(workspace.var).free
        if free < LEAST_FREE:
            raise NotReadyError(
                f"the disk of {workspace.root} is full ({free // 1_000_000} MB left). Free at "
                f"least {LEAST_FREE // 1_000_000} MB, or choose another folder with --data."
            )
        if workspace.root != ROOT:
            _copy(workspace.root)
            _copy_file(ROOT / "exercises" / CONFIG, workspace.exercises / CONFIG)
    except OSError as error:
        place = error.filename or workspace.root
        raise NotReadyError(
            f"cannot write to {place}: {error.strerror}. "
            "Choose a folder you may write to with --data, or free some disk space."
        ) from None


def _probe(folder: Path) -> None:
    """Write and remove a small file: being allowed to is not the same as being able to."""
    probe = folder / f".probe-{os.getpid()}"
    try:
        probe.write_bytes(b"x" * 64)
    finally:
        probe.unlink(missing_ok=True)


def _copy(target: Path) -> None:
    for name in COPIED:
        for source in sorted((ROOT / name).rglob("*")):
            relative = source.relative_to(ROOT)
            if not source.is_file() or ".ipynb_checkpoints" in relative.parts:
                continue
            if source.suffix != ".ipynb":
                continue
            _copy_file(source, target / relative)


def _copy_file(source: Path, place: Path) -> None:
    if source.is_file():
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)
