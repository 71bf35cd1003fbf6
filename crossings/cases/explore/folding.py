"""Which states of a play no future can tell apart.

A state is folded to what later guards can still ask. An atom that nothing ahead can change is
put into the guards that ask about it; what is left of them says which facts still count. Two
states of one node, with the same guards left and the same values of what those ask, lead to
the same endings by the same moves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from crossings.cases.explore.layout import CLOCK, Guard, Path, Tree
from crossings.cases.explore.machine import Machine
from crossings.cases.explore.parts import NO_CAP, Draft, Op, Part, Stop

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Ahead:
    """What can still happen from a node on, rules left out."""

    rises: int
    """Atoms that may come to hold."""
    falls: int
    guards: tuple[Guard, ...]
    asked: int
    """Atoms of `guards` and of rules."""
    shown: int
    """Bits of evidence that searches ahead would not open twice."""
    pools: tuple[int, ...]
    purses: tuple[int, ...]


@dataclass(frozen=True)
class Fold:
    """What counts of the states with one outlook."""

    outlook: int
    bits: int
    numbers: tuple[int, ...]
    clock: bool


class Left(NamedTuple):
    """What is left of a guard once what nothing ahead can change is put in."""

    tree: Tree | bool
    atoms: int


@dataclass
class Folding:
    """The folds of one machine."""

    machine: Machine
    ahead: dict[str, Ahead] = field(default_factory=dict)
    _folds: dict[tuple[str, int, int], Fold] = field(default_factory=dict)
    _outlooks: dict[Any, int] = field(default_factory=dict)
    _lefts: dict[Path, dict[tuple[int, int], Left]] = field(default_factory=dict)
    _fired: int = 0
    """What says which rules have fired."""
    _untouched: tuple[tuple[int, int], ...] = ()
    _rules: list[tuple[int, int]] = field(default_factory=list)
    _comparing: int = 0
    _clock: int = 0
    _of_number: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, machine: Machine) -> Folding:
        made = cls(machine)
        atoms = machine.layout.atoms
        made._clock = sum(1 << n for n, a in enumerate(atoms) if a.fact == CLOCK) & machine.known
        made._of_number = [
            sum(1 << n for n, a in enumerate(atoms) if a.fact == ("var", name))
            for name in machine.variables
        ]
        made._comparing = made._clock | sum(made._of_number)
        for rule in machine.rules:
            rises, falls = made._written(rule.ops)
            made._rules.append((rises | rule.fired & machine.known, falls))
            made._fired |= rule.fired & machine.known
        made._untouched = ((0, 0),) * len(machine.pools)
        made._look_ahead()
        return made

    def key(self, draft: Draft) -> Key:
        """What `draft` is folded to."""
        if draft.ended:
            return (draft.node,)
        machine = self.machine
        ahead = self.ahead[draft.node]
        truth = machine.truth(draft)
        place = (draft.node, truth & ahead.asked, draft.bits & self._fired)
        fold = self._folds.get(place)
        if fold is None:
            alive = 0
            for at, rule in enumerate(machine.rules):
                if not draft.bits & rule.fired & machine.known:
                    alive |= 1 << at
            fold = self._folds[place] = self._folded(ahead, truth, alive)
        clock = -1
        if fold.clock:
            clock = draft.low if machine.exact_minute else machine.region(draft.low)
        return (
            draft.node,
            draft.step,
            fold.outlook,
            draft.bits & (fold.bits | ahead.shown),
            tuple([draft.numbers[at] for at in fold.numbers]) if fold.numbers else (),
            clock,
            self._taken(draft, ahead, fold) if draft.pools != self._untouched else (),
            tuple([draft.purses[at] for at in ahead.purses]) if ahead.purses else (),
        )

    def _taken(self, draft: Draft, ahead: Ahead, fold: Fold) -> tuple[tuple[int, int], ...]:
        """What was taken of the pools that can still be met; nothing where it is none."""
        # What is only counted costs minutes, and changes nothing else.
        pools = [draft.pools[at] if fold.clock else (draft.pools[at][0], 0) for at in ahead.pools]
        return tuple(pools) if any(map(any, pools)) else ()

    def _folded(self, ahead: Ahead, truth: int, alive: int) -> Fold:
        machine, known = self.machine, self.machine.known
        left: dict[int, Left] = {}
        while True:
            rises, falls = ahead.rises, ahead.falls
            for at, (up, down) in enumerate(self._rules):
                if alive >> at & 1:
                    rises, falls = rises | up, falls | down
            fixed = (truth & ~falls | ~truth & ~rises) & known
            kept = 0
            for at, rule in enumerate(machine.rules):
                if alive >> at & 1:
                    left[at] = self._left(rule.guard, truth, fixed)
                    kept |= (left[at].tree is not False) << at
            if kept == alive:
                break
            alive = kept
        trees: list[Tree | bool] = []
        live = 0
        for guard in ahead.guards:
            one = self._left(guard, truth, fixed)
            trees.append(one.tree)
            live |= one.atoms
        live, counted = self._with_rules(live, alive, left)
        live &= known
        # Which guards these are is clear from the node, which is part of every key.
        outlook = (tuple(trees), tuple((at, left[at].tree) for at in counted))
        numbers = tuple(at for at, mask in enumerate(self._of_number) if live & mask)
        named = self._outlooks.setdefault(outlook, len(self._outlooks))
        return Fold(named, live & ~self._comparing, numbers, bool(live & self._clock))

    def _left(self, guard: Guard, truth: int, fixed: int) -> Left:
        known = self._lefts.get(guard.path)
        if known is None:
            known = self._lefts[guard.path] = {}
        put_in = fixed & guard.mask
        place = (truth & put_in, put_in)
        left = known.get(place)
        if left is None:
            tree = residue(guard.tree, truth, fixed)
            left = known[place] = Left(tree, leaves(tree))
        return left

    def _with_rules(self, live: int, alive: int, left: dict[int, Left]) -> tuple[int, list[int]]:
        """Rules that may still fire and change what counts, and what counts because of them."""
        counted: list[int] = []
        waiting = [at for at in left if alive >> at & 1]
        found = True
        while found:
            found = False
            for at in list(waiting):
                rule = self.machine.rules[at]
                up, down = self._rules[at]
                matters = rule.cap != NO_CAP or rule.goto or (up | down) & live or self._told(at)
                if not matters:
                    continue
                waiting.remove(at)
                counted.append(at)
                live |= left[at].atoms
                found = True
        return live, sorted(counted)

    def _told(self, at: int) -> bool:
        rule = self.machine.rules[at]
        path = rule.guard.path
        events = (("fire", rule.name), ("guard", path, True), ("guard", path, False))
        return any(map(self.machine.wants, events))

    # What lies ahead

    def _look_ahead(self) -> None:
        machine = self.machine
        layout, known = machine.layout, machine.known
        wanted = [
            guard
            for guard in layout.guards.values()
            if guard.path[0] != "rules" and (guard.mask & known or guard.mask == 0)
        ]
        own: dict[str, int] = dict.fromkeys(machine.stops, 0)
        rises, falls = dict(own), dict(own)
        late_rises, late_falls = dict(own), dict(own)
        shown = dict(own)
        fates = 0
        # The fates of a person are asked in order: those before one that is watched count, too.
        told = {guard.path for guards in machine.fates for guard in guards}
        for at, guard in enumerate(wanted):
            if guard.path[0] == "nodes":
                own[str(guard.path[1])] |= 1 << at
            elif guard.path in told:
                fates |= 1 << at
        for name, stop in machine.stops.items():
            rises[name], falls[name], shown[name] = self._at_stop(stop)
            up, down = self._written(stop.ops)
            late_rises[name] = rises[name] | up | stop.visited | stop.seen
            late_falls[name] = falls[name] | down
            if stop.kind == "ending":
                own[name] |= fates
        all_own, all_shown = layout.gathered(own), layout.gathered(shown)
        all_rises, all_falls = layout.gathered(late_rises), layout.gathered(late_falls)
        rules_ask = 0
        for rule in machine.rules:
            rules_ask |= rule.guard.mask
        for name in machine.stops:
            chosen = own[name] | all_own[name]
            guards = tuple(g for at, g in enumerate(wanted) if chosen >> at & 1)
            asked = rules_ask
            for guard in guards:
                asked |= guard.mask
            self.ahead[name] = Ahead(
                rises[name] | all_rises[name],
                falls[name] | all_falls[name],
                guards,
                asked & known,
                (shown[name] | all_shown[name]) & known,
                self._still(name, machine.pools),
                self._still(name, machine.purses),
            )

    def _still(self, name: str, nodes: list[str]) -> tuple[int, ...]:
        layout = self.machine.layout
        after = layout.after[name] | 1 << layout.number[name]
        return tuple(at for at, node in enumerate(nodes) if after >> layout.number[node] & 1)

    def _at_stop(self, stop: Stop) -> tuple[int, int, int]:
        """Atoms that moves at a stop may raise, may fell, and evidence they would open."""
        rises = falls = shown = 0
        parts: Iterable[Part] = (*stop.parts, *(p for r in stop.rounds for p in r))
        for part in parts:
            up, down = self._written(part.ops)
            rises |= up | part.on | part.evidence
            falls |= down | part.off
            shown |= part.evidence
            if part.minutes:
                up, down = self._written((("advance", part.minutes),))
                rises, falls = rises | up, falls | down
        return rises, falls, shown

    def _written(self, ops: Iterable[Op]) -> tuple[int, int]:
        """Atoms that `ops` may raise, and that they may fell."""
        rises = falls = 0
        for op in ops:
            word = op[0]
            if word == "on":
                rises |= op[1]
            elif word == "off":
                falls |= op[1]
            else:
                for bit, up, down in self._moved(op):
                    rises |= bit * up
                    falls |= bit * down
        return rises, falls

    def _moved(self, op: Op) -> Iterable[tuple[int, bool, bool]]:
        """Each atom of the number that `op` changes, whether it may rise, whether it may fall."""
        mask = self._clock if op[0] == "advance" else self._of_number[op[1]]
        for at, atom in enumerate(self.machine.layout.atoms):
            if not mask >> at & 1:
                continue
            if op[0] == "set":
                held = atom.compares(min(op[4], max(op[3], op[2])))
                yield 1 << at, held, not held
                continue
            up = op[0] == "advance" or op[2] > 0
            if atom.op in ("==", "!="):
                yield 1 << at, True, True
            else:
                rising = (atom.op in (">", ">=")) == up
                yield 1 << at, rising, not rising


def residue(tree: Tree, truth: int, fixed: int) -> Tree | bool:
    """What is left of a guard once the atoms in `fixed` are put in."""
    word = tree[0]
    if word == "is":
        return bool(truth & tree[1]) if fixed & tree[1] else tree
    if word == "const":
        return bool(tree[1])
    one = residue(tree[1], truth, fixed)
    if word == "not":
        return (not one) if isinstance(one, bool) else ("not", one)
    ends = word == "or"
    if one is ends:
        return ends
    other = residue(tree[2], truth, fixed)
    if other is ends:
        return ends
    if isinstance(one, bool):
        return other
    return one if isinstance(other, bool) else (word, one, other)


def leaves(tree: Tree | bool) -> int:
    """The atoms of a guard, or of what is left of it."""
    if isinstance(tree, bool) or tree[0] == "const":
        return 0
    if tree[0] == "is":
        return int(tree[1])
    return leaves(tree[1]) | (leaves(tree[2]) if len(tree) > 2 else 0)
