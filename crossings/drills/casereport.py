"""What a case drill showed: splits with what each way would have brought, points, what to read.

Everything is counted from the plays and votes that the fold holds. Texts come with the names that
this run drew. Only people who were not removed are in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from crossings.cases.engine import verdict_of
from crossings.cases.graph import Traffic, traffic
from crossings.cases.variants import Teller
from crossings.drills import votes
from crossings.drills.caseviews import OUTCOMES
from crossings.drills.casework import Playing, playing, voices
from crossings.drills.naming import labels, voice_name
from crossings.drills.seats import Answer
from crossings.drills.state import DrillState

Json = dict[str, Any]
_BADNESS = {"harmful": 2, "poor": 1}


@dataclass(frozen=True)
class Way:
    """One option at a parting: who wanted it, and what it brings."""

    text: str
    count: int
    taken: bool
    grade: str
    consequence: str
    reason: str
    cites: tuple[str, ...]


@dataclass(frozen=True)
class Parting:
    """One point where ways part: a decision, or where one arriving person goes."""

    title: str
    question: str
    voted: int
    ways: tuple[Way, ...]
    triage: bool = False

    @property
    def divided(self) -> float:
        """0 where all wanted the same; towards 1 the more, and the more evenly, they part."""
        if not self.voted:
            return 0.0
        return 1 - max(w.count for w in self.ways) / self.voted


def plays(state: DrillState) -> list[Playing]:
    """The room's play, or that of every team, or of everybody in the room."""
    return [playing(state, who) for who in voices(state)]


def doc_told(state: DrillState) -> Json:
    """The case's document with the names of this run."""
    assert state.case is not None
    told: Json = Teller(state.case.doc, state.run).told(state.case.doc)
    return told


def over_the_graph(state: DrillState) -> Traffic:
    """The ways that were taken."""
    assert state.case is not None
    return traffic(state.case.doc, [p.state for p in plays(state)])


def partings(state: DrillState) -> list[Parting]:
    """Every decision and triage that was met, in the order of the room, or of the case's file."""
    assert state.case is not None
    return list(_of_room(state) if state.case.decide == "room" else _of_each(state))


def _of_room(state: DrillState) -> Iterator[Parting]:
    told = doc_told(state)
    for index, done in sorted(state.taken.items()):
        kind = done.before.kind
        if kind not in ("decision", "triage"):
            continue
        node, chosen = told["nodes"][done.before.state.node], votes.picked(done.action)
        for group in votes.split(state, index):
            counts = {o["id"]: o["count"] for o in group["options"]}
            judged = _judged(node, group["id"])
            ways = [_way(judged[o["id"]], o["text"], counts[o["id"]],
                         chosen.get(group["id"]) == o["id"]) for o in group["options"]]  # fmt: skip
            question = group["text"] if kind == "decision" else f"Where does {group['text']} go?"
            voted = sum(counts.values())
            yield Parting(node["title"], question, voted, tuple(ways), kind == "triage")


def _of_each(state: DrillState) -> Iterator[Parting]:
    told, found = doc_told(state), plays(state)
    for name, node in told["nodes"].items():
        here = [p.state for p in found]
        if node["kind"] == "decision":
            made = [s.chosen[name] for s in here if name in s.chosen]
            if made:
                ways = [_way(o, o["text"], made.count(o["id"]), False) for o in node["options"]]
                yield Parting(node["title"], node["question"], len(made), tuple(ways))
        elif node["kind"] == "triage":
            sorted_ = [s.sorted[name] for s in here if name in s.sorted]
            if sorted_:
                yield from _arrivals(told, node, sorted_)


def _arrivals(told: Json, node: Json, made: list[Mapping[str, str]]) -> Iterator[Parting]:
    for arrival in node["arrivals"]:
        judged = _judged(node, arrival["id"])
        sent = [pairs[arrival["id"]] for pairs in made]
        ways = [_way(judged[c["id"]], c["text"], sent.count(c["id"]), False)
                for c in node["channels"]]  # fmt: skip
        who = told["people"][arrival["person"]]["name"]
        yield Parting(node["title"], f"Where does {who} go?", len(made), tuple(ways), True)


def _judged(node: Json, group: str) -> dict[str, Mapping[str, Any]]:
    """What each option of a group means, by the option's id."""
    if node["kind"] == "decision":
        return {o["id"]: o for o in node["options"]}
    arrival = next(a for a in node["arrivals"] if a["id"] == group)
    return {c["id"]: verdict_of(arrival, c["id"]) for c in node["channels"]}


def _way(judged: Mapping[str, Any], text: str, count: int, taken: bool) -> Way:
    return Way(text, count, taken, judged["grade"], judged["consequence"], judged["reason"],
               tuple(judged.get("cites", ())))  # fmt: skip


def headline(state: DrillState) -> str:
    """The sentence that matters most: the harm that most people wanted, or how it ended."""
    found = plays(state)
    if not found or not any(p.events for p in found):
        return "Nothing was decided, so there is nothing to show yet."
    wrong = [(way, p) for p in partings(state) for way in p.ways
             if way.count and way.grade in _BADNESS]  # fmt: skip
    if wrong:
        way, parting = max(wrong, key=lambda w: (_BADNESS[w[0].grade] * w[0].count, -w[1].voted))
        how = "what does harm" if way.grade == "harmful" else "a poor way"
        where = f"{parting.question} " if parting.triage else ""
        return f"{way.count} of {parting.voted} chose {how}: {where}“{way.text}”"
    return "Nobody chose anything poor or harmful."


