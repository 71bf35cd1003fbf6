"""A case drill played by people who do not exist: of the room, of each team, or of each seat."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from crossings.cases.engine import verdict_of
from crossings.cases.plays import moves
from crossings.drills import teamwork, votes
from crossings.drills.casework import ROOM, Playing, playing
from crossings.drills.log import Draft, DrillLog
from crossings.drills.state import DrillState, fold
from crossings.items.shuffle import stream

_RANK = {"good": 3, "acceptable": 2, "poor": 1, "harmful": 0}
_ASIDE = 1.5
"""Where leaving stands between questions that are worth it and those that are not."""
TURN = 75.0
"""Seconds of a turn with its talk."""

Json = dict[str, Any]


def rehearse_case(
    log: DrillLog, run: str, at: float, seed: str, steps: int | None = None
) -> DrillState:
    """Play the started run `run` from server time `at`, to its end or into turn `steps`."""
    state = fold(log.since(run))
    assert state.case is not None
    if state.case.decide == "room":
        at = _room(log, state, at, seed, steps)
    elif state.case.decide == "team":
        at = _teams(log, state, at, seed, steps)
    else:
        at = _each(log, state, at, seed, steps)
    if steps is None:
        _append(log, state, [Draft(run, "ended", "ended", {}, at=at + 30)])
    return state


def _append(log: DrillLog, state: DrillState, drafts: list[Draft]) -> None:
    log.append(drafts)
    for event in log.since(state.run, state.seq):
        state.apply(event)


def _room(log: DrillLog, state: DrillState, at: float, seed: str, steps: int | None) -> float:
    while not playing(state, ROOM).over:
        index, play = state.step, playing(state, ROOM)
        if play.votes:
            _append(log, state, list(_cast(state, play, seed, at)))
        if steps is not None and index >= steps - 1:
            return at
        action = votes.plurality(state, index)
        how = "vote" if action is not None else "trainer"
        payload = {"step": index, "action": action or _broken_tie(state, index), "how": how}
        at += TURN if play.votes else 20
        _append(log, state, [Draft(state.run, "taken", f"taken:{index}", payload, at=at)])
    return at


def _cast(state: DrillState, play: Playing, seed: str, at: float) -> Iterator[Draft]:
    """The votes of a turn; one in twenty people does not vote."""
    assert state.case is not None
    for seat in state.present:
        draw = Random(f"{seed}/{seat.id}/{state.step}")
        if draw.random() < 0.05:
            continue
        response = move(play, draw.random() < _skill(seed, seat.id), draw)
        payload = {"step": state.step, "n": 1, "response": response}
        when = at + state.case.seconds * (0.15 + 0.35 * draw.random())
        key = f"answer:{seat.id}:rehearsal-{state.step}"
        yield Draft(state.run, "answered", key, payload, seat.id, when)


def _broken_tie(state: DrillState, index: int) -> Json:
    """The first of those with most votes, or the first of all."""
    chosen = {}
    for group in votes.split(state, index):
        best = votes.leading(group) or [o["id"] for o in group["options"]]
        chosen[group["id"]] = best[0]
    return votes.action_for(votes.turn(state, index), chosen)


def _each(log: DrillLog, state: DrillState, at: float, seed: str, steps: int | None) -> float:
    drafts = []
    for seat in state.present:
        draw, when = Random(f"{seed}/{seat.id}"), at
        play, skill = playing(state, seat.id), _skill(seed, seat.id)
        while not play.over and (steps is None or len(play.events) < steps):
            when += 8 + 50 * draw.random()
            response = move(play, draw.random() < skill, draw)
            number = play.state.seq
            payload = {"step": number, "response": response}
            key = f"acted:{seat.id}:rehearsal-{number}"
            drafts.append(Draft(state.run, "acted", key, payload, seat.id, when))
            play = play.moved(response, when)
    drafts.sort(key=lambda d: d.at or 0)
    _append(log, state, drafts)
    return max((d.at or at for d in drafts), default=at)


def _teams(log: DrillLog, state: DrillState, at: float, seed: str, steps: int | None) -> float:
    """Every team votes turn by turn; at a tie the captain keeps to their own vote."""
    last = at
    for team in list(state.turns):
        when, people = at, teamwork.members(state, team)
        while people and not (play := playing(state, team)).over:
            if steps is not None and len(play.events) >= steps:
                break
            number, found = play.state.seq, []
            for seat in people:
                draw = Random(f"{seed}/{seat.id}/{number}")
                response = move(play, draw.random() < _skill(seed, seat.id), draw)
                when += 3 + 12 * draw.random()
                found.append((seat.id, response, when))
            drafts = [_team_draft(state, "answered", s, number, r, w) for s, r, w in found]
            if play.votes:
                _append(log, state, drafts)
            if playing(state, team).state.seq == number:
                leader = teamwork.captain(state, team)
                own = next(r for s, r, _ in found if s == leader)
                when += 5
                _append(log, state,
                        [_team_draft(state, "acted", leader or "", number, own, when)])  # fmt: skip
            if playing(state, team).state.seq == number:
                raise RuntimeError(f"the rehearsed team {team} is stuck at turn {number}")
        last = max(last, when)
    return last


def _team_draft(
    state: DrillState, kind: str, seat: str, number: int, response: Json, when: float
) -> Draft:
    key = f"{kind}:{seat}:rehearsal-{number}"
    payload = {"step": number, "n": 1, "response": response}
    return Draft(state.run, kind, key, payload, seat, when)


def _skill(seed: str, seat: str) -> float:
    return 0.45 + 0.5 * stream(f"{seed}/{seat}")()


def move(play: Playing, well: bool, chance: Random) -> Json:
    """A legal move: one of the best, or any."""
    doc, node = play.part.doc, play.node
    legal = [{k: v for k, v in m.items() if k != "node"} for m in moves(doc, play.state, chance)]
    if not well:
        return chance.choice(legal)
    if node["kind"] == "triage":
        pairs = {a["id"]: _best_channel(node, a) for a in node["arrivals"]}
        return {"action": "sort", "pairs": pairs}
    most = max(_worth(node, m) for m in legal)
    return chance.choice([m for m in legal if _worth(node, m) == most])


def _worth(node: Json, action: Json) -> float:
    if action["action"] == "choose":
        option = next(o for o in node["options"] if o["id"] == action["choice"])
        return _RANK[option["grade"]]
    if action["action"] == "ask":
        question = next(q for q in node["questions"] if q["id"] == action["question"])
        return _RANK[question["grade"]]
    if action["action"] == "open":
        find = next(f for f in node["finds"] if f["evidence"] == action["evidence"])
        return 3 if find["points"] else 1
    return _ASIDE


def _best_channel(node: Json, arrival: Json) -> str:
    def rank(channel: Json) -> int:
        return _RANK[verdict_of(arrival, channel["id"])["grade"]]

    best: str = max(node["channels"], key=rank)["id"]
    return best
