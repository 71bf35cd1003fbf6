"""Layers: every node stands below all that lead to it; edges that close a circle are turned.

The first two steps of the method of Sugiyama, Tagawa and Toda (1981): circles are opened by a
depth-first search from the start, and a node's layer is the longest way to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from crossings.cases.graph.edges import turned

Pair = tuple[str, str]


def closing(names: Sequence[str], pairs: Iterable[Pair]) -> frozenset[Pair]:
    """The pairs that close a circle when the graph is searched in the order of `names`."""
    onward = _onward(names, pairs)
    opened: set[str] = set()
    done: set[str] = set()
    found: set[Pair] = set()
    for root in names:
        stack = [] if root in opened else [(root, iter(onward[root]))]
        opened.add(root)
        while stack:
            name, targets = stack[-1]
            target = next(targets, None)
            if target is None:
                done.add(name)
                stack.pop()
            elif target not in opened:
                opened.add(target)
                stack.append((target, iter(onward[target])))
            elif target not in done:
                found.add((name, target))
    return frozenset(found)


def layered(names: Sequence[str], pairs: Iterable[Pair]) -> dict[str, int]:
    """The layer of each name, 0 at the top, where `pairs` have no circle.

    A name that nothing leads to, but for the first, stands just above what it leads to.
    """
    onward = _onward(names, pairs)
    before = turned(onward)
    layer: dict[str, int] = {}
    for name in _sorted(names, onward, before):
        layer[name] = max((layer[b] + 1 for b in before[name]), default=0)
    for name in names[1:]:
        if not before[name] and onward[name]:
            layer[name] = min(layer[t] for t in onward[name]) - 1
    return layer


def _onward(names: Sequence[str], pairs: Iterable[Pair]) -> dict[str, list[str]]:
    onward: dict[str, dict[str, None]] = {name: {} for name in names}
    for source, target in pairs:
        onward[source][target] = None
    return {name: list(targets) for name, targets in onward.items()}


def _sorted(
    names: Sequence[str], onward: Mapping[str, list[str]], before: Mapping[str, list[str]]
) -> list[str]:
    """Every name after all that lead to it (Kahn)."""
    open_ways = {name: len(before[name]) for name in names}
    ready = [name for name in names if not open_ways[name]]
    order: list[str] = []
    while ready:
        name = ready.pop()
        order.append(name)
        for target in onward[name]:
            open_ways[target] -= 1
            if not open_ways[target]:
                ready.append(target)
    return order
