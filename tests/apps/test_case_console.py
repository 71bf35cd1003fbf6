"""A case drill in the console, the debrief and the explorer, without a browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pytest

from crossings.apps import case_desk
from crossings.apps.charts import Bar, bars
from crossings.apps.console import Console
from crossings.apps.debrief import Debrief, page
from crossings.apps.explorer import VIEWS, CaseViews
from crossings.apps.plays import PEOPLE, Filter, Reading, over_the_graph, read_drills, read_folder
from crossings.cases import document, replay
from crossings.cases.trace import traces_in
from crossings.curriculum.cases import FoundCase, find_case
from crossings.drills import DrillLog, fold
from crossings.drills.casereport import partings, tallies
from crossings.drills.casework import ROOM, playing, traces
from crossings.drills.rehearsal import rehearse
from crossings.workspace import ROOT, Workspace
from tests.apps.test_console import HOSTILE, everything, made, markup, press
from tests.drills import case_room, classroom
from tests.drills.case_room import Class


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests press faster than a hand can."""
    monkeypatch.setattr(case_desk, "DOUBLE", 0.0)


BOTH = {"action": "choose", "choice": "both"}
APART = {"action": "choose", "choice": "apart"}


def led(log: DrillLog, workspace: Workspace) -> tuple[Class, Console]:
    room = Class(log, case_room.small_plan("room"))
    return room, made(log, workspace)


def button(console: Console, label: str) -> Any:
    return next(w for w in everything(console.box)
                if isinstance(w, widgets.Button) and w.description == label)  # fmt: skip


def test_a_room_decides_from_the_first_scene_to_the_debrief(
    log: DrillLog, workspace: Workspace
) -> None:
    room, console = led(log, workspace)
    console.tick()
    assert button(console, "Take the vote").disabled and "At the gate" in markup(console.box)
    press(console, "Go on")
    shown = markup(console.box)
    assert "What do you do?" in shown and "A private place is safer" not in shown
    room.vote("s1", BOTH)
    room.vote("s2", APART)
    console.tick()
    press(console, "Close")
    shown = markup(console.box)
    assert "It is a tie" in shown and button(console, "Take the vote").disabled
    assert "Ask both, 1 tie" in shown, "the chart has its numbers in words"
    press(console, "+30 s")
    room.vote("s3", APART)
    console.tick()
    press(console, "Show the votes")
    press(console, "Take the vote")
    shown = markup(console.box)
    assert "Lead her to a room of her own" in shown and "She sits down." in shown
    desk = console.room.desk if console.room else None
    assert desk is not None and button(console, "Choose this").disabled
    desk.picks[""].value = "safe"
    press(console, "Choose this")
    assert console.room is not None
    play = playing(console.room.trainer.state, ROOM)
    assert play.state.asked == ("talk.safe",) and "nods slowly" in markup(console.box)
    for pick in ("", ""):  # end the conversation, end the search
        console.room.desk.picks[""].value = pick  # type: ignore[union-attr]
        press(console, "Choose this")
    desk = console.room.desk
    assert desk is not None and set(desk.picks) == {"1", "2"}
    desk.picks["2"].value = "shelter"
    assert button(console, "Choose this").disabled, "one person has no place yet"
    desk.picks["1"].value = "desk"
    press(console, "Choose this")
    room.vote("s1", {"action": "write", "text": f"Mind {HOSTILE}"}, step=room_step(console))
    console.tick()
    assert HOSTILE not in markup(console.box) and "Mind &lt;img" in markup(console.box)
    press(console, "Take the vote")
    assert "come to an end of the case" in markup(console.box)
    press(console, "End")
    press(console, "Press again to end")
    assert "Safe: Protected" in markup(console.box)
    told = markup(Debrief(log).box)
    assert "The room came to: Safe (protected)." in told and "She looks at the driver." in told
    assert HOSTILE not in told


