"""Which ways of the graph a play has taken: for maps of the way, and for the traffic of many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from crossings.cases.graph.edges import RULE
from crossings.cases.state import Document, State

Key = tuple[str, str, str]
"""An edge: source, option (or nothing), target; as `Edge.key`."""


def passages(doc: Document, state: State) -> Iterator[Key]:
    """The edges of a play in the order they were taken; what was taken back is left out."""
    jumps = {rule["id"]: rule["goto"] for rule in doc["rules"] if "goto" in rule}
    for entry in state.log:
        yield from _of_entry(entry, jumps)


def _of_entry(entry: Mapping[str, Any], jumps: Mapping[str, str]) -> Iterator[Key]:
    """A jump is known by its rule having fired in this event and leading to what was entered."""
    fired = [rule for rule in entry["fired"] if rule in jumps]
    for place, target in enumerate(entry["entered"]):
        first = place == 0
        if first and entry["action"] == "start":
            continue
        rule = next((r for r in fired if jumps[r] == target), None)
        own = first and entry["action"] not in ("ask", "open")
        # The first rule to fire leads; a later one may lead to the same node by chance.
        if rule is not None and (not own or fired[0] == rule):
            fired.remove(rule)
            yield RULE + rule, "", target
        else:
            yield entry["node"], entry.get("choice", ""), target


@dataclass(frozen=True)
class Traffic:
    """How many of `plays` plays took each edge and met each node, at least once."""

    plays: int = 0
    edges: Mapping[Key, int] = field(default_factory=dict)
    nodes: Mapping[str, int] = field(default_factory=dict)


def traffic(doc: Document, states: Iterable[State]) -> Traffic:
    """The traffic of many plays over the graph."""
    edges: Counter[Key] = Counter()
    nodes: Counter[str] = Counter()
    plays = 0
    for state in states:
        plays += 1
        edges.update(set(passages(doc, state)))
        nodes.update(set(state.visited))
    return Traffic(plays, dict(edges), dict(nodes))
