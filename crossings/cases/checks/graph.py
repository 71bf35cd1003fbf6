"""The graph: every node can be reached, an ending can be reached from it, evidence can be seen.

Guards are not looked at: a way on that exists counts as open. What guards shut is the matter of a
model checker.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from crossings.cases.checks.parts import targets
from crossings.cases.checks.problem import CaseProblem
from crossings.cases.model import Case, Ending, Search

Edges = Mapping[str, set[str]]


def problems(case: Case) -> Iterator[CaseProblem]:
    edges = graph(case)
    jumps = {rule.goto for rule in case.rules if rule.goto in case.nodes}
    reached = _closed({case.start} | jumps, edges)
    endings = {name for name, node in case.nodes.items() if isinstance(node, Ending)}
    finishing = _closed(endings, _turned(edges))
    if not endings:
        yield CaseProblem(("nodes",), "the case has no ending", "add a node of `kind: ending`")
    for name in case.nodes:
        if name not in reached:
            what = "no play can reach this ending" if name in endings else "unreachable node"
            hint = "lead to it from another node, or remove it"
            yield CaseProblem(("nodes", name), what, hint)
        elif endings and name not in finishing:
            hint = "add a way on that reaches an ending"
            yield CaseProblem(("nodes", name), "dead end: no ending can be reached", hint)
    yield from _evidence(case, reached)


def graph(case: Case) -> dict[str, set[str]]:
    """Where each node can lead, whatever its guards say; jumps of rules are left out."""
    edges: dict[str, set[str]] = {name: set() for name in case.nodes}
    for name, _, target in targets(case):
        if target in case.nodes:
            edges[name].add(target)
    return edges


def _evidence(case: Case, reached: set[str]) -> Iterator[CaseProblem]:
    shown: set[str] = set()
    for name in reached:
        node = case.nodes[name]
        shown.update(node.evidence)
        if isinstance(node, Search):
            shown.update(f.evidence for f in node.finds if f.minutes <= node.budget)
    for name in case.evidence:
        if name not in shown:
            hint = "lay it open in a node's `evidence` or put it into a search, or remove it"
            yield CaseProblem(("evidence", name), "nobody can open this evidence", hint)


def _closed(start: Iterable[str], edges: Edges) -> set[str]:
    """Everything that can be reached from `start`, with `start` itself."""
    reached: set[str] = set()
    waiting = [name for name in start if name in edges]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(edges[name] - reached)
    return reached


def _turned(edges: Edges) -> Edges:
    turned: dict[str, set[str]] = {name: set() for name in edges}
    for name, targeted in edges.items():
        for target in targeted:
            turned[target].add(name)
    return turned
