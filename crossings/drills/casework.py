"""What a case drill plays: one trace for each voice, kept by the server and moved by the engine.

A voice is who plays a trace together: the room, a team, or one seat. In `room` a turn of the case
is a step of the drill: people vote as they answer a question, and the trainer's `taken` event moves
the play on. In `each` an `acted` event of a seat moves that seat's play. For teams see `teamplay`.

The engine runs in mode `drill`, so the trace plays the same here, on a page and in a replay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from crossings.cases import IllegalAction, Score, State, apply, debrief, score, start, view
from crossings.drills.log import Event
from crossings.drills.script import CasePart
from crossings.drills.seats import Answer

if TYPE_CHECKING:
    from crossings.drills.state import DrillState

Json = dict[str, Any]

ROOM = "room"
"""The voice of everybody together; no seat has this id."""
MODE = "drill"
FIELDS = {
    "choose": "choice",
    "ask": "question",
    "open": "evidence",
    "sort": "pairs",
    "write": "text",
}
"""The one field that an action carries; `continue` and `leave` carry none."""


@dataclass(frozen=True)
class Playing:
    """One trace as far as it is played. What is drawn of it is worked out once."""

    part: CasePart
    state: State
    events: tuple[Json, ...] = ()

    @property
    def node(self) -> Json:
        node: Json = self.part.doc["nodes"][self.state.node]
        return node

    @property
    def kind(self) -> str:
        return str(self.node["kind"])

    @property
    def votes(self) -> bool:
        """Whether there is something to vote on: scenes are the trainer's to move on."""
        return self.kind not in ("scene", "ending")

    @property
    def over(self) -> bool:
        return self.state.ending is not None

    @cached_property
    def shown(self) -> Json:
        return view(self.part.doc, self.state)

    @cached_property
    def score(self) -> Score:
        return score(self.part.doc, self.state)

    @cached_property
    def debrief(self) -> Json:
        return debrief(self.part.doc, self.state)

    def moved(self, action: Mapping[str, Any], at: float) -> Playing:
        """The play after `action`, which names no node: it is for where the play stands.

        Raises:
            IllegalAction: where the play does not allow it.
        """
        done = {"node": self.state.node, **action}
        state = apply(self.part.doc, self.state, done)
        when = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
        event = {"seq": state.seq, "at": when.replace("+00:00", "Z"), **done}
        return Playing(self.part, state, (*self.events, event))

    def trace(self, owner: str) -> Json:
        """The play as a trace file holds it; `owner` keeps two seats that did the same apart."""
        doc = self.part.doc
        return {
            "case": doc["id"],
            "version": doc["version"],
            "seed": self.state.seed,
            "mode": MODE,
            "drill": owner,
            "events": list(self.events),
        }


@dataclass(frozen=True)
class Taken:
    """What the trainer took at a turn; `how` is `vote` (the most voted for) or `trainer`."""

    action: Json
    how: str
    before: Playing
    after: Playing


@dataclass
class TeamTurn:
    """One turn of a team's play while it is decided. `opened_at` moves on with every pause."""

    step: int
    opened_at: float
    votes: dict[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True)
class TeamTaken(Taken):
    """What a team took; `how` is `vote`, `captain` or `trainer`."""

    at: float
    votes: Mapping[str, Answer]


def begun(part: CasePart, run: str) -> Playing:
    """The play of every voice before its first move. The run is the seed: one cast for the room."""
    return Playing(part, start(part.doc, run, MODE))


def voice(state: DrillState, seat: str) -> str:
    """Whose trace a seat plays."""
    assert state.case is not None
    if state.case.decide == "room":
        return ROOM
    return (state.seats[seat].team or seat) if state.case.decide == "team" else seat


def voices(state: DrillState) -> list[str]:
    """Everybody who plays a trace: the room, the teams with somebody in them, or the seats."""
    assert state.case is not None
    if state.case.decide == "room":
        return [ROOM]
    if state.case.decide == "each":
        return [s.id for s in state.present]
    manned = {s.team for s in state.present}
    return [team for team in state.teams if team in manned]


def name_of(state: DrillState, who: str) -> str:
    """What people call a voice."""
    if who in state.teams:
        return state.teams[who].name
    return state.seats[who].name if who in state.seats else "The room"


def playing(state: DrillState, who: str) -> Playing:
    """The play of a voice (`ROOM`, a team's or a seat's) as far as it went."""
    assert state.beginning is not None
    return state.plays.get(who, state.beginning)


def traces(state: DrillState) -> list[Json]:
    """Every play of the drill that has a move, as trace files; removed people's are left out."""
    if state.case is None:
        return []
    found = ((who, playing(state, who)) for who in voices(state))
    return [play.trace(f"{state.run}/{who}") for who, play in found if play.events]


# Folding


def took(state: DrillState, event: Event) -> Taken | None:
    """What a `taken` event does to the room's play; None where it does nothing."""
    if state.case is None or state.case.decide != "room" or event.payload["step"] != state.step:
        return None
    if state.status not in ("running", "paused"):
        return None
    before, action = playing(state, ROOM), dict(event.payload["action"])
    try:
        after = before.moved(action, event.at)
    except IllegalAction:
        return None
    return Taken(action, str(event.payload["how"]), before, after)


def acted(state: DrillState, event: Event) -> Playing | None:
    """The play of the seat after an `acted` event; None where the event does nothing.

    The event says which move it is: one that comes again, late or from another device finds the
    play further on and changes nothing.
    """
    seat = state.seats.get(event.seat)
    if state.case is None or state.case.decide != "each" or seat is None or seat.removed:
        return None
    before = playing(state, event.seat)
    if state.status != "running" or event.payload["step"] != before.state.seq:
        return None
    try:
        return before.moved(event.payload["response"], event.at)
    except IllegalAction:
        return None
