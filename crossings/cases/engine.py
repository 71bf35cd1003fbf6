"""The engine: what one action does to a play. Pure; the twin of `crossings/player/engine.js`.

`docs/formats/case-trace.md` is the reference for what happens, and in which order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from crossings.cases.state import MODES, Document, Draft, State, holds
from crossings.cases.turn import Branches, Json, Turn

MAX_NOTE = 20_000
"""Characters of a note."""


class IllegalAction(ValueError):  # noqa: N818 - the name is shared with engine.js
    """An action that the play does not allow here, or that is not an action at all."""


def start(doc: Document, seed: str, mode: str = "learn") -> State:
    """The state of a play that begins.

    Raises:
        IllegalAction: where `mode` is not one of learn, assess, drill.
    """
    if mode not in MODES:
        raise IllegalAction("the mode is not one of learn, assess, drill")
    values = {
        name: tuple(v["start"]) if v["type"] == "set" else v["start"]
        for name, v in doc["variables"].items()
    }
    blank = State(seed=seed, mode=mode, node=doc["start"], vars=values)
    turn = Turn(doc, Draft.of(blank))
    turn.enter(doc["start"])
    fired, entered = turn.settle(None)
    entry = {
        "seq": 0,
        "node": None,
        "action": "start",
        "clock": turn.draft.clock,
        "fired": fired,
        "entered": [doc["start"], *entered],
    }
    return replace(turn.draft.frozen(blank, entry), before=None)


def apply(doc: Document, state: State, action: Any) -> State:
    """The state after `action`; `state` is left as it is.

    Raises:
        IllegalAction: where the action is malformed or not allowed here.
    """
    if not isinstance(action, Mapping):
        raise IllegalAction("the action is not an object")
    if action.get("node") != state.node:
        raise IllegalAction(f"the action is for another node; the play is at `{state.node}`")
    if action.get("action") == "rewind":
        return _rewound(state, action)
    node = doc["nodes"][state.node]
    take = _TAKES.get(f"{node['kind']} {action.get('action')}")
    if take is None:
        raise IllegalAction(f"`{state.node}` is of kind {node['kind']}: it takes no such action")
    turn = Turn(doc, Draft.of(state))
    done, branches = take(node, turn, action)
    fired, entered = turn.settle(branches)
    entry = {
        "seq": state.seq + 1,
        "node": state.node,
        "action": action["action"],
        **done,
        "clock": turn.draft.clock,
        "fired": fired,
        "entered": entered,
    }
    return turn.draft.frozen(state, entry)


def _rewound(state: State, action: Json) -> State:
    """The state before event `to`; the rewind itself takes a number in the trace."""
    if state.mode != "learn":
        raise IllegalAction("only learn mode can go back")
    to = whole(action.get("to"))
    later = state
    while later.before is not None:
        if later.log[-1]["seq"] == to:
            return replace(later.before, seq=state.seq + 1, rewinds=state.rewinds + 1)
        later = later.before
    raise IllegalAction("there is no such event to go back to")


def whole(value: Any) -> int | None:
    """A whole number from JSON (`2` and `2.0` are the same there), or None."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return int(value) if isinstance(value, float) and value.is_integer() else None


# What each kind of node takes. Each function checks, then changes the draft; it returns what the
# log keeps, and the branches that lead on (None: the play stays where it is).

Done = tuple[dict[str, Any], Branches | None]


def _continue(node: Json, turn: Turn, action: Json) -> Done:
    return {}, node["next"]


def _choose(node: Json, turn: Turn, action: Json) -> Done:
    draft = turn.draft
    offered = [o for o in node["options"] if holds(o.get("when"), draft)]
    option = _named(offered, "id", action.get("choice"))
    if option is None:
        raise IllegalAction("this option is not open here")
    draft.chosen[draft.node] = option["id"]
    draft.points[draft.node] = option["points"]
    draft.best[draft.node] = max(o["points"] for o in offered)
    turn.happens(option)
    return {"choice": option["id"], "offered": [o["id"] for o in offered]}, option["to"]


