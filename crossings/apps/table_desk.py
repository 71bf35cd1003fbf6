"""The trainer's hand on a tabletop drill: news, the clock, the story, scores.

Everything here is one event in the log; the exercise follows from it.
"""

from __future__ import annotations

import time
from typing import Any

import ipywidgets as widgets

from crossings.apps import table_stage
from crossings.apps.confirming import Confirming
from crossings.apps.parts import button, classed, put, row, text
from crossings.apps.people_desk import Acting
from crossings.drills.state import DrillState
from crossings.drills.tablework import final_play, next_news, play_at, table_of
from crossings.drills.trainer import Trainer
from crossings.tabletop import EVERYBODY, Play
from crossings.tabletop.clock import MINUTE

NEWS, CLOCK, STORY, SCORES = "Send news", "Move the clock", "Story", "Score"
WORDS = 90
"""Characters of a text in a list to choose from."""


class TableDesk:
    """`forward` stands with the other controls; `box` has one panel at a time."""

    def __init__(self, trainer: Trainer, act: Acting, sure: Confirming) -> None:
        self._trainer, self._act, self._sure = trainer, act, sure
        self._table = table_of(trainer.state)
        self._drawn = ""
        self.forward = button(
            "Next event",
            "Move the clock forward to the next thing that comes by itself",
            act(self._forward),
        )
        self.view = widgets.ToggleButtons(options=[NEWS, CLOCK, STORY, SCORES])
        self.view.tooltips = ["", "", "", ""]
        self.view.observe(lambda _: self._show(), "value")
        self._panels = {
            NEWS: self._news(), CLOCK: self._clock(), STORY: self._story(), SCORES: self._scores()
        }  # fmt: skip
        self._views = classed(widgets.Box([self.view]), "cxa-views")
        panels = list(self._panels.values())
        self.box = classed(widgets.VBox([self._views, *panels]), "cxa-choosing")
        self._show()

    def _show(self) -> None:
        for name, panel in self._panels.items():
            panel.layout.display = "" if name == self.view.value else "none"

    # Panels

    def _news(self) -> widgets.VBox:
        self.inject = _pick("Inject", "One of the file that has not come yet")
        self.send = button("Send it now", "Send this inject to its roles", self._act(self._send))
        roles = [(role.name, name) for name, role in self._table.roles.items()]
        self.to = widgets.Dropdown(options=[("Everybody", EVERYBODY), *roles], description="To")
        self.to.tooltip = "Who gets your own news"
        self.title = widgets.Text(description="Title", placeholder="A few words")
        self.title.tooltip = "The title of your own news"
        self.words = widgets.Textarea(description="Your own news", rows=2)
        self.words.tooltip = "What they read; also the answer to a question to exercise control"
        self.improvise = button(
            "Send my news", "Send what you have written", self._act(self._improvise)
        )
        for widget in (self.inject, self.words):
            widget.observe(lambda _: self._ready(), "value")
        return widgets.VBox(
            [
                _beside(self.inject, self.send),
                _beside(self.to, self.title),
                _beside(self.words, self.improvise),
            ]
        )

    def _clock(self) -> widgets.VBox:
        whole = self._trainer.state.plan().minutes
        self.minute = widgets.BoundedIntText(0, min=0, max=whole + 60, description="Minute")
        self.minute.tooltip = "The minute of the class to go to"
        self.go = button("Go there", "Forward: what lies between comes. Back: what came later is "
                         "taken back", self._go)  # fmt: skip
        self._told = text()
        self.minute.observe(lambda _: self._tell(), "value")
        return widgets.VBox([_beside(self.minute, self.go), self._told])

    def _story(self) -> widgets.VBox:
        self.way = _pick("The story goes on", "Which way it goes at a branch")
        self.take = button("Go this way", "The story goes this way", self._act(self._take))
        stones = [(_short(m.text), name) for name, m in self._table.milestones.items()]
        self.stone = widgets.Dropdown(options=[("Choose…", ""), *stones], description="Milestone")
        self.stone.tooltip = "What you have seen to be reached, or not"
        self.met = button("It is met", "Say that this milestone is met",
                          self._act(lambda: self._switch(True)))  # fmt: skip
        self.unmet = button("It is not", "Say that this milestone is not met",
                            self._act(lambda: self._switch(False)))  # fmt: skip
        for widget in (self.way, self.stone):
            widget.observe(lambda _: self._ready(), "value")
        return widgets.VBox(
            [_beside(self.way, self.take), _beside(self.stone, self.met, self.unmet)]
        )

    def _scores(self) -> widgets.VBox:
        roles = [(role.name, name) for name, role in self._table.roles.items()]
        scales = [(_short(s.text or s.id), s.id) for s in self._table.rubric]
        self.role = widgets.Dropdown(options=roles, description="Role")
        self.role.tooltip = "Whom you score"
        self.scale = widgets.Dropdown(options=scales, description="Criterion")
        self.scale.tooltip = "By what"
        self.level = widgets.Dropdown(options=[], description="Level")
        self.level.tooltip = "What you have seen"
        self.note = widgets.Text(description="Note", placeholder="What you saw; the team reads it")
        self.note.tooltip = "A sentence that the team reads at the end"
        self.give = button("Score", "Keep this score; a later one counts instead",
                           self._act(self._give))  # fmt: skip
        self._given = text()
        self.scale.observe(lambda _: self._levels(), "value")
        self.level.observe(lambda _: self._ready(), "value")
        self._levels()
        if not scales:
            return widgets.VBox([text("<p class='quiet'>The file has no rubric.</p>"), self._given])
        return widgets.VBox(
            [
                _beside(self.role, self.scale),
                self.level,
                _beside(self.note, self.give),
                self._given,
            ]
        )

    # Acts

    def _forward(self) -> None:
        minute = next_news(self._trainer.state, time.time())
        if minute is not None:
            self._trainer.skip(minute)

    def _send(self) -> None:
        if self.inject.value:
            self._trainer.inject(self.inject.value)

    def _improvise(self) -> None:
        words = self.words.value.strip()
        if words:
            to = self.to.value
            self._trainer.improvise(to if to == EVERYBODY else [to], self.title.value, words)
            self.title.value = self.words.value = ""

    def _go(self) -> None:
        minute, play = int(self.minute.value), self._play()
        if minute * MINUTE > play.ms:
            self._act(lambda: self._trainer.skip(minute))()
        elif self._sure.confirmed("rewind"):
            self._act(lambda: self._trainer.rewind(minute))()
        self._tell()

    def _take(self) -> None:
        branch, _, way = str(self.way.value).partition(".")
        if way:
            self._trainer.branch(branch, way)

    def _switch(self, on: bool) -> None:
        if self.stone.value:
            self._trainer.switch(self.stone.value, on)

    def _give(self) -> None:
        if self.level.value is not None:
            note = self.note.value.strip()[:400]
            self._trainer.give_level(self.role.value, self.scale.value, self.level.value, note)
            self.note.value, self.level.value = "", None

    # Showing

    def _play(self) -> Play:
        state = self._trainer.state
        return final_play(state) if state.status == "ended" else play_at(state, time.time())

    def _levels(self) -> None:
        scale = next((s for s in self._table.rubric if s.id == self.scale.value), None)
        levels = scale.levels if scale is not None else ()
        found = [(f"{lv.points:g}  {_short(lv.text)}", n) for n, lv in enumerate(levels)]
        self.level.options = [("Choose…", None), *found]
        self.level.value = None

    def render(self, state: DrillState) -> None:
        """Offer what is left to choose, and enable what can be pressed."""
        play = self._play()
        live = state.status in ("running", "paused")
        self.box.layout.display = "none" if state.status == "lobby" else ""
        if state.status == "ended" and self._views.layout.display != "none":
            # What is left to do then is to score.
            self.view.value, self._views.layout.display = SCORES, "none"
        drawn = f"{state.seq}/{len(play.entries)}"
        if drawn != self._drawn:
            self._drawn = drawn
            left = [i for i in self._table.injects if i.id not in play.fired]
            names = [(f"{i.title} ({table_stage.trigger(self._table, i)})", i.id) for i in left]
            _offer(self.inject, [(name[:WORDS], id_) for name, id_ in names])
            _offer(self.way, [
                (f"{fork.question} {_short(way.text)}"[:WORDS], f"{name}.{w}")
                for name, fork in self._table.branches.items() if name not in play.ways
                for w, way in fork.ways.items()
            ])  # fmt: skip
            put(self._given, f"<h3>Scores so far</h3>{table_stage.scores(play)}")
        self.forward.disabled = not live or play.next_ms is None
        self.go.disabled = not live
        self._ready()
        self._tell()

    def _ready(self) -> None:
        status = self._trainer.state.status
        live = status in ("running", "paused")
        self.give.disabled = status == "lobby" or self.level.value is None
        self.send.disabled = not (live and self.inject.value)
        self.take.disabled = not (live and self.way.value)
        self.improvise.disabled = not (live and self.words.value.strip())
        self.met.disabled = self.unmet.disabled = not (live and self.stone.value)

    def _tell(self) -> None:
        """What going to the chosen minute would do."""
        state, minute = self._trainer.state, int(self.minute.value)
        if state.status not in ("running", "paused"):
            put(self._told, "")
            return
        play = self._play()
        if minute * MINUTE > play.ms:
            self.go.description = "Forward to there"
            put(self._told, "<p class='quiet small'>What lies between comes at once.</p>")
            return
        late = (m for m in play.history.moments if m.ms > minute * MINUTE)
        gone = sum(m.event.kind != "scored" for m in late)
        asked = self._sure.asked("rewind")
        self.go.description = "Press again to go back" if asked else "Back to there"
        acts = "1 act" if gone == 1 else f"{gone} acts"
        said = f"{acts} of the teams and of yours would be taken back; the log keeps them."
        put(self._told, f"<p class='cxa-note'>{said}</p>")


def _beside(*children: widgets.Widget) -> widgets.Box:
    """Fields and their buttons in one line, where there is room."""
    return row(*children, names=("cxa-pick",))


def _pick(label: str, tip: str) -> Any:
    pick = widgets.Dropdown(options=[("Choose…", "")], description=label)
    pick.tooltip = tip
    return pick


def _offer(pick: Any, options: list[tuple[str, str]]) -> None:
    """New options; what is chosen stays chosen while it is there."""
    wanted = [("Choose…", ""), *options]
    if list(pick.options) != wanted:
        chosen = pick.value
        pick.options = wanted
        pick.value = chosen if chosen in {o[1] for o in wanted} else ""


def _short(words: str) -> str:
    return words if len(words) <= WORDS else words[: WORDS - 2].rsplit(" ", 1)[0] + " …"
