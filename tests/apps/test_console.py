"""The console and the debrief as widgets, without a browser."""

from __future__ import annotations

import re
import time
from html import escape as esc

import ipywidgets as widgets
import pytest

from crossings.apps import beside
from crossings.apps.console import Console
from crossings.apps.debrief import Debrief, page
from crossings.curriculum import CourseError, Problem
from crossings.drills import Draft, DrillLog, Trainer, fold, open_drill
from crossings.drills.rehearsal import rehearse
from crossings.workspace import Workspace
from tests.drills import any_kind, classroom

HOSTILE = "<img src=x onerror=alert(1)>"


def everything(widget: widgets.Widget) -> list[widgets.Widget]:
    found = [widget]
    for child in getattr(widget, "children", ()):
        found += everything(child)
    return found


def markup(widget: widgets.Widget) -> str:
    return "\n".join(w.value for w in everything(widget) if isinstance(w, widgets.HTML))


def press(console: Console, label: str) -> None:
    buttons = [w for w in everything(console.box) if isinstance(w, widgets.Button)]
    chosen = next(b for b in buttons if b.description == label)
    assert not chosen.disabled, f"{label} cannot be pressed"
    assert chosen.layout.display != "none", f"{label} cannot be seen"
    chosen.click()


def made(log: DrillLog, workspace: Workspace) -> Console:
    return Console(log, classroom.course, workspace)


def test_a_drill_from_the_lobby_to_the_end(log: DrillLog, workspace: Workspace) -> None:
    console = made(log, workspace)
    press(console, "Open the lobby")
    assert console.room is not None
    state = console.room.trainer.state
    shown = markup(console.box)
    assert state.code in shown and ">192.168.7.7:8000/drill/<" in shown and "<svg" in shown
    log.append([Draft(state.run, "joined", "j1", {"name": HOSTILE, "code": "BBBBBB"}, "s1")])
    console.tick()
    assert "1 person in the room" in markup(console.box)
    press(console, "Start")
    answer = {"step": 0, "n": 1, "response": {"choice": "no"}}
    log.append([Draft(state.run, "answered", "a1", answer, "s1")])
    console.tick()
    shown = markup(console.box)
    assert "Everybody has answered" in shown and HOSTILE not in shown
    assert "No, because she agreed, 1" in shown
    for label in ("+30 s", "Pause", "Resume", "Close", "Reveal", "Next", "Back", "Next"):
        press(console, label)
    assert state.step == 1
    press(console, "End")
    assert state.status == "running"
    press(console, "Press again to end")
    assert state.status == "ended" and "The drill is over" in markup(console.box)


def test_a_control_is_there_while_it_can_be_of_use(log: DrillLog, workspace: Workspace) -> None:
    console = made(log, workspace)
    press(console, "Open the lobby")
    room = console.room
    assert room is not None

    def seen() -> list[str]:
        return [b.description for b in room._buttons if b.layout.display != "none"]

    assert seen() == ["Start", "Lock room", "End"]
    press(console, "Start")
    leading = ["Close", "Reveal", "Skip", "+30 s", "Pause", "Back", "Lock room", "Cover screen"]
    assert seen() == [*leading, "End"]
    press(console, "Pause")
    assert "Resume" in seen()
    press(console, "End")
    press(console, "Press again to end")
    assert seen() == []


def test_what_was_right_stands_under_the_bars_that_cannot_say_it(
    log: DrillLog, workspace: Workspace
) -> None:
    console = made(log, workspace)
    press(console, "Open the lobby")
    assert console.room is not None
    press(console, "Start")
    order = [o.text for o in classroom.items()["steps"].options]
    for _ in range(2):
        press(console, "Skip")
    assert "<b>Right:</b>" not in markup(console.box), "before the reveal"
    press(console, "Reveal")
    assert f"<b>Right:</b> {esc(' > '.join(order))}" in markup(console.box)


def test_points_are_told_to_one_decimal(log: DrillLog, workspace: Workspace) -> None:
    console = made(log, workspace)
    press(console, "Open the lobby")
    assert console.room is not None
    run = console.room.trainer.state.run
    log.append([Draft(run, "joined", "j1", {"name": "Amina", "code": "BBBBBB"}, "s1")])
    press(console, "Start")
    for _ in range(3):
        press(console, "Skip")
    places = classroom.items()["places"]
    pairs = {o.id: o.target for o in places.options}
    pairs[places.options[0].id] = next(t.id for t in places.targets
                                       if t.id != places.options[0].target)  # fmt: skip
    given = {"step": 3, "n": 1, "response": {"pairs": pairs}}
    log.append([Draft(run, "answered", "a1", given, "s1")])
    press(console, "End")
    press(console, "Press again to end")
    assert ">0.7 of 4<" in markup(console.box)


def test_opening_it_again_continues_where_the_drill_is(log: DrillLog, workspace: Workspace) -> None:
    trainer = Trainer(log, open_drill(log, classroom.course(), classroom.QUIZ))
    trainer.start()
    trainer.forward()
    again, other = made(log, workspace), made(log, workspace)
    assert again.room is not None and again.room.trainer.state.step == 1
    press(other, "Reveal")
    again.tick()
    assert "SECRET rationale of signs" in markup(again.box)


