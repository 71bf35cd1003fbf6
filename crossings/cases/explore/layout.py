"""A case laid out for exploring: its facts, its guards as trees over numbered atoms, its graph.

A fact is a piece of state that a guard can ask about: ("clock",), ("var", name), ("tag", set, tag),
("seen", evidence), ("asked", node, question), ("chose", node), ("visited", node), ("fired", rule).
An atom is one comparison of a fact; a set of atoms is a whole number with one bit for each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from crossings.cases.guard import Ast
from crossings.cases.state import Document

Json = Mapping[str, Any]
Path = tuple[str | int, ...]
Fact = tuple[str, ...]
N = TypeVar("N", str, tuple[str, int])
Tree = tuple[Any, ...]
"""("is", atom), ("const", bool), ("not", a), ("and", a, b), ("or", a, b)"""

CLOCK: Fact = ("clock",)
MINUTE: Fact = ("minute",)
"""The clock to the minute, not only between which thresholds it stands."""
STRETCHES: tuple[Fact, ...] = (("minute", "40"), ("minute", "10"))
"""The clock to so many minutes."""


@dataclass(frozen=True)
class Atom:
    """One comparison: `op` and `number` are given for integers and the clock."""

    fact: Fact
    op: str = ""
    number: int = 0
    option: str = ""

    def compares(self, value: int) -> bool:
        number = self.number
        if self.op in ("==", "!="):
            return (value == number) == (self.op == "==")
        if self.op in ("<", "<="):
            return value < number or (value == number and self.op == "<=")
        return value > number or (value == number and self.op == ">=")


@dataclass(frozen=True)
class Guard:
    """A guard of the case: where it stands, its tree, its atoms."""

    path: Path
    tree: Tree
    mask: int
    facts: frozenset[Fact]


@dataclass
class Layout:
    """Everything about a compiled case that does not depend on what is looked for."""

    doc: Document
    atoms: list[Atom] = field(default_factory=list)
    number_of: dict[Atom, int] = field(default_factory=dict)
    guards: dict[Path, Guard] = field(default_factory=dict)
    number: dict[str, int] = field(default_factory=dict)
    graph: dict[str, set[str]] = field(default_factory=dict)
    after: dict[str, int] = field(default_factory=dict)
    """The nodes (a bit each, by `number`) that can still be entered from a node."""
    anchors: frozenset[Fact] = frozenset()
    """Facts that every machine follows, as they decide which circles plays can go round."""
    rolls: dict[tuple[str, int], set[tuple[str, int]]] | None = None
    """The graph with the anchors, where there are any."""

    @classmethod
    def of(cls, doc: Document) -> Layout:
        made = cls(doc)
        for path, tree in guards(doc):
            made._guard(path, tree)
        # What lies in one search and nowhere else is known to be seen by that search alone.
        places = Counter(e for node in doc["nodes"].values() for e in _shows(node))
        for evidence, times in places.items():
            if times > 1:
                made.bit(Atom(("seen", evidence)))
        for rule in doc["rules"]:
            made.bit(Atom(("fired", rule["id"])))
        made.number = {name: n for n, name in enumerate(doc["nodes"])}
        made.graph = edges(doc)
        made.after = made.gathered({n: 1 << k for n, k in made.number.items()})
        return made

    def gathered(self, own: Mapping[str, int]) -> dict[str, int]:
        """For each node the union of `own` over all nodes that plays can still enter from it."""
        return gathered_over(self.rolls, own) if self.rolls else gathered(self.graph, own)

    def bit(self, atom: Atom) -> int:
        """The bit of `atom`, which is made where it is new."""
        if atom not in self.number_of:
            self.number_of[atom] = len(self.atoms)
            self.atoms.append(atom)
        return 1 << self.number_of[atom]

    def known_bit(self, atom: Atom) -> int:
        """The bit of `atom`, or 0 where nothing asks about it."""
        number = self.number_of.get(atom)
        return 0 if number is None else 1 << number

    def bits(self, mask: int) -> Iterator[Atom]:
        return (atom for n, atom in enumerate(self.atoms) if mask >> n & 1)

    def again(self, node: str) -> bool:
        """Whether a play can come back to `node`."""
        return bool(self.after[node] >> self.number[node] & 1)

    def _guard(self, path: Path, ast: Ast) -> None:
        tree = self._tree(ast)
        mask = mask_of(tree)
        facts = frozenset(atom.fact for atom in self.bits(mask))
        self.guards[path] = Guard(path, tree, mask, facts)

    def _tree(self, ast: Ast) -> Tree:
        word = ast[0]
        if word in ("and", "or"):
            return (word, self._tree(ast[1]), self._tree(ast[2]))
        if word == "not":
            return (word, self._tree(ast[1]))
        atom = self._atom(ast)
        return ("const", False) if atom is None else ("is", self.bit(atom))

    def _atom(self, leaf: Ast) -> Atom | None:
        """The atom of a leaf; None where it asks what its variable is not, so never holds."""
        word = leaf[0]
        if word == "cmp":
            _, op, name, number = leaf
            if name == "clock":
                return Atom(CLOCK, op, number)
            fits = self._type(name) == "integer"
            return Atom(("var", name), op, number) if fits else None
        if word == "is":
            return Atom(("var", leaf[1])) if self._type(leaf[1]) == "boolean" else None
        if word == "has":
            fits = self._type(leaf[1]) == "set"
            return Atom(("tag", leaf[1], str(leaf[2]))) if fits else None
        if word == "chose":
            return Atom(("chose", leaf[1]), option=str(leaf[2]))
        return Atom(tuple(map(str, leaf)))

    def _type(self, name: str) -> str | None:
        declared = self.doc["variables"].get(name)
        return declared["type"] if declared else None


def guards(doc: Document) -> Iterator[tuple[Path, Ast]]:
    """Every guard of a document with its place, which is also its place in the author's file."""
    for name, node in doc["nodes"].items():
        at: Path = ("nodes", name)
        yield from _branches((*at, "next"), node.get("next", ()))
        for part in ("options", "questions", "finds"):
            for n, one in enumerate(node.get(part, ())):
                if "when" in one:
                    yield (*at, part, n, "when"), one["when"]
                yield from _branches((*at, part, n, "to"), one.get("to", ()))
    for n, rule in enumerate(doc["rules"]):
        yield ("rules", n, "when"), rule["when"]
    for p, person in enumerate(doc["debrief"]["people"]):
        for f, fate in enumerate(person["fates"]):
            if "when" in fate:
                yield ("debrief", "people", p, "fates", f, "when"), fate["when"]


