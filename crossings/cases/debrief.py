"""The debrief of a play, assembled from what was done and what was there to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from crossings.cases.engine import asked, verdict_of
from crossings.cases.state import Document, Entry, State, holds
from crossings.cases.variants import Teller, part
from crossings.cases.view import card, time_of

Json = dict[str, Any]

_TOLD = ("text", "grade", "points", "consequence", "reason", "cites", "sources")


def debrief(doc: Document, state: State) -> Json:
    """Everything the end tells, as plain JSON; `outcome` is None while the play goes on."""
    teller = Teller(doc, state.seed)
    judged = [moment for entry in state.log for moment in _moments(doc, entry)]
    rules = {rule["id"]: rule for rule in doc["rules"]}
    later = [part(rules[name], "id", "text", "cites") for name in state.fired]
    people = list(_people(doc, state))
    caps = [{"id": c, **doc["caps"][c]} for c in state.caps]
    cited = [*judged, *later, *people, *caps]
    ending = doc["nodes"][state.ending] if state.ending else {}
    told: Json = teller.told(
        {
            "ending": state.ending,
            "outcome": ending.get("outcome"),
            "title": ending.get("title"),
            "text": ending.get("text"),
            "time": time_of(doc, state.clock),
            "well": [m for m in judged if m["grade"] == "good"],
            "went_wrong": [m for m in judged if m["grade"] in ("poor", "harmful")],
            "missed": {
                "evidence": _evidence_missed(doc, state),
                "signs": _signs_missed(doc, state),
                "questions": list(_questions_missed(doc, state)),
            },
            "later": later,
            "caps": caps,
            "people": people,
            "rules": sorted({law for one in cited for law in one.get("cites", [])}),
            "path": _path(doc, state),
            "ask": doc["debrief"]["ask"],
        }
    )
    # The learner's own words are put in last: nothing is filled into them.
    told["notes"] = [
        {**_asked_of(doc, teller, name), "node": name, "text": state.notes[name]}
        for name in state.visited
        if name in state.notes
    ]
    return told


def _asked_of(doc: Document, teller: Teller, name: str) -> Json:
    asked_of: Json = teller.told(part(doc["nodes"][name], "title", "prompt"))
    return asked_of


def _moments(doc: Document, entry: Entry) -> Iterator[Json]:
    """What was judged in one event, with where it happened."""
    if entry["action"] not in ("choose", "ask", "sort"):
        return
    node = doc["nodes"][entry["node"]]
    where = {"seq": entry["seq"], "node": entry["node"], "title": node["title"]}
    if entry["action"] == "choose":
        option = _by_id(node["options"], entry["choice"])
        yield {**where, "kind": "choice", "id": option["id"], **part(option, *_TOLD)}
    elif entry["action"] == "ask":
        question = _by_id(node["questions"], entry["question"])
        yield {**where, "kind": "question", "id": question["id"], **part(question, *_TOLD)}
    else:
        for arrival in node["arrivals"]:
            channel = _by_id(node["channels"], entry["pairs"][arrival["id"]])
            yield {
                **where,
                "kind": "verdict",
                "id": arrival["id"],
                "name": doc["people"][arrival["person"]]["name"],
                **part(verdict_of(arrival, channel["id"]), *_TOLD),
                "text": channel["text"],
            }


def _by_id(parts: Sequence[Json], wanted: str) -> Json:
    return next(p for p in parts if p["id"] == wanted)


def _people(doc: Document, state: State) -> Iterator[Json]:
    """The first fate that holds, for each person of the debrief."""
    for person in doc["debrief"]["people"]:
        for fate in person["fates"]:
            if holds(fate.get("when"), state):
                name = doc["people"][person["person"]]["name"]
                yield {"person": person["person"], "name": name, **part(fate, "text", "cites")}
                break


def _evidence_missed(doc: Document, state: State) -> list[Json]:
    return [
        {**card(doc, name), **part(doc["evidence"][name], "why", "cites")}
        for name in doc["key"]
        if name not in state.seen
    ]


def _signs_missed(doc: Document, state: State) -> list[Json]:
    signs = doc["debrief"].get("signs")
    if signs is None:
        return []
    noticed = state.vars[signs]
    return [
        {"tag": tag, "label": label}
        for tag, label in doc["variables"][signs]["tags"].items()
        if not (isinstance(noticed, tuple) and tag in noticed)
    ]


def _questions_missed(doc: Document, state: State) -> Iterator[Json]:
    """Good questions left unasked in interviews that did not earn all they could."""
    for name in state.visited:
        node = doc["nodes"][name]
        if node["kind"] != "interview" or state.points.get(name, 0) >= node["max"]:
            continue
        done = asked(node, name, state.asked)
        for question in node["questions"]:
            if question["grade"] == "good" and question not in done:
                yield {"node": name, **part(question, "id", "text", "reason", "cites", "sources")}


def _path(doc: Document, state: State) -> list[Json]:
    """The stops of the play in order, each with what was done there."""
    stops: list[Json] = []
    for entry in state.log:
        if entry["action"] != "start":
            stops[-1]["done"].extend(_done(doc, entry))
        for name in entry["entered"]:
            node = doc["nodes"][name]
            time = time_of(doc, entry["clock"])
            stops.append({"node": name, **part(node, "kind", "title"), "time": time, "done": []})
    return stops


def _done(doc: Document, entry: Entry) -> Iterator[Json]:
    if entry["action"] == "choose":
        options = doc["nodes"][entry["node"]]["options"]
        others = [
            part(o, "id", "text", "grade")
            for o in options
            if o["id"] in entry["offered"] and o["id"] != entry["choice"]
        ]
        for moment in _moments(doc, entry):
            yield {**part(moment, "seq", "kind", "id", *_TOLD), "others": others}
    elif entry["action"] == "open":
        evidence = entry["evidence"]
        yield {
            "seq": entry["seq"],
            "kind": "evidence",
            "id": evidence,
            "text": doc["evidence"][evidence]["title"],
        }
    else:
        for moment in _moments(doc, entry):
            yield part(moment, "seq", "kind", "id", "name", "text", "grade", "points")
