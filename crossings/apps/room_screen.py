"""One drill at the console: the run sheet, what the room sees, the people, and what to do next."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from crossings.apps import beside, stage
from crossings.apps.case_desk import CaseDesk
from crossings.apps.confirming import Confirming
from crossings.apps.parts import button, classed, put, row, text
from crossings.apps.people_desk import PeopleDesk
from crossings.apps.table_desk import TableDesk
from crossings.apps.team_desk import TeamDesk
from crossings.apps.wall_desk import WallDesk
from crossings.drills import teamplay
from crossings.drills.address import learner_address
from crossings.drills.casework import ROOM, Playing, playing, voices
from crossings.drills.state import DrillState
from crossings.drills.tablework import play_at
from crossings.drills.trainer import Trainer
from crossings.workspace import Workspace


def playing_room(state: DrillState) -> Playing:
    """The room's play of a case drill."""
    return playing(state, ROOM)


class RoomScreen:
    """Left the run sheet, in the middle what the room sees, right the people; teams are left below.

    `attempt` does an act and turns a log that cannot be used into a message; `leave` goes back to
    the choice of drills.
    """

    def __init__(
        self,
        trainer: Trainer,
        workspace: Workspace,
        attempt: Callable[[Callable[[], Any]], bool],
        leave: Callable[[], None],
    ) -> None:
        self.trainer, self._workspace, self._attempt = trainer, workspace, attempt
        self._head, self._sheet = text(), text()
        self._time, self._stage = text(), text()
        self._sure = Confirming()
        self._drawn = ""
        self.people = PeopleDesk(trainer, self._act, self._sure)
        self.teams = TeamDesk(trainer, self._act, self.people)
        self.wall = WallDesk(trainer, self._act)
        self._make_buttons()
        desk = [d.box for d in (self.desk, self.table) if d is not None]
        middle = widgets.VBox([self._controls, self._time, self._stage, *desk, self.wall.box])
        right = widgets.VBox([self.people.box])
        left = widgets.VBox([self._sheet, self.teams.box])
        columns = [classed(column, "cxa-card") for column in (left, middle, right)]
        other = button("Other drills", "Leave this screen; the drill stays as it is", leave)
        head = row(self._head, other, names=("cxa-head",))
        self.box = widgets.VBox([head, classed(widgets.Box(columns), "cxa-columns")])
        self.render()

    def _make_buttons(self) -> None:
        act, hand = self._act, self.trainer
        self.start = button("Start", "Show the first step to everybody", act(hand.start))
        self.pause = button("Pause", "Stop the time", act(self._pause_or_resume))
        self.more = button(
            "+30 s",
            "Thirty seconds more for everybody; opens the step again if its time is over",
            act(lambda: hand.extend(30)),
        )
        self.close = button("Close", "Take no more answers to this step", act(hand.close))
        self.reveal = button(
            "Reveal", "Show the right answer and the reason to everybody", act(hand.reveal)
        )
        self.back = button("Back", "Go back to the step before", act(hand.back))
        self.next = button("Next", "Go to the next step and start its time", act(hand.forward))
        self.end = button("End", "End the drill for everybody", self._end, "cxa-danger")
        self.desk = self._case_desk()
        table = self.trainer.state.plan().tabletop
        self.table = None if table is None else TableDesk(hand, act, self._sure)
        self._buttons: tuple[Any, ...] = self._wanted_buttons()
        self._controls = row(*self._buttons, names=("cxa-controls",))

    def _case_desk(self) -> CaseDesk | None:
        """A case that the room decides needs more hands; there is no way back in a live case."""
        part = self.trainer.state.case
        if part is None or part.decide != "room":
            return None
        self.close.tooltip = "Take no more votes"
        self.reveal.description = "Show the votes"
        self.reveal.tooltip = "Show everybody how the votes are spread"
        self.more.tooltip = "Thirty seconds more to vote; opens a closed vote again"
        return CaseDesk(self.trainer, self._act)

    def _wanted_buttons(self) -> tuple[Any, ...]:
        if self.desk is not None:
            return (self.start, self.close, self.reveal, self.desk.take, self.desk.go, self.more,
                    self.pause, self.wall.lock, self.wall.cover, self.end)  # fmt: skip
        if self.table is not None:
            return (self.start, self.table.forward, self.pause, self.wall.lock, self.wall.cover,
                    self.end)  # fmt: skip
        if self.trainer.state.case is not None:
            more = (self.more,) if teamplay.decides(self.trainer.state) else ()
            return (self.start, *more, self.pause, self.wall.lock, self.wall.cover, self.end)
        return (self.start, self.close, self.reveal, self.next, self.more, self.pause, self.back,
                self.wall.lock, self.wall.cover, self.end)  # fmt: skip

    # Acts

    def _act(self, act: Callable[[], None]) -> Callable[[], None]:
        def done() -> None:
            if self._attempt(act):
                self.render()

        return done

    def _pause_or_resume(self) -> None:
        paused = self.trainer.state.status == "paused"
        (self.trainer.resume if paused else self.trainer.pause)()

    def _end(self) -> None:
        if self._sure.confirmed("end"):
            self._act(self.trainer.end)()
        self.render()

    # Showing

    def render(self) -> None:
        """Bring every part of the screen up to date; unchanged parts send nothing."""
        state, now = self.trainer.state, time.time()
        learner = learner_address(self._workspace)
        put(self._head, stage.head(state, learner))
        put(self._sheet, stage.run_sheet(state, now))
        put(self._time, stage.time_left(state, now))
        phase = state.phase(state.step, now) if state.current else ""
        drawn = f"{state.seq}/{state.status}/{phase}/{learner}/{stage.by_itself(state, now)}"
        if drawn != self._drawn:
            self._drawn = drawn
            put(self._stage, stage.stage(state, now, learner, beside.debrief(state.run)))
            self.teams.render(state)
        self.people.render(state, now)
        self.wall.render(state, phase)
        self._enable(state, phase)

    def _enable(self, state: DrillState, phase: str) -> None:
        playing = state.status in ("running", "paused")
        running = state.status == "running"
        last = state.step == len(state.plan().steps) - 1
        votes = self.desk is None or playing_room(state).votes
        on = {
            self.start: state.status == "lobby",
            self.pause: playing,
            self.more: playing
            and (teamplay.decides(state) or (votes and phase in ("open", "closed"))),
            self.close: running and votes and phase == "open",
            self.reveal: running and votes and phase in ("open", "closed"),
            self.back: playing and state.step > 0,
            self.next: playing and not last,
            self.end: state.status != "ended",
        }
        for widget, enabled in on.items():
            widget.disabled = not enabled
        self.pause.description = "Resume" if state.status == "paused" else "Pause"
        self.next.description = "Next" if phase in ("", "revealed") else "Skip"
        self.end.description = "Press again to end" if self._sure.asked("end") else "End"
        self._show_controls(state)
        if self.desk is not None:
            self.desk.render(state, phase)
        if self.table is not None:
            self.table.render(state)
        self._point_at(self._what_next(state, phase, last))

    def _show_controls(self, state: DrillState) -> None:
        """A control is there from when it can first be of use until it cannot any more."""
        before = {self.start, self.wall.lock, self.end}
        for control in self._buttons:
            lobby = control in before if state.status == "lobby" else control is not self.start
            control.layout.display = "" if lobby and state.status != "ended" else "none"

    def _what_next(self, state: DrillState, phase: str, last: bool) -> widgets.Button | None:
        if state.status == "lobby":
            return self.start
        if state.status == "paused":
            return self.pause
        if state.status == "ended":
            return None
        if self.table is not None:
            over = play_at(state, time.time()).minute >= state.plan().minutes
            return self.end if over else None
        if self.desk is None and state.case is not None:
            who = voices(state)
            through = who and all(playing(state, one).over for one in who)
            return self.end if through else None
        if self.desk is not None and playing_room(state).over:
            return self.end
        if self.desk is not None and not self.desk.go.disabled:
            return self.desk.go
        if self.desk is not None and phase == "revealed":
            return self.desk.take
        if phase == "revealed":
            return self.end if last else self.next
        return self.close if phase == "open" else self.reveal

    def _point_at(self, chosen: Any) -> None:
        """One button at a time stands out: what a trainer most likely does next."""
        for widget in self._buttons:
            mark = widget.add_class if widget is chosen else widget.remove_class
            mark("cxa-next")
