"""A drill of each kind that lost its people tells the same figures, and no word of theirs.

Each is played by nobody (`rehearsal`), and everything a person could have typed is then put in
other words that can be found again in the bytes on the disk.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from crossings.curriculum import current
from crossings.drills import DrillLog, Script, casereport, fold, forgetting, report, script
from crossings.drills import tablereport as table_report
from crossings.drills.log import Draft, Event
from crossings.drills.rehearsal import rehearse
from crossings.drills.state import DrillState
from crossings.drills.tablework import final_play
from crossings.drills.triagereport import summary
from crossings.tabletop.results import decided, marks, points
from tests.drills import case_room, classroom, table_room, team_room
from tests.drills.test_forgetting import on_disk

MARK = "Zqwxvkj"
"""Begins every word that a person has typed; nothing else in a log or a course has it."""
SAID = f"{MARK} She is called Ottoline,\nand waits at the mill of "
PEOPLE = tuple(f"{MARK}{name}" for name in ("Amina", "Bo", "Chipo", "Dau", "Elif", "Farid"))


def plan_of(kind: str) -> Script:
    course = current()
    plans = {
        "quiz": lambda: script(course, "trafficking-identification/signs-and-myths"),
        "words": classroom.quiz,
        "triage": lambda: script(course, "mixed-movements-at-work/one-shift-at-three-desks", "one"),
        "room": lambda: case_room.small_plan("room"),
        "each": lambda: case_room.small_plan("each"),
        "team": lambda: team_room.case(names=["Red", "Blue"]),
        "exercise": table_room.small_plan,
        "gull-haven": lambda: script(course, "mixed-movements-at-work/sixty-at-gull-haven"),
    }
    return plans[kind]()


KINDS = ("quiz", "words", "triage", "room", "each", "team", "exercise", "gull-haven")


def typed(plan: Script, event: Event) -> Any:
    """The payload of a person's event with other words where a person types."""
    payload = json.loads(json.dumps(dict(event.payload)))
    words = f"{SAID}{event.seat}"
    if event.kind == "joined":
        return payload | {"device": f"{MARK}-device-{event.seat}", "code": f"{MARK}{event.seat}"}
    if event.kind == "sent":
        return payload | {"text": words}
    if event.kind == "filed" and plan.tabletop is not None:
        for field in plan.tabletop.forms[payload["form"]].fields:
            if field.id in payload["fields"] and field.kind in ("line", "text"):
                payload["fields"][field.id] = words
        return payload
    response = payload.get("response")
    if not isinstance(response, Mapping):
        return payload
    if "text" in response and (plan.case or not plan.score(payload["step"], response).full):
        payload["response"]["text"] = words
    if "choice" in response and plan.case is None:
        payload["response"]["sure"] = ("guess", "fairly", "certain")[event.seq % 3]
    return payload


def held(log: DrillLog, tmp_path: Path, kind: str) -> str:
    """A drill that is over, with what a trainer adds and says of people."""
    scratch, plan = DrillLog(tmp_path / "scratch.sqlite"), plan_of(kind)
    run = rehearse(scratch, plan, PEOPLE, 1_700_000_000)
    events = scratch.since(run)
    scratch.close()
    for path in tmp_path.glob("scratch*"):
        path.unlink()
    log.append([Draft(run, e.kind, e.key, typed(plan, e) if e.seat else e.payload, e.seat, e.at)
                for e in events[:-1]])  # fmt: skip
    at, first = events[-1].at, fold(events).present[0].id
    quoted = f"{SAID}{first}\n{PEOPLE[1]} knows it."
    extra: list[tuple[str, dict[str, Any], str]] = [
        ("renamed", {"name": f"{PEOPLE[0]} of Ostrel"}, first),
        ("masked", {"on": True}, first),
        ("extra", {"seconds": 20}, first),
    ]
    if plan.tabletop is not None:
        role, scale = next(iter(plan.tabletop.roles)), plan.tabletop.rubric[0].id
        note = f"{PEOPLE[1]} spoke well."
        extra += [
            ("injected", {"to": [role], "title": "Heard", "text": quoted}, ""),
            ("scored", {"role": role, "criterion": scale, "level": 0, "note": note}, ""),
            ("teamed", {"team": "t1", "name": f"Friends of {PEOPLE[1]}"}, ""),
        ]
    log.append([Draft(run, k, f"more:{k}", p, seat, at - 1) for k, p, seat in extra])
    log.append([Draft(run, "ended", "ended", {}, at=at)])
    return run


def figures(state: DrillState) -> object:
    """What the debrief of its kind counts, without names and words."""
    if state.script is not None and state.script.tabletop is not None:
        play = final_play(state)
        return (
            table_report.headline(state),
            table_report.milestones(state).to_csv(),
            table_report.told(state),
            points(play),
            [(d.role, d.name, d.ms) for d in decided(play)],
            {r: marks(play, r)[:2] for r in play.table.roles},
            [(e.kind, e.what, e.by, e.to, e.ms) for e in play.entries],
            table_report.lines(state)[["minute", "kind", "by", "to", "grade"]].to_csv(),
        )
    if state.case is not None:
        moves = casereport.given(state)
        return (
            casereport.headline(state),
            casereport.ending(state),
            casereport.tallies(state, "objectives").to_csv(),
            casereport.tallies(state, "law").to_csv(),
            casereport.partings(state),
            moves[moves["kind"] != "note"].drop(columns="name").to_csv(),
        )
    frame = report.answers(state)
    told: list[object] = [
        report.headline(state, frame),
        frame.drop(columns=["name", "answer"]).to_csv(),
        report.by_step(frame).to_csv(),
        report.by_person(frame).drop(columns="name").to_csv(),
        report.by_objective(state, frame).to_csv(),
        report.confidence(frame).to_csv(),
        report.distractors(state, frame).to_csv() if state.kind == "quiz" else "",
    ]
    if state.kind == "triage":
        told += [
            summary(state, frame),
            report.needs(state, frame).to_csv(),
            report.over_referrals(state, frame).to_csv(),
            report.confusion(state, frame).to_csv(),
        ]
    return told


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "gull-haven"])
def test_the_figures_stay_and_every_word_goes(log: DrillLog, tmp_path: Path, kind: str) -> None:
    run, place = held(log, tmp_path, kind), Path(str(log.place))
    before = figures(fold(log.since(run)))
    seats = [s.id for s in fold(log.since(run)).present]
    written = on_disk(place)
    assert all(f"{MARK}-device-{seat}".encode() in written for seat in seats)
    assert kind in ("quiz", "triage") or b"Ottoline" in written, "somebody has typed something"
    assert forgetting.forget(log, run, seats[0]).cleaned
    assert figures(fold(log.since(run))) == before
    left = on_disk(place)
    for word in (PEOPLE[0], f"{MARK}-device-{seats[0]}", f"the mill of {seats[0]}"):
        assert word.encode() not in left, "one person is gone"
    assert f"{MARK}-device-{seats[1]}".encode() in left, "the others are still there"
    for seat in seats[1:]:
        forgetting.forget(log, run, seat)
    assert figures(fold(log.since(run))) == before
    assert MARK.encode() not in on_disk(place)


@pytest.mark.parametrize("kind", KINDS)
def test_so_does_a_whole_drill_that_is_old(log: DrillLog, tmp_path: Path, kind: str) -> None:
    run = held(log, tmp_path, kind)
    before = figures(fold(log.since(run)))
    done = forgetting.keep(log, 90)
    assert done.people == len(PEOPLE) and done.cleaned
    assert figures(fold(log.since(run))) == before
    assert MARK.encode() not in on_disk(Path(str(log.place)))
