"""The people of a drill at the console: who is in, who may be stuck, and what to do about one.

The list shows a page at a time and the choice of a person changes with the room and not with each
answer, so the desk is as quick with three hundred people as with five.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import ipywidgets as widgets

from crossings.apps import stage
from crossings.apps.confirming import Confirming
from crossings.apps.parts import button, esc, put, row, text
from crossings.drills import attention
from crossings.drills.state import DrillState, Seat
from crossings.drills.trainer import Trainer

PAGE = 15
"""People on one page of the list."""
EXTRA = (0, 15, 30, 60, 120)
"""Seconds that a person can be given more than the others."""
SETTLE = 3.0
"""Seconds between changes of the choice of a person: a list that jumps cannot be used."""
VIEWS = {"Everybody": "all", "No answer yet": "waiting", "May be stuck": "stuck",
         "Taken out": "out"}  # fmt: skip

Acting = Callable[[Callable[[], None]], Callable[[], None]]
"""Wraps an act so that a log that cannot be written becomes a message."""


class PeopleDesk:
    """The list with its filters above, one person below."""

    def __init__(self, trainer: Trainer, act: Acting, sure: Confirming) -> None:
        self._trainer, self._act, self._sure = trainer, act, sure
        self._page, self._filled, self._known = 0, 0.0, ""
        self._make_list()
        self._make_person()
        self.box = widgets.VBox([self._listed, self._handling])

    def _make_list(self) -> None:
        self.view = widgets.Dropdown(options=VIEWS, description="Show")
        self.view.tooltip = "Which people the list shows"
        self.find = widgets.Text(description="Find", placeholder="Part of a name")
        self.find.tooltip = "Show only names with these letters"
        self.names = widgets.Checkbox(value=True, description="Show names", indent=False)
        self.names.tooltip = "Without it this screen shows numbers, and can be seen by the class"
        self.earlier = button("‹ Earlier", "The page of people before", lambda: self._turn(-1))
        self.later = button("Later ›", "The next page of people", lambda: self._turn(1))
        self._head, self._people = text(), text()
        self._pages = row(self.earlier, self.later)
        for control in (self.view, self.find):
            control.observe(lambda _: self._again(), "value")
        self.names.observe(lambda _: self._names_changed(), "value")
        self._listed = widgets.VBox(
            [self._head, self.view, self.find, self.names, self._people, self._pages]
        )

    def _make_person(self) -> None:
        act = self._act
        self.person = widgets.Dropdown(options=[("Choose a person", "")], description="Person")
        self.person.tooltip = "Whom the fields below are about"
        self.person.observe(lambda _: self._chosen(), "value")
        self.new_name = widgets.Text(description="New name", placeholder="Write a new name")
        self.new_name.tooltip = "The name that you will see for this person"
        times = [(f"{s} s more in each step" if s else "No extra time", s) for s in EXTRA]
        self.extra = widgets.Dropdown(options=times, description="Extra time")
        self.extra.tooltip = "For somebody who needs longer than the others"
        self.rename = button("Rename", "Give this person the new name", self._rename)
        self.mask = button("Hide name", "All others see a number for this person", act(self._mask))
        self.give = button("Give time", "Set the extra time of this person", act(self._give))
        self.remove = button("Remove", "Take this person out; the device may join again",
                             lambda: self._surely("remove", self._trainer.remove),
                             "cxa-danger")  # fmt: skip
        self.block = button("Block", "Take this person out, and keep the device out",
                            lambda: self._surely("block", self._trainer.block),
                            "cxa-danger")  # fmt: skip
        self.readmit = button("Let in again", "The seat comes back with all that it had",
                              act(lambda: self._trainer.readmit(self.person.value)))  # fmt: skip
        self._about = text()
        self._handling = widgets.VBox(
            [
                text("<h3>One person</h3>"),
                self.person,
                self._about,
                self.new_name,
                row(self.rename, self.mask),
                self.extra,
                row(self.give),
                row(self.remove, self.block, self.readmit),
            ]
        )

    # Acts

    def _seat(self) -> Seat | None:
        return self._trainer.state.seats.get(self.person.value)

    def _surely(self, what: str, act: Callable[[str], None]) -> None:
        seat = self.person.value
        if seat and self._sure.confirmed(f"{what} {seat}"):
            self._act(lambda: act(seat))()
        self._again()

    def _rename(self) -> None:
        seat, name = self.person.value, self.new_name.value
        if seat and name.strip():
            self._act(lambda: self._trainer.rename(seat, name))()
            self.new_name.value = ""

    def _mask(self) -> None:
        seat = self._seat()
        if seat is not None:
            self._trainer.mask(seat.id, not seat.masked)

    def _give(self) -> None:
        if self.person.value:
            self._trainer.give_time(self.person.value, self.extra.value)

    def _chosen(self) -> None:
        seat = self._seat()
        self.extra.value = int(seat.extra) if seat and seat.extra in EXTRA else 0
        self._show_person()

    def _turn(self, by: int) -> None:
        self._page += by
        self._again()

    def _names_changed(self) -> None:
        self._known = ""  # names that are to be hidden do not wait
        self._again()

    def _again(self) -> None:
        self.render(self._trainer.state, time.time())

    # Showing

    def label(self, state: DrillState, seat: str) -> str:
        """How this screen calls somebody: by number while names are hidden."""
        if self.names.value:
            return state.seats[seat].name
        return f"Participant {list(state.seats).index(seat) + 1}"

    def render(self, state: DrillState, now: float) -> None:
        """Draw the page of the list that is wanted, and the person who is chosen."""
        stuck = attention.stuck(state, now)
        found = self._wanted(state, now, stuck)
        last = max(0, (len(found) - 1) // PAGE)
        self._page = min(max(0, self._page), last)
        shown = found[self._page * PAGE : (self._page + 1) * PAGE]
        put(self._head, stage.people_head(state, now, stuck))
        rows = [(self.label(state, s.id), s) for s in shown]
        put(self._people, stage.people(state, now, rows, stuck, self._page * PAGE, len(found)))
        self.earlier.disabled, self.later.disabled = self._page == 0, self._page == last
        self._pages.layout.display = "" if last else "none"
        self._fill_person(state, now)
        self._show_person()

    def _wanted(self, state: DrillState, now: float, stuck: dict[str, str]) -> list[Seat]:
        view, letters = self.view.value, self.find.value.strip().casefold()
        seats = [s for s in state.seats.values() if s.removed == (view == "out")]
        if view == "stuck":
            seats = [s for s in seats if s.id in stuck]
        done = stage.done(state)
        if view == "waiting":
            seats = [s for s in seats if s.id not in done]
        if letters:
            seats = [s for s in seats if letters in self.label(state, s.id).casefold()]
        if stage.waiting(state, now):
            seats.sort(key=lambda s: (s.id not in stuck, s.id in done))
        return seats

    def _fill_person(self, state: DrillState, now: float) -> None:
        """Offer everybody by name, A to Z; those who were taken out come last."""
        if self._known and now - self._filled < SETTLE:
            return
        seats = sorted(state.seats.values(), key=lambda s: (s.removed, s.name.casefold()))
        named = [(self.label(state, s.id), s) for s in seats]
        options = [(f"{n} (taken out)" if s.removed else n, s.id) for n, s in named]
        known = str(hash(tuple(options)))
        if known == self._known:
            return
        self._known, self._filled = known, now
        chosen = self.person.value
        self.person.options = [("Choose a person", ""), *options]
        self.person.value = chosen if chosen in state.seats else ""

    def _show_person(self) -> None:
        seat = self._seat()
        put(self._about, _about(self._trainer.state, seat) if seat else "")
        out = bool(seat and seat.removed)
        for control in (self.rename, self.mask, self.give, self.remove):
            control.disabled = seat is None or out
        self.block.disabled = seat is None or seat.blocked
        self.readmit.disabled = not out
        self.mask.description = "Show name" if seat and seat.masked else "Hide name"
        for name, control in (("remove", self.remove), ("block", self.block)):
            asked = seat is not None and self._sure.asked(f"{name} {seat.id}")
            control.description = f"Press again to {name}" if asked else name.capitalize()


def _about(state: DrillState, seat: Seat) -> str:
    parts = [f"Seat code: <b>{esc(seat.code[:3])} {esc(seat.code[3:])}</b>"]
    if seat.team in state.teams:
        parts.append(f"Team: <b>{esc(state.teams[seat.team or ''].name)}</b>")
    if seat.blocked:
        parts.append("<b>Blocked</b>")
    if seat.masked:
        parts.append("Name hidden from the others")
    return f"<p class='small quiet'>{' · '.join(parts)}</p>"
