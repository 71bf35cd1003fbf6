"""The trainer's console of live drills: choose, open the lobby, lead, end.

It is a view of the log and nothing more. Closing it loses nothing; opening it again, or a second
one, shows the drill where it is.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from crossings.apps import parts, stage
from crossings.apps.case_desk import CaseDesk
from crossings.apps.parts import button, classed, esc, put, row, text
from crossings.curriculum import CourseError, current
from crossings.curriculum.model import Course
from crossings.drills.address import learner_address
from crossings.drills.casework import ROOM, Playing, playing
from crossings.drills.log import DrillLog, DrillLogError, Event
from crossings.drills.script import script
from crossings.drills.state import DrillState
from crossings.drills.trainer import Trainer, open_drill, runs
from crossings.workspace import Workspace

EVERY = 0.5
"""Seconds between looks at the log."""
RESUME_WITHIN = 12 * 3600
"""An unfinished drill of the last hours is opened again by itself."""
EXTRA = (0, 15, 30, 60, 120)
"""Seconds that a person can be given more than the others."""
SURE_WITHIN = 6.0
"""Seconds in which a second press confirms what cannot be undone."""


def console() -> widgets.Widget:
    """The console for the running course, ready to display."""
    workspace = Workspace.current()
    try:
        made = Console(DrillLog(workspace.drills), current, workspace)
    except DrillLogError as error:
        return parts.app(text(esc(str(error)), "cxa-problem"))
    made.follow()
    return made.box


class Console:
    """Two screens: choosing a drill, and leading one.

    `course` is asked for only to choose: a drill that is open goes on whatever became of the files.
    """

    def __init__(self, log: DrillLog, course: Callable[[], Course], workspace: Workspace) -> None:
        self.log, self.workspace = log, workspace
        self._course = course
        self.room: RoomScreen | None = None
        self._problem = text("", "cxa-problem")
        self._problem.layout.display = "none"
        self._place = widgets.VBox()
        self.box = parts.app(self._problem, self._place)
        unfinished = self._unfinished()
        if unfinished:
            self.lead(unfinished[0].drill)
        else:
            self.choose()

    def follow(self) -> None:
        """Keep the screen up to date for as long as the notebook runs."""
        self._task = asyncio.ensure_future(self._following())

    async def _following(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            self.tick()

    def tick(self) -> None:
        """Look at the log once and show what is new."""
        if self.room is None:
            return
        if self.attempt(self.room.trainer.refresh):
            self.attempt(self.room.render)

    def attempt(self, act: Callable[[], Any]) -> bool:
        """Do `act`; a log that cannot be used becomes one clear message."""
        try:
            act()
        except DrillLogError as error:
            put(self._problem, f"<span role='alert'>{esc(str(error))}</span>")
            self._problem.layout.display = ""
            return False
        self._problem.layout.display = "none"
        return True

    # Choosing

    def choose(self) -> None:
        self.room = None
        self._place.children = [text("<p class='quiet'>Reading the course…</p>")]
        try:
            course = self._course()
        except CourseError as error:
            self._place.children = [_course_problems(error), *self._open_drills()]
            return
        drills = [
            (drill.title, f"{module.id}/{drill.id}")
            for module in course.modules.values()
            for drill in module.drills.values()
        ]
        if not drills:
            self._place.children = [
                text(
                    "<h1>No drills yet</h1><p>Add a file to the folder "
                    "<code>drills</code> of a module.</p>"
                )
            ]
            return
        pick = widgets.Select(options=drills, description="Drill", rows=max(4, len(drills)))
        pick.tooltip = "Choose a drill to see what it holds"
        preview = text("", "cxa-card")

        def show(_change: Any = None) -> None:
            try:
                put(preview, stage.preview(script(course, pick.value)))
            except CourseError as error:
                put(preview, _course_problems(error).value)
            start.disabled = "cxa-problem" in preview.value

        def open_lobby() -> None:
            self.attempt(lambda: self.lead(open_drill(self.log, course, pick.value)))

        tip = "Make a join code and let people in"
        start = button("Open the lobby", tip, open_lobby, "cxa-next")
        pick.observe(show, "value")
        show()
        left = classed(widgets.VBox([pick, start, *self._open_drills()]), "cxa-card")
        self._place.children = [
            text(
                "<h1>Live drills</h1><p class='quiet'>Choose a drill, open its lobby, and let the "
                "class join by phone. Nobody needs an account.</p>"
            ),
            classed(widgets.Box([left, preview]), "cxa-two"),
        ]

    def _open_drills(self) -> list[widgets.Widget]:
        found: list[widgets.Widget] = []
        for opening in self._unfinished():
            label = f"Continue {opening.payload['code']}: {opening.payload['title']}"
            act = self._leading(opening.drill)
            found.append(button(label, "Go on with this drill where it stands", act))
        return [text("<h3>Not finished yet</h3>"), *found] if found else []

    def _leading(self, run: str) -> Callable[[], None]:
        return lambda: self.lead(run)

    def _unfinished(self) -> list[Event]:
        recent = [e for e in runs(self.log) if time.time() - e.at < RESUME_WITHIN]
        return [e for e in recent[:8] if self._status(e.drill) != "ended"]

    def _status(self, run: str) -> str:
        state = DrillState(run)
        for event in self.log.since(run):
            state.apply(event)
        return state.status if state.script is not None else "ended"

    # Leading

    def lead(self, run: str) -> None:
        self.room = RoomScreen(Trainer(self.log, run), self)
        self._place.children = [self.room.box]


def playing_room(state: DrillState) -> Playing:
    """The room's play of a case drill."""
    return playing(state, ROOM)


