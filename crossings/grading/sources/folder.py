"""A folder of student folders, or of files that are named after students."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from crossings.grading.sources import reading
from crossings.grading.sources.handed import Handed
from crossings.grading.upload import BadUploadError

_KINDS = (".ipynb", ".zip", ".json")


def read(place: Path, assignment: str, notebooks: Sequence[str] = ()) -> Iterator[Handed]:
    """Each folder or file in `place`; hidden ones are passed over.

    Of an assignment with several `notebooks`, files that name the same student are one submission.
    """
    several: dict[str, list[tuple[str, Path]]] = {}
    for path in sorted(place.iterdir()):
        if path.name.startswith((".", "__")):
            continue
        if path.is_dir() or path.is_symlink():
            yield _folder(path, assignment)
        elif len(notebooks) > 1 and path.suffix.lower() == ".ipynb":
            who, name = _part(path.stem, assignment, notebooks)
            several.setdefault(who, []).append((name, path))
        elif path.suffix.lower() in _KINDS:
            yield _file(path, assignment, notebooks)
    for who, files in several.items():
        yield _together(who, files)


def _part(stem: str, assignment: str, notebooks: Sequence[str]) -> tuple[str, str]:
    """What a file's name says about the student, and which notebook it is."""
    # First without the assignment's name, which may stand there as well, or be a notebook's.
    for text in (without(stem, assignment), stem):
        for notebook in sorted(notebooks, key=len, reverse=True):
            who = without(text, notebook)
            if who != text:
                return who, f"{notebook}.ipynb"
    return without(stem, assignment), f"{stem}.ipynb"


def _together(who: str, files: list[tuple[str, Path]]) -> Handed:
    label = " and ".join(path.name for _, path in files)
    found: dict[str, bytes] = {}
    try:
        for name, path in files:
            reading.check_name(path.name)
            if name in found:
                raise BadUploadError(f"there are several files for {name}")
            found[name] = reading.file(path)
    except BadUploadError as error:
        return Handed(label, who, refused=str(error))
    return Handed(label, who, files=found)


def _folder(path: Path, assignment: str) -> Handed:
    try:
        reading.check_name(path.name)
        if path.is_symlink():
            raise BadUploadError("it is a link to another place")
        # nbgrader's own `submitted` folder has a folder for each assignment inside.
        inside = path / assignment
        nested = inside.is_dir() and not inside.is_symlink()
        files = reading.opened(reading.folder(inside if nested else path))
    except BadUploadError as error:
        return Handed(path.name, path.name, refused=str(error))
    return Handed(path.name, path.name, files=files)


def _file(path: Path, assignment: str, notebooks: Sequence[str]) -> Handed:
    who = without(path.stem, assignment)
    try:
        reading.check_name(path.name)
        only = notebooks[0] if notebooks else assignment
        name = f"{only}.ipynb" if path.suffix.lower() == ".ipynb" else path.name
        files = {name: reading.file(path)}
        if path.suffix.lower() == ".json":
            files = {"answers.json": files[name]}
        files = reading.opened(files)
    except BadUploadError as error:
        return Handed(path.name, who, refused=str(error))
    return Handed(path.name, who, files=files)


def without(stem: str, assignment: str) -> str:
    """What a file's name says about the student: the name without the assignment's."""
    own = re.escape(assignment)
    found = re.sub(rf"^{own}[ _+-]+|[ _+-]+{own}$", "", PurePosixPath(stem).name)
    return found.strip(" _+-") or stem
