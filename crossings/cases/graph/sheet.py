"""The sheet: layers folded into columns so that a long case fits a page, and all in pixels.

A case of thirty layers in one column is four times as high as a page. The layers are cut into
columns where few edges pass, and edges that pass a cut run through the gutter between the columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from crossings.cases.graph.boxes import Box, port_places
from crossings.cases.graph.layout import BOX, Layout, Route, layout
from crossings.cases.state import Document

MARGIN = 28
LAYER_GAP = 46
TRACK = 8
"""Pixels between two edges that run side by side."""
TURN = 16
"""Pixels under or over a box that an edge needs to turn."""
PAGE = 2**0.5
"""The sides of a page of the A series."""
MOST_COLUMNS = 8
CUT = 14
"""What an edge that passes a cut costs, in pixels of height."""


@dataclass(frozen=True)
class Spot:
    """The left upper corner of a box."""

    x: float
    y: float


@dataclass
class Sheet:
    """All positions in pixels. `top` and `bottom` hold each layer's edges, `column` its column."""

    places: Layout
    boxes: Mapping[str, Box]
    unit: float
    column: list[int]
    top: list[float] = field(default_factory=list)
    bottom: list[float] = field(default_factory=list)
    shift: list[float] = field(default_factory=list)
    """What to add to an x of a layer in pixels."""
    gutter: list[float] = field(default_factory=list)
    """The left side of the gutter after each column."""
    crossing: list[list[tuple[float, float, int, int]]] = field(default_factory=list)
    """Edges that pass each cut: upper x, lower x, number of the route, upper layer's place."""
    spots: dict[str, Spot] = field(default_factory=dict)
    order: dict[str, dict[str, float]] = field(default_factory=dict)
    """The order of the ports of each box: by where their edges go."""
    out: list[float] = field(default_factory=list)
    """Where each route leaves its source, in pixels from the middle of the source."""
    into: list[float] = field(default_factory=list)
    """Where each route enters its target, in pixels from the middle of the target."""
    width: float = 0
    height: float = 0

    def x(self, layer: int, x: float) -> float:
        """Pixels of a place in units."""
        return self.shift[layer] + x * self.unit


def sheet(doc: Document, boxes: Mapping[str, Box], columns: int | None, head: float) -> Sheet:
    """Fold the graph into `columns`, or as many as fill a page best; `head` pixels stay free."""
    plain = layout(doc)
    most = min(MOST_COLUMNS, len(plain.layers))
    wanted = [min(columns, most)] if columns else range(1, most + 1)
    sheets = [_folded(doc, plain, boxes, number, head) for number in wanted]
    return max(sheets, key=lambda s: max(_fit(s, PAGE, 1.0), _fit(s, 1.0, PAGE)))


def _fit(s: Sheet, width: float, height: float) -> float:
    """How large the sheet can be drawn on a page; the legend below is reckoned in."""
    return min(width / s.width, height / (s.height + 190))


def _folded(
    doc: Document, plain: Layout, boxes: Mapping[str, Box], columns: int, head: float
) -> Sheet:
    unit = next(iter(boxes.values())).width / BOX
    column = _cuts(plain, boxes, columns)
    cuts = [n for n, (a, b) in enumerate(pairwise(column)) if a != b]
    s = Sheet(layout(doc, cuts) if cuts else plain, boxes, unit, column)
    _ports(s)
    _across(s)
    _down(s, head)
    return s


def _segments(places: Layout, route: Route) -> list[tuple[int, float]]:
    """The points of a route from the upper end to the lower one."""
    layer = places.layer
    first, last = ((layer[n], float(places.x[n])) for n in (route.edge.source, route.edge.target))
    bends = [(n, float(x)) for n, x in route.via]
    return sorted(bends) if route.back else [first, *bends, last]


def _cuts(places: Layout, boxes: Mapping[str, Box], columns: int) -> list[int]:
    """The column of each layer: columns of about equal height, cut where few edges pass."""
    count = len(places.layers)
    heights = [
        max((boxes[name].height for name in row), default=0) + LAYER_GAP for row in places.layers
    ]
    passing = [0] * count
    for route in places.routes:
        for upper, _ in _segments(places, route)[:-1]:
            passing[upper] += 1
    # best[c][n]: the cheapest way to put the first n layers into c columns, and its last cut.
    never = (float("inf"), 0.0, 0)
    cost = [[(0.0, 0.0, 0), *[never] * count]]
    for _ in range(columns):
        row = [never]
        for end in range(1, count + 1):
            best = never
            for start in range(end):
                most, cuts, _from = cost[-1][start]
                if most + cuts >= best[0] + best[1]:
                    continue
                high = max(most, sum(heights[start:end]))
                more = cuts + (passing[start - 1] * CUT if start else 0)
                if high + more < best[0] + best[1]:
                    best = (high, more, start)
            row.append(best)
        cost.append(row)
    column = [0] * count
    end = count
    for number in range(columns, 0, -1):
        start = cost[number][end][2]
        column[start:end] = [number - 1] * (end - start)
        end = start
    return column


