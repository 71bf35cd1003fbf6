"""A play of the Twine story and a play of the case go the same way, step by step."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossings.cases import Case, State, apply, document, start
from crossings.curriculum import load
from crossings.exchange.twine import write
from tests.exchange import made_stories
from tests.exchange.conftest import SAMPLE
from tests.exchange.sugarcube_player import Player
from tests.reading import read_yaml

Json = dict[str, Any]
STEPS = 40


def play_both(case: Case, rng: Random) -> tuple[Player, State]:
    """Random steps in the story, each mirrored in the engine; compared after each."""
    doc = document(case)
    player, state = Player(write.story(case)[0]), start(doc, "seed")
    for _ in range(STEPS):
        settle(player)
        compare(doc, player, state)
        if state.ending or not player.links:
            break
        state = step(doc, player, state, rng)
    return player, state


def settle(player: Player) -> None:
    """Follow the jumps of rules, which the engine makes by itself."""
    for _ in range(20):
        jump = player.temporary.get("_cx_goto")
        if not jump or player.here not in player.passages or not player.links:
            return
        player.go(jump)


def compare(doc: Json, player: Player, state: State) -> None:
    assert player.here == state.node
    for name, value in state.vars.items():
        told = player.vars[name]
        assert (sorted(told) if isinstance(told, list) else told) == (
            sorted(value) if isinstance(value, tuple) else value
        ), name
    assert player.vars["cx_clock"] == state.clock
    assert set(player.vars["cx_fired"]) == set(state.fired)
    assert set(player.vars["cx_seen"]) == set(state.seen)


def step(doc: Json, player: Player, state: State, rng: Random) -> State:
    node = doc["nodes"][state.node]
    _, target = rng.choice(player.links)
    kind, part = node["kind"], target.removeprefix(f"{state.node}.")
    if kind == "triage":
        return sort(doc, player, state, rng)
    player.go(target)
    at: Json = {"node": state.node}
    if part == target or kind in ("scene", "note"):
        action = {"scene": "continue", "note": "write"}.get(kind, "leave")
        return apply(doc, state, at | {"action": action} | ({"text": ""} if kind == "note" else {}))
    told: Json = {
        "decision": {"action": "choose", "choice": part},
        "interview": {"action": "ask", "question": part},
        "search": {"action": "open", "evidence": part},
    }[kind]
    state = apply(doc, state, at | told)
    assert len(player.links) == 1
    player.go(player.links[0][1])
    return state


def sort(doc: Json, player: Player, state: State, rng: Random) -> State:
    pairs = {}
    player.go(player.links[0][1])
    for arrival in doc["nodes"][state.node]["arrivals"]:
        _, target = rng.choice(player.links)
        pairs[arrival["id"]] = target.rpartition(".")[2]
        player.go(target)
        player.go(player.links[0][1])
    return apply(doc, state, {"node": state.node, "action": "sort", "pairs": pairs})


@settings(max_examples=60, deadline=None)
@given(made_stories.cases(), st.randoms(use_true_random=False))
def test_made_cases(case: Case, rng: Random) -> None:
    play_both(case, rng)


@pytest.mark.parametrize("seed", range(25))
def test_the_sample_with_every_kind_of_node(seed: int) -> None:
    case = Case.model_validate(read_yaml(SAMPLE))
    play_both(case, Random(seed))


def test_the_cases_of_the_course() -> None:
    ended = 0
    for module in load().modules.values():
        for case in module.cases.values():
            for seed in range(6):
                ended += play_both(case, Random(seed))[1].ending is not None
    assert ended
