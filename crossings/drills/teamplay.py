"""A case drill in which each team plays its own trace (`decide: team`).

Every member has one vote at a turn, which may change until the turn is decided. With `by: vote` the
turn is decided when everybody in the team has voted and one option leads; at a tie, and once the
time for the vote is over, the captain decides. With `by: captain` the captain decides, and what the
others chose is advice. A scene, where there is nothing to vote on, is the captain's to leave. The
trainer can decide for a team that is stuck.

The clock of a turn moves nothing by itself: it only lets the captain decide. So what became of a
turn depends on the events alone, and one vote of each leads to the same in any order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crossings.cases import IllegalAction
from crossings.drills import teamwork, votes
from crossings.drills.casework import Playing, TeamTaken, TeamTurn, playing
from crossings.drills.log import Event
from crossings.drills.seats import Answer

if TYPE_CHECKING:
    from crossings.drills.state import DrillState

Json = dict[str, Any]

# Reading


def decides(state: DrillState) -> bool:
    """Whether this drill is a case that is played by teams."""
    return state.case is not None and state.case.decide == "team"


def led(state: DrillState) -> bool:
    """Whether captains mean something: teams decide a case, or captains send in an exercise."""
    return decides(state) or (state.plan().tabletop is not None and by_captain(state))


def cast(state: DrillState, team: str) -> dict[str, Answer]:
    """The votes that stand at a team's turn, of those who are in it now."""
    turn = state.turns.get(team)
    given = turn.votes if turn else {}
    return {s.id: given[s.id] for s in teamwork.members(state, team) if s.id in given}


def complete(state: DrillState, team: str) -> bool:
    """Whether everybody in the team has voted."""
    return 0 < len(teamwork.members(state, team)) == len(cast(state, team))


def agreed(state: DrillState, team: str) -> Json | None:
    """What the votes of a team amount to; None where none came or a tie stands."""
    given = [a.response for a in cast(state, team).values()]
    return votes.agreed(playing(state, team), given) if given else None


def tied(state: DrillState, team: str) -> bool:
    """Whether all have voted and no option leads."""
    return complete(state, team) and agreed(state, team) is None


def deadline(state: DrillState, team: str) -> float:
    """When the time for a team's vote is over, with the longest extra time in the team."""
    assert state.case is not None
    extra = max((s.extra for s in teamwork.members(state, team)), default=0.0)
    return state.turns[team].opened_at + state.case.seconds + extra


def captain_may(state: DrillState, team: str, at: float) -> bool:
    """Whether the captain may decide now, whatever the votes."""
    if by_captain(state) or not playing(state, team).votes:
        return True
    return tied(state, team) or at >= deadline(state, team)


def by_captain(state: DrillState) -> bool:
    """Whether captains decide and all other votes are advice."""
    wanted = state.plan().teams
    return wanted is not None and wanted.by == "captain"


# Folding


def opened(state: DrillState, at: float) -> None:
    """Begin the clock of every team that has none yet."""
    if decides(state) and state.status != "lobby":
        for team in state.teams:
            state.turns.setdefault(team, TeamTurn(0, at))


def shifted(state: DrillState, seconds: float) -> None:
    """A pause of `seconds` is over: it took nobody's time."""
    for turn in state.turns.values():
        turn.opened_at += seconds


def extended(state: DrillState, seconds: float, at: float) -> None:
    """More time for the vote of every team; of those whose time is over, from now on."""
    now = state.paused_at if state.paused_at is not None else at
    for team, turn in state.turns.items():
        turn.opened_at += max(0.0, now - deadline(state, team)) + seconds
        teamwork.noticed(state, team)


def voted(state: DrillState, event: Event) -> None:
    """A vote counts for the turn that it names, while the team is at it."""
    found = _standing(state, event)
    if found is None or not found[1].votes:
        return
    team, play = found
    turn, n = state.turns[team], event.payload["n"]
    before = turn.votes.get(event.seat)
    if before is not None and not before.before(n, event.key):
        return
    if _after(play, event.payload["response"], event.at) is None:
        return
    seconds = round(max(0.0, event.at - turn.opened_at), 3)
    turn.votes[event.seat] = Answer(event.payload["response"], n, event.key, event.at, seconds)
    state.moves.add(event.key)
    state.seats[event.seat].version += 1
    teamwork.noticed(state, team)
    settle(state, team, event.at)


def acted(state: DrillState, event: Event) -> None:
    """The captain decides."""
    found = _standing(state, event)
    if found is None or teamwork.captain(state, found[0]) != event.seat:
        return
    team, _ = found
    if captain_may(state, team, event.at):
        _take(state, team, event.payload["response"], "captain", event.at, event.key)


def took(state: DrillState, event: Event) -> None:
    """The trainer decides for a team, or takes its votes as they are."""
    team = event.payload["team"]
    if not decides(state) or team not in state.turns:
        return
    if state.status not in ("running", "paused"):
        return
    if event.payload["step"] == state.turns[team].step:
        _take(state, team, event.payload["action"], str(event.payload["how"]), event.at)


def settle(state: DrillState, team: str | None, at: float) -> None:
    """Take the vote of a team in which everybody has voted and one option leads."""
    if team is None or not decides(state) or state.status != "running" or team not in state.turns:
        return
    if by_captain(state) or not playing(state, team).votes or not complete(state, team):
        return
    action = agreed(state, team)
    if action is not None:
        _take(state, team, action, "vote", at)


def _standing(state: DrillState, event: Event) -> tuple[str, Playing] | None:
    """Team and play of a seat's event, if it is for the turn where its team stands."""
    seat = state.seats.get(event.seat)
    if seat is None or seat.removed or state.status != "running":
        return None
    team = seat.team
    if team is None or team not in state.turns:
        return None
    if event.payload["step"] != state.turns[team].step:
        return None
    return team, playing(state, team)


def _after(play: Playing, action: Mapping[str, Any], at: float) -> Playing | None:
    try:
        return play.moved(action, at)
    except IllegalAction:
        return None


def _take(
    state: DrillState, team: str, action: Mapping[str, Any], how: str, at: float, key: str = ""
) -> None:
    before = playing(state, team)
    after = _after(before, action, at)
    if after is None:
        return
    done = TeamTaken(dict(action), how, before, after, at, cast(state, team))
    state.team_taken.setdefault(team, []).append(done)
    state.plays[team] = after
    # While the drill is paused, the clock of the new turn begins with the pause.
    opened_at = at if state.paused_at is None else state.paused_at
    state.turns[team] = TeamTurn(after.state.seq, opened_at)
    if key:
        state.moves.add(key)
    teamwork.noticed(state, team)
