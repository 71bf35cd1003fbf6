"""What a page may know of an item: with the key, for practice; without it, before marking."""

from __future__ import annotations

from typing import Any

from crossings.items.model import Item
from crossings.items.shuffle import shuffled

_KEY_FIELDS = {
    "answer",
    "tolerance",
    "accept",
    "rationale",
    "model_answer",
    "difficulty",
    "scoring",
    "use",
}
_OPTION_KEY_FIELDS = ("correct", "target", "weight", "feedback", "misconception")


def keyed(item: Item) -> dict[str, Any]:
    """The whole item as JSON, for practice: the page scores and explains by itself."""
    return item.model_dump(mode="json", exclude_defaults=True) | {
        "kind": item.kind,
        "points": item.points,
        "scoring": item.scoring,
        "shuffle": item.mixes,
    }


def public(item: Item, seed: str) -> dict[str, Any]:
    """The item as JSON without its key, options in the order that `seed` gives.

    The order of an `order` item is its key, and the targets of a `match` item stand in the order
    of their options, so both are always shuffled.
    """
    document = item.model_dump(mode="json", exclude_defaults=True, exclude=_KEY_FIELDS)
    document |= {"kind": item.kind, "points": item.points, "shuffle": False}
    document["options"] = [
        {k: v for k, v in option.items() if k not in _OPTION_KEY_FIELDS}
        for option in document.get("options", [])
    ]
    if item.mixes:
        document["options"] = shuffled(document["options"], f"{seed}/{item.id}/options")
    if item.kind == "match":
        document["targets"] = shuffled(document["targets"], f"{seed}/{item.id}/targets")
    return document
