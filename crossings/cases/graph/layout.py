"""The layout of a case: plain whole numbers that any drawing can be made of.

`layout(doc)` puts every node in a layer (0 at the top) and at an x in units; a box is `BOX` units
wide. How high a box is, and how wide a unit, is the drawing's own matter. The same case always
gets the same layout.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

from crossings.cases.graph.edges import Edge, edges, reachable, vertices
from crossings.cases.graph.layers import Pair, closing, layered
from crossings.cases.graph.order import ordered
from crossings.cases.graph.place import placed
from crossings.cases.state import Document

BOX = 22
"""Units that a box is wide."""
GAP = 3
"""Units between two boxes of a layer, at least."""
LANE = 1
"""Units that one edge takes where it passes a layer."""


@dataclass(frozen=True)
class Route:
    """An edge and the points (layer, x) that it passes between its source and its target.

    `back` edges lead to a layer above, or to their own; their points begin beside the source and
    end beside the target. An edge from a node to itself has no points.
    """

    edge: Edge
    via: tuple[tuple[int, int], ...] = ()
    back: bool = False

    def to_json(self) -> dict[str, Any]:
        data = self.edge.to_json() | {"via": [list(point) for point in self.via]}
        return data | ({"back": True} if self.back else {})


@dataclass(frozen=True)
class Layout:
    """Where everything stands. `layers` holds names from left to right; `x` is a box's middle.

    Rules that jump stand among the nodes, under `rule:` and their id.
    """

    layers: tuple[tuple[str, ...], ...]
    x: Mapping[str, int]
    routes: tuple[Route, ...]
    width: int
    unreachable: frozenset[str] = frozenset()

    @cached_property
    def layer(self) -> dict[str, int]:
        """The layer of each node and rule."""
        return {name: n for n, row in enumerate(self.layers) for name in row}

    def to_json(self) -> dict[str, Any]:
        """Plain data for a player or another program; see `docs/formats/case.md`."""
        return {
            "box": BOX,
            "width": self.width,
            "layers": len(self.layers),
            "nodes": {
                name: {"layer": n, "x": self.x[name]}
                | ({"unreachable": True} if name in self.unreachable else {})
                for n, row in enumerate(self.layers)
                for name in row
            },
            "edges": [route.to_json() for route in self.routes],
        }


def layout(doc: Document, cuts: Collection[int] = ()) -> Layout:
    """Place the nodes, the rules that jump and all ways of a compiled case.

    `cuts` are layers after which a drawing starts a new column: what stands on both sides of a cut
    need not stand in line.
    """
    ways = edges(doc)
    names = vertices(doc, ways)
    pairs = _pairs(ways)
    back = closing(names, pairs)
    layer = layered(names, ((b, a) if (a, b) in back else (a, b) for a, b in pairs))
    drawn = _Drawn.of(names, pairs, back, layer)
    rows = ordered(drawn.rows(names, pairs), drawn.plain(drawn.down), drawn.plain(drawn.up))
    up, down, lines = drawn.cut(frozenset(cuts))
    x = placed(rows, up, down, drawn.apart, lines)
    left = min(x[name] - drawn.width[name] // 2 for row in rows for name in row)
    right = max(x[name] + (drawn.width[name] + 1) // 2 for row in rows for name in row)
    x = {name: place - left for name, place in x.items()}
    return Layout(
        layers=tuple(tuple(n for n in row if n in layer) for row in rows),
        x={name: x[name] for name in names},
        routes=tuple(_routes(ways, pairs, back, drawn, x)),
        width=right - left,
        unreachable=frozenset(doc["nodes"]) - reachable(doc, ways),
    )


def _pairs(ways: Iterable[Edge]) -> dict[Pair, int]:
    """Source and target, with the number of edges between them; loops are left out."""
    count: dict[Pair, int] = {}
    for way in ways:
        if way.source != way.target:
            pair = (way.source, way.target)
            count[pair] = count.get(pair, 0) + 1
    return count


Near = dict[str, list[tuple[str, float]]]
"""Neighbours in the next layer, with the weight of the wish to stand in line with each."""


@dataclass
class _Drawn:
    """The graph with a bend for each layer that an edge passes."""

    layer: dict[str, int]
    width: dict[str, int]
    bends: dict[Pair, list[str]] = field(default_factory=dict)
    up: Near = field(default_factory=dict)
    down: Near = field(default_factory=dict)

    @classmethod
    def of(
        cls, names: Sequence[str], pairs: Mapping[Pair, int], back: frozenset[Pair],
        layer: Mapping[str, int],
    ) -> _Drawn:  # fmt: skip
        drawn = cls(dict(layer), dict.fromkeys(names, BOX))
        for pair, lanes in pairs.items():
            ends = sorted(layer[name] for name in pair)
            inside = range(ends[0], ends[1] + 1) if pair in back else range(ends[0] + 1, ends[1])
            # A character that no id has keeps bends and nodes apart.
            bends = [f"{pair[0]}>{pair[1]}>{n}" for n in inside]
            drawn.bends[pair] = bends
            for bend, n in zip(bends, inside, strict=True):
                drawn.layer[bend], drawn.width[bend] = n, lanes * LANE
        for name in drawn.layer:
            drawn.up[name], drawn.down[name] = [], []
        for pair, bends in drawn.bends.items():
            chain = bends if pair in back else [pair[0], *bends, pair[1]]
            for upper, lower in pairwise(chain):
                weight = drawn._weight(upper, lower) * pairs[pair]
                drawn.down[upper].append((lower, weight))
                drawn.up[lower].append((upper, weight))
        return drawn

    def _weight(self, *ends: str) -> float:
        """Long edges want to be straight."""
        return (1.0, 1.5, 8.0)[sum(">" in name for name in ends)]

    def rows(self, names: Sequence[str], pairs: Mapping[Pair, int]) -> list[list[str]]:
        """A first order of every layer: as a search from the start meets them."""
        rows: list[list[str]] = [[] for _ in range(max(self.layer.values()) + 1)]
        onward: dict[str, list[Pair]] = {name: [] for name in names}
        for pair in pairs:
            onward[pair[0]].append(pair)
        met: set[str] = set()
        for root in names:
            waiting = [root]
            while waiting:
                name = waiting.pop()
                if name in met:
                    continue
                met.add(name)
                rows[self.layer[name]].append(name)
                for pair in onward[name]:
                    for bend in self.bends[pair]:
                        rows[self.layer[bend]].append(bend)
                waiting.extend(pair[1] for pair in reversed(onward[name]))
        return rows

    def plain(self, neighbours: Near) -> dict[str, list[str]]:
        return {name: [other for other, _ in near] for name, near in neighbours.items()}

    def cut(self, cuts: frozenset[int]) -> tuple[Near, Near, list[list[str]]]:
        """Neighbours above and below, and the bends of each edge, without what a cut parts."""
        up = {n: [o for o in near if self.layer[n] - 1 not in cuts] for n, near in self.up.items()}
        down = {n: [o for o in near if self.layer[n] not in cuts] for n, near in self.down.items()}
        lines: list[list[str]] = []
        for bends in self.bends.values():
            lines.append([])
            for bend in bends:
                lines[-1].append(bend)
                if self.layer[bend] in cuts:
                    lines.append([])
        return up, down, lines

    def apart(self, left: str, right: str) -> int:
        return (self.width[left] + self.width[right] + 1) // 2 + GAP


def _routes(
    ways: Iterable[Edge], pairs: Mapping[Pair, int], back: frozenset[Pair], drawn: _Drawn,
    x: Mapping[str, int],
) -> Iterator[Route]:  # fmt: skip
    taken = dict.fromkeys(pairs, 0)
    for way in ways:
        pair = (way.source, way.target)
        if pair not in pairs:
            yield Route(way, back=True)
            continue
        lane = (taken[pair] - pairs[pair] // 2) * LANE
        taken[pair] += 1
        points = [(drawn.layer[bend], x[bend] + lane) for bend in drawn.bends[pair]]
        yield Route(way, tuple(reversed(points) if pair in back else points), pair in back)
