"""Scoring: every kind, every rule, and responses that are empty, damaged or hostile."""

from __future__ import annotations

from typing import Any

import pytest

from crossings.items import Item, score
from crossings.items.score import folded, read_number, rounded
from crossings.items.shuffle import picked, shuffled, stream

Json = dict[str, Any]


def item(kind: str, **fields: Any) -> Item:
    base: Json = {
        "id": "an-item",
        "kind": kind,
        "stem": "What?",
        "rationale": "Because.",
        "objectives": ["TI-1"],
        "cites": ["TIP-3a"],
    }
    return Item.model_validate(base | fields)


def options(right: str, ids: str = "abcd", **more: Any) -> list[Json]:
    return [{"id": i, "text": i, "correct": i in right, **more} for i in ids]


SINGLE = item("single", options=options("a"), points=2)
MULTIPLE = {
    rule: item("multiple", options=options("ab"), points=4, scoring=rule)
    for rule in ("all-or-nothing", "per-option", "per-option-penalty")
}
HOTSPOT = item(
    "hotspot",
    options=options("ab", region={"x": 10, "y": 10, "width": 20, "height": 20}),
    picture={"file": "page.svg", "alt": "A page"},
    points=4,
    scoring="per-option-penalty",
)
ORDER = item("order", options=options(""), points=3, scoring="per-option")
TARGETS = [{"id": t, "text": t} for t in "xyz"]
PLACED = [{"id": i, "text": i, "target": t} for i, t in zip("abc", "xyz", strict=True)]
MATCH = item("match", options=PLACED, targets=TARGETS, points=3, scoring="per-option")
GRID = item("grid", options=PLACED, targets=TARGETS, points=3, scoring="per-option-penalty")
NUMBER = item("number", answer=12.5, tolerance=0.5)
SHORT = item("short", accept=["Non-refoulement", "protection from return"])
TEXT = item("text", rubric=[{"id": "r", "text": "R", "points": 1}])


@pytest.mark.parametrize(
    ("one", "response", "points"),
    [
        (SINGLE, {"choice": "a"}, 2),
        (SINGLE, {"choice": "b"}, 0),
        (MULTIPLE["all-or-nothing"], {"choices": ["b", "a"]}, 4),
        (MULTIPLE["all-or-nothing"], {"choices": ["a"]}, 0),
        (MULTIPLE["per-option"], {"choices": ["a"]}, 3),
        (MULTIPLE["per-option"], {"choices": ["a", "c"]}, 2),
        (MULTIPLE["per-option-penalty"], {"choices": ["a"]}, 2),
        (MULTIPLE["per-option-penalty"], {"choices": ["a", "c"]}, 0),
        (MULTIPLE["per-option-penalty"], {"choices": ["c", "d"]}, 0),
        (HOTSPOT, {"choices": ["b", "a"]}, 4),
        (HOTSPOT, {"choices": ["a"], "sure": "certain"}, 2),
        (HOTSPOT, {"choices": ["a", "c"]}, 0),
        (ORDER, {"order": ["a", "b", "c", "d"]}, 3),
        (ORDER, {"order": ["b", "a", "c", "d"]}, 2),
        (ORDER, {"order": ["d", "c", "b", "a"]}, 0),
        (MATCH, {"pairs": {"a": "x", "b": "y", "c": "z"}}, 3),
        (MATCH, {"pairs": {"a": "x", "b": "z"}}, 1),
        (GRID, {"pairs": {"a": "x", "b": "x"}}, 0),
        (GRID, {"pairs": {"a": "x", "b": "y", "c": "x"}}, 1),
        (NUMBER, {"number": 13}, 1),
        (NUMBER, {"number": "12,0"}, 1),
        (NUMBER, {"number": 13.1}, 0),
        (SHORT, {"text": "  NON-REFOULEMENT. "}, 1),
        (SHORT, {"text": "return"}, 0),
    ],
)
def test_points(one: Item, response: Json, points: float) -> None:
    result = score(one, response)
    assert (result.status, result.points) == ("scored", points)
    assert result.full is (points == one.points)


