"""The console with a full room: pages of people, the door, teams, the wall, and who is stuck."""

from __future__ import annotations

import time
from typing import Any

import ipywidgets as widgets
import pytest

from crossings.apps import stage, team_stage
from crossings.apps.console import Console
from crossings.apps.debrief import page
from crossings.drills import (
    Draft,
    DrillLog,
    attention,
    casereport,
    fold,
    open_script,
    report,
    teamwork,
)
from crossings.drills.casework import playing
from crossings.drills.rehearsal import rehearse
from crossings.drills.script import Script
from crossings.workspace import Workspace
from tests.apps.test_console import HOSTILE, everything, made, markup, press
from tests.drills import case_room, classroom, table_room, team_room
from tests.drills.test_case_state import APART, BOTH, GO
from tests.drills.test_state import Play

FULL = 300


def seated(log: DrillLog, plan: Script, number: int, name: str = "Person") -> str:
    run = open_script(log, plan)
    log.append(
        [Draft(run, "joined", f"j{n}", {"name": f"{name} {n}", "code": f"C{n:05d}"}, f"s{n}")
         for n in range(1, number + 1)]
    )  # fmt: skip
    return run


def sent_of(box: widgets.Widget) -> list[int]:
    """Characters that travel to the page from now on."""
    sent: list[int] = []
    for widget in everything(box):
        if isinstance(widget, widgets.HTML):
            widget.observe(lambda change: sent.append(len(change["new"])), "value")
        if isinstance(widget, widgets.Dropdown):
            widget.observe(lambda change: sent.append(len(str(change["new"]))), "_options_labels")
    return sent


@pytest.mark.parametrize("kind", ["quiz", "room", "teams"])
def test_a_full_room_is_led_without_drawing_everybody_each_time(
    log: DrillLog, workspace: Workspace, kind: str
) -> None:
    plans = {"quiz": classroom.quiz(), "room": case_room.small_plan("room"),
             "teams": team_room.case(of=4)}  # fmt: skip
    run = seated(log, plans[kind], FULL)
    console = made(log, workspace)
    assert f"{FULL} people in the room" in markup(console.box)
    press(console, "Start")
    console.tick()
    state = console.room.trainer.state  # type: ignore[union-attr]
    sent = sent_of(console.box)
    if kind == "teams":
        payload, event = {"step": 0, "response": GO}, "acted"
    else:
        payload, event = {"step": 0, "n": 1, "response": {"choice": "no"}}, "answered"
    took = []
    for n in range(1, 6):
        log.append([Draft(run, event, f"a{n}", payload, f"s{n}")])
        began = time.process_time()
        console.tick()
        took.append(time.process_time() - began)
    assert state.seq > FULL + 7
    assert sum(sent) / 5 < 60_000, "an answer redraws a page of people and one chart, no more"
    assert sorted(took)[2] < 0.5, f"an answer takes {took} of the console's time"
    sent.clear()
    for _ in range(5):
        console.tick()
    assert sum(sent) < 2_000, "where nothing happens only the clock moves"


def test_the_list_is_paged_and_filtered(log: DrillLog, workspace: Workspace) -> None:
    run = seated(log, classroom.quiz(), 60)
    console = made(log, workspace)
    desk = console.room.people  # type: ignore[union-attr]
    assert "1 to 15 of 60" in desk._people.value and "Person 16<" not in desk._people.value
    press(console, "Later ›")
    assert "16 to 30 of 60" in desk._people.value and "Person 16<" in desk._people.value
    for _ in range(2):
        press(console, "Later ›")
    assert desk.later.disabled and "46 to 60 of 60" in desk._people.value
    desk.find.value = "person 17"
    assert "Person 17<" in desk._people.value and desk._people.value.count("<li>") == 1
    desk.find.value = ""
    press(console, "Start")
    answer = {"step": 0, "n": 1, "response": {"choice": "no"}}
    log.append([Draft(run, "answered", f"a{n}", answer, f"s{n}") for n in range(1, 58)])
    console.tick()
    desk.view.value = "waiting"
    assert desk._people.value.count("<li>") == 3
    desk.view.value = "all"
    desk.names.value = False
    assert "Person" not in desk._people.value and "Participant 58" in desk._people.value
    assert not any("Person 1" in label for label, _ in desk.person.options[1:])


