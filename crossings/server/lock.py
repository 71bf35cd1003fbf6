"""One `serve` a workspace: a lock that goes when the process ends, however it ends."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any


class AlreadyServedError(Exception):
    """Another process serves this workspace; `about` is what it left in the lock file."""

    def __init__(self, about: dict[str, Any]) -> None:
        self.about = about
        super().__init__("this workspace is already served")


@contextmanager
def served_alone(path: Path) -> Iterator[None]:
    """Hold the lock file at `path` while the block runs; the file is gone afterwards.

    Raises:
        AlreadyServedError: when another living process holds it.
        OSError: when the folder cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = path.open("a+", encoding="utf-8")
    while True:
        if not _taken(handle):
            about = read_about(path)
            handle.close()
            raise AlreadyServedError(about)
        if _is_still(path, handle):
            break
        # Its holder removed the file between our opening and our locking: that was an old file.
        handle.close()
        handle = path.open("a+", encoding="utf-8")
    try:
        yield
    finally:
        with suppress(OSError):
            about_path(path).unlink(missing_ok=True)
            if os.name != "nt":
                path.unlink(missing_ok=True)
        handle.close()
        with suppress(OSError):
            path.unlink(missing_ok=True)


@contextmanager
def in_turn(path: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """As `served_alone`, but waits for the other process; `waiting` is called when it must."""
    told = False
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(served_alone(path))
                break
            except AlreadyServedError:
                if not told:
                    waiting()
                told = True
                time.sleep(0.3)
        yield


def _is_still(path: Path, handle: IO[str]) -> bool:
    if os.name == "nt":
        return True  # an open file cannot be removed there
    try:
        return path.stat().st_ino == os.fstat(handle.fileno()).st_ino
    except OSError:
        return False


def about_path(path: Path) -> Path:
    """What runs, for people and for the console: beside the lock, since a locked file cannot be
    read everywhere."""
    return path.with_name("serve.json")


def read_about(path: Path) -> dict[str, Any]:
    try:
        about = json.loads(about_path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return about if isinstance(about, dict) else {}


def write_about(path: Path, about: dict[str, Any]) -> None:
    about_path(path).write_text(json.dumps(about, indent=1), encoding="utf-8")


def _taken(handle: IO[str]) -> bool:
    """Take the lock without waiting; False where another process has it."""
    try:
        if os.name == "nt":
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
