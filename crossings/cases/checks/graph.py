"""The graph: every node can be reached, and an ending can be reached from it.

Guards are not looked at: a way on that exists counts as open. What guards shut is told by
`crossings.cases.checks.states`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from crossings.cases.checks.parts import targets
from crossings.cases.checks.problem import CaseProblem
from crossings.cases.model import Case, Ending

Edges = Mapping[str, set[str]]


def problems(case: Case) -> Iterator[CaseProblem]:
    edges = graph(case)
    endings = {name for name, node in case.nodes.items() if isinstance(node, Ending)}
    reached, closed = reachable(case), dead_ends(case)
    if not endings:
        hint = "add a node of `kind: ending`"
        yield CaseProblem(("nodes",), "the case has no ending", hint, "no-ending")
    for name in edges:
        if name not in reached:
            yield unreachable(name, name in endings, "lead to it from another node, or remove it")
        elif name in closed:
            hint = "add a way on that reaches an ending"
            message = "dead end: no ending can be reached"
            yield CaseProblem(("nodes", name), message, hint, "dead-end")


def unreachable(name: str, ending: bool, hint: str) -> CaseProblem:
    message = "no play can reach this ending" if ending else "unreachable node"
    return CaseProblem(("nodes", name), message, hint, "unreachable-node")


def reachable(case: Case) -> set[str]:
    """The nodes that some way or jump of a rule leads to, whatever guards say."""
    jumps = {rule.goto for rule in case.rules if rule.goto in case.nodes}
    return _closed({case.start} | jumps, graph(case))


def dead_ends(case: Case) -> set[str]:
    """The nodes from which no way leads to an ending; none where there is no ending at all."""
    edges = graph(case)
    endings = {name for name, node in case.nodes.items() if isinstance(node, Ending)}
    return set(edges) - _closed(endings, _turned(edges)) if endings else set()


def graph(case: Case) -> dict[str, set[str]]:
    """Where each node can lead, whatever its guards say; jumps of rules are left out."""
    edges: dict[str, set[str]] = {name: set() for name in case.nodes}
    for name, _, target in targets(case):
        if target in case.nodes:
            edges[name].add(target)
    return edges


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
