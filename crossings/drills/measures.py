"""What a drill measured, in one form for all kinds: shares from 0 to 1 by person, team or room.

Two runs can be compared where they measured the same. A part (a question, an arriving person, a
stop of a case, a milestone) is the same where the logs of both runs hold it word for word.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from crossings.cases.engine import verdict_of
from crossings.drills import report, votes
from crossings.drills.casereport import doc_told, plays
from crossings.drills.casework import playing, voices
from crossings.drills.state import DrillState
from crossings.drills.tablework import final_play
from crossings.tabletop.results import marks, reached
from crossings.tabletop.view import named

Kind = Literal["whole", "missed", "over", "need", "step", "decision", "objective", "provision",
               "rule", "milestone", "rubric"]  # fmt: skip
FEWER = ("missed", "over", "need")
"""Kinds of which a lower share is better."""
_Chosen = dict[str, dict[str, dict[str, str]]]
"""By seat or voice, by stop, by what is decided there: the way that was chosen."""
_ONE = ""
"""What is decided at a stop where one thing is; see `votes.picked`."""


@dataclass(frozen=True)
class Part:
    """One part of a drill. `content` is what must be equal for two parts to be the same."""

    id: str
    title: str
    content: Any = field(repr=False)


@dataclass(frozen=True)
class Measure:
    """A share from 0 to 1 for everybody who was measured, by seat or by team."""

    kind: Kind
    id: str
    text: str
    shares: Mapping[str, float]


def parts(state: DrillState) -> dict[str, Part]:
    """The parts that were met in this run, by id."""
    if state.case is not None:
        nodes = state.case.doc["nodes"]
        told = doc_told(state)["nodes"]
        met = {name for play in plays(state) for name in play.state.visited}
        here = (n for n in nodes if n in met and nodes[n]["kind"] in ("decision", "triage"))
        return {n: Part(n, told[n]["title"], nodes[n]) for n in here}
    table = state.plan().tabletop
    if table is not None:
        stones = table.milestones.items()
        return {n: Part(n, m.text, m.model_dump(mode="json")) for n, m in stones}
    found = {}
    for index in sorted(state.steps):
        step = state.plan().steps[index]
        source = step.item or step.person
        assert source is not None
        content = source.model_dump(mode="json", exclude={"seconds"})
        found[source.id] = Part(source.id, step.title, content)
    return found


def measures(state: DrillState, only: Collection[str], whole: bool) -> list[Measure]:
    """What was measured at the parts `only`. `whole`: also what no single part stands for, which
    compares with a run of a like script and with no other."""
    if state.case is not None:
        return list(_case(state, only, whole))
    if state.plan().tabletop is not None:
        return list(_table(state, only, whole))
    return list(_steps(state, only))


# Quiz and triage


def _steps(state: DrillState, only: Collection[str]) -> Iterator[Measure]:
    script, frame = state.plan(), report.answers(state)
    source = {i + 1: s.item or s.person for i, s in enumerate(script.steps) if i in state.steps}
    wanted = {n for n, s in source.items() if s is not None and s.id in only}
    frame = frame[frame["step"].isin(wanted)]
    if frame.empty:
        return
    yield _share("whole", "", "Points, of all that both share", frame)
    if state.kind == "triage":
        yield from _triage(state, frame)
    for step, part in frame.groupby("step"):
        found = source[int(str(step))]
        assert found is not None
        yield _share("step", found.id, part["title"].iloc[0], part)
    for kind, names in (("objective", script.objectives), ("provision", script.law)):
        for name in names:
            cited = _resting_on(state, kind, name)
            part = frame[frame["step"].isin(cited)]
            if len(part):
                text = script.objectives.get(name) or script.law[name].title
                yield _share("objective" if kind == "objective" else "provision", name, text, part)


def _resting_on(state: DrillState, kind: str, name: str) -> set[int]:
    steps, goals = state.plan().steps, kind == "objective"
    return {
        i + 1 for i in state.steps if name in (steps[i].objectives if goals else steps[i].cites)
    }


def _triage(state: DrillState, frame: pd.DataFrame) -> Iterator[Measure]:
    need, fine = frame[frame["need"]], _not_needed(state, frame)
    if len(need):
        text = "Needs for protection missed, of all needs"
        yield Measure("missed", "", text, _mean(need, need["missed"]))
    if len(fine):
        text = "Over-referrals, of people without a need"
        yield Measure("over", "", text, _mean(fine, fine["over"]))
    for step, part in need.groupby("step"):
        person = state.plan().steps[int(str(step)) - 1].person
        assert person is not None
        text = f"{person.name}: need missed"
        yield Measure("need", person.id, text, _mean(part, part["missed"]))
    rules: dict[str, list[int]] = {}
    for index in sorted(state.steps):
        person = state.plan().steps[index].person
        for rule in person.rules if person else ():
            rules.setdefault(rule, []).append(index + 1)
    for rule, steps in rules.items():
        part = frame[frame["step"].isin(steps)]
        if len(part):
            right = part["grade"].isin(["good", "ok"])
            yield Measure("rule", rule, f"{rule}: right or acceptable", _mean(part, right))


def _not_needed(state: DrillState, frame: pd.DataFrame) -> pd.DataFrame:
    """The referrals of people without a need, with whether each was an over-referral."""
    script = state.plan()
    services = {c for s in script.steps if s.person and s.person.need for c in s.person.right}
    part = frame[~frame["need"].astype(bool)]
    people = {i + 1: s.person for i, s in enumerate(script.steps) if s.person}
    over = [
        choice in services and choice not in (*people[step].right, *people[step].acceptable)
        for step, choice in zip(part["step"], part["choice"], strict=True)
    ]
    return part.assign(over=over)


def _share(kind: Kind, name: str, text: str, part: pd.DataFrame) -> Measure:
    """Each person's share of the points of `part`."""
    grouped = part.groupby("seat", sort=False)
    shares = grouped["points"].sum() / grouped["of"].sum()
    return Measure(kind, name, text, {str(k): float(v) for k, v in shares.items()})


