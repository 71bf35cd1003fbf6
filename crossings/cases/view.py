"""What a player draws: the current node, and what the last event brought about.

The view holds nothing that the learner may not know yet: grades and reasons stay out of `assess`
and `drill` plays until the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crossings.cases.engine import asked, verdict_of
from crossings.cases.state import Document, State, holds
from crossings.cases.variants import Teller, part
from crossings.items.shuffle import shuffled

Json = dict[str, Any]

_CARD = ("type", "title", "fields", "messages", "body", "alt")
_REVEALED = ("grade", "consequence", "reason", "cites", "sources")


def view(doc: Document, state: State) -> Json:
    """Everything needed to draw `state`, as plain JSON."""
    node = doc["nodes"][state.node]
    teller = Teller(doc, state.seed)
    opened = [f["evidence"] for f in node.get("finds", []) if f["evidence"] in state.seen]
    lying = list(dict.fromkeys([*node["evidence"], *opened]))
    shown: Json = {
        "case": doc["title"],
        "mode": state.mode,
        "node": state.node,
        "kind": node["kind"],
        "title": node["title"],
        "text": node["text"],
        "place": node.get("place"),
        "clock": state.clock,
        "time": time_of(doc, state.clock),
        "people": [_person(doc, teller, name) for name in node["people"]],
        "variables": _variables(doc, state),
        "evidence": [card(doc, name) for name in lying],
        "dossier": [card(doc, name) for name in state.seen],
        "announce": _announced(doc, state),
        "rewind": _returns(doc, state),
    }
    shown |= _DRAWN.get(node["kind"], _plain)(doc, state, node)
    told: Json = teller.told(shown)
    return told


def time_of(doc: Document, clock: int) -> str:
    """The time of day, HH:MM, `clock` minutes after the story starts."""
    hours, minutes = doc["starts_at"].split(":")
    now = int(hours) * 60 + int(minutes) + clock
    return f"{now // 60 % 24:02}:{now % 60:02}"


def card(doc: Document, name: str) -> Json:
    """A piece of evidence, without what the debrief says about it."""
    return {"id": name, **part(doc["evidence"][name], *_CARD)}


def _person(doc: Document, teller: Teller, name: str) -> Json:
    person = doc["people"][name]
    initials = "".join(word[:1] for word in teller.text(person["name"]).split(" ")[:2])
    return {"id": name, "monogram": initials, **part(person, "name", "role", "monogram", "tint")}


def _variables(doc: Document, state: State) -> list[Json]:
    shown = []
    for name, declared in doc["variables"].items():
        if not declared["visible"]:
            continue
        value = state.vars[name]
        line = {"name": name, **part(declared, "label", "type", "person")}
        if isinstance(value, tuple):
            line["value"] = [declared["tags"].get(tag, tag) for tag in value]
        elif declared["type"] == "integer":
            line |= {"value": value, **part(declared, "min", "max")}
        else:
            line["value"] = value
        shown.append(line)
    return shown


def _returns(doc: Document, state: State) -> list[Json]:
    """Events that learn mode can go back to: the first at each stop, but for plain scenes."""
    if state.mode != "learn":
        return []
    return [
        {"seq": entry["seq"], **part(entry, "node"), "title": doc["nodes"][entry["node"]]["title"]}
        for entry, earlier in zip(state.log[1:], state.log, strict=False)
        if earlier["entered"] and entry["action"] != "continue"
    ]


# What each kind of node adds.


def _plain(doc: Document, state: State, node: Mapping[str, Any]) -> Json:
    return part(node, "prompt", "outcome")


def _decision(doc: Document, state: State, node: Mapping[str, Any]) -> Json:
    options = node["options"]
    if node["shuffle"]:
        options = shuffled(options, f"{state.seed}/{doc['id']}/{state.node}")
    open_ones = [part(o, "id", "text") for o in options if holds(o.get("when"), state)]
    timed = part(node, "seconds", "timeout")
    return {"question": node["question"], "options": open_ones, **timed}


def _interview(doc: Document, state: State, node: Mapping[str, Any]) -> Json:
    done = [q["id"] for q in asked(node, state.node, state.asked)]
    questions = [
        {
            **part(q, "id", "text", "minutes"),
            "asked": q["id"] in done,
            **(part(q, "answer") if q["id"] in done else {}),
        }
        for q in node["questions"]
        if q["id"] in done or holds(q.get("when"), state)
    ]
    left = node["limit"] - len(done)
    return {"person": node["person"], "questions": questions, "remaining": {"questions": left}}


def _search(doc: Document, state: State, node: Mapping[str, Any]) -> Json:
    left = node["budget"] - state.spent.get(state.node, 0)
    finds = [
        {
            **part(f, "evidence", "label", "minutes"),
            "opened": f["evidence"] in state.seen,
            "open": f["evidence"] not in state.seen and f["minutes"] <= left,
        }
        for f in node["finds"]
        if f["evidence"] in state.seen or holds(f.get("when"), state)
    ]
    can = sum(f["open"] for f in finds)
    return {"finds": finds, "remaining": {"minutes": left, "finds": can}}


def _triage(doc: Document, state: State, node: Mapping[str, Any]) -> Json:
    arrivals = [
        {**part(a, "id", "text"), "person": _person(doc, Teller(doc, state.seed), a["person"])}
        for a in node["arrivals"]
    ]
    return {"arrivals": arrivals, "channels": node["channels"]}


_DRAWN = {
    "decision": _decision,
    "interview": _interview,
    "search": _search,
    "triage": _triage,
}


# What the last event brought about.


def _announced(doc: Document, state: State) -> list[Json]:
    entry = state.log[-1]
    if entry["seq"] != state.seq:
        return []  # the play was just taken back: nothing new happened
    rules = {rule["id"]: rule for rule in doc["rules"]}
    told = ("id", "text", "cites") if _open(state) else ("id", "text")
    fired = [{"kind": "rule", **part(rules[name], *told)} for name in entry["fired"]]
    return [*_judged(doc, state, entry), *fired]


def _judged(doc: Document, state: State, entry: Mapping[str, Any]) -> list[Json]:
    node = doc["nodes"].get(entry["node"])
    if entry["action"] == "choose":
        option = next(o for o in node["options"] if o["id"] == entry["choice"])
        return [{"kind": "choice", "text": option["text"], **_revealed(state, option)}]
    if entry["action"] == "ask":
        question = next(q for q in node["questions"] if q["id"] == entry["question"])
        seen_now = () if _silent(state) else ("consequence",)
        return [{"kind": "answer", **part(question, "text", "answer", *seen_now)}]
    if entry["action"] == "open":
        return [{"kind": "evidence", "evidence": card(doc, entry["evidence"])}]
    if entry["action"] == "sort":
        return [_sorted(doc, state, node, a, entry["pairs"]) for a in node["arrivals"]]
    return []


def _sorted(
    doc: Document, state: State, node: Mapping[str, Any], arrival: Json, pairs: Mapping[str, str]
) -> Json:
    channel = next(c for c in node["channels"] if c["id"] == pairs[arrival["id"]])
    return {
        "kind": "verdict",
        "arrival": arrival["id"],
        "name": doc["people"][arrival["person"]]["name"],
        "channel": channel["text"],
        **_revealed(state, verdict_of(arrival, channel["id"])),
    }


def _open(state: State) -> bool:
    """Whether grades and reasons may be seen now."""
    return state.mode == "learn" or state.ending is not None


def _silent(state: State) -> bool:
    return state.mode == "assess" and state.ending is None


def _revealed(state: State, judged: Mapping[str, Any]) -> Json:
    """What the mode lets the learner know of a judgement at this moment."""
    if _silent(state):
        return {}
    return part(judged, *(_REVEALED if _open(state) else ("consequence",)))
