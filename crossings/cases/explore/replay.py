"""Trying a way that a search found on the machine that follows everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from crossings.cases.explore.folding import Key
from crossings.cases.explore.layout import CLOCK, MINUTE, STRETCHES, Fact, Guard, Layout
from crossings.cases.explore.lenses import Projection
from crossings.cases.explore.machine import Machine
from crossings.cases.explore.moves import Move, begun, idle, seen_at, successors
from crossings.cases.explore.parts import NO_CAP, Draft, Event, Part, Stop, Way, deciding
from crossings.cases.explore.search import Found, Step
from crossings.cases.explore.slices import Slice, everything, of_pool, price
from crossings.cases.score import percent_of

CLOCKS: Slice = frozenset({CLOCK, *STRETCHES, MINUTE})


@dataclass
class Run:
    """A play on the full machine: where it stands, what it earned, what happened."""

    machine: Machine
    draft: Draft
    moves: list[Move] = field(default_factory=list)
    points: int = 0
    cap: int = NO_CAP
    events: set[Event] = field(default_factory=set)
    """What the last move brought, and what shows where the play stands now."""
    fired: set[str] = field(default_factory=set)
    """All rules that fired."""
    earned: dict[str, int] = field(default_factory=dict)
    """Points by node, of those that were met."""
    forced: Slice = frozenset()
    """Where the clock or a number was set so that the play goes the way it was to go: what would
    have told that it does not. Such a run is no play."""

    @classmethod
    def begin(cls, machine: Machine) -> Run:
        draft = begun(machine)[0]
        made = cls(machine, draft)
        made._came(draft)
        return made

    def copy(self) -> Run:
        return replace(
            self,
            moves=list(self.moves),
            events=set(self.events),
            fired=set(self.fired),
            earned=dict(self.earned),
        )

    def _came(self, draft: Draft) -> None:
        at = self.draft.node
        self.earned[at] = self.earned.get(at, 0) + draft.least
        self.earned.setdefault(draft.node, 0)
        self.fired.update(draft.fired)
        self.draft = draft
        self.points += draft.least
        self.cap = min(self.cap, draft.cap)
        self.events = {*draft.events, *seen_at(self.machine, draft)}

    @property
    def percent(self) -> int:
        return min(percent_of(self.points, self.machine.layout.doc["max"]), self.cap)

    def take(self, move: Move, draft: Draft) -> None:
        self.moves.append(move)
        self._came(draft)

    def open_moves(self) -> dict[Move, Draft]:
        return dict(successors(self.machine, self.draft))

    def told(self) -> str:
        """The choices of the play, as an author would name them."""
        node, told = self.machine.layout.doc["start"], []
        run = Run.begin(self.machine)
        node = run.draft.node
        for move in self.moves:
            if move[0] in ("choose", "ask", "open", "sort"):
                told.append(f"{node}: {move[1]}")
            draft = run.open_moves()[move]
            run.take(move, draft)
            node = draft.node
        return ", ".join(told) or "nothing"


@dataclass(frozen=True)
class Failed:
    """A way that no play can take, and the facts that would have told."""

    facts: Slice


def rerun(full: Machine, seen: Machine, end: Step, greedy: bool | None = None) -> Run | Failed:
    """The way to `end`, which `seen` found, as a play of `full`; or why there is none.

    `greedy`: whether pools that `seen` does not follow are played for many points (True), few
    (False) or not at all (None).
    """
    done = _rerun(full, seen, end, greedy, fill=bool(greedy))
    if greedy and isinstance(done, Failed):
        done = _rerun(full, seen, end, greedy, fill=False)
    return done


def _rerun(
    full: Machine, seen: Machine, end: Step, greedy: bool | None, fill: bool
) -> Run | Failed:
    steps = end.path()
    run = Run.begin(full)
    failed = _differs(full, seen, run, steps[0], None)
    for step in steps[1:]:
        if failed is not None:
            return failed
        if fill and step.move == ("leave",):
            _fill(seen, run)
        before = run.copy()
        failed = _taken(full, seen, run, step, greedy)
        if failed is not None and failed.facts and all(_counts(seen, f) for f in failed.facts):
            # Something else may be wrong with this way, and be cheaper to follow than numbers.
            other = _forced(full, seen, before, step, greedy, failed)
            if other is not None:
                run, failed = other, None
    return failed or run


def _counts(machine: Machine, fact: Fact) -> bool:
    """Whether a fact is about a number: the clock, or an integer."""
    declared = machine.layout.doc["variables"].get(fact[1]) if fact[0] == "var" else None
    return fact in CLOCKS or bool(declared and declared["type"] == "integer")


def _forced(
    full: Machine, seen: Machine, before: Run, step: Step, greedy: bool | None, failed: Failed
) -> Run | None:
    """The move once more, with another minute or number with which it goes the way it was to."""
    for draft in _others(full, before.draft, failed.facts):
        run = before.copy()
        run.draft = draft
        run.forced = before.forced or failed.facts
        if _taken(full, seen, run, step, greedy) is None:
            return run
    return None


def _others(full: Machine, draft: Draft, facts: Slice) -> Iterator[Draft]:
    """`draft` with other values of the numbers that `facts` name, the nearest first."""
    if facts & CLOCKS:
        minutes = {max(0, minute) for mark in full.marks for minute in (mark - 1, mark)}
        for minute in sorted(minutes, key=lambda one: abs(one - draft.low)):
            one = draft.copy()
            one.low = one.high = minute
            yield one
    for at, name in enumerate(full.variables):
        if ("var", name) not in facts:
            continue
        old = draft.numbers[at]
        for value in sorted(full.tables[at], key=lambda one: abs(one - old)):
            one = draft.copy()
            one.numbers = (*draft.numbers[:at], value, *draft.numbers[at + 1 :])
            yield one


def stands(found: Found, seen: Machine, run: Run, key: Key) -> bool:
    """Whether a play of the full machine stands in the folded state `key` that `seen` found."""
    place, here = found.places[key].draft, Projection.of(run.machine, seen)(run.draft)
    if found.folding.key(here) != key:
        return False
    return here.ended or key[5] < 0 or place.low <= here.low <= place.high


def _taken(
    full: Machine, seen: Machine, run: Run, step: Step, greedy: bool | None
) -> Failed | None:
    move = step.move
    assert move is not None
    stop = seen.stops[run.draft.node]
    before = run.draft
    chosen = same(full, seen, run, move, greedy)
    if chosen is None:
        return Failed(_more(seen, _guarding(full, seen, run, stop, move), run))
    run.take(*chosen)
    return _differs(full, seen, run, step, (before, move))


def _fill(seen: Machine, run: Run) -> None:
    """In a pool that `seen` does not follow: take what earns points and changes nothing else."""
    stop = seen.stops[run.draft.node]
    while not stop.exact:
        ways = [
            (draft.least, move, draft)
            for move, draft in run.open_moves().items()
            if move[0] in ("ask", "open")
            and draft.least > 0
            and draft.node == stop.name
            and idle(_part(stop, move[1]))
        ]
        if not ways:
            return
        _, move, draft = max(ways, key=lambda way: way[0])
        run.take(move, draft)


def _part(stop: Stop, name: str) -> Part:
    return next(p for p in stop.parts if p.name == name)


def same(
    full: Machine, seen: Machine, run: Run, move: Move, greedy: bool | None
) -> tuple[Move, Draft] | None:
    """The move of the full machine that `move` of the other stands for."""
    ways = run.open_moves()
    if move in ways:
        return move, ways[move]
    stop, part_of = full.stops[run.draft.node], seen.stops[run.draft.node]
    if move[0] == "count":
        idlers = [
            (draft.least, one, draft)
            for one, draft in ways.items()
            if one[0] in ("ask", "open") and idle(_part(part_of, one[1]))
        ]
        if not idlers:
            return None
        pick = max if greedy else min
        _, one, draft = pick(idlers, key=lambda way: way[0])
        return one, draft
    if move[0] == "sort":
        stands_for = full.sorts.get((stop.name, run.draft.step, move[1]))
        one = ("sort", stands_for or "")
        return (one, ways[one]) if one in ways else None
    if move[0] in ("ask", "open"):
        kin = next((part.kin for part in stop.parts if part.name == move[1]), None)
        for one, draft in ways.items():
            if one[0] == move[0] and _part(stop, one[1]).kin == kin:
                return one, draft
    return None


def capped(full: Machine, seen: Machine, run: Run, cap: int, high: bool) -> Slice:
    """What to follow so that the cap of a rule is no guess: of one that `run` met and `seen` could
    not tell (`high`), or of one that `seen` feared, down to `cap`, and `run` did not meet."""
    guessed = sorted((rule for rule in seen.rules if rule.only_caps), key=lambda rule: rule.cap)
    truth = full.truth(run.draft)
    for rule in guessed:
        met = rule.name in run.fired
        if met is high and (rule.cap < cap if high else rule.cap <= cap):
            facts = telling(full, seen, rule.guard, truth, met)
            new = frozenset(fact for fact in facts if not seen.follows(fact))
            if not new and CLOCK in rule.guard.facts:
                new = next((f for f in _clocks() if not f <= seen.slice), frozenset())
            if new:
                return new
    return frozenset()


def finer(seen: Machine, run: Run) -> Slice:
    """The next finer view of the clock and of what `run` met."""
    return _more(seen, {CLOCK} if seen.follows(CLOCK) else (), run)


def loose(seen: Machine, run: Run, high: bool) -> Slice:
    """What to follow so that points are no guess: of the nodes that `run` met, the one at which
    they differ most from the most (or from none)."""
    differs: list[tuple[int, Slice]] = []
    for name, earned in run.earned.items():
        stop = seen.stops[name]
        if stop.counts or not stop.most:
            continue
        facts = of_pool(seen.layout, name) if stop.pool >= 0 else frozenset()
        facts |= {("purse", name)} if seen.layout.again(name) else frozenset()
        new = frozenset(fact for fact in facts if not seen.follows(fact))
        if new:
            differs.append((stop.most - earned if high else earned, new))
    return max(differs, key=lambda one: one[0], default=(0, frozenset()))[1]


def _differs(
    full: Machine, seen: Machine, run: Run, step: Step, came: tuple[Draft, Move] | None
) -> Failed | None:
    """Why the play does not stand where the way does, if so."""
    known = {rule.name for rule in seen.rules if not rule.only_caps}
    fired = {name for name in run.draft.fired if name in known}
    truth = full.truth(run.draft)
    if fired != set(step.fired):
        facts: set[Fact] = set()
        for rule in seen.rules:
            if rule.name in known and (rule.name in fired) != (rule.name in step.fired):
                facts |= telling(full, seen, rule.guard, truth, rule.name in fired)
                facts.add(("fired", rule.name))
        return Failed(_more(seen, facts, run))
    if run.draft.node == step.node:
        return None
    ways = _ways(seen, came) if came is not None else ()
    facts = set()
    for way in ways:
        # The branch the play took, or the one it was to take, whichever comes first, tells.
        if way.guard is not None and way.to in (run.draft.node, step.node):
            facts |= telling(full, seen, way.guard, truth, way.to == run.draft.node)
            if any(not seen.follows(fact) for fact in facts):
                break
    every = {fact for way in ways if way.guard for fact in way.guard.facts}
    if all(seen.follows(fact) for fact in facts):
        facts = every
    return Failed(_more(seen, facts, run))


def _ways(seen: Machine, came: tuple[Draft, Move]) -> tuple[Way, ...]:
    before, move = came
    stop = seen.stops[before.node]
    return _part(stop, move[1]).ways if move[0] == "choose" else stop.ways


def telling(full: Machine, seen: Machine, guard: Guard, truth: int, held: bool) -> set[Fact]:
    """Facts that suffice to give `guard` the value it had in the play; all of them where the
    moment has passed and it has another value by now."""
    if full.holds(guard, truth) is not held:
        return set(guard.facts)
    layout = full.layout

    def dear(mask: int) -> int:
        new = {atom.fact for atom in layout.bits(mask & ~seen.known)}
        return sum(price(layout, fact) for fact in new)

    return {atom.fact for atom in layout.bits(deciding(guard.tree, truth, dear))}


def _guarding(full: Machine, seen: Machine, run: Run, stop: Stop, move: Move) -> set[Fact]:
    """What would have told that a move is not open."""
    guard = _part(stop, move[1]).guard if move[0] in ("choose", "ask", "open") else None
    if guard is None:
        return set()
    return telling(full, seen, guard, full.truth(run.draft), False)


def _more(seen: Machine, facts: Iterable[Fact], run: Run) -> Slice:
    """Those of `facts` that are not followed yet; else the next finer view of clock and pools."""
    new = frozenset(f for f in facts if not seen.follows(f))
    if new:
        return new
    for finer in _finer(seen.layout, set(facts), run):
        new = frozenset(f for f in finer if not seen.follows(f))
        if new:
            return new
    return frozenset()


def _finer(layout: Layout, facts: set[Fact], run: Run) -> Iterator[Slice]:
    nodes = layout.doc["nodes"]
    met = [name for name in run.earned if nodes[name]["kind"] in ("interview", "search")]
    if met and run.draft.node == met[-1]:
        yield of_pool(layout, met[-1])
    if CLOCK in facts:
        yield from _clocks()
    yield from (of_pool(layout, name) for name in reversed(met))
    yield everything(layout)


def _clocks() -> Iterator[Slice]:
    return (frozenset({stretch}) for stretch in (*STRETCHES, MINUTE))
