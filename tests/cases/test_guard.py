"""The guard language."""

from __future__ import annotations

from typing import Any

import pytest

from crossings.cases.guard import GuardError, names, parse
from crossings.cases.state import State, holds

FACTS = State(
    seed="s",
    mode="learn",
    node="n",
    clock=45,
    vars={"trust": 3, "alone": True, "signs": ("debt",)},
    seen=("phone",),
    asked=("talk.safe",),
    visited=("n",),
    fired=("late",),
    chosen={"n": "a"},
)


@pytest.mark.parametrize(
    ("guard", "held"),
    [
        ("alone", True),
        ("not alone", False),
        ("trust >= 3", True),
        ("trust == 4", False),
        ("trust != 4 and trust < 4 and trust <= 3 and not trust > 3", True),
        ("clock > 44", True),
        ("signs has debt", True),
        ("signs has fear", False),
        ("seen phone and asked talk.safe and chose n.a and visited n and fired late", True),
        ("seen x or asked talk.x or chose n.b or visited x or fired x", False),
        ("alone or alone and not alone", True),
        ("(alone or alone) and not alone", False),
        ("nothing", False),
        ("nothing != 3", False),
        ("alone == 1", False),
        ("trust", False),
        ("trust > -1", True),
    ],
)
def test_guards_hold_or_not(guard: str, held: bool) -> None:
    assert holds(parse(guard), FACTS) is held


def test_no_guard_always_holds() -> None:
    assert holds(None, FACTS)


@pytest.mark.parametrize(
    "text",
    ["", "and", "trust >", "trust > x", "(alone", "alone)", "asked talk", "seen", "alone alone",
     "a & b", "trust > 1.5", "signs has", "not", "seen and", "alone; x"],
)  # fmt: skip
def test_what_is_no_guard_is_told(text: str) -> None:
    with pytest.raises(GuardError):
        parse(text)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a or b and c", ["or", ["is", "a"], ["and", ["is", "b"], ["is", "c"]]]),
        ("not a and b", ["and", ["not", ["is", "a"]], ["is", "b"]]),
        ("trust>=3", ["cmp", ">=", "trust", 3]),
    ],
)
def test_binding(text: str, tree: list[Any]) -> None:
    assert parse(text) == tree


def test_names_lists_every_leaf() -> None:
    assert names(parse("a and not (seen b or c > 1)")) == [
        ["is", "a"],
        ["seen", "b"],
        ["cmp", ">", "c", 1],
    ]
