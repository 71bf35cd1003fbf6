"""Random cases and traces for property tests; Hypothesis makes `rng`, so that they shrink."""

from __future__ import annotations

from random import Random
from typing import Any

from crossings.cases import Case, IllegalAction, apply, start
from crossings.cases.plays import moves

Json = dict[str, Any]
GRADES = ["good", "acceptable", "poor", "harmful"]
LAWS = ["TIP-3a", "TIP-6", "REF-33"]
WORDS = ["Ja", "café {who}", "{what}", "{nobody} é", "plain", "😀 {who}", "a {who} and {who}"]
# `constructor` and numbers are lawful ids: in JavaScript they are the treacherous ones.
NODES = ["constructor", "7", "b", "c", "10", "end", "lost"]
EVIDENCE = ["e1", "3", "to-string", "e4"]
CAPS = ["cap-a", "1"]
VARIABLES = {"trust": "integer", "constructor": "boolean", "signs": "set", "fear": "integer"}
TAGS = ["b", "a", "constructor"]
NUMBERS = ["trust", "fear", "clock", "signs", "nothing"]
OPTIONS = ["x", "1", "constructor", "y"]


def made_case(rng: Random) -> Case:
    """A case that is valid data, though hardly a good story."""
    names = [*NODES[: rng.randint(1, 5)], "end", "lost"]
    nodes = {name: _node(rng, name, names) for name in names}
    data = {
        "id": "made",
        "title": rng.choice(WORDS),
        "version": rng.randint(1, 3),
        "summary": "s",
        "minutes": 5,
        "objectives": ["TI-1"],
        "role": "r",
        "starts_at": rng.choice(["00:00", "08:30", "23:59"]),
        "variants": {"who": ["Amina", "{what}", "Él"], "what": ["rice", "ß"]},
        "people": {
            "p": {"name": "{who}", "role": "r"},
            "1": {"name": "😀 Émile  Z", "role": "{what}", "monogram": "X"},
        },
        "variables": {name: _variable(rng, kind) for name, kind in VARIABLES.items()},
        "evidence": {name: _evidence(rng) for name in EVIDENCE},
        "caps": {name: {"percent": rng.randint(0, 100), "reason": "c"} for name in CAPS},
        "rules": [_rule(rng, n, names) for n in range(rng.randint(0, 3))],
        "start": names[0],
        "nodes": nodes,
        "debrief": {
            "signs": rng.choice(["signs", None]),
            "people": [
                {"person": "1", "fates": [_some(rng, names, text="f"), {"text": rng.choice(WORDS)}]}
            ],
            "ask": [rng.choice(WORDS)],
        },
        "walkthroughs": {
            "best": {"ending": "end", "actions": [{"node": names[0], "action": "continue"}]}
        },
    }
    return Case.model_validate(data)


def _variable(rng: Random, kind: str) -> Json:
    made: Json = {"type": kind, "label": rng.choice(WORDS), "visible": rng.random() < 0.6}
    if kind == "set":
        return made | {"tags": {tag: rng.choice(WORDS) for tag in TAGS}}
    if kind == "integer":
        return made | {"min": rng.randint(-3, 0), "max": rng.randint(1, 6), "start": 1}
    return made | {"start": rng.random() < 0.5}


def _evidence(rng: Random) -> Json:
    return {
        "type": rng.choice(["passport", "phone", "note"]),
        "title": rng.choice(WORDS),
        "fields": [["k", rng.choice(WORDS)]],
        "key": rng.random() < 0.5,
        "points": rng.randint(0, 3),
        "cites": rng.sample(LAWS, rng.randint(0, 2)),
    }


def guard(rng: Random, names: list[str], depth: int = 2) -> str:
    if depth and rng.random() < 0.4:
        one, two = guard(rng, names, depth - 1), guard(rng, names, depth - 1)
        return rng.choice([f"({one}) and ({two})", f"({one}) or ({two})", f"not ({one})"])
    node = rng.choice(names)
    op = rng.choice(["==", "!=", "<", "<=", ">", ">="])
    return rng.choice(
        [
            f"{rng.choice(NUMBERS)} {op} {rng.randint(-2, 9)}",
            rng.choice(["constructor", "trust", "nothing"]),
            f"signs has {rng.choice(TAGS)}",
            f"seen {rng.choice(EVIDENCE)}",
            f"visited {node}",
            f"asked {node}.{rng.choice(OPTIONS)}",
            f"chose {node}.{rng.choice(OPTIONS)}",
            "fired rule0",
        ]
    )


def _some(rng: Random, names: list[str], **fields: Any) -> Json:
    """The fields, and perhaps a guard."""
    return fields | ({"when": guard(rng, names)} if rng.random() < 0.35 else {})


def _effects(rng: Random) -> list[Json]:
    return [
        rng.choice(
            [
                {"set": {"constructor": rng.random() < 0.5, "trust": rng.randint(-9, 9)}},
                {"set": {"trust": True, "signs": 1, "nothing": 1}},
                {"add": {"fear": rng.randint(-4, 4), "constructor": 1}},
                {"tag": {"signs": rng.choice(TAGS)}},
                {"untag": {"signs": rng.choice(TAGS), "trust": "a"}},
                {"advance": rng.randint(0, 90)},
            ]
        )
        for _ in range(rng.randint(0, 2))
    ]


def _judged(rng: Random, **fields: Any) -> Json:
    made = {
        "grade": rng.choice(GRADES),
        "consequence": rng.choice(WORDS),
        "reason": rng.choice(WORDS),
        "cites": rng.sample(LAWS, rng.randint(0, 2)),
        "effects": _effects(rng),
        **fields,
    }
    return made | ({"cap": rng.choice(CAPS)} if rng.random() < 0.2 else {})


