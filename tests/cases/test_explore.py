"""The explorer against every play of small cases, and against many plays of the real ones."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import crossings
from crossings.cases import Case, document, score
from crossings.cases.document import compiled
from crossings.cases.explore import inquire, inquiry
from crossings.cases.explore.inquiry import questions
from crossings.cases.explore.layout import Layout
from crossings.cases.guard import parse
from crossings.cases.plays import random_play
from tests.reading import read_yaml

from .brute import Truth, every_play
from .made import guard, made_case

REAL = sorted((Path(crossings.__file__).parent.parent / "modules").glob("*/cases/*.yml"))
SETTINGS = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def made(rng: Random, patch: pytest.MonkeyPatch) -> tuple[dict[str, Any], Truth | None]:
    doc = compiled(made_case(rng))
    doc["max"] = rng.choice([5, 10, 20])
    more = Random(str(doc))
    fates = doc["debrief"]["people"][0]["fates"]
    for _ in range(more.randint(0, 2)):
        # Fates are asked in order: the earlier ones decide whether the later are asked at all.
        fates.insert(0, {"text": "f", "when": parse(guard(more, list(doc["nodes"])))})
    for node in doc["nodes"].values():
        if node["kind"] == "ending" and rng.random() < 0.7:
            node["score"] = sorted([rng.randint(0, 60), rng.randint(40, 100)])
    return doc, every_play(doc, 500, patch)


@SETTINGS
@given(rng=st.randoms(use_true_random=False))
def test_a_small_case_is_answered_exactly(rng: Random, monkeypatch: pytest.MonkeyPatch) -> None:
    doc, truth = made(rng, monkeypatch)
    if truth is None:
        return
    answers = inquire(doc)
    asked = set(questions(Layout.of(doc)))
    assert not answers.stopped
    assert set(answers.happens) == truth.events & asked
    assert answers.never == asked - truth.events
    assert {n: (b.low, b.high) for n, b in answers.bounds.items()} == truth.bounds
    assert all(bounds.exact for bounds in answers.bounds.values())
    assert set(answers.trapped) == truth.trapped
    assert (answers.richest is not None) == (truth.most > doc["max"])


@SETTINGS
@given(rng=st.randoms(use_true_random=False))
def test_slices_say_nothing_that_is_false(rng: Random, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a large case: few facts at first, and more where a play shows that they matter."""
    assert_slices_are_right(rng, monkeypatch)


@pytest.mark.parametrize("seed", [1336, 1346], ids=["half a sorting", "the clock to the minute"])
def test_a_trap_is_one_for_the_play_that_is_told(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_slices_are_right(Random(seed), monkeypatch)


def assert_slices_are_right(rng: Random, monkeypatch: pytest.MonkeyPatch) -> None:
    doc, truth = made(rng, monkeypatch)
    if truth is None:
        return
    monkeypatch.setattr(inquiry, "SMALL", 0)
    answers = inquire(doc, bound=2_000)
    asked = set(questions(Layout.of(doc)))
    assert set(answers.happens) <= truth.events
    assert not answers.never & truth.events
    assert asked <= answers.happens.keys() | answers.never | answers.open
    assert set(answers.trapped) <= truth.trapped
    for name, (low, high) in truth.bounds.items():
        bounds = answers.bounds[name]
        assert bounds.low <= low and high <= bounds.high
        wrong_low, wrong_high = doc["nodes"][name]["score"]
        if (name, False) not in answers.unproved:
            assert (low < wrong_low) == (bounds.low_play is not None)
        if (name, True) not in answers.unproved:
            assert (high > wrong_high) == (bounds.high_play is not None)
    if (None, True) not in answers.unproved:
        assert (answers.richest is not None) == (truth.most > doc["max"])


@pytest.mark.parametrize("path", REAL, ids=lambda p: p.stem)
def test_no_play_of_a_real_case_leaves_what_is_answered(path: Path) -> None:
    doc = document(Case.model_validate(read_yaml(path)))
    answers = inquire(doc, bound=1_000)
    for number in range(60):
        state = random_play(doc, f"explorer/{number}")
        assert state.ending is not None
        bounds = answers.bounds[state.ending]
        assert bounds.low <= score(doc, state)["percent"] <= bounds.high
        assert not {("enter", name) for name in state.visited} & answers.never
        assert not {("fire", name) for name in state.fired} & answers.never
        assert not {("see", name) for name in state.seen} & answers.never


def test_the_bound_is_kept_and_told() -> None:
    doc = document(Case.model_validate(read_yaml(REAL[0])))
    answers = inquire(doc, bound=150)
    assert answers.stopped and answers.states <= 2 * 150 + 50
    assert answers.unproved


def test_a_play_that_is_told_can_be_played() -> None:
    """What the answers show as a play is one that an author can follow."""
    path = Path(__file__).parent / "sound.yml"
    data = read_yaml(path)
    data["nodes"]["middle"]["score"] = [99, 100]
    answers = inquire(document(Case.model_validate(data)))
    low = answers.bounds["middle"].low_play
    assert low is not None and low.draft.node == "middle"
    assert low.percent == answers.bounds["middle"].low < 99
    assert "first: later" in low.told()