def test_lock_block_hide_and_let_in_again(log: DrillLog, workspace: Workspace) -> None:
    seated(log, classroom.quiz(), 3)
    console = made(log, workspace)
    desk, state = console.room.people, console.room.trainer.state  # type: ignore[union-attr]
    press(console, "Lock room")
    assert state.locked and "Locked" in markup(console.box)
    press(console, "Unlock room")
    desk.person.value = "s2"
    press(console, "Hide name")
    assert state.label("s2") == "Participant 2" and "(hidden)" in desk._people.value
    press(console, "Show name")
    press(console, "Block")
    assert not state.seats["s2"].blocked
    press(console, "Press again to block")
    assert state.seats["s2"].blocked and "Person 2" not in desk._people.value
    desk.view.value = "out"
    assert "Person 2" in desk._people.value and "blocked" in desk._people.value
    press(console, "Let in again")
    assert not state.seats["s2"].removed


def test_teams_are_led_from_the_console(log: DrillLog, workspace: Workspace) -> None:
    seated(log, team_room.case(with_roles=True, names=["Red", "Blue"]), 5, HOSTILE)
    console = made(log, workspace)
    room = console.room
    assert room is not None
    desk, state = room.teams, room.trainer.state
    assert "SECRET" not in markup(console.box), "the console may be seen by the class"
    room.people.person.value, desk.team.value = "s1", "t2"
    press(console, "Move person here")
    assert state.seats["s1"].team == "t2"
    press(console, "Make captain")
    assert teamwork.captain(state, "t2") == "s1"
    press(console, "Even out")
    desk.new_name.value = f"Lynx {HOSTILE}"
    press(console, "Rename team")
    desk.roles.value = ("ngo",)
    press(console, "Give roles")
    assert state.teams["t2"].roles == ("ngo",) and state.teams["t2"].name.startswith("Lynx")
    press(console, "Start")
    press(console, "Decide for team")
    assert playing(state, "t2").state.node == "first" and playing(state, "t1").state.node == "gate"
    member = teamwork.members(state, "t2")[0].id
    log.append([Draft(state.run, "answered", "v1", {"step": 1, "n": 1, "response": APART}, member)])
    console.tick()
    press(console, "Decide for team")
    assert playing(state, "t2").state.chosen == {"first": "apart"}
    assert "Lead her to a room" in desk._path.value
    assert HOSTILE not in markup(console.box) and "&lt;img" in markup(console.box)


def test_teams_can_be_made_where_the_file_has_none(log: DrillLog, workspace: Workspace) -> None:
    seated(log, classroom.quiz(), 7)
    console = made(log, workspace)
    desk = console.room.teams  # type: ignore[union-attr]
    desk.number.value = 3
    press(console, "Make teams")
    state = console.room.trainer.state  # type: ignore[union-attr]
    assert sorted(len(teamwork.members(state, t)) for t in state.teams) == [2, 2, 3]


def test_two_consoles_lead_one_drill(log: DrillLog, workspace: Workspace) -> None:
    """A co-trainer opens the console, too: each is a view of the log."""
    seated(log, team_room.quiz(names=["Red", "Blue"]), 4)
    first, second = made(log, workspace), made(log, workspace)
    press(second, "Lock room")
    press(first, "Start")
    first.tick()
    second.tick()
    assert "Locked" in markup(first.box) and "Running" in markup(second.box)
    press(second, "Skip")
    press(first, "Skip")
    first.tick()
    state = first.room.trainer.state  # type: ignore[union-attr]
    assert state.step == 1, "both pressed at the same question: it is skipped once"


def test_an_answer_is_held_up_and_the_screen_covered(log: DrillLog, workspace: Workspace) -> None:
    run = seated(log, classroom.quiz(), 3)
    console = made(log, workspace)
    room = console.room
    assert room is not None
    press(console, "Start")
    assert room.wall.box.layout.display == "none", "nothing to hold up while people answer"
    press(console, "Close")
    room.wall.answer.value = "option:no"
    press(console, "Hold up")
    assert room.trainer.state.highlight == {"step": 0, "option": "no"}
    press(console, "Take down")
    press(console, "Cover screen")
    assert room.trainer.state.curtain
    press(console, "Show screen")
    for _ in range(5):
        press(console, "Skip")
    log.append(
        [Draft(run, "answered", "w", {"step": 5, "n": 1, "response": {"text": HOSTILE}}, "s2")]
    )
    console.tick()
    press(console, "Close")
    room.wall.answer.value = "seat:s2"
    press(console, "Hold up")
    assert room.trainer.state.highlight == {"step": 5, "seat": "s2"}


# Who may need help