def _rule(rng: Random, n: int, names: list[str]) -> Json:
    made: Json = {"id": f"rule{n}", "when": guard(rng, names), "text": rng.choice(WORDS)}
    made["effects"] = _effects(rng)
    if rng.random() < 0.4:
        made["goto"] = rng.choice(names)
    return made | ({"cap": rng.choice(CAPS)} if rng.random() < 0.3 else {})


def _next(rng: Random, names: list[str]) -> Any:
    if rng.random() < 0.5:
        return rng.choice(names)
    return [{"to": rng.choice(names), "when": guard(rng, names)}, {"to": rng.choice(names)}]


def _node(rng: Random, name: str, names: list[str]) -> Json:
    made: Json = {
        "title": rng.choice(WORDS),
        "text": rng.choice(WORDS),
        "people": rng.sample(["p", "1"], rng.randint(0, 2)),
        "evidence": rng.sample(EVIDENCE, rng.randint(0, 1)),
        "objectives": rng.sample(["TI-1", "TI-2"], rng.randint(0, 2)),
        "effects": _effects(rng),
    }
    if name in ("end", "lost"):
        return made | {"kind": "ending", "outcome": rng.choice(["protected", "harmed"])}
    kind = rng.choice(["scene", "decision", "interview", "search", "triage", "note"])
    made |= {"kind": kind} | ({} if kind == "decision" else {"next": _next(rng, names)})
    return made | _KINDS[kind](rng, names)


def _decision(rng: Random, names: list[str]) -> Json:
    options = [
        _judged(rng, id=i, text=rng.choice(WORDS), to=_next(rng, names))
        for i in OPTIONS[: rng.randint(2, 4)]
    ]
    for option in options[1:]:
        option |= _some(rng, names)
        option["points"] = rng.choice([None, None, 0, 7])
    return {"question": rng.choice(WORDS), "options": options, "shuffle": rng.random() < 0.7}


def _interview(rng: Random, names: list[str]) -> Json:
    questions = [
        _judged(rng, id=i, text="q", answer=rng.choice(WORDS), minutes=rng.randint(0, 40))
        | _some(rng, names)
        for i in OPTIONS[: rng.randint(2, 4)]
    ]
    return {
        "person": "p",
        "limit": rng.randint(1, 3),
        "points": rng.randint(0, 3),
        "questions": questions,
    }


def _search(rng: Random, names: list[str]) -> Json:
    finds = [
        _some(rng, names, evidence=e, label="l", minutes=rng.randint(0, 5), effects=_effects(rng))
        for e in rng.sample(EVIDENCE, rng.randint(2, 4))
    ]
    return {"budget": rng.randint(1, 9), "finds": finds}


def _triage(rng: Random, names: list[str]) -> Json:
    arrivals = [
        {
            "id": i,
            "person": rng.choice(["p", "1"]),
            "text": rng.choice(WORDS),
            "verdicts": {c: _judged(rng) for c in rng.sample(["c1", "5"], rng.randint(1, 2))},
            "otherwise": _judged(rng),
        }
        for i in ["9", "constructor", "a"][: rng.randint(2, 3)]
    ]
    channels = [{"id": i, "text": rng.choice(WORDS)} for i in ("c1", "5", "constructor")]
    return {"arrivals": arrivals, "channels": channels}


_KINDS = {
    "scene": lambda rng, names: {},
    "decision": _decision,
    "interview": _interview,
    "search": _search,
    "triage": _triage,
    "note": lambda rng, names: {"prompt": rng.choice(WORDS)},
}


ODD: list[Any] = [
    None, True, 0, 1, 2.0, -1, 1.5, "", "x", "__proto__", "constructor", "\ud800", [], ["x"], {},
    {"__proto__": 1}, {"a": "c1"}, 10**30,
]  # fmt: skip
_FIELDS = ["node", "action", "choice", "question", "evidence", "pairs", "text", "to", "seq", "at"]
_ACTIONS = ["continue", "choose", "ask", "open", "leave", "sort", "write", "rewind"]


def made_trace(rng: Random, doc: Json, hostile: bool = True, length: int = 25) -> Json:
    """A trace that is mostly legal; when `hostile`, some of it is not."""
    mode = rng.choice(["learn", "learn", "assess", "drill"])
    trace: Json = {"case": doc["id"], "version": doc["version"], "seed": rng.choice(WORDS)}
    trace |= {"mode": mode, "events": []}
    state = start(doc, trace["seed"], mode)
    for number in range(1, rng.randint(1, length)):
        legal: list[Json] = moves(doc, state, rng)
        if mode == "learn" and state.seq and rng.random() < 0.15:
            to = rng.choice([e["seq"] for e in state.log[1:]] or [1])
            legal = [{"node": state.node, "action": "rewind", "to": to}]
        if not legal:
            break
        event = {"seq": number, "at": "2024-01-01T00:00:00Z", **rng.choice(legal)}
        if event["action"] == "write":
            event["text"] = rng.choice([*WORDS, ""])
        if hostile and rng.random() < 0.05:
            event = _spoiled(rng, event)
        trace["events"].append(event)
        try:
            state = apply(doc, state, event)
        except IllegalAction:
            break
    if hostile and rng.random() < 0.1:
        trace[rng.choice(["case", "version", "seed", "mode", "events"])] = rng.choice(ODD)
    return trace


def _spoiled(rng: Random, event: Json) -> Any:
    if rng.random() < 0.1:
        return rng.choice(ODD)
    spoiled = event | {rng.choice(_FIELDS): rng.choice(ODD)}
    if rng.random() < 0.3:
        spoiled["action"] = rng.choice(_ACTIONS)
    if rng.random() < 0.2:
        del spoiled[rng.choice(list(spoiled))]
    return spoiled
