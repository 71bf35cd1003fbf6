"""Four learners who are nobody in particular: each follows a rule made of what the case declares.

They read grades, points, minutes, file order and effects on people's trust; never the words. Each
is a pure function of the state and of `chance`, so a seed gives the same play for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from crossings.cases.engine import apply, start, verdict_of
from crossings.cases.plays import Move, moves
from crossings.cases.state import Document, State
from crossings.items.shuffle import shuffled

Json = Mapping[str, Any]
Mind = Callable[[Document, State, Sequence[Move], Random], Move]
"""Which of the legal moves is made."""

STEPS = 300
"""A play that is longer does not end."""


@dataclass(frozen=True)
class Learner:
    """A rule to play by; `says` describes it in plain words."""

    name: str
    says: str
    mind: Mind


def play(doc: Document, learner: Learner, seed: str, steps: int = STEPS) -> State:
    """One play by `learner`, until it ends, cannot go on, or has taken `steps` moves."""
    chance = Random(f"{learner.name}/{seed}")
    state = start(doc, seed, "assess")
    for _ in range(steps):
        legal = moves(doc, state, chance)
        if not legal:
            break
        move = legal[0] if len(legal) == 1 and "pairs" not in legal[0] else None
        state = apply(doc, state, move or learner.mind(doc, state, legal, chance))
    return state


# What a move means


def _node(doc: Document, state: State) -> Json:
    node: Json = doc["nodes"][state.node]
    return node


def _parts(node: Json, legal: Sequence[Move]) -> list[tuple[Move, Json]]:
    """The legal moves of a decision, interview or search with what they choose; not leaving."""
    field, parts, own = {
        "decision": ("choice", "options", "id"),
        "interview": ("question", "questions", "id"),
        "search": ("evidence", "finds", "evidence"),
    }[node["kind"]]
    by_id = {part[own]: part for part in node[parts]}
    return [(move, by_id[move[field]]) for move in legal if field in move]


def _leave(legal: Sequence[Move]) -> Move:
    return next(move for move in legal if move["action"] == "leave")


def _minutes(part: Json) -> int:
    """Story time that a choice costs."""
    advance = sum(e[1] for e in part["effects"] if e[0] == "advance")
    return int(part.get("minutes", 0)) + int(advance)


def _warmth(doc: Document, effects: Iterable[Sequence[Any]]) -> int:
    """By how much effects raise what people feel: the integers that belong to a person."""
    warmth = 0
    for op, *rest in effects:
        declared = doc["variables"].get(rest[0], {}) if op == "add" else {}
        if "person" in declared:
            warmth += rest[1]
    return warmth


def _sorted(node: Json, legal: Sequence[Move], pairs: Mapping[str, str]) -> Move:
    return {**legal[0], "pairs": dict(pairs)}


def _everybody_to(node: Json, legal: Sequence[Move], channel: str) -> Move:
    return _sorted(node, legal, {arrival["id"]: channel for arrival in node["arrivals"]})


def _done(state: State) -> int:
    """How many moves were made at this node since it was entered."""
    count = 0
    for entry in reversed(state.log):
        if entry["entered"]:
            break
        count += 1
    return count


# The four


def _random(doc: Document, state: State, legal: Sequence[Move], chance: Random) -> Move:
    return chance.choice(legal)


def _hurried(doc: Document, state: State, legal: Sequence[Move], chance: Random) -> Move:
    node = _node(doc, state)
    if node["kind"] == "triage":
        return _everybody_to(node, legal, chance.choice(node["channels"])["id"])
    parts = _parts(node, legal)
    if node["kind"] == "decision":
        if node["shuffle"]:
            shown = shuffled(node["options"], f"{state.seed}/{doc['id']}/{state.node}")
            place = {option["id"]: n for n, option in enumerate(shown)}
            parts = sorted(parts, key=lambda pair: place[pair[1]["id"]])
        if chance.random() < 1 / 3:
            return parts[0][0]
        return min(parts, key=lambda pair: _minutes(pair[1]))[0]
    if not parts or _done(state) >= 2:
        return _leave(legal)
    return min(parts, key=lambda pair: _minutes(pair[1]))[0]


def _by_the_book(doc: Document, state: State, legal: Sequence[Move], chance: Random) -> Move:
    node = _node(doc, state)
    if node["kind"] == "triage":
        return _sorted(node, legal, {a["id"]: _best(node, a, chance) for a in node["arrivals"]})
    parts = _parts(node, legal)
    if node["kind"] == "decision":
        ranked = sorted(parts, key=lambda pair: -pair[1]["points"])
        return ranked[1 if chance.random() < SLIP else 0][0]
    worth = [pair for pair in parts if pair[1]["points"] > 0]
    if not worth:
        return _leave(legal)
    return max(worth, key=lambda pair: pair[1]["points"] / max(1, pair[1]["minutes"]))[0]


SLIP = 0.1
"""How often the learner who plays by the book takes the second best instead of the best."""


def _best(node: Json, arrival: Json, chance: Random, slip: float = SLIP) -> str:
    channels: list[str] = [channel["id"] for channel in node["channels"]]
    if chance.random() < slip:
        return chance.choice(channels)
    return max(channels, key=lambda channel: verdict_of(arrival, channel)["points"])


def _kind(doc: Document, state: State, legal: Sequence[Move], chance: Random) -> Move:
    node = _node(doc, state)
    if node["kind"] == "triage":
        together = max(
            (channel["id"] for channel in node["channels"]),
            key=lambda c: sum(verdict_of(a, c)["points"] for a in node["arrivals"]),
        )
        return _everybody_to(node, legal, together)
    parts = _parts(node, legal)
    if not parts:
        return _leave(legal)
    warmth = [_warmth(doc, part["effects"]) for _, part in parts]
    warmest = [move for (move, _), w in zip(parts, warmth, strict=True) if w == max(warmth)]
    return chance.choice(warmest)


SOUND = ("good", "acceptable")


def _careful(doc: Document, state: State, legal: Sequence[Move], chance: Random) -> Move:
    node = _node(doc, state)
    if node["kind"] == "triage":
        pairs = {a["id"]: _best(node, a, chance, slip=0) for a in node["arrivals"]}
        return _sorted(node, legal, pairs)
    if node["kind"] != "decision":
        return _by_the_book(doc, state, legal, chance)
    sound = [move for move, option in _parts(node, legal) if option["grade"] in SOUND]
    return chance.choice(sound or legal)


CAREFUL = Learner(
    "careful",
    "Takes any choice that is good or acceptable, each as likely as the next; the good questions, "
    "the key evidence, the best channel for each person.",
    _careful,
)
"""Never errs where the case allows it: what it never meets is met only after an error."""


LEARNERS: dict[str, Learner] = {
    learner.name: learner
    for learner in (
        Learner(
            "random",
            "Makes any legal move, each as likely as the next.",
            _random,
        ),
        Learner(
            "hurried",
            "Takes the choice that costs the fewest story minutes, and one time in three simply "
            "the first on the screen. Asks two questions, opens two things, those that take the "
            "least time. Sends everybody to one channel.",
            _hurried,
        ),
        Learner(
            "by-the-book",
            "Takes the choice with the most points, one time in ten the second best. Asks the good "
            "questions, opens the key evidence, then leaves. Finds the best channel for each "
            "person, one time in ten any channel.",
            _by_the_book,
        ),
        Learner(
            "kind-but-naive",
            "Takes the choice that raises people's trust most, whatever rule it breaks; where "
            "trust does not differ, any. Asks as much as may be asked, opens as much as time "
            "allows, and keeps everybody together in the one channel that suits most.",
            _kind,
        ),
    )
}