def test_broken_course_files_do_not_stop_a_running_drill(
    log: DrillLog, workspace: Workspace
) -> None:
    def broken() -> object:
        raise CourseError([Problem("modules/x.yml", 3, "a <b>bad</b> line")])

    open_drill(log, classroom.course(), classroom.QUIZ)
    console = Console(log, broken, workspace)  # type: ignore[arg-type]
    press(console, "Start")
    press(console, "Other drills")
    shown = markup(console.box)
    assert "modules/x.yml:3" in shown and "<b>bad" not in shown
    press(
        console,
        next(
            w.description
            for w in everything(console.box)
            if isinstance(w, widgets.Button) and "Continue" in w.description
        ),
    )
    assert console.room is not None


def test_people_are_renamed_given_time_and_removed(log: DrillLog, workspace: Workspace) -> None:
    run = rehearse(log, classroom.quiz(), classroom.NAMES, time.time() - 80, steps=1)
    console = made(log, workspace)
    room = console.room
    assert room is not None and room.trainer.state.run == run
    room.people.person.value = "s001"
    room.people.new_name.value = f"Bo {HOSTILE}"
    press(console, "Rename")
    room.people.extra.value = 60
    press(console, "Give time")
    seat = room.trainer.state.seats["s001"]
    assert seat.name.startswith("Bo <img") and seat.extra == 60
    assert HOSTILE not in markup(console.box)
    press(console, "Remove")
    press(console, "Press again to remove")
    assert room.trainer.state.seats["s001"].removed
    assert "Bo" not in room.people._people.value


def test_every_control_has_a_label_and_a_tooltip(log: DrillLog, workspace: Workspace) -> None:
    rehearse(log, classroom.triage(), classroom.NAMES, time.time() - 80, steps=1)
    console = made(log, workspace)
    for box in (console.box, Debrief(log).box):
        controls = [w for w in everything(box) if isinstance(w, (widgets.Button, widgets.Dropdown,
                    widgets.Text, widgets.Select, widgets.Checkbox))]  # fmt: skip
        assert len(controls) > 1
        assert all(w.description and w.tooltip for w in controls)


def test_a_log_that_cannot_be_written_is_one_message(log: DrillLog, workspace: Workspace) -> None:
    console = made(log, workspace)
    press(console, "Open the lobby")
    log.close()
    press(console, "Start")
    assert "The drill log is closed" in markup(console.box)


@pytest.mark.parametrize("plan", [classroom.quiz(), classroom.triage()], ids=["quiz", "triage"])
def test_the_debrief_opens_from_the_log_and_renders_nobodys_text(
    log: DrillLog, plan: object
) -> None:
    names = [*classroom.NAMES, HOSTILE, "=cmd()"]
    run = rehearse(log, plan, names, time.time() - 5000)  # type: ignore[arg-type]
    state = fold(log.since(run))
    shown = page(state, names=True)
    assert HOSTILE not in shown and "&lt;img" in shown
    assert shown.startswith("<p class='cxa-big'>") and 'role="img" aria-label=' in shown
    hidden = page(state, names=False)
    assert "Amina" not in hidden and "Participant 1" in hidden
    debrief = Debrief(log)
    assert debrief.pick.value == run


@pytest.mark.parametrize("name", any_kind.PLANS, ids=lambda name: name.replace(" ", "-"))
def test_when_it_is_over_the_console_links_to_the_debrief_of_this_drill(
    log: DrillLog, workspace: Workspace, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = any_kind.played(log, any_kind.PLANS[name]())
    address = re.compile(r"<a href='([^']+)'[^>]*>Open the debrief</a>")
    for served, links in (
        ("/voila/render/drills/console.ipynb", 1),
        ("/voila/render/console.ipynb", 1),
        ("/", 0),  # Voila serves the console alone
        (None, 0),  # JupyterLab
    ):
        monkeypatch.delenv("SCRIPT_NAME", raising=False)
        if served:
            monkeypatch.setenv("SCRIPT_NAME", served)
        console = made(log, workspace)
        console.lead(run)
        shown = markup(console.box)
        assert "The drill is over" in shown
        assert len(found := address.findall(shown)) == links
        assert ("Open <b>drills/debrief.ipynb</b>" in shown) != bool(links)
        assert all(a == f"debrief.ipynb?drill={run}" for a in found)


def test_an_address_chooses_the_drill_of_the_debrief(
    log: DrillLog, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = any_kind.played(log, classroom.quiz(), start=any_kind.START)
    newer = any_kind.played(log, classroom.triage(), start=any_kind.START + 9000)
    for asked, run, gone in (
        (f"drill={older}", older, False),
        (f"theme=dark&drill={older}&drill={newer}", older, False),
        ("", newer, False),
        ("drill=", newer, False),
        (f"drill={HOSTILE}", newer, True),
        ("drill=%00%ff%", newer, True),
    ):
        monkeypatch.setenv("QUERY_STRING", asked)
        desk = Debrief(log, wanted=beside.wanted())
        assert desk.pick.value == run
        shown = markup(desk.box)
        assert ("is not in the log any more" in shown) == gone and HOSTILE not in shown


def test_the_debrief_says_when_there_is_nothing(log: DrillLog) -> None:
    assert "No drill yet" in markup(Debrief(log).box)
