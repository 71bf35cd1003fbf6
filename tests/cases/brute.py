"""Every play of a small case, on the engine itself: what the explorer must agree with.

No folding, no slices: a state is everything but the log and the order of lists. Only the clock is
stopped past the last minute that a guard asks about, as plays in a circle would never end.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import pytest

from crossings.cases import State, apply, score, start, turn
from crossings.cases.engine import asked
from crossings.cases.explore.layout import guards
from crossings.cases.plays import moves
from crossings.cases.state import holds

Json = dict[str, Any]


@dataclass
class Truth:
    """What all plays of a case show."""

    events: set[Any] = field(default_factory=set)
    bounds: dict[str, tuple[int, int]] = field(default_factory=dict)
    trapped: set[str] = field(default_factory=set)
    most: int = 0


def every_play(doc: Json, most: int, patch: pytest.MonkeyPatch) -> Truth | None:
    """The truth about `doc`; None where there are more than `most` states."""
    truth = Truth()
    places = {id(tree): path for path, tree in guards(doc)}

    def heard(tree: Any, facts: Any) -> bool:
        held = holds(tree, facts)
        if tree is not None:
            truth.events.add(("guard", places[id(tree)], held))
        return held

    last = max([0, *(n for _, tree in guards(doc) for n in _minutes(tree))]) + 1
    with patch.context() as patched:
        # Rules and branches are asked in the midst of an event: only there can it be heard.
        patched.setattr(turn, "holds", heard)
        states = _closed(doc, truth, last, most)
    if states is None:
        return None
    for state in states:
        if state.ending:
            percent = score(doc, state)["percent"]
            low, high = truth.bounds.get(state.ending, (percent, percent))
            truth.bounds[state.ending] = (min(low, percent), max(high, percent))
            truth.most = max(truth.most, sum(state.points.values()))
    return truth


def _closed(doc: Json, truth: Truth, last: int, most: int) -> list[State] | None:
    first = start(doc, "x")
    known = {_whole(first): first}
    before: dict[Any, set[Any]] = defaultdict(set)
    waiting = [first]
    _told(doc, first, truth.events)
    while waiting:
        state = waiting.pop()
        for move in every_move(doc, state):
            after = apply(doc, replace(state, before=None, log=()), {"node": state.node, **move})
            _happened(after, truth.events)
            after = replace(after, clock=min(after.clock, last))
            key = _whole(after)
            before[key].add(_whole(state))
            if key not in known:
                known[key] = after
                waiting.append(after)
                _told(doc, after, truth.events)
        if len(known) > most:
            return None
    safe = {key for key, state in known.items() if state.ending}
    reached = list(safe)
    while reached:
        for key in before[reached.pop()] - safe:
            safe.add(key)
            reached.append(key)
    truth.trapped = {state.node for key, state in known.items() if key not in safe}
    return list(known.values())


def every_move(doc: Json, state: State) -> Iterator[Json]:
    """All moves; of a triage every way to sort it."""
    node = doc["nodes"][state.node]
    if node["kind"] != "triage":
        yield from moves(doc, state, Random(0))
        return
    names = [a["id"] for a in node["arrivals"]]
    channels = [c["id"] for c in node["channels"]]
    for chosen in itertools.product(channels, repeat=len(names)):
        yield {"action": "sort", "pairs": dict(zip(names, chosen, strict=True))}


def _whole(state: State) -> Any:
    maps = (state.vars, state.chosen, state.points, state.spent)
    lists = (state.seen, state.asked, state.visited, state.fired, state.caps)
    return (
        state.node,
        state.clock,
        state.ending,
        *(tuple(sorted(m.items())) for m in maps),
        *(tuple(sorted(names)) for names in lists),
    )


def _minutes(tree: Any) -> Iterator[int]:
    if tree[0] == "cmp" and tree[2] == "clock":
        yield tree[3]
    for part in tree[1:]:
        if isinstance(part, list):
            yield from _minutes(part)


def _happened(state: State, events: set[Any]) -> None:
    entry = state.log[-1]
    events.update(("enter", name) for name in entry["entered"])
    events.update(("fire", name) for name in entry["fired"])


def _told(doc: Json, state: State, events: set[Any]) -> None:
    """What shows where a play stops."""
    if state.log:
        _happened(state, events)
    events.update(("see", name) for name in state.seen)
    node, at = doc["nodes"][state.node], ("nodes", state.node)
    if state.ending:
        _fates(doc, state, events)
        return
    asked_here = asked(node, state.node, state.asked) if node["kind"] == "interview" else []
    open_options = 0
    for part in ("options", "questions", "finds"):
        for n, one in enumerate(node.get(part, ())):
            held = holds(one.get("when"), state)
            open_options += held
            gone = one in asked_here or (part == "finds" and one["evidence"] in state.seen)
            if "when" in one and not gone:
                events.add(("guard", (*at, part, n, "when"), held))
    if node["kind"] == "decision" and not open_options:
        events.add(("stuck", state.node))


def _fates(doc: Json, state: State, events: set[Any]) -> None:
    for p, person in enumerate(doc["debrief"]["people"]):
        for f, fate in enumerate(person["fates"]):
            held = holds(fate.get("when"), state)
            if "when" in fate:
                events.add(("guard", ("debrief", "people", p, "fates", f, "when"), held))
            if held:
                break
