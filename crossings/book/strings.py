"""The words of pages that the program writes, in one catalogue: `strings.en.json`."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from pathlib import Path

FILE = Path(__file__).parent / "strings.en.json"


@functools.cache
def catalogue() -> Mapping[str, str]:
    """All words by key."""
    words: dict[str, str] = json.loads(FILE.read_text(encoding="utf-8"))
    return words


def say(key: str, **values: object) -> str:
    """The words for `key`, with the values in their places.

    Raises:
        KeyError: when the catalogue has no such key.
    """
    return catalogue()[key].format(**values)
