"""What `./course new` hands back, and how it writes: never over something that is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import jinja2

from crossings.curriculum.problem import relative
from crossings.curriculum.unfinished import marked_lines

_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates", encoding="utf-8"),
    undefined=jinja2.StrictUndefined,
    keep_trailing_newline=True,
    autoescape=False,  # what is made is YAML and Markdown, of names that were checked
)


class NewError(Exception):
    """Nothing was written; the message says why and what to do."""


@dataclass(frozen=True)
class Made:
    """What was written, and what to do next."""

    files: tuple[Path, ...]
    start: Path
    """The file in which to begin."""
    line: int
    """The line of the first text to write."""
    texts: int
    """How many lines wait for their author."""
    then: tuple[str, ...]
    """What to do after the writing, a sentence each."""


def filled(template: str, **words: object) -> str:
    """A template with its blanks filled in."""
    return _TEMPLATES.get_template(template).render(**words)


def made(files: tuple[Path, ...], start: Path, then: tuple[str, ...], since: int = 1) -> Made:
    """`since` is the first line that is new in `start`."""
    waiting = [line for line in marked_lines(start) if line >= since]
    other = sum(len(marked_lines(f)) for f in files if f != start)
    return Made(files, start, waiting[0], len(waiting) + other, then)


def write_new(files: Mapping[Path, str], root: Path) -> None:
    """Write files that do not exist yet, all or none.

    Raises:
        NewError: where one exists or cannot be written; what was written is taken away again.
    """
    written: list[Path] = []
    folders: list[Path] = []
    try:
        for path, text in files.items():
            folders += _missing_folders(path.parent)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as handle:
                written.append(path)
                handle.write(text)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        for folder in sorted(folders, reverse=True):
            with suppress(OSError):
                folder.rmdir()
        if isinstance(error, FileExistsError):
            name = relative(Path(error.filename), root)
            raise NewError(f"{name} exists already; nothing was written") from None
        raise NewError(_cannot_write(error, root)) from None


def _missing_folders(folder: Path) -> list[Path]:
    return [f for f in (folder, *folder.parents) if not f.exists()]


def replace(path: Path, text: str, root: Path) -> None:
    """Put `text` in the place of the file at once: a reader sees the old or the new one."""
    with _told(root):
        fresh = path.with_name(f".{path.name}.new")
        fresh.write_text(text, encoding="utf-8", newline="")
        fresh.replace(path)


@contextmanager
def _told(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NewError(_cannot_write(error, root)) from None


def _cannot_write(error: OSError, root: Path) -> str:
    where = relative(Path(error.filename), root) if error.filename else str(root)
    return f"cannot write to {where}: {error.strerror}"
