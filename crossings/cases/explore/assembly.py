"""Putting a machine together: a case as far as a slice of facts sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from crossings.cases.explore.layout import CLOCK, MINUTE, STRETCHES, Atom, Fact, Json, Layout, Path
from crossings.cases.explore.machine import Machine
from crossings.cases.explore.parts import NO_CAP, Delayed, Event, Op, Part, Stop, Way

POOLS = ("interview", "search")


def assemble(
    layout: Layout,
    slice_: frozenset[Fact] | None = None,
    watched: frozenset[Event] | None = None,
    scored: bool = True,
) -> Machine:
    """The machine that follows the facts of `slice_`; all facts where it is None."""
    made = Machine(
        layout, (slice_ or frozenset()) | layout.anchors, slice_ is None, scored, watched
    )
    made.known = sum(1 << n for n, a in enumerate(layout.atoms) if made.follows(a.fact))
    made.exact_minute = made.follows(MINUTE)
    _number(made)
    _clock(made)
    nodes = layout.doc["nodes"]
    made.pools = [name for name, node in nodes.items() if node["kind"] in POOLS]
    reader = _Reader(made)
    for name, node in nodes.items():
        made.stops[name] = reader.stop(name, node)
    for p, person in enumerate(layout.doc["debrief"]["people"]):
        places = [("debrief", "people", p, "fates", f, "when") for f in range(len(person["fates"]))]
        guards = [layout.guards[at] for at in places if at in layout.guards]
        if any(made.wants(("guard", one.path, held)) for one in guards for held in (True, False)):
            made.fates.append(guards)
    rules = [reader.rule(n, rule) for n, rule in enumerate(layout.doc["rules"])]
    made.rules = [rule for rule in rules if not rule.only_caps or rule.cap != NO_CAP]
    for rule in made.rules:
        made.asked_by_rules |= rule.guard.mask | rule.fired
    return made


def _number(made: Machine) -> None:
    """Integers, with the atoms that hold for each value."""
    for name, declared in made.layout.doc["variables"].items():
        if declared["type"] != "integer" or not made.follows(("var", name)):
            continue
        atoms = [a for a in made.layout.atoms if a.fact == ("var", name)]
        values = range(declared["min"], declared["max"] + 1)
        made.variables.append(name)
        made.tables.append(
            {v: sum(made.layout.bit(a) for a in atoms if a.compares(v)) for v in values}
        )


def _clock(made: Machine) -> None:
    """The clock, folded at the minutes with which guards compare it."""
    atoms = [a for a in made.layout.atoms if a.fact == CLOCK] if made.follows(CLOCK) else []
    marks = {a.number for a in atoms if a.op not in ("<=", ">")}
    marks |= {a.number + 1 for a in atoms if a.op not in (">=", "<")}
    for stretch in STRETCHES if marks else ():
        if made.follows(stretch):
            marks |= set(range(int(stretch[1]), max(marks), int(stretch[1])))
    made.marks = sorted(marks)
    if marks:
        for minute in (made.marks[0] - 1, *made.marks):
            held = sum(made.layout.bit(a) for a in atoms if a.compares(minute))
            made.between.append(held)


@dataclass(frozen=True)
class _Reader:
    """Reads nodes and rules of the document for one machine."""

    machine: Machine

    def rule(self, number: int, rule: Json) -> Delayed:
        machine = self.machine
        ops = self._ops(rule["effects"])
        fired = machine.layout.known_bit(Atom(("fired", rule["id"])))
        path: Path = ("rules", number, "when")
        events: tuple[Event, ...] = (
            ("fire", rule["id"]),
            ("guard", path, True),
            ("guard", path, False),
        )
        seen = ops or "goto" in rule or fired & machine.known or any(map(machine.wants, events))
        return Delayed(
            rule["id"],
            number,
            machine.layout.guards[path],
            fired,
            ops,
            self._cap(rule),
            rule.get("goto"),
            not seen,
        )

    def stop(self, name: str, node: Json) -> Stop:
        machine = self.machine
        at: Path = ("nodes", name)
        kind = node["kind"]
        most = _most(node) if machine.scored else 0
        again = machine.layout.again(name) and most > 0
        exact = kind not in POOLS or machine.follows(("pool", name))
        counts = exact and (not again or machine.follows(("purse", name)))
        purse = -1
        if counts and again and kind in ("decision", "triage"):
            purse = len(machine.purses)
            machine.purses.append(name)
        return Stop(
            name,
            kind,
            self._bit(("visited", name)),
            self._ops(node["effects"]),
            sum({self._bit(("seen", e)) for e in node["evidence"]}),
            tuple(node["evidence"]),
            self._parts(at, name, node),
            self._ways((*at, "next"), node.get("next", ())),
            tuple(self._round(name, n, node) for n in range(len(node.get("arrivals", ())))),
            int(node.get("limit", node.get("budget", 0))),
            most,
            int(node.get("points", 0)),
            exact,
            purse,
            counts,
            machine.pools.index(name) if kind in POOLS else -1,
        )

    def _parts(self, at: Path, name: str, node: Json) -> tuple[Part, ...]:
        options = [
            self._part((*at, "options", n), o["id"], ("chose", name), o)
            for n, o in enumerate(node.get("options", ()))
        ]
        questions = [
            self._part((*at, "questions", n), q["id"], ("asked", name, q["id"]), q)
            for n, q in enumerate(node.get("questions", ()))
        ]
        finds = [
            self._part((*at, "finds", n), f["evidence"], ("seen", f["evidence"]), f)
            for n, f in enumerate(node.get("finds", ()))
        ]
        if options:
            every = sum({part.on for part in options})
            options = [replace(part, off=every) for part in options]
            return tuple(options if self.machine.everything else _extremes(options))
        return tuple(_classed(questions or [replace(f, evidence=f.on) for f in finds]))

    def _part(self, at: Path, name: str, fact: Fact, data: Json) -> Part:
        return Part(
            name,
            self.machine.layout.guards.get((*at, "when")),
            self._bit(fact, name if fact[0] == "chose" else ""),
            0,
            self._ops(data["effects"]),
            self._cap(data),
            data["points"],
            data.get("minutes", 0),
            self._ways((*at, "to"), data.get("to", ())),
        )

    def _round(self, name: str, number: int, node: Json) -> tuple[Part, ...]:
        """One verdict of each sort that an arrival can meet, named by its channel."""
        arrival = node["arrivals"][number]
        kinds: dict[object, Part] = {}
        for channel in node["channels"]:
            verdict = arrival["verdicts"].get(channel["id"], arrival["otherwise"])
            ops = self._ops(verdict["effects"])
            part = Part(channel["id"], None, 0, 0, ops, self._cap(verdict), verdict["points"])
            same = kinds.setdefault((part.shape(), part.points), part)
            self.machine.sorts[name, number, part.name] = same.name
        parts = list(kinds.values())
        return tuple(parts if self.machine.everything else _extremes(parts))

    def _cap(self, judged: Json) -> int:
        caps = self.machine.layout.doc["caps"]
        capped = self.machine.scored and "cap" in judged
        return int(caps[judged["cap"]]["percent"]) if capped else NO_CAP

    def _bit(self, fact: Fact, option: str = "") -> int:
        return self.machine.layout.known_bit(Atom(fact, option=option)) & self.machine.known

    def _ops(self, effects: Any) -> tuple[Op, ...]:
        """The effects that the slice sees, without those that fit no variable."""
        return tuple(op for effect in effects if (op := self._op(effect)) is not None)

    def _op(self, effect: Any) -> Op | None:
        machine = self.machine
        word, *rest = effect
        if word == "advance":
            return ("advance", rest[0]) if machine.ticks and rest[0] else None
        name, value = rest
        declared = machine.layout.doc["variables"].get(name)
        kind = declared["type"] if declared else None
        if word in ("tag", "untag"):
            bit = self._bit(("tag", name, value)) if kind == "set" else 0
            return ("on" if word == "tag" else "off", bit) if bit else None
        if kind == "boolean" and word == "set" and isinstance(value, bool):
            bit = self._bit(("var", name))
            return ("on" if value else "off", bit) if bit else None
        if kind == "integer" and not isinstance(value, bool) and name in machine.variables:
            return (word, machine.variables.index(name), value, declared["min"], declared["max"])
        return None

    def _ways(self, at: Path, branches: Any) -> tuple[Way, ...]:
        guards = self.machine.layout.guards
        return tuple(Way(b["to"], guards.get((*at, n, "when"))) for n, b in enumerate(branches))


def _extremes(parts: list[Part]) -> Iterator[Part]:
    """Of parts that differ in points alone, those with the fewest and the most: points decide
    nothing but the score."""
    spans: dict[object, list[int]] = {}
    for part in parts:
        spans.setdefault(_but_points(part), []).append(part.points)
    for part in parts:
        span = spans[_but_points(part)]
        if part.points in (min(span), max(span)):
            yield part


def _but_points(part: Part) -> object:
    """What tells parts apart for `_extremes`; guards are told apart by their places."""
    return (part.shape(), part.guard.path if part.guard else None)


def _classed(parts: list[Part]) -> Iterator[Part]:
    """`parts`, each with the number of the first that is alike in all but its text."""
    first: dict[object, int] = {}
    for number, part in enumerate(parts):
        yield replace(part, kin=first.setdefault((part.shape(), part.points), number))


def _most(node: Json) -> int:
    """The most points that a node can earn."""
    if node["kind"] == "decision":
        return max(int(o["points"]) for o in node["options"])
    return int(node.get("max", 0))
