"""Going through the folded states of a machine, with the best and the worst score on the way.

Points and caps decide nothing in a play, so they are no part of a state: each state carries the
scores with which it can be reached, as far as no other is better (or worse) in both points and cap.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from crossings.cases.explore.aims import Aim, Outlook
from crossings.cases.explore.folding import Folding, Key
from crossings.cases.explore.machine import Machine
from crossings.cases.explore.moves import Move, begun, seen_at, successors
from crossings.cases.explore.parts import NO_CAP, Draft, Event

NOTHING = Outlook(0, False)
MOVES = 6
"""How many moves a search may try for each state of its bound."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A way to get somewhere: the move, what it brought, and the way before it."""

    before: Step | None
    move: Move | None
    node: str
    fired: tuple[str, ...]
    points: int
    cap: int

    def path(self) -> list[Step]:
        """All steps, the first one being the start of the play."""
        steps: list[Step] = []
        step: Step | None = self
        while step is not None:
            steps.append(step)
            step = step.before
        return steps[::-1]


@dataclass(slots=True)
class Place:
    """A folded state: one play that stands there, and the scores with which plays come."""

    draft: Draft
    high: list[Step] = field(default_factory=list)
    low: list[Step] = field(default_factory=list)
    outlook: Outlook | None = None
    """What may come from here on, where an earlier search tells."""
    waiting: bool = False
    after: dict[Key, Outlook] = field(default_factory=dict)
    """Where moves lead, with the points and caps on the way."""
    shows: set[Event] = field(default_factory=set)
    """What shows here, or on a move from here."""


class Lens(Protocol):
    """What an earlier search, with fewer facts, tells about states."""

    def outlook(self, draft: Draft) -> Outlook | None:
        """What may come after `draft`; None where nothing can that is looked for."""


@dataclass
class Found:
    """What a search met. `complete` is false where it stopped at its bound."""

    complete: bool
    places: dict[Key, Place]
    events: dict[Event, Step]
    """The way to each event."""
    folding: Folding
    moves: int
    """How many moves were tried."""
    late: int
    """Points that may be added to the best at any ending."""

    def trapped(self) -> list[Key]:
        """Places from which no ending can be reached; to be asked of a complete search."""
        before: dict[Key, list[Key]] = {}
        for key, place in self.places.items():
            for target in place.after:
                before.setdefault(target, []).append(key)
        safe = {key for key, place in self.places.items() if place.draft.ended}
        waiting = list(safe)
        while waiting:
            for key in before.get(waiting.pop(), ()):
                if key not in safe:
                    safe.add(key)
                    waiting.append(key)
        # Half a sorting is no place where a play stands.
        return [k for k, place in self.places.items() if k not in safe and not place.draft.step]


def search(machine: Machine, bound: int, aim: Aim | None = None, lens: Lens | None = None) -> Found:
    """Every folded state of `machine`, or the first `bound` of them; with an `aim` or a `lens`,
    only those from which it may be reached, or what the lens looks for."""
    return _Search(machine, bound, aim, lens).run()


