"""What a finished search with few facts shows to the next one, which follows more.

A search that came to its end knows for each of its states whether something can still happen, or
with how many points plays can still end. A state of a finer machine stands in one of its states.
Where nothing can come of that one, nothing can come of this one (pattern databases: Culberson and
Schaeffer, "Pattern databases", Computational Intelligence 14, 1998).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from crossings.cases.explore.aims import Outlook
from crossings.cases.explore.folding import Key
from crossings.cases.explore.machine import Machine
from crossings.cases.explore.moves import idle, worth
from crossings.cases.explore.parts import Draft, Event
from crossings.cases.explore.search import NOTHING, Found, Place

PASSES = 60
"""How often all states are gone through until their rests stand still. Without circles a few do."""


class Seen(NamedTuple):
    """A finished search and the machine that it went through."""

    found: Found
    machine: Machine


@dataclass
class Projection:
    """States of the machine `fine` as the machine `coarse`, which follows less, has them."""

    fine: Machine
    coarse: Machine
    _numbers: tuple[int, ...] = ()
    _purses: tuple[int, ...] = ()
    _untouched: tuple[tuple[int, int], ...] = ()
    _pools: dict[tuple[int, tuple[int, int]], tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, fine: Machine, coarse: Machine) -> Projection:
        numbers = tuple(fine.variables.index(name) for name in coarse.variables)
        purses = tuple(fine.purses.index(name) for name in coarse.purses)
        return cls(fine, coarse, numbers, purses, ((0, 0),) * len(coarse.pools))

    def __call__(self, draft: Draft) -> Draft:
        ticks = self.coarse.ticks
        pools = draft.pools
        if pools != self._untouched:
            pools = tuple([self._pool(at, pool) for at, pool in enumerate(pools)])
        return Draft(
            draft.node,
            draft.step,
            draft.bits & self.coarse.known,
            tuple([draft.numbers[at] for at in self._numbers]),
            draft.low if ticks else 0,
            draft.high if ticks else 0,
            pools,
            tuple([draft.purses[at] for at in self._purses]),
            draft.ended,
        )

    def _pool(self, at: int, pool: tuple[int, int]) -> tuple[int, int]:
        if pool == (0, 0):
            return pool
        if (at, pool) not in self._pools:
            self._pools[at, pool] = self._projected(at, *pool)
        return self._pools[at, pool]

    def _projected(self, at: int, mask: int, more: int) -> tuple[int, int]:
        """What was taken of a pool; of parts that are alike, the first ones."""
        stop = self.coarse.stops[self.coarse.pools[at]]
        kinds = [part.kin for n, part in enumerate(stop.parts) if mask >> n & 1]
        taken, counted = 0, more if self.coarse.ticks else 0
        for n, part in enumerate(stop.parts):
            if part.kin not in kinds:
                continue
            kinds.remove(part.kin)
            if stop.exact or not idle(part):
                taken |= 1 << n
            else:
                counted += self.coarse.ticks
        return taken, counted


@dataclass
class EventLens:
    """From which states of an earlier search `event` may still happen."""

    seen: Seen
    project: Projection
    hopeful: set[Key]

    @classmethod
    def of(cls, seen: Seen, fine: Machine, event: Event) -> EventLens:
        found = seen.found
        before: dict[Key, list[Key]] = {}
        for key, place in found.places.items():
            for target in place.after:
                before.setdefault(target, []).append(key)
        hopeful = {key for key, place in found.places.items() if event in place.shows}
        waiting = list(hopeful)
        while waiting:
            for key in before.get(waiting.pop(), ()):
                if key not in hopeful:
                    hopeful.add(key)
                    waiting.append(key)
        return cls(seen, Projection.of(fine, seen.machine), hopeful)

    def outlook(self, draft: Draft) -> Outlook | None:
        key = self.seen.found.folding.key(self.project(draft))
        return NOTHING if key in self.hopeful else None


@dataclass
class ScoreLens:
    """How many points plays can still bring from the states of an earlier search, on the way to
    the endings it was to reach: the most (`high`), or the fewest."""

    seen: Seen
    fine: Machine
    project: Projection
    high: bool
    rests: dict[Key, Outlook]
    again: int
    """Points of nodes that can be met again and are counted only now: all that they may bring."""

    @classmethod
    def of(cls, seen: Seen, fine: Machine, high: bool) -> ScoreLens | None:
        """None where the rests do not stand still."""
        rests = _rests(seen, high)
        if rests is None:
            return None
        earlier = seen.machine.stops
        again = sum(
            stop.most
            for name, stop in fine.stops.items()
            if stop.counts and not earlier[name].counts and fine.layout.again(name)
        )
        project = Projection.of(fine, seen.machine)
        return cls(seen, fine, project, high, rests, again if high else -again)

    def outlook(self, draft: Draft) -> Outlook | None:
        """What may come after `draft`; None where nothing can that was looked for."""
        found = self.seen.found
        known = self.rests.get(found.folding.key(self.project(draft)))
        if known is None:
            return None
        return Outlook(known.rest + self._counted_here(draft), known.capped)

    def _counted_here(self, draft: Draft) -> int:
        """Points that this machine counts as they are earned, and the earlier one did at once."""
        stop, before = self.fine.stops[draft.node], self.seen.machine.stops[draft.node]
        here = 0
        if stop.pool >= 0 and stop.counts and not before.counts:
            earned = worth(stop, draft.pools[stop.pool][0])
            here = stop.most - earned if self.high else -earned
        return here + self.again


def _rests(seen: Seen, high: bool) -> dict[Key, Outlook] | None:
    found, rank = seen.found, seen.machine.layout.after

    def lateness(one: tuple[Key, Place]) -> tuple[int, int, int]:
        draft = one[1].draft
        taken = sum(t.bit_count() + n for t, n in draft.pools)
        return (rank[draft.node].bit_count(), -draft.step, -taken)

    places = sorted(found.places.items(), key=lateness)
    pick = max if high else min
    rests = {key: NOTHING for key, place in places if place.draft.ended}
    for _ in range(PASSES):
        changed = False
        for key, place in places:
            old = rests.get(key)
            new = old
            for target, way in place.after.items():
                rest = rests.get(target)
                if rest is None:
                    continue
                points, capped = way.rest + rest.rest, way.capped or rest.capped
                if new is not None:
                    points, capped = pick(points, new.rest), capped or new.capped
                new = Outlook(points, capped)
            if new != old and new is not None:
                rests[key] = new
                changed = True
        if not changed:
            return rests
    return None
