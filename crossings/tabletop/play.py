"""What an exercise has come to: a fold over its events and a server time.

Nothing here waits for a timer. When an inject reaches its roles follows from the events' times, so
any past moment can be had again, and two processes that look at the same log see the same.

At one minute, first come injects that only wait for their time, then milestones and branches, then
conditions, each in the order of the file, until nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from crossings.tabletop.clock import History, Moment, Status, Turn, history
from crossings.tabletop.event import Event
from crossings.tabletop.model import Tabletop
from crossings.tabletop.world import Entry, World


@dataclass(frozen=True)
class Score:
    """What the trainer gave a role for one criterion; `level` counts from 0, the best."""

    role: str
    criterion: str
    level: int
    note: str = ""


@dataclass(frozen=True)
class Play:
    """The exercise at one moment."""

    table: Tabletop
    history: History
    entries: tuple[Entry, ...]
    """Everything that happened and counts, in order."""
    fired: Mapping[str, int]
    met: Mapping[str, int]
    """Milestones that are on, with the time since when."""
    first_met: Mapping[str, int]
    """Milestones that were ever on, with the first time."""
    done: Mapping[tuple[str, str], int]
    """Role and action, with the time."""
    ways: Mapping[str, str]
    counted: frozenset[str]
    """Keys of the acts that had their effect."""
    scores: Mapping[tuple[str, str], Score]
    open_actions: Mapping[str, tuple[str, ...]]
    """By role: the actions that it may take now."""
    open_forms: Mapping[str, tuple[str, ...]]
    next_ms: int | None
    """When something may happen by itself."""

    @property
    def ms(self) -> int:
        return self.history.ms

    @property
    def minute(self) -> int:
        return self.history.ms // 60_000

    @property
    def status(self) -> Status:
        return self.history.status

    @property
    def turns(self) -> tuple[Turn, ...]:
        return self.history.turns

    @property
    def undone(self) -> tuple[Moment, ...]:
        """Acts that a rewind took back."""
        return self.history.undone

    @cached_property
    def due(self) -> float | None:
        """The server time at which something may happen by itself, unless the clock is moved."""
        if self.status != "running" or self.next_ms is None:
            return None
        return (self.history.server + self.next_ms - self.history.ms) / 1000

    def holds(self, now: float) -> bool:
        """Whether nothing but the clock has changed at server time `now`, without new acts."""
        # Rounded as the clock rounds: the moment at which it was played has to hold.
        return self.history.server <= round(now * 1000) and (self.due is None or now < self.due)

    def later(self, now: float) -> Play:
        """The same with the clock of `now`; only where it still holds."""
        passed = max(0, round(now * 1000) - self.history.server)
        if not passed:
            return self
        ms = self.ms + (passed if self.status == "running" else 0)
        moved = replace(self.history, ms=ms, server=self.history.server + passed)
        return replace(self, history=moved)


class Going:
    """An exercise that is looked at again and again: what it had come to with its last act, so
    that the next look begins there. One that was taken back, or came in between, begins anew."""

    def __init__(self, table: Tabletop) -> None:
        self.table = table
        self._begin()

    def _begin(self) -> None:
        self._world, self._begun = World(self.table), False
        self._acts: list[Moment] = []

    def world(self, past: History) -> World:
        """The world at the moment of `past`."""
        if past.status == "waiting":
            return World(self.table)
        acts = [m for m in past.moments if m.event.kind != "scored"]
        if not self._continues(acts):
            self._begin()
        if not self._begun:
            self._world.settle()
            self._begun = True
        for moment in acts[len(self._acts) :]:
            self._world.run_to(moment.ms)
            self._world.take(moment.event)
        self._acts = acts
        # Time runs in a copy: an act that is on its way may have happened before this look.
        now = self._world.copied()
        now.run_to(past.ms)
        return now

    def _continues(self, acts: list[Moment]) -> bool:
        pairs = zip(self._acts, acts, strict=False)
        return len(acts) >= len(self._acts) and all(
            known.event is act.event and known.ms == act.ms for known, act in pairs
        )


def played(
    table: Tabletop, events: Iterable[Event], now: float, going: Going | None = None
) -> Play:
    """The exercise at server time `now`, of all its events in any order.

    Who looks again and again keeps a `Going` of the same table, which saves the repetition.
    """
    past = history(events, now)
    world = (going or Going(table)).world(past)
    scores: dict[tuple[str, str], Score] = {}
    counted = set(world.counted)
    marks = sorted(
        (m.event for m in past.moments if m.event.kind == "scored"), key=lambda e: (e.at, e.key)
    )
    for event in marks:
        score = _score(table, event.payload)
        if score is not None:
            scores[score.role, score.criterion] = score
            counted.add(event.key)
    return Play(
        table=table,
        history=past,
        entries=tuple(world.entries),
        fired=dict(world.fired),
        met=dict(world.met),
        first_met=dict(world.first_met),
        done=dict(world.done),
        ways=dict(world.ways),
        counted=frozenset(counted),
        scores=scores,
        open_actions={r: world.open_actions(r) for r in table.roles},
        open_forms={r: world.open_forms(r) for r in table.roles},
        next_ms=world.next_after(past.ms),
    )


def _score(table: Tabletop, payload: Mapping[str, Any]) -> Score | None:
    role, criterion, level = (payload.get(k) for k in ("role", "criterion", "level"))
    scale = next((s for s in table.rubric if s.id == criterion), None)
    if role not in table.roles or scale is None or not isinstance(level, int):
        return None
    if not 0 <= level < len(scale.levels):
        return None
    return Score(str(role), scale.id, level, str(payload.get("note", "")))
