"""The words that a graph is described in, in pictures and in text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crossings.cases.state import Document
from crossings.cases.variants import PLACE

KINDS = {
    "scene": "Scene",
    "decision": "Decision",
    "interview": "Interview",
    "search": "Search",
    "triage": "Triage",
    "note": "Note",
    "ending": "Ending",
    "rule": "Rule",
}
GRADES = {"good": "Good", "acceptable": "Acceptable", "poor": "Poor", "harmful": "Harmful"}
OUTCOMES = {
    "protected": "Protected",
    "partly": "Partly protected",
    "missed": "Missed",
    "harmed": "Harm was done",
}
TONES = {
    "good": "good",
    "acceptable": "ok",
    "poor": "poor",
    "harmful": "harm",
    "protected": "good",
    "partly": "ok",
    "missed": "poor",
    "harmed": "harm",
}
"""The colour token of each grade and outcome; the same as in the player."""


def named(doc: Document, text: str) -> str:
    """`text` with the first value of each variant, so that a name stands where one will stand."""
    variants: Mapping[str, Any] = doc["variants"]

    def first(match: Any) -> str:
        values = variants.get(match.group(1))
        return str(values[0]) if values else str(match.group(0))

    return PLACE.sub(first, text)


def inside(node: Mapping[str, Any]) -> str:
    """What a node holds, in a few words; empty for kinds that hold nothing to count."""
    kind = node["kind"]
    if "seconds" in node:
        return f"{node['seconds']} seconds on the clock"
    if kind == "interview":
        return f"{_count(len(node['questions']), 'question')}, {node['limit']} may be asked"
    if kind == "search":
        finds = _count(len(node["finds"]), "thing")
        return f"{finds}, {_count(node['budget'], 'minute')}"
    if kind == "triage":
        channels = _count(len(node["channels"]), "channel")
        return f"{_count(len(node['arrivals']), 'person', 'people')}, {channels}"
    if kind == "ending":
        low, high = node["score"]
        return f"{OUTCOMES[node['outcome']]}, {low}–{high} %"
    return ""


def counted(doc: Document) -> str:
    """How many stops of which kind a case has: `34 stops: 5 scenes, 18 decisions, …`."""
    kinds = [node["kind"] for node in doc["nodes"].values()]
    plural = {"search": "searches"}
    parts = [_count(kinds.count(kind), kind, plural.get(kind)) for kind in KINDS if kind in kinds]
    return f"{_count(len(kinds), 'stop')}: {', '.join(parts)}"


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
