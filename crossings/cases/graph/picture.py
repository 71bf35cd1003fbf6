"""The graph of a case as one SVG file: for an author's eye, a class's wall, a page.

Colours are those of the course (`crossings.look`), light and dark. A grade has a colour, a dash, a
shape and a word; the words of every box are inside it, whatever system font draws them.
"""

from __future__ import annotations

from html import escape

from crossings.cases.graph.boxes import boxes
from crossings.cases.graph.face import face
from crossings.cases.graph.layout import Layout, Route, layout
from crossings.cases.graph.legend import legend
from crossings.cases.graph.letters import wrapped
from crossings.cases.graph.passages import Traffic
from crossings.cases.graph.sheet import MARGIN, Sheet, sheet
from crossings.cases.graph.style import style
from crossings.cases.graph.told import heading, way, ways
from crossings.cases.graph.ways import HEAD, line
from crossings.cases.graph.words import counted, named
from crossings.cases.state import Document

WIDE, WIDE_OPENED = 220.0, 330.0
"""Pixels that a box is wide, closed and opened."""
THICKEST = 13.0
"""Pixels of an edge that every play took."""


def draw(
    doc: Document,
    *,
    opened: bool = False,
    columns: int | None = None,
    traffic: Traffic | None = None,
    inline: bool = False,
) -> str:
    """The picture as the text of an SVG file.

    Args:
        doc: a compiled case.
        opened: write the options, questions, things and people into the boxes.
        columns: fold the graph into this many columns; None: as fills a page best.
        traffic: draw each edge as wide as it was used, and write the numbers to it.
        inline: for a page that has the course's tokens itself: take its colours, light or dark.
    """
    places = layout(doc)
    made = boxes(doc, places, WIDE_OPENED if opened else WIDE, opened, traffic)
    title = named(doc, doc["title"])
    facts = f"{counted(doc)}. {doc['minutes']} minutes. Version {doc['version']}."
    s = sheet(doc, made, columns, 78)
    wide = max(s.width, 620.0)
    head, drop = _head(title, facts, wide)
    if drop:  # the lines of a long title push all else down
        s = sheet(doc, made, columns, 78 + drop)
    foot, bottom = legend(
        doc, places, made, MARGIN, s.height, wide - MARGIN, counted=traffic is not None
    )
    lines = "".join(_edge(doc, s, n, route, traffic) for n, route in _in_order(s, traffic))
    body = [head, f'<g aria-hidden="true">{_start(doc, s)}{lines}</g>\n']
    body += [_box(doc, s, name) for name in made]
    return _file(
        doc, places, title, facts, (wide, bottom + MARGIN - 8), "".join(body) + foot, inline
    )


def _file(
    doc: Document, places: Layout, title: str, facts: str, size: tuple[float, float], body: str,
    inline: bool,
) -> str:  # fmt: skip
    name = f"cxg-{doc['id']}"
    wide, high = size
    described = f"{facts} {len(places.routes)} ways lead from stop to stop."
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="cxg" width="{wide:.0f}" '
        f'height="{high:.0f}" viewBox="0 0 {wide:.0f} {high:.0f}" '
        f'role="graphics-document document" lang="en" aria-labelledby="{name}-title" '
        f'aria-describedby="{name}-desc">\n'
        f'<title id="{name}-title">Graph of the case: {escape(title)}</title>\n'
        f'<desc id="{name}-desc">{escape(described)}</desc>\n'
        f"<style>{style(inline)}</style>\n"
        f'<rect class="cxg-paper" width="100%" height="100%"/>\n{body}\n</svg>\n'
    )


def _head(title: str, facts: str, wide: float) -> tuple[str, float]:
    """The head, and by how much it is higher than with one line for each of its two parts."""
    room = wide - 2 * MARGIN
    titles, lines = wrapped(title, 26, room, bold=True), wrapped(facts, 13, room)
    y, made = 46.0, []
    for words in titles:
        made.append(_text(MARGIN, y, words, "cxg-head"))
        y += 32
    y -= 8
    for words in lines:
        made.append(_text(MARGIN, y, words, "cxg-facts"))
        y += 18
    return "".join(made), (len(titles) - 1) * 32.0 + (len(lines) - 1) * 18.0


def _text(x: float, y: float, words: str, classes: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{classes}"{more}>{escape(words)}</text>'


def _start(doc: Document, s: Sheet) -> str:
    """The way in, above the first box."""
    spot = s.spots[doc["start"]]
    x, y = spot.x + 18, spot.y
    # Edges that lead back to the first box turn above it: the words stand higher then.
    high = 36 if any(route.back for route in s.places.routes) else 20
    words = f"Start, {doc['starts_at']}"
    return (
        f'<circle class="cxg-begin" cx="{x:.1f}" cy="{y - high:.1f}" r="5"/>'
        f'<path class="cxg-way cxg-next" d="M{x:.1f} {y - high + 5:.1f}V{y - HEAD:.1f}"/>'
        f"{_arrow(x, y, 'cxg-next')}{_text(x + 12, y - high + 4, words, 'cxg-small cxg-strong')}"
    )


def _arrow(x: float, y: float, classes: str, wide: float = 4.5) -> str:
    """A head that points down and ends at `x`, `y`."""
    d = f"M{x:.1f} {y - 0.5:.1f}l{-wide:.1f} {-HEAD - 1:.1f}h{2 * wide:.1f}z"
    return f'<path class="cxg-arrow {classes}" d="{d}"/>'


def _in_order(s: Sheet, traffic: Traffic | None) -> list[tuple[int, Route]]:
    """Thin lines last, so that broad ones do not hide them."""
    routes = list(enumerate(s.places.routes))
    if traffic is None:
        return routes
    return sorted(routes, key=lambda pair: -traffic.edges.get(pair[1].edge.key, 0))


def _edge(doc: Document, s: Sheet, number: int, route: Route, traffic: Traffic | None) -> str:
    edge = route.edge
    shade = {"next": "cxg-next", "rule": "cxg-jump"}.get(edge.kind, f"cxg-{edge.grade}")
    thick, head = "", 4.5
    if traffic is not None and traffic.plays:
        share = traffic.edges.get(edge.key, 0) / traffic.plays
        shade += "" if share else " cxg-cold"
        head += 5 * share
        thick = f' style="stroke-width:{1.2 + (THICKEST - 1.2) * share:.2f}"'
    layer = s.places.layer[edge.target]
    x = s.x(layer, s.places.x[edge.target]) + s.into[number]
    return (
        f'<g><title>{escape(way(doc, edge))}</title><path class="cxg-way {shade}"{thick} '
        f'd="{line(s, number, route).path()}"/>'
        f"{_arrow(x, s.spots[edge.target].y, shade, head)}</g>"
    )


def _box(doc: Document, s: Sheet, name: str) -> str:
    spot = s.spots[name]
    label = ". ".join([heading(doc, s.places, name), *ways(doc, s.places, name)])
    return (
        f'<g role="graphics-symbol img" aria-label="{escape(label)}" data-node="{escape(name)}" '
        f'transform="translate({spot.x:.1f} {spot.y:.1f})">{face(s, s.boxes[name])}</g>\n'
    )