def _course_problems(error: CourseError) -> widgets.HTML:
    problems = "".join(f"<li>{esc(str(p))}</li>" for p in error.problems[:10])
    told = f"<p>The course has problems; mend them first.</p><ul>{problems}</ul>"
    return text(f"<div class='cxa-problem'>{told}</div>")


class RoomScreen:
    """Left the run sheet, in the middle what the room sees, right the room."""

    def __init__(self, trainer: Trainer, console: Console) -> None:
        self.trainer, self._console = trainer, console
        self._head, self._sheet = text(), text()
        self._time, self._stage = text(), text()
        self._people = text()
        self._sure: tuple[str, float] = ("", 0.0)
        self._drawn = ""
        self._make_buttons()
        self._make_people()
        desk = [self.desk.box] if self.desk is not None else []
        middle = widgets.VBox([self._controls, self._time, self._stage, *desk])
        right = widgets.VBox([self._people, self._handling])
        left = widgets.VBox([self._sheet])
        columns = [classed(column, "cxa-card") for column in (left, middle, right)]
        other = button(
            "Other drills", "Leave this screen; the drill stays as it is", console.choose
        )
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
            return (self.start, self.close, self.reveal, self.desk.take, self.desk.go,
                    self.more, self.pause, self.end)  # fmt: skip
        if self.trainer.state.case is not None:
            return (self.start, self.pause, self.end)
        return (self.start, self.close, self.reveal, self.next, self.more, self.pause, self.back,
                self.end)  # fmt: skip

    def _make_people(self) -> None:
        self.person = widgets.Dropdown(options=[("Choose a person", "")], description="Person")
        self.person.tooltip = "Whom the fields below are about"
        self.new_name = widgets.Text(description="New name", placeholder="Write a new name")
        self.new_name.tooltip = "The name that you will see for this person"
        times = [(f"{s} s more in each step" if s else "No extra time", s) for s in EXTRA]
        self.extra = widgets.Dropdown(options=times, description="Extra time")
        self.extra.tooltip = "For somebody who needs longer than the others"
        self.rename = button("Rename", "Give this person the new name", self._rename)
        self.give = button("Give time", "Set the extra time of this person", self._give)
        self.remove = button(
            "Remove", "Take this person out of the room", self._remove, "cxa-danger"
        )
        self.person.observe(self._person_chosen, "value")
        self._seat_code = text()
        self._handling = widgets.VBox(
            [
                text("<h3>One person</h3>"),
                self.person,
                self._seat_code,
                self.new_name,
                row(self.rename, self.remove),
                self.extra,
                row(self.give),
            ]
        )

    # Acts

    def _act(self, act: Callable[[], None]) -> Callable[[], None]:
        def done() -> None:
            if self._console.attempt(act):
                self.render()

        return done

    def _pause_or_resume(self) -> None:
        paused = self.trainer.state.status == "paused"
        (self.trainer.resume if paused else self.trainer.pause)()

    def _end(self) -> None:
        if self._confirmed("end"):
            self._act(self.trainer.end)()
        self.render()

    def _remove(self) -> None:
        seat = self.person.value
        if seat and self._confirmed(f"remove {seat}"):
            self._act(lambda: self.trainer.remove(seat))()
        self.render()

    def _rename(self) -> None:
        seat, name = self.person.value, self.new_name.value
        if seat and name.strip():
            self._act(lambda: self.trainer.rename(seat, name))()
            self.new_name.value = ""

    def _give(self) -> None:
        seat, seconds = self.person.value, self.extra.value
        if seat:
            self._act(lambda: self.trainer.give_time(seat, seconds))()

    def _confirmed(self, what: str) -> bool:
        """True at the second press within a few seconds."""
        before, at = self._sure
        if before == what and time.time() - at < SURE_WITHIN:
            self._sure = ("", 0.0)
            return True
        self._sure = (what, time.time())
        return False

    def _asked(self, what: str) -> bool:
        return self._sure[0] == what and time.time() - self._sure[1] < SURE_WITHIN

    def _person_chosen(self, _change: Any) -> None:
        seat = self.trainer.state.seats.get(self.person.value)
        self.extra.value = int(seat.extra) if seat and seat.extra in EXTRA else 0
        self._show_person()

    # Showing

    def render(self) -> None:
        """Bring every part of the screen up to date; unchanged parts send nothing."""
        state, now = self.trainer.state, time.time()
        learner = learner_address(self._console.workspace)
        put(self._head, stage.head(state, learner))
        put(self._sheet, stage.run_sheet(state))
        put(self._time, stage.time_left(state, now))
        phase = state.phase(state.step, now) if state.current else ""
        drawn = f"{state.seq}/{state.status}/{phase}/{learner}"
        if drawn != self._drawn:
            self._drawn = drawn
            put(self._stage, stage.stage(state, now, learner))
            put(self._people, stage.people(state, now))
            self._fill_person()
        self._enable(state, phase)

    def _fill_person(self) -> None:
        seats = self.trainer.state.present
        options = [("Choose a person", ""), *((s.name, s.id) for s in seats)]
        if list(self.person.options) != options:
            chosen = self.person.value
            self.person.options = options
            self.person.value = chosen if chosen in {o[1] for o in options} else ""
        self._show_person()

    def _show_person(self) -> None:
        seat = self.trainer.state.seats.get(self.person.value)
        code = f"{seat.code[:3]} {seat.code[3:]}" if seat else ""
        put(
            self._seat_code,
            f"<p class='small quiet'>Seat code: <b>{esc(code)}</b></p>" if code else "",
        )
        for widget in (self.rename, self.remove, self.give):
            widget.disabled = seat is None

    def _enable(self, state: DrillState, phase: str) -> None:
        playing = state.status in ("running", "paused")
        running = state.status == "running"
        last = state.step == len(state.plan().steps) - 1
        votes = self.desk is None or playing_room(state).votes
        on = {
            self.start: state.status == "lobby",
            self.pause: playing,
            self.more: playing and votes and phase in ("open", "closed"),
            self.close: running and votes and phase == "open",
            self.reveal: running and votes and phase in ("open", "closed"),
            self.back: playing and state.step > 0,
            self.next: playing and not last,
            self.end: state.status != "ended",
        }
        for widget, enabled in on.items():
            widget.disabled = not enabled
        self.pause.description = "Resume" if state.status == "paused" else "Pause"
        self.end.description = "Press again to end" if self._asked("end") else "End"
        asked = self._asked(f"remove {self.person.value}")
        self.remove.description = "Press again to remove" if asked else "Remove"
        if self.desk is not None:
            self.desk.render(state, phase)
        self._point_at(self._what_next(state, phase, last))

    def _what_next(self, state: DrillState, phase: str, last: bool) -> widgets.Button | None:
        if state.status == "lobby":
            return self.start
        if state.status == "paused":
            return self.pause
        if state.status == "ended":
            return None
        if self.desk is None and state.case is not None:
            through = state.present and all(playing(state, s.id).over for s in state.present)
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
