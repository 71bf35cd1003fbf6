"""What is true at one moment of a play, and whether a guard holds in it.

`State` is frozen: `crossings.cases.engine` makes a `Draft` of it, changes that, and freezes the
result. `docs/formats/case-trace.md` describes the JSON form, which `engine.js` shares.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Document = Mapping[str, Any]
"""A compiled case: what `crossings.cases.document.document` returns."""

Value = bool | int | tuple[str, ...]
Entry = Mapping[str, Any]
"""One line of the log: what was done, where it led, which rules fired."""

MODES = ("learn", "assess", "drill")


class Facts(Protocol):
    """What guards can ask about: a `State` or a `Draft`."""

    @property
    def clock(self) -> int: ...
    @property
    def vars(self) -> Mapping[str, Value]: ...
    @property
    def seen(self) -> Collection[str]: ...
    @property
    def asked(self) -> Collection[str]: ...
    @property
    def visited(self) -> Collection[str]: ...
    @property
    def fired(self) -> Collection[str]: ...
    @property
    def chosen(self) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class State:
    """One moment of a play. Two states are equal when their JSON is."""

    seed: str
    mode: str
    node: str
    seq: int = 0
    rewinds: int = 0
    clock: int = 0
    ending: str | None = None
    vars: Mapping[str, Value] = field(default_factory=dict)
    seen: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    visited: tuple[str, ...] = ()
    fired: tuple[str, ...] = ()
    caps: tuple[str, ...] = ()
    chosen: Mapping[str, str] = field(default_factory=dict)
    sorted: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    points: Mapping[str, int] = field(default_factory=dict)
    best: Mapping[str, int] = field(default_factory=dict)
    spent: Mapping[str, int] = field(default_factory=dict)
    log: tuple[Entry, ...] = ()
    before: State | None = field(default=None, compare=False, repr=False)
    """The state before the last event: rewinding follows these links."""

    def to_json(self) -> dict[str, Any]:
        """The state as plain JSON data."""
        return {
            "seed": self.seed,
            "mode": self.mode,
            "node": self.node,
            "seq": self.seq,
            "rewinds": self.rewinds,
            "clock": self.clock,
            "ending": self.ending,
            "vars": {n: list(v) if isinstance(v, tuple) else v for n, v in self.vars.items()},
            "seen": list(self.seen),
            "asked": list(self.asked),
            "visited": list(self.visited),
            "fired": list(self.fired),
            "caps": list(self.caps),
            "chosen": dict(self.chosen),
            "sorted": {node: dict(pairs) for node, pairs in self.sorted.items()},
            "notes": dict(self.notes),
            "points": dict(self.points),
            "best": dict(self.best),
            "spent": dict(self.spent),
            "log": [dict(entry) for entry in self.log],
        }


@dataclass
class Draft:
    """A state being changed by one event. Never leaves the engine."""

    node: str
    clock: int
    ending: str | None
    vars: dict[str, Value]
    seen: list[str]
    asked: list[str]
    visited: list[str]
    fired: list[str]
    caps: list[str]
    chosen: dict[str, str]
    sorted: dict[str, Mapping[str, str]]
    notes: dict[str, str]
    points: dict[str, int]
    best: dict[str, int]
    spent: dict[str, int]

    @classmethod
    def of(cls, state: State) -> Draft:
        return cls(
            node=state.node,
            clock=state.clock,
            ending=state.ending,
            vars=dict(state.vars),
            seen=list(state.seen),
            asked=list(state.asked),
            visited=list(state.visited),
            fired=list(state.fired),
            caps=list(state.caps),
            chosen=dict(state.chosen),
            sorted=dict(state.sorted),
            notes=dict(state.notes),
            points=dict(state.points),
            best=dict(state.best),
            spent=dict(state.spent),
        )

    def frozen(self, before: State, entry: Entry) -> State:
        """The state after the event that `entry` tells of."""
        return State(
            seed=before.seed,
            mode=before.mode,
            seq=entry["seq"],
            rewinds=before.rewinds,
            node=self.node,
            clock=self.clock,
            ending=self.ending,
            vars=self.vars,
            seen=tuple(self.seen),
            asked=tuple(self.asked),
            visited=tuple(self.visited),
            fired=tuple(self.fired),
            caps=tuple(self.caps),
            chosen=self.chosen,
            sorted=self.sorted,
            notes=self.notes,
            points=self.points,
            best=self.best,
            spent=self.spent,
            log=(*before.log, entry),
            before=before,
        )


def holds(tree: list[Any] | None, facts: Facts) -> bool:
    """Whether a parsed guard holds; no guard always does.

    A guard about something undeclared or of another type does not hold: `check` reports it.
    """
    if tree is None:
        return True
    word = tree[0]
    if word == "or":
        return holds(tree[1], facts) or holds(tree[2], facts)
    if word == "and":
        return holds(tree[1], facts) and holds(tree[2], facts)
    if word == "not":
        return not holds(tree[1], facts)
    if word == "cmp":
        return _compares(tree[1], _number(tree[2], facts), tree[3])
    if word == "is":
        return facts.vars.get(tree[1]) is True
    if word == "has":
        tags = facts.vars.get(tree[1])
        return isinstance(tags, tuple) and str(tree[2]) in tags
    if word == "chose":
        return facts.chosen.get(tree[1]) == str(tree[2])
    if word == "asked":
        return f"{tree[1]}.{tree[2]}" in facts.asked
    if word == "seen":
        return tree[1] in facts.seen
    if word == "visited":
        return tree[1] in facts.visited
    return tree[1] in facts.fired


def _number(name: str, facts: Facts) -> int | None:
    if name == "clock":
        return facts.clock
    value = facts.vars.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _compares(op: str, left: int | None, right: int) -> bool:
    if left is None:
        return False
    if op == "==":
        return left == right
    if op == "!=":
        return left != right
    if op == "<":
        return left < right
    if op == "<=":
        return left <= right
    if op == ">":
        return left > right
    return left >= right
