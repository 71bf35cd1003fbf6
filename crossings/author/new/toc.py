"""The table of contents: a new part beside those of the other modules, comments untouched."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from crossings.author.new.made import replace
from crossings.author.new.names import quoted
from crossings.curriculum.model import GUIDE

FILE = "_toc.yml"
GUIDES = "For trainers"
"""The part of the book with the trainers' guides."""
_CHAPTER = re.compile(r"^(?P<indent>\s*)- file: modules/")


def part(caption: str, document: str) -> str:
    """The lines of a part with one chapter."""
    return f"  - caption: {quoted(caption)}\n    chapters:\n      - file: {document}\n"


def add_part(root: Path, caption: str, document: str) -> bool:
    """Add the part after the last module's; False where the file is none that we can add to, and
    then it stays as it is.

    Raises:
        NewError: where it cannot be written.
    """
    lines = _lines(root)
    places = [n for n, line in enumerate(lines) if _CHAPTER.match(line) and not _guide(line)]
    return bool(places) and _added(root, lines, places[-1] + 1, caption, document)


def add_guide(root: Path, document: str) -> bool:
    """As `add_part`, for a trainer's guide: at the end of their part, or in a new one."""
    lines = _lines(root)
    places = [n for n, line in enumerate(lines) if _guide(line)]
    if places:
        indent = re.match(r"\s*", lines[places[-1]])
        entry = f"{indent.group() if indent else ''}- file: {document}\n"
        return _written(root, lines, places[-1] + 1, entry, GUIDES, document)
    return bool(lines) and _added(root, lines, len(lines), GUIDES, document)


def _guide(line: str) -> bool:
    return _CHAPTER.match(line) is not None and line.rstrip().endswith(f"/{GUIDE}")


def _lines(root: Path) -> list[str]:
    """The file's lines; none where it cannot be read."""
    try:
        text = (root / FILE).read_text(encoding="utf-8")
        yaml.safe_load(text)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return []
    return text.splitlines(keepends=True)


def _added(root: Path, lines: list[str], at: int, caption: str, document: str) -> bool:
    return _written(root, lines, at, part(caption, document), caption, document)


def _written(root: Path, lines: list[str], at: int, text: str, caption: str, document: str) -> bool:
    """Put `text` before the line `at`, where nothing else changes by it."""
    new = f"{''.join(lines[:at]).rstrip()}\n{text}{''.join(lines[at:])}"
    if not _only_added(yaml.safe_load("".join(lines)), new, caption, document):
        return False
    replace(root / FILE, new, root)
    return True


def _only_added(before: Any, new: str, caption: str, document: str) -> bool:
    """The new text says what the old one said, and the page in the part with this caption."""
    try:
        after = yaml.safe_load(new)
        here = next(p for p in after["parts"] if {"file": document} in p["chapters"])
        here["chapters"].remove({"file": document})
        if not here["chapters"]:
            after["parts"].remove(here)
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError, StopIteration):
        return False
    return bool(after == before and here["caption"] == caption)
