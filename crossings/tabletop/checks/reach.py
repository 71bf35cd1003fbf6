"""How early each thing can happen at all, over every play of an exercise.

An act needs a moment: it is there a millisecond after it may be done. What the trainer may do by
hand is left out, except hand-sent injects, milestones that the trainer judges, and branches. Where
something is said to be impossible, it is; the other way round it may be too hopeful, since people
may never do what they could.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product

from crossings.cases.guard import truth
from crossings.tabletop.clock import MINUTE
from crossings.tabletop.language import Ast, names, parse, thresholds
from crossings.tabletop.model import Inject, Tabletop
from crossings.tabletop.world import compares

Fact = tuple[str, ...]
"""`inject`, `milestone`, `action` or `form` and its id; `way`, branch and way."""
MOST_LEAVES = 10
"""Conditions with more different questions are taken to be possible."""
_SHELF = {"is": "milestone", "fired": "inject", "did": "action", "filed": "form", "chose": "way"}


class Reach:
    """The earliest time of each fact, in milliseconds; a fact that is not in `first` never is.

    `sure` are facts that hold from a time on in every play in which the trainer sends nothing back.
    """

    def __init__(self, table: Tabletop, minutes: int) -> None:
        self.table, self.minutes = table, minutes
        self.end = minutes * MINUTE
        self.first: dict[Fact, int] = {}
        self.sure: dict[Fact, int] = {}
        self._fixed = {0, 1} | {m * MINUTE for m in _minutes(table)}
        self._settle()
        self._find_sure()
        # What is sure cannot be false any more: conditions with `not` hold less often.
        self.first = {}
        self._settle()

    def _settle(self) -> None:
        changed = True
        while changed:
            changed = False
            for fact, at in self._facts():
                if at is not None and at <= self.end and at < self.first.get(fact, self.end + 1):
                    self.first[fact] = at
                    changed = True

    def _facts(self) -> Iterator[tuple[Fact, int | None]]:
        table = self.table
        for inject in table.injects:
            yield ("inject", inject.id), self.inject(inject)
            yield from self._met(inject.meets, ("inject", inject.id))
        for name, action in table.actions.items():
            yield ("action", name), _after(self.when(action.when))
            yield from self._met(action.meets, ("action", name))
        for name, form in table.forms.items():
            yield ("form", name), _after(self.when(form.when))
            yield from self._met(form.meets, ("form", name))
        for name, milestone in table.milestones.items():
            if milestone.trainer:
                yield ("milestone", name), 0
            if milestone.when is not None:
                yield ("milestone", name), self.when(milestone.when)
        for name, fork in table.branches.items():
            yield from ((("way", name, way), 0) for way in fork.ways)

    def _met(self, names: Iterable[str], by: Fact) -> Iterator[tuple[Fact, int | None]]:
        return ((("milestone", name), self.first.get(by)) for name in names)

    def inject(self, inject: Inject) -> int | None:
        """When an inject can fire first."""
        if inject.hand:
            return 0
        if inject.silence is not None:
            return inject.silence.by * MINUTE
        if inject.at is not None:
            at = inject.at * MINUTE
            return at if inject.when is None or self.can_hold(inject.when, at) else None
        first = self.when(inject.when, inject.earliest * MINUTE)
        return None if first is None else first + inject.delay * MINUTE

    def when(self, condition: str | None, since: int = 0) -> int | None:
        """The first time from `since` on at which a condition can hold."""
        if condition is None:
            return since
        return next((t for t in self._times(since) if self.can_hold(condition, t)), None)

    def _times(self, since: int) -> list[int]:
        """The times at which anything may change; between them nothing does."""
        known = {since, *self._fixed, *self.first.values(), *self.sure.values()}
        return sorted(t for t in known if since <= t <= self.end)

    # Conditions

    def can_hold(self, condition: str, at: int) -> bool:
        """Whether a condition can hold at a time."""
        tree = parse(condition)
        return any(truth(tree, case) for case in self._cases(tree, at))

    def must_hold(self, condition: str, at: int) -> bool:
        tree = parse(condition)
        return all(truth(tree, case) for case in self._cases(tree, at))

    def _cases(self, tree: Ast, at: int) -> Iterator[Callable[[Ast], bool]]:
        """Every way in which the questions of a condition can be answered at a time."""
        leaves = list(dict.fromkeys(tuple(leaf) for leaf in names(tree)))
        if len(leaves) > MOST_LEAVES:
            # Too many to try: both answers of the whole are possible.
            yield lambda leaf: True
            yield lambda leaf: False
            return
        for values in product(*(self._answers(leaf, at) for leaf in leaves)):
            case = dict(zip(leaves, values, strict=True))
            if _consistent(case):
                yield lambda leaf, case=case: case[tuple(leaf)]  # type: ignore[misc]

    def _answers(self, leaf: tuple[object, ...], at: int) -> tuple[bool, ...]:
        word = str(leaf[0])
        if word == "cmp":
            return (compares(str(leaf[1]), at // MINUTE, int(str(leaf[3]))),)
        if word in ("told", "wrote"):
            return (True, False) if at > 0 else (False,)
        fact = (_SHELF[word], *(str(part) for part in leaf[1:]))
        if fact in self.sure and self.sure[fact] <= at:
            return (True,)
        return (True, False) if fact in self.first and self.first[fact] <= at else (False,)

    # What is sure

    def _find_sure(self) -> None:
        undone = {u for a in self.table.actions.values() for u in a.undoes}
        undone |= {u for i in self.table.injects for u in i.undoes}
        undone |= {n for n, m in self.table.milestones.items() if m.trainer}
        changed = True
        while changed:
            changed = False
            for fact, at in self._sure_facts():
                if fact[0] == "milestone" and fact[1] in undone:
                    continue
                if at <= self.end and at < self.sure.get(fact, self.end + 1):
                    self.sure[fact] = at
                    changed = True

    def _sure_facts(self) -> Iterator[tuple[Fact, int]]:
        for inject in self.table.injects:
            fact: Fact = ("inject", inject.id)
            at = self._surely(inject)
            if at is not None:
                yield fact, at
                yield from ((("milestone", name), at) for name in inject.meets)
        for name, milestone in self.table.milestones.items():
            if milestone.when is not None:
                at = self._must(milestone.when, 0)
                if at is not None:
                    yield ("milestone", name), at + 1

    def _surely(self, inject: Inject) -> int | None:
        if inject.hand or inject.silence is not None:
            return None
        if inject.at is not None:
            at = inject.at * MINUTE
            if inject.when is None:
                return at
            return at + 1 if self.must_hold(inject.when, at) else None
        assert inject.when is not None
        first = self._must(inject.when, inject.earliest * MINUTE)
        return None if first is None else first + inject.delay * MINUTE + 1

    def _must(self, condition: str, since: int) -> int | None:
        return next((t for t in self._times(since) if self.must_hold(condition, t)), None)


def _after(at: int | None) -> int | None:
    return None if at is None else at + 1


def _minutes(table: Tabletop) -> set[int]:
    minutes = thresholds(table)
    for inject in table.injects:
        minutes |= {m for m in (inject.at, inject.earliest) if m is not None}
    return {m for m in minutes if m >= 0}


def _consistent(case: dict[tuple[object, ...], bool]) -> bool:
    """A branch goes one way; whoever was written to was told."""
    taken = [leaf[1] for leaf, held in case.items() if held and leaf[0] == "chose"]
    if len(set(taken)) != len(taken):
        return False
    written = {leaf[2] for leaf, held in case.items() if held and leaf[0] == "wrote"}
    return all(case.get(("told", role), True) for role in written)
