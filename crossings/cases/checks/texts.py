"""The texts of a case that a learner reads, with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from crossings.cases.checks.problem import Path
from crossings.cases.model import Case

SHOWN = {
    "title", "summary", "content_note", "role", "text", "question", "consequence", "reason",
    "answer", "label", "prompt", "body", "alt", "why", "name",
}  # fmt: skip
LISTS = {"fields", "messages", "ask"}
"""Fields whose lists hold texts."""
_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+|\n\s*\n")


def shown(case: Case) -> Iterator[tuple[Path, str]]:
    """Every text that a learner may read."""
    data = case.model_dump(mode="json", exclude={"walkthroughs"}, exclude_none=True)
    yield from _within(data, (), False)


def _within(value: Any, path: Path, listed: bool) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        if listed or path[-1] in SHOWN or (len(path) > 1 and path[-2] == "tags"):
            yield path, value
    elif isinstance(value, list):
        for n, one in enumerate(value):
            yield from _within(one, (*path, n), listed)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _within(one, (*path, key), key in LISTS)


def sentences(text: str) -> list[str]:
    return [" ".join(s.split()) for s in _END.split(text) if s.strip()]
