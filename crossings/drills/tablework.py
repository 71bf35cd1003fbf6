"""What a tabletop drill plays: the acts in its log, put through `crossings.tabletop`.

An act of a participant says for which role it is; it counts if the seat's team has that role when
the act reaches the log. Who in the team pressed stays with the trainer. With `by: captain` in the
drill's `teams` only the captain's acts count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossings.drills import teamplay, teamwork
from crossings.drills.log import Event
from crossings.tabletop import Event as Act
from crossings.tabletop import Going, Play, Tabletop, played
from crossings.tabletop.clock import MINUTE
from crossings.tabletop.event import CLOCK, ROLES
from crossings.tabletop.results import points

if TYPE_CHECKING:
    from crossings.drills.state import DrillState

TRAINER = ("injected", "branched", "switched", "scored")
KINDS = frozenset((*CLOCK, *ROLES, *TRAINER))


def table_of(state: DrillState) -> Tabletop:
    """The exercise of a tabletop drill."""
    table = state.plan().tabletop
    if table is None:
        raise ValueError(f"drill run `{state.run}` is no tabletop drill")
    return table


def play_at(state: DrillState, now: float) -> Play:
    """The exercise at server time `now`; played through anew only where something may be new.

    What is in the log has happened, also where the clock of who wrote it runs ahead.
    """
    now = max(now, state.acted_at)
    known: Play | None = state.memo.get("tabletop")
    if known is None or not known.holds(now):
        state.going = state.going or Going(table_of(state))
        known = played(table_of(state), state.acts.values(), now, state.going)
        # What was drawn of the exercise before may be old now, also without an event.
        state.memo.clear()
        state.memo["tabletop"] = known
    return known.later(now)


def final_play(state: DrillState) -> Play:
    """The exercise as the drill left it."""
    return play_at(state, state.ended_at or state.acted_at)


def patience(state: DrillState, now: float, most: float) -> float:
    """Seconds until a page should look again though nobody has done anything, at most `most`."""
    known: Play | None = state.memo.get("tabletop")
    if known is None or known.due is None:
        return most
    return min(most, max(0.02, known.due - now))


def next_news(state: DrillState, now: float) -> int | None:
    """The next minute at which something comes by itself, if nobody acts; None where nothing does.

    Not every time at which a condition is looked at brings something: this tries them in turn.
    """
    play = play_at(state, now)
    known, table = len(play.entries), table_of(state)
    while play.next_ms is not None:
        minute = -(-play.next_ms // MINUTE)
        jump = Act(max(now, state.acted_at), "~next", "skipped", {"to": minute})
        play = played(table, [*state.acts.values(), jump], jump.at)
        if len(play.entries) > known:
            return minute
    return None


def score(state: DrillState) -> tuple[float, float]:
    """Milestones met in time, of all; before the end it would say which way is right."""
    return points(final_play(state)) if state.status == "ended" else (0.0, 0.0)


def unmanned(state: DrillState) -> list[str]:
    """Roles that nobody in the room plays."""
    held = {r for t in state.teams.values() if teamwork.members(state, t.id) for r in t.roles}
    return [r for r in table_of(state).roles if r not in held]


def may_send(state: DrillState, seat: str) -> bool:
    """Whether what this seat sends is its team's: anybody's, unless captains send."""
    team = state.seats[seat].team
    return not teamplay.led(state) or (team is not None and teamwork.captain(state, team) == seat)


# Folding


def heard(state: DrillState, event: Event) -> None:
    """Keep an event that moves the exercise."""
    if event.kind not in KINDS or event.key in state.acts:
        return
    if event.kind in ROLES:
        seat = state.seats.get(event.seat)
        if seat is None or seat.removed:
            return
        if event.payload.get("role") not in teamwork.roles_of(state, event.seat):
            return
        if not may_send(state, event.seat):
            return
        state.hands[event.key] = event.seat
    state.acted_at = max(state.acted_at, event.at)
    state.acts[event.key] = Act(event.at, event.key, event.kind, event.payload)


def manned(state: DrillState) -> None:
    """At the start, roles that nobody plays go to teams with people, those with fewest roles first.

    Teams without people are closed, so that a late joiner sits with somebody.
    """
    empty = [t for t in state.teams.values() if not teamwork.members(state, t.id)]
    if len(empty) == len(state.teams):
        return
    for team in empty:
        del state.teams[team.id]
    for name in unmanned(state):
        taker = min(state.teams.values(), key=lambda t: len(t.roles))
        taker.roles = tuple(r for r in table_of(state).roles if r in (*taker.roles, name))
        taker.version += 1
