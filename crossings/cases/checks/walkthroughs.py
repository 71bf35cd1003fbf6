"""The promised walkthroughs keep what they promise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crossings.cases.checks.problem import CaseProblem, Path
from crossings.cases.document import BEST
from crossings.cases.engine import IllegalAction, apply, start
from crossings.cases.model import Case, Walkthrough
from crossings.cases.score import score


def problems(case: Case, doc: Mapping[str, Any]) -> Iterator[CaseProblem]:
    """What is wrong with the walkthroughs of `case`, whose document with `max` is `doc`."""
    if BEST in case.walkthroughs and doc["max"] == 0:
        hint = "let it choose what is good"
        message = "the best walkthrough earns no points"
        yield CaseProblem(("walkthroughs", BEST), message, hint, "walkthrough")
    for name, walk in case.walkthroughs.items():
        yield from _walk(doc, ("walkthroughs", name), walk)


def _walk(doc: Mapping[str, Any], path: Path, walk: Walkthrough) -> Iterator[CaseProblem]:
    state = start(doc, seed=str(path[-1]))
    for n, action in enumerate(walk.actions):
        try:
            state = apply(doc, state, action.model_dump(exclude_none=True))
        except IllegalAction as error:
            there = (*path, "actions", n)
            yield CaseProblem(there, str(error), "correct this step", "walkthrough")
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
