"""The engine once more, over sets of plays: what one move does to a state of which only some facts
are known.

`crossings.cases.engine` and `docs/formats/case-trace.md` give the meaning. A `Machine` follows
the facts of its slice. A guard about others may hold or not, and both are tried; so what it cannot
reach, no play can. With every fact in the slice it is the engine without the log.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from crossings.cases.explore.layout import Fact, Guard, Layout, Path
from crossings.cases.explore.parts import NO_CAP, Delayed, Draft, Event, Op, Stop, Way, outcome

NOTHING: frozenset[Event] = frozenset()


class Upcoming(NamedTuple):
    """From one rule on: the first that may fire, and what those before it bring."""

    rule: Delayed | None
    at: int
    certain: bool
    """Whether its guard is known to hold."""
    cap: int
    cap_at_worst: int
    events: tuple[Event, ...]


@dataclass
class Machine:
    """A case seen through a slice of facts. `watched` are the events worth telling."""

    layout: Layout
    slice: frozenset[Fact]
    everything: bool = False
    scored: bool = True
    """Whether points and caps count."""
    watched: frozenset[Event] | None = None
    """None: all."""
    stops: dict[str, Stop] = field(default_factory=dict)
    rules: list[Delayed] = field(default_factory=list)
    fates: list[list[Guard]] = field(default_factory=list)
    asked_by_rules: int = 0
    known: int = 0
    """The atoms whose facts are followed."""
    variables: list[str] = field(default_factory=list)
    pools: list[str] = field(default_factory=list)
    purses: list[str] = field(default_factory=list)
    exact_minute: bool = False
    sorts: dict[tuple[str, int, str], str] = field(default_factory=dict)
    """Of a triage: by node, arrival and channel, the channel that stands for it."""
    marks: list[int] = field(default_factory=list)
    """The minutes at which some atom about the clock changes."""
    between: list[int] = field(default_factory=list)
    """The atoms about the clock that hold before the first mark, from it on, from the next on, …"""
    tables: list[dict[int, int]] = field(default_factory=list)
    """By variable: the atoms that hold for each of its values."""
    _of_numbers: dict[tuple[int, ...], int] = field(default_factory=dict)
    _ahead: dict[tuple[int, int, int], Upcoming] = field(default_factory=dict)
    _memo: dict[Path, dict[int, bool | None]] = field(default_factory=dict)

    def follows(self, fact: Fact) -> bool:
        return self.everything or fact in self.slice

    @property
    def ticks(self) -> bool:
        """Whether minutes matter."""
        return bool(self.marks)

    def wants(self, event: Event) -> bool:
        return self.watched is None or event in self.watched

    # What holds

    def truth(self, draft: Draft) -> int:
        """The atoms that hold; the clock must stand between two marks."""
        numbers = self._of_numbers.get(draft.numbers)
        if numbers is None:
            numbers = 0
            for table, value in zip(self.tables, draft.numbers, strict=True):
                numbers |= table[value]
            self._of_numbers[draft.numbers] = numbers
        held = draft.bits | numbers
        return held | self.between[bisect_right(self.marks, draft.low)] if self.between else held

    def region(self, minute: int) -> int:
        """Between which marks of the clock `minute` stands."""
        return bisect_right(self.marks, minute)

    def holds(self, guard: Guard | None, truth: int) -> bool | None:
        """Whether `guard` holds; None where the slice cannot tell."""
        if guard is None:
            return True
        memo = self._memo.get(guard.path)
        if memo is None:
            memo = self._memo[guard.path] = {}
        key = truth & guard.mask
        if key not in memo:
            memo[key] = outcome(guard.tree, key, self.known)
        return memo[key]

    def _parted(self, draft: Draft) -> list[Draft]:
        """`draft` once for each stretch between marks in which its clock may stand."""
        if not self.marks or draft.low == draft.high:
            return [draft]
        parts = []
        low = draft.low
        while low <= draft.high:
            at = bisect_right(self.marks, low)
            end = self.marks[at] - 1 if at < len(self.marks) else draft.high
            one = draft.copy()
            one.low, one.high = low, min(end, draft.high)
            parts.append(one)
            low = end + 1
        return parts

    # What changes

    def change(self, draft: Draft, ops: tuple[Op, ...]) -> None:
        for op in ops:
            word = op[0]
            if word == "on":
                draft.bits |= op[1]
            elif word == "off":
                draft.bits &= ~op[1]
            elif word == "advance":
                self.advance(draft, op[1], op[1])
            else:
                _, at, value, least, most = op
                wanted = value if word == "set" else draft.numbers[at] + value
                wanted = min(most, max(least, wanted))
                draft.numbers = (*draft.numbers[:at], wanted, *draft.numbers[at + 1 :])

    def advance(self, draft: Draft, least: int, most: int) -> None:
        if self.marks:
            last = self.marks[-1]
            draft.low = min(draft.low + least, last)
            draft.high = min(draft.high + most, last)

    def settle(self, draft: Draft, ways: tuple[Way, ...] | None) -> Iterator[Draft]:
        """Everything that can follow: rules, the way on, entering, rules again."""
        waiting: list[tuple[Draft, str | None]] = []
        for part in self._parted(draft):
            for one, to in self._ruled(part):
                if to is None and ways is not None:
                    waiting.extend(self._led(one, ways))
                else:
                    waiting.append((one, to))
        while waiting:
            one, to = waiting.pop()
            if to is None:
                if one.ended and self.watched != NOTHING:
                    self._fates(one)
                yield one
                continue
            self.enter(one, to)
            for part in self._parted(one):
                waiting.extend(self._ruled(part))

    def enter(self, draft: Draft, name: str) -> None:
        stop = self.stops[name]
        draft.node, draft.step = name, 0
        draft.bits |= stop.visited
        self.note(draft, ("enter", name))
        self.change(draft, stop.ops)
        draft.bits |= stop.seen
        for evidence in stop.evidence:
            self.note(draft, ("see", evidence))
        if not stop.counts and not self.layout.again(name):
            draft.most += stop.most
        draft.ended = draft.ended or stop.kind == "ending"

    def _fates(self, draft: Draft) -> None:
        """What the debrief asks at an ending: for each person, fates in order until one holds."""
        truth = self.truth(draft)
        for guards in self.fates:
            for guard in guards:
                held = self.holds(guard, truth)
                if held is not False:
                    self.note(draft, ("guard", guard.path, True))
                if held is not True:
                    self.note(draft, ("guard", guard.path, False))
                if held:
                    break

    def note(self, draft: Draft, event: Event) -> None:
        if self.watched is None or event in self.watched:
            draft.events = (*draft.events, event)

    def _led(self, draft: Draft, ways: tuple[Way, ...]) -> Iterator[tuple[Draft, str]]:
        """The first branch that holds, or the last; each that may be the first."""
        truth = self.truth(draft)
        for way in ways:
            held = self.holds(way.guard, truth)
            if way.guard is not None:
                if held is None:
                    one = draft.copy()
                    self.note(one, ("guard", way.guard.path, True))
                    yield one, way.to
                self.note(draft, ("guard", way.guard.path, bool(held)))
            if held:
                yield draft, way.to
                return
        yield draft, ways[-1].to

    def _ruled(self, draft: Draft) -> Iterator[tuple[Draft, str | None]]:
        """Rules in file order until a whole pass fires none; where the first `goto` leads."""
        waiting: list[tuple[Draft, int, bool, str | None]] = [(draft, 0, False, None)]
        met: set[object] = set()
        while waiting:
            one, at, again, to = waiting.pop()
            if waiting or met:
                where = (at, again, to, one.bits, one.numbers, one.low, one.high)
                place = (*where, one.now, one.cap, one.cap_at_worst)
                if place in met:
                    continue
                met.add(place)
            while True:
                ahead = self._upcoming(one, at)
                if ahead.cap_at_worst < one.cap_at_worst:
                    one.cap_at_worst = ahead.cap_at_worst
                if ahead.cap < one.cap:
                    one.cap = ahead.cap
                if ahead.events:
                    one.events += ahead.events
                if ahead.rule is None:
                    if not again:
                        yield one, None if one.ended else to
                        break
                    at, again = 0, False
                    continue
                rule, at = ahead.rule, ahead.at + 1
                if not ahead.certain:
                    other = one.copy()
                    self.note(other, ("guard", rule.guard.path, False))
                    waiting.append((other, at, again, to))
                elif not rule.fired & self.known:
                    # It may have fired long ago.
                    other = one.copy()
                    other.now |= 1 << rule.number
                    waiting.append((other, at, again, to))
                self._fire(one, rule)
                again, to = True, to or rule.goto
                parts = self._parted(one)
                waiting.extend((part, at, again, to) for part in parts[1:])
                one = parts[0]

    def _upcoming(self, draft: Draft, at: int) -> Upcoming:
        place = (self.truth(draft) & self.asked_by_rules, draft.now, at)
        ahead = self._ahead.get(place)
        if ahead is None:
            ahead = self._ahead[place] = self._looked_up(*place)
        return ahead

    def _looked_up(self, truth: int, now: int, at: int) -> Upcoming:
        cap = cap_at_worst = NO_CAP
        events: list[Event] = []
        for number in range(at, len(self.rules)):
            rule = self.rules[number]
            if now >> rule.number & 1 or truth & rule.fired & self.known:
                continue
            held = self.holds(rule.guard, truth)
            if rule.only_caps:
                if held:
                    cap = min(cap, rule.cap)
                if held is not False:
                    cap_at_worst = min(cap_at_worst, rule.cap)
                continue
            if held is not False:
                return Upcoming(rule, number, bool(held), cap, cap_at_worst, tuple(events))
            event = ("guard", rule.guard.path, False)
            if self.wants(event):
                events.append(event)
        return Upcoming(None, 0, False, cap, cap_at_worst, tuple(events))

    def _fire(self, draft: Draft, rule: Delayed) -> None:
        draft.now |= 1 << rule.number
        draft.bits |= rule.fired & self.known
        draft.fired = (*draft.fired, rule.name)
        self.note(draft, ("fire", rule.name))
        self.note(draft, ("guard", rule.guard.path, True))
        draft.cap = min(draft.cap, rule.cap)
        draft.cap_at_worst = min(draft.cap_at_worst, rule.cap)
        self.change(draft, rule.ops)

    def added_at_the_end(self) -> int:
        """The most that nodes can earn which can be met again and are not followed."""
        stops = self.stops.values()
        return sum(s.most for s in stops if not s.counts and self.layout.again(s.name))