def _ask(node: Json, turn: Turn, action: Json) -> Done:
    draft = turn.draft
    question = _named(node["questions"], "id", action.get("question"))
    if question is None or not holds(question.get("when"), draft):
        raise IllegalAction("this question is not open here")
    before = asked(node, draft.node, draft.asked)
    if question in before:
        raise IllegalAction("this question was asked before")
    if len(before) >= node["limit"]:
        raise IllegalAction("no question is left")
    draft.asked.append(f"{draft.node}.{question['id']}")
    total = sum(q["points"] for q in before) + question["points"]
    draft.points[draft.node] = min(node["points"], max(0, total))
    draft.best[draft.node] = node["max"]
    turn.happens(question)
    draft.clock += question["minutes"]
    return {"question": question["id"]}, None


def asked(node: Json, name: str, known: Sequence[str]) -> list[Json]:
    """The questions of this interview that were asked, in file order."""
    return [q for q in node["questions"] if f"{name}.{q['id']}" in known]


def _open(node: Json, turn: Turn, action: Json) -> Done:
    draft = turn.draft
    find = _named(node["finds"], "evidence", action.get("evidence"))
    if find is None or not holds(find.get("when"), draft):
        raise IllegalAction("this cannot be opened here")
    if find["evidence"] in draft.seen:
        raise IllegalAction("this was seen before")
    spent = draft.spent.get(draft.node, 0) + find["minutes"]
    if spent > node["budget"]:
        raise IllegalAction("no time is left to open this")
    draft.spent[draft.node] = spent
    draft.seen.append(find["evidence"])
    draft.points[draft.node] = draft.points.get(draft.node, 0) + find["points"]
    draft.best[draft.node] = node["max"]
    turn.happens(find)
    draft.clock += find["minutes"]
    return {"evidence": find["evidence"]}, None


def _leave(node: Json, turn: Turn, action: Json) -> Done:
    turn.draft.points.setdefault(turn.draft.node, 0)
    turn.draft.best[turn.draft.node] = node["max"]
    return {}, node["next"]


def _sort(node: Json, turn: Turn, action: Json) -> Done:
    pairs = action.get("pairs")
    wanted = [a["id"] for a in node["arrivals"]]
    if not isinstance(pairs, Mapping) or set(pairs) != set(wanted):
        raise IllegalAction("every person needs one channel")
    if any(_named(node["channels"], "id", channel) is None for channel in pairs.values()):
        raise IllegalAction("there is no such channel")
    verdicts = [verdict_of(a, pairs[a["id"]]) for a in node["arrivals"]]
    draft = turn.draft
    draft.sorted[draft.node] = {i: pairs[i] for i in wanted}
    draft.points[draft.node] = sum(v["points"] for v in verdicts)
    draft.best[draft.node] = node["max"]
    for verdict in verdicts:
        turn.happens(verdict)
    return {"pairs": draft.sorted[draft.node]}, node["next"]


def verdict_of(arrival: Json, channel: str) -> Json:
    """What referring this arrival to `channel` means."""
    verdict: Json = arrival["verdicts"].get(channel, arrival["otherwise"])
    return verdict


def _write(node: Json, turn: Turn, action: Json) -> Done:
    text = action.get("text")
    if not isinstance(text, str):
        raise IllegalAction("the note is not text")
    if len(text) > MAX_NOTE:
        raise IllegalAction(f"the note is over {MAX_NOTE} characters")
    turn.draft.notes[turn.draft.node] = text
    return {"text": text}, node["next"]


_TAKES: dict[str, Callable[[Json, Turn, Json], Done]] = {
    "scene continue": _continue,
    "decision choose": _choose,
    "interview ask": _ask,
    "interview leave": _leave,
    "search open": _open,
    "search leave": _leave,
    "triage sort": _sort,
    "note write": _write,
}


def _named(parts: Sequence[Json], key: str, wanted: Any) -> Json | None:
    return next((part for part in parts if part[key] == wanted), None)
