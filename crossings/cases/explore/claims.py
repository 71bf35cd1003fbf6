"""Claims about scores: that no play ends somewhere with more, or with less, than a limit."""

from __future__ import annotations

from dataclasses import dataclass

from crossings.cases.explore.answers import Answers
from crossings.cases.explore.lenses import Seen
from crossings.cases.explore.machine import Machine
from crossings.cases.explore.replay import Failed, Run, capped, finer, loose, rerun
from crossings.cases.explore.scouts import Sightings
from crossings.cases.explore.search import Found, Step, endings
from crossings.cases.explore.slices import Slice


@dataclass
class Claim:
    """That no play ends at `name` with more (`high`) or less than `limit` percent; where `name` is
    None, that none earns more points."""

    answers: Answers
    name: str | None
    high: bool
    limit: int
    facts: Slice = frozenset()
    """What the next search follows."""
    seen: Seen | None = None
    """The last search that came to its end."""

    def proved(self) -> bool:
        if self.name is None:
            return not self._breaks(self.answers.most_points)
        bounds = self.answers.bounds[self.name]
        return not self._breaks(bounds.high if self.high else bounds.low)

    def broken_by(self, seen: Sightings) -> bool:
        """Whether a play of a scout breaks it."""
        if self.name is None:
            run = seen.richest
        else:
            run = (seen.highest if self.high else seen.lowest).get(self.name)
        if run is None or not self._broken(run):
            return False
        self._settle(run)
        return True

    def tried(self, found: Found, full: Machine, seen: Machine) -> Slice | None:
        """What to follow next, from a search on the machine `seen`; None where all is settled."""
        places = [p for name, p in endings(found) if self.name in (None, name)]
        if not places:
            self._tighten(self.limit)
            return None
        steps = [s for p in places for s in (p.high if self.high else p.low)]
        step = (max if self.high else min)(steps, key=self._value)
        self._tighten(self._value(step, found.late if self.high else 0))
        done = rerun(full, seen, step, greedy=self.high)
        if isinstance(done, Failed):
            return done.facts
        if self._broken(done):
            if done.forced:
                return done.forced
            self._settle(done)
            return None
        more = self._capped(full, seen, done, step)
        more = more or loose(seen, done, self.high) or done.forced
        return more or finer(seen, done)

    def _capped(self, full: Machine, seen: Machine, run: Run, step: Step) -> Slice:
        return capped(full, seen, run, step.cap, self.high) if self.name else frozenset()

    def _value(self, step: Step, late: int = 0) -> int:
        if self.name is None:
            return step.points + late
        return self.answers.percent(step.points + late, step.cap)

    def _broken(self, run: Run) -> bool:
        return self._breaks(run.points if self.name is None else run.percent)

    def _breaks(self, value: int) -> bool:
        return value > self.limit if self.high else value < self.limit

    def _tighten(self, value: int) -> None:
        if self.name is None:
            self.answers.most_points = min(self.answers.most_points, value)
            return
        bounds = self.answers.bounds[self.name]
        if self.high:
            bounds.high = min(bounds.high, value)
        else:
            bounds.low = max(bounds.low, value)

    def _settle(self, run: Run) -> None:
        if self.name is None:
            self.answers.richest = run
        elif self.high:
            self.answers.bounds[self.name].high_play = run
        else:
            self.answers.bounds[self.name].low_play = run
