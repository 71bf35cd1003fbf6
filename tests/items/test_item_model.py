"""What makes an item, and what each door lets out of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from crossings.items import Item, keyed, public

Json = dict[str, Any]
TWO = [{"id": "a", "text": "A", "correct": True, "feedback": "Yes"}, {"id": "b", "text": "B"}]
PLACED = [{"id": "a", "text": "A", "target": "x"}, {"id": "b", "text": "B", "target": "y"}]
REGION = {"x": 10, "y": 10, "width": 20, "height": 20}
SPOTS = [option | {"region": REGION} for option in TWO] + [
    {"id": "c", "text": "C", "region": REGION}
]
PAGE = {"file": "page.svg", "alt": "A page"}
TARGETS = [{"id": "x", "text": "X"}, {"id": "y", "text": "Y"}]


def data(**fields: Any) -> Json:
    base: Json = {
        "id": "an-item",
        "kind": "single",
        "stem": "What?",
        "options": TWO,
        "rationale": "Because.",
        "objectives": ["TI-1"],
        "cites": ["TIP-3a"],
    }
    return base | fields


def test_an_item_is_frozen_and_strict() -> None:
    item = Item.model_validate(data())
    with pytest.raises(ValidationError):
        item.stem = "Other"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="stm"):
        Item.model_validate(data(stm="typing mistake"))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"id": "Not An Id"}, "id"),
        ({"options": TWO[:1]}, "at least two options"),
        ({"options": [TWO[1], TWO[1] | {"id": "c"}]}, "exactly one option"),
        ({"options": [TWO[0], TWO[0]]}, "share an id"),
        ({"kind": "multiple", "options": [TWO[1], TWO[1] | {"id": "c"}]}, "at least one option"),
        ({"kind": "match", "options": PLACED}, "at least two `targets`"),
        ({"kind": "match", "options": TWO, "targets": TARGETS}, "needs a `target`"),
        (
            {
                "kind": "match",
                "options": [PLACED[0], PLACED[1] | {"target": "x"}],
                "targets": TARGETS,
            },
            "one option only",
        ),
        ({"kind": "grid", "options": PLACED, "targets": TARGETS + TARGETS}, "share an id"),
        ({"kind": "hotspot", "options": SPOTS}, "needs a `picture`"),
        ({"kind": "hotspot", "options": TWO, "picture": PAGE}, "needs a `region`"),
        ({"kind": "hotspot", "options": SPOTS[1:] + SPOTS[2:], "picture": PAGE}, "share an id"),
        (
            {"kind": "hotspot", "options": [o | {"correct": False} for o in SPOTS]}
            | {"picture": PAGE},
            "at least one option",
        ),
        (
            {"kind": "hotspot", "options": [SPOTS[0] | {"region": REGION | {"x": 90}}, SPOTS[1]]},
            "leaves the picture",
        ),
        ({"picture": PAGE}, "shows no picture"),
        (
            {"kind": "hotspot", "options": SPOTS, "picture": PAGE | {"file": "../secret.svg"}},
            "picture",
        ),
        ({"kind": "number"}, "needs `answer`"),
        ({"kind": "short"}, "needs `accept`"),
        ({"kind": "text"}, "needs a `rubric`"),
        (
            {"kind": "text", "points": 3, "rubric": [{"id": "r", "text": "R", "points": 2}]},
            "add up",
        ),
        ({"cites": []}, "no citation"),
        ({"use": ["worksheet", "practice"]}, "reserved"),
        ({"objectives": []}, "objectives"),
        ({"points": 0}, "points"),
    ],
)
def test_an_incoherent_item_is_refused_with_what_to_do(fields: Json, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Item.model_validate(data(**fields))


def test_keyed_gives_all_that_a_page_needs_to_score() -> None:
    document = keyed(Item.model_validate(data()))
    assert document["options"][0]["correct"] is True
    assert document["scoring"] == "all-or-nothing" and document["points"] == 1
    assert Item.model_validate(document) == Item.model_validate(data())


EVERY_KEY: list[Json] = [
    data(options=[o | {"misconception": "MC-001", "weight": 0.5} for o in TWO]),
    data(kind="grid", options=PLACED, targets=TARGETS),
    data(kind="number", options=[], answer=41.75, tolerance=0.25),
    data(kind="short", options=[], accept=["refoulement"]),
    data(
        kind="text",
        options=[],
        model_answer="A good one",
        rubric=[{"id": "r", "text": "R", "points": 1}],
    ),
]
SECRETS = (
    "correct",
    '"target"',
    "weight",
    "feedback",
    "misconception",
    "Because",
    "41.75",
    "tolerance",
    "refoulement",
    "A good one",
)


@pytest.mark.parametrize("fields", EVERY_KEY, ids=lambda d: str(d["kind"]))
def test_public_keeps_the_key_back(fields: Json) -> None:
    told = json.dumps(public(Item.model_validate(fields), "seed"))
    assert not [secret for secret in SECRETS if secret in told]


def test_the_order_of_an_order_item_is_never_public() -> None:
    options = [{"id": f"o{n}", "text": f"{n}"} for n in range(9)]
    item = Item.model_validate(data(kind="order", options=options, shuffle=False))
    orders = {tuple(o["id"] for o in public(item, str(n))["options"]) for n in range(5)}
    assert len(orders) > 1 and tuple(o["id"] for o in options) not in orders


def test_the_same_seed_gives_the_same_order() -> None:
    item = Item.model_validate(data())
    assert public(item, "x") == public(item, "x")
