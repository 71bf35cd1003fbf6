"""Scoring, folding and shuffling agree between Python and JavaScript."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossings.items import Item, keyed, score
from crossings.items.score import folded, read_number
from crossings.items.shuffle import fnv1a, picked, shuffled

from .twin import Twin

TWIN = Twin()
IDS = ["a", "b", "1", "constructor", "10", "c"]
RULES = ["all-or-nothing", "per-option", "per-option-penalty", "weights"]
KINDS = ["single", "multiple", "order", "match", "grid", "hotspot", "number", "short", "text"]
ODD: list[Any] = [
    None, True, False, 0, 1, -1, 1.5, 10**400, "", " ", "x", "a", "__proto__", "\ud800", [], ["a"],
    ["a", "a"], [1], [["a"]], [None], {}, {"a": "t1"}, {"__proto__": "t1"}, {"a": None}, {"a": 1},
    "12", " 1 2,5 ", "+3.", ".5", "1e3", "0x10", "1,000.5", "--1", "Infinity", "nan", "١٢",
    "\x1c5", "\ufeff5", "x" * 20_001, "😀" * 20_000, "\u3000", "\x85", "1" * 41,
]  # fmt: skip
FIELDS = ["choice", "choices", "order", "pairs", "number", "text"]


def made_item(rng: Random) -> Item:
    kind = rng.choice(KINDS)
    ids = rng.sample(IDS, rng.randint(2, 5))
    targets = [f"t{n}" for n in range(len(ids) + 1)]
    options: list[dict[str, Any]] = [{"id": i, "text": i} for i in ids]
    right = rng.choice(ids)
    for n, option in enumerate(options):
        if kind == "single":
            option["correct"] = option["id"] == right
        elif kind in ("multiple", "hotspot"):
            option["correct"] = option["id"] == right or rng.random() < 0.4
        elif kind in ("match", "grid"):
            option["target"] = targets[n] if kind == "match" else rng.choice(targets)
        if kind == "hotspot":
            option["region"] = {"x": 10 * n, "y": 5, "width": 10, "height": 90}
        if rng.random() < 0.5:
            option["weight"] = rng.choice([-1, -0.35, 0, 0.1, 0.2, 0.7, 1, 1 / 3])
    points = rng.choice([1, 2, 0.5, 3, 0.3333, 7.7])
    data: dict[str, Any] = {
        "id": "made", "kind": kind, "stem": "s", "rationale": "r", "objectives": ["TI-1"],
        "cites": ["TIP-3a"], "points": points, "scoring": rng.choice(RULES),
        "shuffle": rng.random() < 0.5,
    }  # fmt: skip
    if kind not in ("number", "short", "text"):
        data["options"] = options
    if kind == "hotspot":
        data["picture"] = {"file": "page.svg", "alt": "a page"}
    if kind in ("match", "grid"):
        data["targets"] = [{"id": t, "text": t} for t in targets]
    data |= {
        "number": {"answer": rng.choice([12.5, 0, -3, 0.3]), "tolerance": rng.choice([0, 0.1])},
        "short": {"accept": ["Non-refoulement", "Ελλάς", "İzmir"]},
        "text": {"rubric": [{"id": "c", "text": "t", "points": points}]},
    }.get(kind, {})
    return Item.model_validate(data)


def made_response(rng: Random, item: Item) -> Any:
    if rng.random() < 0.15:
        return rng.choice(ODD)
    if rng.random() < 0.3:
        return {rng.choice(FIELDS): rng.choice(ODD) for _ in range(rng.randint(1, 3))}
    ids = [o.id for o in item.options] or ["a"]
    targets = [t.id for t in item.targets] or ["t0"]
    some = rng.sample(ids, rng.randint(0, len(ids)))
    return {
        "choice": rng.choice([*ids, "zz"]),
        "choices": some,
        "order": rng.choice([rng.sample(ids, len(ids)), some]),
        "pairs": {i: rng.choice([*targets, "zz"] if rng.random() < 0.1 else targets) for i in some},
        "number": rng.choice([12.5, "12,5", "12.6", 0.4, 0.30000001, -3, "0"]),
        "text": rng.choice(["NON-REFOULEMENT!", " non-refoulement ", "ελλασ", "izmir", "no"]),
    }


def agree(item: Item, response: Any) -> None:
    ours = score(item, response)
    assert ours.model_dump(mode="json") == TWIN.scoreItem(keyed(item), response)
    assert 0 <= ours.points <= ours.max_points


@pytest.mark.parametrize("number", range(40))
def test_scores_of_made_items(number: int) -> None:
    rng = Random(number)
    for _ in range(25):
        item = made_item(rng)
        for _ in range(4):
            agree(item, made_response(rng, item))


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False))
def test_scores_of_items_that_hypothesis_makes(rng: Random) -> None:
    item = made_item(rng)
    agree(item, made_response(rng, item))


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_odd_value_in_every_field(kind: str, field: str) -> None:
    rng = Random(f"{kind}/{field}")
    item = next(i for i in iter(lambda: made_item(rng), None) if i.kind == kind)
    for value in ODD:
        agree(item, {field: value})
        agree(item, value)


LETTERS = st.characters(min_codepoint=1, max_codepoint=0x24F) | st.sampled_from(
    "Σςσ ﬁ ½ ℋ İ ı ß ẞ ñ Ǆ Ω ’“” ¿ \u3000\u200b\ufeff\x1c\x85 عَرَبِيّ 한국 😀 \ud800 ё й"
)


@settings(max_examples=150, deadline=None)
@given(st.text(LETTERS, max_size=12))
def test_folding_and_reading_agree(text: str) -> None:
    assert folded(text) == TWIN.folded(text)
    assert read_number(text) == TWIN.readNumber(text)


@settings(max_examples=100, deadline=None)
@given(st.text(LETTERS, max_size=12), st.integers(1, 12))
def test_chance_agrees(seed: str, size: int) -> None:
    values = list(range(size))
    assert fnv1a(seed) == TWIN.fnv1a(seed)
    assert shuffled(values, seed) == TWIN.shuffled(values, seed)
    assert picked(values, seed) == TWIN.picked(values, seed)


def test_chance_is_the_published_mulberry32() -> None:
    """Against the algorithm as its author published it, not against our own twin."""
    import quickjs

    from crossings.items.shuffle import stream

    published = quickjs.Context().eval(
        """(a) => { const f = function() {
          a |= 0; a = a + 0x6D2B79F5 | 0;
          let t = Math.imul(a ^ a >>> 15, 1 | a);
          t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
          return ((t ^ t >>> 14) >>> 0) / 4294967296;
        }; return JSON.stringify(Array.from({ length: 50 }, f)); }"""
    )
    import json

    for seed in ("", "a", "x/7", "é"):
        draw = stream(seed)
        assert [draw() for _ in range(50)] == json.loads(published(fnv1a(seed)))


@pytest.mark.parametrize(
    ("text", "hash_"), [("", 0x811C9DC5), ("a", 0xE40C292C), ("foobar", 0xBF9CF968)]
)
def test_fnv1a_matches_its_published_vectors(text: str, hash_: int) -> None:
    assert fnv1a(text) == hash_
