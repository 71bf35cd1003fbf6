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
from crossings.apps.parts import button, classed, esc, put, text
from crossings.apps.room_screen import RoomScreen
from crossings.curriculum import CourseError, current
from crossings.curriculum.model import Course
from crossings.drills.log import DrillLog, DrillLogError, Event
from crossings.drills.script import script
from crossings.drills.state import DrillState
from crossings.drills.trainer import Trainer, open_drill, runs
from crossings.workspace import Workspace

EVERY = 0.25
"""Seconds between looks at the log."""
SHARE = 0.25
"""Most of the time that drawing may take: a busy machine looks less often, and keeps up."""
RESUME_WITHIN = 12 * 3600
"""An unfinished drill of the last hours is opened again by itself."""


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
        took = 0.0
        while True:
            await asyncio.sleep(max(EVERY, took / SHARE - took))
            began = time.monotonic()
            self.tick()
            took = time.monotonic() - began

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
        self.room = RoomScreen(Trainer(self.log, run), self.workspace, self.attempt, self.choose)
        self._place.children = [self.room.box]


def _course_problems(error: CourseError) -> widgets.HTML:
    problems = "".join(f"<li>{esc(str(p))}</li>" for p in error.problems[:10])
    told = f"<p>The course has problems; mend them first.</p><ul>{problems}</ul>"
    return text(f"<div class='cxa-problem'>{told}</div>")