class _Search:
    def __init__(self, machine: Machine, bound: int, aim: Aim | None, lens: Lens | None) -> None:
        self.machine, self.bound, self.aim, self.lens = machine, bound, aim, lens
        self.shut: set[Key] = set()
        self.folding = Folding.of(machine)
        self.places: dict[Key, Place] = {}
        self.events: dict[Event, Step] = {}
        self.heap: list[tuple[int, int, int, int, Key]] = []
        self.rank = {n: -after.bit_count() for n, after in machine.layout.after.items()}
        self.count = self.moves = 0

    def run(self) -> Found:
        for draft in begun(self.machine):
            highs, lows = [_best_on(None, None, draft)], [_worst_on(None, None, draft)]
            self.arrive(draft, highs[0], highs, lows)
        most = MOVES * self.bound
        while self.heap and len(self.places) <= self.bound and self.moves <= most:
            key = heapq.heappop(self.heap)[-1]
            self.expand(key)
        late = self.machine.added_at_the_end()
        return Found(not self.heap, self.places, self.events, self.folding, self.moves, late)

    def expand(self, key: Key) -> None:
        place = self.places[key]
        place.waiting = False
        first = (place.high or place.low)[0]
        if self.machine.watched != frozenset():
            for event in seen_at(self.machine, place.draft):
                if self.machine.wants(event):
                    place.shows.add(event)
                    self.events.setdefault(event, first)
        for move, draft in successors(self.machine, place.draft):
            self.moves += 1
            highs = [_best_on(old, move, draft) for old in place.high]
            lows = [_worst_on(old, move, draft) for old in place.low]
            place.shows.update(draft.events)
            key_after = self.arrive(draft, (highs or lows)[0], highs, lows)
            if key_after is not None:
                self.led(place, key_after, draft)

    def led(self, place: Place, target: Key, draft: Draft) -> None:
        """Note that a move leads from `place` to `target`."""
        if self.aim is None:
            place.after[target] = NOTHING
            return
        way, old = self.aim.brought(draft), place.after.get(target)
        if old is not None:
            pick = max if self.aim.high else min
            way = Outlook(pick(way.rest, old.rest), way.capped or old.capped)
        place.after[target] = way

    def arrive(self, draft: Draft, step: Step, highs: list[Step], lows: list[Step]) -> Key | None:
        for event in draft.events:
            self.events.setdefault(event, step)
        if self.aim is not None:
            hopeful = self.aim.hopeful
            highs = [s for s in highs if self.aim.high and hopeful(draft, s.points, s.cap)]
            lows = [s for s in lows if not self.aim.high and hopeful(draft, s.points, s.cap)]
            if not highs and not lows:
                return None
        key = self.folding.key(draft)
        if key in self.shut:
            return None
        place = self.places.get(key)
        outlook = place.outlook if place is not None else None
        if place is None and self.lens is not None and not draft.ended:
            outlook = self.lens.outlook(draft)
            if outlook is None:
                self.shut.add(key)
                return None
        if self.aim is not None and outlook is not None:
            may = self.aim.may
            highs = [s for s in highs if may(s.points, s.cap, outlook)]
            lows = [s for s in lows if may(s.points, s.cap, outlook)]
            if not highs and not lows:
                return None
        if place is None:
            place = self.places[key] = Place(draft, outlook=outlook)
            place.high, place.low = _best(highs), _worst(lows)
            changed = True
        else:
            changed = self.joined(key, place, draft)
            high, low = _best([*place.high, *highs]), _worst([*place.low, *lows])
            if high != place.high or low != place.low:
                place.high, place.low, changed = high, low, True
        if changed and not place.waiting and not draft.ended:
            place.waiting = True
            self.count += 1
            taken = sum(t.bit_count() + n for t, n in draft.pools)
            heapq.heappush(self.heap, (self.rank[draft.node], draft.step, taken, self.count, key))
        return key

    def joined(self, key: Key, place: Place, draft: Draft) -> bool:
        """Widen the clock of `place` to that of `draft`, where the clock counts."""
        if draft.ended or key[5] < 0 or self.machine.exact_minute:
            return False
        old = place.draft
        if old.low <= draft.low and draft.high <= old.high:
            return False
        wider = old.copy()
        wider.low, wider.high = min(old.low, draft.low), max(old.high, draft.high)
        place.draft = wider
        return True


def _best_on(old: Step | None, move: Move | None, draft: Draft) -> Step:
    earned, cap = (old.points, old.cap) if old else (0, NO_CAP)
    cap = min(cap, draft.cap)
    return Step(old, move, draft.node, draft.fired, earned + draft.most, cap)


def _worst_on(old: Step | None, move: Move | None, draft: Draft) -> Step:
    earned, cap = (old.points, old.cap) if old else (0, NO_CAP)
    cap = min(cap, draft.cap_at_worst)
    return Step(old, move, draft.node, draft.fired, earned + draft.least, cap)


def _best(steps: list[Step]) -> list[Step]:
    """Those that no other beats in points and cap; of equal ones the first."""
    if len(steps) < 2:
        return steps
    kept: list[Step] = []
    for step in sorted(steps, key=_by_points, reverse=True):
        if not kept or step.cap > kept[-1].cap:
            kept.append(step)
    return kept


def _worst(steps: list[Step]) -> list[Step]:
    if len(steps) < 2:
        return steps
    kept: list[Step] = []
    for step in sorted(steps, key=_by_points):
        if not kept or step.cap < kept[-1].cap:
            kept.append(step)
    return kept


def _by_points(step: Step) -> tuple[int, int]:
    return step.points, step.cap


def endings(found: Found) -> Iterator[tuple[str, Place]]:
    return ((key[0], place) for key, place in found.places.items() if place.draft.ended)
