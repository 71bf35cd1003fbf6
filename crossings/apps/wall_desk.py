"""The trainer's hand on the door and on the big screen: lock, cover, hold up an answer."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets

from crossings.apps.parts import button, row, text
from crossings.apps.people_desk import Acting
from crossings.drills.state import DrillState
from crossings.drills.trainer import Trainer
from crossings.drills.views import counts

MOST = 60
"""Most written answers to choose from, the newest first."""


class WallDesk:
    """`lock` and `cover` stand with the other controls; `box` is for holding up an answer."""

    def __init__(self, trainer: Trainer, act: Acting) -> None:
        self._trainer = trainer
        self.lock = button("Lock room", "Let nobody new in", act(self._lock))
        self.cover = button("Cover screen", "Take all off the big screen", act(self._cover))
        self.answer = widgets.Dropdown(options=[("Choose an answer", "")], description="Answer")
        self.answer.tooltip = "What to hold up on the big screen; a written one without its name"
        self.hold = button("Hold up", "Show this answer large on the big screen", act(self._hold))
        self.down = button("Take down", "Take the answer off the big screen", act(self._down))
        self.box = widgets.VBox(
            [text("<h3>Hold up an answer</h3>"), self.answer, row(self.hold, self.down)]
        )
        self.box.layout.display = "none"
        self._known = ""

    def _lock(self) -> None:
        self._trainer.lock(not self._trainer.state.locked)

    def _cover(self) -> None:
        self._trainer.curtain(not self._trainer.state.curtain)

    def _hold(self) -> None:
        kind, _, what = str(self.answer.value).partition(":")
        if what:
            self._trainer.highlight(**{kind: what})

    def _down(self) -> None:
        self._trainer.highlight()

    def render(self, state: DrillState, phase: str) -> None:
        """Enable what can be pressed, and offer the answers of a step that is closed."""
        live = state.status in ("running", "paused")
        self.lock.disabled = state.status == "ended"
        self.lock.description = "Unlock room" if state.locked else "Lock room"
        self.lock.tooltip = "Let people join again" if state.locked else "Let nobody new in"
        self.cover.disabled = not live
        self.cover.description = "Show screen" if state.curtain else "Cover screen"
        found = _answers(state) if live and phase in ("closed", "revealed") else []
        self.box.layout.display = "" if found else "none"
        self.down.disabled = not state.highlight
        if str(found) == self._known:
            return
        self._known, chosen = str(found), self.answer.value
        self.answer.options = [("Choose an answer", ""), *found]
        self.answer.value = chosen if chosen in {v for _, v in found} else ""


def _answers(state: DrillState) -> list[tuple[str, str]]:
    """What can be held up of the current step: what was written, or the options."""
    run = state.current
    if run is None:
        return []
    given = [(s.id, run.answers[s.id].response) for s in state.present if s.id in run.answers]
    written = [(str(r.get("text", r.get("number"))), s) for s, r in given
               if r.get("text") or "number" in r]  # fmt: skip
    if written:
        return [(words[:80], f"seat:{seat}") for words, seat in written[-MOST:]]
    if state.case is not None:
        return []
    bars: list[dict[str, Any]] = counts(state, state.step)["bars"]
    return [(f"{b['letter']}  {b['text']}"[:90], f"option:{b['id']}") for b in bars if b["letter"]]
