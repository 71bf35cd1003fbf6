"""Compiling a case into the JSON document that both engines read.

Compiling does everything that can be done once: guards are parsed, lists of branches and effects
get one form, defaults are written out, points and the most that a node can earn are worked out.
Walkthroughs stay behind, for they are the answers; `max` keeps what the best one earns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from crossings.cases.engine import IllegalAction, apply, start
from crossings.cases.guard import parse
from crossings.cases.model import (
    POINTS,
    Branch,
    Case,
    Decision,
    Effect,
    Ending,
    Interview,
    Judged,
    Next,
    Node,
    Note,
    Scene,
    Search,
    Triage,
    Variable,
)
from crossings.cases.state import State

FORMAT = 1
BEST = "best"
"""The walkthrough whose points count as 100 percent."""

Json = dict[str, Any]


def document(case: Case) -> Json:
    """The document of `case`: plain JSON data, the same for every mode.

    The case should have no problems (`crossings.cases.check.problems`).

    Raises:
        GuardError: where a guard cannot be read.
    """
    doc = compiled(case)
    doc["max"] = most_points(doc, case)
    return doc


def most_points(doc: Mapping[str, Any], case: Case) -> int:
    """What the best walkthrough earns; 0 where there is none."""
    return sum(walked(doc, case, BEST).points.values()) if BEST in case.walkthroughs else 0


def walked(doc: Mapping[str, Any], case: Case, name: str) -> State:
    """Where a walkthrough ends, or how far it gets before an action that is not allowed."""
    state = start(doc, seed=name)
    for action in case.walkthroughs[name].actions:
        try:
            state = apply(doc, state, action.model_dump(exclude_none=True))
        except IllegalAction:
            break
    return state


def compiled(case: Case) -> Json:
    """The document without `max`."""
    doc = _plain(case, exclude={"walkthroughs", "variables", "nodes", "rules", "debrief"})
    doc["format"] = FORMAT
    doc["variables"] = {name: _variable(v) for name, v in case.variables.items()}
    doc["key"] = [name for name, e in case.evidence.items() if e.key]
    doc["rules"] = [
        _plain(r) | {"when": parse(r.when), "effects": _effects(r.effects)} for r in case.rules
    ]
    doc["nodes"] = {name: _node(case, node) for name, node in case.nodes.items()}
    doc["debrief"] = _plain(case.debrief)
    for person in doc["debrief"]["people"]:
        person["fates"] = [_guarded(fate) for fate in person["fates"]]
    return doc


def _plain(model: Any, **options: Any) -> Json:
    data: Json = model.model_dump(mode="json", exclude_none=True, **options)
    return data


def _variable(variable: Variable) -> Json:
    data = _plain(variable)
    if variable.type == "boolean":
        data["start"] = variable.start is True
    elif variable.type == "set":
        data["start"] = sorted(set(data.get("start") or ()))
    else:
        given = variable.start if isinstance(variable.start, int) else 0
        data["start"] = min(variable.max, max(variable.min, int(given)))
    return data


def _effects(effects: Iterable[Effect]) -> list[list[Any]]:
    """Effects as flat lists: ["set" | "add" | "tag" | "untag", name, value], ["advance", n]."""
    flat: list[list[Any]] = []
    for effect in effects:
        for op, change in effect.model_dump(mode="json", exclude_none=True).items():
            if op == "advance":
                flat.append([op, change])
            else:
                flat.extend([op, name, value] for name, value in change.items())
    return flat


def _branches(following: Next) -> list[Json]:
    branches = (Branch(to=following),) if isinstance(following, str) else following
    return [_guarded(_plain(branch)) for branch in branches]


def _guarded(data: Json) -> Json:
    return data | {"when": parse(data["when"])} if "when" in data else data


def _judged(judged: Judged, points: int) -> Json:
    data = _guarded(_plain(judged))
    return data | {"effects": _effects(judged.effects), "points": points}


def _laws(judged: Iterable[Judged]) -> list[str]:
    return sorted({law for one in judged for law in one.cites})


def _node(case: Case, node: Node) -> Json:
    data = _plain(node) | {"effects": _effects(node.effects)}
    if isinstance(node, Scene | Interview | Search | Triage | Note):
        data["next"] = _branches(node.next)
    if isinstance(node, Decision):
        data["options"] = [_judged(o, o.worth) | {"to": _branches(o.to)} for o in node.options]
        data["laws"] = _laws(node.options)
    elif isinstance(node, Interview):
        data["questions"] = [_judged(q, q.worth) for q in node.questions]
        data["max"] = most_asked([q.worth for q in node.questions], node.limit, node.points)
        data["laws"] = _laws(node.questions)
    elif isinstance(node, Search):
        data |= _search(case, node)
    elif isinstance(node, Triage):
        data |= _triage(node)
    elif isinstance(node, Ending):
        data["score"] = list(node.score)
    return data


def _search(case: Case, node: Search) -> Json:
    keys = {n: e for n, e in case.evidence.items() if e.key}
    finds = [
        _guarded(_plain(f))
        | {
            "effects": _effects(f.effects),
            "points": keys[f.evidence].points if f.evidence in keys else 0,
        }
        for f in node.finds
    ]
    cites = {law for f in node.finds if f.evidence in keys for law in keys[f.evidence].cites}
    costs = [(f["minutes"], f["points"]) for f in finds]
    return {"finds": finds, "max": most_opened(costs, node.budget), "laws": sorted(cites)}


def _triage(node: Triage) -> Json:
    arrivals = []
    for arrival in node.arrivals:
        judged = [arrival.verdicts.get(c.id, arrival.otherwise) for c in node.channels]
        arrivals.append(
            _plain(arrival)
            | {
                "verdicts": {c: _judged(v, POINTS[v.grade]) for c, v in arrival.verdicts.items()},
                "otherwise": _judged(arrival.otherwise, POINTS[arrival.otherwise.grade]),
                "max": max(POINTS[v.grade] for v in judged),
                "laws": _laws(judged),
            }
        )
    return {"arrivals": arrivals, "max": sum(a["max"] for a in arrivals)}


def most_asked(worths: Iterable[int], limit: int, points: int) -> int:
    """The most that an interview can earn: its best questions, as many as may be asked."""
    best = sorted((w for w in worths if w > 0), reverse=True)[:limit]
    return min(points, sum(best))


def most_opened(finds: Iterable[tuple[int, int]], budget: int) -> int:
    """The most points that `finds` (minutes, points) earn in `budget` minutes (a knapsack)."""
    reach = {0: 0}
    for minutes, points in finds:
        for spent, earned in list(reach.items()):
            if points and spent + minutes <= budget:
                reach[spent + minutes] = max(reach.get(spent + minutes, 0), earned + points)
    return max(reach.values())
