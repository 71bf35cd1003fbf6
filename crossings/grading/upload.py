"""Checking a file that was handed in, before anything in it is used. Nothing in it is run."""

from __future__ import annotations

import io
import json
import re
import stat
import zipfile
from collections.abc import Collection
from pathlib import PurePosixPath
from typing import Any

MAX_UPLOAD = 20_000_000
MAX_UNPACKED = 80_000_000
MAX_FILES = 200
MAX_RATIO = 100
"""No honest file packs a hundredfold; a zip bomb does."""
_SKIPPED = ("__MACOSX", ".ipynb_checkpoints", ".DS_Store", "__pycache__")


class BadUploadError(ValueError):
    """The file cannot be taken; the message says why, in words for a learner."""


def files_in(
    name: str, body: bytes, assignment: str, grade_ids: Collection[str] = ()
) -> dict[str, bytes]:
    """The files handed in, by name relative to the submission; the notebook is renamed.

    `name` is what the learner's file is called, `grade_ids` the questions of the assignment.

    Raises:
        BadUploadError: when the file is no notebook or zip, or not of this assignment.
    """
    if len(body) > MAX_UPLOAD:
        raise BadUploadError(f"the file is over {MAX_UPLOAD // 1_000_000} MB")
    if body[:4] == b"PK\x03\x04":
        found = unpacked(body)
    elif name.lower().endswith(".zip"):
        raise BadUploadError("the file is called .zip but is not a zip file: make it again")
    else:
        found = {f"{assignment}.ipynb": body}
    return arranged(found, assignment, grade_ids)


def arranged(
    found: dict[str, bytes], assignment: str, grade_ids: Collection[str] = ()
) -> dict[str, bytes]:
    """The files of one submission as `files_in` gives them. Raises as it does."""
    notebook = _the_notebook(found, assignment)
    _check_notebook(found[notebook], grade_ids)
    root = PurePosixPath(notebook).parent
    kept = {f"{assignment}.ipynb": found[notebook]}
    for path, content in found.items():
        inside = PurePosixPath(path)
        if inside.is_relative_to(root) and inside.suffix != ".ipynb":
            kept[inside.relative_to(root).as_posix()] = content
    return kept


def _the_notebook(files: dict[str, bytes], assignment: str) -> str:
    notebooks = [path for path in files if path.lower().endswith(".ipynb")]
    named = [p for p in notebooks if PurePosixPath(p).name == f"{assignment}.ipynb"]
    chosen = named or notebooks
    if not chosen:
        raise BadUploadError("the zip holds no notebook (a file that ends in .ipynb)")
    if len(chosen) > 1:
        raise BadUploadError(
            f"the zip holds several notebooks: leave only {assignment}.ipynb in it"
        )
    return chosen[0]


def _check_notebook(body: bytes, grade_ids: Collection[str]) -> None:
    found = read_notebook(body)
    theirs = {
        cell.get("metadata", {}).get("nbgrader", {}).get("grade_id")
        for cell in found["cells"]
        if isinstance(cell.get("metadata", {}).get("nbgrader", {}), dict)
    }
    if grade_ids and not theirs & set(grade_ids):
        raise BadUploadError(
            "this is a notebook, but not the one of this assignment: its questions are missing. "
            "Download the notebook again, copy your work into it, and hand that in"
        )


def read_notebook(body: bytes) -> dict[str, Any]:
    """`body` as a notebook (nbformat 4) that Jupyter can read, or BadUploadError."""
    import nbformat

    try:
        found = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise BadUploadError(
            "the file is not a notebook: in JupyterLab, save your notebook and hand in the file "
            "that ends in .ipynb"
        ) from None
    if not isinstance(found, dict) or not isinstance(found.get("cells"), list):
        raise BadUploadError("the file is not a notebook of version 4: save it in JupyterLab again")
    try:
        nbformat.validate(found)
    except (
        nbformat.ValidationError,
        ValueError,
        TypeError,
        AttributeError,
        RecursionError,
        ImportError,  # what nbformat says of a version that does not exist
    ):
        raise BadUploadError(
            "the notebook is damaged: open it in JupyterLab, save it, and hand it in again"
        ) from None
    return found


def unpacked(body: bytes) -> dict[str, bytes]:
    """The files in a zip, by path; BadUploadError where one of them must not be unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            if len(members) > MAX_FILES:
                raise BadUploadError(f"the zip holds over {MAX_FILES} files")
            if sum(m.file_size for m in members) > MAX_UNPACKED:
                raise BadUploadError(f"the zip unpacks to over {MAX_UNPACKED // 1_000_000} MB")
            paths = {checked(m): m for m in members}
            if len(paths) != len(members):
                raise BadUploadError("the zip holds two files of the same name")
            wanted = {p: m for p, m in paths.items() if not is_skipped(p)}
            return {path: content(archive, m) for path, m in wanted.items()}
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        if isinstance(error, BadUploadError):
            raise
        raise BadUploadError("the zip file is damaged: make it again") from None
    except Exception as error:  # zlib.error and lzma.LZMAError have no common ancestor
        raise BadUploadError("the zip file is damaged: make it again") from error


def is_skipped(path: str) -> bool:
    return any(part in _SKIPPED for part in PurePosixPath(path).parts)


def checked(member: zipfile.ZipInfo) -> str:
    """The member's path, when it can only lead into the submission."""
    name = member.filename
    parts = PurePosixPath(name).parts
    # `orig_filename` still has what zipfile cuts off or turns round, such as NUL and backslash.
    odd = re.search(r'[\\:\x00-\x1f<>|?*"]', member.orig_filename)
    if name.startswith("/") or ".." in parts or odd or not parts:
        raise BadUploadError(
            "the zip holds a file whose path leads out of its folder: zip only your own files"
        )
    if len(name) > 200:
        raise BadUploadError("the zip holds a file with a very long name")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise BadUploadError("the zip holds a link to another file: zip the file itself")
    if member.flag_bits & 0x1:
        raise BadUploadError("the zip is locked with a password: make it without")
    if member.file_size > 1_000_000 and member.file_size > MAX_RATIO * member.compress_size:
        raise BadUploadError("the zip unpacks to a suspiciously large file")
    return name


def content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """What is in the member, which may not be more than it says."""
    with archive.open(member) as handle:
        found = handle.read(member.file_size + 1)
    if len(found) > member.file_size:
        raise BadUploadError("the zip is not honest about its size")
    return found
