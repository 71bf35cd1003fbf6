"""The table of contents: a new part beside those of the other modules, comments untouched."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from crossings.author.new.made import replace
from crossings.author.new.names import quoted

FILE = "_toc.yml"
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
    path = root / FILE
    try:
        old = path.read_text(encoding="utf-8")
        before = yaml.safe_load(old)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return False
    lines = old.splitlines(keepends=True)
    places = [n for n, line in enumerate(lines) if _CHAPTER.match(line)]
    if not places:
        return False
    at = places[-1] + 1
    head = "".join(lines[:at])
    new = f"{head.rstrip()}\n{part(caption, document)}{''.join(lines[at:])}"
    if not _only_added(before, new, caption, document):
        return False
    replace(path, new, root)
    return True


def _only_added(before: Any, new: str, caption: str, document: str) -> bool:
    """The new text says what the old one said, and the new part."""
    try:
        after = yaml.safe_load(new)
        added = {"caption": caption, "chapters": [{"file": document}]}
        after["parts"].remove(added)
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError):
        return False
    return bool(after == before)
