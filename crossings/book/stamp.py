"""Fingerprints of files: what decides whether the book must be built again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

_DATA = {".yml", ".yaml", ".csv", ".json", ".bib", ".svg", ".png", ".md", ".ipynb"}
_CODE = {".py", ".js", ".css", ".html", ".json", ".mplstyle"}


def content_stamp(root: Path) -> str:
    """A fingerprint of all course data under `root` that pages are drawn from."""
    return _digest(root, content_files(root))


def build_stamp(root: Path) -> str:
    """A fingerprint of everything that goes into the built book, our own code included."""
    return _digest(root, [*content_files(root), *_files(root / "crossings", _CODE)])


def content_files(root: Path) -> Iterator[Path]:
    """The author's files that pages are drawn from."""
    for folder in ("book", "modules", "datasets"):
        yield from _files(root / folder, _DATA)
    yield from _files(root / "exercises" / "source", {".ipynb"})
    yield from (root / name for name in ("_config.yml", "_toc.yml", "requirements.txt"))


def _files(folder: Path, endings: set[str]) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.suffix in endings and not any(p.startswith((".", "_build")) for p in parts):
            yield path


def _digest(root: Path, files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        if path.is_file():
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(b"\0")
            digest.update(path.read_bytes())
    return digest.hexdigest()