def _ports(s: Sheet) -> None:
    """Where routes leave and enter boxes: in the order of where they come from and go."""
    x = s.places.x
    s.out = [0.0] * len(s.places.routes)
    s.into = [0.0] * len(s.places.routes)
    for name, box in s.boxes.items():
        leaving = [(n, r) for n, r in enumerate(s.places.routes) if r.edge.source == name]
        if not box.ports:
            spread = _spread(len(leaving), box.width)
            for at, (n, _) in zip(spread, sorted(leaving, key=lambda p: _onward(x, p[1])),
                                  strict=True):  # fmt: skip
                s.out[n] = at
            continue
        order: dict[str, float] = {}
        for _, route in leaving:
            part = route.edge.part or route.edge.target
            order[part] = min(order.get(part, float("inf")), _onward(x, route))
        s.order[name] = order
        ports = port_places(box, order)
        for n, route in leaving:
            s.out[n] = ports[route.edge.part or route.edge.target] - box.width / 2
    for name, box in s.boxes.items():
        coming = [(n, r) for n, r in enumerate(s.places.routes) if r.edge.target == name]
        coming.sort(key=lambda pair: _backward(s, *pair))
        for at, (n, _) in zip(_spread(len(coming), box.width), coming, strict=True):
            s.into[n] = at


def _onward(x: Mapping[str, int], route: Route) -> float:
    if route.edge.source == route.edge.target:
        return float("inf")
    return route.via[0][1] if route.via else x[route.edge.target]


def _backward(s: Sheet, number: int, route: Route) -> float:
    if route.edge.source == route.edge.target:
        return float("inf")
    if route.via:
        return route.via[-1][1]
    return s.places.x[route.edge.source] + s.out[number] / s.unit


def _spread(count: int, width: float) -> list[float]:
    """`count` places about the middle of a box."""
    if count < 2:
        return [0.0] * count
    step = min(24.0, (width - 44) / (count - 1))
    return [step * (n - (count - 1) / 2) for n in range(count)]


def _across(s: Sheet) -> None:
    """The columns side by side, each as wide as it must be, with gutters for what passes."""
    count = s.column[-1] + 1
    low = [float("inf")] * count
    high = [float("-inf")] * count
    for n, row in enumerate(s.places.layers):
        for name in row:
            low[s.column[n]] = min(low[s.column[n]], s.places.x[name] - BOX / 2)
            high[s.column[n]] = max(high[s.column[n]], s.places.x[name] + BOX / 2)
    for route in s.places.routes:
        source = route.edge.source
        points: list[tuple[int, float]] = [*route.via]
        if source == route.edge.target:
            points = [(s.places.layer[source], s.places.x[source] + BOX / 2 + 2)]
        for layer, x in points:
            low[s.column[layer]] = min(low[s.column[layer]], x - 1)
            high[s.column[layer]] = max(high[s.column[layer]], x + 1)
    s.crossing = [[] for _ in range(count)]
    passing: list[list[tuple[int, int, float, float]]] = [[] for _ in range(count)]
    for number, route in enumerate(s.places.routes):
        points = _segments(s.places, route)
        for place, (upper, lower) in enumerate(pairwise(points)):
            if s.column[upper[0]] != s.column[lower[0]]:
                # Ends at boxes stand where the ports are; bends where the layout has them.
                first, last = place == 0 and not route.back, place + 2 == len(points)
                a = upper[1] + (s.out[number] / s.unit if first else 0)
                b = lower[1] + (s.into[number] / s.unit if last and not route.back else 0)
                passing[s.column[upper[0]]].append((number, upper[0], a, b))
    left = float(MARGIN)
    shift = [0.0] * count
    for c in range(count):
        shift[c] = left - low[c] * s.unit
        left += (high[c] - low[c]) * s.unit
        s.gutter.append(left)
        s.crossing[c] = sorted((a, b, number, layer) for number, layer, a, b in passing[c])
        if c + 1 < count:
            left += 2 * 18 + TRACK * max(0, len(passing[c]) - 1)
    s.shift = [shift[c] for c in s.column]
    s.width = left + MARGIN


def _down(s: Sheet, head: float) -> None:
    """The height of every layer, and the corner of every box."""
    tracks = max((len(c) for c in s.crossing), default=0)
    turning = 12 if any(r.back for r in s.places.routes) else 0
    begin = head + 2 * TURN + turning + TRACK * tracks
    y, column = begin, 0
    for n, row in enumerate(s.places.layers):
        if s.column[n] != column:
            y, column = begin, s.column[n]
        high = max((s.boxes[name].height for name in row), default=0.0)
        s.top.append(y)
        s.bottom.append(y + high)
        for name in row:
            left = s.x(n, s.places.x[name]) - s.boxes[name].width / 2
            s.spots[name] = Spot(left, y)
        y += high + _gap(s, n) + turning
    deepest = [
        max(b for b, c in zip(s.bottom, s.column, strict=True) if c == number)
        + TURN + TRACK * len(s.crossing[number])
        for number in range(column + 1)
    ]  # fmt: skip
    s.height = max(deepest) + turning + MARGIN


def _gap(s: Sheet, layer: int) -> float:
    """The room under a layer: more where edges have far to go to the side."""
    far = 0.0
    for number, route in enumerate(s.places.routes):
        points = _segments(s.places, route)
        for place, (upper, lower) in enumerate(pairwise(points)):
            if upper[0] == layer:
                a = s.out[number] if place == 0 and not route.back else 0.0
                far = max(far, abs((upper[1] - lower[1]) * s.unit + a))
    return LAYER_GAP + min(64.0, 0.16 * far)


def column_layers(s: Sheet, column: int) -> Sequence[int]:
    """The layers of a column, from the top."""
    return [n for n, c in enumerate(s.column) if c == column]
