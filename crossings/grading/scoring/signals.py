"""What marking noticed about a submission, in words for the trainer.

A *strong* signal says: somebody acted on the marking itself, or it could not be trusted; a person
decides. A *weak* one is a note: it may be a slip, and what it touched was put right.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Strength = Literal["strong", "weak"]


@dataclass(frozen=True)
class Signal:
    """One observation. `cell` is the grade id that it is about, "" for the whole notebook."""

    kind: str
    text: str
    strength: Strength = "weak"
    cell: str = ""

    def __str__(self) -> str:
        return f"{self.cell}: {self.text}" if self.cell else self.text


def strong(signals: Iterable[Signal], cell: str | None = None) -> list[Signal]:
    """The strong ones; with `cell`, those about it or about the whole notebook."""
    return [s for s in signals if s.strength == "strong" and (cell is None or s.cell in ("", cell))]


def shown(value: object, most: int = 40) -> str:
    """Something that a learner wrote, short and on one line, for a trainer's eyes."""
    text = repr(value) if not isinstance(value, str) else value
    plain = "".join(c if c.isprintable() else "?" for c in text[: most + 1])
    return plain[:most] + "…" if len(plain) > most else plain
