"""The graph in words: for screen readers, for a terminal, for a diff between two versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crossings.cases.graph.edges import RULE, Edge
from crossings.cases.graph.layout import Layout
from crossings.cases.graph.words import GRADES, KINDS, counted, inside, named
from crossings.cases.state import Document


def told(doc: Document, places: Layout) -> str:
    """Every node from top to bottom with what it holds and where it leads, one line a way."""
    lines = [f"{named(doc, doc['title'])} ({doc['id']}, version {doc['version']})"]
    lines += [f"{counted(doc)}. It starts at {doc['starts_at']} with `{doc['start']}`.", ""]
    for row in places.layers:
        for name in row:
            lines += [heading(doc, places, name), *(f"   {way}" for way in ways(doc, places, name))]
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def heading(doc: Document, places: Layout, name: str) -> str:
    """One node in one line: title, id, kind, what it holds."""
    if name.startswith(RULE):
        return f"Rule `{name.removeprefix(RULE)}`: it can jump from anywhere"
    node = doc["nodes"][name]
    parts = [f"{KINDS[node['kind']]}: {named(doc, node['title'])} (`{name}`)"]
    held = inside(node)
    if held:
        parts.append(held)
    if node["evidence"]:
        parts.append(f"{len(node['evidence'])} evidence on the table")
    if name in places.unreachable:
        parts.append("no play gets here")
    return "; ".join(parts)


def ways(doc: Document, places: Layout, name: str) -> Iterator[str]:
    """Where a node or rule leads, one line for each edge."""
    for route in places.routes:
        if route.edge.source == name:
            yield way(doc, route.edge)


def way(doc: Document, edge: Edge) -> str:
    """One edge in one line: letter, grade, words of the option, where it leads."""
    title = named(doc, doc["nodes"][edge.target]["title"])
    words = [f"{edge.letter}." if edge.letter else "", GRADES.get(edge.grade or "", "")]
    if edge.part is not None:
        words.append(f"({edge.part}): {named(doc, _option(doc, edge)['text'])}")
    start = " ".join(word for word in words if word)
    more = [
        "under a condition" if edge.conditional and edge.kind != "rule" else "",
        f"at most {doc['caps'][edge.cap]['percent']} % ({edge.cap})" if edge.cap else "",
    ]
    marks = "; ".join(mark for mark in more if mark)
    end = f"→ {title} (`{edge.target}`)" + (f" [{marks}]" if marks else "")
    return f"{start} {end}" if start else end


def _option(doc: Document, edge: Edge) -> Mapping[str, Any]:
    options: list[Mapping[str, Any]] = doc["nodes"][edge.source]["options"]
    return next(o for o in options if o["id"] == edge.part)
