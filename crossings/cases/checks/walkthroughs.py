"""The promised walkthroughs keep what they promise."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from crossings.cases.checks.problem import CaseProblem, Path, unknown
from crossings.cases.document import BEST, walked
from crossings.cases.engine import IllegalAction, apply, start
from crossings.cases.model import Action, Case, Decision, Interview, Search, Triage, Walkthrough
from crossings.cases.score import score


def problems(case: Case, doc: Mapping[str, Any]) -> Iterator[CaseProblem]:
    """What is wrong with the walkthroughs of `case`, whose document with `max` is `doc`."""
    if doc["max"] == 0 and plays_through(doc, case, BEST):
        hint = "let it choose what is good"
        message = "the best walkthrough earns no points"
        yield CaseProblem(("walkthroughs", BEST), message, hint, "walkthrough")
    for name, walk in case.walkthroughs.items():
        yield from _walk(case, doc, ("walkthroughs", name), walk)
    if plays_through(doc, case, BEST):
        yield from _left_lying(case, doc)


def plays_through(doc: Mapping[str, Any], case: Case, name: str) -> bool:
    """Whether the walkthrough is there and each of its steps is allowed. What a broken `best` earns
    says nothing about 100 percent."""
    if name not in case.walkthroughs:
        return False
    taken = [e for e in walked(doc, case, name).log if e["action"] != "start"]
    return len(taken) == len(case.walkthroughs[name].actions)


def _walk(
    case: Case, doc: Mapping[str, Any], path: Path, walk: Walkthrough
) -> Iterator[CaseProblem]:
    state = start(doc, seed=str(path[-1]))
    for n, action in enumerate(walk.actions):
        try:
            state = apply(doc, state, action.model_dump(exclude_none=True))
        except IllegalAction as error:
            there = (*path, "actions", n)
            told = list(_unknown(case, there, action))
            yield from told or [CaseProblem(there, str(error), "correct this step", "walkthrough")]
            return
    if state.ending != walk.ending:
        where = f"the ending `{state.ending}`" if state.ending else f"the node `{state.node}`"
        hint = "correct the steps or the ending that is promised"
        yield CaseProblem((*path, "ending"), f"it stops at {where}", hint, "walkthrough")
        return
    percent = score(doc, state)["percent"]
    low, high = walk.percent
    if not low <= percent <= high:
        message = f"it earns {percent} percent, not {low} to {high}"
        hint = "correct the steps or the range"
        yield CaseProblem((*path, "percent"), message, hint, "walkthrough")


def _unknown(case: Case, path: Path, action: Action) -> Iterator[CaseProblem]:
    """Names in a step that its node does not have."""
    node = case.nodes.get(action.node)
    if node is None:
        yield unknown((*path, "node"), "node", action.node, case.nodes)
        return
    named: list[tuple[str, str, str | None, Collection[str]]] = []
    if isinstance(node, Decision):
        named.append(("choice", "option", action.choice, [o.id for o in node.options]))
    elif isinstance(node, Interview):
        named.append(("question", "question", action.question, [q.id for q in node.questions]))
    elif isinstance(node, Search):
        named.append(("evidence", "find", action.evidence, [f.evidence for f in node.finds]))
    elif isinstance(node, Triage):
        arrivals, channels = [a.id for a in node.arrivals], [c.id for c in node.channels]
        for arrival, channel in (action.pairs or {}).items():
            named.append(("pairs", "arrival", arrival, arrivals))
            named.append(("pairs", "channel", channel, channels))
    for field, what, name, known in named:
        if name is not None and name not in known:
            yield unknown((*path, field), what, name, known)


def _left_lying(case: Case, doc: Mapping[str, Any]) -> Iterator[CaseProblem]:
    """Signs and key evidence that a learner who plays like `best` is told to have missed."""
    end = walked(doc, case, BEST)
    path: Path = ("walkthroughs", BEST)
    missed = [f"the key evidence `{name}`" for name in doc["key"] if name not in end.seen]
    signs = case.debrief.signs
    noticed = end.vars.get(signs) if signs else ()
    if signs and isinstance(noticed, tuple):
        tags = case.variables[signs].tags
        missed += [f"the sign `{tag}`" for tag in tags if tag not in noticed]
    if missed:
        hint = "let it open, ask or choose what shows them; leave it so if no play can have all"
        message = f"`best` misses {', '.join(missed)}; the debrief will say so"
        yield CaseProblem(path, message, hint, "best-misses", "warning")
