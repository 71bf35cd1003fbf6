"""Reading files that strangers sent, from folders and zips, with limits for each submission."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from crossings.grading import upload
from crossings.grading.upload import BadUploadError

MAX_DEPTH = 10
MAX_NAME = 200


def folder(root: Path) -> dict[str, bytes]:
    """The files below `root`, by path. Links are not followed.

    Raises:
        BadUploadError: when something in it must not be read, or it is too much.
    """
    found: dict[str, bytes] = {}
    left = upload.MAX_UNPACKED
    for path in _walked(root, 0):
        inside = path.relative_to(root).as_posix()
        if upload.is_skipped(inside) or path.name == ".DS_Store":
            continue
        found[inside] = content = file(path, left)
        left -= len(content)
        if len(found) > upload.MAX_FILES:
            raise BadUploadError(f"it holds over {upload.MAX_FILES} files")
    return found


def _walked(place: Path, depth: int) -> Iterator[Path]:
    if depth > MAX_DEPTH:
        raise BadUploadError(f"its folders are nested over {MAX_DEPTH} deep")
    try:
        entries = sorted(os.scandir(place), key=lambda e: e.name)
    except OSError as error:
        raise BadUploadError(f"a folder in it cannot be read: {error.strerror}") from None
    for entry in entries:
        check_name(entry.name)
        if entry.is_symlink():
            raise BadUploadError("it holds a link to another file")
        if entry.is_dir(follow_symlinks=False):
            yield from _walked(place / entry.name, depth + 1)
        else:
            yield place / entry.name


def file(path: Path, most: int = upload.MAX_UPLOAD) -> bytes:
    """The content of a plain file of at most `most` bytes; opened so that no link is followed."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise BadUploadError(f"a file in it cannot be read: {error.strerror}") from None
    with os.fdopen(descriptor, "rb") as handle:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise BadUploadError("it holds something that is no plain file")
        content = handle.read(most + 1)
    if len(content) > most:
        raise BadUploadError("it is too large")
    return content


def check_name(name: str) -> None:
    """Refuse names that are no honest file's."""
    if len(name) > MAX_NAME:
        raise BadUploadError("it holds a file with a very long name")
    if any(ord(c) < 32 or 0xD800 <= ord(c) <= 0xDFFF for c in name):
        raise BadUploadError("it holds a file whose name has odd characters")


def opened(files: dict[str, bytes]) -> dict[str, bytes]:
    """`files`, with the one zip in it unpacked where a zip is all that was sent."""
    zips = [name for name in files if name.lower().endswith(".zip")]
    if len(files) == 1 and zips:
        return upload.unpacked(files[zips[0]])
    return files
