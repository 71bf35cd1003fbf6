"""The console and the debrief of a tabletop drill as widgets, without a browser."""

from __future__ import annotations

import csv
import io
import time

import ipywidgets as widgets

from crossings.apps import table_stage
from crossings.apps.console import Console
from crossings.apps.debrief import page
from crossings.apps.table_desk import CLOCK, SCORES, STORY
from crossings.drills import Draft, DrillLog, Trainer, fold, open_script
from crossings.drills.rehearsal import rehearse
from crossings.drills.report import export_csv
from crossings.drills.tables import tables
from crossings.drills.tablework import play_at
from crossings.workspace import Workspace
from tests.apps.test_console import HOSTILE, everything, markup, press
from tests.drills import table_room


def led(log: DrillLog, workspace: Workspace, people: int = 3) -> Console:
    """A console with a drill in its lobby and `people` in the room."""
    run = open_script(log, table_room.small_plan())
    drafts = [
        Draft(run, "joined", f"join:{n}", {"name": f"{HOSTILE} {n}", "code": f"AAAA{n}"}, f"s{n}")
        for n in range(people)
    ]
    log.append(drafts)
    return Console(log, table_room.small_course, workspace)


def act(console: Console, kind: str, seat: str, **payload: object) -> None:
    assert console.room is not None
    run = console.room.trainer.state.run
    console.log.append([Draft(run, kind, f"act:{seat}:{time.time_ns()}", payload, seat)])
    console.tick()


def minute(console: Console) -> int:
    assert console.room is not None
    return play_at(console.room.trainer.state, time.time()).minute


def test_the_trainer_sees_and_moves_everything(log: DrillLog, workspace: Workspace) -> None:
    console = led(log, workspace)
    assert console.room is not None and console.room.table is not None
    desk, trainer = console.room.table, console.room.trainer
    assert "minute 15, if “The boat is out” is not met" in markup(console.box)
    assert "You have one boat." not in markup(console.room.box)
    press(console, "Start")
    act(console, "sent", "s0", role="coast", to=["press"], text=f"Hello {HOSTILE}")
    assert "Coast Guard → Press office" in markup(console.box)
    press(console, "Next event")
    assert minute(console) == 5 and "A boat was seen." in markup(console.box)

    desk.inject.value = "camera"
    press(console, "Send it now")
    assert "A camera is at the gate." in markup(console.box)
    assert "camera" not in [value for _, value in desk.inject.options]

    desk.to.value, desk.title.value, desk.words.value = "press", "Question", HOSTILE
    press(console, "Send my news")
    assert desk.words.value == "" and "Question → Press office" in markup(console.box)
    assert HOSTILE not in markup(console.box)

    desk.view.value = CLOCK
    desk.minute.value = 26
    press(console, "Forward to there")
    assert minute(console) == 26 and "High waves." in markup(console.box)
    desk.minute.value = 4
    assert "would be taken back" in markup(console.box)
    press(console, "Back to there")
    assert minute(console) == 26
    press(console, "Press again to go back")
    assert minute(console) == 4 and "High waves." not in markup(console.box)
    assert "Back from minute 26 to 4; 2 acts taken back" in markup(console.box)

    desk.view.value = STORY
    desk.way.value = "wind.still"
    press(console, "Go this way")
    assert "It does not." in markup(console.box) and len(desk.way.options) == 1
    desk.stone.value = "calm"
    press(console, "It is met")
    assert "<b>1</b> of 4 milestones" in markup(console.box)
    press(console, "It is not")
    assert "<b>0</b> of 4 milestones" in markup(console.box)

    desk.view.value = SCORES
    desk.role.value, desk.level.value, desk.note.value = "press", 1, HOSTILE
    press(console, "Score")
    assert "1 of 2" in markup(console.box) and HOSTILE not in markup(console.box)
    press(console, "Pause")
    assert "Paused" in markup(console.box)
    press(console, "Resume")
    press(console, "End")
    press(console, "Press again to end")
    assert "0 of 4 milestones were met in time" in markup(console.box)
    assert all(b.disabled for b in everything(desk.box)
               if isinstance(b, widgets.Button) and b.description != "Score")  # fmt: skip
    assert trainer.state.status == "ended"
    assert desk.view.value == SCORES and desk._views.layout.display == "none", "what is left to do"


