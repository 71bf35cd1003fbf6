"""What an exchange could not carry over, and the mistakes that stop it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


def printable(text: str) -> str:
    """`text` without control characters: a stranger's file must not speak to the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)


class ExchangeError(Exception):
    """A file that cannot be exchanged at all; the message says what, where and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


@dataclass(frozen=True, order=True)
class Loss:
    """One thing that was not carried over, or only in part.

    `place` is what an author looks for (a passage, an item, a node); `line` counts from 1 in the
    file that was read, 0 where there is none.
    """

    place: str
    line: int
    what: str

    def __str__(self) -> str:
        where = f"{self.place}, line {self.line}" if self.line else self.place
        return printable(f"{where}: {self.what}").replace("\n", " ")


def told(losses: Iterable[Loss]) -> list[str]:
    """The losses as lines, each once, in the order of the file."""
    return [str(loss) for loss in dict.fromkeys(losses)]
