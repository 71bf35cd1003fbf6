"""Answers about all plays of a case: what can happen, what cannot, between which scores it ends.

Three ways, from cheap to thorough:

1. Scouts: some plays, each going where the others have not been, show what can happen.
2. A small case is searched with every fact; then all is answered.
3. In a larger one, each open question is put to a search that follows few facts. What that search
   does not meet, no play meets. What it meets is tried as a play; where the play cannot go that
   way, the facts that forbade it are followed too, and the search begins again (counterexample-
   guided refinement: Clarke, Grumberg, Jha, Lu, Veith, "Counterexample-guided abstraction
   refinement for symbolic model checking", J. ACM 50, 2003).

A question that needs more states than the bound stays open, and the answers say so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import prod
from random import Random

from crossings.cases.explore.aims import Aim
from crossings.cases.explore.assembly import assemble
from crossings.cases.explore.layout import Layout, Path, always_out
from crossings.cases.explore.machine import Machine
from crossings.cases.explore.moves import Move
from crossings.cases.explore.parts import Event
from crossings.cases.explore.replay import Failed, Run, capped, rerun, same
from crossings.cases.explore.search import Found, Place, Step, endings, search
from crossings.cases.explore.slices import (
    Slice,
    everything,
    for_event,
    for_ways,
    with_rules,
)
from crossings.cases.score import percent_of
from crossings.cases.state import Document

BOUND = 5_000
"""States of one search."""
SEARCHES = 2
"""How many such searches all questions about a case may take together."""
DEEP = 200_000
"""The bound for when there is time."""
SMALL = 1_500
"""States up to which a case is simply searched through."""
ROUNDS = 25
PLAYS = 200
STEPS = 400
TIRED = 40
"""Scouts are called back when so many in a row met nothing new."""


@dataclass
class Bounds:
    """Between which percent plays end somewhere. A bound with a play is met by it exactly."""

    low: int
    high: int
    low_play: Run | None = None
    high_play: Run | None = None
    most: int = 0
    """Points that count as 100 percent."""

    def percent_of(self, run: Run | None, otherwise: int) -> int:
        """The percent that `run` ends with."""
        return min(percent_of(run.points, self.most), run.cap) if run else otherwise


@dataclass
class Answers:
    """What is known of all plays of a case."""

    happens: dict[Event, Run | None]
    """Events that a play shows."""
    never: set[Event] = field(default_factory=set)
    """Events that no play shows."""
    open: set[Event] = field(default_factory=set)
    """Events that stayed undecided."""
    bounds: dict[str, Bounds] = field(default_factory=dict)
    """By ending that plays may reach."""
    most: Run | None = None
    """A play that earns more points than the best walkthrough."""
    trapped: dict[str, Run] = field(default_factory=dict)
    """Nodes from which no ending can be reached any more, with a play that gets there."""
    unproved: list[tuple[str | None, bool]] = field(default_factory=list)
    """Bounds (ending, whether the upper one; None: of the points at any ending) left undecided."""
    bound: int = BOUND
    stopped: bool = False
    """Whether a search stopped at the bound, so that something stayed open."""
    states: int = 0
    """Folded states that were looked at, in all searches."""


def inquire(
    doc: Document, walks: dict[str, list[Move]] | None = None, bound: int = BOUND
) -> Answers:
    """Answers to every question the checks ask about `doc`, a compiled case with its `max`.

    `walks` are plays that are worth beginning with; `bound` is the most states of one search.
    """
    return _Inquiry(doc, bound).run(walks or {})


def questions(layout: Layout) -> Iterator[Event]:
    """The events that checks ask about; `stuck` where every option of a decision has a guard."""
    doc = layout.doc
    yield from (("enter", name) for name in doc["nodes"])
    yield from (("fire", rule["id"]) for rule in doc["rules"])
    yield from (("see", name) for name in doc["evidence"])
    for path in layout.guards:
        yield from (("guard", path, held) for held in (True, False))
    for name, node in doc["nodes"].items():
        if node["kind"] == "decision" and all("when" in o for o in node["options"]):
            yield ("stuck", name)


class _Inquiry:
    def __init__(self, doc: Document, bound: int) -> None:
        self.doc, self.bound = doc, bound
        self.layout = Layout.of(doc)
        self.full = assemble(self.layout)
        self.asked = set(questions(self.layout))
        self.answers = Answers({}, bound=bound)
        self.machine = self.full
        self.left = SEARCHES * bound
        self.most = 0
        """The most points that any play may earn, as far as is known."""

    def run(self, walks: dict[str, list[Move]]) -> Answers:
        self.scout(walks)
        if self.fits():
            bound = min(SMALL, self.bound)
            found = self.searched(everything(self.layout), None, bound)
            if found is not None:
                self.answer_all(found)
                return self.answers
        self.traps()
        events = sorted(self.asked - self.answers.happens.keys(), key=str)
        learned = {event: for_event(self.layout, event) for event in events}
        claims = self.claims()
        # What is cheap first: the dearest questions must not use up what is there for all.
        for bound in (self.bound // 10, self.bound):
            events = [event for event in events if not self.event(event, learned, bound)]
            claims = [claim for claim in claims if not self.claim(claim, bound)]
        self.answers.open.update(events)
        self.answers.unproved = [(claim.name, claim.high) for claim in claims]
        self.answers.stopped = bool(self.answers.unproved or self.answers.open)
        return self.answers

    def fits(self) -> bool:
        """Whether it is worth trying to search with every fact: no pool alone is too large."""
        for stop in self.full.stops.values():
            kinds = Counter(part.kin for part in stop.parts) if stop.pool >= 0 else {}
            if prod(times + 1 for times in kinds.values()) > SMALL:
                return False
        return True

    def searched(
        self,
        facts: Slice,
        watched: frozenset[Event] | None,
        bound: int,
        claim: Claim | None = None,
    ) -> Found | None:
        """A complete search, or None where it did not come to its end."""
        scored = watched is None or not watched
        bound = min(bound, self.left)
        if bound <= 0:
            return None
        machine = assemble(self.layout, facts, watched, scored)
        self.machine = machine
        found = search(machine, bound, claim.aim(machine) if claim else None)
        self.answers.states += len(found.places)
        self.left -= len(found.places)
        return found if found.complete else None

    # Scouts

    def scout(self, walks: dict[str, list[Move]]) -> None:
        met: dict[tuple[str, Move], int] = {}
        for moves in walks.values():
            run = Run.begin(self.full)
            for move in moves:
                chosen = same(self.full, self.full, run, move, None)
                if chosen is None:
                    break
                self.witness(run)
                run.take(*chosen)
            self.witness(run)
        tired = 0
        for number in range(PLAYS):
            before = len(self.answers.happens)
            self._play(Random(f"scout/{number}"), met)
            tired = 0 if len(self.answers.happens) > before else tired + 1
            if tired == TIRED or self.asked <= self.answers.happens.keys():
                return

    def _play(self, chance: Random, met: dict[tuple[str, Move], int]) -> None:
        run = Run.begin(self.full)
        self.witness(run)
        for _ in range(STEPS):
            ways = list(run.open_moves().items())
            if not ways:
                return
            node = run.draft.node
            seldom = min(met.get((node, move), 0) for move, _ in ways)
            fresh = [way for way in ways if met.get((node, way[0]), 0) == seldom]
            move, draft = chance.choice(fresh if chance.random() < 0.5 else ways)
            met[node, move] = met.get((node, move), 0) + 1
            run.take(move, draft)
            self.witness(run)

    def witness(self, run: Run) -> None:
        """Keep what `run` shows."""
        new = (run.events & self.asked) - self.answers.happens.keys()
        if new:
            kept = run.copy()
            self.answers.happens.update(dict.fromkeys(new, kept))

    # A case that can be searched through

    def answer_all(self, found: Found) -> None:
        """Every answer from a search that followed everything."""
        for event in self.asked:
            if event in found.events:
                self.answers.happens.setdefault(event, None)
            elif event not in self.answers.happens:
                self.answers.never.add(event)
        for name, place in endings(found):
            self.answers.bounds[name] = self._bounds(name, place, found.late)
            for play in (self.lowest(place), self.highest(place)):
                done = rerun(self.full, self.machine, play)
                if isinstance(done, Run):
                    self.kept(name, done)
        self._most(found)
        for key in found.trapped():
            self._trap(found.places[key])

    def percent_at(self, step: Step, late: int = 0) -> int:
        return min(percent_of(step.points + late, self.doc["max"]), step.cap)

    def lowest(self, place: Place) -> Step:
        return min(place.low, key=self.percent_at)

    def highest(self, place: Place) -> Step:
        return max(place.high, key=self.percent_at)

    def _bounds(self, name: str, place: Place, late: int) -> Bounds:
        high = max(self.percent_at(step, late) for step in place.high)
        return Bounds(self.percent_at(self.lowest(place)), high, most=self.doc["max"])

    def percent(self, run: Run) -> int:
        return min(percent_of(run.points, self.doc["max"]), run.cap)

    def kept(self, name: str, run: Run) -> None:
        """Note that `run` meets a bound of the ending `name`, if it does."""
        bounds, percent = self.answers.bounds[name], self.percent(run)
        if percent == bounds.low:
            bounds.low_play = run
        if percent == bounds.high:
            bounds.high_play = run

    def _most(self, found: Found) -> None:
        """A play with more points than the best walkthrough has, if the search shows one."""
        for _, place in endings(found):
            step = max(place.high, key=lambda one: one.points)
            if step.points > self.doc["max"]:
                done = rerun(self.full, self.machine, step, greedy=True)
                if isinstance(done, Run) and done.points > self.doc["max"]:
                    self.answers.most = done

    def loose(self) -> Slice:
        """What would tell the points of a play exactly."""
        facts = everything(self.layout)
        return frozenset(f for f in facts if f[0] in ("pool", "purse", "seen"))

    def _trap(self, place: Place) -> Failed | None:
        node = place.draft.node
        if node in self.answers.trapped:
            return None
        done = rerun(self.full, self.machine, place.high[0])
        if isinstance(done, Failed):
            return done
        self.answers.trapped[node] = done
        return None

    # A larger one

    def claims(self) -> list[Claim]:
        """What must hold of the scores; crude bounds are put down at once."""
        found = self.searched(frozenset(), frozenset(), self.bound)
        if found is None:
            return []
        for name, place in endings(found):
            self.answers.bounds[name] = self._bounds(name, place, found.late)
            self.most = max(self.most, _points(place) + found.late)
        claims = [Claim(self, None, True, self.doc["max"])]
        for name in self.answers.bounds:
            limits = self.doc["nodes"][name]["score"]
            claims += [Claim(self, name, high, limits[high]) for high in (False, True)]
        return claims

    def claim(self, claim: Claim, bound: int) -> bool:
        """Prove that no play passes a limit, or find one that does; False where it stays open."""
        for _ in range(ROUNDS):
            if claim.proved():
                return True
            found = self.searched(claim.facts, frozenset(), bound, claim=claim)
            if found is None:
                return False
            more = claim.tried(found)
            if more is None:
                return True
            if more <= claim.facts:
                return False
            claim.facts = with_rules(self.layout, claim.facts | more)
        return False

    def traps(self) -> None:
        """Circles without a way out. Without circles, a play ends unless it is stuck."""
        if always_out(self.doc):
            return
        facts = for_ways(self.layout)
        for _ in range(ROUNDS):
            found = self.searched(facts, frozenset([("trap",)]), self.bound)
            if found is None:
                self.answers.open.add(("trap",))
                return
            failed = [f for key in found.trapped() if (f := self._trap(found.places[key]))]
            more = frozenset[tuple[str, ...]]().union(*(f.facts for f in failed))
            if more <= facts:
                return
            facts = with_rules(self.layout, facts | more)

    def event(self, event: Event, learned: dict[Event, Slice], bound: int) -> bool:
        """Decide one event that no scout met; False where it stays open."""
        if event in self.answers.happens:
            return True
        for _ in range(ROUNDS):
            facts = learned[event]
            found = self.searched(facts, frozenset([event]), bound)
            if found is None:
                return False
            if event not in found.events:
                self.answers.never.add(event)
                return True
            step, _ = found.events[event]
            done = rerun(self.full, self.machine, step)
            if isinstance(done, Run):
                self.witness(done)
                if event in self.answers.happens:
                    return True
            more = self._asked_by(event) if isinstance(done, Run) else done.facts
            if more <= facts:
                return False
            learned[event] = with_rules(self.layout, facts | more)
        return False

    def _asked_by(self, event: Event) -> Slice:
        """All that could tell whether an event happens where the search says that it may."""
        near = for_event(self.layout, event)
        return near if not near <= self.machine.slice else everything(self.layout)


def _points(place: Place) -> int:
    return max(step.points for step in place.high)


@dataclass
class Claim:
    """That no play ends at `name` with more (`high`) or less than `limit` percent; where `name` is
    None, that none earns more points."""

    inquiry: _Inquiry
    name: str | None
    high: bool
    limit: int
    facts: Slice = frozenset()
    """What the next search follows."""

    def aim(self, machine: Machine) -> Aim:
        return Aim.of(machine, self.name, self.high, self.limit)

    def breaks(self, value: int) -> bool:
        return value > self.limit if self.high else value < self.limit

    def proved(self) -> bool:
        if self.name is None:
            return not self.breaks(self.inquiry.most)
        bounds = self.inquiry.answers.bounds[self.name]
        return not self.breaks(bounds.high if self.high else bounds.low)

    def tried(self, found: Found) -> Slice | None:
        """Facts that would tell more, or None where the question is settled."""
        inquiry = self.inquiry
        places = [p for name, p in endings(found) if self.name in (None, name)]
        if not places:
            self._tighten(self.limit)
            return None
        if self.name is None:
            step = max((s for p in places for s in p.high), key=lambda one: one.points)
        else:
            step = inquiry.highest(places[0]) if self.high else inquiry.lowest(places[0])
            self._tighten(inquiry.percent_at(step, found.late if self.high else 0))
        done = rerun(inquiry.full, inquiry.machine, step, greedy=self.high)
        if isinstance(done, Failed):
            return done.facts
        if not self.breaks(done.points if self.name is None else inquiry.percent(done)):
            guessed = capped(inquiry.machine) if self.name is not None else frozenset()
            return guessed or inquiry.loose()
        self._settle(done)
        return None

    def _tighten(self, value: int) -> None:
        if self.name is None:
            self.inquiry.most = min(self.inquiry.most, value)
            return
        bounds = self.inquiry.answers.bounds[self.name]
        if self.high:
            bounds.high = min(bounds.high, value)
        else:
            bounds.low = max(bounds.low, value)

    def _settle(self, run: Run) -> None:
        answers = self.inquiry.answers
        if self.name is None:
            answers.most = run
        elif self.high:
            answers.bounds[self.name].high_play = run
        else:
            answers.bounds[self.name].low_play = run


__all__ = ["Answers", "Bounds", "Path", "inquire"]