def test_a_second_console_is_exactly_where_the_first_is(
    log: DrillLog, workspace: Workspace
) -> None:
    first = led(log, workspace)
    press(first, "Start")
    press(first, "Next event")
    second = Console(log, table_room.small_course, workspace)
    second.tick()
    first.tick()
    assert markup(second.box) == markup(first.box)
    press(second, "Next event")
    first.tick()
    assert minute(first) == minute(second) == 15


def test_an_inject_comes_into_the_console_by_time_alone(
    log: DrillLog, workspace: Workspace
) -> None:
    console = led(log, workspace)
    assert console.room is not None
    run = console.room.trainer.state.run
    log.append([Draft(run, "started", "started", {}, at=time.time() - 299.5)])
    console.tick()
    assert "A boat was seen." not in markup(console.box).split("What happened")[1]
    time.sleep(0.6)
    console.tick()
    assert "A boat was seen." in markup(console.box).split("What happened")[1]


def test_choosing_it_tells_what_it_is(log: DrillLog, workspace: Workspace) -> None:
    console = Console(log, table_room.small_course, workspace)
    pick = next(w for w in everything(console.box) if isinstance(w, widgets.Select))
    pick.value = table_room.REF
    assert "3 roles · 8 injects (1 by hand) · 4 milestones" in markup(console.box)
    press(console, "Open the lobby")
    assert "Coast Guard" in markup(console.box)


def test_nobody_plays_a_role_is_said(log: DrillLog, workspace: Workspace) -> None:
    console = led(log, workspace, people=2)
    assert console.room is not None
    press(console, "Start")
    assert "Nobody plays" not in markup(console.box)
    for seat in ("s0", "s1"):
        console.room.trainer.remove(seat)
    console.tick()
    assert "Nobody plays: Coast Guard" in markup(console.box)


def test_the_debrief_needs_the_log_alone_and_shows_no_person(log: DrillLog) -> None:
    run = rehearse(log, table_room.small_plan(), [f"Name {n}" for n in range(6)], 1_700_000_000)
    state = fold(log.since(run))
    shown = page(state, names=False)
    assert "milestones were met in time" in shown and "Who told whom" in shown
    assert "What was reached" in shown and "Decisions, beside the procedure" in shown
    assert "The trainer" in shown and "Who knew it first?" in shown
    assert shown.count("<svg role=") == 1 and "Coast Guard: " in shown
    assert "Name 1" not in shown
    assert shown == page(fold(log.since(run)), names=False)


def test_the_exports_carry_the_names_and_run_nothing(log: DrillLog) -> None:
    run = open_script(log, table_room.small_plan())
    trainer = Trainer(log, run)
    log.append([Draft(run, "joined", "join:0", {"name": "=1+1", "code": "AAAAAA"}, "s0")])
    trainer.refresh()
    trainer.start()
    text = "=cmd|'/c calc'!A1"
    sent = {"role": "coast", "to": ["press"], "text": text}
    log.append([Draft(run, "sent", "act:s0:1", sent, "s0")])
    trainer.refresh()
    trainer.end()
    frames = tables(trainer.state, names=True)
    rows = list(csv.DictReader(io.StringIO(export_csv(frames["timeline"]), newline="")))
    mine = next(r for r in rows if r["kind"] == "message")
    assert mine["text"] == "'" + text and mine["who"] == "'=1+1"
    assert len(frames["milestones"]) == 4


def test_an_exercise_that_never_began_has_a_debrief(log: DrillLog) -> None:
    run = open_script(log, table_room.small_plan())
    assert "has not begun" in page(fold(log.since(run)), names=False)
    trainer = Trainer(log, run)
    trainer.start()
    trainer.end()
    assert "0 of 4 milestones" in page(trainer.state, names=False)


def test_every_trigger_has_words() -> None:
    table = table_room.drill().tabletop
    assert table is not None
    words = [table_stage.trigger(table, i) for i in table.injects]
    assert "minute 20, if nobody has told Child Protection anything" in words
    assert "when “The boat is out” is met, 3 min later" in words and "when you send it" in words
    assert "when “The boat is out” is met, from minute 12" in words
