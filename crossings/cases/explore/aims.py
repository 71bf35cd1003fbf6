"""Searching for one thing: plays that end in one place with more, or with less, than a limit.

For each node it is known how many points the rest of a play can bring at most (and at least, and
which caps can still be met), whatever guards say. A state from which the limit cannot be passed any
more is not looked at (branch and bound: Land and Doig, Econometrica 28, 1960).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from crossings.cases.explore.layout import components
from crossings.cases.explore.machine import Machine
from crossings.cases.explore.moves import worth
from crossings.cases.explore.parts import NO_CAP, Draft, Stop
from crossings.cases.score import percent_of

NEVER = 10**9
"""Points that no play has."""


class Outlook(NamedTuple):
    """What a stretch of plays may bring at most (or at least)."""

    rest: int
    """Points."""
    capped: bool
    """Whether a cap under the limit may be met."""


@dataclass
class Aim:
    """Plays that end at `name` (None: anywhere) with over, or under, `limit` percent (points where
    `name` is None)."""

    machine: Machine
    name: str | None
    high: bool
    limit: int
    full: int
    """Points that count as 100 percent."""
    late: int = 0
    rest: dict[str, int] = field(default_factory=dict)
    """Points that what follows a node can still bring: the most, or the fewest."""
    caps: dict[str, int] = field(default_factory=dict)
    """The lowest cap that can still be met."""

    @classmethod
    def of(cls, machine: Machine, name: str | None, high: bool, limit: int) -> Aim:
        made = cls(machine, name, high, limit, machine.layout.doc["max"])
        made.late = machine.added_at_the_end() if high else 0
        for circle in components(machine.layout.graph):
            made._look_back(circle)
        return made

    def hopeful(self, draft: Draft, points: int, cap: int) -> bool:
        """Whether a play that stands at `draft`, with these points and cap, may pass the limit."""
        if draft.ended:
            return self.name in (None, draft.node) and self._passes(points, cap)
        rest = self.rest[draft.node]
        if abs(rest) >= NEVER:
            return False
        own = self._own(draft)
        return self._passes(points + own + rest, min(cap, self.caps[draft.node]))

    def may(self, points: int, cap: int, outlook: Outlook) -> bool:
        """Whether a play with these points and cap may pass the limit, with what is to come."""
        return self._passes(points + outlook.rest, 0 if outlook.capped else cap)

    def brought(self, draft: Draft) -> Outlook:
        """What the move to `draft` brought."""
        if self.high:
            return Outlook(draft.most, False)
        return Outlook(draft.least, self.name is not None and draft.cap_at_worst < self.limit)

    def _passes(self, points: int, cap: int) -> bool:
        if self.name is None:
            return points + self.late > self.limit
        percent = min(percent_of(max(0, points + self.late), self.full), cap)
        return percent > self.limit if self.high else percent < self.limit

    def _own(self, draft: Draft) -> int:
        """What the node at which the play stands may still bring."""
        stop = self.machine.stops[draft.node]
        if not stop.counts or not stop.most or stop.kind == "decision":
            return 0  # options are looked at one by one in `rest`
        if stop.kind == "triage":
            rounds = stop.rounds[draft.step :]
            pick = max if self.high else min
            return sum(pick(part.points for part in r) for r in rounds)
        earned = worth(stop, draft.pools[stop.pool][0])
        return stop.most - earned if self.high else -earned

    def _look_back(self, circle: list[str]) -> None:
        """The rest of the nodes of one circle, those it leads to being known."""
        looped = len(circle) > 1 or circle[0] in self.machine.layout.graph[circle[0]]
        if looped:
            self._around(circle)
            return
        name = circle[0]
        stop = self.machine.stops[name]
        self.caps[name] = NO_CAP
        if stop.kind == "ending":
            self.rest[name] = 0 if self.name in (None, name) else self._worst()
            return
        best = self._worst()
        for points, cap, to in self._exits(stop):
            if abs(self.rest[to]) >= NEVER:
                continue
            gained = points + self._entering(to) + self.rest[to]
            best = max(best, gained) if self.high else min(best, gained)
            if not self.high:
                self.caps[name] = min(self.caps[name], cap, self.caps[to])
        self.rest[name] = best

    def _around(self, circle: list[str]) -> None:
        """In a circle nodes can be met in any order: all they may bring counts for each."""
        graph, stops = self.machine.layout.graph, self.machine.stops
        outside = {to for name in circle for to in graph[name]} - set(circle)
        ends = [to for to in outside if abs(self.rest[to]) < NEVER]
        rest, cap = self._worst(), NO_CAP
        if ends:
            inside = sum(stops[name].most for name in circle)
            after = [self._entering(to) + self.rest[to] for to in ends]
            rest = inside + max(after) if self.high else min(after) - inside
            caps = [c for name in circle for _, c, _ in self._exits(stops[name])]
            cap = min([*caps, *(self.caps[to] for to in ends)]) if not self.high else NO_CAP
        for name in circle:
            self.rest[name], self.caps[name] = rest, cap

    def _worst(self) -> int:
        return -NEVER if self.high else NEVER

    def _entering(self, name: str) -> int:
        """Points and fewer that are added on entering; and what the node itself may bring."""
        stop = self.machine.stops[name]
        if not stop.most or self.machine.layout.again(name):
            return 0
        if not stop.counts:
            return stop.most if self.high else 0
        if stop.kind == "triage":
            pick = max if self.high else min
            return sum(pick(part.points for part in r) for r in stop.rounds)
        return stop.most if self.high and stop.pool >= 0 else 0

    def _exits(self, stop: Stop) -> Iterator[tuple[int, int, str]]:
        """Every way on: the points of the choice that takes it, its lowest cap, its target."""
        ruled = min((rule.cap for rule in self.machine.rules), default=NO_CAP)
        jumps = [rule.goto for rule in self.machine.rules if rule.goto is not None]
        counted = bool(stop.counts and stop.most)
        for part in stop.parts if stop.kind == "decision" else ():
            points = part.points if counted else 0
            for to in (*(way.to for way in part.ways), *jumps):
                yield points, min(ruled, part.cap), to
        parts = (
            *(stop.parts if stop.kind != "decision" else ()),
            *(p for r in stop.rounds for p in r),
        )
        cap = min([ruled, *(part.cap for part in parts)])
        for to in (*(way.to for way in stop.ways), *(jumps if stop.kind != "decision" else ())):
            yield 0, cap, to
