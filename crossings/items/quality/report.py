"""A bank in figures: what each simulated test-taker earns, item by item and over all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crossings.items.model import Item
from crossings.items.quality.giveaways import Flaw, flaws
from crossings.items.quality.takers import PLAYS, TAKERS, expected

SEED = "quality"
OUTSIDER_LIMIT = 0.5
"""From here on, common sense alone passes."""
EASY = 0.7
"""An item that an outsider gets so often gives its answer away."""


@dataclass(frozen=True)
class ItemReport:
    """One item: the share of its points that each test-taker earns on average, 0 to 1."""

    item: Item
    shares: Mapping[str, float]

    @property
    def gives_away(self) -> bool:
        return self.shares["outsider"] >= EASY

    @property
    def surprise(self) -> float:
        """How much easier (or, below 0, harder) it is for the average trainee than its author
        thinks."""
        return self.shares["average"] - self.item.difficulty


@dataclass(frozen=True)
class BankReport:
    """A whole bank; items that a person marks are counted and not simulated."""

    items: tuple[ItemReport, ...]
    written: int
    flaws: tuple[Flaw, ...]

    def mean(self, taker: str) -> float:
        """The share of all points that a test-taker earns, each item counted once."""
        return sum(i.shares[taker] for i in self.items) / len(self.items) if self.items else 0.0

    @property
    def passes_outsider(self) -> bool:
        return self.mean("outsider") < OUTSIDER_LIMIT


def report(items: Iterable[Item], seed: str = SEED, plays: int = PLAYS) -> BankReport:
    """Let every test-taker answer every item that a program marks."""
    bank = tuple(items)
    found = []
    for item in bank:
        shares = {t.name: expected(t, item, seed, plays) for t in TAKERS}
        known = {name: share for name, share in shares.items() if share is not None}
        if len(known) == len(TAKERS):
            found.append(ItemReport(item, known))
    return BankReport(tuple(found), len(bank) - len(found), tuple(flaws(bank)))
