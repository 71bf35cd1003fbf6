"""What a machine is made of: nodes, choices and rules as far as a slice of facts sees them, and the
drafts that move through them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crossings.cases.explore.layout import Guard, Tree

NO_CAP = 101
Event = tuple[Any, ...]
"""("enter", node), ("fire", rule), ("see", evidence), ("guard", path, outcome), ("stuck", node)"""

Op = tuple[Any, ...]
"""("on" | "off", bits), ("set" | "add", number of the variable, value, min, max), ("advance", n)"""


@dataclass(frozen=True)
class Way:
    """A branch: where it leads, under which guard."""

    to: str
    guard: Guard | None


@dataclass(frozen=True)
class Part:
    """An option, question, find or verdict, as far as the slice sees it."""

    name: str
    guard: Guard | None
    on: int
    off: int
    ops: tuple[Op, ...]
    cap: int
    points: int
    minutes: int = 0
    ways: tuple[Way, ...] = ()
    evidence: int = 0
    """The bit that says that this find was seen."""
    kin: int = 0
    """In a pool: the number of its class. Parts of one class are alike in all but their text."""

    def shape(self) -> tuple[object, ...]:
        """All of it but its name, its points and where its guard stands."""
        tree = self.guard.tree if self.guard else None
        return (self.ops, self.cap, self.minutes, self.on, self.off, self.evidence, tree, self.ways)


@dataclass(frozen=True)
class Stop:
    """A node, as far as the slice sees it."""

    name: str
    kind: str
    visited: int
    ops: tuple[Op, ...]
    seen: int
    evidence: tuple[str, ...]
    parts: tuple[Part, ...] = ()
    ways: tuple[Way, ...] = ()
    rounds: tuple[tuple[Part, ...], ...] = ()
    """Of a triage: the verdicts that differ, arrival by arrival."""
    limit: int = 0
    """Questions, or minutes."""
    most: int = 0
    """Points that can be earned here."""
    ceiling: int = 0
    """Of an interview: where its points stop."""
    exact: bool = True
    """Of a pool: whether each question or find is followed. Otherwise those that change nothing
    the slice sees are only counted, and any points may be earned."""
    purse: int = -1
    """Where the points of this node are kept, if it can be met again and they are followed."""
    counts: bool = True
    """Whether points are counted as they are earned. Otherwise any may be earned: they are added
    on entering, or at the end where the node can be met again."""
    pool: int = -1


@dataclass(frozen=True)
class Delayed:
    """A rule, as far as the slice sees it."""

    name: str
    number: int
    guard: Guard
    fired: int
    ops: tuple[Op, ...]
    cap: int
    goto: str | None
    only_caps: bool
    """Whether all that the slice sees of it is its cap."""


@dataclass(slots=True)
class Draft:
    """Where some plays stand, with what the move on the way has brought so far."""

    node: str
    step: int = 0
    """In a triage: how many arrivals are sorted."""
    bits: int = 0
    numbers: tuple[int, ...] = ()
    low: int = 0
    high: int = 0
    """The clock: at least and at most."""
    pools: tuple[tuple[int, int], ...] = ()
    """By pool: what was taken (a bit each), and how many more that are only counted."""
    purses: tuple[int, ...] = ()
    ended: bool = False
    least: int = 0
    most: int = 0
    """Points of the move."""
    cap: int = NO_CAP
    cap_at_worst: int = NO_CAP
    """As `cap`, with those of rules that may have fired."""
    now: int = 0
    """Rules that fired in this move."""
    fired: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()

    def copy(self) -> Draft:
        return Draft(
            self.node, self.step, self.bits, self.numbers, self.low, self.high, self.pools,
            self.purses, self.ended, self.least, self.most, self.cap, self.cap_at_worst, self.now,
            self.fired, self.events,
        )  # fmt: skip


def outcome(tree: Tree, truth: int, known: int) -> bool | None:
    """A guard's value where only the atoms in `known` are known; None where that is too little."""
    word = tree[0]
    if word == "is":
        return bool(truth & tree[1]) if known & tree[1] else None
    if word == "const":
        return bool(tree[1])
    if word == "not":
        value = outcome(tree[1], truth, known)
        return None if value is None else not value
    ends = word == "or"
    one = outcome(tree[1], truth, known)
    if one is ends:
        return ends
    other = outcome(tree[2], truth, known)
    if other is ends:
        return ends
    return None if one is None or other is None else not ends


def deciding(tree: Tree, truth: int, dear: Callable[[int], int]) -> int:
    """Atoms that suffice to give a guard the value it has under `truth`; of several sets, the one
    that is least `dear` to follow."""
    word = tree[0]
    if word == "is":
        return int(tree[1])
    if word == "const":
        return 0
    if word == "not":
        return deciding(tree[1], truth, dear)
    everything = ~0
    ends = [part for part in tree[1:] if outcome(part, truth, everything) is (word == "or")]
    found = [deciding(part, truth, dear) for part in ends or tree[1:]]
    return min(found, key=dear) if ends else found[0] | found[1]
