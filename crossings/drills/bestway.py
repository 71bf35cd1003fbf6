"""The best play of a case beside what was played: stop by stop, from the log's script alone."""

from __future__ import annotations

from typing import Any

import pandas as pd

from crossings.cases import IllegalAction, State, apply, start
from crossings.drills.casereport import doc_told, plays
from crossings.drills.casework import MODE
from crossings.drills.state import DrillState

Json = dict[str, Any]
_COLUMNS = ["stop", "kind", "best", "met", "same", "plays", "points", "mean_points"]


def best_play(state: DrillState) -> State | None:
    """The best play with the cast of this run; None where the log holds none (old logs)."""
    part = state.case
    assert part is not None
    if not part.best:
        return None
    play = start(part.doc, state.run, MODE)
    for action in part.best:
        try:
            play = apply(part.doc, play, action)
        except IllegalAction:
            break
    return play


def beside_best(state: DrillState) -> pd.DataFrame:
    """Each stop of the best play where points are earned: how many came there, how many did as it
    did, and the mean of the points there of those who came."""
    best = best_play(state)
    if best is None:
        return pd.DataFrame(columns=_COLUMNS)
    told, found = doc_told(state), [p.state for p in plays(state)]
    rows = []
    for name in dict.fromkeys(best.visited):
        if name not in best.points:
            continue
        node, here = told["nodes"][name], [s for s in found if name in s.visited]
        done = [s.points[name] for s in here if name in s.points]
        rows.append(
            {
                "stop": node["title"],
                "kind": node["kind"],
                "best": _did(told, node, name, best),
                "met": len(here),
                "same": sum(_same(name, s, best) for s in here),
                "plays": len(found),
                "points": best.points[name],
                "mean_points": round(sum(done) / len(done), 2) if done else None,
            }
        )
    return pd.DataFrame(rows, columns=_COLUMNS)


def detours(state: DrillState) -> pd.DataFrame:
    """Stops that were met and that the best play never sees, the most met first."""
    best = best_play(state)
    if best is None:
        return pd.DataFrame(columns=["stop", "met", "plays"])
    told, found = doc_told(state)["nodes"], [p.state for p in plays(state)]
    rows = [
        {"stop": node["title"], "met": met, "plays": len(found)}
        for name, node in told.items()
        if name not in best.visited and (met := sum(name in s.visited for s in found))
    ]
    table = pd.DataFrame(rows, columns=["stop", "met", "plays"])
    return table.sort_values("met", ascending=False, kind="stable", ignore_index=True)


def _same(name: str, one: State, other: State) -> bool:
    """Whether two plays did the same at a stop; of questions and things, as good a choice."""
    if name in other.chosen:
        return one.chosen.get(name) == other.chosen[name]
    if name in other.sorted:
        return one.sorted.get(name) == other.sorted[name]
    return one.points.get(name, 0) >= other.points[name]


def _did(told: Json, node: Json, name: str, play: State) -> str:
    """What a play did at a stop, in words."""
    if name in play.chosen:
        return str(next(o["text"] for o in node["options"] if o["id"] == play.chosen[name]))
    if name in play.sorted:
        people = {a["id"]: told["people"][a["person"]]["name"] for a in node["arrivals"]}
        channels = {c["id"]: c["text"] for c in node["channels"]}
        pairs = play.sorted[name].items()
        return "; ".join(f"{people[a]}: {channels[c]}" for a, c in pairs)
    done = [e for e in play.log if e["node"] == name and e["action"] in ("ask", "open")]
    asked = {q["id"]: q["text"] for q in node.get("questions", ())}
    found = {f["evidence"]: f.get("label", "") for f in node.get("finds", ())}
    words = (asked.get(e.get("question", "")) or found.get(e.get("evidence", "")) for e in done)
    return "; ".join(str(w) for w in words if w)
