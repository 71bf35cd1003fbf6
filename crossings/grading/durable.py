"""Writing that is either whole and on the disk, or not there at all."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any


class NotSavedError(Exception):
    """Nothing was saved and nothing is left behind. `status` is the HTTP status that says so."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
FULL = (
    "Your answers were NOT saved: the disk of the course computer is full. "
    "Keep this page open, tell the trainer, and try again."
)
CLOSED = (
    "Your answers were NOT saved: the course computer cannot write to its data folder. "
    "Keep this page open, tell the trainer, and try again."
)


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """Turn what the disk refuses into NotSavedError with words for a learner."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise NotSavedError(FULL, 507) from error
        raise NotSavedError(CLOSED, 503) from error


@contextlib.contextmanager
def folder(parent: Path) -> Iterator[Path]:
    """A new private folder in `parent/.incoming`; whatever is left in it at the end goes."""
    place = parent / ".incoming" / secrets.token_hex(8)
    place.mkdir(parents=True)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def write(path: Path, content: bytes) -> None:
    """Write a new file and wait until the disk has it."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0))
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    write(path, text.encode("utf-8"))


def replace_json(path: Path, content: Mapping[str, Any]) -> None:
    """Put `content` in `path`: readers see the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        write_json(fresh, content)
        fresh.replace(path)
        sync(path.parent)
    finally:
        fresh.unlink(missing_ok=True)


def place(ready: Path, final: Path) -> None:
    """Move the finished folder `ready` to `final`, which must not exist.

    Raises:
        FileExistsError: when somebody was faster.
    """
    final.parent.mkdir(parents=True, exist_ok=True)
    sync(ready)
    try:
        os.rename(ready, final)  # noqa: PTH104  (Path.rename hides that this must not overwrite)
    except OSError as error:
        if error.errno in (errno.EEXIST, errno.ENOTEMPTY) or isinstance(error, FileExistsError):
            raise FileExistsError(final) from error
        raise
    sync(final.parent)


def sync(directory: Path) -> None:
    """Make the names in `directory` durable; Windows has no such call and needs none."""
    if os.name != "posix":
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_json(path: Path) -> dict[str, Any] | None:
    """The object in `path`; None where there is none that can be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def database(
    path: Path, prepare: Callable[[sqlite3.Connection], None], patience: float
) -> sqlite3.Connection:
    """The SQLite file `path`, made where needed, in which a committed line is on the disk.

    `prepare` makes the tables that are missing; `patience` is how long to wait for other writers,
    in seconds. Transactions are the caller's, and so is keeping to one thread at a time.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(
        path, timeout=patience, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        prepare(connection)
        sync(path.parent)
    except BaseException:
        connection.close()
        raise
    return connection