def _branches(at: Path, branches: Any) -> Iterator[tuple[Path, Ast]]:
    return (((*at, n, "when"), b["when"]) for n, b in enumerate(branches) if "when" in b)


def mask_of(tree: Tree) -> int:
    """The atoms of a tree."""
    if tree[0] == "is":
        return int(tree[1])
    if tree[0] == "const":
        return 0
    found = 0
    for part in tree[1:]:
        found |= mask_of(part)
    return found


def _shows(node: Json) -> Iterator[str]:
    yield from node["evidence"]
    yield from (find["evidence"] for find in node.get("finds", ()))


def leads(node: Json) -> Iterator[str]:
    """Where a node leads by its branches, whatever their guards say."""
    for branch in node.get("next", ()):
        yield branch["to"]
    for option in node.get("options", ()):
        yield from (branch["to"] for branch in option["to"])


def edges(doc: Document) -> dict[str, set[str]]:
    """Where a play can go from each node, whatever guards say, with the jumps of rules."""
    jumps = {rule["goto"] for rule in doc["rules"] if "goto" in rule}
    return {
        name: set(leads(node)) | jumps if node["kind"] != "ending" else set()
        for name, node in doc["nodes"].items()
    }


def gathered(graph: Mapping[N, set[N]], own: Mapping[N, int]) -> dict[N, int]:
    """For each node the union of `own` over all nodes that can be reached from it in one step or
    more. A node counts itself only if it lies on a circle."""
    found: dict[N, int] = {}
    for component in components(graph):
        union = 0
        for name in component:
            for target in graph[name]:
                union |= own[target] | found.get(target, 0)
        found.update((name, union) for name in component)
    return found


def gathered_over(
    graph: Mapping[tuple[str, int], set[tuple[str, int]]], own: Mapping[str, int]
) -> dict[str, int]:
    """As `gathered`, over a graph with anchors; nodes that no play meets gather nothing."""
    found = dict.fromkeys(own, 0)
    for (name, _), union in gathered(graph, {p: own[p[0]] for p in graph}).items():
        found[name] |= union
    return found


def components(edges: Mapping[N, set[N]]) -> Iterator[list[N]]:
    """Strongly connected components, those led to first (Tarjan 1972, without recursion)."""
    order: dict[N, int] = {}
    low: dict[N, int] = {}
    waiting: list[N] = []
    on: set[N] = set()
    for root in edges:
        if root in order:
            continue
        work = [(root, iter(sorted(edges[root])))]
        order[root] = low[root] = len(order)
        waiting.append(root)
        on.add(root)
        while work:
            name, rest = work[-1]
            for target in rest:
                if target not in order:
                    order[target] = low[target] = len(order)
                    waiting.append(target)
                    on.add(target)
                    work.append((target, iter(sorted(edges[target]))))
                    break
                if target in on:
                    low[name] = min(low[name], order[target])
            else:
                work.pop()
                if work:
                    above = work[-1][0]
                    low[above] = min(low[above], low[name])
                if low[name] == order[name]:
                    component = []
                    while True:
                        one = waiting.pop()
                        on.discard(one)
                        component.append(one)
                        if one == name:
                            break
                    yield component


def always_out(doc: Document) -> bool:
    """Whether every node has a way to an ending that no guard can shut.

    Jumps of rules are left out: each happens once in a play, and leads to such a node again.
    """
    safe = {name for name, node in doc["nodes"].items() if node["kind"] == "ending"}
    waiting = [name for name in reversed(doc["nodes"]) if name not in safe]
    while waiting:
        left = []
        for name in waiting:
            if _goes_to(doc["nodes"][name], safe):
                safe.add(name)
            else:
                left.append(name)
        if len(left) == len(waiting):
            return False
        waiting = left
    return True


def _goes_to(node: Json, safe: set[str]) -> bool:
    """Whether some move that is always open can only lead into `safe`."""
    ways = [node["next"]] if "next" in node else []
    ways += [option["to"] for option in node.get("options", ()) if "when" not in option]
    return any(all(branch["to"] in safe for branch in way) for way in ways)
