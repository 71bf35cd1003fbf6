"""What the events of one drill add up to: a pure fold.

`DrillState.apply` takes one event at a time and depends on nothing else: no clock, no file. So any
past moment can be had again by folding fewer events.

Which answer counts. A page numbers its answers to a step (`n`); of all answers of one seat to one
step the one with the highest `(n, key)` counts, in whatever order and however often they arrive.
An answer must have reached the server before the step was revealed, and at most `GRACE` seconds
after the step closed or its time (with the seat's extra time) was over. While the drill is paused,
time does not run.

In a case drill a step is a turn of the room's play, and an answer is a vote; see `casework`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from crossings.drills import casework
from crossings.drills.casework import Playing, Taken
from crossings.drills.log import Event
from crossings.drills.names import unique
from crossings.drills.script import CasePart, Script

GRACE = 2.0
"""Seconds for messages that were on the way when time ran out."""

Status = Literal["lobby", "running", "paused", "ended"]
Phase = Literal["open", "closed", "revealed"]


@dataclass(frozen=True)
class Answer:
    response: Mapping[str, Any]
    n: int
    key: str
    at: float
    seconds: float
    """From the opening of the step, without pauses."""


@dataclass
class Seat:
    """A participant. `extra` is seconds more for each step, `code` lets another device in."""

    id: str
    name: str
    code: str
    joined_at: float
    removed: bool = False
    extra: float = 0.0
    version: int = 0


@dataclass
class StepRun:
    """A step that was opened."""

    opened_at: float
    deadline: float
    paused: float = 0.0
    closed_at: float | None = None
    revealed_at: float | None = None
    answers: dict[str, Answer] = field(default_factory=dict)


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
    ended_at: float | None = None
    script: Script | None = None
    status: Status = "lobby"
    step: int = -1
    steps: dict[int, StepRun] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    paused_at: float | None = None
    beginning: Playing | None = None
    """Of a case drill: the play of everybody who has not moved yet."""
    plays: dict[str, Playing] = field(default_factory=dict)
    """Of a case drill: the plays by voice."""
    moves: set[str] = field(default_factory=set)
    """Of a case drill for each: the keys of the moves that were made."""
    taken: dict[int, Taken] = field(default_factory=dict)
    """Of a case drill for the room: what was taken at each turn."""
    seq: int = 0
    version: int = 0
    """Counts what everybody sees change; a seat's own `version` counts what only it sees."""
    memo: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was drawn for everybody at this `seq`; a thousand pages ask for the same at once."""

    # Reading

    @property
    def present(self) -> list[Seat]:
        """Everybody who is in the room, in order of arrival."""
        return [s for s in self.seats.values() if not s.removed]

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
        if script.case is not None:
            # What a play is worth would say how good its decisions were.
            if self.status != "ended":
                return 0.0, 0.0
            result = casework.playing(self, casework.voice(script.case, seat)).score
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
        step = _FOLDS.get(event.kind)
        if step is not None:
            step(self, event)


def fold(events: Iterable[Event], run: str = "") -> DrillState:
    """The state after `events` of one drill."""
    state: DrillState | None = None
    for event in events:
        state = state or DrillState(run=event.drill)
        state.apply(event)
    return state or DrillState(run=run)


def _opened(state: DrillState, event: Event) -> None:
    payload = event.payload
    state.ref, state.title = payload["ref"], payload["title"]
    state.kind, state.code = payload["kind"], payload["code"]
    state.secret, state.projector_key = payload["secret"], payload["projector"]
    state.opened_at = event.at


def _script(state: DrillState, event: Event) -> None:
    if state.script is None:
        state.script = Script.model_validate(event.payload["script"])
        if state.script.case is not None:
            state.beginning = casework.begun(state.script.case, state.run)


def _joined(state: DrillState, event: Event) -> None:
    if event.seat in state.seats or state.status == "ended":
        return
    name = unique(event.payload["name"], [s.name for s in state.seats.values()])
    state.seats[event.seat] = Seat(event.seat, name, event.payload["code"], event.at)


def _renamed(state: DrillState, event: Event) -> None:
    seat = state.seats.get(event.seat)
    if seat is None:
        return
    others = [s.name for s in state.seats.values() if s is not seat]
    seat.name = unique(event.payload["name"], others)
    seat.version += 1


def _removed(state: DrillState, event: Event) -> None:
    seat = state.seats.get(event.seat)
    if seat is not None and not seat.removed:
        seat.removed = True
        seat.version += 1


def _extra(state: DrillState, event: Event) -> None:
    seat = state.seats.get(event.seat)
    if seat is not None:
        seat.extra = max(0.0, float(event.payload["seconds"]))
        seat.version += 1


def _answered(state: DrillState, event: Event) -> None:
    index = event.payload["step"]
    if not state.accepts(index, event.seat, event.at):
        return
    run, seat = state.steps[index], state.seats[event.seat]
    n = event.payload["n"]
    before = run.answers.get(event.seat)
    if before is not None and (n, event.key) <= (before.n, before.key):
        return
    until = event.at
    if index == state.step and state.paused_at is not None:
        until = min(until, state.paused_at)
    seconds = max(0.0, until - run.opened_at - run.paused)
    answer = Answer(event.payload["response"], n, event.key, event.at, round(seconds, 3))
    run.answers[event.seat] = answer
    seat.version += 1


def _started(state: DrillState, event: Event) -> None:
    if state.status == "lobby":
        _go(state, 0, event.at)


def _moved(state: DrillState, event: Event) -> None:
    target = event.payload["to"]
    if state.status not in ("running", "paused") or event.payload["from"] != state.step:
        return
    if not 0 <= target < len(state.plan().steps):
        return
    _resume_clock(state, event.at)
    _close(state, event.at)
    _go(state, target, event.at)


def _go(state: DrillState, index: int, at: float) -> None:
    """Make `index` the current step; a step that was played before stays as it was left."""
    state.status, state.step = "running", index
    if index not in state.steps and (state.case is None or state.case.decide == "room"):
        seconds = state.plan().seconds(index)
        state.steps[index] = StepRun(opened_at=at, deadline=at + seconds)
    state.version += 1


def _close(state: DrillState, at: float) -> None:
    run = state.current
    if run is not None and run.closed_at is None:
        run.closed_at = at


def _resume_clock(state: DrillState, at: float) -> None:
    """Shift the end of a step that was open when the drill was paused."""
    run, since = state.current, state.paused_at
    state.paused_at = None
    if run is None or since is None or run.closed_at is not None:
        return
    run.deadline += at - since
    run.paused += at - since


def _paused(state: DrillState, event: Event) -> None:
    if state.status == "running":
        state.status, state.paused_at = "paused", event.at
        state.version += 1


def _resumed(state: DrillState, event: Event) -> None:
    if state.status == "paused":
        _resume_clock(state, event.at)
        state.status = "running"
        state.version += 1


def _extended(state: DrillState, event: Event) -> None:
    """More time; opens a step again whose time was over, unless its answer is known."""
    run = state.current
    if run is None or event.payload["step"] != state.step or run.revealed_at is not None:
        return
    base = run.deadline if run.closed_at is None else min(run.deadline, run.closed_at)
    now = state.paused_at if state.paused_at is not None else event.at
    run.deadline = max(base, now) + float(event.payload["seconds"])
    run.closed_at = None
    state.version += 1


def _closed(state: DrillState, event: Event) -> None:
    if event.payload["step"] == state.step and state.status in ("running", "paused"):
        _close(state, event.at)
        state.version += 1


def _revealed(state: DrillState, event: Event) -> None:
    run = state.current
    if run is None or event.payload["step"] != state.step or run.revealed_at is not None:
        return
    _close(state, event.at)
    run.revealed_at = event.at
    state.version += 1


def _taken(state: DrillState, event: Event) -> None:
    """The trainer takes what the room's play does next; the vote is over and seen by all."""
    done = casework.took(state, event)
    if done is None:
        return
    _resume_clock(state, event.at)
    _close(state, event.at)
    run = state.steps[state.step]
    run.revealed_at = event.at if run.revealed_at is None else run.revealed_at
    state.taken[state.step] = done
    state.plays[casework.ROOM] = done.after
    _go(state, state.step + 1, event.at)


def _acted(state: DrillState, event: Event) -> None:
    moved = casework.acted(state, event)
    if moved is not None:
        state.plays[event.seat] = moved
        state.moves.add(event.key)
        state.seats[event.seat].version += 1


def _ended(state: DrillState, event: Event) -> None:
    """The end reveals what was asked; steps that were never opened stay secret."""
    if state.status == "ended":
        return
    state.status, state.ended_at, state.paused_at = "ended", event.at, None
    for run in state.steps.values():
        run.closed_at = event.at if run.closed_at is None else run.closed_at
        run.revealed_at = event.at if run.revealed_at is None else run.revealed_at
    state.version += 1


_FOLDS = {
    "opened": _opened,
    "script": _script,
    "joined": _joined,
    "renamed": _renamed,
    "removed": _removed,
    "extra": _extra,
    "answered": _answered,
    "started": _started,
    "moved": _moved,
    "paused": _paused,
    "resumed": _resumed,
    "extended": _extended,
    "closed": _closed,
    "revealed": _revealed,
    "taken": _taken,
    "acted": _acted,
    "ended": _ended,
}
