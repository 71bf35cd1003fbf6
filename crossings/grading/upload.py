"""Checking a file that was handed in, before anything in it is used. Nothing in it is run."""

from __future__ import annotations

import io
import json
import re
import stat
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from crossings.grading import matching
from crossings.grading.matching import BadUploadError, Wanted

__all__ = ["BadUploadError", "Wanted", "arranged", "files_in", "lacking", "together", "unpacked"]

MAX_UPLOAD = 20_000_000
MAX_UNPACKED = 80_000_000
MAX_FILES = 200
MAX_RATIO = 100
"""No honest file packs a hundredfold; a zip bomb does."""
_ODD = re.compile(r'[\\:\x00-\x1f<>|?*"]')
"""What a file's name cannot have on one system or another."""
_SKIPPED = ("__MACOSX", ".ipynb_checkpoints", ".DS_Store", "__pycache__")


def files_in(name: str, body: bytes, wanted: Wanted, *, strict: bool = False) -> dict[str, bytes]:
    """The files handed in, by name relative to the submission; notebooks are called as `wanted`.

    `name` is what the learner's file is called. With `strict`, a notebook that is none of those
    wanted is refused where there are several; else it is left out if none is missing.

    Raises:
        BadUploadError: when the file is no notebook or zip, or not of this assignment.
    """
    if len(body) > MAX_UPLOAD:
        raise BadUploadError(f"the file is over {MAX_UPLOAD // 1_000_000} MB")
    if is_zip(body):
        found = unpacked(body)
    elif name.lower().endswith(".zip"):
        raise BadUploadError("the file is called .zip but is not a zip file: make it again")
    elif len(wanted) == 1:
        found = {f"{next(iter(wanted))}.ipynb": body}
    else:
        found = together([(name, body)])
    return arranged(found, wanted, strict=strict)


def is_zip(body: bytes) -> bool:
    return body[:4] == b"PK\x03\x04"


def together(sent: Sequence[tuple[str, bytes]]) -> dict[str, bytes]:
    """Files that were chosen at once, by their own names without the folders they came from.

    Raises:
        BadUploadError: where one cannot be used so, or two have the same name.
    """
    found: dict[str, bytes] = {}
    if sum(len(body) for _, body in sent) > MAX_UPLOAD:
        raise BadUploadError(f"the files are over {MAX_UPLOAD // 1_000_000} MB together")
    for full, body in sent:
        name = full.replace("\\", "/").rpartition("/")[2]
        told = matching.shown(name)
        if is_zip(body) and len(sent) > 1:
            raise BadUploadError(f"{told} is a zip: hand in one zip alone, or the files themselves")
        if _ODD.search(name) or name in ("", ".", "..") or len(name) > 200:
            raise BadUploadError(f"{told} has a name that cannot be used: rename the file")
        if name in found:
            raise BadUploadError(f"two of the files are called {told}: choose each file once")
        found[name] = body
    return found


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip of the files: the same files always give the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name), body, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def lacking(files: Collection[str], wanted: Wanted) -> tuple[str, ...]:
    """The notebooks that are not among `files`, as `arranged` gave them."""
    return tuple(f"{name}.ipynb" for name in wanted if f"{name}.ipynb" not in files)


def arranged(
    found: Mapping[str, bytes], wanted: Wanted, *, strict: bool = False
) -> dict[str, bytes]:
    """The files of one submission as `files_in` gives them. Raises as it does."""
    notebooks = [path for path in found if path.lower().endswith(".ipynb")]
    chosen = matching.chosen(notebooks, wanted, strict=strict)
    ids = {name: _ids(found[path], path, wanted) for name, path in chosen.items()}
    matching.check_questions(chosen, ids, wanted)
    kept = {f"{name}.ipynb": found[path] for name, path in chosen.items()}
    for path in dict.fromkeys(PurePosixPath(path).parent for path in chosen.values()):
        for name, body in _beside(found, path):
            if kept.setdefault(name, body) != body:
                raise BadUploadError(
                    f"there are two different files {matching.shown(name)}: "
                    "put the notebooks and their files into one folder"
                )
    _check_folders(kept)
    return kept


def _beside(found: Mapping[str, bytes], root: PurePosixPath) -> Iterator[tuple[str, bytes]]:
    for path, content in found.items():
        inside = PurePosixPath(path)
        if inside.is_relative_to(root) and inside.suffix.lower() != ".ipynb":
            yield inside.relative_to(root).as_posix(), content


def _check_folders(files: Collection[str]) -> None:
    """Refuse what no folder can hold: a name that is a file's and a folder's."""
    for path in files:
        for above in PurePosixPath(path).parents:
            if above.as_posix() in files:
                told = matching.shown(above.as_posix())
                raise BadUploadError(f"{told} is the name of a file and of a folder: rename one")


def _ids(body: bytes, path: str, wanted: Wanted) -> set[str]:
    """The grade ids in a notebook; which file it is is said only where there are several."""
    try:
        cells = read_notebook(body)["cells"]
    except BadUploadError as error:
        if len(wanted) == 1:
            raise
        raise BadUploadError(f"{matching.shown(path)}: {error}") from None
    metas = (cell.get("metadata", {}).get("nbgrader", {}) for cell in cells)
    return {str(meta.get("grade_id")) for meta in metas if isinstance(meta, dict)}


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
    odd = _ODD.search(member.orig_filename)
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
