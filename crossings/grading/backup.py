"""Everything of a class in one file, taken while the class goes on; and back again.

A backup is a zip: the files of the workspace under `class/`, and `manifest.json` with the SHA-256
of each. Databases are copied through SQLite's own backup, so that a copy is one moment of the
database even while it is written; they are copied before the files they speak of, so that what
a mark refers to is there. A restore checks every hash before it writes, works in a folder beside
the target, and renames it into place: a killed restore leaves the target as it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from crossings.grading import durable
from crossings.workspace import ROOT, Workspace

FORMAT = 1
MANIFEST, INSIDE = "manifest.json", "class"
MOST_FILES, MOST_BYTES = 500_000, 200 * 2**30
"""What a restore accepts; a zip that promises more is no backup of a class."""

_FOLDERS = ("exercises", "grading", "var")
_SQLITE = b"SQLite format 3\x00"
_PASSING = {".lock", ".pid"}
_LEFT_OUT = {".incoming", ".ipynb_checkpoints", "__pycache__", ".cache"}
_COURSE = {".ipynb", ".yml", ".md", ".py"}
"""In a workspace that is the repository itself, these files of `grading` belong to the course."""


class BackupError(Exception):
    """Nothing was written or changed; the message says why and what to do."""


@dataclass(frozen=True)
class Made:
    """What a backup holds, or what a restore put back."""

    files: int
    size: int
    made_at: str
    has_keys: bool


def backup(workspace: Workspace, target: Path, now: datetime | None = None) -> Made:
    """Write a backup of `workspace` to `target`, which must not exist yet.

    Raises:
        BackupError: when there is nothing to keep, or the disk refuses.
    """
    if target.exists():
        raise BackupError(f"{target} is there already. Choose another name, or move it away.")
    names = sorted(_files(workspace), key=lambda name: (_turn(workspace.root / name), name))
    if not names:
        raise BackupError(f"There is nothing to keep in {workspace.root}.")
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as handle:
            made = _write(workspace, names, handle, now or datetime.now(UTC))
            handle.flush()
            os.fsync(handle.fileno())
        fresh.replace(target)
        durable.sync(target.parent)
    except OSError as error:
        raise BackupError(f"Cannot write {target}: {error.strerror or error}.") from None
    finally:
        fresh.unlink(missing_ok=True)
    return made


def _files(workspace: Workspace) -> Iterator[str]:
    """Names of what belongs to the class, with `/`, relative to the workspace."""
    own = workspace.root == ROOT
    for folder in _FOLDERS:
        for path in (workspace.root / folder).rglob("*"):
            name = path.relative_to(workspace.root)
            if path.is_symlink() or not path.is_file() or _passing(name):
                continue
            if own and _of_course(name):
                continue
            yield name.as_posix()


def _passing(name: Path) -> bool:
    """Locks, half-written files and the companions of databases are of no use later."""
    return (
        name.suffix in _PASSING
        or name.name.endswith(("-wal", "-shm", "-journal"))
        or bool(_LEFT_OUT & set(name.parts))
    )


def _of_course(name: Path) -> bool:
    if name.parts[0] == "exercises":
        return name.parts[1] == "source" or len(name.parts) == 2
    return name.parts[0] == "grading" and name.suffix in _COURSE


def _turn(path: Path) -> int:
    """When a file is copied. First what says how long a record is: one that grew meanwhile is
    whole, one that is shorter than was said looks cut off. Then databases, then all else."""
    if path.suffix == ".head":
        return 0
    return 1 if _is_database(path) else 2


def _is_database(path: Path) -> bool:
    try:
        with path.open("rb") as handle:
            return handle.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False


def _write(workspace: Workspace, names: list[str], handle: BinaryIO, now: datetime) -> Made:
    entries: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        for name in names:
            found = _add(archive, workspace.root / name, name)
            if found is not None:
                entries[name] = found
        at = now.isoformat(timespec="seconds").replace("+00:00", "Z")
        about = {
            "format": FORMAT,
            "crossings": version("crossings"),
            "made_at": at,
            "files": entries,
        }
        archive.writestr(MANIFEST, json.dumps(about, ensure_ascii=False, indent=1))
    return _counted(about)


def _add(archive: zipfile.ZipFile, path: Path, name: str) -> dict[str, Any] | None:
    """Add one file; None where it went away meanwhile, as half-finished work does."""
    if _is_database(path):
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "copy"
            _copy_database(path, copy)
            return _add_plain(archive, copy, name)
    try:
        return _add_plain(archive, path, name)
    except FileNotFoundError:
        return None


def _copy_database(path: Path, copy: Path) -> None:
    try:
        with (
            closing(sqlite3.connect(path, timeout=60)) as source,
            closing(sqlite3.connect(copy)) as made,
        ):
            source.backup(made)
            # One file, with nothing beside it that would have to travel along.
            made.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise BackupError(f"The database {path} cannot be copied: {error}.") from None


def _add_plain(archive: zipfile.ZipFile, path: Path, name: str) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    with (
        path.open("rb") as source,
        archive.open(zipfile.ZipInfo(f"{INSIDE}/{name}", _ZIP_TIME), "w", force_zip64=True) as made,
    ):
        while block := source.read(2**20):
            made.write(block)
            digest.update(block)
            size += len(block)
    mode = 0o600 if path.stat().st_mode & 0o077 == 0 else 0o644
    return {"sha256": digest.hexdigest(), "size": size, "mode": mode}


_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
"""Zips cannot hold all times; the manifest has the one that counts."""


def restore(source: Path, target: Path) -> Made:
    """Put the backup `source` into the folder `target`, which must be empty or absent.

    Raises:
        BackupError: when the backup is damaged or is none, or the target holds something.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BackupError(f"{target} holds something already. Name an empty or a new folder.")
    try:
        with zipfile.ZipFile(source) as archive:
            about = _manifest(archive, source)
            _sweep(target)
            return _restore(archive, about, target, source)
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise BackupError(f"{source} is damaged, or no backup: {error}.") from None
    except OSError as error:
        where = error.filename or source
        raise BackupError(f"Cannot restore: {where}: {error.strerror or error}.") from None


