"""Where plays can really come back to: circles of a graph that its own guards open only once.

`{when: not visited lobby, to: lobby}` closes a circle that no play goes round twice. Such facts,
that a node was entered or a jumping rule fired, never change back. They are followed in every
machine (*anchors*), and the graph is gone through together with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from crossings.cases.explore.layout import Atom, Fact, Json, Layout, components
from crossings.cases.explore.parts import outcome

MOST_ANCHORS = 6
MOST_JUMPS = 3
MOST_PLACES = 20_000
"""Beyond these, the plain graph must do."""

Place = tuple[str, int]
"""A node, and which anchors hold there."""


def unroll(layout: Layout) -> Layout:
    """Tell `layout` which of its circles plays can go round; `layout` itself."""
    graph = layout.graph
    circle = {n for c in components(graph) for n in c if len(c) > 1 or n in graph[n]}
    facts = _anchors(layout, circle) if circle else frozenset()
    jumps = [n for n, rule in enumerate(layout.doc["rules"]) if "goto" in rule]
    if not facts or len(facts) > MOST_ANCHORS or len(jumps) > MOST_JUMPS:
        return layout
    rolls = _unrolled(layout, facts, jumps)
    if rolls is not None:
        layout.anchors, layout.rolls = facts, rolls
        layout.after = layout.gathered({n: 1 << k for n, k in layout.number.items()})
    return layout


def _anchors(layout: Layout, circle: set[str]) -> frozenset[Fact]:
    asked = {
        fact
        for path, guard in layout.guards.items()
        if path[0] == "nodes" and path[1] in circle and _is_way(path)
        for fact in guard.facts
    }
    jumps = {("fired", rule["id"]) for rule in layout.doc["rules"] if "goto" in rule}
    return frozenset({fact for fact in asked if fact[0] == "visited"} | jumps)


def _is_way(path: tuple[str | int, ...]) -> bool:
    return path[-3] in ("next", "to") or path[2] == "options"


def _unrolled(
    layout: Layout, anchors: frozenset[Fact], jumps: list[int]
) -> dict[Place, set[Place]] | None:
    """The graph with each node once for each set of anchors that it can be met with."""
    visited = {n: layout.known_bit(Atom(("visited", n))) for n in layout.doc["nodes"]}
    known = sum(1 << n for n, atom in enumerate(layout.atoms) if atom.fact in anchors)
    start = layout.doc["start"]
    first = (start, visited[start] & known)
    graph: dict[Place, set[Place]] = {}
    waiting = [first]
    while waiting:
        place = waiting.pop()
        if place in graph:
            continue
        name, bits = place
        node = layout.doc["nodes"][name]
        ways = set() if node["kind"] == "ending" else set(_ways(layout, name, node, bits, known))
        targets = {(to, bits) for to in ways}
        if node["kind"] != "ending":
            targets |= set(_jumps(layout, jumps, bits, known))
        graph[place] = {(to, bits | visited[to] & known) for to, bits in targets}
        waiting.extend(graph[place])
        if len(graph) > MOST_PLACES:
            return None
    return graph


def _ways(layout: Layout, name: str, node: Json, bits: int, known: int) -> Iterator[str]:
    if "next" in node:
        yield from _led(layout, ("nodes", name, "next"), node["next"], bits, known)
    for n, option in enumerate(node.get("options", ())):
        at = ("nodes", name, "options", n)
        if _may_hold(layout, (*at, "when"), bits, known) is not False:
            yield from _led(layout, (*at, "to"), option["to"], bits, known)


def _led(
    layout: Layout, at: tuple[str | int, ...], branches: list[Json], bits: int, known: int
) -> Iterator[str]:
    for n, branch in enumerate(branches):
        held = _may_hold(layout, (*at, n, "when"), bits, known)
        if held is not False or n == len(branches) - 1:
            yield branch["to"]
        if held:
            return


def _may_hold(layout: Layout, path: tuple[str | int, ...], bits: int, known: int) -> bool | None:
    guard = layout.guards.get(path)
    return True if guard is None else outcome(guard.tree, bits, known)


def _jumps(layout: Layout, jumps: list[int], bits: int, known: int) -> Iterator[Place]:
    """Where rules may lead: some fire at once, and one of them leads."""
    rules = layout.doc["rules"]
    left = []
    for n in jumps:
        fired = layout.known_bit(Atom(("fired", rules[n]["id"])))
        if not bits & fired and _may_hold(layout, ("rules", n, "when"), bits, known) is not False:
            left.append((rules[n]["goto"], fired))
    for size in range(1, len(left) + 1):
        for some in combinations(left, size):
            after = bits
            for _, fired in some:
                after |= fired
            yield from ((to, after) for to, _ in some)
