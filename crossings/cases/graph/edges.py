"""The ways of a case as a graph: who leads where, by which choice, and what nobody can reach.

Guards are not looked at: a way that exists counts as open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from crossings.cases.state import Document

EdgeKind = Literal["next", "option", "rule"]
RULE = "rule:"
"""Before the id of a rule that jumps: in a graph it stands beside the nodes, as a source."""


@dataclass(frozen=True)
class Edge:
    """One way from `source` to `target`.

    `source` is a node's id or, for a jump, `rule:` and the rule's id. `part` is the option of a
    decision; `letter` is its place in the file (A, B, …) or, where a node has several ways on, the
    number of the branch. `conditional` says that a guard can shut this way.
    """

    source: str
    target: str
    kind: EdgeKind = "next"
    part: str | None = None
    letter: str | None = None
    grade: str | None = None
    cap: str | None = None
    conditional: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells this edge from all others: source, option (or nothing), target."""
        return self.source, self.part or "", self.target

    def to_json(self) -> dict[str, Any]:
        """Plain data; fields without a value are left out."""
        data: dict[str, Any] = {"from": self.source, "to": self.target, "kind": self.kind}
        more = {
            "option": self.part,
            "letter": self.letter,
            "grade": self.grade,
            "cap": self.cap,
            "conditional": self.conditional or None,
        }
        return data | {name: value for name, value in more.items() if value is not None}


def edges(doc: Document) -> tuple[Edge, ...]:
    """Every way of the case once, in file order; the jumps of rules come last."""
    found: dict[tuple[str, str, str], Edge] = {}
    for edge in (*_of_nodes(doc), *_of_rules(doc)):
        found.setdefault(edge.key, edge)
    return tuple(found.values())


def _of_nodes(doc: Document) -> Iterator[Edge]:
    for name, node in doc["nodes"].items():
        for place, option in enumerate(node.get("options", ())):
            for branch in option["to"]:
                yield Edge(
                    name,
                    branch["to"],
                    "option",
                    option["id"],
                    letter(place),
                    option["grade"],
                    option.get("cap"),
                    "when" in option or "when" in branch,
                )
        branches = node.get("next", ())
        for place, branch in enumerate(branches):
            number = str(place + 1) if len(branches) > 1 else None
            yield Edge(name, branch["to"], letter=number, conditional="when" in branch)


def _of_rules(doc: Document) -> Iterator[Edge]:
    for rule in doc["rules"]:
        if "goto" in rule:
            source = RULE + rule["id"]
            yield Edge(source, rule["goto"], "rule", cap=rule.get("cap"), conditional=True)


def letter(place: int) -> str:
    """The letter of the option at `place` of the file: A to Z, then AA, AB, …"""
    if place < 26:
        return chr(ord("A") + place)
    return letter(place // 26 - 1) + letter(place % 26)


def reachable(doc: Document, ways: Iterable[Edge]) -> frozenset[str]:
    """The nodes that a play may get to, if guards allow; jumps of rules count from anywhere."""
    onward: dict[str, list[str]] = {}
    for way in ways:
        onward.setdefault(way.source, []).append(way.target)
    waiting = [doc["start"], *(t for s, ts in onward.items() if s.startswith(RULE) for t in ts)]
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(onward.get(name, ()))
    return frozenset(reached)


def vertices(doc: Document, ways: Iterable[Edge]) -> tuple[str, ...]:
    """The start first, then every node in file order, then the rules that jump."""
    names = dict.fromkeys([doc["start"], *doc["nodes"]])
    return tuple(names) + tuple(way.source for way in ways if way.kind == "rule")


def turned(onward: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """The same graph with every edge the other way round."""
    back: dict[str, list[str]] = {name: [] for name in onward}
    for name, targets in onward.items():
        for target in targets:
            back[target].append(name)
    return back