def test_weights_add_up_and_never_go_below_zero() -> None:
    weighed = [
        {"id": i, "text": i, "correct": i == "a", "weight": w}
        for i, w in (("a", 0.75), ("b", 0.25), ("c", -1.0))
    ]
    multiple = item("multiple", options=weighed, points=2, scoring="weights")
    assert score(multiple, {"choices": ["a", "b"]}).points == 2
    assert score(multiple, {"choices": ["a", "c"]}).points == 0
    single = item("single", options=weighed, points=2, scoring="weights")
    assert score(single, {"choice": "b"}).points == 0.5


def test_a_person_marks_text() -> None:
    result = score(TEXT, {"text": "Long thoughts"})
    assert (result.status, result.points) == ("manual", 0) and not result.full


ALL = [SINGLE, *MULTIPLE.values(), HOTSPOT, ORDER, MATCH, GRID, NUMBER, SHORT, TEXT]
FIELD = {
    "single": "choice",
    "multiple": "choices",
    "hotspot": "choices",
    "order": "order",
    "match": "pairs",
    "grid": "pairs",
    "number": "number",
    "short": "text",
    "text": "text",
}


@pytest.mark.parametrize("one", ALL, ids=lambda i: f"{i.kind}-{i.scoring}")
def test_no_answer_is_empty(one: Item) -> None:
    for response in (None, {}, {FIELD[one.kind]: None}, {"other": 1}):
        result = score(one, response)
        assert (result.status, result.points) == ("empty", 0) and result.reason


@pytest.mark.parametrize("one", ALL, ids=lambda i: f"{i.kind}-{i.scoring}")
@pytest.mark.parametrize("value", [True, [1], [None], {"zz": "x"}, {"a": 3}, [["a"]], ["a", "a"]])
def test_damage_scores_nothing_and_says_why(one: Item, value: Any) -> None:
    result = score(one, {FIELD[one.kind]: value})
    assert (result.status, result.points) == ("malformed", 0) and result.reason
    assert score(one, [value]).status == "malformed"


def test_a_target_used_twice_is_malformed_in_match_only() -> None:
    assert score(MATCH, {"pairs": {"a": "x", "b": "x"}}).status == "malformed"
    assert score(GRID, {"pairs": {"a": "x", "b": "x"}}).status == "scored"


def test_a_written_answer_has_a_limit() -> None:
    assert score(TEXT, {"text": "x" * 20_000}).status == "manual"
    assert score(TEXT, {"text": "x" * 20_001}).status == "malformed"
    assert score(TEXT, {"text": " \n\u00a0 "}).status == "empty"


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ("12.5", 12.5),
        (" 12 500,25 ", 12500.25),
        ("-3", -3),
        ("+.5", 0.5),
        ("5.", 5),
        (7, 7),
        (True, None),
        ("1,000.5", None),
        ("1e3", None),
        ("--1", None),
        ("", None),
        ("١٢", None),
        ("9" * 41, None),
        (float("nan"), None),
        (float("inf"), None),
        (10**400, None),
        ([1], None),
    ],
)
def test_reading_numbers(given: Any, number: float | None) -> None:
    assert read_number(given) == number


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("  Élan   VITAL! ", "elan vital"),
        ("“Quoted”", "quoted"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ("ﬁne", "fine"),
        ("", ""),
        ("...", ""),
    ],
)
def test_folding(text: str, plain: str) -> None:
    assert folded(text) == plain


def test_rounding_is_half_up() -> None:
    assert rounded(0.00005) == 0.0001, "Python's own round gives 0.0 or 0.0001 by parity"
    assert rounded(1 / 3) == 0.3333


def test_shuffling_is_a_repeatable_permutation() -> None:
    values = list(range(50))
    once = shuffled(values, "seed")
    assert once == shuffled(values, "seed") != shuffled(values, "other")
    assert sorted(once) == values == list(range(50))
    assert picked(values, "seed") in values


def test_the_stream_is_spread_over_its_range() -> None:
    draw = stream("spread")
    drawn = [draw() for _ in range(4000)]
    assert all(0 <= d < 1 for d in drawn)
    assert 0.47 < sum(drawn) / len(drawn) < 0.53


def test_seeds_with_half_a_surrogate_pair_do_not_crash() -> None:
    assert shuffled([1, 2, 3], "\ud800") == shuffled([1, 2, 3], "?")
