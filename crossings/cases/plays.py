"""Plays by nobody in particular: what is legal at a moment, and a play of random moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from crossings.cases.engine import apply, asked, start
from crossings.cases.state import Document, State, holds

Move = dict[str, Any]


def moves(doc: Document, state: State, chance: Random) -> list[Move]:
    """The moves that are legal now; of all the ways to sort a triage, one drawn by `chance`.

    Going back is left out. At an ending there is none.
    """
    node = doc["nodes"][state.node]
    return [{"node": state.node, **move} for move in _of_node(node, state, chance)]


def _of_node(node: Mapping[str, Any], state: State, chance: Random) -> Iterator[Move]:
    kind = node["kind"]
    if kind == "scene":
        yield {"action": "continue"}
    elif kind == "note":
        yield {"action": "write", "text": ""}
    elif kind == "decision":
        for option in node["options"]:
            if holds(option.get("when"), state):
                yield {"action": "choose", "choice": option["id"]}
    elif kind == "triage":
        channels = [c["id"] for c in node["channels"]]
        pairs = {a["id"]: chance.choice(channels) for a in node["arrivals"]}
        yield {"action": "sort", "pairs": pairs}
    elif kind in ("interview", "search"):
        yield {"action": "leave"}
        yield from _questions(node, state) if kind == "interview" else _finds(node, state)


def _questions(node: Mapping[str, Any], state: State) -> Iterator[Move]:
    done = [q["id"] for q in asked(node, state.node, state.asked)]
    if len(done) >= node["limit"]:
        return
    for question in node["questions"]:
        if question["id"] not in done and holds(question.get("when"), state):
            yield {"action": "ask", "question": question["id"]}


def _finds(node: Mapping[str, Any], state: State) -> Iterator[Move]:
    left = node["budget"] - state.spent.get(state.node, 0)
    for find in node["finds"]:
        seen = find["evidence"] in state.seen
        if not seen and find["minutes"] <= left and holds(find.get("when"), state):
            yield {"action": "open", "evidence": find["evidence"]}


def random_play(doc: Document, seed: str, steps: int = 300) -> State:
    """A play of random moves, until it ends, cannot go on, or has taken `steps` moves."""
    chance = Random(seed)
    state = start(doc, seed)
    for _ in range(steps):
        legal = moves(doc, state, chance)
        if not legal:
            break
        state = apply(doc, state, chance.choice(legal))
    return state
