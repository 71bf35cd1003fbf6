"""A drill as xAPI statements: one for each answer, vote, move and act that the log holds, and one
for each person or team that came to the end.

The actor is an account named after the run and a number, so a record store can tell people apart
and cannot name them. With `names` the name stands beside it, unless the trainer hid it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from crossings.drills import casereport, votes
from crossings.drills.casereport import doc_told
from crossings.drills.casework import ROOM, Playing, name_of, playing, voices
from crossings.drills.naming import labels
from crossings.drills.state import DrillState
from crossings.drills.tablework import final_play
from crossings.exchange import xapi
from crossings.exchange.xapi import Attempt, Chosen, Place, Reply, Statement
from crossings.tabletop.results import points as milestones_met
from crossings.tabletop.view import fields, named
from crossings.tabletop.world import short

_TOLD = {"message", "form", "action"}


def statements(
    state: DrillState, place: Place | None = None, names: bool = False
) -> list[Statement]:
    """Every statement of the drill, in the order of the script."""
    teller = _Teller(state, place or Place(), labels(state, names), names)
    if state.case is not None:
        return list(_case(teller))
    if state.plan().tabletop is not None:
        return list(_table(teller))
    return list(_steps(teller))


@dataclass(frozen=True)
class _Teller:
    """What every statement of a drill needs."""

    state: DrillState
    place: Place
    who: Mapping[str, str]
    names: bool

    def attempt(self, seat: str, at: float) -> Attempt:
        """Somebody's attempt; `seat` may be a team or the room."""
        state = self.state
        person = seat in state.seats
        number = f"participant-{list(state.seats).index(seat) + 1}" if person else seat
        named_ = person and self.names and not state.seats[seat].masked
        name = self.who[seat] if named_ else "" if person else name_of(state, seat)
        when = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
        return Attempt(
            student=f"{state.run}/{number}",
            assignment=state.ref,
            title=state.title,
            version=state.run,
            at=when.replace("+00:00", "Z"),
            folder="drills",
            name=name,
            group=not person,
        )

    def end(self, seat: str, points: float, most: float) -> Iterator[Statement]:
        """That somebody came to the end; nothing while the drill runs."""
        state = self.state
        if state.status == "ended" and state.ended_at is not None:
            yield xapi.completed(self.place, self.attempt(seat, state.ended_at), points, most)


# Quiz and triage


def _steps(teller: _Teller) -> Iterator[Statement]:
    state = teller.state
    script = state.plan()
    for index in sorted(state.steps):
        step = script.steps[index]
        for seat in state.present:
            given = state.answer(index, seat.id)
            if given is None:
                continue
            attempt, response = teller.attempt(seat.id, given.at), dict(given.response)
            result = script.score(index, response)
            if step.item is not None:
                points = None if result.status == "manual" else result.points
                yield xapi.answered(
                    teller.place, attempt, Reply(step.item, response, points, result)
                )
                continue
            assert step.person is not None
            choice = str(response.get("choice", ""))
            what = Chosen(
                part=step.person.id, name=step.person.name, kind="choice", response=choice,
                choices=tuple((c.id, c.text) for c in script.channels),
                right=tuple(step.person.right), points=result.points, most=result.max_points,
                success=choice in (*step.person.right, *step.person.acceptable),
            )  # fmt: skip
            yield xapi.chosen(teller.place, attempt, what)
    for seat in state.present:
        points, most = state.score(seat.id)
        yield from teller.end(seat.id, points, most)


# Case


def _case(teller: _Teller) -> Iterator[Statement]:
    state = teller.state
    assert state.case is not None
    if state.case.decide == "room":
        yield from _votes(teller)
    if state.case.decide == "team":
        for team, turn, before, cast, _ in casereport.team_turns(state):
            for seat, answer in cast.items():
                if not state.seats[seat].removed:
                    what = _vote(before, f"{team}/{turn}", answer.response)
                    yield xapi.chosen(teller.place, teller.attempt(seat, answer.at), what)
    told = doc_told(state)["nodes"]
    for who in voices(state):
        play = playing(state, who)
        for event in play.events:
            at = datetime.fromisoformat(event["at"]).timestamp()
            what = _move(told[event["node"]], event)
            yield xapi.chosen(teller.place, teller.attempt(who, at), what)
        score = play.score
        if play.over or who == ROOM:
            yield from teller.end(who, score["points"], score["max"])


def _votes(teller: _Teller) -> Iterator[Statement]:
    state = teller.state
    for index, run in sorted(state.steps.items()):
        before = votes.turn(state, index)
        for seat in state.present:
            answer = run.answers.get(seat.id)
            if answer is not None:
                what = _vote(before, str(index + 1), answer.response)
                yield xapi.chosen(teller.place, teller.attempt(seat.id, answer.at), what)


def _vote(play: Playing, turn: str, action: Mapping[str, Any]) -> Chosen:
    title = str(play.shown["title"])
    if "text" in action:
        return Chosen(f"votes/{turn}", title, "long-fill-in", str(action["text"]))
    picked, groups = votes.picked(action), votes.ballot(play)
    if len(groups) == 1:
        options = tuple((str(o["id"]), str(o["text"])) for o in groups[0]["options"])
        response = next(iter(picked.values()), "")
        return Chosen(f"votes/{turn}", title, "choice", response, options)
    pairs = "[,]".join(f"{a}[.]{b}" for a, b in picked.items())
    return Chosen(f"votes/{turn}", title, "", pairs)


def _move(node: Mapping[str, Any], event: Mapping[str, Any]) -> Chosen:
    """A move that counts in a play; a decision with its grade."""
    name, part = str(node["title"]), f"nodes/{event['node']}/{event['seq']}"
    if "choice" in event:
        options = tuple((o["id"], o["text"]) for o in node["options"])
        judged = {o["id"]: o for o in node["options"]}[event["choice"]]
        good = tuple(o["id"] for o in node["options"] if o["grade"] == "good")
        most = max(o["points"] for o in node["options"])
        return Chosen(
            part, name, "choice", event["choice"], options, good,
            max(0, judged["points"]), max(0, most), judged["grade"] in ("good", "acceptable"),
        )  # fmt: skip
    if "text" in event:
        return Chosen(part, name, "long-fill-in", str(event["text"]))
    if "pairs" in event:
        pairs = "[,]".join(f"{a}[.]{b}" for a, b in event["pairs"].items())
        return Chosen(part, name, "", pairs)
    done = event.get("question") or event.get("evidence") or event["action"]
    return Chosen(part, name, "", str(done))


# Tabletop


def _table(teller: _Teller) -> Iterator[Statement]:
    state = teller.state
    play, hands = final_play(state), {short(k): s for k, s in state.hands.items()}
    start = state.started_at
    for entry in play.entries:
        seat = hands.get(entry.id)
        if entry.kind not in _TOLD or seat is None:
            continue
        role, text, success = named(play.table, entry.by), entry.text, None
        if entry.kind == "action":
            action = play.table.actions[entry.what]
            text, success = action.text, action.grade in ("good", "acceptable")
        if entry.kind == "form":
            filled = fields(play.table.forms[entry.what], entry.data["fields"])
            text = "; ".join(f"{label}: {value}" for label, value in filled)
        what = Chosen(f"{entry.kind}s/{entry.what or entry.id}", f"{role}: {entry.kind}",
                      "", text, success=success)  # fmt: skip
        at = next((a.at for a in state.acts.values() if short(a.key) == entry.id), start)
        yield xapi.chosen(teller.place, teller.attempt(seat, at), what)
    met, of = milestones_met(play)
    yield from teller.end(ROOM, met, of)
