"""Answers about all plays of a case: what can happen, what cannot, between which scores it ends.

Three ways, from cheap to thorough:

1. Scouts: some plays, each going where the others have not been, show what can happen.
2. A small case is searched with every fact; then all is answered.
3. In a larger one, each open question is put to a search that follows few facts. What that search
   does not meet, no play meets. What it meets is tried as a play; where the play cannot go that
   way, the facts that forbade it are followed too, and the search begins again (counterexample-
   guided refinement: Clarke, Grumberg, Jha, Lu, Veith, "Counterexample-guided abstraction
   refinement for symbolic model checking", J. ACM 50, 2003).

What a search of the third kind shows narrows the next one on the same question (`lenses`).

A question that needs more states than the bound stays open, and the answers say so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import prod

from crossings.cases.explore.aims import Aim
from crossings.cases.explore.answers import Answers, Bounds
from crossings.cases.explore.assembly import assemble
from crossings.cases.explore.circles import unroll
from crossings.cases.explore.claims import Claim
from crossings.cases.explore.folding import Key
from crossings.cases.explore.layout import Guard, Layout, always_out
from crossings.cases.explore.lenses import EventLens, ScoreLens, Seen
from crossings.cases.explore.machine import Machine
from crossings.cases.explore.moves import Move
from crossings.cases.explore.parts import Event
from crossings.cases.explore.replay import Failed, Run, rerun, stands, telling
from crossings.cases.explore.scouts import Sightings, scout
from crossings.cases.explore.search import MOVES, Found, Lens, Place, Step, endings, search
from crossings.cases.explore.slices import (
    Slice,
    everything,
    for_event,
    for_traps,
    for_ways,
    grown,
    with_rules,
)
from crossings.cases.state import Document

BOUND = 4_000
"""States of one search."""
DEEP = 200_000
"""The bound for when there is time."""
SEARCHES = 2
"""How many such searches all questions about a case may take together."""
SMALL = 1_500
"""States up to which a case is simply searched through."""
ROUNDS = 80
"""Refinements of one question."""
NEAR = 4
"""Facts of a question with which the search for its answer may begin."""
TRAPPED: Event = ("trapped",)


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
        self.layout = unroll(Layout.of(doc))
        self.full = assemble(self.layout)
        self.asked = set(questions(self.layout))
        self.answers = Answers(doc["max"], bound)
        self.seen = Sightings(self.asked, self.answers.happens)
        self.left = SEARCHES * bound

    def run(self, walks: dict[str, list[Move]]) -> Answers:
        scout(self.full, self.seen, walks)
        if self.fits():
            found, machine = self.searched(everything(self.layout), None, min(SMALL, self.bound))
            if found is not None:
                self.answer_all(found, machine)
                return self.answers
        self.traps()
        events = sorted(self.asked - self.answers.happens.keys(), key=str)
        learned: dict[Event, list[Slice]] = {}
        claims = self.claims()
        # What is cheap first: the dearest questions must not use up what is there for all.
        for bound in (self.bound // 10, self.bound):
            events = [event for event in events if not self.event(event, learned, bound)]
            claims = [claim for claim in claims if not self.claim(claim, bound)]
        self.answers.open.update(events)
        self.answers.unproved = [(claim.name, claim.high) for claim in claims]
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
        before: Seen | None = None,
    ) -> tuple[Found | None, Machine]:
        """A complete search, or None where it did not come to its end, with its machine."""
        bound = min(bound, self.left)
        if bound <= 0:
            return None, self.full
        machine = assemble(self.layout, facts, watched, scored=not watched)
        aim = Aim.of(machine, claim.name, claim.high, claim.limit) if claim else None
        found = search(machine, bound, aim, self.lens(machine, claim, before))
        self.answers.states += len(found.places)
        # Putting a machine together takes time, too, about as much for a node as for a state.
        self.left -= max(len(found.places), found.moves // MOVES) + len(machine.stops)
        return (found if found.complete else None), machine

    def lens(self, machine: Machine, claim: Claim | None, before: Seen | None) -> Lens | None:
        """What the search `before` shows to one with more facts."""
        if before is None:
            return None
        if claim is not None:
            return ScoreLens.of(before, machine, claim.high)
        assert machine.watched is not None
        (event,) = machine.watched
        return EventLens.of(before, machine, event)

    # A case that can be searched through

    def answer_all(self, found: Found, machine: Machine) -> None:
        """Every answer from a search that followed everything."""
        answers = self.answers
        for event in self.asked - answers.happens.keys():
            if event in found.events:
                answers.happens[event] = None
            else:
                answers.never.add(event)
        for name, place in endings(found):
            low, high = self._lowest(place), self._highest(place)
            bounds = answers.bounds[name] = self._bounds(place, 0)
            bounds.low_play = self._played(machine, low)
            bounds.high_play = self._played(machine, high)
            richest = max(place.high, key=lambda one: one.points)
            answers.most_points = max(answers.most_points, richest.points)
            if richest.points > answers.full:
                answers.richest = self._played(machine, richest)
        for key in found.trapped():
            self._trap(found, key, machine)

    def _played(self, machine: Machine, step: Step) -> Run | None:
        done = rerun(self.full, machine, step)
        return done if isinstance(done, Run) and not done.forced else None

    def _percent(self, step: Step, late: int = 0) -> int:
        return self.answers.percent(step.points + late, step.cap)

    def _lowest(self, place: Place) -> Step:
        return min(place.low, key=self._percent)

    def _highest(self, place: Place) -> Step:
        return max(place.high, key=self._percent)

    def _bounds(self, place: Place, late: int) -> Bounds:
        high = max(self._percent(step, late) for step in place.high)
        return Bounds(self._percent(self._lowest(place)), high)

    def _trap(self, found: Found, key: Key, machine: Machine) -> Slice:
        """Note a trap that a play can get into; what to follow where it is not clear."""
        place = found.places[key]
        node = place.draft.node
        if node in self.answers.trapped:
            return frozenset()
        done = rerun(self.full, machine, place.high[0])
        if isinstance(done, Failed):
            return done.facts
        if done.forced:
            return done.forced
        if not stands(found, machine, done, key):
            # It got to the node, but not to the state: only that one is known to be a trap.
            return everything(self.layout)
        self.answers.trapped[node] = done
        return frozenset()

    # A larger one

    def traps(self) -> None:
        """States without a way out."""
        if always_out(self.doc):
            return
        circles = {name for name in self.doc["nodes"] if self.layout.again(name)}
        # What circles ask shows most traps soon; only what decides all ways proves that there is
        # no other.
        self._trapped(for_ways(self.layout, circles))
        if not self._trapped(for_traps(self.layout)) and not self.answers.trapped:
            self.answers.open.add(TRAPPED)

    def _trapped(self, facts: Slice) -> bool:
        """Find the traps that `facts` show; False where the search did not come to its end."""
        for _ in range(ROUNDS):
            found, machine = self.searched(facts, frozenset([TRAPPED]), self.bound)
            if found is None:
                return False
            keys = found.trapped()
            more = [self._trap(found, key, machine) for key in keys]
            wanted: Slice = frozenset().union(*more)
            if wanted <= facts:
                return True
            facts = with_rules(self.layout, facts | wanted)
        return False

    def claims(self) -> list[Claim]:
        """What must hold of the scores and no scout has broken; crude bounds are put down."""
        answers = self.answers
        found, _ = self.searched(frozenset(), frozenset(), self.bound)
        if found is None:
            return [Claim(answers, None, True, answers.full)]
        for name, place in endings(found):
            answers.bounds[name] = self._bounds(place, found.late)
            points = max(step.points for step in place.high) + found.late
            answers.most_points = max(answers.most_points, points)
        claims = [Claim(answers, None, True, answers.full)]
        for name in answers.bounds:
            low, high = self.doc["nodes"][name]["score"]
            claims += [Claim(answers, name, False, low), Claim(answers, name, True, high)]
        return [claim for claim in claims if not claim.broken_by(self.seen)]

    def claim(self, claim: Claim, bound: int) -> bool:
        """Prove that no play passes a limit, or find one that does; False where it stays open."""
        for _ in range(ROUNDS):
            if claim.proved():
                return True
            found, machine = self.searched(claim.facts, frozenset(), bound, claim, claim.seen)
            if found is None:
                return False
            claim.seen = Seen(found, machine)
            more = claim.tried(found, self.full, machine)
            if more is None:
                return True
            if more <= claim.facts:
                return False
            claim.facts = grown(self.layout, claim.facts, more)
        return False

    def event(self, event: Event, learned: dict[Event, list[Slice]], bound: int) -> bool:
        """Decide one event that no scout met; False where it stays open.

        It is tried from what the event asks at once, and from nothing: either may be the shorter.
        """
        near = for_event(self.layout, event)
        starts = [frozenset(), near] if len(near) > NEAR else [near, frozenset()]
        starts = learned.setdefault(event, starts)
        return any(self._event(event, starts, at, bound) for at in range(len(starts)))

    def _event(self, event: Event, starts: list[Slice], at: int, bound: int) -> bool:
        before = None
        for _ in range(ROUNDS):
            if event in self.answers.happens:
                return True
            watched = frozenset([event])
            found, machine = self.searched(starts[at], watched, bound, before=before)
            if found is None:
                return False
            before = Seen(found, machine)
            if event not in found.events:
                self.answers.never.add(event)
                return True
            done = rerun(self.full, machine, found.events[event])
            if isinstance(done, Run):
                if not done.forced:
                    self.seen.see(done)
                elif event in done.events:
                    starts[at] = grown(self.layout, starts[at], done.forced)
                    continue
                more = self._telling(event, done, machine)
            else:
                more = done.facts
            if more <= starts[at] and event not in self.answers.happens:
                return False
            starts[at] = grown(self.layout, starts[at], more)
        return False

    def _telling(self, event: Event, run: Run, machine: Machine) -> Slice:
        """What could tell that an event does not happen in a play in which it seemed to."""
        if event[0] == "guard":
            guard = self.layout.guards[event[1]]
            truth = self.full.truth(run.draft)
            more = frozenset(telling(self.full, machine, guard, truth, not event[2]))
            for earlier in self._before(guard):
                # Of the fates of a person the first that holds is told, and no more are asked.
                if self.full.holds(earlier, truth):
                    more |= telling(self.full, machine, earlier, truth, True)
                    break
            if not more <= machine.slice:
                return more
        near = for_event(self.layout, event)
        if not near <= machine.slice:
            return near
        return run.forced or everything(self.layout)

    def _before(self, guard: Guard) -> list[Guard]:
        """The fates that come before the one of `guard`."""
        fates = next((fates for fates in self.full.fates if guard in fates), [guard])
        return fates[: fates.index(guard)]
