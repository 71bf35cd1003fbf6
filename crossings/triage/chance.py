"""Draws from a seed that come out the same on every machine and in every version of Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from crossings.items.shuffle import shuffled, stream

T = TypeVar("T")


class Chance:
    """One stream of draws. `of` begins another, which the draws of this one do not move."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self._next = stream(seed)

    def of(self, name: str) -> Chance:
        return Chance(f"{self.seed}/{name}")

    def happens(self, share: float) -> bool:
        return self._next() < share

    def below(self, end: int) -> int:
        return int(self._next() * end)

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def pick(self, values: Sequence[T]) -> T:
        return values[self.below(len(values))]


class Deck:
    """Deals things in mixed order; nothing comes twice before everything has come once.

    Each kind of thing has its own pile. A thing that does not suit goes back under the pile.
    """

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._piles: dict[str, list[int]] = {}
        self._rounds: dict[str, int] = {}

    def deal(self, kind: str, count: int, suits: Mapping[int, bool] | None = None) -> int | None:
        """The place, below `count`, of the next thing that suits; None where none does."""
        fits = [n for n in range(count) if suits is None or suits.get(n, False)]
        if not fits:
            return None
        pile = self._piles.setdefault(kind, [])
        found = next((n for n in pile if n in fits), None)
        if found is None:
            self._rounds[kind] = self._rounds.get(kind, 0) + 1
            fresh = shuffled(range(count), f"{self._seed}/{kind}/{self._rounds[kind]}")
            pile.extend(n for n in fresh if n not in pile)
            found = next(n for n in pile if n in fits)
        pile.remove(found)
        return found
