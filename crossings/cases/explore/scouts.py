"""Scouts: plays that show what can happen, before anything has to be proved.

Some go where the others have not been, some do what earns most, some what earns least.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from random import Random

from crossings.cases.explore.machine import Machine
from crossings.cases.explore.moves import Move
from crossings.cases.explore.parts import Draft, Event
from crossings.cases.explore.replay import Run, same

PLAYS = 240
STEPS = 400
TIRED = 60
"""Scouts are called back when so many in a row met nothing new."""
STRAY = 0.3
"""How often a scout does something else than what it wishes."""

Way = tuple[Move, Draft]
Wish = Callable[[Way, int], tuple[int, int]]
"""What a scout would rather do, from a way and how often it was taken: the least is wished for."""

_WISHES: tuple[Wish, ...] = (
    lambda way, times: (times, 0),
    lambda way, times: (-way[1].least, times),
    lambda way, times: (times, 0),
    lambda way, times: (way[1].least, times),
)


@dataclass
class Sightings:
    """What plays have shown. `asked` are the events that are of interest."""

    asked: Collection[Event]
    events: dict[Event, Run | None] = field(default_factory=dict)
    lowest: dict[str, Run] = field(default_factory=dict)
    """By ending, the play that ended there with the fewest percent."""
    highest: dict[str, Run] = field(default_factory=dict)
    richest: Run | None = None
    """The play that earned the most points, at whatever ending."""

    def see(self, run: Run) -> None:
        """Keep what `run` shows."""
        if run.draft.ended:
            self._ended(run)
        new = {e for e in run.events if e in self.asked and e not in self.events}
        if new:
            self.events.update(dict.fromkeys(new, run.copy()))

    def _ended(self, run: Run) -> None:
        name, percent = run.draft.node, run.percent
        if name not in self.lowest or percent < self.lowest[name].percent:
            self.lowest[name] = run.copy()
        if name not in self.highest or percent > self.highest[name].percent:
            self.highest[name] = run.copy()
        if self.richest is None or run.points > self.richest.points:
            self.richest = run.copy()


def scout(full: Machine, seen: Sightings, walks: Mapping[str, list[Move]]) -> None:
    """Send scouts through the machine that follows everything; the `walks` go first."""
    for moves in walks.values():
        _walk(full, seen, moves)
    met: Counter[tuple[str, Move]] = Counter()
    tired = 0
    for number in range(PLAYS):
        before = len(seen.events)
        _play(full, seen, Random(f"scout/{number}"), met, _WISHES[number % len(_WISHES)])
        tired = 0 if len(seen.events) > before else tired + 1
        if tired == TIRED:
            return


def _walk(full: Machine, seen: Sightings, moves: list[Move]) -> None:
    run = Run.begin(full)
    seen.see(run)
    for move in moves:
        chosen = same(full, full, run, move, None)
        if chosen is None:
            return
        run.take(*chosen)
        seen.see(run)


def _play(
    full: Machine, seen: Sightings, chance: Random, met: Counter[tuple[str, Move]], wish: Wish
) -> None:
    run = Run.begin(full)
    seen.see(run)
    for _ in range(STEPS):
        ways = list(run.open_moves().items())
        if not ways:
            return
        node = run.draft.node
        ranked = [(*wish(way, met[node, way[0]]), chance.random()) for way in ways]
        wished = ways[ranked.index(min(ranked))]
        move, draft = chance.choice(ways) if chance.random() < STRAY else wished
        met[node, move] += 1
        run.take(move, draft)
        seen.see(run)
