"""What each kind of event does to the state of a drill.

Every function takes the state and one event, and changes nothing where the event comes too late, a
second time or against the rules.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crossings.drills import casework, tablework, teamplay, teamwork
from crossings.drills.log import Event
from crossings.drills.names import unique
from crossings.drills.script import Script
from crossings.drills.seats import Answer, Seat, StepRun

if TYPE_CHECKING:
    from crossings.drills.state import DrillState


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
        teamwork.founded(state)


def _joined(state: DrillState, event: Event) -> None:
    if event.seat in state.seats or state.status == "ended" or state.locked:
        return
    device = str(event.payload.get("device", ""))
    if state.barred(device):
        return
    name = unique(event.payload["name"], [s.name for s in state.seats.values()])
    code = event.payload["code"]
    state.seats[event.seat] = Seat(event.seat, name, code, event.at, device=device)
    teamwork.seated(state, event.seat, event.at)


def _renamed(state: DrillState, event: Event) -> None:
    seat = state.seats.get(event.seat)
    if seat is None:
        return
    others = [s.name for s in state.seats.values() if s is not seat]
    seat.name = unique(event.payload["name"], others)
    seat.version += 1
    teamwork.noticed(state, seat.team)


def _removed(state: DrillState, event: Event) -> None:
    seat = state.seats.get(event.seat)
    if seat is not None and not seat.removed:
        _take_out(state, seat, event.at)


def _take_out(state: DrillState, seat: Seat, at: float) -> None:
    seat.removed = True
    seat.version += 1
    teamwork.noticed(state, seat.team)
    teamplay.settle(state, seat.team, at)


def _blocked(state: DrillState, event: Event) -> None:
    """The seat is taken out, and so is every other that its device has made."""
    seat = state.seats.get(event.seat)
    if seat is None or seat.blocked:
        return
    seat.blocked = True
    for other in list(state.seats.values()):
        same = other is seat or (seat.device and other.device == seat.device)
        if same and not other.removed:
            _take_out(state, other, event.at)


def _readmitted(state: DrillState, event: Event) -> None:
    """A seat that was taken out or blocked is let in again, with all that it had."""
    seat = state.seats.get(event.seat)
    if seat is None or not seat.removed:
        return
    seat.removed = seat.blocked = False
    seat.version += 1
    if seat.team not in state.teams:
        teamwork.seated(state, seat.id, event.at)
    teamwork.noticed(state, seat.team)


def _masked(state: DrillState, event: Event) -> None:
    seat, on = state.seats.get(event.seat), bool(event.payload["on"])
    if seat is not None and seat.masked != on:
        seat.masked = on
        seat.version += 1
        teamwork.noticed(state, seat.team)


def _locked(state: DrillState, event: Event) -> None:
    state.locked = event.kind == "locked"


def _curtained(state: DrillState, event: Event) -> None:
    state.curtain = bool(event.payload["on"])


def _highlighted(state: DrillState, event: Event) -> None:
    """Hold up an answer on the big screen; a payload without a step takes it down."""
    payload = event.payload
    if payload.get("step") is not None and payload["step"] != state.step:
        return
    state.highlight = {k: payload[k] for k in ("step", "seat", "option") if k in payload}


def _extra(state: DrillState, event: Event) -> None:
    seat = state.seats.get(event.seat)
    if seat is not None:
        seat.extra = max(0.0, float(event.payload["seconds"]))
        seat.version += 1


def _answered(state: DrillState, event: Event) -> None:
    if state.case is not None and state.case.decide == "team":
        teamplay.voted(state, event)
        return
    index = event.payload["step"]
    if not state.accepts(index, event.seat, event.at):
        return
    run, seat = state.steps[index], state.seats[event.seat]
    n = event.payload["n"]
    before = run.answers.get(event.seat)
    if before is not None and not before.before(n, event.key):
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
        state.started_at = event.at
        _go(state, 0, event.at)
        teamplay.opened(state, event.at)


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
    state.highlight, state.curtain = {}, False
    if state.plan().tabletop is not None:
        tablework.manned(state)
    elif index not in state.steps and (state.case is None or state.case.decide == "room"):
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
    if since is not None:
        teamplay.shifted(state, at - since)
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
    if teamplay.decides(state):
        teamplay.extended(state, float(event.payload["seconds"]), event.at)
        return
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
    if "team" in event.payload:
        teamplay.took(state, event)
        return
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
    if state.case is not None and state.case.decide == "team":
        teamplay.acted(state, event)
        return
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
    state.highlight, state.curtain = {}, False
    for run in state.steps.values():
        run.closed_at = event.at if run.closed_at is None else run.closed_at
        run.revealed_at = event.at if run.revealed_at is None else run.revealed_at
    state.version += 1


FOLDS: dict[str, Callable[[DrillState, Event], None]] = {
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
    "blocked": _blocked,
    "readmitted": _readmitted,
    "masked": _masked,
    "locked": _locked,
    "unlocked": _locked,
    "curtained": _curtained,
    "highlighted": _highlighted,
    "teamed": teamwork.teamed,
    "assigned": teamwork.assigned,
    "balanced": teamwork.balanced,
    "captained": teamwork.captained,
}
