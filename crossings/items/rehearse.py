"""Responses of people who do not exist: for demo classes and rehearsals, drawn from a seed."""

from __future__ import annotations

from typing import Any

from crossings.items.model import Item
from crossings.items.shuffle import picked


def respond(item: Item, right: bool, seed: str) -> dict[str, Any]:
    """A response to `item` that is fully right, or wrong in a way that people are wrong.

    For `text` items there is no key; both kinds of answer are plain sentences.
    """
    ids = [o.id for o in item.options]
    if item.kind == "single":
        wrong = [o.id for o in item.options if not o.correct]
        correct = next(o.id for o in item.options if o.correct)
        # People who hold a wrong belief go together: the first distractor pulls most.
        return {"choice": correct if right else picked(wrong[:1] * 2 + wrong, seed)}
    if item.kind in ("multiple", "hotspot"):
        chosen = [o.id for o in item.options if o.correct]
        if not right:
            flip = picked(ids, seed)
            chosen = [i for i in ids if (i in chosen) != (i == flip)]
        return {"choices": chosen or ids[:1]}
    if item.kind == "order":
        return {"order": ids if right else [*ids[1:], ids[0]]}
    if item.kind in ("match", "grid"):
        pairs = {o.id: o.target for o in item.options}
        if not right:
            pairs.pop(picked(ids, seed))
        return {"pairs": pairs}
    if item.kind == "number":
        assert item.answer is not None
        return {"number": item.answer if right else item.answer * 2 + 1}
    if item.kind == "short":
        return {"text": item.accept[0] if right else "not sure"}
    return {"text": (item.model_answer if right else None) or _WRITTEN}


_WRITTEN = "I would first make sure that the person is safe and can speak alone. Then I would call."
