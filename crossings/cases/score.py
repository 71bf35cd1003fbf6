"""The score of a play, finished or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypedDict

from crossings.cases.engine import verdict_of
from crossings.cases.state import Document, State


class Tally(TypedDict):
    """Points earned and points that could have been earned."""

    points: int
    max: int


class Score(TypedDict):
    """See `docs/formats/case-trace.md`."""

    points: int
    max: int
    percent: int
    uncapped: int
    capped_by: list[str]
    outcome: str | None
    objectives: dict[str, Tally]
    law: dict[str, Tally]
    rewinds: int


class Part(NamedTuple):
    """Something that earned points, with what it shows about the learner."""

    points: int
    max: int
    objectives: list[str]
    laws: list[str]


def score(doc: Document, state: State) -> Score:
    """Points in all, under the caps, and by objective and provision."""
    points = sum(state.points.values())
    uncapped = percent_of(points, doc["max"])
    ending = doc["nodes"][state.ending] if state.ending else None
    parts = list(_parts(doc, state))
    return {
        "points": points,
        "max": doc["max"],
        "percent": min([uncapped, *(doc["caps"][c]["percent"] for c in state.caps)]),
        "uncapped": uncapped,
        "capped_by": list(state.caps),
        "outcome": ending["outcome"] if ending else None,
        "objectives": _tallied((part, part.objectives) for part in parts),
        "law": _tallied((part, part.laws) for part in parts),
        "rewinds": state.rewinds,
    }


def percent_of(points: int, most: int) -> int:
    """Whole percent, halves up, 100 at most."""
    return min(100, (200 * points + most) // (2 * most)) if most > 0 else 0


def _parts(doc: Document, state: State) -> Iterator[Part]:
    """Nodes where the learner acted; a triage counts person by person."""
    for name, points in state.points.items():
        node = doc["nodes"][name]
        if node["kind"] != "triage":
            yield Part(points, state.best[name], node["objectives"], node["laws"])
            continue
        for arrival in node["arrivals"]:
            verdict = verdict_of(arrival, state.sorted[name][arrival["id"]])
            yield Part(verdict["points"], arrival["max"], node["objectives"], arrival["laws"])


def _tallied(parts: Iterable[tuple[Part, list[str]]]) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {}
    for part, names in parts:
        for name in names:
            tally = tallies.setdefault(name, {"points": 0, "max": 0})
            tally["points"] += part.points
            tally["max"] += part.max
    return tallies
