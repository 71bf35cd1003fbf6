"""Trials: the promised walkthroughs, and some hundred random plays, keep what the case promises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crossings.cases.checks.problem import CaseProblem, Path
from crossings.cases.document import BEST, compiled, most_points
from crossings.cases.engine import IllegalAction, apply, start
from crossings.cases.model import Case, Walkthrough
from crossings.cases.plays import random_play
from crossings.cases.score import score
from crossings.cases.state import State

STEPS = 300


def problems(case: Case, plays: int) -> Iterator[CaseProblem]:
    doc = compiled(case)
    doc["max"] = most_points(doc, case)
    if BEST in case.walkthroughs and doc["max"] == 0:
        hint = "let it choose what is good"
        yield CaseProblem(("walkthroughs", BEST), "the best walkthrough earns no points", hint)
    for name, walk in case.walkthroughs.items():
        yield from _walk(doc, ("walkthroughs", name), walk)
    if doc["max"]:
        yield from _random(doc, plays)


def _walk(doc: Mapping[str, Any], path: Path, walk: Walkthrough) -> Iterator[CaseProblem]:
    state = start(doc, seed=str(path[-1]))
    for n, action in enumerate(walk.actions):
        try:
            state = apply(doc, state, action.model_dump(exclude_none=True))
        except IllegalAction as error:
            yield CaseProblem((*path, "actions", n), str(error), "correct this step")
            return
    if state.ending != walk.ending:
        where = f"the ending `{state.ending}`" if state.ending else f"the node `{state.node}`"
        hint = "correct the steps or the ending that is promised"
        yield CaseProblem((*path, "ending"), f"it stops at {where}", hint)
        return
    percent = score(doc, state)["percent"]
    low, high = walk.percent
    if not low <= percent <= high:
        message = f"it earns {percent} percent, not {low} to {high}"
        yield CaseProblem((*path, "percent"), message, "correct the steps or the range")


def _random(doc: Mapping[str, Any], plays: int) -> Iterator[CaseProblem]:
    """What random plays show, one message for each place: the first that was met."""
    told: set[Path] = set()
    for n in range(plays):
        for problem in _trial(doc, random_play(doc, f"check/{n}", STEPS)):
            if problem.path not in told:
                told.add(problem.path)
                yield problem


def _trial(doc: Mapping[str, Any], state: State) -> Iterator[CaseProblem]:
    """What one random play shows to be wrong."""
    points = sum(state.points.values())
    if points > doc["max"]:
        message = f"a play earns {points} points, the best walkthrough {doc['max']}"
        hint = f"let `best` earn the most; the play chose {_told(state)}"
        yield CaseProblem(("walkthroughs", BEST), message, hint)
    if state.ending is None:
        stuck = len(state.log) <= STEPS
        message = "a play is stuck here" if stuck else f"a play of {STEPS} steps does not end"
        hint = "leave an option without `when`" if stuck else "add a way out of the circle"
        path: Path = ("nodes", state.node) if stuck else ("nodes",)
        yield CaseProblem(path, message, hint)
        return
    percent = score(doc, state)["percent"]
    low, high = doc["nodes"][state.ending]["score"]
    if not low <= percent <= high:
        message = f"a play ends here with {percent} percent, not {low} to {high}"
        hint = f"correct `score`, or the points and caps; the play chose {_told(state)}"
        yield CaseProblem(("nodes", state.ending, "score"), message, hint)


def _told(state: State) -> str:
    told = ", ".join(f"{node}: {option}" for node, option in state.chosen.items())
    return told or "nothing"
