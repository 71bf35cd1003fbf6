"""The engine once more, over sets of plays: what one move does to a state of which only some facts
are known.

`crossings.cases.engine` and `docs/formats/case-trace.md` give the meaning. A `Machine` follows
the facts of its slice. A guard about others may hold or not, and both are tried; so what it cannot
reach, no play can. With every fact in the slice it is the engine without the log.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from crossings.cases.explore.layout import (
    CLOCK,
    MINUTE,
    Atom,
    Fact,
    Guard,
    Json,
    Layout,
    Path,
    Tree,
)

NO_CAP = 101
Event = tuple[Any, ...]
"""("enter", node), ("fire", rule), ("see", evidence), ("guard", path, outcome), ("stuck", node)"""

Op = tuple[Any, ...]
"""("on" | "off", bits), ("set" | "add", number of the variable, value, min, max), ("advance", n)"""


@dataclass(frozen=True)
class Way:
    """A branch: where it leads, under which guard."""

    to: str
    guard: Guard | None


@dataclass(frozen=True)
class Part:
    """An option, question, find or verdict, as far as the slice sees it."""

    name: str
    guard: Guard | None
    on: int
    off: int
    ops: tuple[Op, ...]
    cap: int
    points: int
    minutes: int = 0
    ways: tuple[Way, ...] = ()
    evidence: int = 0
    """The bit that says that this find was seen."""
    kin: int = 0
    """In a pool: the number of its class. Parts of one class are alike in all but their text."""

    def alike(self, other: Part) -> bool:
        mine = (self.ops, self.cap, self.points, self.minutes, self.on, self.evidence)
        same = (other.ops, other.cap, other.points, other.minutes, other.on, other.evidence)
        trees = [p.guard.tree if p.guard else None for p in (self, other)]
        return mine == same and trees[0] == trees[1]


@dataclass(frozen=True)
class Stop:
    """A node, as far as the slice sees it."""

    name: str
    kind: str
    visited: int
    ops: tuple[Op, ...]
    seen: int
    evidence: tuple[str, ...]
    parts: tuple[Part, ...] = ()
    ways: tuple[Way, ...] = ()
    rounds: tuple[tuple[Part, ...], ...] = ()
    """Of a triage: the verdicts that differ, arrival by arrival."""
    limit: int = 0
    """Questions, or minutes."""
    most: int = 0
    """Points that can be earned here."""
    ceiling: int = 0
    """Of an interview: where its points stop."""
    exact: bool = True
    """Of a pool: whether each question or find is followed. Otherwise those that change nothing
    the slice sees are only counted, and any points may be earned."""
    purse: int = -1
    """Where the points of this node are kept, if it can be met again and they are followed."""
    counts: bool = True
    """Whether points are counted as they are earned. Otherwise any may be earned: they are added
    on entering, or at the end where the node can be met again."""
    pool: int = -1


@dataclass(frozen=True)
class Delayed:
    """A rule, as far as the slice sees it."""

    name: str
    number: int
    guard: Guard
    fired: int
    ops: tuple[Op, ...]
    cap: int
    goto: str | None
    only_caps: bool
    """Whether all that the slice sees of it is its cap."""


@dataclass(slots=True)
class Draft:
    """Where some plays stand, with what the move on the way has brought so far."""

    node: str
    step: int = 0
    """In a triage: how many arrivals are sorted."""
    bits: int = 0
    numbers: tuple[int, ...] = ()
    low: int = 0
    high: int = 0
    """The clock: at least and at most."""
    pools: tuple[tuple[int, int], ...] = ()
    """By pool: what was taken (a bit each), and how many more that are only counted."""
    purses: tuple[int, ...] = ()
    ended: bool = False
    least: int = 0
    most: int = 0
    """Points of the move."""
    cap: int = NO_CAP
    cap_at_worst: int = NO_CAP
    """As `cap`, with those of rules that may have fired."""
    now: int = 0
    """Rules that fired in this move."""
    fired: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()

    def copy(self) -> Draft:
        return Draft(
            self.node, self.step, self.bits, self.numbers, self.low, self.high, self.pools,
            self.purses, self.ended, self.least, self.most, self.cap, self.cap_at_worst, self.now,
            self.fired, self.events,
        )  # fmt: skip


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
    known: int = 0
    variables: list[str] = field(default_factory=list)
    pools: list[str] = field(default_factory=list)
    purses: list[str] = field(default_factory=list)
    exact_minute: bool = False
    sorts: dict[tuple[str, int, str], str] = field(default_factory=dict)
    """Of a triage: by node, arrival and channel, the channel that stands for it."""
    _clock: list[int] = field(default_factory=list)
    _marks: list[int] = field(default_factory=list)
    _of_number: list[dict[int, int]] = field(default_factory=list)
    _of_numbers: dict[tuple[int, ...], int] = field(default_factory=dict)
    _still: dict[tuple[int, int], tuple[Event, ...] | None] = field(default_factory=dict)
    _rules_ask: int = 0
    _memo: dict[Path, dict[int, bool | None]] = field(default_factory=dict)

    def follows(self, fact: Fact) -> bool:
        return self.everything or fact in self.slice

    @property
    def ticks(self) -> bool:
        """Whether minutes matter."""
        return bool(self._marks)

    def wants(self, event: Event) -> bool:
        return self.watched is None or event in self.watched

    # What holds

    def truth(self, draft: Draft) -> int:
        """The atoms that hold; the clock must stand between two marks."""
        numbers = self._of_numbers.get(draft.numbers)
        if numbers is None:
            numbers = 0
            for table, value in zip(self._of_number, draft.numbers, strict=True):
                numbers |= table[value]
            self._of_numbers[draft.numbers] = numbers
        held = draft.bits | numbers
        return held | self._clock[bisect_right(self._marks, draft.low)] if self._clock else held

    def region(self, minute: int) -> int:
        """Between which marks of the clock `minute` stands."""
        return bisect_right(self._marks, minute)

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
        if not self._marks or draft.low == draft.high:
            return [draft]
        parts = []
        low = draft.low
        while low <= draft.high:
            at = bisect_right(self._marks, low)
            end = self._marks[at] - 1 if at < len(self._marks) else draft.high
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
        if self._marks:
            last = self._marks[-1]
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
                if one.ended:
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
        if self.wants(event):
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
        still = self._at_rest(draft)
        if still is not None:
            draft.events += still
            yield draft, None
            return
        waiting: list[tuple[Draft, int, bool, str | None]] = [(draft, 0, False, None)]
        met: set[object] = set()
        while waiting:
            one, at, again, to = waiting.pop()
            place = (at, again, to, one.bits, one.numbers, one.low, one.high, one.now, one.cap, one.cap_at_worst)
            if place in met:
                continue
            met.add(place)
            while True:
                if at == len(self.rules):
                    if not again:
                        yield one, None if one.ended else to
                        break
                    at, again = 0, False
                rule = self.rules[at]
                at += 1
                if one.now >> rule.number & 1 or one.bits & rule.fired & self.known:
                    continue
                held = self.holds(rule.guard, self.truth(one))
                if rule.only_caps:
                    if held:
                        one.cap = min(one.cap, rule.cap)
                    if held is not False:
                        one.cap_at_worst = min(one.cap_at_worst, rule.cap)
                    continue
                if held is not True:
                    other = one.copy() if held is None else one
                    self.note(other, ("guard", rule.guard.path, False))
                    if held is False:
                        continue
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

    def _at_rest(self, draft: Draft) -> tuple[Event, ...] | None:
        """What there is to tell where no rule can fire; None where one may."""
        place = (self.truth(draft) & self._rules_ask, draft.now)
        if place in self._still:
            return self._still[place]
        truth, events = place[0], []
        for rule in self.rules:
            if place[1] >> rule.number & 1 or truth & rule.fired & self.known:
                continue
            if self.holds(rule.guard, truth) is not False:
                self._still[place] = None
                return None
            event = ("guard", rule.guard.path, False)
            if self.wants(event):
                events.append(event)
        self._still[place] = tuple(events)
        return self._still[place]

    def _fire(self, draft: Draft, rule: Delayed) -> None:
        draft.now |= 1 << rule.number
        draft.bits |= rule.fired & self.known
        draft.fired = (*draft.fired, rule.name)
        self.note(draft, ("fire", rule.name))
        self.note(draft, ("guard", rule.guard.path, True))
        draft.cap = min(draft.cap, rule.cap)
        draft.cap_at_worst = min(draft.cap_at_worst, rule.cap)
        self.change(draft, rule.ops)

    # Making one

    @classmethod
    def of(
        cls,
        layout: Layout,
        slice_: frozenset[Fact] | None = None,
        watched: frozenset[Event] | None = None,
        scored: bool = True,
    ) -> Machine:
        """The machine that follows the facts of `slice_`; all facts where it is None."""
        made = cls(layout, slice_ or frozenset(), slice_ is None, scored, watched)
        made.known = sum(1 << n for n, a in enumerate(layout.atoms) if made.follows(a.fact))
        made.exact_minute = made.follows(MINUTE)
        doc = layout.doc
        made.variables = [
            name
            for name, v in doc["variables"].items()
            if v["type"] == "integer" and made.follows(("var", name))
        ]
        for name in made.variables:
            v = doc["variables"][name]
            atoms = [a for a in layout.atoms if a.fact == ("var", name)]
            made._of_number.append(
                {
                    value: sum(layout.bit(a) for a in atoms if a.compares(value))
                    for value in range(v["min"], v["max"] + 1)
                }
            )
        made._clocked()
        kinds = ("interview", "search")
        made.pools = [name for name, node in doc["nodes"].items() if node["kind"] in kinds]
        for name, node in doc["nodes"].items():
            made.stops[name] = made._stop(name, node)
        made.fates = [
            [layout.guards[at] for f in range(len(person["fates"])) if (at := _fate(p, f)) in layout.guards]
            for p, person in enumerate(doc["debrief"]["people"])
        ]
        made.rules = [
            rule
            for n, one in enumerate(doc["rules"])
            if made._matters(rule := made._rule(n, one))
        ]
        for one in made.rules:
            made._rules_ask |= one.guard.mask | one.fired
        return made

    def _clocked(self) -> None:
        """Marks of the clock: the minutes at which some atom about it changes."""
        if not self.follows(CLOCK):
            return
        atoms = [a for a in self.layout.atoms if a.fact == CLOCK]
        marks = set()
        for atom in atoms:
            marks |= {atom.number} if atom.op in (">=", "<") else {atom.number + 1}
            if atom.op in ("==", "!="):
                marks.add(atom.number)
        self._marks = sorted(marks)
        if self._marks:
            for at in range(len(self._marks) + 1):
                minute = self._marks[at - 1] if at else self._marks[0] - 1
                held = sum(self.layout.bit(a) for a in atoms if a.compares(minute))
                self._clock.append(held)

    def _matters(self, rule: Delayed) -> bool:
        return not rule.only_caps or rule.cap != NO_CAP

    def _rule(self, number: int, rule: Json) -> Delayed:
        ops = self._ops(rule["effects"])
        fired = self.layout.known_bit(Atom(("fired", rule["id"])))
        told = any(map(self.wants, _of_rule(self.layout, number, rule["id"])))
        return Delayed(
            rule["id"],
            number,
            self.layout.guards[("rules", number, "when")],
            fired,
            ops,
            self._cap(rule),
            rule.get("goto"),
            not (ops or "goto" in rule or fired & self.known or told),
        )

    def _cap(self, judged: Json) -> int:
        caps = self.layout.doc["caps"]
        capped = self.scored and "cap" in judged
        return int(caps[judged["cap"]]["percent"]) if capped else NO_CAP

    def _bit(self, fact: Fact, option: str = "") -> int:
        return self.layout.known_bit(Atom(fact, option=option)) & self.known

    def _ops(self, effects: Any) -> tuple[Op, ...]:
        """The effects that the slice sees, without those that fit no variable."""
        return tuple(op for effect in effects if (op := self._op(effect)) is not None)

    def _op(self, effect: Any) -> Op | None:
        word, *rest = effect
        if word == "advance":
            return ("advance", rest[0]) if self._marks and rest[0] else None
        name, value = rest
        declared = self.layout.doc["variables"].get(name)
        kind = declared["type"] if declared else None
        if word in ("tag", "untag"):
            bit = self._bit(("tag", name, value)) if kind == "set" else 0
            return ("on" if word == "tag" else "off", bit) if bit else None
        if kind == "boolean" and word == "set" and isinstance(value, bool):
            bit = self._bit(("var", name))
            return ("on" if value else "off", bit) if bit else None
        if kind == "integer" and not isinstance(value, bool) and name in self.variables:
            return (word, self.variables.index(name), value, declared["min"], declared["max"])
        return None

    def _ways(self, at: Path, branches: Any) -> tuple[Way, ...]:
        guards = self.layout.guards
        return tuple(
            Way(b["to"], guards.get((*at, n, "when"))) for n, b in enumerate(branches)
        )

    def _stop(self, name: str, node: Json) -> Stop:
        at: Path = ("nodes", name)
        kind = node["kind"]
        parts, most = self._parts(at, name, node), _most(node)
        seen = sum({self._bit(("seen", e)) for e in node["evidence"]})
        exact = kind not in ("interview", "search") or self.follows(("pool", name))
        most = most if self.scored else 0
        again = self.layout.again(name) and most > 0
        counts = exact and (not again or self.follows(("purse", name)))
        if counts and again and kind in ("decision", "triage"):
            self.purses.append(name)
        return Stop(
            name,
            kind,
            self._bit(("visited", name)),
            self._ops(node["effects"]),
            seen,
            tuple(node["evidence"]),
            parts,
            self._ways((*at, "next"), node.get("next", ())),
            tuple(self._round(name, n, node) for n in range(len(node.get("arrivals", ())))),
            self._limit(node),
            most,
            int(node.get("points", 0)),
            exact,
            self.purses.index(name) if name in self.purses else -1,
            counts,
            self.pools.index(name) if name in self.pools else -1,
        )

    def added_at_the_end(self) -> int:
        """The most that nodes can earn which can be met again and are not followed."""
        stops = self.stops.values()
        return sum(s.most for s in stops if not s.counts and self.layout.again(s.name))

    def _limit(self, node: Json) -> int:
        return int(node.get("limit", node.get("budget", 0)))

    def _parts(self, at: Path, name: str, node: Json) -> tuple[Part, ...]:
        guards = self.layout.guards
        options = [
            Part(
                o["id"],
                guards.get((*at, "options", n, "when")),
                self._bit(("chose", name), o["id"]),
                sum({self._bit(("chose", name), x["id"]) for x in node["options"]}),
                self._ops(o["effects"]),
                self._cap(o),
                o["points"],
                0,
                self._ways((*at, "options", n, "to"), o["to"]),
            )
            for n, o in enumerate(node.get("options", ()))
        ]
        questions = [
            Part(
                q["id"],
                guards.get((*at, "questions", n, "when")),
                self._bit(("asked", name, q["id"])),
                0,
                self._ops(q["effects"]),
                self._cap(q),
                q["points"],
                q["minutes"],
            )
            for n, q in enumerate(node.get("questions", ()))
        ]
        finds = [
            Part(
                f["evidence"],
                guards.get((*at, "finds", n, "when")),
                self._bit(("seen", f["evidence"])),
                0,
                self._ops(f["effects"]),
                NO_CAP,
                f["points"],
                f["minutes"],
                (),
                self._bit(("seen", f["evidence"])),
            )
            for n, f in enumerate(node.get("finds", ()))
        ]
        shown = options if self.everything or self.watched else _extremes(options)
        return (*shown, *_classed(questions or finds))

    def _round(self, name: str, number: int, node: Json) -> tuple[Part, ...]:
        """One verdict of each sort that an arrival can meet, named by its channel."""
        arrival = node["arrivals"][number]
        kinds: list[Part] = []
        for channel in node["channels"]:
            verdict = arrival["verdicts"].get(channel["id"], arrival["otherwise"])
            ops = self._ops(verdict["effects"])
            part = Part(channel["id"], None, 0, 0, ops, self._cap(verdict), verdict["points"])
            same = next((other for other in kinds if part.alike(other)), part)
            if same is part:
                kinds.append(part)
            self.sorts[name, number, part.name] = same.name
        return tuple(kinds if self.everything else _extremes(kinds))


def _of_rule(layout: Layout, number: int, name: str) -> tuple[Event, ...]:
    path = ("rules", number, "when")
    return (("fire", name), ("guard", path, True), ("guard", path, False))


def _fate(person: int, fate: int) -> Path:
    return ("debrief", "people", person, "fates", fate, "when")


def _extremes(parts: list[Part]) -> list[Part]:
    """Of parts that differ in points alone, those with the fewest and the most."""
    kept: list[Part] = []
    for part in parts:
        same = [p.points for p in parts if replace(p, name="", points=0) == replace(part, name="", points=0)]
        if part.points in (min(same), max(same)):
            kept.append(part)
    return kept


def _classed(parts: list[Part]) -> Iterator[Part]:
    """`parts` with the number of the first that is alike."""
    for n, part in enumerate(parts):
        kin = next(k for k, other in enumerate(parts[: n + 1]) if part.alike(other))
        yield replace(part, kin=kin)


def _most(node: Json) -> int:
    if node["kind"] == "decision":
        return max(o["points"] for o in node["options"])
    most = node.get("max", 0)
    return int(most)


def outcome(tree: Tree, truth: int, known: int) -> bool | None:
    """A guard's value where only the atoms in `known` are known; None where that is too little."""
    word = tree[0]
    if word == "is":
        return bool(truth & tree[1]) if known & tree[1] else None
    if word == "const":
        return bool(tree[1])
    if word == "not":
        value = outcome(tree[1], truth, known)
        return None if value is None else not value
    ends = word == "or"
    one = outcome(tree[1], truth, known)
    if one is ends:
        return ends
    other = outcome(tree[2], truth, known)
    if other is ends:
        return ends
    return None if one is None or other is None else not ends


def deciding(tree: Tree, truth: int, known: int) -> int:
    """Atoms that suffice to give a guard the value it has under `truth`; of several sets, the one
    that needs the fewest atoms beyond `known`."""
    word = tree[0]
    if word == "is":
        return int(tree[1])
    if word == "const":
        return 0
    if word == "not":
        return deciding(tree[1], truth, known)
    everything = ~0
    ends = [part for part in tree[1:] if outcome(part, truth, everything) is (word == "or")]
    found = [deciding(part, truth, known) for part in ends or tree[1:]]
    if ends:
        return min(found, key=lambda mask: (mask & ~known).bit_count())
    return found[0] | found[1]