def test_a_trainer_hears_before_the_press_that_not_all_notes_fit(
    log: DrillLog, workspace: Workspace
) -> None:
    room, console = led(log, workspace)
    for action in ({"action": "continue"}, BOTH, {"action": "leave"}, {"action": "leave"}):
        room.trainer.take(action)
    for n in range(12):
        room.add("joined", {"name": f"More {n}", "code": f"M{n}"}, f"m{n}")
        room.vote(f"m{n}", {"action": "write", "text": f"{n:02d}" + "y" * 1998})
        if n == 5:
            console.tick()
            assert "Take keeps all notes" in markup(console.box)
    console.tick()
    assert "All 12 notes together are over 20,000 characters" in markup(console.box)
    assert "Take keeps the first 9 of them" in markup(console.box)
    press(console, "Take the vote")
    room.trainer.refresh()
    note = list(room.trainer.state.taken.values())[-1].action["text"]
    assert note.count("\n") == 9 and note.endswith("(3 more notes are in the log of this drill.)")


def room_step(console: Console) -> int:
    assert console.room is not None
    return console.room.trainer.state.step


def test_each_has_start_pause_end_and_says_where_everybody_is(
    log: DrillLog, workspace: Workspace
) -> None:
    room = Class(log, case_room.small_plan("each"))
    room.act("s1", {"action": "continue"})
    console = made(log, workspace)
    labels = [w.description for w in everything(console.box) if isinstance(w, widgets.Button)]
    assert {"Start", "Pause", "End"} <= set(labels) and "Take the vote" not in labels
    shown = markup(console.box)
    assert "First step, 1" in shown and "At the gate, 2" in shown
    assert "0</b> of 3 have come to an end" in shown


