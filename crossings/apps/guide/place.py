"""Where a file with keys may lie: nowhere that a learner's browser reaches."""

from __future__ import annotations

import os
from pathlib import Path

from crossings.workspace import ROOT

STAMP = ".crossings-stamp"
"""What `crossings.book.build` leaves in a built site."""
_PUBLIC = ("_build", "book", "modules", "datasets")
"""Folders of the course that are built into the site, or are it."""


class PublicPlaceError(ValueError):
    """The file would be public; the message says what to do."""


def write(text: str, target: Path, root: Path = ROOT) -> Path:
    """Write the guide, readable for its owner only; returns where it is.

    Raises:
        PublicPlaceError: where the place belongs to the built site or to what is built into it.
        OSError: where it cannot be written.
    """
    path = target.expanduser().resolve()
    if _is_public(path, root.resolve()):
        raise PublicPlaceError(
            f"{target} lies where learners can read it, and this file holds keys: "
            "choose a folder outside the book and its site, for example ~/guide.html"
        )
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    path.chmod(0o600)
    return path


def _is_public(path: Path, root: Path) -> bool:
    if any(path.is_relative_to(root / name) for name in _PUBLIC):
        return True
    built = (folder / STAMP for folder in path.parents)
    site = any(file.is_file() for file in built)
    return site or any((folder / "_static" / "crossings").is_dir() for folder in path.parents)
