"""Many plays by each simulated learner, folded into figures while they are played."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median, quantiles
from typing import Any

from crossings.cases.score import percent_of
from crossings.cases.simulate.learners import CAREFUL, LEARNERS, Learner, play
from crossings.cases.state import Document, State

BOOK = "by-the-book"
Part = tuple[str, str]
"""A node and, within it, an option, a question or a piece of evidence."""


@dataclass
class Tally:
    """What one learner's plays came to."""

    says: str
    plays: int = 0
    steps: int = 0
    unfinished: int = 0
    percents: list[int] = field(default_factory=list)
    minutes: list[int] = field(default_factory=list)
    """Story time at the end of each play."""
    endings: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    caps: Counter[str] = field(default_factory=Counter)
    nodes: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    offered: Counter[Part] = field(default_factory=Counter)
    taken: Counter[Part] = field(default_factory=Counter)
    earned: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    """By node: its points in a play, and the points of the rest of that play."""
    clocks: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By node: story minutes at which it was entered, the fewest and the most."""

    def quartiles(self) -> tuple[int, int, int, int, int]:
        """Percent of the result: least, lower quartile, median, upper quartile, most."""
        if not self.percents:
            return 0, 0, 0, 0, 0
        cuts = quantiles(self.percents, n=4, method="inclusive") if len(self.percents) > 1 else []
        low, middle, high = cuts or [float(self.percents[0])] * 3
        return min(self.percents), round(low), round(middle), round(high), max(self.percents)

    def to_json(self) -> dict[str, Any]:
        names = ("least", "lower", "median", "upper", "most")
        return {
            "says": self.says,
            "plays": self.plays,
            "unfinished": self.unfinished,
            "steps": self.steps,
            "percent": dict(zip(names, self.quartiles(), strict=True)),
            "minutes": round(median(self.minutes)) if self.minutes else 0,
            "endings": dict(self.endings.most_common()),
            "outcomes": dict(self.outcomes.most_common()),
            "caps": dict(self.caps.most_common()),
        }


@dataclass(frozen=True)
class Point:
    """A node that earns points, and how well it tells good play from poor.

    `discrimination` is the correlation (-1 to 1) of its points with the points of the rest of the
    same play; None where everybody earns the same, or too few plays came here. `shares` is the
    part of its points that each learner earned. `after_error` says that no play without an error
    came here: a scene of repair, where weak plays are compared with weak plays only.
    """

    node: str
    kind: str
    plays: int
    discrimination: float | None
    shares: Mapping[str, float]
    after_error: bool = False

    def to_json(self) -> dict[str, Any]:
        figure = self.discrimination
        return {
            "node": self.node,
            "kind": self.kind,
            "plays": self.plays,
            "discrimination": None if figure is None else round(figure, 3),
            "shares": {name: round(share, 3) for name, share in self.shares.items()},
            "after_error": self.after_error,
        }


@dataclass(frozen=True)
class Report:
    """What the simulated learners met, by learner and all together."""

    case: str
    version: int
    seed: str
    learners: Mapping[str, Tally]
    points: Sequence[Point]

    @property
    def plays(self) -> int:
        return sum(tally.plays for tally in self.learners.values())

    @property
    def steps(self) -> int:
        return sum(tally.steps for tally in self.learners.values())

    def total(self, name: str) -> Counter[Any]:
        """One of the counters (`nodes`, `offered`, `taken`, …) over all learners."""
        total: Counter[Any] = Counter()
        for tally in self.learners.values():
            total.update(getattr(tally, name))
        return total

    def clock(self, node: str) -> tuple[int, int] | None:
        """Story minutes at which plays came to `node`, the fewest and the most."""
        met = [t.clocks[node] for t in self.learners.values() if node in t.clocks]
        return (min(low for low, _ in met), max(high for _, high in met)) if met else None

    def order(self) -> tuple[str, ...]:
        """The learners from the best median to the worst."""
        return tuple(sorted(self.learners, key=lambda n: -self.learners[n].quartiles()[2]))

    def to_json(self) -> dict[str, Any]:
        """Plain data, the same for the same case, number of plays and seed."""
        nodes, offered, taken = self.total("nodes"), self.total("offered"), self.total("taken")
        return {
            "case": self.case,
            "version": self.version,
            "seed": self.seed,
            "plays": self.plays,
            "steps": self.steps,
            "order": list(self.order()),
            "learners": {name: tally.to_json() for name, tally in self.learners.items()},
            "nodes": dict(nodes.most_common()),
            "clock": {name: list(self.clock(name) or ()) for name in nodes},
            "points": [point.to_json() for point in self.points],
            "choices": [
                {"node": node, "id": part, "offered": count, "taken": taken[node, part]}
                for (node, part), count in sorted(offered.items())
            ],
        }


def simulate(
    doc: Document,
    plays: int,
    seed: str,
    learners: Iterable[Learner] = LEARNERS.values(),
    watch: Callable[[str, State], None] = lambda name, state: None,
) -> Report:
    """Let each learner play `plays` times; `seed` makes it the same every time.

    `watch` sees each learner's name with the state at the end of a play; no state is kept.
    """
    tallies: dict[str, Tally] = {}
    for learner in learners:
        tally = tallies[learner.name] = Tally(learner.says)
        for number in range(plays):
            state = play(doc, learner, f"{seed}/{number}")
            _count(doc, tally, state)
            watch(learner.name, state)
    points = _told_apart(doc, tuple(_points(doc, tallies)), plays, seed)
    return Report(doc["id"], doc["version"], seed, tallies, points)


def _count(doc: Document, tally: Tally, state: State) -> None:
    tally.plays += 1
    tally.steps += len(state.log) - 1
    tally.nodes.update(state.visited)
    for entry in state.log:
        for name in entry["entered"]:
            low, high = tally.clocks.get(name, (entry["clock"], entry["clock"]))
            tally.clocks[name] = min(low, entry["clock"]), max(high, entry["clock"])
    tally.rules.update(state.fired)
    tally.caps.update(state.caps)
    total = sum(state.points.values())
    for name, points in state.points.items():
        tally.earned.setdefault(name, []).append((points, total - points))
    for name, part in _offered(doc, state):
        tally.offered[name, part] += 1
    tally.taken.update(_taken(state))
    if state.ending is None:
        tally.unfinished += 1
        return
    ceiling = min((doc["caps"][cap]["percent"] for cap in state.caps), default=100)
    tally.percents.append(min(ceiling, percent_of(total, doc["max"])))
    tally.minutes.append(state.clock)
    tally.endings[state.ending] += 1
    tally.outcomes[doc["nodes"][state.ending]["outcome"]] += 1


def _offered(doc: Document, state: State) -> Iterator[Part]:
    """Options that stood open; questions and finds of every talk and search that was met."""
    for entry in state.log:
        for option in entry.get("offered", ()):
            yield entry["node"], option
    for name in state.visited:
        node = doc["nodes"][name]
        yield from ((name, question["id"]) for question in node.get("questions", ()))
        yield from ((name, find["evidence"]) for find in node.get("finds", ()))


def _taken(state: State) -> Iterator[Part]:
    for entry in state.log:
        for field_name in ("choice", "question", "evidence"):
            if field_name in entry:
                yield entry["node"], entry[field_name]


LEAST = 30
"""Plays without which a correlation says nothing."""


def _points(doc: Document, tallies: Mapping[str, Tally]) -> Iterator[Point]:
    for name, node in doc["nodes"].items():
        most = _most(node)
        pairs = [pair for tally in tallies.values() for pair in tally.earned.get(name, ())]
        if not most or not pairs:
            continue
        shares = {
            learner: sum(points for points, _ in earned) / (most * len(earned))
            for learner, tally in tallies.items()
            if (earned := tally.earned.get(name))
        }
        yield Point(name, node["kind"], len(pairs), correlation(pairs), shares)


def _told_apart(doc: Document, points: Sequence[Point], plays: int, seed: str) -> tuple[Point, ...]:
    """The points, those marked that as many plays of `CAREFUL` never met."""
    unmet = {point.node for point in points if BOOK not in point.shares}
    for number in range(plays):
        if not unmet:
            break
        unmet.difference_update(play(doc, CAREFUL, f"{seed}/{number}").visited)
    return tuple(replace(point, after_error=point.node in unmet) for point in points)


def _most(node: Mapping[str, Any]) -> int:
    if node["kind"] == "decision":
        return max(int(option["points"]) for option in node["options"])
    return int(node.get("max", 0))


def correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Pearson's correlation; None for fewer than `LEAST` pairs or where one side never differs."""
    count = len(pairs)
    if count < LEAST:
        return None
    x_mean, y_mean = (sum(pair[n] for pair in pairs) / count for n in (0, 1))
    x_spread = sum((x - x_mean) ** 2 for x, _ in pairs)
    y_spread = sum((y - y_mean) ** 2 for _, y in pairs)
    if not x_spread or not y_spread:
        return None
    both = sum((x - x_mean) * (y - y_mean) for x, y in pairs)
    return float(both / (x_spread * y_spread) ** 0.5)
