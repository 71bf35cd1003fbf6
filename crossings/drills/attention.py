"""Who may need the trainer: no answer near the end of the time, or a long silence.

A pure reading of the state. It says what can be seen and nothing about why: a phone that died, a
question that is too hard and somebody who has left the room look the same from here.
"""

from __future__ import annotations

from datetime import datetime

from crossings.drills import teamplay
from crossings.drills.casework import playing
from crossings.drills.state import DrillState
from crossings.drills.tablework import play_at
from crossings.tabletop.event import CLOCK, ROLES, Event

NEAR_END = 0.25
"""The last part of a step's time in which a missing answer is worth a look."""
SILENT = 2
"""Steps in a row without an answer that count as silence."""
STILL = 300.0
"""Seconds without a move, in a case that everybody plays alone, that count as silence; so in an
exercise, for a team that something has reached which it has not answered."""
OVER_TIME = 60.0
"""Seconds after the time of a team's vote in which a team that has not decided is stuck."""


def stuck(state: DrillState, now: float) -> dict[str, str]:
    """Seats that may be stuck, each with what is seen."""
    if state.status != "running":
        return {}
    if state.case is not None and state.case.decide == "each":
        waits = ((s.id, _still(state, s.id, now)) for s in state.present)
        return {seat: f"no move for {minutes} min" for seat, minutes in waits if minutes}
    if state.plan().tabletop is not None:
        quiet = {t: _quiet(state, t, now) for t in state.teams}
        return {s.id: f"nothing from the team for {quiet[s.team]} min" for s in state.present
                if s.team and quiet.get(s.team)}  # fmt: skip
    if teamplay.decides(state):
        slow = {t for t in state.turns if team_stuck(state, t, now)}
        return {s.id: "the team has not decided" for s in state.present if s.team in slow}
    found = {}
    for seat in state.present:
        silent = silence(state, seat.id)
        if silent >= SILENT:
            found[seat.id] = f"silent for {silent} steps"
        elif _late(state, seat.id, now):
            found[seat.id] = "no answer, and time is nearly over"
    return found


def silence(state: DrillState, seat: str) -> int:
    """How many steps in a row, up to the last one that is closed, had no answer from a seat.

    Steps that closed before somebody joined are not theirs.
    """
    joined, silent = state.seats[seat].joined_at, 0
    for index, run in sorted(state.steps.items(), key=lambda pair: -pair[1].opened_at):
        over = run.closed_at or (run.revealed_at or 0.0)
        if index == state.step and not over:
            if seat in run.answers:
                return 0
            continue
        if seat in run.answers or over <= joined:
            return silent
        if state.case is None or index not in state.taken or state.taken[index].before.votes:
            silent += 1
    return silent


def _late(state: DrillState, seat: str, now: float) -> bool:
    run = state.current
    if run is None or seat in run.answers or state.phase(state.step, now, seat) != "open":
        return False
    if state.case is not None and not playing(state, "room").votes:
        return False
    whole = state.plan().seconds(state.step) + state.seats[seat].extra
    return state.deadline(state.step, seat) - now < NEAR_END * whole


def _still(state: DrillState, seat: str, now: float) -> int:
    """Whole minutes without a move; 0 while that is not long, and at an end."""
    play = playing(state, seat)
    if play.over or state.status != "running":
        return 0
    since = max(state.seats[seat].joined_at, state.started_at)
    if play.events:
        since = datetime.fromisoformat(str(play.events[-1]["at"])).timestamp()
    return int((now - since) // 60) if now - since >= STILL else 0


def _quiet(state: DrillState, team: str, now: float) -> int:
    """Whole minutes in which a team of an exercise has sent nothing while something waits for it; 0
    while that is not long.

    Minutes of the class: when the clock is moved or goes on, everybody begins anew.
    """
    roles = set(state.teams[team].roles)
    acts = (a for a in state.acts.values() if a.kind in CLOCK or _is_of(a, roles))
    since = max((a.at for a in acts), default=state.started_at)
    if now - since < STILL:
        return 0
    play, waits = play_at(state, now), 0.0
    # What comes to everybody asks nobody; what came after the team's last word does.
    for entry in reversed(play.entries):
        if entry.by in roles:
            break
        if not entry.public and roles & set(entry.to):
            waits = min(now - since, (play.ms - entry.ms) / 1000)
    return int(waits // 60) if waits >= STILL else 0


def _is_of(act: Event, roles: set[str]) -> bool:
    return act.kind in ROLES and act.payload.get("role") in roles


def team_stuck(state: DrillState, team: str, now: float) -> bool:
    """Whether a team is long over its time and has not decided."""
    if state.status != "running" or team not in state.turns or playing(state, team).over:
        return False
    return now > teamplay.deadline(state, team) + OVER_TIME