def _mean(part: pd.DataFrame, values: pd.Series[Any]) -> dict[str, float]:
    shares = values.astype(float).groupby(part["seat"], sort=False).mean()
    return {str(k): float(v) for k, v in shares.items()}


# Case


def _case(state: DrillState, only: Collection[str], whole: bool) -> Iterator[Measure]:
    assert state.case is not None
    told, doc = doc_told(state), state.case.doc
    room = state.case.decide == "room"
    chosen = _votes(state) if room else _choices(state)
    if room and (votes_ := _good_votes(doc, chosen, only)):
        yield Measure("whole", "votes", "Votes for a good way, of each person's votes", votes_)
    if whole:
        shares = {w: _of(playing(state, w).score) for w in voices(state)}
        yield Measure("whole", "", "Points of the case", shares)
    for name in (n for n in doc["nodes"] if n in only):
        node = told["nodes"][name]
        good = _good(node)
        for group, of in good.items():
            shares = {
                who: float(picked[group] in of)
                for who, made in chosen.items()
                if group in (picked := made.get(name, {}))
            }
            if shares:
                text = str(node["title"])
                if node["kind"] == "triage":
                    arrival = next(a for a in node["arrivals"] if a["id"] == group)
                    text += f": {told['people'][arrival['person']]['name']}"
                yield Measure("decision", f"{name}/{group}", f"{text}, chose a good way", shares)
    if not whole:
        return
    for kind, what, known in (
        ("objective", "objectives", state.plan().objectives),
        ("provision", "law", {i: r.title for i, r in state.plan().law.items()}),
    ):
        yield from _tallied(state, kind, what, known)


def _good_votes(doc: Mapping[str, Any], chosen: _Chosen, only: Collection[str]) -> dict[str, float]:
    good = {n: _good(doc["nodes"][n]) for n in only}
    found = {
        seat: [way in good[n][g] for n, made in by_node.items() if n in only
               for g, way in made.items()]
        for seat, by_node in chosen.items()
    }  # fmt: skip
    return {seat: sum(hits) / len(hits) for seat, hits in found.items() if hits}


def _of(score: Mapping[str, Any]) -> float:
    return min(1.0, max(0.0, score["points"] / score["max"])) if score["max"] else 0.0


def _tallied(
    state: DrillState, kind: str, what: str, known: Mapping[str, str]
) -> Iterator[Measure]:
    found: dict[str, dict[str, float]] = {}
    for who in voices(state):
        score: Mapping[str, Any] = playing(state, who).score
        for name, tally in score[what].items():
            if tally["max"]:
                share = min(1.0, max(0.0, tally["points"] / tally["max"]))
                found.setdefault(name, {})[who] = share
    for name, shares in found.items():
        label: Kind = "objective" if kind == "objective" else "provision"
        yield Measure(label, name, known.get(name, name), shares)


def _good(node: Mapping[str, Any]) -> dict[str, set[str]]:
    """For each thing to decide at a stop, the ways that are good."""
    if node["kind"] == "decision":
        return {_ONE: {o["id"] for o in node["options"] if o["grade"] == "good"}}
    ways = [c["id"] for c in node["channels"]]
    return {
        a["id"]: {c for c in ways if verdict_of(a, c)["grade"] == "good"} for a in node["arrivals"]
    }


def _votes(state: DrillState) -> _Chosen:
    """By seat and stop: what the seat voted for, the first time that the room stood there."""
    found: _Chosen = {}
    for index, done in sorted(state.taken.items()):
        for seat in state.present:
            answer = state.answer(index, seat.id)
            if answer is not None and done.before.kind in ("decision", "triage"):
                made = found.setdefault(seat.id, {})
                made.setdefault(done.before.state.node, votes.picked(answer.response))
    return found


def _choices(state: DrillState) -> _Chosen:
    found = {}
    for who in voices(state):
        play = playing(state, who).state
        made = {node: {_ONE: choice} for node, choice in play.chosen.items()}
        found[who] = made | {node: dict(pairs) for node, pairs in play.sorted.items()}
    return found


# Tabletop


def _table(state: DrillState, only: Collection[str], whole: bool) -> Iterator[Measure]:
    play = final_play(state)
    found = [r for r in reached(play) if r.name in only]
    if not found:
        return
    met = sum(r.standing == "met" for r in found) / len(found)
    yield Measure("whole", "", "Milestones met in time", {"room": met})
    for one in found:
        share = {"room": float(one.standing == "met")}
        yield Measure("milestone", one.name, f"{one.milestone.text} Met in time", share)
    if not whole:
        return
    for role in play.table.roles:
        points, of, given = marks(play, role)
        if given:
            name = f"{named(play.table, role)}: the trainer's points"
            yield Measure("rubric", role, name, {"room": points / of})


def persons(state: DrillState, keys: Iterable[str]) -> bool:
    """Whether people were measured, and not teams or a room."""
    return all(key in state.seats for key in keys)
