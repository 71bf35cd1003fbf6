"""What the events of one drill add up to: a pure fold.

`DrillState.apply` takes one event at a time and depends on nothing else: no clock, no file. So any
past moment can be had again by folding fewer events.

Which answer counts. A page numbers its answers to a step (`n`); of all answers of one seat to one
step the one with the highest `(n, key)` counts, in whatever order and however often they arrive.
An answer must have reached the server before the step was revealed, and at most `GRACE` seconds
after the step closed or its time (with the seat's extra time) was over. While the drill is paused,
time does not run.

In a case drill a step is a turn of the room's play, and an answer is a vote; see `casework`. Teams
are in `teamwork`, what they decide together in `teamplay`; what each event does is in `folding`. A
tabletop drill has no steps: `tablework` keeps its acts, and `crossings.tabletop` plays them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from crossings.drills import casework, folding, tablework
from crossings.drills.casework import Playing, Taken, TeamTaken, TeamTurn
from crossings.drills.log import Event
from crossings.drills.script import CasePart, Script
from crossings.drills.seats import GRACE, Answer, Seat, StepRun, Team
from crossings.tabletop import Event as Act
from crossings.tabletop import Going

__all__ = ["GRACE", "Answer", "DrillState", "Phase", "Seat", "Status", "StepRun", "Team", "fold"]

Status = Literal["lobby", "running", "paused", "ended"]
Phase = Literal["open", "closed", "revealed"]


@dataclass
class DrillState:
    """One run of a drill. Only `apply` changes it."""

    run: str
    ref: str = ""
    title: str = ""
    kind: str = ""
    code: str = ""
    secret: str = ""
    projector_key: str = ""
    opened_at: float = 0.0
    started_at: float = 0.0
    ended_at: float | None = None
    script: Script | None = None
    status: Status = "lobby"
    step: int = -1
    steps: dict[int, StepRun] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    """In the order in which they were made; empty in a drill without teams."""
    paused_at: float | None = None
    locked: bool = False
    """Nobody new may join; who has a seat comes back to it."""
    curtain: bool = False
    """The big screen shows nothing but the title: eyes on the trainer."""
    highlight: dict[str, Any] = field(default_factory=dict)
    """What the trainer holds up on the big screen: a `step`, and one of its `seat` or `option`."""
    beginning: Playing | None = None
    """Of a case drill: the play of everybody who has not moved yet."""
    plays: dict[str, Playing] = field(default_factory=dict)
    """Of a case drill: the plays by voice."""
    moves: set[str] = field(default_factory=set)
    """Of a case drill for each: the keys of the moves that were made."""
    taken: dict[int, Taken] = field(default_factory=dict)
    """Of a case drill for the room: what was taken at each turn."""
    turns: dict[str, TeamTurn] = field(default_factory=dict)
    """Of a case drill for teams: what each team is deciding."""
    team_taken: dict[str, list[TeamTaken]] = field(default_factory=dict)
    """Of a case drill for teams: what each team decided, turn by turn."""
    acts: dict[str, Act] = field(default_factory=dict)
    """Of a tabletop drill: what moves the exercise, by key; `tablework` plays it."""
    acted_at: float = 0.0
    """Of a tabletop drill: the time of the latest act."""
    hands: dict[str, str] = field(default_factory=dict)
    """Of a tabletop drill: the seat that sent an act, by its key."""
    seq: int = 0
    version: int = 0
    """Counts what everybody sees change; a seat's own `version` counts what only it sees."""
    memo: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was drawn for everybody at this `seq`; a thousand pages ask for the same at once."""
    going: Going | None = field(default=None, compare=False, repr=False)
    """Of a tabletop drill: how far it was played, so that the next look begins there."""

    # Reading

    @property
    def present(self) -> list[Seat]:
        """Everybody who is in the room, in order of arrival."""
        return [s for s in self.seats.values() if not s.removed]

    def label(self, seat: str) -> str:
        """What others may read for a seat: its name, or a number where the trainer hid that."""
        found = self.seats[seat]
        if not found.masked:
            return found.name
        return f"Participant {list(self.seats).index(seat) + 1}"

    def barred(self, device: str) -> bool:
        """Whether this device was blocked."""
        return bool(device) and any(s.blocked and s.device == device for s in self.seats.values())

    @property
    def current(self) -> StepRun | None:
        return self.steps.get(self.step)

    def plan(self) -> Script:
        """The script; a drill without one was never opened rightly."""
        if self.script is None:
            raise ValueError(f"drill run `{self.run}` has no script")
        return self.script

    @property
    def case(self) -> CasePart | None:
        return self.script.case if self.script else None

    def deadline(self, step: int, seat: str | None = None) -> float:
        """When time is over: for one seat, or for the last one."""
        run = self.steps[step]
        if seat is not None:
            return run.deadline + self.seats[seat].extra
        return run.deadline + max((s.extra for s in self.present), default=0.0)

    def phase(self, step: int, now: float, seat: str | None = None) -> Phase:
        """The phase of an opened step at server time `now`."""
        run = self.steps[step]
        if run.revealed_at is not None:
            return "revealed"
        if run.closed_at is not None:
            return "closed"
        if step == self.step and self.paused_at is not None:
            now = self.paused_at
        return "open" if now < self.deadline(step, seat) else "closed"

    def accepts(self, step: int, seat: str, at: float) -> bool:
        """Whether an answer that reached the server at `at` counts."""
        run, person = self.steps.get(step), self.seats.get(seat)
        if run is None or person is None or person.removed:
            return False
        if run.revealed_at is not None and at > run.revealed_at:
            return False
        if run.closed_at is not None and at > run.closed_at + GRACE:
            return False
        if step == self.step and self.paused_at is not None:
            at = min(at, self.paused_at)
        return at <= run.deadline + person.extra + GRACE

    def answer(self, step: int, seat: str) -> Answer | None:
        run = self.steps.get(step)
        return run.answers.get(seat) if run else None

    def answered(self, step: int) -> list[str]:
        """Seats in the room that have answered `step`."""
        run = self.steps.get(step)
        return [s.id for s in self.present if run and s.id in run.answers]

    def score(self, seat: str) -> tuple[float, float]:
        """Points and the most possible, over the steps that are revealed."""
        script, points, most = self.plan(), 0.0, 0.0
        if script.tabletop is not None:
            return tablework.score(self)
        if script.case is not None:
            # What a play is worth would say how good its decisions were.
            if self.status != "ended":
                return 0.0, 0.0
            result = casework.playing(self, casework.voice(self, seat)).score
            return float(result["points"]), float(result["max"])
        for index, run in self.steps.items():
            if run.revealed_at is None:
                continue
            given = run.answers.get(seat)
            points += script.score(index, given.response).points if given else 0.0
            most += script.steps[index].points
        return round(points, 4), most

    # Folding

    def apply(self, event: Event) -> None:
        """Take in the next event; unknown kinds and impossible orders change nothing."""
        if event.seq <= self.seq:
            return
        self.seq = event.seq
        self.memo.clear()
        step = folding.FOLDS.get(event.kind)
        if step is not None:
            step(self, event)
        if self.script is not None and self.script.tabletop is not None:
            tablework.heard(self, event)


def fold(events: Iterable[Event], run: str = "") -> DrillState:
    """The state after `events` of one drill."""
    state: DrillState | None = None
    for event in events:
        state = state or DrillState(run=event.drill)
        state.apply(event)
    return state or DrillState(run=run)