def _manifest(archive: zipfile.ZipFile, source: Path) -> dict[str, Any]:
    try:
        about = json.loads(archive.read(MANIFEST))
        files = {_safe(str(name)): dict(entry) for name, entry in about["files"].items()}
        total = sum(int(entry["size"]) for entry in files.values())
        form = int(about["format"])
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise BackupError(f"{source} is no backup of a class: {error}.") from None
    if form > FORMAT:
        raise BackupError(f"{source} was made by a newer Crossings. Update this one first.")
    if len(files) > MOST_FILES or total > MOST_BYTES:
        raise BackupError(f"{source} promises more than a class can hold; it is not restored.")
    inside = {i.filename for i in archive.infolist()}
    if inside != {MANIFEST} | {f"{INSIDE}/{name}" for name in files}:
        raise BackupError(f"{source} is damaged: its list and its files differ.")
    return {**about, "files": files}


def _safe(name: str) -> str:
    """`name` if it stays inside the workspace's folders; ValueError otherwise."""
    parts = PurePosixPath(name).parts
    odd = not parts or parts[0] not in _FOLDERS or len(parts) < 2 or ".." in parts
    if odd or "\\" in name or "\x00" in name or ":" in name or name != "/".join(parts):
        raise ValueError(f"it names the file {name!r}")
    return name


def _restore(archive: zipfile.ZipFile, about: dict[str, Any], target: Path, source: Path) -> Made:
    for name, entry in about["files"].items():
        if _digest(archive, name, int(entry["size"])) != entry.get("sha256"):
            raise BackupError(f"{source} is damaged: {name} is not what was kept.")
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f"{_fresh(target)}{secrets.token_hex(4)}")
    try:
        for name, entry in about["files"].items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(f"{INSIDE}/{name}") as kept, path.open("xb") as made:
                shutil.copyfileobj(kept, made, 2**20)
                made.flush()
                os.fsync(made.fileno())
            path.chmod(0o600 if entry.get("mode") == 0o600 else 0o644)
        if target.exists():
            target.rmdir()
        durable.place(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return _counted(about)


def _digest(archive: zipfile.ZipFile, name: str, size: int) -> str:
    """The hash of a file in the archive; words instead once it is longer than it may be."""
    digest, seen = hashlib.sha256(), 0
    with archive.open(f"{INSIDE}/{name}") as kept:
        while block := kept.read(2**20):
            seen += len(block)
            if seen > size:
                return "longer than promised"
            digest.update(block)
    return digest.hexdigest()


def _fresh(target: Path) -> str:
    return f".{target.name}.restoring-"


def _sweep(target: Path) -> None:
    """Remove what a killed restore left beside the target."""
    for left in target.parent.glob(f"{_fresh(target)}*"):
        shutil.rmtree(left, ignore_errors=True)


def _counted(about: dict[str, Any]) -> Made:
    files = about["files"]
    keys = any(name.startswith("grading/keys/") for name in files)
    size = sum(int(entry["size"]) for entry in files.values())
    return Made(len(files), size, str(about["made_at"]), keys)
