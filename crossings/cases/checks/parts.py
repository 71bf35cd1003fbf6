"""Walking through a case: every place that holds a guard, an effect, a judgement or a way on."""

from __future__ import annotations

from collections.abc import Iterator

from crossings.cases.checks.problem import Path
from crossings.cases.model import (
    Case,
    Choice,
    Decision,
    Effect,
    Ending,
    Find,
    Interview,
    Judged,
    Next,
    Question,
    Search,
    Triage,
)


def judged(case: Case) -> Iterator[tuple[Path, Judged]]:
    """Every option, question and verdict."""
    for name, node in case.nodes.items():
        at: Path = ("nodes", name)
        if isinstance(node, Decision):
            yield from (((*at, "options", n), o) for n, o in enumerate(node.options))
        elif isinstance(node, Interview):
            yield from (((*at, "questions", n), q) for n, q in enumerate(node.questions))
        elif isinstance(node, Triage):
            for n, arrival in enumerate(node.arrivals):
                there: Path = (*at, "arrivals", n)
                yield from (((*there, "verdicts", c), v) for c, v in arrival.verdicts.items())
                yield (*there, "otherwise"), arrival.otherwise


def finds(case: Case) -> Iterator[tuple[Path, Find]]:
    for name, node in case.nodes.items():
        if isinstance(node, Search):
            yield from ((("nodes", name, "finds", n), f) for n, f in enumerate(node.finds))


def effects(case: Case) -> Iterator[tuple[Path, Effect]]:
    """Every effect, wherever it stands."""
    lists: list[tuple[Path, tuple[Effect, ...]]] = [
        *((("nodes", name), node.effects) for name, node in case.nodes.items()),
        *((path, j.effects) for path, j in judged(case)),
        *((path, f.effects) for path, f in finds(case)),
        *((("rules", n), rule.effects) for n, rule in enumerate(case.rules)),
    ]
    for path, listed in lists:
        yield from (((*path, "effects", n), effect) for n, effect in enumerate(listed))


def ways(case: Case) -> Iterator[tuple[str, Path, Next]]:
    """Every way on: the node it leaves, where it stands, where it leads."""
    for name, node in case.nodes.items():
        at: Path = ("nodes", name)
        if isinstance(node, Decision):
            yield from ((name, (*at, "options", n, "to"), o.to) for n, o in enumerate(node.options))
        elif not isinstance(node, Ending):
            yield name, (*at, "next"), node.next


def targets(case: Case) -> Iterator[tuple[str, Path, str]]:
    """Every single target of `ways`, branch by branch."""
    for name, path, way in ways(case):
        if isinstance(way, str):
            yield name, path, way
        else:
            yield from ((name, (*path, n, "to"), b.to) for n, b in enumerate(way))


def guards(case: Case) -> Iterator[tuple[Path, str]]:
    """Every guard, as written."""
    for path, one in (*judged(case), *finds(case)):
        if isinstance(one, Choice | Question | Find) and one.when is not None:
            yield (*path, "when"), one.when
    for _, path, way in ways(case):
        if not isinstance(way, str):
            for n, branch in enumerate(way):
                if branch.when is not None:
                    yield (*path, n, "when"), branch.when
    for n, rule in enumerate(case.rules):
        yield ("rules", n, "when"), rule.when
    for p, person in enumerate(case.debrief.people):
        for f, fate in enumerate(person.fates):
            if fate.when is not None:
                yield ("debrief", "people", p, "fates", f, "when"), fate.when
