"""The trainer's hand on a case drill for the room: take the vote, or choose oneself.

What can be chosen is what the engine allows at this turn, so no press can go against the case.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from crossings.apps.parts import button, classed, put, row, text
from crossings.cases.engine import MAX_NOTE
from crossings.drills import votes
from crossings.drills.casework import ROOM, playing
from crossings.drills.state import DrillState
from crossings.drills.trainer import Trainer

DOUBLE = 0.6
"""Seconds of a turn in which a press still belongs to the turn before."""

Acting = Callable[[Callable[[], None]], Callable[[], None]]
"""Wraps an act so that a log that cannot be written becomes a message."""


class CaseDesk:
    """Two buttons and a choice for each group of the ballot; `render` follows the drill."""

    def __init__(self, trainer: Trainer, act: Acting) -> None:
        self._trainer = trainer
        self.take = button(
            "Take the vote",
            "What most people voted for happens; at a tie you choose below",
            act(self._take),
        )
        self.choose = button(
            "Choose this",
            "What you chose in the list happens, whatever the vote",
            act(self._choose),
        )
        self.go = button("Go on", "Leave this scene and show what comes next", act(self._go))
        self._choices = widgets.VBox()
        self._hint = text("", "cxa-hint")
        self.box = classed(
            widgets.VBox([self._hint, self._choices, row(self.choose)]), "cxa-choosing"
        )
        self._drawn = -1

    @property
    def picks(self) -> dict[str, Any]:
        """The lists to choose from, by group of the ballot."""
        return dict(zip(self._groups, self._choices.children, strict=False))

    _groups: tuple[str, ...] = ()

    def _seen(self) -> bool:
        """Whether the turn was there long enough to be meant: a double press decides once."""
        state = self._trainer.state
        return time.time() - state.steps[state.step].opened_at >= DOUBLE

    def _take(self) -> None:
        if self._seen():
            self._trainer.take_votes()

    def _go(self) -> None:
        if self._seen():
            self._trainer.take({"action": "continue"})

    def _choose(self) -> None:
        action = self._chosen()
        if action is not None and self._seen():
            self._trainer.take(action)

    def _chosen(self) -> dict[str, Any] | None:
        """The action that the lists make; None while one of them is open."""
        play = playing(self._trainer.state, ROOM)
        values = {name: widget.value for name, widget in self.picks.items()}
        if not values or None in values.values():
            return None
        if play.kind == "note":
            return {"action": "write", "text": values[""]}
        return votes.action_for(play, values)

    def render(self, state: DrillState, phase: str) -> None:
        """Draw the lists of a new turn, and enable what can be pressed."""
        play = playing(state, ROOM)
        running = state.status == "running"
        voting = running and play.votes
        if self._drawn != state.step or play.kind == "note":
            self._drawn = state.step
            self._draw(state)
        taken = votes.plurality(state, state.step) if voting else None
        self.take.disabled = taken is None
        self.choose.disabled = not (voting and self._chosen() is not None)
        self.go.disabled = not (running and play.kind == "scene")
        self.box.layout.display = "" if voting else "none"
        put(self._hint, self._said(state, phase, taken) if voting else "")

    def _draw(self, state: DrillState) -> None:
        play = playing(state, ROOM)
        groups = votes.ballot(play) if play.votes else []
        if play.kind == "note":
            written = votes.notes(state, state.step)
            options = [(text_[:80], text_) for text_ in written] or [("No note", "")]
            self._put([("", "Note", options)])
            return
        self._put(
            [
                (g["id"], g["text"] if len(groups) > 1 else "Your choice",
                 [(f"{votes.LETTERS[n % 26]}  {o['text']}"[:110], o["id"])
                  for n, o in enumerate(g["options"])])
                for g in groups
            ]
        )  # fmt: skip

    def _put(self, groups: list[tuple[str, str, list[tuple[str, str]]]]) -> None:
        self._groups = tuple(name for name, _, _ in groups)
        old = list(self._choices.children)
        made = []
        for n, (_, label, options) in enumerate(groups):
            wanted = [("Choose…", None), *options]
            if n < len(old) and old[n].description == label and list(old[n].options) == wanted:
                made.append(old[n])
                continue
            pick = widgets.Dropdown(options=wanted, value=None, description=label)
            pick.tooltip = "What happens when you press “Choose this”"
            pick.observe(lambda _: self._picked(), "value")
            made.append(pick)
        if made != old:
            self._choices.children = made

    def _picked(self) -> None:
        self.choose.disabled = self._chosen() is None or self._trainer.state.status != "running"

    def _said(self, state: DrillState, phase: str, taken: dict[str, Any] | None) -> str:
        """What a trainer should know before pressing."""
        if playing(state, ROOM).kind == "note":
            written = votes.notes(state, state.step)
            fit = votes.fitting(written)
            if fit == len(written):
                return "<p class='quiet small'>Take keeps all notes; or choose one of them.</p>"
            return (
                f"<p class='cxa-note'>All {len(written)} notes together are over "
                f"{MAX_NOTE:,} characters. Take keeps the first {fit} of them and says so; the "
                "others stay in the log. Or choose one of them.</p>"
            )
        if taken is not None or phase == "open":
            return "<p class='quiet small'>Or decide yourself, whatever the vote:</p>"
        tied = [g for g in votes.split(state, state.step) if len(votes.leading(g)) > 1]
        word = "It is a tie" if tied else "There is no vote that decides"
        return f"<p class='cxa-note'>{word}: you choose.</p>"
