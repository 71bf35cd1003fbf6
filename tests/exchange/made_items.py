"""Items of every kind and scoring rule, drawn by Hypothesis, and responses to them."""

from __future__ import annotations

import base64
from typing import Any

from hypothesis import strategies as st

from crossings.items.model import Item

Json = dict[str, Any]
WORDS = [
    "She waits.",
    "a < b & c",
    "**bold** *soft*",
    '"no"',
    "it's",
    "]]>",
    "Élan ß 😀",
    "5 > 3",
    "&amp;",
    "<b>x</b>",
    "a * b",
    "100 %",
]
IDS = ["a", "7", "constructor", "by-sea", "x1"]
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
stems = st.lists(texts, min_size=1, max_size=2).map("\n".join)
KINDS = ["single", "multiple", "hotspot", "order", "match", "grid", "number", "short", "text"]
RULES = ["all-or-nothing", "per-option", "per-option-penalty", "weights"]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100"><path d="M0 0h9v9z"/></svg>'
PICTURE = {
    "file": "page.svg",
    "alt": "A page",
    "data": "data:image/svg+xml;base64," + base64.b64encode(SVG).decode(),
}
WEIGHTS = [0.31, 0.47, -0.23, 0.09]


@st.composite
def items(draw: st.DrawFn, kind: str | None = None, name: str = "q-1") -> Item:
    kind = kind or draw(st.sampled_from(KINDS))
    data: Json = {
        "id": name,
        "kind": kind,
        "stem": draw(stems),
        "rationale": draw(stems),
        "objectives": ["TI-1"],
        "cites": draw(st.sampled_from([["TIP-3a"], ["TIP-3a", "REF-33"]])),
        "sources": draw(st.sampled_from([[], ["IOM-297 para 21"]])),
        "points": draw(st.sampled_from([1, 2, 2.5])),
        "shuffle": draw(st.booleans()),
        "difficulty": 0.45,
        "seconds": draw(st.sampled_from([60, 75])),
        "use": draw(st.sampled_from([["practice"], ["drill", "posttest"]])),
    }
    rules = {
        "single": [RULES[0], RULES[3]],
        "multiple": RULES,
        "hotspot": RULES,
        "order": RULES[:2],
        "match": RULES[:3],
        "grid": RULES[:3],
    }
    data["scoring"] = draw(st.sampled_from(rules.get(kind, RULES[:1])))
    return Item.model_validate(data | draw(_parts(kind, data)))


@st.composite
def _parts(draw: st.DrawFn, kind: str, data: Json) -> Json:
    if kind == "number":
        return {
            "answer": draw(st.sampled_from([9, -2.5, 0, 1e-3])),
            "tolerance": draw(st.sampled_from([0, 0.5])),
            "unit": draw(st.sampled_from([None, "days"])),
        }
    if kind == "short":
        return {
            "accept": draw(
                st.lists(st.sampled_from(["debt", "a b", "Élan"]), min_size=1, unique=True)
            )
        }
    if kind == "text":
        lines = [
            {"id": "facts", "text": draw(texts), "points": data["points"] / 2},
            {"id": "words", "text": draw(texts), "points": data["points"] / 2},
        ]
        return {"rubric": lines, "model_answer": draw(st.sampled_from([None, "He said so."]))}
    ids = IDS[: draw(st.integers(2, 5))]
    options: list[Json] = [{"id": i, "text": draw(texts), "feedback": draw(texts)} for i in ids]
    if kind == "single":
        options[draw(st.integers(0, len(ids) - 1))]["correct"] = True
    if kind in ("multiple", "hotspot"):
        for option in options[:-1]:
            option["correct"] = draw(st.booleans())
        options[0]["correct"] = True
    if kind in ("single", "multiple", "hotspot") and data["scoring"] == "weights":
        for option, weight in zip(options, [*WEIGHTS, 0.0], strict=False):
            option["weight"] = weight
    if kind == "hotspot":
        for n, option in enumerate(options):
            option["region"] = {"x": 19.5 * n, "y": 10, "width": 12.5, "height": 30}
        return {"options": options, "picture": PICTURE}
    if kind not in ("match", "grid"):
        return {"options": options}
    targets = [{"id": i, "text": draw(texts)} for i in (*ids, "spare")]
    for n, option in enumerate(options):
        option["target"] = ids[n] if kind == "match" else draw(st.sampled_from(ids))
    return {"options": options, "targets": targets}


@st.composite
def responses(draw: st.DrawFn, item: Item) -> Json:
    """A lawful response: what a player of QTI could send."""
    ids = [o.id for o in item.options]
    if item.kind == "single":
        return {"choice": draw(st.sampled_from(ids))}
    if item.kind in ("multiple", "hotspot"):
        return {"choices": draw(st.lists(st.sampled_from(ids), unique=True))}
    if item.kind == "order":
        return {"order": draw(st.permutations(ids))}
    if item.kind in ("match", "grid"):
        targets = [t.id for t in item.targets]
        placed = draw(st.lists(st.sampled_from(ids), unique=True))
        unique = item.kind == "match"
        chosen = draw(
            st.lists(
                st.sampled_from(targets), min_size=len(placed), max_size=len(placed), unique=unique
            )
        )
        return {"pairs": dict(zip(placed, chosen, strict=True))}
    if item.kind == "number":
        near = [item.answer, (item.answer or 0) + item.tolerance, (item.answer or 0) + 0.75, 4]
        return {"number": draw(st.sampled_from(near))}
    return {"text": draw(st.sampled_from([*item.accept, "DEBT", "other"]))}
