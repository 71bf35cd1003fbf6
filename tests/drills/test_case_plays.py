"""The same trace gives the same score, ending and debrief in a drill, in a replay and on a page."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from crossings.cases import replay
from crossings.cases.plays import moves
from crossings.cases.trace import parsed
from crossings.drills import DrillLog, fold
from crossings.drills.casework import ROOM, playing, traces
from crossings.drills.rehearsal import rehearse
from tests.cases.twin import Twin
from tests.drills import case_room, team_room
from tests.drills.case_room import Class

CASES = sorted(case_room.shipped())
BOTH = ("room", "each")


def shared_out(one: str, other: str) -> list[Any]:
    """Each case with one of the two, in turn; with the other under `-m slow`."""
    return [
        pytest.param(ref, way, id=f"{ref}-{way}", marks=[pytest.mark.slow] * (way != usual))
        for number, ref in enumerate(CASES)
        for usual in ((one, other)[number % 2],)
        for way in (one, other)
    ]


@pytest.fixture(scope="module")
def twin() -> Twin:
    return Twin()


def test_every_case_file_of_the_course_is_played() -> None:
    files = sorted(case_room.ROOT.glob("modules/*/cases/*.yml"))
    assert [f"{file.parts[-3]}/{file.stem}" for file in files] == CASES
    assert len(CASES) >= 6


def agree(doc: dict[str, Any], log: DrillLog, run: str, twin: Twin) -> list[dict[str, Any]]:
    """Every trace of the run, once each engine has replayed it to what the drill itself holds."""
    state = fold(log.since(run))  # from the log alone, as after a restart
    found = traces(state)
    twin.keep(doc)
    for trace in found:
        trace = parsed(json.dumps(trace).encode())
        held = playing(state, trace["drill"].rpartition("/")[2])
        again = replay(doc, trace)
        assert again.problem is None
        assert again.state.to_json() == held.state.to_json()
        assert again.score == held.score and again.debrief == held.debrief
        assert twin.replay(doc, trace) == json.loads(json.dumps(again.to_json()))
    return found


@pytest.mark.parametrize("decide", BOTH)
@pytest.mark.parametrize("ref", CASES)
def test_every_walkthrough_plays_in_a_drill_as_alone(
    ref: str, decide: str, log: DrillLog, twin: Twin
) -> None:
    case, doc = case_room.shipped()[ref]
    assert case.walkthroughs
    for name, walk in case.walkthroughs.items():
        actions = [a.model_dump(exclude_none=True) for a in walk.actions]
        if any(a["action"] == "rewind" for a in actions):
            continue  # only a learner alone goes back
        room = Class(log, case_room.plan(doc, decide))
        room.play(decide, actions)
        voice = ROOM if decide == "room" else "s1"
        held = playing(room.trainer.state, voice)
        assert held.state.ending == walk.ending, name
        assert walk.percent[0] <= held.score["percent"] <= walk.percent[1], name
        assert len(agree(doc, log, room.run, twin)) == 1


@pytest.mark.parametrize("seeds", [range(1), pytest.param(range(1, 6), marks=pytest.mark.slow)])
@pytest.mark.parametrize(("ref", "decide"), shared_out(*BOTH))
def test_random_plays_agree(ref: str, decide: str, seeds: range, log: DrillLog, twin: Twin) -> None:
    _, doc = case_room.shipped()[ref]
    for seed in seeds:
        room, chance = Class(log, case_room.plan(doc, decide)), Random(f"{ref}/{decide}/{seed}")
        voices = [ROOM] if decide == "room" else list(case_room.SEATS)
        for voice in voices:
            while not (play := playing(room.trainer.state, voice)).over:
                move = chance.choice(moves(doc, play.state, chance))
                if "text" in move:
                    move["text"] = f"Note {chance.random()} \u00e9 \U0001f6a2"
                if decide == "room" and chance.random() < 0.2:  # the trainer decides alone
                    room.trainer.take({k: v for k, v in move.items() if k != "node"})
                else:
                    room.play(decide, [move], voice)
        assert len(agree(doc, log, room.run, twin)) == len(voices)


@pytest.mark.parametrize(("ref", "by"), shared_out("vote", "captain"))
def test_teams_play_every_case_to_its_end(ref: str, by: str, log: DrillLog, twin: Twin) -> None:
    """People with votes of their own, ties and captains: what is held is what replays."""
    _, doc = case_room.shipped()[ref]
    plan = team_room.with_teams(case_room.plan(doc, "team"), {"of": 3, "by": by})
    people = ["Amina", "Björn", "Chipo", "Dau", "Elif", "Farid", "Grace"]
    found = agree(doc, log, rehearse(log, plan, people, 1e9, seed=ref), twin)
    assert len(found) == 3 and all(replay(doc, t).finished for t in found)


@pytest.mark.parametrize("decide", BOTH)
def test_a_rehearsal_plays_a_case_to_its_end(decide: str, log: DrillLog, twin: Twin) -> None:
    _, doc = case_room.shipped()[CASES[0]]
    run = rehearse(log, case_room.plan(doc, decide), ["Amina", "Björn", "Chipo", "Dau"], 1e9)
    found = agree(doc, log, run, twin)
    assert len(found) == (1 if decide == "room" else 4)
    assert all(replay(doc, t).finished for t in found)