def ending(state: DrillState) -> str:
    """How it ended, in one line."""
    assert state.case is not None
    found = plays(state)
    if state.case.decide == "room":
        play = found[0]
        if not play.over:
            return f"The drill was ended at the stop “{play.shown['title']}”."
        outcome = OUTCOMES[str(play.score["outcome"])]
        return f"The room came to: {play.shown['title']} ({outcome.lower()})."
    done = sum(p.over for p in found)
    who = " teams" if state.case.decide == "team" else ""
    return f"{done} of {len(found)}{who} came to an end of the case."


def tallies(state: DrillState, what: str) -> pd.DataFrame:
    """Points by `objectives` or `law` over all plays, the weakest share first."""
    points: dict[str, int] = {}
    most: dict[str, int] = {}
    for play in plays(state):
        tally: Any
        for name, tally in play.score[what].items():  # type: ignore[literal-required]
            points[name] = points.get(name, 0) + tally["points"]
            most[name] = most.get(name, 0) + tally["max"]
    rows = [
        {"id": n, "points": points[n], "of": most[n], "percent": round(100 * points[n] / most[n])}
        for n in most
        if most[n]
    ]
    table = pd.DataFrame(rows, columns=["id", "points", "of", "percent"])
    return table.sort_values("percent", kind="stable", ignore_index=True)


def ways(state: DrillState) -> pd.DataFrame:
    """Every way at every parting: who wanted it, how good it is, what it brings."""
    rows = [
        {"stop": p.title, "question": p.question, "way": w.text, "chosen": w.count, "of": p.voted,
         "taken": w.taken, "grade": w.grade, "consequence": w.consequence, "reason": w.reason,
         "cites": " ".join(w.cites)}
        for p in partings(state)
        for w in p.ways
    ]  # fmt: skip
    return pd.DataFrame(rows)


def given(state: DrillState, names: bool = True) -> pd.DataFrame:
    """Every vote of the room, or every move of everybody or of every team: one row each."""
    assert state.case is not None
    room = state.case.decide == "room"
    rows = _votes(state, names) if room else _moves(state, names)
    columns = ["name", "turn", "title", "kind", "given", "choice", "taken"]
    return pd.DataFrame(rows, columns=columns)


def _votes(state: DrillState, names: bool) -> list[Json]:
    rows, who = [], labels(state, names)
    for index in sorted({*state.taken, *state.steps}):
        done, before = state.taken.get(index), votes.turn(state, index)
        if not before.votes:
            continue
        for seat in state.present:
            answer = state.answer(index, seat.id)
            rows.append(
                {"name": who[seat.id], "turn": index + 1, "title": before.shown["title"],
                 "kind": before.kind, "given": answer is not None,
                 "choice": in_words(before, answer.response) if answer else "",
                 "taken": bool(answer and done and dict(answer.response) == done.action)}
            )  # fmt: skip
    return rows


def team_votes(state: DrillState, names: bool = True) -> pd.DataFrame:
    """Every vote inside the teams, also of turns that are still open."""
    who = labels(state, names)
    rows = []
    for team, turn, before, cast, action in team_turns(state):
        for seat, answer in cast.items():
            if seat in state.seats and not state.seats[seat].removed:
                rows.append(
                    {"name": who[seat], "team": state.teams[team].name, "turn": turn,
                     "title": before.shown["title"], "kind": before.kind,
                     "choice": in_words(before, answer.response),
                     "taken": action is not None and dict(answer.response) == action}
                )  # fmt: skip
    columns = ["name", "team", "turn", "title", "kind", "choice", "taken"]
    return pd.DataFrame(rows, columns=columns)


def team_turns(
    state: DrillState,
) -> Iterator[tuple[str, int, Playing, Mapping[str, Answer], Json | None]]:
    """Team, number from 1, the play before, the votes, and what was taken; None if open."""
    for team in state.teams:
        done = state.team_taken.get(team, [])
        for number, taken in enumerate(done, 1):
            yield team, number, taken.before, taken.votes, taken.action
        if team in state.turns and state.turns[team].votes:
            yield team, len(done) + 1, playing(state, team), state.turns[team].votes, None


def _moves(state: DrillState, names: bool) -> list[Json]:
    rows, told = [], doc_told(state)
    for who in voices(state):
        name = voice_name(state, who, names)
        chain, at = [], playing(state, who)
        moves = {e["seq"]: e for e in at.events}
        for entry in at.state.log[1:]:
            node = told["nodes"][entry["node"]]
            move = _told_move(node, moves[entry["seq"]])
            chain.append({"name": name, "turn": entry["seq"], "title": node["title"],
                          "kind": node["kind"], "given": True, "choice": move,
                          "taken": True})  # fmt: skip
        rows += chain
    return rows


def _told_move(node: Json, event: Json) -> str:
    lists = (("choice", "options", "id", "text"), ("question", "questions", "id", "text"),
             ("evidence", "finds", "evidence", "label"))  # fmt: skip
    for field, parts, key, words in lists:
        if field in event:
            return str(next(p[words] for p in node[parts] if p[key] == event[field]))
    if "pairs" in event:
        return "; ".join(f"{a}: {c}" for a, c in event["pairs"].items())
    return str(event.get("text", event["action"]))


def in_words(play: Playing, action: Mapping[str, Any]) -> str:
    """A vote as a reader would write it."""
    if "text" in action:
        return str(action["text"])
    chosen = votes.picked(action)
    words = [
        f"{g['text']}: {o['text']}" if play.kind == "triage" else str(o["text"])
        for g in votes.ballot(play)
        for o in g["options"]
        if chosen.get(g["id"]) == o["id"]
    ]
    return "; ".join(words)
