"""Variants: names and facts of the story that the seed draws. Logic never changes with the seed."""

from __future__ import annotations

import re
from typing import Any

from crossings.cases.state import Document
from crossings.items.shuffle import picked

PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
"""Where a variant stands in a text: `{name}`. Other braces are left as they are."""


class Teller:
    """Fills the variants of one play into whatever is about to be shown."""

    def __init__(self, doc: Document, seed: str) -> None:
        self._values = {
            name: picked(values, f"{seed}/{name}")
            for name, values in doc["variants"].items()
            if values
        }

    def text(self, text: str) -> str:
        return PLACE.sub(lambda m: self._values.get(m.group(1), m.group(0)), text)

    def told(self, value: Any) -> Any:
        """`value` (plain JSON) with variants filled in, however deep the texts stand."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.told(v) for v in value]
        if isinstance(value, dict):
            return {k: self.told(v) for k, v in value.items()}
        return value


def part(source: Any, *names: str) -> dict[str, Any]:
    """The named fields of `source`, leaving out those it does not have."""
    return {name: source[name] for name in names if name in source}
