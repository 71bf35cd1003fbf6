"""The line of an edge on the sheet, from the port of its source to the top of its target."""

from __future__ import annotations

from dataclasses import dataclass, field

from crossings.cases.graph.layout import Route
from crossings.cases.graph.sheet import TRACK, TURN, Sheet, column_layers

Point = tuple[float, float]
HEAD = 8
"""Length of an arrow's head."""


@dataclass
class Line:
    """A path that is built from above: verticals, curves between them, rounded corners."""

    points: list[tuple[float, float, bool]] = field(default_factory=list)
    """x, y, and whether the point is a corner of straight lines."""

    def to(self, x: float, y: float) -> None:
        self.points.append((x, y, False))

    def corner(self, x: float, y: float) -> None:
        self.points.append((x, y, True))

    def turned(self) -> Line:
        return Line(self.points[::-1])

    def joined(self, other: Line) -> Line:
        return Line(self.points + other.points)

    def path(self) -> str:
        """The line as an SVG path. Between two points that are no corners it is a soft S."""
        (x, y, _), rest = self.points[0], self.points[1:]
        parts = [f"M{x:.1f} {y:.1f}"]
        for n, (px, py, corner) in enumerate(rest):
            if corner:
                qx, qy, _ = rest[n + 1]
                parts.append(_rounded((x, y), (px, py), (qx, qy)))
            elif self.points[n][2] or abs(px - x) < 0.5:
                parts.append(f"L{px:.1f} {py:.1f}")
            else:
                middle = (y + py) / 2
                parts.append(f"C{x:.1f} {middle:.1f} {px:.1f} {middle:.1f} {px:.1f} {py:.1f}")
            x, y = px, py
        return "".join(parts)


def _rounded(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> str:
    """A straight line towards `b` and a quarter turn towards `c`."""
    before, after = _length(a, b), _length(b, c)
    radius = min(9.0, before / 2, after / 2)
    if radius < 0.5:
        return f"L{b[0]:.1f} {b[1]:.1f}"
    x1, y1 = (b[n] + (a[n] - b[n]) * radius / before for n in (0, 1))
    x2, y2 = (b[n] + (c[n] - b[n]) * radius / after for n in (0, 1))
    return f"L{x1:.1f} {y1:.1f}Q{b[0]:.1f} {b[1]:.1f} {x2:.1f} {y2:.1f}"


def _length(a: tuple[float, float], b: tuple[float, float]) -> float:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def line(s: Sheet, number: int, route: Route) -> Line:
    """The line of a route; it ends a head's length above the target."""
    layer = s.places.layer
    source, target = route.edge.source, route.edge.target
    from_layer, to_layer = layer[source], layer[target]
    x1 = s.x(from_layer, s.places.x[source]) + s.out[number]
    x2 = s.x(to_layer, s.places.x[target]) + s.into[number]
    y1 = s.spots[source].y + s.boxes[source].height
    y2 = s.spots[target].y - HEAD
    if source == target:
        return _loop(s, number, source, (x1, y1), (x2, y2))
    if not route.back:
        start = Line()
        start.to(x1, y1)
        start.to(x1, s.bottom[from_layer])
        return _bends(s, number, start, from_layer, route.via, (to_layer, x2, y2))
    return _back(s, number, route, (x1, y1), (x2, y2))


def _turn(s: Sheet, number: int) -> float:
    """How far from a box an edge that leads up turns: neighbours at different distances."""
    back = [n for n, route in enumerate(s.places.routes) if route.back]
    return TURN - 4 + 6 * (back.index(number) % 3)


def _loop(s: Sheet, number: int, name: str, start: Point, end: Point) -> Line:
    (x1, y1), (x2, y2), turn = start, end, _turn(s, number)
    right = s.spots[name].x + s.boxes[name].width + 14
    made = Line()
    made.to(x1, y1)
    made.corner(x1, y1 + turn)
    made.corner(right, y1 + turn)
    made.corner(right, y2 - turn + HEAD)
    made.corner(x2, y2 - turn + HEAD)
    made.to(x2, y2)
    return made


def _bends(
    s: Sheet, number: int, made: Line, at: int, via: tuple[tuple[int, int], ...],
    end: tuple[int, float, float],
) -> Line:  # fmt: skip
    """Down through the layers: straight beside boxes, softly between layers, by the gutter where
    the sheet is folded."""
    for bend, units in via:
        x = s.x(bend, units)
        if s.column[at] != s.column[bend]:
            _gutter(s, number, at, made, x)
        made.to(x, s.top[bend])
        made.to(x, s.bottom[bend])
        at = bend
    layer, x, y = end
    if s.column[at] != s.column[layer]:
        _gutter(s, number, at, made, x)
    made.to(x, y)
    return made


def _gutter(s: Sheet, number: int, upper: int, made: Line, x: float) -> None:
    """Under the last layer of a column, up the gutter, over the first layer of the next."""
    column = s.column[upper]
    tracks = s.crossing[column]
    place = next(n for n, t in enumerate(tracks) if t[2] == number and t[3] == upper)
    # Turned like nested arcs: who comes from the right turns first and runs on the left.
    track = len(tracks) - 1 - place
    low = s.bottom[upper] + TURN + TRACK * track
    along = s.gutter[column] + 18 + TRACK * track
    high = s.top[column_layers(s, column + 1)[0]] - TURN - 4 - TRACK * place
    made.corner(made.points[-1][0], low)
    made.corner(along, low)
    made.corner(along, high)
    made.corner(x, high)


def _back(
    s: Sheet, number: int, route: Route, start: tuple[float, float], end: tuple[float, float]
) -> Line:
    """Up beside the boxes; made from above and turned round."""
    points = sorted(route.via)
    first, last = points[0], points[-1]
    turn = _turn(s, number)
    made = Line()
    made.to(end[0], end[1])
    made.corner(end[0], s.top[first[0]] - turn)
    made.corner(s.x(*first), s.top[first[0]] - turn)
    made.to(s.x(*first), s.bottom[first[0]])
    at = first[0]
    if len(points) > 1:
        middle = tuple(points[1:-1])
        made = _bends(s, number, made, at, middle, (last[0], s.x(*last), s.top[last[0]]))
    foot = s.bottom[last[0]] + turn
    made.corner(s.x(*last), foot)
    made.corner(start[0], foot)
    made.to(*start)
    return made.turned()