def test_a_double_press_decides_once(
    log: DrillLog, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, console = led(log, workspace)
    press(console, "Go on")
    room.vote("s1", APART)
    room.vote("s2", APART)
    console.tick()
    monkeypatch.setattr(case_desk, "DOUBLE", 30.0)
    press(console, "Take the vote")
    assert room_step(console) == 1, "the turn has only just begun"
    monkeypatch.setattr(case_desk, "DOUBLE", 0.0)
    press(console, "Take the vote")
    assert room_step(console) == 2


def test_two_consoles_lead_the_same_case(log: DrillLog, workspace: Workspace) -> None:
    _, console = led(log, workspace)
    other = made(log, workspace)
    press(console, "Go on")
    press(other, "Go on")  # pressed a moment later, about the scene before
    other.tick()
    assert room_step(other) == room_step(console) == 1


def test_every_control_of_a_case_has_a_label_and_a_tooltip(
    log: DrillLog, workspace: Workspace
) -> None:
    _, console = led(log, workspace)
    press(console, "Go on")
    controls = [w for w in everything(console.box)
                if isinstance(w, (widgets.Button, widgets.Dropdown, widgets.Text))]  # fmt: skip
    assert len(controls) > 9 and all(w.description and w.tooltip for w in controls)


def test_the_shipped_case_drills_can_be_previewed(log: DrillLog, workspace: Workspace) -> None:
    from crossings.curriculum import current

    console = Console(log, current, workspace)
    pick = next(w for w in everything(console.box) if isinstance(w, widgets.Select))
    for ref in ("trafficking-identification/night-crew-together",
                "mixed-movements-at-work/transit-desk-side-by-side"):  # fmt: skip
        pick.value = ref
        assert "The case:" in markup(console.box) and "21 decisions" in markup(console.box)


@pytest.mark.parametrize("decide", ["room", "each"])
def test_the_debrief_counts_what_was_voted_and_shows_the_other_ways(
    decide: str, log: DrillLog
) -> None:
    room = Class(log, case_room.small_plan(decide))
    go = {"action": "continue"}
    for seat, choice in (("s1", BOTH), ("s2", APART), ("s3", BOTH)):
        if decide == "each":
            room.act(seat, go)
            room.act(seat, choice)
        else:
            if seat == "s1":
                room.trainer.take(go)
            room.vote(seat, choice)
    if decide == "room":
        room.trainer.take_votes()
    room.trainer.end()
    (parting,) = partings(room.trainer.state)
    counts = {w.text: (w.count, w.grade, w.taken) for w in parting.ways}
    assert counts["Ask both"] == (2, "harmful", decide == "room")
    assert counts["Look at the papers first"] == (0, "acceptable", False)
    told = page(room.trainer.state, names=False)
    assert "2 of 3 chose what does harm: “Ask both”" in told and "Time passes." in told
    assert "Person s1" not in told and "Person s1" in page(room.trainer.state, names=True)
    table = tallies(room.trainer.state, "objectives")
    points, of = (0, 3) if decide == "room" else (3, 9)
    row = table[table["id"] == "TI-1"].iloc[0]
    assert (row["points"], row["of"]) == (points, of)


@pytest.mark.parametrize("decide", ["room", "each"])
def test_what_is_taken_along_is_a_trace_file(decide: str, log: DrillLog) -> None:
    from crossings.apps.case_findings import trace_file

    doc = document(case_room.small())
    run = rehearse(log, case_room.plan(doc, decide), classroom.NAMES, 1e9)
    state = fold(log.since(run))
    _, content = trace_file(state)
    found = traces_in(content.encode())
    assert found == json.loads(json.dumps(traces(state)))
    assert all(replay(doc, t).finished for t in found)


# The explorer


@pytest.fixture
def berries() -> FoundCase:
    return find_case("berries-on-credit", ROOT)


@pytest.fixture
def lived(log: DrillLog, berries: FoundCase) -> Callable[[], Reading]:
    """Two drills of one case, and one of another: everybody's plays, and a room's."""
    day = 1_767_225_600.0  # 2026-01-01
    rehearse(log, case_room.plan(berries.doc, "each"), classroom.NAMES, day)
    rehearse(log, case_room.plan(berries.doc, "room"), classroom.NAMES, day + 86_400 * 10)
    rehearse(log, case_room.small_plan("each"), classroom.NAMES, day)
    rehearse(log, classroom.quiz(), classroom.NAMES, day)

    def reading() -> Reading:
        found = Reading()
        read_drills(berries.doc, log, found)
        return found

    return reading


def test_the_explorer_counts_drills_and_filters_them(lived: Callable[[], Reading]) -> None:
    plays = lived().plays
    assert len(plays) == 11 and not lived().problems
    assert all(p.learner == PEOPLE and p.mode == "drill" and p.outcome for p in plays)
    first = Filter(mode="drill", until=date(2026, 1, 5))
    assert sum(first.passes(p) for p in plays) == 10
    assert not any(Filter(mode="learn").passes(p) for p in plays)
    outcome = plays[0].outcome
    assert sum(Filter(outcome=outcome).passes(p) for p in plays) > 0
    assert over_the_graph(plays).plays == 11


def test_two_seats_that_did_the_same_are_two_plays_and_a_file_of_one_is_not_a_third(
    log: DrillLog, tmp_path: Path
) -> None:
    room = Class(log, case_room.small_plan("each"))
    events = [("s1", 0), ("s2", 0)]
    for seat, number in events:
        room.add("acted", {"step": number, "response": {"action": "continue"}}, seat)
    doc = document(case_room.small())
    reading = Reading()
    read_drills(doc, log, reading)
    assert len(reading.plays) == 2
    folder = tmp_path / "plays"
    folder.mkdir()
    trace = traces(room.trainer.state)[0]
    (folder / "one.trace.json").write_text(json.dumps(trace), encoding="utf-8")
    read_folder(doc, folder, reading)
    read_drills(doc, log, reading)
    assert len(reading.plays) == 2 and reading.twice == 3


def test_the_explorers_button_reads_the_log_of_this_computer(
    lived: Callable[[], Reading], log: DrillLog, berries: FoundCase, workspace: Workspace
) -> None:
    views = CaseViews(berries, workspace.var / "plays", workspace.drill_log)
    views.choose.value = VIEWS[2]
    buttons = [w for w in everything(views.box) if isinstance(w, widgets.Button)]
    next(b for b in buttons if b.description == "Read the drills").click()
    assert "11 plays by people" in markup(views.box)
    none = CaseViews(berries, workspace.var / "plays", workspace.var / "nothing.sqlite")
    none.traffic.read_drills()
    assert "No live drill was led on this computer yet." in markup(none.traffic.box)
    assert not (workspace.var / "nothing.sqlite").exists()


def test_money_in_an_option_is_no_formula() -> None:
    assert "<svg" in bars([Bar("A  pay $x_{$ now", 2), Bar("B  wait", 1)], "Votes", 3)