def test_who_is_silent_or_late_is_seen() -> None:
    play = Play().add(10, "started")
    assert attention.stuck(play.state, 20) == {}
    assert set(attention.stuck(play.state, 46)) == {"s1", "s2"}, "45 s, and less than 12 are left"
    play.answer(47, "s1", "yes")
    assert attention.stuck(play.state, 48) == {"s2": "no answer, and time is nearly over"}
    for index in range(2):
        play.add(60 + index, "moved", {"from": index, "to": index + 1})
        play.add(60.5 + index, "joined", {"name": "Late", "code": "L"}, "s3")
    found = attention.stuck(play.state, 63)
    assert found == {"s2": "silent for 2 steps"}, "who came later missed nothing"
    play.add(64, "answered", {"step": 2, "n": 1, "response": {"order": []}}, "s2")
    assert attention.stuck(play.state, 65) == {}
    assert attention.stuck(play.add(66, "paused").state, 9999) == {}


def test_who_stands_still_in_a_case_is_seen() -> None:
    play = Play(case_room.small_plan("each"), ("s1", "s2")).add(10, "started")
    play.add(200, "acted", {"step": 0, "response": GO}, "s1")
    assert attention.stuck(play.state, 400) == {"s2": "no move for 6 min"}
    teams = Play(team_room.case(names=["Red", "Blue"]), team_room.seats(4)).add(10, "started")
    teams.add(100, "acted", {"step": 0, "response": GO}, "s1")
    found = attention.stuck(teams.state, 10 + 60 + attention.OVER_TIME + 1)
    assert set(found) == {"s2", "s4"}, "the other team has moved"
    assert "stuck" in team_stage.ways(teams.state, 140)


def test_a_team_that_leaves_something_unanswered_is_seen() -> None:
    play = Play(table_room.small_plan(), ("s1", "s2", "s3")).add(10, "started")
    assert attention.stuck(play.state, 10 + 299) == {}
    assert attention.stuck(play.state, 10 + 330) == {"s1": "nothing from the team for 5 min"}, (
        "the call has reached one team; what everybody gets asks nobody"
    )
    play.add(350, "sent", {"role": "coast", "to": ["child"], "text": "A boy"}, "s1")
    assert attention.stuck(play.state, 351) == {}
    assert set(attention.stuck(play.state, 700)) == {"s2"}, "the first has had the last word"
    play.add(701, "scored", {"role": "child", "criterion": "clear", "level": 0})
    assert set(attention.stuck(play.state, 702)) == {"s2"}, "a score is the trainer's"
    jumped = play.add(710, "skipped", {"to": 25})
    assert attention.stuck(jumped.state, 720) == {}, "after a jump everybody begins anew"
    assert attention.stuck(play.add(730, "paused").state, 9999) == {}


# Text of learners stays text


def test_nobodys_text_runs_in_console_debrief_or_export(
    log: DrillLog, workspace: Workspace
) -> None:
    names = [HOSTILE, "=cmd|' /C calc'!A0", "+1", "@SUM(1)", "<script>x</script>", "-2"]
    plan = team_room.with_teams(classroom.quiz(), {"names": ["=Red()", HOSTILE]})
    run = rehearse(log, plan, names, time.time() - 5000)
    state = fold(log.since(run))
    shown = [page(state, names=True), stage.stage(state, 0, None), team_stage.table(state)]
    for text in shown:
        assert HOSTILE not in text and "<script>x" not in text
    for table in (report.answers(state), report.by_person(report.answers(state))):
        for line in report.export_csv(table).splitlines()[1:]:
            for cell in line.split(","):
                assert not cell.strip('"').startswith(("=", "+", "@", "-")), cell
    case = team_room.case(names=["=Red()", HOSTILE])
    played = fold(log.since(rehearse(log, case, names, time.time() - 9000)))
    text = page(played, names=True) + team_stage.ways(played, 0)
    assert HOSTILE not in text
    told = report.export_csv(casereport.given(played))
    assert "\n=Red" not in told and "'=Red()" in told


def test_every_control_of_a_room_with_teams_is_labelled(
    log: DrillLog, workspace: Workspace
) -> None:
    seated(log, team_room.case(with_roles=True, names=["Red", "Blue"]), 4)
    console: Any = made(log, workspace)
    kinds = (widgets.Button, widgets.Dropdown, widgets.Text, widgets.Checkbox,
             widgets.SelectMultiple)  # fmt: skip
    controls = [w for w in everything(console.box) if isinstance(w, kinds)]
    assert len(controls) > 20 and all(w.description and w.tooltip for w in controls)
    assert BOTH and isinstance(console, Console)
